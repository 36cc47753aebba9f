"""What somebody wrote, as a claim of its own. Pure."""

from __future__ import annotations

from afterword.drafting.claims import Claim
from afterword.drafting.deterministic.facts import Case
from afterword.drafting.deterministic.statements import Said
from afterword.drafting.deterministic.words import at_time, capital, in_sentence
from afterword.drafting.quoting import QUOTE_CHARACTERS_MAX, quote


def wrote(case: Case, said: Said, *, characters_max: int = QUOTE_CHARACTERS_MAX) -> Claim:
    """`At 14:05 UTC Bob wrote: “The pool is full.”`, of a piece that has a time."""
    piece = said.piece
    assert piece.at is not None
    when = capital(at_time(piece.at, case.zone, beside=case.start))
    text = f"{when} {piece.source or 'somebody'} wrote: {quote(said.sentence, characters_max)}"
    return Claim(in_sentence(text), (piece.id,), at=piece.at)
