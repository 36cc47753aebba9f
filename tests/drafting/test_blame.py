"""What a draft says of its own accord blames nobody."""

from __future__ import annotations

import pytest

from afterword.drafting.blame import WITHHELD, without_blame
from afterword.drafting.citations.check import check_draft
from afterword.drafting.claims import Claim, ClaimKind, Draft, DraftSection
from afterword.drafting.deterministic.drafter import write_draft
from tests.drafting.books import about, book, note, times

pytestmark = pytest.mark.pure


def draft(*claims: Claim) -> Draft:
    return Draft((DraftSection("contributors", "Contributing factors", claims),))


def kept(text: str, kind: ClaimKind = "fact") -> list[tuple[str, str]]:
    claims = without_blame(draft(Claim(text, ("E1",), kind)), ["Thandiwe"]).claims()
    return [(claim.kind, claim.text) for claim in claims]


def test_a_fact_that_blames_becomes_a_gap_with_its_evidence():
    told = draft(
        Claim("Thandiwe missed the alert.", ("E1",)),
        Claim("The pool of db-1 was full.", ("E2",)),
        Claim("The cause was human error.", ("E1",)),
    )
    assert list(without_blame(told, ["Thandiwe"]).claims()) == [
        Claim(WITHHELD, ("E1",), "gap"),
        Claim("The pool of db-1 was full.", ("E2",)),
    ]
    assert kept(WITHHELD, "gap") == [("gap", WITHHELD)], "the words for it blame nobody"


def test_questions_and_proposals_that_blame_are_left_out_and_empty_sections_too():
    assert kept("Why didn't Thandiwe roll back at once?", "question") == []
    assert kept("Remind the engineers to be more careful.", "proposal") == []
    assert without_blame(draft(Claim("Retrain the operators.", (), "proposal"))).sections == ()


def test_what_somebody_wrote_stays_in_its_quotation_marks():
    said = "At 14:20 UTC, Bob wrote: “Thandiwe should have checked the dashboard.”"
    untouched = draft(Claim(said, ("E1",)))
    assert without_blame(untouched, ["Thandiwe"]) is untouched
    assert kept(f"{said} Thandiwe should have checked it.") == [("gap", WITHHELD)]


def test_a_draft_out_of_the_record_blames_nobody_however_much_its_notes_do():
    blaming = "Bob forgot to set the limit. It was human error, and he should have checked the dashboard!"
    told = book(
        about(title="Bob's fault: he forgot to renew the certificate", by_alert=True),
        *times(impact_started=0, detected=6, resolved=42),
        note(1, 30, blaming, mark="diagnosis"),
        note(2, 35, "Carelessness of the operator.", mark="mitigation"),
    )
    written = write_draft(told)
    assert any("should have checked" in claim.text for claim in written.claims()), "it quotes"
    assert without_blame(written, ["Bob", "Alice"]) is written
    assert all(verdict.outcome == "accepted" for verdict in check_draft(written, told))
