"""The fold: rows of the inbox become alerts, incidents and timelines."""

from __future__ import annotations

import random
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.db import OperationalError

from afterword.accounts.models import Person
from afterword.audit import writes as audit_writes
from afterword.audit.models import AuditEvent
from afterword.catalog.models import Integration, Service
from afterword.incidents.models import Alert, Entry, EntryKind, Incident, IncidentStatus
from afterword.incidents.writes import acknowledge_incident, resolve_incident
from afterword.ingest.models import InboxRow, Signal
from afterword.ingest.pipeline import INTEGRATION_IS_GONE
from afterword.ingest.worker import fold_once
from tests.cast import STARTED
from tests.ingest.signals import DETAILED, SAMPLE, after, receive


def entries_of(incident: Incident) -> list[tuple[str, str]]:
    return [(entry.kind, entry.text) for entry in incident.entries.all()]


def test_a_critical_alert_opens_an_incident(integration: Integration) -> None:
    trace_id = receive(integration, SAMPLE)
    assert fold_once() == 1
    incident, alert, signal = Incident.objects.get(), Alert.objects.get(), Signal.objects.get()
    assert incident.title == SAMPLE["message"]
    assert incident.summary == SAMPLE["summary"]
    assert incident.entity_id == "12345"
    assert incident.service == integration.service
    assert incident.status == IncidentStatus.TRIGGERED
    assert incident.created_at == incident.detected_at == incident.impact_started_at == STARTED
    assert alert.trace_id == signal.trace_id == trace_id
    assert alert.incident == incident
    assert alert.payload == SAMPLE["payload"]
    assert alert.urls == SAMPLE["urls"]
    assert signal.alert_unique_id == alert.unique_id
    assert (signal.incident_number, signal.incident_unique_id) == (incident.number, incident.unique_id)
    assert signal.is_incident_created
    assert entries_of(incident) == [(EntryKind.ALERT, SAMPLE["message"])]
    assert incident.entries.get().source == integration.name
    assert not InboxRow.objects.exists()


def test_the_detailed_example_is_recorded_too(integration: Integration) -> None:
    receive(integration, DETAILED)
    fold_once()
    assert Incident.objects.get().title == DETAILED["message"]


@pytest.mark.parametrize("alert_type", ["critical", "error", "warning"])
def test_a_second_loud_alert_is_added_to_the_open_incident(integration: Integration, alert_type: str) -> None:
    receive(integration)
    fold_once()
    receive(integration, alert_type=alert_type, message="And again", at=after(1))
    fold_once()
    incident = Incident.objects.get()
    assert entries_of(incident) == [(EntryKind.ALERT, SAMPLE["message"]), (EntryKind.ALERT, "And again")]
    assert [alert.opened_incident for alert in incident.alerts.order_by("id")] == [True, False]


@pytest.mark.parametrize("together", [True, False])
def test_a_life_from_alert_to_resolution(integration: Integration, together: bool) -> None:
    steps = [("critical", 0), ("acknowledged", 2), ("warning", 3), ("acknowledged", 4), ("resolved", 5)]
    for alert_type, minute in steps:
        receive(integration, alert_type=alert_type, message=alert_type, at=after(minute))
        if not together:
            fold_once()
    fold_once()
    incident = Incident.objects.get()
    assert incident.status == IncidentStatus.RESOLVED
    assert incident.acknowledged_at == after(2)
    assert incident.resolved_at == incident.fixed_at == after(5)
    assert entries_of(incident) == [
        (EntryKind.ALERT, "critical"),
        (EntryKind.ALERT, "acknowledged"),
        (EntryKind.STATUS, "Acknowledged the incident."),
        (EntryKind.ALERT, "warning"),
        (EntryKind.ALERT, "acknowledged"),
        (EntryKind.ALERT, "resolved"),
        (EntryKind.STATUS, "Resolved the incident."),
    ]
    events = AuditEvent.objects.filter(subject_kind="incident").order_by("id")
    assert [event.action for event in events] == [
        "incident.triggered",
        "incident.acknowledged",
        "incident.resolved",
    ]
    assert {event.actor_kind for event in events} == {"integration"}
    assert {event.team_id for event in events} == {integration.service.team_id}


@pytest.mark.parametrize("together", [True, False])
def test_after_its_resolution_the_same_entity_opens_a_new_incident(
    integration: Integration, together: bool
) -> None:
    for alert_type in ("critical", "resolved", "critical"):
        receive(integration, alert_type=alert_type)
        if not together:
            fold_once()
    fold_once()
    assert [(incident.number, incident.status) for incident in Incident.objects.order_by("number")] == [
        (1, IncidentStatus.RESOLVED),
        (2, IncidentStatus.TRIGGERED),
    ]


@pytest.mark.parametrize("alert_type", ["info", "acknowledged", "resolved"])
def test_what_opens_nothing_is_recorded_without_an_incident(
    integration: Integration, alert_type: str
) -> None:
    receive(integration, alert_type=alert_type)
    fold_once()
    signal = Signal.objects.get()
    assert Alert.objects.get().incident is None
    assert not Incident.objects.exists()
    assert (signal.incident_unique_id, signal.incident_number, signal.is_incident_created) == (
        "",
        None,
        False,
    )


def test_information_is_added_to_an_open_incident(integration: Integration) -> None:
    receive(integration)
    receive(integration, alert_type="info", message="Still at it", at=after(1))
    fold_once()
    incident = Incident.objects.get()
    assert incident.status == IncidentStatus.TRIGGERED
    assert (EntryKind.ALERT, "Still at it") in entries_of(incident)


def test_a_suppressed_alert_opens_nothing_and_ends_nothing(integration: Integration) -> None:
    receive(integration, suppressed=True)
    fold_once()
    assert not Incident.objects.exists()
    receive(integration)
    receive(integration, alert_type="resolved", suppressed=True)
    fold_once()
    assert Incident.objects.get().status == IncidentStatus.TRIGGERED
    assert [signal.suppressed for signal in Signal.objects.order_by("folded_at", "trace_id")].count(True) == 2


def test_without_an_entity_each_alert_is_its_own(integration: Integration) -> None:
    for _ in range(2):
        receive(integration, entity_id=None)
    fold_once()
    assert Incident.objects.count() == 2


def test_the_same_entity_of_another_integration_is_another_thing(
    integration: Integration, service: Service
) -> None:
    other = Integration.objects.create(service=service, name="Another")
    receive(integration)
    receive(other)
    receive(other, alert_type="resolved")
    fold_once()
    assert Incident.objects.get(integration=integration).status == IncidentStatus.TRIGGERED
    assert Incident.objects.get(integration=other).status == IncidentStatus.RESOLVED


def test_the_summary_is_that_of_the_first_alert_with_one(integration: Integration) -> None:
    receive(integration, summary=None)
    fold_once()
    receive(integration, summary="What we know")
    receive(integration, summary="Something else")
    fold_once()
    assert Incident.objects.get().summary == "What we know"


def test_a_long_message_is_cut_for_the_title_and_kept_on_the_alert(integration: Integration) -> None:
    message = "Checkout\n" + "answers slowly " * 3_000
    receive(integration, message=message)
    fold_once()
    assert len(Incident.objects.get().title) == 300
    assert Incident.objects.get().title.startswith("Checkout answers slowly")
    assert Alert.objects.get().message == message
    assert len(Entry.objects.get().text) == 20_000


def test_a_clock_that_was_set_back_does_not_end_an_incident_before_it_began(integration: Integration) -> None:
    receive(integration)
    receive(integration, alert_type="resolved", at=STARTED - timedelta(minutes=5))
    fold_once()
    assert Incident.objects.get().resolved_at == STARTED


def test_what_people_did_meanwhile_counts(integration: Integration, alice: Person) -> None:
    receive(integration)
    fold_once()
    acknowledge_incident(actor=alice, incident=Incident.objects.get(), at=after(1))
    receive(integration, alert_type="acknowledged", at=after(2))
    fold_once()
    incident = Incident.objects.get()
    assert incident.acknowledged_at == after(1)
    resolve_incident(actor=alice, incident=incident, at=after(3))
    receive(integration, alert_type="resolved", at=after(4))
    fold_once()
    assert Incident.objects.get().resolved_at == after(3)
    assert Alert.objects.filter(incident=None).count() == 1


def test_a_disabled_integration_still_gets_what_was_accepted(integration: Integration) -> None:
    receive(integration)
    Integration.objects.update(is_enabled=False)
    fold_once()
    assert Incident.objects.exists()


def test_an_integration_that_is_gone_fails_the_signal(integration: Integration) -> None:
    receive(integration)
    Integration.objects.all().delete()
    fold_once()
    signal = Signal.objects.get()
    assert signal.error == INTEGRATION_IS_GONE
    assert '"entity_id": 12345' in signal.body


def test_a_row_that_cannot_be_read_is_set_aside_and_the_rest_goes_on(integration: Integration) -> None:
    bad = receive(integration)
    InboxRow.objects.filter(trace_id=bad).update(body='{"message": 5}')
    good = receive(integration)
    fold_once()
    assert Signal.objects.get(trace_id=bad).error == "message: A text is expected."
    assert Signal.objects.get(trace_id=bad).body == '{"message": 5}'
    assert Signal.objects.get(trace_id=good).alert_unique_id
    assert not InboxRow.objects.exists()


@pytest.fixture
def poison(monkeypatch: pytest.MonkeyPatch) -> Callable[[type[Exception]], None]:
    """Whatever follows the opening of an incident called Poison fails."""

    def fail(error: type[Exception]) -> None:
        def subscriber(event: AuditEvent, incident: Any) -> None:
            if incident.title == "Poison":
                raise error("it cannot be done")

        monkeypatch.setitem(audit_writes._subscribers, "incident.triggered", [subscriber])

    return fail


def test_a_poison_row_leaves_nothing_behind_and_the_rest_goes_on(
    integration: Integration, poison: Callable[[type[Exception]], None], caplog: pytest.LogCaptureFixture
) -> None:
    poison(ValueError)
    before, bad, later = (
        receive(integration, entity_id=name, message=name) for name in ("Before", "Poison", "After")
    )
    fold_once()
    assert [incident.title for incident in Incident.objects.order_by("number")] == ["Before", "After"]
    assert [incident.number for incident in Incident.objects.order_by("number")] == [1, 2]
    failed = Signal.objects.get(trace_id=bad)
    assert "ValueError" in failed.error
    assert "cannot be done" not in failed.error
    assert str(bad) in caplog.text
    assert Signal.objects.filter(trace_id__in=[before, later], error="").count() == 2
    assert not InboxRow.objects.exists()


def test_when_the_database_fails_nothing_has_changed(
    integration: Integration, poison: Callable[[type[Exception]], None]
) -> None:
    poison(OperationalError)
    receive(integration, entity_id="Before", message="Before")
    receive(integration, entity_id="Poison", message="Poison")
    with pytest.raises(OperationalError):
        fold_once()
    assert InboxRow.objects.count() == 2
    assert not Incident.objects.exists()
    assert not Signal.objects.exists()


def test_nothing_is_folded_twice(integration: Integration) -> None:
    receive(integration)
    assert fold_once() == 1
    assert fold_once() == 0
    assert Alert.objects.count() == 1


@pytest.mark.parametrize("seed", range(5))
def test_how_signals_are_cut_into_batches_makes_no_difference(
    integration: Integration, service: Service, seed: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    chance = random.Random(seed)
    other = Integration.objects.create(service=service, name="In one go")
    sent = [
        {
            "message": f"Message {number}",
            "alert_type": chance.choice(["critical", "error", "warning", "info", "acknowledged", "resolved"]),
            "entity_id": chance.choice("abc"),
            "suppressed": chance.random() < 0.1,
            "summary": chance.choice([None, f"Summary {number}"]),
        }
        for number in range(40)
    ]
    for number, content in enumerate(sent):
        receive(integration, content, at=after(number))
        if chance.random() < 0.3:
            fold_once()
    fold_once()
    for number, content in enumerate(sent):
        receive(other, content, at=after(number))
    fold_once()
    assert life_of(integration) == life_of(other)


def life_of(integration: Integration) -> list[Any]:
    return [
        (
            *(incident.entity_id, incident.title, incident.summary, incident.status, incident.created_at),
            *(incident.acknowledged_at, incident.resolved_at, incident.fixed_at),
            entries_of(incident),
            [alert.message for alert in incident.alerts.order_by("id")],
        )
        for incident in integration.incidents.order_by("created_at", "entity_id")
    ] + [sorted(alert.message for alert in integration.alerts.filter(incident=None))]


def test_a_large_batch_takes_few_queries(
    integration: Integration, django_assert_max_num_queries: Any
) -> None:
    receive(integration)
    fold_once()
    for number in range(200):
        receive(integration, message=f"Message {number}")
    # On SQLite a table of 200 rows is written in several statements.
    with django_assert_max_num_queries(60):
        assert fold_once() == 200


def test_a_message_does_not_turn_the_line_of_the_timeline_it_stands_in(integration: Integration) -> None:
    receive(integration, {**SAMPLE, "message": "Refund \u202egnp.exe"})
    fold_once()
    assert [text for _, text in entries_of(Incident.objects.get())] == ["Refund gnp.exe"]
    assert Alert.objects.get().message == "Refund \u202egnp.exe"
