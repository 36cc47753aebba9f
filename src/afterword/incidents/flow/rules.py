"""Decisions of the post-incident flow. Pure: no Django, and the time is an argument."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta, tzinfo
from typing import Protocol

from afterword.lib.errors import InvalidInput

WORKING_DAYS = "12345"
WEEKDAY_NAMES = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
DAYS_MAX = 365
"""The longest that a task is due after the resolution, in working days; the same for its reminders."""
REMIND_AT = time(9)
"""The hour of reminders where the organisation is: one mail in the morning, not one for every task."""
YEARS_AHEAD_MAX = 5
"""How far in the future a task may be due, or a debrief be held."""

Conditions = Mapping[str, Sequence[str] | int]
"""By the name of a fact: of which values it must have one, or which number it must reach."""
Values = Mapping[str, frozenset[str] | int]
"""What is known of an incident: by the name of a fact its values, or its number."""


class Task(Protocol):
    """What must be known of a task; a FlowTask is one."""

    @property
    def is_open(self) -> bool: ...
    @property
    def is_required(self) -> bool: ...
    @property
    def title(self) -> str: ...


def is_working_day(day: date, weekdays: str = WORKING_DAYS) -> bool:
    """Whether people work then. `weekdays` are digits as ISO counts: 1 is Monday, 7 is Sunday."""
    return str(day.isoweekday()) in weekdays


def working_day_after(start: date, count: int, weekdays: str = WORKING_DAYS) -> date:
    """The `count`-th working day after `start`; with 0, `start` itself or the next working day.

    What ends on a Saturday and is due one working day later is due on Monday. `weekdays` has one digit at
    least, and `count` is not negative.
    """
    assert weekdays, "somebody works on some day"
    assert count >= 0
    day = start
    if count == 0:
        while not is_working_day(day, weekdays):
            day += timedelta(days=1)
        return day
    weeks, left = divmod(count, len(set(weekdays)))
    if left == 0:
        weeks, left = weeks - 1, len(set(weekdays))
    day += timedelta(weeks=weeks)
    while left:
        day += timedelta(days=1)
        left -= is_working_day(day, weekdays)
    return day


def working_day_before(end: date, count: int, weekdays: str = WORKING_DAYS) -> date:
    """The `count`-th working day before `end`; with 0, `end` itself."""
    assert weekdays, "somebody works on some day"
    assert count >= 0
    day = end
    while count:
        day -= timedelta(days=1)
        count -= is_working_day(day, weekdays)
    return day


def is_overdue(due_on: date | None, today: date) -> bool:
    """A task may be done until the end of its day."""
    return due_on is not None and due_on < today


def reminder_after(
    day: date,
    *,
    begun_on: date,
    due_on: date | None,
    before_days: int | None,
    every_days: int | None,
    weekdays: str = WORKING_DAYS,
) -> date | None:
    """The first day after `day` on which somebody is reminded of a task; None when never (again).

    The first reminder is `before_days` working days before the task is due, but never on the day of the
    resolution itself; a task that is never due begins to remind `every_days` after it. From then on every
    `every_days` working days, or not again. Reminders that were missed are not made up for.
    """
    if before_days is None or (due_on is None and every_days is None):
        return None
    if due_on is None:
        assert every_days is not None
        first = working_day_after(begun_on, every_days, weekdays)
    else:
        first = working_day_before(due_on, before_days, weekdays)
        first = max(working_day_after(first, 0, weekdays), working_day_after(begun_on, 1, weekdays))
    if first > day or every_days is None:
        return first if first > day else None
    while first <= day:
        first = working_day_after(first, every_days, weekdays)
    return first


def moment_of_reminder(day: date, zone: tzinfo) -> datetime:
    """When the reminders of a day go out, in UTC."""
    return datetime.combine(day, REMIND_AT, tzinfo=zone).astimezone(UTC)


@dataclass(frozen=True)
class Mismatch:
    """The first condition that an incident does not meet."""

    fact: str
    wanted: Sequence[str] | int
    found: frozenset[str] | int


def first_mismatch(conditions: Conditions, values: Values) -> Mismatch | None:
    """Why an incident does not enter a flow; None when it does.

    All conditions must hold. An empty list of values asks for nothing. A condition on a fact that nobody
    knows (any more) does not hold: a flow is rather left out than begun for what it was not meant for.
    """
    for name, wanted in conditions.items():
        if isinstance(wanted, int):
            found = values.get(name, 0)
            if not isinstance(found, int) or found < wanted:
                return Mismatch(name, wanted, found)
        elif wanted:
            known = values.get(name, frozenset())
            if isinstance(known, int) or known.isdisjoint(wanted):
                return Mismatch(name, wanted, known)
    return None


def may_close(tasks: Sequence[Task]) -> bool:
    """Whether nothing that is required is still to be done."""
    return not missing(tasks)


def missing(tasks: Sequence[Task]) -> list[str]:
    """The titles of the required tasks that are neither done nor given up."""
    return [task.title for task in tasks if task.is_required and task.is_open]


def closes_now(tasks: Sequence[Task]) -> bool:
    """Whether a flow that closes its incident by itself does so: the last required task is settled.

    Where no task is required the last of all counts. No tasks close nothing.
    """
    waiting = [task for task in tasks if task.is_open]
    if any(task.is_required for task in tasks):
        return not any(task.is_required for task in waiting)
    return bool(tasks) and not waiting


def describe_missing(titles: Sequence[str], *, shown_max: int = 5) -> str:
    """A sentence that lists what keeps an incident from being closed."""
    shown = [f"“{title}”" for title in titles[:shown_max]]
    more = len(titles) - len(shown)
    if more:
        shown.append(f"{more} more")
    listed = shown[0] if len(shown) == 1 else f"{', '.join(shown[:-1])} and {shown[-1]}"
    verb = "is" if len(titles) == 1 else "are"
    return f"It cannot be closed yet: {listed} {verb} still to be done, or to be given up with a reason."


def check_weekdays(weekdays: str) -> str:
    """The digits in order, each once. Raises InvalidInput when none or something else was given."""
    if not weekdays or not set(weekdays) <= set("1234567"):
        raise InvalidInput(fields={"weekdays": "Please choose at least one working day."})
    return "".join(sorted(set(weekdays)))


def check_due(due_on: date | None, *, today: date) -> None:
    """Raises InvalidInput for a day that is so far away that it must be a slip."""
    if due_on is None:
        return
    if not today.replace(year=today.year - YEARS_AHEAD_MAX, day=1) <= due_on <= _years_ahead(today):
        raise InvalidInput(fields={"due_on": f"Please choose a day within {YEARS_AHEAD_MAX} years."})


def check_days(field: str, days: int | None, *, least: int = 0) -> None:
    """Raises InvalidInput for a number of working days that is out of bounds."""
    if days is not None and not least <= days <= DAYS_MAX:
        raise InvalidInput(fields={field: f"Please use {least} to {DAYS_MAX} working days."})


def check_debrief(starts_at: datetime, minutes: int, *, now: datetime) -> None:
    """Raises InvalidInput for a meeting that is over already, far away, or takes no time or days."""
    if starts_at < now - timedelta(days=1):
        raise InvalidInput(fields={"starts_at": "This time is over. When will it be held?"})
    if starts_at.date() > _years_ahead(now.date()):
        raise InvalidInput(fields={"starts_at": f"Please choose a time within {YEARS_AHEAD_MAX} years."})
    if not 5 <= minutes <= 8 * 60:
        raise InvalidInput(fields={"minutes": "Please use 5 to 480 minutes."})


def _years_ahead(day: date) -> date:
    return day.replace(year=day.year + YEARS_AHEAD_MAX, day=1)
