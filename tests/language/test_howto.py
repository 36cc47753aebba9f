"""The terminal sessions of the page about the language check: run, and compared with what it shows."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from tests.architecture.sources import ROOT

pytestmark = pytest.mark.pure

PAGE = ROOT / "docs/howto/check-language.md"
END = "\x1e"
SESSION_SECONDS_MAX = 60


def commands_of(page: str) -> list[tuple[str, str]]:
    """Each command, with what the page shows below it."""
    found = []
    for session in re.findall(r"^```console\n(.*?)^```", page, re.MULTILINE | re.DOTALL):
        for told in re.split(r"^\$ ", session, flags=re.MULTILINE)[1:]:
            command, _, shown = told.partition("\n")
            found.append((command, shown))
    return found


def test_its_terminal_sessions_are_true(tmp_path: Path):
    commands = commands_of(PAGE.read_text(encoding="utf-8"))
    # Installing is for others to test.
    assert commands.pop(0) == ("AFTERWORD_BUILD_FRONTEND=false pip install .", "")
    [text] = [shown for command, shown in commands if command == "cat outage.md"]
    (tmp_path / "docs").mkdir()
    for path in ("outage.md", "docs/outage.md"):
        (tmp_path / path).write_text(text, encoding="utf-8")
    program = tmp_path / "bin/afterword"
    program.parent.mkdir()
    program.write_text(f'#!/bin/sh\nexec {sys.executable} -m afterword.config.entry "$@"\n')
    program.chmod(0o755)
    answers = re.findall(r"\[q\]uit\? (\w)$", "".join(shown for _, shown in commands), re.MULTILINE)
    # What the page shows of an exit code is that of the command before.
    lines = [f"{command}\nstatus=$?; printf '\\036'; (exit $status)" for command, _ in commands]
    script = tmp_path / "session.sh"
    script.write_text("\n".join(["git init --quiet; git add docs", *_commit(), "printf '\\036'", *lines]))
    ran = subprocess.run(
        ["bash", "--noprofile", "--norc", str(script)],
        input="".join(f"{answer}\n" for answer in answers),
        cwd=tmp_path,
        env={
            **os.environ,
            "PATH": os.pathsep.join([str(program.parent), os.environ["PATH"]]),
            "PYTHONPATH": str(ROOT / "src"),
            "PYTHONUTF8": "1",
        },
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        encoding="utf-8",
        timeout=SESSION_SECONDS_MAX,
    )
    _, *printed, rest = ran.stdout.split(END)
    assert rest == ""
    for (command, shown), got in zip(commands, printed, strict=True):
        # A terminal shows what was typed, too.
        for answer in answers:
            got = re.sub(r"(\[q\]uit\? )(?=outage)", rf"\g<1>{answer}\n", got, count=1)
        assert got == shown or (not shown and "Traceback" not in got and "usage:" not in got), command


def _commit() -> list[str]:
    return ["git -c user.name=Test -c user.email=test@example.com commit --quiet --message Begin."]
