"""`afterword reindex`: the index of words, and that of what was seen before, made anew."""

from __future__ import annotations

import sys
from collections.abc import Callable

from afterword.config.database import check_database
from afterword.drafting.similar import writes as similar
from afterword.postmortems.searching import writes as searching


def rebuild(say: Callable[[str], None]) -> int:
    """Index every document and every incident again; how many documents there are.

    On a terminal `say` is told how far it is. Raises Refusal.
    """
    check_database()
    is_watched = sys.stderr.isatty()

    def note(done: int, every: int) -> None:
        if is_watched:
            say(f"{done:,} of {every:,}")

    count = searching.reindex(note)
    similar.reindex(note)
    return count
