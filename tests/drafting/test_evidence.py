"""What is collected as evidence: everything known, once, for who may see it, and bounded."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.db.models import Q
from django.test import Client
from django.test.utils import CaptureQueriesContext

from afterword.accounts.models import Membership
from afterword.catalog.models import MaintenanceWindow, Service
from afterword.config.evidence import lines_of, tell_evidence
from afterword.config.refusals import Refusal
from afterword.drafting.deterministic.drafter import write_draft
from afterword.drafting.evidence.book import EvidenceBook
from afterword.drafting.evidence.limits import Limits
from afterword.drafting.evidence.parts import Part
from afterword.drafting.evidence.reads import collect_evidence, collect_for_document
from afterword.drafting.similar.writes import index_all_waiting, queue_for_index
from afterword.followups.writes import create_follow_up
from afterword.incidents import writes
from afterword.incidents.facts.writes.services import change_affected_services
from afterword.incidents.merging.writes import merge_incident
from afterword.incidents.models import Alert, AlertType, Change, Entry, EntryKind, EntryMark, Incident
from afterword.incidents.privacy.writes import make_private
from afterword.lib import ids
from afterword.lib.errors import NotFound
from afterword.postmortems.writes import create_postmortem
from tests.cast import STARTED

NOW = STARTED + timedelta(hours=2)


def _collect(actor: Any, *incidents: Incident, **limits: Any) -> EvidenceBook:
    return collect_evidence(actor, list(incidents), now=NOW, limits=Limits(**limits))


def _alert(incident: Incident, integration: Any, minutes: int, message: str, **more: Any) -> Alert:
    return Alert.objects.create(
        trace_id=ids.new_uuid(),
        integration=integration,
        incident=incident,
        alert_type=AlertType.CRITICAL,
        entity_id="db-1",
        message=message,
        received_at=STARTED + timedelta(minutes=minutes),
        **more,
    )


def _change(service: Service, minutes: int, title: str) -> Change:
    at = STARTED + timedelta(minutes=minutes)
    return Change.objects.create(
        trace_id=ids.new_uuid(),
        service=service,
        title=title,
        at=at,
        received_at=at,
        version="v42",
        author="Bob",
    )


def _note(incident: Incident, minutes: int, text: str, person: Any = None, **more: Any) -> Entry:
    at = STARTED + timedelta(minutes=minutes)
    return Entry.objects.create(
        incident=incident,
        at=at,
        kind=EntryKind.NOTE,
        text=text,
        person=person,
        source=str(person or ""),
        **more,
    )


@pytest.fixture
def search(other_team):
    return Service.objects.create(team=other_team, name="Search")


def test_everything_that_is_known_is_there_with_an_id_a_time_a_source_and_an_address(
    alice, bob, integration, make_incident, service
):
    incident = make_incident(resolved_after=timedelta(minutes=42), integration=integration)
    alert = _alert(
        incident, integration, 1, "Pool is full", payload={"labels": {"region": "eu-west"}, "value": 200}
    )
    entry = _note(incident, 30, "Rolled back.", bob, mark=EntryMark.MITIGATION)
    change = _change(service, -7, "Deploy v42")
    window = MaintenanceWindow.objects.create(
        team=service.team,
        name="Index rebuild",
        starts_at=STARTED - timedelta(hours=3),
        ends_at=STARTED - timedelta(hours=1),
    )
    window.services.add(service)
    follow_up = create_follow_up(actor=alice, incident=incident, title="Alert on the pool")
    book = _collect(bob, incident)
    assert {piece.kind for piece in book.pieces} >= {
        *("incident", "timestamp", "entry", "alert", "change", "maintenance", "follow-up")
    }
    found = {piece.id: piece for piece in book.pieces}
    assert len(found) == len(book.pieces)
    assert found[f"A{alert.pk}"].data["labels"] == {"labels.region": "eu-west", "value": "200"}
    assert found[f"E{entry.pk}"].data["mark"] == "mitigation"
    assert found[f"E{entry.pk}"].url.endswith(f"/incidents/{incident.number}/entries/{entry.unique_id}")
    assert found[f"C{change.pk}"].data["version"] == "v42"
    assert found[f"W{window.pk}"].until == STARTED - timedelta(hours=1)
    assert found[f"U{follow_up.pk}"].text == "Alert on the pool"
    assert found[f"T{incident.pk}.resolved"].at == incident.resolved_at
    assert all(piece.url.startswith("http") and piece.source for piece in book.pieces)


def test_ids_are_the_same_when_it_is_collected_again_later(bob, incident):
    before = [piece.id for piece in _collect(bob, incident).pieces]
    _note(incident, -5, "Written afterwards about what was before.", bob)
    after = [piece.id for piece in _collect(bob, incident).pieces]
    assert [one for one in after if one in before] == before


def test_changes_are_those_of_its_services_from_the_day_before_until_its_end(
    alice, other_team, make_incident, service, search
):
    incident = make_incident(resolved_after=timedelta(minutes=42))
    own, during = _change(service, -60, "Deploy"), _change(service, 20, "Rollback")
    _change(service, -25 * 60, "Long before")
    _change(service, 60, "Afterwards")
    _change(search, -30, "Of a service that has nothing to do with it")
    assert [one.id for one in _collect(alice, incident).of_kind("change")] == [f"C{own.pk}", f"C{during.pk}"]
    change_affected_services(actor=alice, incident=incident, services=[search])
    assert len(_collect(alice, incident).of_kind("change")) == 3


def test_what_is_said_again_is_one_piece_with_a_count(bob, incident, integration):
    for minute in range(1, 9):
        _alert(incident, integration, minute, "CPU is high")
        at = STARTED + timedelta(minutes=minute)
        Entry.objects.create(incident=incident, at=at, kind=EntryKind.ALERT, text="CPU is high", source="M")
    book = _collect(bob, incident)
    (alert,) = book.of_kind("alert")
    (entry,) = [one for one in book.of_kind("entry") if one.text == "CPU is high"]
    assert (alert.count, alert.until) == (8, STARTED + timedelta(minutes=8))
    assert (entry.count, entry.at, entry.until) == (8, STARTED + timedelta(minutes=1), alert.until)
    assert book.of_kind("incident")[0].data["alerts"] == 8


def test_that_an_alert_is_over_is_not_the_alert_said_again(bob, incident, integration):
    for minute, kind in ((1, AlertType.CRITICAL), (4, AlertType.RESOLVED), (6, AlertType.CRITICAL)):
        sent = _alert(incident, integration, minute, "Pool is full")
        Alert.objects.filter(pk=sent.pk).update(alert_type=kind)
        line = _note(incident, minute, "Pool is full")
        Entry.objects.filter(pk=line.pk).update(kind=EntryKind.ALERT, source="Monitoring", alert=sent)
    lines = [one for one in _collect(bob, incident).of_kind("entry") if one.text == "Pool is full"]
    told = {one.data["severity"]: one.count for one in lines}
    assert told == {"critical": 2, "resolved": 1}


def test_the_book_is_bounded_and_says_what_it_leaves_out(bob, incident, integration):
    for minute in range(40):
        _note(incident, minute, f"Step {minute}: {'long ' * 400}", bob)
        Entry.objects.create(
            incident=incident, at=STARTED, kind=EntryKind.ALERT, text=f"Alert {minute}", source="M"
        )
    book = _collect(bob, incident, entries_max=20, text_characters_max=100)
    entries = book.of_kind("entry")
    assert len(entries) == 20
    assert book.left_out["entries"] == 61
    notes = [one.text for one in entries if one.data["kind"] == "note"]
    assert [text[:7] for text in notes] == [f"Step {one}:"[:7] for one in (0, 1, 2, 3, 4, 35, 36, 37, 38, 39)]
    assert max(len(one.text) for one in entries) == 100
    gaps = [claim.text for claim in write_draft(book).claims() if claim.kind == "gap"]
    assert "The record has 61 more lines than this draft was written from." in gaps


def test_what_people_hid_and_edits_of_the_record_are_no_evidence(bob, incident):
    _note(incident, 1, "Hidden", bob, hidden_at=NOW)
    Entry.objects.create(
        incident=incident, at=NOW, kind=EntryKind.EDIT, text="Changed the title", source="Bob"
    )
    assert {one.text for one in _collect(bob, incident).of_kind("entry")} == {incident.title}


def test_a_long_incident_asks_no_more_than_a_short_one(bob, make_incident, integration, service):
    short = make_incident(resolved_after=timedelta(minutes=42))
    long = make_incident(resolved_after=timedelta(minutes=42))
    _note(short, 0, "Step", bob)
    _alert(short, integration, 0, "Alert")
    for minute in range(30):
        _note(long, minute, f"Step {minute}", bob)
        _alert(long, integration, minute, f"Alert {minute}")
        _change(service, minute, f"Deploy {minute}")
    with CaptureQueriesContext(connection) as for_short:
        _collect(bob, short)
    with CaptureQueriesContext(connection) as for_long:
        _collect(bob, long)
    assert len(for_long) == len(for_short) <= 27


# Who reads ---------------------------------------------------------------------------------------------


def test_an_outsider_collects_nothing(charlie, incident):
    assert _collect(charlie, incident) == EvidenceBook(())


def test_a_private_incident_is_its_members_alone(alice, bob, incident):
    make_private(actor=bob, incident=incident)
    assert _collect(alice, incident) == EvidenceBook(())
    assert _collect(bob, incident).of_kind("incident")


def test_a_reader_gets_nothing_of_a_service_of_another_team(alice, bob, incident, search):
    change_affected_services(actor=alice, incident=incident, services=[search])
    change = _change(search, -5, "Secret deploy of another team")
    assert f"C{change.pk}" in {one.id for one in _collect(alice, incident).pieces}
    told = str(_collect(bob, incident))
    assert "Secret deploy" not in told
    assert "Search" not in told


def test_for_a_document_only_what_all_its_readers_may_see_is_collected(
    alice, incident, search, resolved_incident
):
    change_affected_services(actor=alice, incident=incident, services=[search])
    own, _ = _change(incident.service, -9, "Own deploy"), _change(search, -5, "Secret deploy of another team")
    postmortem = create_postmortem(actor=alice, incidents=[incident], title="Slow")
    book = collect_for_document(postmortem, now=NOW)
    assert [one.id for one in book.of_kind("change")] == [f"C{own.pk}"]
    assert resolved_incident.number not in {one.incident for one in book.pieces}


def test_what_was_similar_before_is_there_with_its_reasons_and_what_is_open_for_whoever_reads(
    alice, bob, make_incident, other_team, search
):
    before = make_incident(title="Pool of payments exhausted", resolved_after=timedelta(minutes=5))
    hidden = make_incident(title="Pool of payments exhausted", on=search, resolved_after=timedelta(minutes=5))
    incident = make_incident(title="Pool of payments exhausted again", started=STARTED + timedelta(days=1))
    # Seen before is what began before.
    later = make_incident(title="Pool of payments exhausted again", started=STARTED + timedelta(days=2))
    follow_up = create_follow_up(actor=alice, incident=before, title="Alert on the pool")
    queue_for_index(incidents=[before.pk, hidden.pk, later.pk])
    index_all_waiting()
    for book in (
        _collect(bob, incident),
        collect_for_document(create_postmortem(actor=alice, incidents=[incident], title="Slow"), now=NOW),
    ):
        assert [one.data["number"] for one in book.of_kind("similar")] == [before.number]
        (similar,) = book.of_kind("similar")
        assert "the same service, Checkout" in similar.data["reasons"]
        (open_one,) = book.of_kind("follow-up")
        assert (open_one.id, open_one.data["of_similar"]) == (f"U{follow_up.pk}", similar.id)
    seen_by_alice = {one.data["number"] for one in _collect(alice, incident).of_kind("similar")}
    assert seen_by_alice == {before.number, hidden.number}


def test_what_was_merged_into_it_is_evidence_too(alice, bob, make_incident):
    one, other = make_incident(), make_incident(title="The same from elsewhere")
    merge_incident(actor=alice, source=other, target=one)
    one.refresh_from_db()
    texts = {piece.text for piece in _collect(bob, one).of_kind("entry")}
    assert "The same from elsewhere" in texts


# At the console ----------------------------------------------------------------------------------------


def test_the_command_prints_what_its_reader_may_see(alice, bob, charlie, incident):
    _note(incident, 3, "Looks like \x1b[31mred\x1b[0m text", bob)
    lines = list(lines_of(tell_evidence(str(incident.number), by="bob@example.com")))
    assert lines[0].startswith(f"I{incident.pk} ")
    assert any(re.match(r"E\d+ +2026-03-02 14:08:00Z  Bob: Looks like \[31mred", line) for line in lines)
    assert "\x1b" not in "".join(lines)
    assert tell_evidence(f"#{incident.number}", by="").as_json()["evidence"][0]["id"] == f"I{incident.pk}"
    with pytest.raises(NotFound):
        tell_evidence(str(incident.number), by="charlie@example.com")
    with pytest.raises(Refusal):
        tell_evidence(str(incident.number), by="nobody@example.com")


def test_each_address_leads_to_a_page_that_the_reader_may_open(bob, incident, integration, service, sign_in):
    _alert(incident, integration, 1, "Pool is full")
    _note(incident, 3, "Looked.", bob)
    _change(service, -7, "Deploy v42")
    client: Client = sign_in(bob)
    Membership.objects.get_or_create(team=service.team, person=bob)
    paths = {re.sub(r"^https?://[^/]+|#.*$", "", piece.url) for piece in _collect(bob, incident).pieces}
    assert len(paths) >= 4
    assert {client.get(path).status_code for path in paths} == {200}


def test_writes_leave_evidence_that_a_draft_can_be_made_of(alice, bob, service):
    incident = writes.create_incident(actor=alice, service=service, title="Checkout answers slowly")
    writes.add_note(actor=bob, incident=incident, text="Rolled back to v41.", mark=EntryMark.MITIGATION)
    writes.resolve_incident(actor=bob, incident=incident)
    incident.refresh_from_db()
    draft = write_draft(collect_evidence(bob, [incident], now=incident.resolved_at))
    assert [section.key for section in draft.sections][:2] == ["summary", "timeline"]
    assert any("Rolled back to v41." in claim.text for claim in draft.claims())


def test_a_part_of_a_book_says_what_the_whole_book_says(alice, bob, resolved_incident, integration):
    for minutes in range(6):
        _note(resolved_incident, minutes, f"Note {minutes}", bob)
        _alert(resolved_incident, integration, minutes, "The pool is full")
        Entry.objects.create(
            incident=resolved_incident,
            at=STARTED + timedelta(minutes=minutes),
            kind=EntryKind.ALERT,
            text="The pool is full",
            source="Prometheus bridge",
        )
    Entry.objects.create(
        incident=resolved_incident, at=STARTED, kind=EntryKind.CHAT, text="Who knows?", source="Zoë"
    )
    starred = _note(resolved_incident, 9, "Starred", alice, starred_at=NOW)
    _change(resolved_incident.service, -5, "Deploy v42")
    postmortem = create_postmortem(actor=alice, incidents=[resolved_incident], title="Slow")
    whole = collect_for_document(postmortem, now=NOW)
    repeated = next(one for one in whole.of_kind("entry") if one.count == 6)
    (alert,) = whole.of_kind("alert")
    note = next(one for one in whole.of_kind("entry") if one.text == "Note 3")
    ids_cited = [repeated.id, alert.id, note.id, "E987654321", "E1x", "?"]
    part = Part.of(ids_cited, lines=Q(starred_at__isnull=False))
    book = collect_for_document(postmortem, now=NOW, part=part)
    star = whole.find(f"E{starred.pk}")
    assert book.of_kind("entry", "alert") == [
        one for one in whole.of_kind("entry", "alert") if one in (repeated, alert, note, star)
    ]
    assert [one for one in book.pieces if one.kind not in ("entry", "alert")] == [
        one for one in whole.pieces if one.kind not in ("entry", "alert")
    ]
    assert book.names == whole.names
    assert book.find("E987654321") is None
    # What is cited is there, also where the whole book has no room for it.
    small = collect_for_document(postmortem, now=NOW, part=part, limits=Limits(entries_max=1))
    assert small.cited([repeated.id, note.id]) == [repeated, note]
    only = collect_for_document(postmortem, now=NOW, part=Part.of([note.id], with_others=False))
    assert [one.kind for one in only.pieces if one.kind != "timestamp"] == ["incident", "entry"]
