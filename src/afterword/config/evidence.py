"""`afterword evidence`: what is known of an incident, as somebody of the organisation may see it."""

from __future__ import annotations

from collections.abc import Iterator

from afterword.accounts import reads as accounts
from afterword.config.refusals import CANNOT_AS_CONFIGURED, Refusal
from afterword.documents import plain_text
from afterword.drafting.evidence.book import EvidenceBook, Piece
from afterword.drafting.evidence.reads import collect_evidence
from afterword.incidents.reads import get_incident
from afterword.lib import clock
from afterword.postmortems.importing.reads import first_owner


def tell_evidence(incident: str, *, by: str) -> EvidenceBook:
    """The evidence of the incident with this number or unique id, for who has this address, or an owner.

    Raises Refusal for a person who is not there; NotFound.
    """
    reader = accounts.find_person(by) if by else first_owner()
    if reader is None or not reader.is_active:
        raise Refusal(
            f"Nobody here has the address {by}." if by else "There is no owner yet.", CANNOT_AS_CONFIGURED
        )
    return collect_evidence(reader, [get_incident(reader, incident.removeprefix("#"))], now=clock.now())


def lines_of(book: EvidenceBook) -> Iterator[str]:
    """The book for a terminal: each piece on a line, its address on the next."""
    for piece in book.pieces:
        yield _line(piece)
        if piece.url:
            yield f"    {piece.url}"
    for kind, count in sorted(book.left_out.items()):
        if count:
            yield f"({count:,} more {kind} than fit)"


def _line(piece: Piece) -> str:
    when = f"{piece.at:%Y-%m-%d %H:%M:%S}Z" if piece.at else " " * 20
    repeated = f" ({piece.count:,} times)" if piece.count > 1 else ""
    # What came from outside could otherwise write to the terminal what it likes.
    return f"{piece.id:<14} {when}  {plain_text(piece.source)}: {plain_text(piece.text)}{repeated}"
