"""Which texts have some of the words: one idea, said to each database."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from django.db import connection
from django.db.models import QuerySet

CANDIDATES_MAX = 200
LOCK = 0x5EE7
"""Of PostgreSQL: held by who writes the index."""


def keys_with_words(words: Sequence[str], among: QuerySet[Any]) -> list[int]:
    """The keys of at most `CANDIDATES_MAX` texts with one of the words, as the database ranks them.

    `among` are the texts that the reader may see: what others have takes nobody's place.
    """
    if not words:
        return []
    inner, parameters = among.order_by().values("pk").query.sql_with_params()
    if connection.vendor == "postgresql":
        query = " | ".join(f"'{word}'" for word in words)
        return _keys(
            "SELECT id FROM drafting_seentext WHERE words @@ %s::tsquery"  # noqa: S608 - Django's own
            f" AND id IN ({inner}) ORDER BY ts_rank(words, %s::tsquery, 1) DESC, id DESC LIMIT %s",
            [query, *parameters, query, CANDIDATES_MAX],
        )
    return _keys(
        # The plus keeps SQLite from asking for each text whether it has the words.
        "SELECT rowid FROM drafting_words WHERE drafting_words MATCH %s"  # noqa: S608 - as above
        f" AND +rowid IN ({inner}) ORDER BY bm25(drafting_words), rowid DESC LIMIT %s",
        [" OR ".join(f'"{word}"' for word in words), *parameters, CANDIDATES_MAX],
    )


def store_words(rows: Iterable[tuple[int, Iterable[str]]]) -> None:
    """Write the words of texts, by their keys, in the caller's transaction. Their rows are there."""
    written = [(key, list(words)) for key, words in rows]
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.executemany(
                "UPDATE drafting_seentext SET words = %s::tsvector WHERE id = %s",
                [(" ".join(f"'{word}'" for word in words), key) for key, words in written],
            )
            return
        cursor.executemany(
            "INSERT OR REPLACE INTO drafting_words (rowid, words) VALUES (%s, %s)",
            [(key, " ".join(words)) for key, words in written],
        )


def hold_index() -> None:
    """Keep others from writing the index until the transaction ends. On SQLite they cannot anyhow."""
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(%s)", [LOCK])


def count_words(counts: Mapping[str, int], weight: float) -> None:
    """Add to how many texts have each word; `weight` to that of all texts."""
    with connection.cursor() as cursor:
        cursor.executemany(
            "INSERT INTO drafting_seenword (word, texts, weight) VALUES (%s, %s, %s) ON CONFLICT (word) DO"
            " UPDATE SET texts = drafting_seenword.texts + EXCLUDED.texts,"
            " weight = drafting_seenword.weight + EXCLUDED.weight",
            [(word, count, 0.0) for word, count in sorted(counts.items())] + [("", 0, weight)],
        )


def drop_words(keys: Sequence[int]) -> None:
    """Forget the words of texts that are gone. PostgreSQL keeps none apart from the row."""
    if connection.vendor == "sqlite":
        with connection.cursor() as cursor:
            cursor.executemany("DELETE FROM drafting_words WHERE rowid = %s", [(key,) for key in keys])


def _keys(statement: str, parameters: list[Any]) -> list[int]:
    with connection.cursor() as cursor:
        cursor.execute(statement, parameters)
        return [key for (key,) in cursor.fetchall()]
