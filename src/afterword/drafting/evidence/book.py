"""The pieces of evidence that a draft may cite, and the book that holds them. Pure: no Django.

A piece has the same id however often it is collected: a letter for its kind and the key of its row, as `E12`
for an entry of a timeline. A key timestamp is called by its incident and its name, `T7.detected`.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import cached_property
from typing import Any, Literal

PieceKind = Literal[
    "incident",
    "timestamp",
    "entry",
    "alert",
    "change",
    "field",
    "role",
    "message",
    "maintenance",
    "follow-up",
    "related",
    "similar",
    "answer",
    "attachment",
    "page",
    "escalation",
]

PREFIXES: dict[PieceKind, str] = {
    "incident": "I",
    "timestamp": "T",
    "entry": "E",
    "alert": "A",
    "change": "C",
    "field": "F",
    "role": "R",
    "message": "M",
    "maintenance": "W",
    "follow-up": "U",
    "related": "L",
    "similar": "S",
    "answer": "Q",
    "attachment": "D",
    "page": "P",
    "escalation": "X",
}
"""What the ids of each kind begin with."""
_KINDS = {prefix: kind for kind, prefix in PREFIXES.items()}


@dataclass(frozen=True, slots=True)
class Piece:
    """One thing that is known: what, since when, from whom, and where it can be looked up."""

    id: str
    kind: PieceKind
    text: str
    """What it says, as it stands in the record; cut where it is longer than the book allows."""
    at: datetime | None = None
    source: str = ""
    """Who or what says so."""
    url: str = ""
    """The whole address of the page on which it stands."""
    count: int = 1
    """How many that say the same it stands for; it is the first of them."""
    until: datetime | None = None
    """When the last of them was, or when that which it tells of ended."""
    incident: int | None = None
    """The number of the incident that it belongs to."""
    data: Mapping[str, Any] = field(default_factory=dict)
    """What else is known of it, by name: JSON, and moments."""

    def as_json(self) -> dict[str, Any]:
        """The piece as JSON; what is empty is left out."""
        told: dict[str, Any] = {
            "id": self.id,
            "kind": self.kind,
            "at": _moment(self.at),
            "until": _moment(self.until),
            "text": self.text,
            "source": self.source,
            "url": self.url,
            "count": self.count if self.count > 1 else None,
            "incident": self.incident,
            "data": {name: _plain(value) for name, value in self.data.items()},
        }
        return {name: value for name, value in told.items() if value not in (None, "", {})}


@dataclass(frozen=True)
class EvidenceBook:
    """All evidence for one draft, in the order: what it is about, then everything else by its time."""

    pieces: tuple[Piece, ...]
    left_out: Mapping[str, int] = field(default_factory=dict)
    """How many of each kind there are beyond what the book holds."""
    names: frozenset[str] = frozenset()
    """The names of services, teams and people that a text could mention, whether or not a piece does."""
    behind_left_out: frozenset[str] = frozenset()
    """The ids of lines of which those just before them are left out: over them nothing can be counted."""

    @cached_property
    def _by_id(self) -> dict[str, Piece]:
        return {piece.id: piece for piece in self.pieces}

    def find(self, evidence_id: str) -> Piece | None:
        """The piece with this id, or None."""
        return self._by_id.get(evidence_id)

    def cited(self, evidence_ids: Iterable[str]) -> list[Piece]:
        """The pieces with these ids; those that are not there are left out."""
        return [piece for one in evidence_ids if (piece := self.find(one)) is not None]

    def of_kind(self, *kinds: PieceKind) -> list[Piece]:
        """The pieces of these kinds, in the book's order."""
        return [piece for piece in self.pieces if piece.kind in kinds]

    def as_json(self) -> dict[str, Any]:
        """The book as JSON."""
        return {
            "evidence": [piece.as_json() for piece in self.pieces],
            "left_out": dict(self.left_out),
        }


def kind_of(evidence: str) -> PieceKind | None:
    """The kind of the piece with this id; None for what is no id."""
    return _KINDS.get(evidence[:1])


def evidence_id(kind: PieceKind, key: int, name: str = "") -> str:
    """The id of what has this key: `E12`, or with a name `T7.detected`."""
    return f"{PREFIXES[kind]}{key}.{name}" if name else f"{PREFIXES[kind]}{key}"


def _moment(at: datetime | None) -> str | None:
    return at.astimezone(UTC).isoformat() if at else None


def _plain(value: Any) -> Any:
    if isinstance(value, datetime):
        return _moment(value)
    if isinstance(value, Mapping):
        return {str(name): _plain(one) for name, one in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(one) for one in value]
    return value
