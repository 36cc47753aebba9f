"""What was like this before, what is linked with it, and what is still open from then. Pure."""

from __future__ import annotations

from collections.abc import Iterator

from afterword.drafting.claims import Claim
from afterword.drafting.deterministic.facts import Case
from afterword.drafting.deterministic.words import in_sentence, write_list, write_moment
from afterword.drafting.evidence.book import Piece
from afterword.drafting.quoting import short_quote

OPEN_TOLD_MAX = 5


def tell_similar(case: Case) -> Iterator[Claim]:
    """Each similar post-mortem with what it has in common, then what nobody has finished since."""
    for piece in case.of_kind("related"):
        reason = f": {short_quote(str(piece.data['reason']))}" if piece.data.get("reason") else ""
        text = (
            f"Linked with incident #{piece.data['number']}, {short_quote(str(piece.data['title']))}{reason}"
        )
        yield Claim(in_sentence(text), (piece.id,))
    for piece in case.of_kind("similar"):
        when = f", from {write_moment(piece.at, case.zone)}" if piece.at else ""
        reasons = write_list([str(reason) for reason in piece.data.get("reasons", ())])
        common = f" In common: {in_sentence(reasons)}" if reasons else ""
        yield Claim(
            f"{str(piece.data['noun']).capitalize()} {piece.data['number']}, "
            f"{short_quote(str(piece.data['title']))}{when}, is similar.{common}",
            (piece.id,),
            confidence="Found by words and services; whether it was the same is for people to say.",
        )
        for follow_up in open_since(case, piece)[:OPEN_TOLD_MAX]:
            yield Claim(
                f"Still open since then: {in_sentence(short_quote(follow_up.text))}", (follow_up.id, piece.id)
            )


def open_since(case: Case, similar: Piece) -> list[Piece]:
    """The follow-ups of a similar post-mortem that are not done."""
    return [one for one in case.of_kind("follow-up") if one.data.get("of_similar") == similar.id]
