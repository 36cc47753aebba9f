"""What happens when time passes: broken promises are noted, what is silent is resolved. Each once."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest

from afterword.accounts.models import Person, Team
from afterword.audit.models import AuditEvent
from afterword.catalog.models import Integration, Service, Sla
from afterword.incidents import writes
from afterword.incidents.models import Entry, EntryKind, Incident, IncidentEntity, IncidentStatus
from afterword.incidents.writes.timers import note_broken_promises, resolve_silent_incidents
from tests.cast import STARTED
from tests.together import ask, at_once

Make = Callable[..., Incident]


def after(minutes: float):
    return STARTED + timedelta(minutes=minutes)


@pytest.fixture
def sla(team: Team) -> Sla:
    return Sla.objects.create(team=team, name="Gold", acknowledge_minutes=15, resolve_minutes=60)


@pytest.fixture
def promised(make_incident: Make, sla: Sla) -> Incident:
    return make_incident(sla=sla, acknowledge_due_at=after(15), resolve_due_at=after(60))


def _told(kind: EntryKind = EntryKind.SLA) -> list[str]:
    return list(Entry.objects.filter(kind=kind).order_by("id").values_list("text", flat=True))


def test_nothing_is_noted_before_its_time(promised: Incident):
    assert note_broken_promises(at=after(15)) == 0
    assert _told() == []


def test_a_broken_promise_is_noted_once_and_at_its_time(promised: Incident):
    assert [note_broken_promises(at=after(minutes)) for minutes in (15.1, 15.2, 30)] == [1, 0, 0]
    assert _told() == [
        "The SLA “Gold” is broken: promised to be acknowledged by 2 Mar 2026, 14:20 UTC, "
        "and not acknowledged by then."
    ]
    entry = Entry.objects.get(kind=EntryKind.SLA)
    assert (entry.at, entry.source) == (after(15), "SLA timer")
    event = AuditEvent.objects.get(action="incident.sla_breached")
    assert (event.actor_kind, event.actor_name, event.data["promise"]) == (
        "system",
        "SLA timer",
        "acknowledge",
    )
    promised.refresh_from_db()
    assert promised.acknowledge_breached_at == after(15.1)
    assert promised.resolve_breached_at is None


def test_both_promises_are_noted_for_themselves(promised: Incident):
    assert note_broken_promises(at=after(61)) == 2
    first, second = _told()
    assert "promised to be acknowledged" in first
    assert "promised to be resolved" in second


def test_what_was_done_in_time_is_never_noted(promised: Incident):
    Incident.objects.update(acknowledged_at=after(15))
    assert note_broken_promises(at=after(59)) == 0
    Incident.objects.update(status=IncidentStatus.RESOLVED, resolved_at=after(60))
    assert note_broken_promises(at=after(600)) == 0


def test_who_resolves_in_time_has_acknowledged(promised: Incident):
    Incident.objects.update(status=IncidentStatus.RESOLVED, resolved_at=after(10))
    assert note_broken_promises(at=after(600)) == 0


def test_a_timer_that_slept_notes_what_was_done_too_late(promised: Incident):
    Incident.objects.update(acknowledged_at=after(26), status=IncidentStatus.ACKNOWLEDGED)
    assert note_broken_promises(at=after(50)) == 1
    assert _told() == [
        "The SLA “Gold” is broken: promised to be acknowledged by 2 Mar 2026, 14:20 UTC, "
        "and acknowledged at 2 Mar 2026, 14:31 UTC, 11 min late."
    ]
    assert Entry.objects.get(kind=EntryKind.SLA).at == after(15)


@pytest.fixture
def silent(make_incident: Make, integration: Integration, service: Service) -> Incident:
    service.auto_resolve_minutes = 30
    service.save()
    incident = make_incident(integration=integration, last_alert_at=after(5))
    IncidentEntity.objects.create(
        incident=incident, integration=integration, entity_id="db-1", joined_at=STARTED
    )
    return incident


def test_what_no_alert_speaks_of_is_resolved_when_the_service_says(silent: Incident):
    assert [resolve_silent_incidents(at=after(minutes)) for minutes in (34.9, 35, 36)] == [0, 1, 0]
    silent.refresh_from_db()
    assert (silent.status, silent.resolved_at, silent.fixed_at) == ("resolved", after(35), after(35))
    assert IncidentEntity.objects.get().resolved_at == after(35)
    assert _told(EntryKind.STATUS) == [
        "Resolved the incident: no alert has come for 30 min, as the service Checkout has it."
    ]
    event = AuditEvent.objects.get(action="incident.resolved")
    assert (event.actor_kind, event.actor_name) == ("system", "Auto-resolution")


def test_a_timer_that_slept_resolves_at_the_time_at_which_it_was_due(silent: Incident):
    assert resolve_silent_incidents(at=after(600)) == 1
    silent.refresh_from_db()
    assert silent.resolved_at == after(35)


def test_it_does_not_end_before_a_person_looked_after_it(silent: Incident):
    Incident.objects.update(status=IncidentStatus.ACKNOWLEDGED, acknowledged_at=after(40))
    resolve_silent_incidents(at=after(60))
    silent.refresh_from_db()
    assert silent.resolved_at == after(40)


def test_what_a_person_reported_is_not_silent(make_incident: Make, service: Service, bob: Person):
    Service.objects.update(auto_resolve_minutes=1)
    writes.create_incident(actor=bob, service=service, title="Tills are down", started_at=STARTED)
    assert resolve_silent_incidents(at=after(60 * 24 * 400)) == 0


def test_a_service_that_does_not_ask_for_it_resolves_nothing(silent: Incident):
    Service.objects.update(auto_resolve_minutes=0)
    assert resolve_silent_incidents(at=after(600)) == 0


@pytest.mark.django_db(transaction=True)
def test_of_several_workers_one_does_it(silent: Incident, several: ThreadPoolExecutor):
    def tick() -> None:
        note_broken_promises(at=after(600))
        resolve_silent_incidents(at=after(600))

    timed = Incident.objects.filter(pk=silent.pk)
    ask(several, lambda: timed.update(acknowledge_due_at=after(15), resolve_due_at=after(20)))
    assert at_once(several, tick) == ["done"] * 4
    # One that another worker held is left for the next time.
    ask(several, tick)
    assert len(ask(several, lambda: _told())) == 2
    assert ask(several, AuditEvent.objects.filter(action="incident.resolved").count) == 1
    assert ask(several, AuditEvent.objects.filter(action="incident.sla_breached").count) == 2
