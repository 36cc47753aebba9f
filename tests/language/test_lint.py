"""`afterword lint`: which files, which settings, how findings are shown, and the exit code."""

from __future__ import annotations

import io
import json
import os
import resource
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from afterword.language import CATEGORIES, TEXT_CHARACTERS_MAX
from afterword.language.compiling import main as compile_tables
from afterword.linter.command import is_coloured, main
from afterword.linter.formats.as_text import columns, excerpt, printable
from tests.architecture.sources import ROOT

pytestmark = pytest.mark.pure

BLAME = "It was a human error.\n"
NEUTRAL = "The pod failed to start.\n"
SECONDS_MAX = 0.15
TRIES = 8


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    return tmp_path


def _put(path: str, text: str | bytes) -> None:
    Path(path).parent.mkdir(parents=True, exist_ok=True)
    Path(path).write_bytes(text if isinstance(text, bytes) else text.encode())


def _found(capsys: pytest.CaptureFixture[str], *arguments: str) -> list[dict[str, Any]]:
    main([*arguments, "--format", "json"])
    return list(json.loads(capsys.readouterr().out))


def _paths(capsys: pytest.CaptureFixture[str], *arguments: str) -> list[str]:
    return [found["path"] for found in _found(capsys, *arguments)]


def test_the_words_are_marked_in_their_line(capsys: pytest.CaptureFixture[str]):
    _put("a.md", f"# Summary\n\n{BLAME}")
    assert main(["a.md"]) == 1
    first, line, mark, *_ = capsys.readouterr().out.splitlines()
    assert first.startswith("a.md:3:")
    assert first.endswith("[human_error]")
    assert line == "    3 | It was a human error."
    marked = line[mark.index("^") : mark.rindex("^") + 1]
    assert "human error" in marked
    assert "\x1b" not in first


def test_nothing_found_is_said_and_is_a_success(capsys: pytest.CaptureFixture[str]):
    _put("a.md", NEUTRAL)
    assert main(["a.md"]) == 0
    assert capsys.readouterr().out == "Nothing found in 1 file.\n"


def test_a_file_that_cannot_be_read_is_named_and_the_others_are_checked(capsys: pytest.CaptureFixture[str]):
    _put("a.md", BLAME)
    _put("picture.md", b"\x89PNG\r\n\x00\x00")
    assert main(["gone.md", "picture.md", "a.md"]) == 2
    out, err = capsys.readouterr()
    assert err == (
        "afterword: gone.md: There is no such file or folder.\n"
        "afterword: picture.md: It is no text that can be read.\n"
    )
    assert out.splitlines()[-1].startswith("1 finding in 1 of 1 file, 2 files not read: 1 error")


def test_a_folder_that_is_closed_is_named(capsys: pytest.CaptureFixture[str]):
    _put("open/a.md", NEUTRAL)
    _put("open/closed/b.md", BLAME)
    main(["open/a.md"])  # What is loaded later can be read by the person of the test only.
    capsys.readouterr()
    closed = Path("open/closed")
    Path().chmod(0o755)
    closed.chmod(0)
    person = os.geteuid()
    try:
        if person == 0:
            os.seteuid(65534)  # Nothing is closed to root.
        assert main(["open"]) == 2
    finally:
        os.seteuid(person)
        closed.chmod(0o700)
    out, err = capsys.readouterr()
    assert err == "afterword: open/closed: It cannot be read: Permission denied.\n"
    assert out == "Nothing found in 1 file, 1 file not read.\n"


def test_a_text_that_is_too_long_is_refused_and_not_read_in_part(capsys: pytest.CaptureFixture[str]):
    _put("long.md", "x" * (TEXT_CHARACTERS_MAX + 1))
    assert main(["long.md"]) == 2
    assert capsys.readouterr().err == "afterword: long.md: It is longer than 2,000,000 characters.\n"


def test_a_wrong_severity_is_told_the_ones_that_there_are(capsys: pytest.CaptureFixture[str]):
    with pytest.raises(SystemExit):
        main(["--fail-on", "fatal"])
    assert "(choose from 'error', 'warning', 'info', 'never')" in capsys.readouterr().err


@pytest.mark.parametrize(
    "arguments",
    [["--format", "xml"], ["--fix", "-"], ["--fix", "--format", "json"], ["--stdin-filename", "x", "a.md"]],
)
def test_wrong_usage_is_refused_with_2(arguments: list[str]):
    with pytest.raises(SystemExit) as exit_:
        main(arguments)
    assert exit_.value.code == 2


def test_places_are_told_in_characters_whatever_the_encoding_and_the_ends_of_lines(
    capsys: pytest.CaptureFixture[str],
):
    text = "Ünïcode 🙂 first.\r\n\r\nIt was 🙂 human error.\r\n"
    start = text.index("human")
    for name, content in {
        "utf8.md": text.encode(),
        "mark.md": text.encode("utf-8-sig"),
        "utf16.md": text.encode("utf-16"),
        "utf32.md": text.encode("utf-32"),
    }.items():
        _put(name, content)
        (found,) = _found(capsys, name, "--kind", "blame")
        assert (
            found.items()
            >= {
                "path": name,
                "line": 3,
                "column": 10,
                "end_line": 3,
                "end_column": 21,
                "start": start,
                "end": start + 11,
                "text": "human error",
                "category": "human_error",
            }.items()
        )
        assert isinstance(found["suggestions"], list)
    _put("latin.md", "Über: human error.\n".encode("cp1252"))
    assert _found(capsys, "latin.md")[0]["column"] == 7


def test_a_finding_for_programs_has_these_keys_and_asks_where_nothing_can_be_suggested(
    capsys: pytest.CaptureFixture[str],
):
    _put("a.md", "## Action items\n\n- Improve monitoring\n\nThe root cause of the outage was a typo.\n")
    vague, single = _found(capsys, "a.md")
    places = ["path", "line", "column", "end_line", "end_column", "start", "end"]
    assert list(vague) == [*places, "category", "severity", "target", "message", "text", "suggestions"]
    assert (vague["suggestions"], vague["message"]) == (
        [],
        "Nobody could tell when this action is done. "
        "What exactly will be different, and how will you see that it is?",
    )
    assert single["suggestions"] == ["A contributing factor in the outage was"]
    assert single["message"] == "An incident has several contributing factors."


def test_folders_and_patterns_give_their_texts_each_once(capsys: pytest.CaptureFixture[str]):
    for path in ("b.md", "docs/a.MARKDOWN", "docs/deep/c.txt", "docs/.hidden/d.md", "docs/node_modules/e.md"):
        _put(path, BLAME)
    _put("docs/picture.png", b"\x89PNG\0")
    _put("docs/source.py", BLAME)
    assert _paths(capsys) == ["b.md", "docs/a.MARKDOWN", "docs/deep/c.txt"]
    assert _paths(capsys, "docs", "docs/deep/c.txt") == ["docs/a.MARKDOWN", "docs/deep/c.txt"]
    assert _paths(capsys, "docs/**") == ["docs/a.MARKDOWN", "docs/deep/c.txt"]
    assert _paths(capsys, "d*/d*/*.txt") == ["docs/deep/c.txt"]
    assert _paths(capsys, "docs/source.py") == ["docs/source.py"]
    assert main(["*.rst"]) == 2


def _type(monkeypatch: pytest.MonkeyPatch, text: str) -> None:
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(text.encode())))


def test_standard_input_has_the_name_and_the_settings_that_it_is_given(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
):
    _type(monkeypatch, BLAME)
    assert _paths(capsys, "-") == ["-"]
    _put("docs/.afterword.toml", '[language]\noff = ["human_error"]\n')
    _type(monkeypatch, BLAME)
    assert _paths(capsys, "--stdin-filename", "docs/new.md") == []
    # Between fences is code in Markdown, and plain text is all text.
    _type(monkeypatch, f"Text.\n\n```\n{BLAME}```\n")
    assert _paths(capsys, "-", "--stdin-filename", "new.md") == []
    _type(monkeypatch, f"Text.\n\n```\n{BLAME}```\n")
    assert _paths(capsys, "-", "--stdin-filename", "new.txt") == ["new.txt"]


def test_one_kind_alone_can_be_asked_for(capsys: pytest.CaptureFixture[str]):
    _put("a.md", f"{BLAME}\nWhat a night!!!\n")
    assert {found["category"] for found in _found(capsys, "a.md")} == {"human_error", "heat"}
    assert [found["category"] for found in _found(capsys, "a.md", "--kind", "blame")] == ["human_error"]
    assert [found["category"] for found in _found(capsys, "a.md", "--kind", "clarity")] == ["heat"]


def test_the_run_fails_from_the_severity_on_that_is_named():
    _put("a.md", "What a night!!!\n")
    assert [main(["a.md", "--fail-on", level]) for level in ("info", "warning", "error", "never")] == [
        1,
        1,
        0,
        0,
    ]


def test_a_roster_makes_a_name_known(capsys: pytest.CaptureFixture[str]):
    _put("a.md", "Then zaphodb forgot to drain the node.\n")
    _put("names.txt", "# on call\n\nzaphodb\n")
    assert _found(capsys, "a.md", "--kind", "blame") == []
    (found,) = _found(capsys, "a.md", "--kind", "blame", "--roster", "names.txt")
    assert (found["category"], found["target"]) == ("omission", "person")
    assert main(["a.md", "--roster", "none.txt"]) == 2


def test_what_a_file_says_cannot_steer_the_terminal(capsys: pytest.CaptureFixture[str]):
    _put("a.md", "Red \x1b[31m and human error.\n")
    main(["a.md"])
    assert "\x1b" not in capsys.readouterr().out


def test_the_mark_stands_below_its_words_whatever_stands_before():
    assert columns("日本") == 4
    assert columns("e\u0301") == 1
    assert columns("\u200b") == 0
    assert printable("a\tb\x00") == "a    b·"
    line = "x " * 200 + "human error" + " y" * 200
    before, marked, after = excerpt(line, 400, 411)
    assert marked == "human error"
    assert before.startswith("…")
    assert after.endswith("…")
    assert len(before + marked + after) <= 102


def test_colours_are_for_terminals_that_want_them(monkeypatch: pytest.MonkeyPatch):
    class Terminal(io.StringIO):
        def isatty(self) -> bool:
            return True

    monkeypatch.delenv("NO_COLOR", raising=False)
    monkeypatch.setenv("TERM", "xterm")
    assert is_coloured(Terminal())
    assert not is_coloured(io.StringIO())
    monkeypatch.setenv("NO_COLOR", "1")
    assert not is_coloured(Terminal())


def test_annotations_of_github_are_one_line_each_and_escaped(capsys: pytest.CaptureFixture[str]):
    _put("50% off, really:.md", BLAME)
    main(["--format", "github"])
    (line,) = capsys.readouterr().out.splitlines()
    assert line.startswith("::error file=50%25 off%2C really%3A.md,line=1,col=")
    assert "title=" in line
    assert "%0A" in line


def test_sarif_has_what_its_schema_requires(capsys: pytest.CaptureFixture[str]):
    _put("docs/ä b.md", f"# Ä\n\n🙂 {BLAME}")
    main(["docs", "gone", "--format", "sarif"])
    log = json.loads(capsys.readouterr().out)
    assert log["version"] == "2.1.0"
    assert log["$schema"].endswith("sarif-schema-2.1.0.json")
    (run,) = log["runs"]
    assert run["columnKind"] == "unicodeCodePoints"
    driver = run["tool"]["driver"]
    assert driver["name"]
    assert [rule["id"] for rule in driver["rules"]] == list(CATEGORIES)
    for rule in driver["rules"]:
        assert rule["shortDescription"]["text"]
        assert rule["fullDescription"]["text"]
        assert rule["help"]["text"]
        assert rule["help"]["markdown"]
        assert rule["defaultConfiguration"]["level"] in ("error", "warning", "note")
    (result,) = run["results"]
    assert driver["rules"][result["ruleIndex"]]["id"] == result["ruleId"] == "human_error"
    assert result["message"]["text"]
    assert result["level"] == "error"
    (location,) = result["locations"]
    assert location["physicalLocation"]["artifactLocation"]["uri"] == "docs/%C3%A4%20b.md"
    region = location["physicalLocation"]["region"]
    assert region["startLine"] == region["endLine"] == 3
    assert region["startColumn"] < region["endColumn"]
    assert region["snippet"]["text"] == (f"# Ä\n\n🙂 {BLAME}")[region["charOffset"] :][: region["charLength"]]
    (invocation,) = run["invocations"]
    assert invocation["executionSuccessful"] is False
    assert "gone" in invocation["toolExecutionNotifications"][0]["message"]["text"]


# What the schema of SARIF 2.1.0 allows in each sort of object that is written, and what it asks for.
SARIF: dict[str, tuple[set[str], set[str]]] = {
    "log": ({"$schema", "version", "runs"}, {"version", "runs"}),
    "run": ({"tool", "columnKind", "invocations", "results"}, {"tool"}),
    "driver": ({"name", "version", "semanticVersion", "rules"}, {"name"}),
    "rule": (
        {"id", "name", "shortDescription", "fullDescription", "help", "helpUri", "defaultConfiguration"}
        | {"properties"},
        {"id"},
    ),
    "text": ({"text", "markdown"}, {"text"}),
    "invocation": ({"executionSuccessful", "toolExecutionNotifications"}, {"executionSuccessful"}),
    "result": (
        {"ruleId", "ruleIndex", "level", "message", "locations", "partialFingerprints", "fixes"}
        | {"properties"},
        {"message"},
    ),
    "region": (
        {"startLine", "startColumn", "endLine", "endColumn", "charOffset", "charLength", "snippet"},
        set(),
    ),
    "fix": ({"description", "artifactChanges"}, {"artifactChanges"}),
    "change": ({"artifactLocation", "replacements"}, {"artifactLocation", "replacements"}),
    "replacement": ({"deletedRegion", "insertedContent"}, {"deletedRegion"}),
}


def _fits(sort: str, told: dict[str, Any]) -> dict[str, Any]:
    allowed, needed = SARIF[sort]
    assert needed <= set(told) <= allowed, sort
    return told


def test_sarif_has_nothing_that_its_schema_does_not_know(capsys: pytest.CaptureFixture[str]):
    _put("a.md", f"Priya should have restarted the node.\n\n{BLAME}")
    _put(".afterword.toml", '[language]\npages = "https://afterword.example.com"\n')
    main(["a.md", "gone", "--format", "sarif"])
    (run,) = _fits("log", json.loads(capsys.readouterr().out))["runs"]
    rules = _fits("driver", _fits("run", run)["tool"]["driver"])["rules"]
    assert len({json.dumps(rule, sort_keys=True) for rule in rules}) == len(rules)
    for rule in rules:
        for name in ("shortDescription", "fullDescription", "help"):
            _fits("text", _fits("rule", rule)[name])
    for invocation in run["invocations"]:
        _fits("invocation", invocation)
    assert any("fixes" in result for result in run["results"])
    for result in run["results"]:
        regions = [one["physicalLocation"]["region"] for one in _fits("result", result)["locations"]]
        for fix in result.get("fixes", []):
            for change in _fits("fix", fix)["artifactChanges"]:
                for replacement in _fits("change", change)["replacements"]:
                    regions.append(_fits("replacement", replacement)["deletedRegion"])
        for region in regions:
            assert (
                min(_fits("region", region)[name] for name in ("startLine", "startColumn", "endColumn")) >= 1
            )


def test_each_finding_leads_to_its_page(capsys: pytest.CaptureFixture[str]):
    _put("a.md", BLAME)

    def written(form: str) -> str:
        main(["a.md", "--format", form])
        return capsys.readouterr().out

    def rule() -> dict[str, Any]:
        rules = json.loads(written("sarif"))["runs"][0]["tool"]["driver"]["rules"]
        return next(rule for rule in rules if rule["id"] == "human_error")

    keys = set(json.loads(written("json"))[0])
    assert "`afterword lint --explain CATEGORY` says why" in written("text")
    assert written("github").endswith("%0AMore: afterword lint --explain human_error\n")
    assert "helpUri" not in rule()
    _put(".afterword.toml", '[language]\npages = "https://afterword.example.com"\n')
    page = "https://afterword.example.com/help/wording/human_error?language=en"
    assert f"        why: {page}\n" in written("text")
    assert written("github").endswith(f"%0AMore: {page}\n")
    assert rule()["helpUri"] == page
    assert page in rule()["help"]["markdown"]
    assert rule()["help"]["text"].startswith("Human error as an explanation\n=====")
    assert set(json.loads(written("json"))[0]) == keys, "strict readers know these keys and no others"


def _run(code: str) -> subprocess.CompletedProcess[str]:
    environment = {**os.environ, "PYTHONPATH": str(ROOT / "src")}
    return subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, env=environment)


def test_the_check_loads_neither_the_server_nor_the_other_commands():
    _put("a.md", BLAME)
    answer = _run(
        "import sys; sys.argv = ['afterword', 'lint', 'a.md']\n"
        "from afterword.config.entry import main\n"
        "try: main()\n"
        "finally: print(*sys.modules, file=sys.stderr)"
    )
    assert answer.returncode == 1
    assert "[human_error]" in answer.stdout
    loaded = {name.partition(".")[0] for name in answer.stderr.split()}
    assert "afterword" in loaded
    assert not loaded & {"django", "typer", "pydantic", "pydantic_settings", "markdown_it", "pygls", "re2"}


def test_a_small_file_takes_little_time():
    compile_tables()  # As every build of the package does; a table that was edited since is read anew.
    _put("a.md", BLAME * 20)
    for _ in range(TRIES):
        before = resource.getrusage(resource.RUSAGE_CHILDREN)
        _run("import sys; sys.argv[1:] = ['lint', 'a.md']\nfrom afterword.config.entry import main; main()")
        after = resource.getrusage(resource.RUSAGE_CHILDREN)
        # What others do on this machine at the same time counts as little as can be.
        spent = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
        if spent < SECONDS_MAX:
            return
    pytest.fail(f"it took {spent:.3f} s of the processor")


def test_who_stops_reading_gets_no_traceback():
    _put("a.md", BLAME * 500)
    command = f"{sys.executable} -m afterword.config.entry lint a.md | head -1"
    environment = {**os.environ, "PYTHONPATH": str(ROOT / "src")}
    answer = subprocess.run(["sh", "-c", command], capture_output=True, text=True, env=environment)
    assert answer.stdout.count("\n") == 1
    assert answer.stderr == ""
