"""Which documents have the words, and which of them come first: one idea, said to each database.

The title counts more than the sections; more of the words, and words that are rarer or stand oftener, count
more than fewer. SQLite ranks all documents that it finds. PostgreSQL would have to fetch the words of each
of them, so there the title decides first, and only the best `RANKED_MAX` are weighed by their sections.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django.db import connection, transaction
from django.db.models import Q, QuerySet
from django.db.models.expressions import RawSQL

from afterword.postmortems.searching.rules import SearchQuery, parse_query

RANKED_MAX = 100
TITLE_WEIGHT = 10.0


@contextmanager
def by_the_index() -> Iterator[None]:
    """While something is looked for by its words: PostgreSQL takes the inverted index, however many fit.

    For a word that stands in most documents it would rather read the whole table; it does not count that
    for this the words of each document have to be fetched and unpacked, which the index spares.
    """
    if connection.vendor != "postgresql":
        yield
        return
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SET LOCAL enable_seqscan = off")
        yield
        cursor.execute("SET LOCAL enable_seqscan = on")


def has_words(text: str) -> Q:
    """A condition on post-mortems: they have the words of what somebody typed.

    What has no word that is indexed, such as 🦊, is looked for in the titles as it was typed.
    """
    query = parse_query(text)
    if not query.terms:
        typed = text.replace("\0", "").strip()
        return Q(title__contains=typed) if typed else Q(pk__in=[])
    condition = Q()
    if query.wanted:
        condition &= Q(pk__in=_rows(query.for_sqlite(), query.for_postgresql()))
    if query.excluded:
        condition &= ~Q(pk__in=_rows(query.without_for_sqlite(), query.without_for_postgresql()))
    return condition


def keys_by_relevance(found: QuerySet[Any], query: SearchQuery, start: int, stop: int) -> list[int]:
    """The keys of the rows from `start` to `stop` of what was found, the best first.

    `found` is narrowed by `has_words` of the same query, and by what its reader may see.
    """
    assert query.wanted, "only words can be more or less relevant"
    inner, parameters = found.order_by().values("pk").query.sql_with_params()
    if connection.vendor == "postgresql":
        return _best_on_postgresql(inner, parameters, query, start, stop)
    return _keys(
        # The plus keeps SQLite from asking for each document whether it has the words.
        "SELECT rowid FROM postmortems_words WHERE postmortems_words MATCH %s"  # noqa: S608 - Django's own
        f" AND +rowid IN ({inner}) ORDER BY bm25(postmortems_words, {TITLE_WEIGHT}, 1.0), rowid DESC"
        " LIMIT %s OFFSET %s",
        [query.for_sqlite(), *parameters, stop - start, start],
    )


def _best_on_postgresql(
    inner: str, parameters: tuple[Any, ...], query: SearchQuery, start: int, stop: int
) -> list[int]:
    in_title = " | ".join(query.for_postgresql().split(" & "))
    # Weights of D, C, B and A; 1 divides by the logarithm of the length.
    by_title = "ts_rank('{0, 0, 0.1, 1}', title_words, %s::tsquery, 1)"
    from_index = f"FROM postmortems_searchtext WHERE postmortem_id IN ({inner})"
    candidates = (
        f"SELECT postmortem_id, words, {by_title} AS by_title {from_index}"
        f" ORDER BY by_title DESC, postmortem_id DESC LIMIT {RANKED_MAX}"
    )
    keys: list[int] = []
    if start < RANKED_MAX:
        keys += _keys(
            f"SELECT postmortem_id FROM ({candidates}) AS candidates"  # noqa: S608 - as above
            f" ORDER BY {TITLE_WEIGHT} * by_title"
            " + ts_rank('{0, 0, 0.1, 1}', words, %s::tsquery, 1) DESC, postmortem_id DESC"
            " LIMIT %s OFFSET %s",
            [in_title, *parameters, query.for_postgresql(), min(stop, RANKED_MAX) - start, start],
        )
    if stop > RANKED_MAX:
        after = max(start, RANKED_MAX)
        keys += _keys(
            f"SELECT postmortem_id {from_index}"
            f" ORDER BY {by_title} DESC, postmortem_id DESC LIMIT %s OFFSET %s",
            [*parameters, in_title, stop - after, after],
        )
    return keys


def _rows(on_sqlite: str, on_postgresql: str) -> RawSQL:
    if connection.vendor == "postgresql":
        statement = "SELECT postmortem_id FROM postmortems_searchtext WHERE words @@ %s::tsquery"
        return RawSQL(statement, [on_postgresql])  # noqa: S611 - a constant
    statement = "SELECT rowid FROM postmortems_words WHERE postmortems_words MATCH %s"
    return RawSQL(statement, [on_sqlite])  # noqa: S611 - a constant


def _keys(statement: str, parameters: list[Any]) -> list[int]:
    with connection.cursor() as cursor:
        cursor.execute(statement, parameters)
        return [key for (key,) in cursor.fetchall()]
