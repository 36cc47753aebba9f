"""What keeps a post-mortem from review, approval and publication.

Rooms and packages add theirs in AppConfig.ready().
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable
from dataclasses import dataclass
from enum import IntEnum
from typing import TypeVar

from afterword.lib.remembering import remembering
from afterword.postmortems.models import Postmortem
from afterword.postmortems.review.errors import StillChanging

CHECKED_AHEAD_TIMES_MAX = 4
"""A document may change while it is checked: so often it is checked for one thing that is done."""


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
    PUBLICATION = 3


Check = Callable[[Postmortem], Iterable[Obstacle]]
State = Callable[[Postmortem], Hashable | None]
Result = TypeVar("Result")

_checks: dict[Check, Step] = {}
_states: dict[Check, State] = {}


def register_check(check: Check, *, before: Step = Step.REVIEW, state: State | None = None) -> None:
    """Have `check` asked before every review, or every approval, or only before publication.

    One that takes long gives `state`: in a few queries, what its answer depends on, or None where it has
    nothing to say. Such a one is asked before the post-mortem is kept from others.
    """
    _checks.setdefault(check, before)
    if state is not None:
        _states[check] = state


class Ahead:
    """What checks that take long found before the post-mortem was kept from others."""

    def __init__(self) -> None:
        self._found: dict[Check, tuple[Hashable, list[Obstacle]]] = {}

    def look(self, check: Check, postmortem: Postmortem) -> None:
        # The state first: what changes meanwhile is then seen by it.
        state = _states[check](postmortem)
        self._found[check] = state, list(check(postmortem))

    def obstacles_of(self, check: Check, postmortem: Postmortem) -> list[Obstacle]:
        """Raises _NotSeen where nothing was found for the post-mortem as it is now."""
        now = _states[check](postmortem)
        if now is None:
            return []
        state, found = self._found.get(check, (None, []))
        if state != now:
            raise _NotSeen(check)
        return found


class _NotSeen(Exception):
    def __init__(self, check: Check) -> None:
        self.check = check


@remembering()
def find_obstacles(postmortem: Postmortem, *steps: Step, ahead: Ahead | None = None) -> list[Obstacle]:
    """Everything that must be done before it goes through one of these steps; through all, unless named.

    Who keeps the post-mortem from others gives what `do_checked` gave them as `ahead`.
    """
    asked = [check for check, before in _checks.items() if before in (steps or tuple(Step))]
    return [
        obstacle
        for check in asked
        for obstacle in (
            check(postmortem)
            if ahead is None or check not in _states
            else ahead.obstacles_of(check, postmortem)
        )
    ]


def do_checked(postmortem: Postmortem, act: Callable[[Ahead], Result]) -> Result:
    """Do something in a transaction of its own that asks `find_obstacles`, and check what takes long outside.

    `act` is atomic and may be begun several times: it is undone where something was not checked yet as it is
    now, and done again once that was checked. Raises StillChanging, and what `act` raises.
    """
    ahead = Ahead()
    for _ in range(CHECKED_AHEAD_TIMES_MAX):
        try:
            return act(ahead)
        except _NotSeen as missing:
            check = missing.check
        ahead.look(check, postmortem)
    raise StillChanging
