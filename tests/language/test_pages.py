"""The page about each category, in each language: its examples are what the check finds and leaves."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from afterword.language import CATEGORIES, LANGUAGES, Options, check
from afterword.language.findings import explanation_of
from afterword.language.tables import tables_of
from afterword.linter.command import main
from afterword.linter.explaining import WIDTH_COLUMNS, explained
from tests.architecture.sources import ROOT

pytestmark = pytest.mark.pure

WHY = {"en": "**Why.**", "de": "**Warum.**"}
ACTIONS = {"en": "## Action items\n\n- ", "de": "## Maßnahmen\n\n- "}
"""Before an example of an action: actions are looked for in such lists alone."""


def examples_of(page: str) -> list[list[str]]:
    rows = [line for line in page.splitlines() if line.startswith("|")]
    return [[cell.strip() for cell in row.strip("|").split("|")] for row in rows[2:]]


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_category_has_a_page_whose_examples_are_true(language: str):
    # Terms of one's own have no example, and what nothing looks for in a language cannot be shown there.
    looked_for = {rule.category for rule in tables_of(language).rules} | {"jargon"}
    for name in CATEGORIES:
        page = (ROOT / f"src/afterword/language/{language}/pages/{name}.md").read_text(encoding="utf-8")
        assert page == explanation_of(name, language)
        assert page.startswith("# "), name
        assert WHY[language] in page, name
        before = ACTIONS[language] if name == "vague_action" else ""
        rows = examples_of(page)
        assert rows or name == "house_term"
        for said, better in rows:
            found = [one.category for one in check(before + said, Options(language=language))]
            assert name in found or name not in looked_for, (language, name, said, found)
            assert check(before + better, Options(language=language)) == [], (language, name, better)


def test_a_page_is_printed_for_a_terminal_in_the_language_of_the_folder(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
):
    monkeypatch.chdir(tmp_path)
    assert main(["--explain", "omission"]) == 0
    english = capsys.readouterr().out
    assert english.startswith("What somebody did not do\n========================\n\n")
    assert "    Instead of: Kim forgot to renew the certificate.\n" in english
    Path(".afterword.toml").write_text('[language]\nlanguage = "de"\n')
    assert main(["--explain", "omission"]) == 0
    assert capsys.readouterr().out.startswith("Was jemand nicht getan hat\n")
    assert main(["--explain", "omission", "--language", "en"]) == 0
    assert capsys.readouterr().out == english


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_mark_of_markdown_and_no_long_line_is_left_in_a_terminal(language: str):
    for name in CATEGORIES:
        lines = list(explained(explanation_of(name, language)))
        assert max(map(len, lines)) <= WIDTH_COLUMNS
        assert not re.search(r"\*\*|^\||^#", "\n".join(lines), re.MULTILINE)
