"""What keeps a post-mortem from going to review. Other rooms and packages add theirs in AppConfig.ready()."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from afterword.postmortems.models import Postmortem


@dataclass(frozen=True)
class Obstacle:
    """Something to be done first."""

    message: str
    """A sentence that says what is missing."""
    anchor: str = ""
    """Where on the page that is written it can be done: the id of an element, or nothing."""


Check = Callable[[Postmortem], Iterable[Obstacle]]

_checks: list[Check] = []


def register_check(check: Check) -> None:
    """Have `check` asked before every review and every publication."""
    if check not in _checks:
        _checks.append(check)


def find_obstacles(postmortem: Postmortem) -> list[Obstacle]:
    """Everything that must be done before others are asked to read it."""
    return [obstacle for check in _checks for obstacle in check(postmortem)]
