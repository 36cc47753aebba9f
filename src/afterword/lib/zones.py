"""The time zones that this machine knows, and weekends in them."""

from __future__ import annotations

import zoneinfo
from datetime import datetime, timedelta, tzinfo
from functools import cache


@cache
def zone_names() -> frozenset[str]:
    """Their names, as in `Europe/Berlin`. Read once: the standard library walks the disk at each call."""
    return frozenset(zoneinfo.available_timezones())


def after_weekend(moment: datetime, zone: tzinfo) -> datetime:
    """The moment, or where that is on a weekend in the zone, the same time of day on the Monday behind it."""
    local = moment.astimezone(zone)
    # By the clock on the wall, which may be set in that night.
    if local.isoweekday() > 5:
        local += timedelta(days=8 - local.isoweekday())
    return local.astimezone(moment.tzinfo)
