"""Books of evidence for tests that need no database."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

from afterword.drafting.evidence.book import EvidenceBook, Piece

STARTED = datetime(2026, 3, 2, 14, 5, tzinfo=UTC)


def after(minutes: float) -> datetime:
    return STARTED + timedelta(minutes=minutes)


def about(**data: Any) -> Piece:
    known = {"title": "Checkout answers slowly", "service": "Checkout", "team": "Payments", **data}
    return Piece(
        id="I1",
        kind="incident",
        at=STARTED,
        until=after(42),
        text="Incident #7: slow",
        incident=7,
        data=known,
    )


def times(**minutes: float) -> list[Piece]:
    """Key timestamps, in minutes after the start."""
    return [
        Piece(
            id=f"T1.{name}",
            kind="timestamp",
            at=after(at),
            text=name.replace("_", " ").capitalize(),
            incident=7,
            data={"name": name},
        )
        for name, at in minutes.items()
    ]


def note(key: int, minutes: float, text: str, person: str = "Bob", **data: Any) -> Piece:
    known = {"kind": "note", "person": person, **data}
    return Piece(
        id=f"E{key}", kind="entry", at=after(minutes), text=text, source=person, incident=7, data=known
    )


def alert(key: int, minutes: float, text: str, **more: Any) -> Piece:
    data = {"type": "critical", **more.pop("data", {})}
    return Piece(
        id=f"A{key}",
        kind="alert",
        at=after(minutes),
        text=text,
        source="Monitoring",
        incident=7,
        data=data,
        **more,
    )


def change(key: int, minutes: float, title: str, *, service: str = "Checkout", **data: Any) -> Piece:
    known = {
        "kind": "Deploy",
        "service": service,
        "own_service": service == "Checkout",
        "before_start": minutes <= 0,
        **data,
    }
    return Piece(id=f"C{key}", kind="change", at=after(minutes), text=title, incident=7, data=known)


def book(
    *pieces: Piece, names: frozenset[str] = frozenset({"Checkout", "Search", "Bob", "Alice"})
) -> EvidenceBook:
    return EvidenceBook(pieces, names=names)


def entry(key: int, minutes: float, text: str, *, kind: str, source: str, **more: Any) -> Piece:
    data = {"kind": kind, **more.pop("data", {})}
    return Piece(
        id=f"E{key}", kind="entry", at=after(minutes), text=text, source=source, incident=7, data=data, **more
    )
