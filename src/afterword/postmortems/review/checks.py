"""What keeps a post-mortem from review and approval. Rooms and packages add theirs in AppConfig.ready()."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from enum import IntEnum

from afterword.postmortems.models import Postmortem


@dataclass(frozen=True)
class Obstacle:
    """Something to be done first."""

    message: str
    """A sentence that says what is missing."""
    anchor: str = ""
    """Where on the page that is written it can be done: the id of an element, or nothing."""


class Step(IntEnum):
    """What something has to be done before, in the order in which a document goes through it."""

    REVIEW = 1
    APPROVAL = 2


Check = Callable[[Postmortem], Iterable[Obstacle]]

_checks: dict[Check, Step] = {}


def register_check(check: Check, *, before: Step = Step.REVIEW) -> None:
    """Have `check` asked before every review, or every approval, and in any case before publication."""
    _checks.setdefault(check, before)


def find_obstacles(postmortem: Postmortem, *steps: Step) -> list[Obstacle]:
    """Everything that must be done before it goes through one of these steps; through all, unless named."""
    asked = [check for check, before in _checks.items() if before in (steps or tuple(Step))]
    return [obstacle for check in asked for obstacle in check(postmortem)]
