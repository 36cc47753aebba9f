"""Runs the tests, and what failed beside others once more, alone: `python -m tests.run` as pytest.

Thousands of tests share two processors with real servers and browsers, and some wait for a deadline. One that
fails there and passes alone needs mending: it is named, and fails nothing. A test that fails alone too fails
the run, and so do more than a few at once.
"""

from __future__ import annotations

import os
import subprocess
import sys

import pytest

ALONE_MAX = 3
"""More failures than these are no accident."""


class Failures:
    """Remembers the tests that failed, by the names that pytest takes as arguments."""

    def __init__(self) -> None:
        self.names: list[str] = []

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        name = _without_group(report.nodeid)
        if report.failed and name not in self.names:
            self.names.append(name)


def _without_group(name: str) -> str:
    """pytest-xdist writes the group of a test behind its name, as in `test_x.py::test_y[3]@install`."""
    head, _, group = name.rpartition("@")
    return head if head and "]" not in group else name


def _say(words: str) -> None:
    sys.stdout.write(f"{words}\n")
    sys.stdout.flush()


def main(arguments: list[str]) -> int:
    failures = Failures()
    # What the first run sets is of its own folder, which it takes away.
    environment = dict(os.environ)
    status = int(pytest.main(arguments, plugins=[failures]))
    if status != pytest.ExitCode.TESTS_FAILED or not 0 < len(failures.names) <= ALONE_MAX:
        return status
    _say(f"\nAfterword: once more, alone: {len(failures.names)}")
    alone = [sys.executable, "-m", "pytest", "-v", *failures.names]
    status = subprocess.run(alone, env=environment, check=False).returncode
    if status == 0:
        _say("\nFAILED BESIDE OTHERS, PASSED ALONE. Please mend what makes these depend on their company:")
        _say("\n".join(f"  {name}" for name in failures.names))
    return status


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
