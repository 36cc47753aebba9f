"""Looking for a word in columns, in any letter case, alike on both databases."""

from __future__ import annotations

from django.db.models import Q


def mentions(word: str, *columns: str) -> Q:
    """The rows that have `word` in at least one of the columns.

    SQLite, and PostgreSQL in a database with the locale C, know upper and lower case of A to Z alone. So a
    word with other letters is also looked for in lower case, in capitals and with a capital first: that
    finds what people write, at the price of four comparisons for such words only.
    """
    cases = [word] if word.isascii() else [word, word.lower(), word.upper(), word.capitalize()]
    wanted = Q()
    for column in columns:
        for spelling in dict.fromkeys(cases):
            wanted |= Q(**{f"{column}__icontains": spelling})
    return wanted
