"""`.afterword.toml`: found from the file's folder upwards, and plain about what is wrong with it."""

from __future__ import annotations

from pathlib import Path

import pytest

from afterword.language import CATEGORIES, Kind, Severity
from afterword.linter.allowing import allow_term
from afterword.linter.command import main
from afterword.linter.settings import KEYS, SettingsFault, find_settings, read_settings
from tests.architecture.sources import ROOT

pytestmark = pytest.mark.pure


def _write(path: Path, text: str) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")
    return path


def test_every_key_reaches_the_check(tmp_path: Path):
    _write(tmp_path / "people.txt", "Ada Lovelace\n@grace\n")
    path = _write(
        tmp_path / ".afterword.toml",
        """
        [language]
        language = "de"
        kind = "blame"
        off = ["omission"]
        allow = ["root cause"]
        acronyms = ["SLO"]
        pages = "https://afterword.example.com/there/"
        roster_file = "people.txt"
        [language.flag]
        legacy = "say which system"
        [language.severity]
        hindsight = "info"
        """,
    )
    options, pages = read_settings(path)
    assert pages == "https://afterword.example.com/there"
    assert (options.language, options.kinds) == ("de", frozenset({Kind.BLAME}))
    assert (options.off, options.allowed) == (frozenset({"omission"}), frozenset({"root cause"}))
    assert (options.acronyms, options.roster) == (frozenset({"SLO"}), frozenset({"Ada Lovelace", "@grace"}))
    assert options.flagged == {"legacy": "say which system"}
    assert options.severities == {"hindsight": Severity.INFO}


def test_the_nearest_file_upwards_holds(tmp_path: Path):
    outer = _write(tmp_path / ".afterword.toml", "")
    inner = _write(tmp_path / "a/.afterword.toml", "")
    (tmp_path / "a/b").mkdir()
    (tmp_path / "c").mkdir()
    assert find_settings(tmp_path / "a/b") == inner
    assert find_settings(tmp_path / "c") == outer


@pytest.mark.parametrize(
    ("text", "key", "reason"),
    [
        ("[langauge]", "langauge", "The only one is [language]"),
        ("language = 3", "language", "must be a table"),
        ("[language]\noof = []", "language.oof", "There is no such key"),
        ('[language]\nlanguage = "fr"', "language.language", '"fr" is none of en, de'),
        ('[language]\noff = "heat"', "language.off", "must be a list"),
        ('[language]\noff = ["haet"]', "language.off", '"haet" is no category'),
        ('[language.severity]\nheat = "fatal"', "language.severity.heat", '"fatal" is none of'),
        ("[language.flag]\nlegacy = 1", "language.flag.legacy", "says why"),
        ('[language]\nallow = [""]', "language.allow", "is empty"),
        ('[language]\nroster = []\nroster_file = "x"', "language.roster_file", "not in both"),
        ('[language]\nroster_file = "none.txt"', "language.roster_file", "none.txt: It cannot be read"),
        ('[language]\npages = "afterword.example.com"', "language.pages", "must be an address"),
        ('[language]\npages = "https://a.example.com/?x=1"', "language.pages", "must be an address"),
        ("[language", "", "This is not TOML"),
    ],
)
def test_what_is_wrong_is_told_with_the_key_and_the_reason(tmp_path: Path, text: str, key: str, reason: str):
    path = _write(tmp_path / ".afterword.toml", text)
    with pytest.raises(SettingsFault) as fault:
        read_settings(path)
    assert fault.value.key == key
    assert reason.lower() in fault.value.reason.lower()


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("[language.flag]\nheat = 'x'\n\n[language.severity]\nheat = 'fatal'\n", 5),
        ("# All of it.\n[language]\nseverity.heat = 'fatal'\n", 3),
        ("[language.flag]\n'a.b' = 1\n", 2),
        ("[language]\nlanguage = 'en'\n[words]\n", 3),
        ("[language]\noff = [\n  'haet',\n]\n", 2),
        ("language = {\"kind\" = 'none'}\n", None),
    ],
)
def test_what_is_wrong_is_told_with_its_line(tmp_path: Path, text: str, line: int | None):
    with pytest.raises(SettingsFault) as fault:
        read_settings(_write(tmp_path / ".afterword.toml", text))
    assert fault.value.line == line


def test_the_command_line_refuses_wrong_settings(tmp_path: Path, capsys: pytest.CaptureFixture[str]):
    settings = _write(tmp_path / ".afterword.toml", "[language]\noof = []\n")
    text = _write(tmp_path / "a.md", "Human error.\n")
    assert main([str(text)]) == 2
    out, err = capsys.readouterr()
    assert out == ""
    assert err.startswith(f"afterword: {settings}:2: language.oof: There is no such key.")
    assert main([str(text), "--no-config"]) == 1


def test_the_page_about_it_names_every_key_and_every_category_and_shows_a_file_that_holds(tmp_path: Path):
    page = (ROOT / "docs/howto/check-language.md").read_text(encoding="utf-8")
    _write(tmp_path / "people.txt", "")
    example = page.split("```toml\n", 1)[1].split("```", 1)[0]
    assert read_settings(_write(tmp_path / ".afterword.toml", example)).options.flagged
    for category in CATEGORIES.values():
        assert f"| `{category.name}` | {category.kind} | {category.severity} |" in page
    for key in KEYS:
        assert f"`{key}`" in page or f"`[language.{key}]`" in page


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("", '[language]\nallow = ["a term"]\n'),
        ("# ours\n", '# ours\n\n[language]\nallow = ["a term"]\n'),
        ("[language]\noff = []\n", '[language]\nallow = ["a term"]\noff = []\n'),
        ("[language]\nallow = []\n", '[language]\nallow = ["a term"]\n'),
        (
            '[language]\nallow = [\n  "b", # why\n]\n[language.flag]\nx = "y"\n',
            '[language]\nallow = ["a term", \n  "b", # why\n]\n[language.flag]\nx = "y"\n',
        ),
        ('[language.flag]\nx = "y"\n', '[language.flag]\nx = "y"\n\n[language]\nallow = ["a term"]\n'),
        ('[language]\nallow = ["a term"]\n', None),
        ("language.allow = []\n", None),
        ("[language", None),
    ],
)
def test_a_term_is_allowed_by_putting_something_in_and_nothing_else(before: str, after: str | None):
    change = allow_term(before, "a term")
    assert (change and before[: change[0]] + change[1] + before[change[0] :]) == after
