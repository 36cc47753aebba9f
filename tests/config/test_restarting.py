"""How long the supervisor waits before it starts a part that keeps dying."""

from __future__ import annotations

import sys

import pytest

from afterword.config import supervisor
from afterword.config.supervisor import RESTART_SECONDS_MAX, Part

pytestmark = pytest.mark.pure


def test_a_part_that_has_died_all_night_is_still_started_again(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(supervisor, "command_line", lambda *arguments: [sys.executable, "-c", "exit(1)"])
    part = Part("web", [], (), 0)
    part.keep_running(0.0)
    assert part.process is not None
    part.process.wait()
    part.failures = 5_000
    assert part.keep_running(1.0) == 0
    assert part.start_not_before == 1.0 + RESTART_SECONDS_MAX


def test_the_pauses_double_up_to_half_a_minute(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(supervisor, "command_line", lambda *arguments: [sys.executable, "-c", "exit(1)"])
    part = Part("web", [], (), 0)
    pauses = []
    for _ in range(11):
        part.keep_running(part.start_not_before)
        assert part.process is not None
        part.process.wait()
        died_at = part.start_not_before
        part.keep_running(died_at)
        pauses.append(round(part.start_not_before - died_at, 3))
    assert pauses[:4] == [0.1, 0.2, 0.4, 0.8]
    assert pauses[-1] == RESTART_SECONDS_MAX
