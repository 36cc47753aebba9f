"""What fails beside others is run once more, alone, and named."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

pytestmark = pytest.mark.pure

PROJECT = Path(__file__).resolve().parents[2]
PASSES_THE_SECOND_TIME = """
from pathlib import Path
def test_begun_before():
    marker = Path("begun")
    was_there = marker.exists()
    marker.touch()
    assert was_there
"""
FAILS = "import pytest\n@pytest.mark.parametrize('n', range({count}))\ndef test_never(n):\n    assert False\n"


def run(folder: Path, source: str) -> subprocess.CompletedProcess[str]:
    (folder / "pytest.ini").write_text(
        "[pytest]\naddopts = -p no:django -p no:xdist -p no:hypothesispytest\n"
    )
    (folder / "test_it.py").write_text(source)
    clean = {name: value for name, value in os.environ.items() if not name.startswith(("PYTEST_", "DJANGO_"))}
    return subprocess.run(
        [sys.executable, "-m", "tests.run", "-q"],
        cwd=folder,
        env={**clean, "PYTHONPATH": str(PROJECT)},
        capture_output=True,
        text=True,
        check=False,
    )


def test_a_test_that_passes_alone_fails_nothing_and_is_named(tmp_path: Path) -> None:
    done = run(tmp_path, PASSES_THE_SECOND_TIME)
    assert done.returncode == 0, done.stdout
    assert done.stdout.index("PASSED ALONE") < done.stdout.rindex("test_it.py::test_begun_before")


def test_a_test_that_fails_alone_too_fails_the_run(tmp_path: Path) -> None:
    done = run(tmp_path, FAILS.format(count=1))
    assert done.returncode == pytest.ExitCode.TESTS_FAILED
    assert "once more, alone: 1" in done.stdout
    assert "PASSED ALONE" not in done.stdout


def test_many_failures_are_no_accident(tmp_path: Path) -> None:
    done = run(tmp_path, FAILS.format(count=4))
    assert done.returncode == pytest.ExitCode.TESTS_FAILED
    assert "once more" not in done.stdout
