"""The part of a book that is needed where most of it is not: what some texts cite, and some lines beside.

A timeline may have ten thousand lines, and a page that shows what became of forty of them need not read all.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from django.db.models import Q, QuerySet

from afterword.drafting.evidence.book import PREFIXES, PieceKind

_KINDS: Mapping[str, PieceKind] = {prefix: kind for kind, prefix in PREFIXES.items()}
KEY_DIGITS_MAX = 18


@dataclass(frozen=True)
class Part:
    """What of a book is collected."""

    cited: Mapping[PieceKind, frozenset[int]] = field(default_factory=dict)
    """The keys of rows by kind. These lines and alerts are there however little room there is."""
    lines: Q | None = None
    """Further lines of the timelines: a condition on entries."""
    with_others: bool = True
    """Whether the kinds of which there is little are there whole, and with them all names that a text could
    mention; else only the kinds that are cited."""

    @classmethod
    def of(cls, evidence_ids: Iterable[str], *, lines: Q | None = None, with_others: bool = True) -> Part:
        """The part that has what these ids name. What is no id is passed over."""
        cited: dict[PieceKind, set[int]] = {}
        for one in evidence_ids:
            kind, key = _KINDS.get(one[:1]), one[1:].partition(".")[0]
            if kind is not None and key.isascii() and key.isdigit() and len(key) <= KEY_DIGITS_MAX:
                cited.setdefault(kind, set()).add(int(key))
        return cls({kind: frozenset(keys) for kind, keys in cited.items()}, lines, with_others)

    def needs(self, kind: PieceKind) -> bool:
        """Whether pieces of this kind are collected at all."""
        if kind == "similar":
            # What is still open of something similar comes with it, as a follow-up.
            return "similar" in self.cited or "follow-up" in self.cited
        return self.with_others or kind in self.cited or (kind == "entry" and self.lines is not None)

    def keys(self, kind: PieceKind) -> frozenset[int]:
        """Which rows of this kind are cited."""
        return self.cited.get(kind, frozenset())

    def of_lines(self, rows: QuerySet[Any, Any]) -> QuerySet[Any, Any]:
        """Those of these lines, which have their beginning as `start`, that belong to it: for what is cited
        also what says the same again, so that it is counted.
        """
        return _with_repeats(rows, self.keys("entry"), self.lines or Q(pk__in=()))

    def of_alerts(self, rows: QuerySet[Any, Any]) -> QuerySet[Any, Any]:
        """The same of alerts."""
        return _with_repeats(rows, self.keys("alert"), Q(pk__in=()))


def _with_repeats(rows: QuerySet[Any, Any], keys: frozenset[int], wanted: Q) -> QuerySet[Any, Any]:
    said = set(rows.order_by().filter(pk__in=keys).values_list("start", flat=True)) if keys else set()
    return rows.filter(wanted | Q(pk__in=keys) | Q(start__in=said))
