"""`afterword reindex`: the index of words made anew."""

from __future__ import annotations

import sys
from collections.abc import Callable

from afterword.config.database import check_database
from afterword.postmortems.searching.writes import reindex


def rebuild(say: Callable[[str], None]) -> int:
    """Index every document again; how many there are. On a terminal `say` is told how far it is.

    Raises Refusal.
    """
    check_database()
    is_watched = sys.stderr.isatty()
    return reindex(lambda done, every: say(f"{done:,} of {every:,}") if is_watched else None)
