"""What people do with incidents, and what of it stands in the record."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction

from afterword.accounts.models import Person
from afterword.audit.models import AuditEvent
from afterword.catalog.models import Service
from afterword.incidents import writes
from afterword.incidents.errors import AlreadyAcknowledged, AlreadyResolved, SummaryChanged
from afterword.incidents.models import EntryKind, Incident, IncidentStatus
from afterword.incidents.writes.incidents import summary_digest
from afterword.lib import clock
from afterword.lib.errors import InvalidInput, NotAllowed, NotFound
from tests.cast import STARTED


def told(incident: Incident) -> list[tuple[str, str, str]]:
    return [(entry.kind, entry.text, entry.source) for entry in incident.entries.all()]


def test_a_report_names_its_reporter_and_when(bob: Person, service: Service) -> None:
    started = clock.now() - timedelta(hours=2)
    incident = writes.create_incident(
        actor=bob, service=service, title="  Tills\tare down ", summary="All\r\nof them", started_at=started
    )
    assert (incident.number, incident.title, incident.summary) == (1, "Tills are down", "All\nof them")
    assert incident.started_at == started
    assert incident.reported_at == incident.created_at
    assert incident.detected_at is None
    assert incident.entity_id.startswith("manual-")
    assert told(incident) == [(EntryKind.STATUS, "Reported the incident.", "Bob")]
    event = AuditEvent.objects.get()
    assert (event.action, event.actor_name, event.team_id) == ("incident.created", "Bob", service.team_id)


def test_an_incident_of_yesterday_can_be_written_down_today(bob: Person, service: Service) -> None:
    now = clock.now()
    incident = writes.create_incident(
        actor=bob, service=service, title="Tills", started_at=now - timedelta(days=1)
    )
    ended = now - timedelta(hours=20)
    assert writes.resolve_incident(actor=bob, incident=incident, at=ended).resolved_at == ended


def test_resolving_tells_when_it_was_fixed(bob: Person, incident: Incident) -> None:
    at = STARTED + timedelta(minutes=42)
    resolved = writes.resolve_incident(actor=bob, incident=incident, at=at)
    assert (resolved.resolved_at, resolved.fixed_at) == (at, at)
    assert told(resolved)[-1] == (EntryKind.STATUS, "Resolved the incident.", "Bob")


def test_resolving_keeps_an_earlier_fix(bob: Person, incident: Incident) -> None:
    fixed = STARTED + timedelta(minutes=30)
    Incident.objects.update(fixed_at=fixed)
    assert writes.resolve_incident(actor=bob, incident=incident).fixed_at == fixed


def test_what_is_over_is_neither_acknowledged_nor_resolved_again(bob: Person, incident: Incident) -> None:
    writes.acknowledge_incident(actor=bob, incident=incident)
    with pytest.raises(AlreadyAcknowledged):
        writes.acknowledge_incident(actor=bob, incident=incident)
    writes.resolve_incident(actor=bob, incident=incident)
    for write in (writes.acknowledge_incident, writes.resolve_incident):
        with pytest.raises(AlreadyResolved):
            write(actor=bob, incident=incident)
    assert [event.action for event in AuditEvent.objects.order_by("id")] == [
        "incident.acknowledged",
        "incident.resolved",
        "flow.started",
    ]


def test_the_same_words_change_nothing(bob: Person, incident: Incident) -> None:
    writes.change_title(actor=bob, incident=incident, title=incident.title)
    writes.change_summary(actor=bob, incident=incident, summary="  ")
    assert not AuditEvent.objects.exists()
    assert incident.entries.count() == 1


def test_a_new_title_and_summary_stand_in_the_timeline(bob: Person, incident: Incident) -> None:
    writes.change_title(actor=bob, incident=incident, title="Tills")
    writes.change_summary(actor=bob, incident=incident, summary="All of them")
    assert [(kind, text) for kind, text, _ in told(incident)[1:]] == [
        (EntryKind.EDIT, "Renamed “Checkout answers slowly” to “Tills”."),
        (EntryKind.EDIT, "Changed the summary."),
    ]
    assert AuditEvent.objects.get(action="incident.summarised").data == {"before": "", "after": "All of them"}


def test_a_summary_written_from_an_older_one_is_refused(bob: Person, incident: Incident) -> None:
    seen = summary_digest(incident.summary)
    writes.change_summary(actor=bob, incident=incident, summary="One", started_from=seen)
    with pytest.raises(SummaryChanged):
        writes.change_summary(actor=bob, incident=incident, summary="Two", started_from=seen)
    incident.refresh_from_db()
    assert incident.summary == "One"


@pytest.mark.parametrize("title", ["", " \n ", "\u202e\x00", "x" * 301])
def test_a_title_must_say_something_in_300_characters(bob: Person, service: Service, title: str) -> None:
    with pytest.raises(InvalidInput) as refusal:
        writes.create_incident(actor=bob, service=service, title=title)
    assert list(refusal.value.fields) == ["title"]
    assert not Incident.objects.exists()


def test_what_turns_text_around_is_taken_out(bob: Person, service: Service) -> None:
    incident = writes.create_incident(
        actor=bob, service=service, title="abc\u202efed\x00", summary="x\u2066y"
    )
    assert (incident.title, incident.summary) == ("abcfed", "xy")


def test_a_note_may_be_about_earlier_but_not_about_the_future(bob: Person, incident: Incident) -> None:
    earlier = STARTED + timedelta(minutes=1)
    assert writes.add_note(actor=bob, incident=incident, text="Looked", at=earlier).at == earlier
    with pytest.raises(InvalidInput):
        writes.add_note(actor=bob, incident=incident, text="Saw", at=clock.now() + timedelta(hours=1))
    with pytest.raises(InvalidInput):
        writes.add_note(actor=bob, incident=incident, text="x" * 20_001)


def test_a_resolved_incident_takes_notes(bob: Person, resolved_incident: Incident) -> None:
    writes.add_note(actor=bob, incident=resolved_incident, text="What we saw later")
    assert told(resolved_incident)[-1] == (EntryKind.NOTE, "What we saw later", "Bob")


def test_viewers_and_outsiders_write_nothing(
    vera: Person, charlie: Person, service: Service, incident: Incident
) -> None:
    for actor, refusal in ((vera, NotAllowed), (charlie, NotFound)):
        with pytest.raises(refusal):
            writes.create_incident(actor=actor, service=service, title="x")
        with pytest.raises(refusal):
            writes.resolve_incident(actor=actor, incident=incident)
        with pytest.raises(refusal):
            writes.acknowledge_incident(actor=actor, incident=incident)
        with pytest.raises(refusal):
            writes.change_title(actor=actor, incident=incident, title="x")
        with pytest.raises(refusal):
            writes.change_summary(actor=actor, incident=incident, summary="x")
        with pytest.raises(refusal):
            writes.add_note(actor=actor, incident=incident, text="x")
    assert Incident.objects.count() == 1
    assert not AuditEvent.objects.exists()


def test_the_database_refuses_an_end_before_the_start(incident: Incident) -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        Incident.objects.update(status=IncidentStatus.RESOLVED, resolved_at=STARTED - timedelta(seconds=1))
    with pytest.raises(IntegrityError), transaction.atomic():
        Incident.objects.update(status=IncidentStatus.RESOLVED)
