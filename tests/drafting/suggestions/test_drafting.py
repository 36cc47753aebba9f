"""When a document is drafted, by whom, and what becomes of it when a worker dies."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection

from afterword.accounts.models import Person
from afterword.audit.models import AuditEvent
from afterword.drafting.claims import SECTION_KEYS
from afterword.drafting.suggestions import writes
from afterword.drafting.suggestions.models import (
    ClaimState,
    DocumentDraft,
    OrganisationDrafting,
    SuggestedClaim,
    TeamDrafting,
)
from afterword.drafting.suggestions.rules import Choice
from afterword.drafting.suggestions.writes import work
from afterword.drafting.suggestions.writes.asking import DRAFTS_WAITING_MAX
from afterword.incidents.models import Entry, EntryKind, Incident
from afterword.incidents.privacy.writes import make_private
from afterword.incidents.writes.incidents import resolve_incident
from afterword.lib import clock
from afterword.lib.errors import InvalidInput, NotAllowed, NotFound
from afterword.postmortems.models import Postmortem, Revision, Section
from afterword.postmortems.writes import create_postmortem
from tests.drafting.model.server import Model

Make = Callable[..., Any]


def test_a_document_about_a_resolved_incident_is_drafted_in_its_sections(postmortem: Postmortem):
    draft = DocumentDraft.objects.get()
    assert (draft.state, draft.reason, draft.asked_by, draft.written_by) == (
        "done",
        "resolved",
        None,
        "record",
    )
    assert draft.steps_done == draft.steps > 3
    claims = list(SuggestedClaim.objects.order_by("position"))
    assert draft.claims_new == len(claims) > 10
    titles = dict(Section.objects.filter(postmortem=postmortem).values_list("unique_id", "title"))
    placed = {claim.key: titles.get(claim.section) for claim in claims}
    assert placed["summary"] == "Summary"
    assert placed["timeline"] == "Timeline"
    # What a live section draws is not suggested below it: accepted, it would stand there twice.
    assert "durations" not in placed
    assert not [claim for claim in claims if claim.text.startswith(("It lasted", "Services:", "Its summary"))]
    assert placed["contributors"] == "Contributors"
    assert placed["mitigators"] == "Mitigators"
    assert placed["actions"] == "Follow-up actions"
    assert AuditEvent.objects.filter(action="draft.written", subject_id=str(draft.pk)).exists()
    assert all(not text for text in Section.objects.values_list("text", flat=True) if "200 of 200" in text)


def test_it_waits_until_the_incident_is_resolved(alice: Person, incident: Incident):
    made = create_postmortem(actor=alice, incidents=[incident], title="Checkout is slow")
    assert not DocumentDraft.objects.exists()
    resolve_incident(actor=alice, incident=incident)
    assert DocumentDraft.objects.get().postmortem == made
    assert work.write_next()


def test_no_incident_stays_open_because_too_many_drafts_wait(alice: Person, incident: Incident):
    made = create_postmortem(actor=alice, incidents=[incident], title="Checkout is slow")
    parts = list(SECTION_KEYS)
    for part in parts[:DRAFTS_WAITING_MAX]:
        writes.ask_for_draft(actor=alice, postmortem=made, keys=[part])
    with pytest.raises(InvalidInput, match="are waiting already"):
        writes.ask_for_draft(actor=alice, postmortem=made, keys=parts[:2])
    resolve_incident(actor=alice, incident=incident)
    assert DocumentDraft.objects.filter(reason="resolved").count() == 1


def test_old_suggestions_go_and_nothing_that_came_of_them(
    alice: Person, postmortem: Postmortem, suggested: Make, monkeypatch: pytest.MonkeyPatch
):
    old = suggested("Rolled back to v41", key="timeline")
    Entry.objects.filter(text__startswith="Rolled back").update(text="Rolled back to v40.")
    writes.ask_for_draft(actor=alice, postmortem=postmortem, claim=old)
    work.write_all_waiting()
    new = suggested("Rolled back to v40", key="timeline")
    writes.accept_claims(actor=alice, postmortem=postmortem, claims=[new])
    monkeypatch.setattr(work, "CLAIMS_KEPT_MAX", 1)
    writes.ask_for_draft(actor=alice, postmortem=postmortem)
    work.write_all_waiting()
    assert not SuggestedClaim.objects.filter(pk=old.pk).exists()
    assert SuggestedClaim.objects.get(pk=new.pk).state == "accepted"
    assert new.citations.count() == 1


def test_blank_stays_blank_until_somebody_asks(alice: Person, told_incident: Incident):
    made = create_postmortem(actor=alice, incidents=[told_incident], title="Blank", blank=True)
    assert not DocumentDraft.objects.exists()
    writes.ask_for_draft(actor=alice, postmortem=made)
    assert work.write_all_waiting() == 1
    assert SuggestedClaim.objects.filter(postmortem=made).exists()


@pytest.mark.parametrize("level", ["organisation", "team", "incident"])
def test_it_can_be_off(level: str, alice: Person, told_incident: Incident):
    off = Choice(automatic=False)
    if level == "organisation":
        writes.change_organisation_drafting(actor=alice, choice=off)
    elif level == "team":
        writes.change_team_drafting(actor=alice, team=told_incident.service.team, choice=off)
    else:
        writes.change_incident_drafting(actor=alice, incident=told_incident, choice=off)
    create_postmortem(actor=alice, incidents=[told_incident], title="By hand")
    assert not DocumentDraft.objects.exists()


def test_who_is_nearest_decides_about_drafts_and_who_forbids_about_the_model(
    alice: Person, told_incident: Incident
):
    OrganisationDrafting.objects.create(pk=1, automatic=False)
    TeamDrafting.objects.create(team=told_incident.service.team, automatic=True)
    create_postmortem(actor=alice, incidents=[told_incident], title="The team wants it")
    assert DocumentDraft.objects.count() == 1


def test_a_worker_that_dies_leaves_it_to_the_next_one(alice: Person, postmortem: Postmortem):
    before = SuggestedClaim.objects.count()
    draft = writes.ask_for_draft(actor=alice, postmortem=postmortem)
    now = clock.now()
    taken = work.take_draft(at=now)
    assert taken is not None
    assert taken.draft.pk == draft.pk
    # It is killed here: nobody else gets the draft until its time is over.
    assert work.take_draft(at=now + timedelta(seconds=work.LEASE_SECONDS - 1)) is None
    again = work.take_draft(at=now + timedelta(seconds=work.LEASE_SECONDS + 1))
    assert again is not None
    with pytest.raises(work.Lost):
        work._write(taken)
    work._write(again)
    draft.refresh_from_db()
    assert (draft.state, draft.attempts) == ("done", 2)
    assert SuggestedClaim.objects.count() == before


def test_what_dies_again_and_again_is_given_up(alice: Person, postmortem: Postmortem):
    draft = writes.ask_for_draft(actor=alice, postmortem=postmortem)
    at = clock.now()
    for _ in range(work.ATTEMPTS_MAX):
        assert work.take_draft(at=at) is not None
        at += timedelta(seconds=work.LEASE_SECONDS + 1)
    assert work.take_draft(at=at) is None
    draft.refresh_from_db()
    assert draft.state == "failed"
    assert "ended each time" in draft.failure


@pytest.mark.skipif(connection.vendor == "sqlite", reason="SQLite has one writer anyway")
@pytest.mark.django_db(transaction=True)
def test_of_two_workers_one_gets_it(alice: Person, told_incident: Incident):
    import threading

    create_postmortem(actor=alice, incidents=[told_incident], title="Once")
    found: list[Any] = []

    def take() -> None:
        try:
            found.append(work.take_draft(at=clock.now()))
        finally:
            connection.close()

    threads = [threading.Thread(target=take) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sum(one is not None for one in found) == 1


def test_drafted_again_it_brings_what_is_new_and_nothing_that_was_decided(
    alice: Person, bob: Person, postmortem: Postmortem, told_incident: Incident, suggested: Make
):
    rejected = suggested("began on")
    writes.reject_claims(actor=alice, postmortem=postmortem, claims=[rejected])
    lines = SuggestedClaim.objects.filter(key="timeline").count()
    Entry.objects.create(
        incident=told_incident,
        at=told_incident.resolved_at - timedelta(minutes=1),
        kind=EntryKind.NOTE,
        text="Latency is back to 80 ms.",
        person=bob,
    )
    writes.ask_for_draft(actor=bob, postmortem=postmortem, keys=["timeline"])
    # The same that waits already is not asked twice.
    writes.ask_for_draft(actor=bob, postmortem=postmortem, keys=["timeline"])
    assert work.write_all_waiting() == 1
    assert SuggestedClaim.objects.filter(key="timeline", state="waiting").count() == lines + 1
    writes.ask_for_draft(actor=bob, postmortem=postmortem)
    work.write_all_waiting()
    rejected.refresh_from_db()
    assert rejected.state == ClaimState.REJECTED
    assert SuggestedClaim.objects.filter(text=rejected.text).count() == 1


@pytest.mark.parametrize("decide", [writes.accept_claims, writes.reject_claims], ids=["accepted", "rejected"])
def test_undone_after_a_newer_draft_nothing_waits_in_two_wordings(
    decide: Any, bob: Person, postmortem: Postmortem, suggested: Make
):
    def waiting() -> list[str]:
        found = SuggestedClaim.objects.filter(state=ClaimState.WAITING, text__contains="What helped")
        return [one.text[-22:] for one in found]

    claim = suggested("What helped")
    decide(actor=bob, postmortem=postmortem, claims=[claim])
    writes.ask_for_draft(actor=bob, postmortem=postmortem)
    work.write_all_waiting()
    assert waiting() == []
    writes.undo_last(actor=bob, postmortem=postmortem)
    assert waiting() == [" “Rolled back to v41.”"]
    decide(actor=bob, postmortem=postmortem, claims=[claim])
    Entry.objects.filter(text="Rolled back to v41.").update(text="Rolled back to v40.")
    writes.ask_for_draft(actor=bob, postmortem=postmortem)
    work.write_all_waiting()
    writes.undo_last(actor=bob, postmortem=postmortem)
    assert waiting() == [" “Rolled back to v40.”"]
    claim.refresh_from_db()
    assert (claim.state, claim.decision) == (ClaimState.REPLACED, None)


def test_one_claim_is_written_anew_when_its_evidence_changed(
    alice: Person, postmortem: Postmortem, told_incident: Incident, suggested: Make
):
    claim = suggested("Rolled back to v41", key="timeline")
    writes.ask_for_draft(actor=alice, postmortem=postmortem, claim=claim)
    work.write_all_waiting()
    claim.refresh_from_db()
    assert claim.state == "waiting"  # The record says the same.
    Entry.objects.filter(text__startswith="Rolled back").update(text="Rolled back to v40.")
    writes.ask_for_draft(actor=alice, postmortem=postmortem, claim=claim)
    work.write_all_waiting()
    claim.refresh_from_db()
    assert claim.state == "replaced"
    assert suggested("Rolled back to v40", key="timeline").position == claim.position


def test_a_reader_and_an_outsider_ask_for_nothing(vera: Person, charlie: Person, postmortem: Postmortem):
    with pytest.raises(NotAllowed):
        writes.ask_for_draft(actor=vera, postmortem=postmortem)
    with pytest.raises(NotFound):
        writes.ask_for_draft(actor=charlie, postmortem=postmortem)


# With a model --------------------------------------------------------------------------------------------


def test_a_model_writes_where_one_is_set_up_and_its_name_stands_in_the_history(
    alice: Person, model: Model, postmortem: Postmortem
):
    draft = DocumentDraft.objects.get()
    assert (draft.state, draft.written_by) == ("done", "tiny")
    claim = SuggestedClaim.objects.filter(written_by="tiny", kind="fact").order_by("position")[0]
    writes.accept_claims(actor=alice, postmortem=postmortem, claims=[claim])
    assert Revision.objects.latest("number").note == "By the model tiny: 1 suggestion accepted"
    assert SuggestedClaim.objects.filter(key="timeline").exclude(written_by="record").count() == 0


def test_a_model_that_fails_leaves_the_words_of_the_record_and_the_reason(
    model: Model, alice: Person, told_incident: Incident
):
    model.mood = "words"
    create_postmortem(actor=alice, incidents=[told_incident], title="All the same")
    assert work.write_all_waiting() == 1
    draft = DocumentDraft.objects.get()
    assert (draft.state, draft.written_by) == ("done", "record")
    assert draft.notes["summary"]
    assert SuggestedClaim.objects.filter(key="summary", written_by="record").exists()


@pytest.mark.once
@pytest.mark.parametrize("reason", ["private", "off"])
def test_a_model_is_asked_nothing_where_that_is_not_allowed(
    reason: str, model: Model, alice: Person, told_incident: Incident
):
    if reason == "private":
        make_private(actor=alice, incident=told_incident)
    else:
        writes.change_team_drafting(actor=alice, team=told_incident.service.team, choice=Choice(model=False))
    told_incident.refresh_from_db()
    made = create_postmortem(actor=alice, incidents=[told_incident], title="Ours alone")
    with pytest.raises(InvalidInput):
        writes.ask_for_draft(actor=alice, postmortem=made, with_model=True)
    assert work.write_all_waiting() == 1
    assert DocumentDraft.objects.get().written_by == "record"
    assert model.asked == []
    if reason == "private":
        writes.change_organisation_drafting(actor=alice, choice=Choice(model_private=True))
        writes.ask_for_draft(actor=alice, postmortem=made, with_model=True, keys=["summary"])
        work.write_all_waiting()
        assert model.asked
