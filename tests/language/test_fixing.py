"""`--fix`: asks, and writes what was accepted without touching anything else."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path

import pytest

from afterword.language import Finding, Kind, Severity, Target
from afterword.linter.files import FileFault, read_source
from afterword.linter.fixing import Fixed, fix
from afterword.linter.formats import Checked
from afterword.linter.formats.as_text import Painter
from afterword.linter.places import Lines

pytestmark = pytest.mark.pure

TEXT = "One: bad.\r\nTwo: bad.\nThree: bad.\r\n"


def _checked(path: Path, suggestions: tuple[str, ...]) -> Checked:
    source = read_source(str(path))
    starts = [place for place in range(len(source.text)) if source.text.startswith("bad", place)]
    findings = [
        Finding(
            kind=Kind.CLARITY,
            category="heat",
            severity=Severity.WARNING,
            target=Target.NONE,
            start=start,
            end=start + 3,
            text="bad",
            message="That is bad.",
            suggestions=suggestions,
        )
        for start in starts
    ]
    return Checked(source, findings, Lines(source.text))


def _answers(*answers: str) -> Callable[[str], str]:
    given = iter(answers)

    def ask(question: str) -> str:
        try:
            return next(given)
        except StopIteration:
            raise EOFError from None

    return ask


def _fix(checked: Checked, *answers: str) -> tuple[Fixed, str]:
    said: list[str] = []
    paint = Painter(is_coloured=False)
    return fix(checked, ask=_answers(*answers), say=said.append, paint=paint), "\n".join(said)


def test_each_suggestion_is_asked_about_and_the_rest_stays(tmp_path: Path):
    path = tmp_path / "a.md"
    path.write_bytes(b"\xef\xbb\xbf" + TEXT.encode())
    path.chmod(0o640)
    fixed, said = _fix(_checked(path, ("good",)), "a", "nonsense", "s", "y")
    assert (fixed.changed, fixed.goes_on) == (2, True)
    assert path.read_bytes() == b"\xef\xbb\xbfOne: good.\r\nTwo: bad.\nThree: good.\r\n"
    assert path.stat().st_mode & 0o777 == 0o640
    assert "That is none of them." in said
    assert "instead: good" in said
    assert os.listdir(tmp_path) == ["a.md"]


def test_quitting_keeps_what_was_accepted_before(tmp_path: Path):
    path = tmp_path / "a.md"
    path.write_bytes(TEXT.encode("utf-16"))
    fixed, _ = _fix(_checked(path, ("fine", "good")), "2", "q")
    assert (fixed.changed, fixed.goes_on) == (1, False)
    assert path.read_bytes().decode("utf-16") == TEXT.replace("bad", "good", 1)
    # The end of the answers is an answer too.
    assert not _fix(_checked(path, ("good",)))[0].goes_on


def test_a_file_that_changed_meanwhile_is_left_alone(tmp_path: Path):
    path = tmp_path / "a.md"
    path.write_text(TEXT)
    checked = _checked(path, ("good",))
    path.write_text("Somebody else wrote this.")
    with pytest.raises(FileFault, match="Somebody else changed it meanwhile"):
        _fix(checked, "a", "q")
    assert path.read_text() == "Somebody else wrote this."


def test_a_character_that_the_encoding_lacks_changes_nothing(tmp_path: Path):
    path = tmp_path / "a.md"
    path.write_bytes("Ü: bad.".encode("cp1252"))
    with pytest.raises(FileFault, match="cp1252, has no '✓'"):
        _fix(_checked(path, ("✓",)), "a")
    assert path.read_bytes() == "Ü: bad.".encode("cp1252")


def test_a_symbolic_link_stays_one(tmp_path: Path):
    path, link = tmp_path / "a.md", tmp_path / "link.md"
    path.write_text("bad")
    link.symlink_to(path)
    _fix(_checked(link, ("good",)), "a")
    assert link.is_symlink()
    assert path.read_text() == "good"
