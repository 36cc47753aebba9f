"""When the next level is called, when a page is tried again, and what quiet hours mean. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, time, timedelta, tzinfo

RETRY_AFTER_SECONDS = (10, 30, 60, 120, 300, 600)
"""How long to wait after the first failure, the second, and so on: about 19 minutes in all."""
ATTEMPTS_MAX = len(RETRY_AFTER_SECONDS) + 1
ROUND_PAUSE_MINUTES_MIN = 5
"""Between the last level and the first one again, however short the delays of the policy are."""


@dataclass(frozen=True)
class Step:
    """The call of a level, from 1, in a round, from 1."""

    level: int
    round: int
    at: datetime


def first_step(delays: Sequence[int], start: datetime) -> Step | None:
    """`delays` are the minutes of a policy's levels, in their order. None: it has no level."""
    return Step(1, 1, start + timedelta(minutes=delays[0])) if delays else None


def next_step(step: Step, delays: Sequence[int], *, repeats: int, called: bool = True) -> Step | None:
    """What follows, counted from when the step was due, not from when it was done; None: nothing.

    Behind the last level of the last round stands one that has nobody. A level that `called` nobody does
    not make the next one wait.
    """
    if step.level < len(delays):
        wait = delays[step.level] if called else 0
        return Step(step.level + 1, step.round, step.at + timedelta(minutes=wait))
    if delays and step.round <= repeats:
        wait = max(delays[0], delays[-1], ROUND_PAUSE_MINUTES_MIN)
        return Step(1, step.round + 1, step.at + timedelta(minutes=wait))
    if step.level == len(delays):
        # Nobody stands there: that is when it is said that nobody has answered.
        wait = ROUND_PAUSE_MINUTES_MIN if called else 0
        return Step(step.level + 1, step.round, step.at + timedelta(minutes=wait))
    return None


def next_attempt_at(attempts: int, now: datetime) -> datetime | None:
    """When to try again after so many failed attempts; None when it was the last one."""
    assert attempts >= 1
    if attempts >= ATTEMPTS_MAX:
        return None
    return now + timedelta(seconds=RETRY_AFTER_SECONDS[attempts - 1])


def after_quiet(
    moment: datetime, zone: tzinfo, quiet_from: time | None, quiet_until: time | None
) -> datetime:
    """`moment`, or the end of the quiet hours when it is in them. They may go over midnight.

    Hours that begin when they end are none.
    """
    if quiet_from is None or quiet_until is None or quiet_from == quiet_until:
        return moment
    local = moment.astimezone(zone)
    clock = local.time()
    if quiet_from < quiet_until:
        if not quiet_from <= clock < quiet_until:
            return moment
        day = local.date()
    elif clock >= quiet_from:
        day = local.date() + timedelta(days=1)
    elif clock < quiet_until:
        day = local.date()
    else:
        return moment
    end = datetime.combine(day, quiet_until, zone).astimezone(moment.tzinfo)
    # Where the clocks are set back in the quiet hours, their end by the clock may be over already.
    return max(end, moment)
