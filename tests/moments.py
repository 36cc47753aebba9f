"""Moments that have nothing to do with the day on which the tests run."""

from __future__ import annotations

from datetime import datetime, timedelta

FAR_FROM_WEEKENDS = (2, 3, 4)


def on_a_weekday(moment: datetime) -> datetime:
    """The moment, or the first one up to four days later that is on no weekend in any zone.

    Some letters reach nobody on a weekend.
    """
    while moment.isoweekday() not in FAR_FROM_WEEKENDS:
        moment += timedelta(days=1)
    return moment
