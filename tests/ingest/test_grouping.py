"""Which incident an alert belongs to: its entity's, one that is opened again, a group's, a recent one's."""

from __future__ import annotations

import pytest

from afterword.accounts.models import Person, Team
from afterword.audit.models import AuditEvent
from afterword.catalog.models import Integration, Service
from afterword.incidents.models import Alert, EntryKind, Incident, IncidentEntity, IncidentStatus
from afterword.incidents.writes import create_incident, resolve_incident
from afterword.ingest.models import AlertRule
from afterword.ingest.worker import fold_once
from tests.cast import STARTED
from tests.ingest.signals import after, receive


def set_behaviour(service: Service, **minutes: int) -> None:
    Service.objects.filter(pk=service.pk).update(**minutes)


def add_rule(integration: Integration, *actions: dict[str, object]) -> None:
    AlertRule.objects.create(
        integration=integration, position=1, name="Rule", is_enabled=True, actions=list(actions)
    )
    integration.revision += 1
    integration.save()


def group(key: str = "{{payload.cluster}}", minutes: int = 10) -> dict[str, object]:
    return {"action": "group", "key": key, "window_minutes": minutes}


def statuses() -> list[str]:
    return [incident.status for incident in Incident.objects.order_by("number")]


def status_texts(incident: Incident) -> list[str]:
    return [entry.text for entry in incident.entries.filter(kind=EntryKind.STATUS)]


@pytest.fixture(params=[True, False], ids=["one batch", "each alone"])
def fold(request: pytest.FixtureRequest) -> object:
    """Called after each signal: folds at once, or leaves it for `fold_once` at the end."""
    return (lambda: None) if request.param else fold_once


def send_all(integration: Integration, fold: object, *sent: tuple[str, str, float]) -> None:
    for entity, alert_type, minute in sent:
        receive(integration, entity_id=entity, alert_type=alert_type, at=after(minute))
        assert callable(fold)
        fold()
    while fold_once():
        pass


# Opened again ------------------------------------------------------------------------------------------


def test_an_entity_that_comes_back_soon_opens_its_incident_again(
    integration: Integration, service: Service, fold: object
) -> None:
    set_behaviour(service, reopen_minutes=10)
    send_all(
        integration,
        fold,
        ("db", "critical", 0),
        ("db", "acknowledged", 1),
        ("db", "resolved", 2),
        ("db", "error", 12),
    )
    incident = Incident.objects.get()
    assert incident.status == IncidentStatus.TRIGGERED
    assert incident.resolved_at is None
    assert incident.fixed_at is None
    assert incident.acknowledged_at == after(1)
    assert status_texts(incident) == [
        "Acknowledged the incident.",
        "Resolved the incident.",
        "Opened the incident again.",
    ]
    assert [alert.opened_incident for alert in incident.alerts.order_by("id")] == [True, False, False, False]
    event = AuditEvent.objects.get(action="incident.reopened")
    assert event.actor_name == integration.name
    assert IncidentEntity.objects.get().resolved_at is None


def test_it_is_resolved_again_and_has_the_later_time(
    integration: Integration, service: Service, fold: object
) -> None:
    set_behaviour(service, reopen_minutes=10)
    send_all(
        integration,
        fold,
        ("db", "critical", 0),
        ("db", "resolved", 2),
        ("db", "error", 5),
        ("db", "resolved", 9),
    )
    incident = Incident.objects.get()
    assert incident.resolved_at == incident.fixed_at == after(9)
    assert IncidentEntity.objects.get().resolved_at == after(9)


@pytest.mark.parametrize("reopen_minutes", [0, 9])
def test_an_entity_that_comes_back_late_opens_another(
    integration: Integration, service: Service, fold: object, reopen_minutes: int
) -> None:
    set_behaviour(service, reopen_minutes=reopen_minutes)
    send_all(integration, fold, ("db", "critical", 0), ("db", "resolved", 2), ("db", "error", 12))
    assert statuses() == [IncidentStatus.RESOLVED, IncidentStatus.TRIGGERED]


def test_what_a_person_resolved_is_opened_again_too(
    integration: Integration, service: Service, alice: Person
) -> None:
    set_behaviour(service, reopen_minutes=10)
    receive(integration)
    fold_once()
    resolve_incident(actor=alice, incident=Incident.objects.get(), at=after(1))
    receive(integration, at=after(2))
    fold_once()
    assert statuses() == [IncidentStatus.TRIGGERED]


@pytest.mark.parametrize("alert_type", ["info", "acknowledged", "resolved"])
def test_only_a_loud_alert_opens_an_incident_again(
    integration: Integration, service: Service, alert_type: str
) -> None:
    set_behaviour(service, reopen_minutes=10)
    send_all(integration, fold_once, ("db", "critical", 0), ("db", "resolved", 2), ("db", alert_type, 3))
    assert statuses() == [IncidentStatus.RESOLVED]


# Collated ----------------------------------------------------------------------------------------------


def test_alerts_about_other_entities_join_a_recent_incident(
    integration: Integration, service: Service, fold: object
) -> None:
    set_behaviour(service, collation_minutes=5)
    send_all(integration, fold, ("web", "critical", 0), ("db", "error", 5), ("cache", "error", 6))
    first, second = Incident.objects.order_by("number")
    assert [entity.entity_id for entity in first.entities.order_by("id")] == ["web", "db"]
    assert [entity.entity_id for entity in second.entities.all()] == ["cache"]
    joined = Alert.objects.get(entity_id="db")
    assert joined.remarks == ["It joined this incident, which was opened less than 5 min before."]


def test_an_incident_is_resolved_with_the_last_of_its_entities(
    integration: Integration, service: Service, fold: object
) -> None:
    set_behaviour(service, collation_minutes=5)
    send_all(
        integration,
        fold,
        ("web", "critical", 0),
        ("db", "error", 1),
        ("web", "resolved", 2),
        ("db", "resolved", 4),
    )
    incident = Incident.objects.get()
    assert incident.resolved_at == after(4)
    assert status_texts(incident) == ["“web” is resolved; 1 other is still open.", "Resolved the incident."]


def test_an_entity_that_comes_back_joins_the_open_incident_again(
    integration: Integration, service: Service, fold: object
) -> None:
    set_behaviour(service, collation_minutes=5)
    send_all(
        integration,
        fold,
        ("web", "critical", 0),
        ("db", "error", 1),
        ("web", "resolved", 2),
        ("web", "error", 3),
    )
    incident = Incident.objects.get()
    assert incident.entities.filter(resolved_at=None).count() == incident.entities.count() == 2
    assert not AuditEvent.objects.filter(action="incident.reopened").exists()


def test_a_resolved_incident_is_joined_by_nobody(
    integration: Integration, service: Service, fold: object
) -> None:
    set_behaviour(service, collation_minutes=5)
    send_all(integration, fold, ("web", "critical", 0), ("web", "resolved", 1), ("db", "error", 2))
    assert statuses() == [IncidentStatus.RESOLVED, IncidentStatus.TRIGGERED]


def test_what_a_person_reported_is_joined_by_nobody(
    integration: Integration, service: Service, alice: Person
) -> None:
    set_behaviour(service, collation_minutes=5)
    reported = create_incident(actor=alice, service=service, title="By hand")
    receive(integration, at=reported.created_at)
    fold_once()
    assert Incident.objects.count() == 2


def test_two_integrations_of_a_service_share_an_incident(integration: Integration, service: Service) -> None:
    set_behaviour(service, collation_minutes=5)
    other = Integration.objects.create(service=service, name="Another")
    receive(integration, entity_id="same")
    receive(other, entity_id="same", at=after(1))
    fold_once()
    incident = Incident.objects.get()
    assert {entity.integration for entity in incident.entities.all()} == {integration, other}
    receive(other, entity_id="same", alert_type="resolved", at=after(2))
    fold_once()
    assert statuses() == [IncidentStatus.TRIGGERED]


def test_a_person_who_resolves_an_incident_resolves_all_it_is_about(
    integration: Integration, service: Service, alice: Person
) -> None:
    set_behaviour(service, collation_minutes=5)
    send_all(integration, fold_once, ("web", "critical", 0), ("db", "error", 1))
    resolve_incident(actor=alice, incident=Incident.objects.get(), at=after(2))
    assert set(IncidentEntity.objects.values_list("resolved_at", flat=True)) == {after(2)}
    send_all(integration, fold_once, ("web", "resolved", 3), ("db", "critical", 20))
    assert statuses() == [IncidentStatus.RESOLVED, IncidentStatus.TRIGGERED]


# Grouped by a rule -------------------------------------------------------------------------------------


def test_alerts_with_the_same_key_join_one_incident(integration: Integration, fold: object) -> None:
    add_rule(integration, group())
    for number, (cluster, minute) in enumerate([("a", 0), ("b", 1), ("a", 9), ("a", 11)]):
        receive(integration, entity_id=str(number), payload={"cluster": cluster}, at=after(minute))
        assert callable(fold)
        fold()
    fold_once()
    incidents = Incident.objects.order_by("number")
    assert [incident.group_key for incident in incidents] == ["a", "b", "a"]
    assert [incident.entities.count() for incident in incidents] == [2, 1, 1]
    assert (
        "It joined this incident by the group “a” of an alert rule."
        in Alert.objects.get(entity_id="2").remarks
    )


def test_groups_of_another_service_are_others(integration: Integration, team: Team) -> None:
    add_rule(integration, group("all"))
    elsewhere = Service.objects.create(team=team, name="Search")
    other = Integration.objects.create(service=elsewhere, name="Another")
    add_rule(other, group("all"))
    receive(integration)
    receive(other)
    fold_once()
    assert Incident.objects.count() == 2


def test_its_own_incident_goes_before_a_group(integration: Integration, fold: object) -> None:
    send_all(integration, fold, ("web", "critical", 0))
    add_rule(integration, group("all"))
    send_all(integration, fold, ("db", "critical", 1), ("web", "error", 2))
    assert [incident.alerts.count() for incident in Incident.objects.order_by("number")] == [2, 1]


def test_a_rule_routes_alerts_to_another_service(integration: Integration, team: Team, fold: object) -> None:
    elsewhere = Service.objects.create(team=team, name="Search", reopen_minutes=5)
    add_rule(integration, {"action": "route", "service": str(elsewhere.unique_id)})
    send_all(integration, fold, ("web", "critical", 0), ("web", "resolved", 1), ("web", "error", 2))
    incident = Incident.objects.get()
    assert incident.service == elsewhere
    assert incident.status == IncidentStatus.TRIGGERED
    assert incident.created_at == STARTED


def test_a_rule_that_sets_the_entity_decides_what_belongs_together(
    integration: Integration, fold: object
) -> None:
    add_rule(integration, {"action": "set_entity_id", "value": "{{payload.status}}"})
    send_all(integration, fold, ("web", "critical", 0), ("db", "error", 1))
    assert Incident.objects.get().entity_id == "ACME Payments are failing"
