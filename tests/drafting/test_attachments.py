"""Files and links of the timeline, and how messages arrived, as evidence."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from afterword.drafting.citations.check import check_claim
from afterword.drafting.claims import Claim
from afterword.drafting.evidence import attachments
from afterword.drafting.evidence.book import EvidenceBook
from afterword.drafting.evidence.limits import Limits
from afterword.drafting.evidence.reads import collect_evidence, collect_for_document
from afterword.incidents.models import (
    DeliveryState,
    Entry,
    EntryKind,
    Incident,
    StakeholderDelivery,
    StakeholderMessage,
)
from afterword.incidents.timeline.files import uploads_folder
from afterword.incidents.writes import attach_file, attach_link
from afterword.postmortems.writes import create_postmortem
from tests.cast import STARTED

NOW = STARTED + timedelta(hours=2)


def _collect(actor: Any, incident: Incident, **limits: Any) -> EvidenceBook:
    return collect_evidence(actor, [incident], now=NOW, limits=Limits(**limits))


@pytest.fixture
def entry(bob: Any, incident: Incident) -> Entry:
    return Entry.objects.create(
        incident=incident,
        at=STARTED + timedelta(minutes=5),
        kind=EntryKind.NOTE,
        text="The log of the pool.",
        person=bob,
        source="Bob",
    )


def test_a_small_text_file_is_evidence_with_what_it_says(alice, bob, entry, incident):
    log = "14:07 pool exhausted: 200 of 200 connections in use\n" + "noise\n" * 500
    made = attach_file(actor=bob, entry=entry, data=log.encode(), file_name="pool.log", title="")
    postmortem = create_postmortem(actor=alice, incidents=[incident], title="Slow")
    for book in (_collect(bob, incident), collect_for_document(postmortem, now=NOW)):
        (piece,) = book.of_kind("attachment")
        assert piece.id == f"D{made.pk}"
        assert piece.text == f"pool.log (text/plain, {len(log):,} bytes)"
        assert (piece.at, piece.source) == (entry.at, "Bob")
        assert piece.url.endswith(f"/incidents/{incident.number}/entries/{entry.unique_id}")
        assert piece.data["entry"] == f"E{entry.pk}"
        assert piece.data["content"].startswith("14:07 pool exhausted")
        assert len(piece.data["content"]) == Limits().text_characters_max
        told = Claim("The log says “pool exhausted: 200 of 200 connections in use”.", (piece.id,))
        assert check_claim(told, book).outcome != "refused"


def test_links_are_there_and_large_or_lost_files_are_told_without_their_text(
    bob, entry, incident, monkeypatch: pytest.MonkeyPatch
):
    attach_link(actor=bob, entry=entry, url="https://graphs.example/d/7", title="Connections")
    gone = attach_file(actor=bob, entry=entry, data=b"a,b\n1,2\n", file_name="lost.csv", title="")
    (uploads_folder() / gone.digest[:2] / gone.digest).unlink()
    attach_file(actor=bob, entry=entry, data=b"x" * 200, file_name="large.txt", title="All of it")
    monkeypatch.setattr(attachments, "TEXT_BYTES_MAX", 100)
    link, lost, large = _collect(bob, incident).of_kind("attachment")
    assert (link.data["link"], link.data["title"]) == ("https://graphs.example/d/7", "Connections")
    assert large.text == "large.txt (text/plain, 200 bytes): All of it"
    assert not any("content" in one.data for one in (link, lost, large))


def test_what_is_hidden_or_taken_away_or_beyond_the_limit_is_none(alice, bob, charlie, entry, incident):
    for place in range(3):
        attach_link(actor=bob, entry=entry, url=f"https://graphs.example/d/{place}", title="")
    book = _collect(bob, incident, others_max=2)
    assert len(book.of_kind("attachment")) == 2
    assert book.left_out["attachments"] == 1
    assert not _collect(charlie, incident).pieces
    Entry.objects.filter(pk=entry.pk).update(hidden_at=NOW)
    assert not _collect(bob, incident).of_kind("attachment")


def test_a_message_tells_how_many_it_reached_and_not_whom(bob, incident):
    message = StakeholderMessage.objects.create(incident=incident, subject="Payments are slow", body="Sorry.")
    for place, state in enumerate((DeliveryState.SENT, DeliveryState.SENT, DeliveryState.FAILED)):
        StakeholderDelivery.objects.create(message=message, email=f"who{place}@example.com", state=state)
    (piece,) = _collect(bob, incident).of_kind("message")
    assert (piece.data["sent"], piece.data["failed"]) == (2, 1)
    assert "who0" not in str(piece)
