"""The time zones that this machine knows."""

from __future__ import annotations

import zoneinfo
from functools import cache


@cache
def zone_names() -> frozenset[str]:
    """Their names, as in `Europe/Berlin`. Read once: the standard library walks the disk at each call."""
    return frozenset(zoneinfo.available_timezones())
