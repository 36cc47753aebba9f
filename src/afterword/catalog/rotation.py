"""Who is on call at a moment: weekly turns in the local time of a schedule, and overrides. Pure.

A shift begins at the schedule's handover time and ends at the next handover day's. It lasts 167, 168 or 169
hours, as the clocks change. A handover at a time that the clocks skip happens as much later as they skip;
one at a time that comes twice happens the first time (PEP 495).
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta, tzinfo
from itertools import pairwise

WEEK = timedelta(days=7)
SHIFTS_SHOWN_MAX = 1_000
"""In one answer of `shifts_between`."""


@dataclass(frozen=True)
class Override:
    """Somebody else is on call from `starts_at` until before `ends_at`. Of several, the last one counts."""

    person: int
    starts_at: datetime
    ends_at: datetime


@dataclass(frozen=True)
class Shift:
    """A stretch of time, and who is on call in it; None: nobody."""

    person: int | None
    starts_at: datetime
    ends_at: datetime
    is_override: bool = False


@dataclass(frozen=True)
class Rotation:
    """People, by any key, in the order of their turns. The first turn begins on `starts_on`.

    It ends at the first handover weekday after that day; each following turn lasts a week.
    """

    people: tuple[int, ...]
    zone: tzinfo
    starts_on: date
    weekday: int
    """0 is Monday."""
    at: time
    overrides: tuple[Override, ...] = field(default=())

    def handover(self, turn: int) -> datetime:
        """When a turn begins, in UTC. The first is turn 0."""
        day = self.starts_on
        if turn > 0:
            day = self._first_handover_day() + WEEK * (turn - 1)
        return datetime.combine(day, self.at, self.zone).astimezone(UTC)

    def turn_at(self, moment: datetime) -> int | None:
        """Which turn it is; None before the first one."""
        if moment < self.handover(0):
            return None
        # Turns differ from weeks by hours at most: begin at the week before, and look.
        turn = max((moment - self.handover(0)) // WEEK - 1, 0)
        while moment >= self.handover(turn + 1):
            turn += 1
        return turn

    def on_call_at(self, moment: datetime) -> int | None:
        """Who is on call at a moment, overrides included; None: nobody."""
        for override in reversed(self.overrides):
            if override.starts_at <= moment < override.ends_at:
                return override.person
        return self._person_of(self.turn_at(moment))

    def shifts_between(self, since: datetime, until: datetime) -> list[Shift]:
        """Who is on call from `since` until `until`, without a gap; neighbours of one person are one."""
        moments = sorted({since, until, *self._changes(since, until)})[: SHIFTS_SHOWN_MAX + 1]
        found: list[Shift] = []
        for starts_at, ends_at in pairwise(moments):
            person = self.on_call_at(starts_at)
            is_override = any(one.starts_at <= starts_at < one.ends_at for one in self.overrides)
            last = found[-1] if found else None
            if last and (last.person, last.is_override) == (person, is_override):
                found[-1] = Shift(person, last.starts_at, ends_at, is_override)
            else:
                found.append(Shift(person, starts_at, ends_at, is_override))
        return found

    def _changes(self, since: datetime, until: datetime) -> Iterator[datetime]:
        for override in self.overrides:
            for moment in (override.starts_at, override.ends_at):
                if since < moment < until:
                    yield moment
        turn = self.turn_at(since)
        turn = 0 if turn is None else turn + 1
        for number in range(turn, turn + SHIFTS_SHOWN_MAX):
            moment = self.handover(number)
            if moment >= until:
                return
            yield moment

    def _person_of(self, turn: int | None) -> int | None:
        return None if turn is None or not self.people else self.people[turn % len(self.people)]

    def _first_handover_day(self) -> date:
        days = (self.weekday - self.starts_on.weekday()) % 7
        return self.starts_on + timedelta(days=days or 7)


def next_in_turn(people: Sequence[int], last: int | None) -> int | None:
    """Whose turn it is after `last`, round and round; the first when that one is not there (any more)."""
    if not people:
        return None
    if last is None or last not in people:
        return people[0]
    return people[(list(people).index(last) + 1) % len(people)]


def shift_at(shifts: Sequence[Shift], moment: datetime) -> Shift | None:
    """The shift of a list in order that holds a moment."""
    place = bisect_right([shift.starts_at for shift in shifts], moment) - 1
    if place < 0 or moment >= shifts[place].ends_at:
        return None
    return shifts[place]
