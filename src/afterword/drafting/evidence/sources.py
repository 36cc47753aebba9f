"""Where further evidence comes from: rooms and packages that collect something of their own for the book.

They register in their AppConfig.ready(): `register_source("page", read_pages, still_there=find_pages)`.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from django.db.models import QuerySet

from afterword.drafting.evidence.book import Piece, PieceKind
from afterword.drafting.evidence.limits import cut_text
from afterword.incidents.models import Incident
from afterword.postmortems.models import Postmortem


@dataclass(frozen=True)
class Scope:
    """What a source is asked for: what belongs to one incident that may be seen."""

    incident: Incident
    family: Sequence[int]
    """The keys of the incident and of those merged into it that may be seen."""
    documents: QuerySet[Postmortem]
    """The post-mortems that may be read by all whom the book is for."""
    pieces_max: int
    text_characters_max: int

    def cut(self, text: str) -> str:
        """The text as long as a piece may be."""
        return cut_text(text, self.text_characters_max)


class Gathered(NamedTuple):
    """What a source found, at most `pieces_max`, and how many there are beyond."""

    pieces: Sequence[Piece]
    left_out: int = 0


Source = Callable[[Scope], Gathered]
"""Collects in a fixed number of queries, however much there is."""

StillThere = Callable[[Collection[int], Collection[int]], Iterable[tuple[int, int]]]
"""Of rows with these keys, in one query: those that are evidence of these incidents now, each with the key of
its incident."""

_sources: dict[PieceKind, Source] = {}
_still_there: dict[PieceKind, StillThere] = {}


def register_source(kind: PieceKind, source: Source, *, still_there: StillThere | None = None) -> None:
    """Have `source` asked for its kind of evidence for every book.

    `still_there` is asked before something is told of a piece that was collected earlier. Only a kind for
    which `suggestions.reads.sight` asks by itself does without.
    """
    _sources[kind] = source
    if still_there is not None:
        _still_there[kind] = still_there


def asks_for(kind: PieceKind) -> StillThere | None:
    """Who knows whether pieces of this kind are still there; None when nobody has registered for it."""
    return _still_there.get(kind)


def gather(scope: Scope, needs: Callable[[PieceKind], bool]) -> Iterator[tuple[PieceKind, Gathered]]:
    """What every source finds whose kind is needed."""
    for kind, source in _sources.items():
        if needs(kind):
            yield kind, source(scope)
