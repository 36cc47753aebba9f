"""During maintenance alerts open nothing."""

from __future__ import annotations

from datetime import timedelta

import pytest

from afterword.accounts.models import Team
from afterword.catalog.models import Integration, MaintenanceWindow, Service
from afterword.incidents.models import Alert, Incident, IncidentStatus
from afterword.ingest.models import AlertRule, Failure, Signal
from afterword.ingest.reads import read_status
from afterword.ingest.worker import fold_once
from tests.cast import STARTED
from tests.ingest.signals import after, receive


def maintain(service: Service, start: float = -10, end: float = 10) -> None:
    window = MaintenanceWindow.objects.create(
        team=service.team, name="Upgrade", starts_at=after(start), ends_at=after(end)
    )
    window.services.add(service)


@pytest.mark.parametrize("alert_type", ["critical", "error", "warning"])
def test_an_alert_that_would_open_an_incident_fails(
    integration: Integration, service: Service, alert_type: str
) -> None:
    maintain(service)
    trace_id = receive(integration, alert_type=alert_type)
    fold_once()
    assert not Incident.objects.exists()
    assert not Alert.objects.exists()
    signal = Signal.objects.get()
    assert (signal.failure, signal.entity_id) == (Failure.MAINTENANCE, "12345")
    assert '"entity_id": 12345' in signal.body
    assert read_status(trace_id, at=after(1)) == {
        "status": "failed",
        "error": "Your service is under maintenance",
    }


def test_what_is_open_goes_on(integration: Integration, service: Service) -> None:
    receive(integration, at=after(-20))
    fold_once()
    maintain(service)
    for minute, alert_type in enumerate(["acknowledged", "error", "info", "resolved"]):
        receive(integration, alert_type=alert_type, at=after(minute))
    fold_once()
    incident = Incident.objects.get()
    assert incident.status == IncidentStatus.RESOLVED
    assert incident.alerts.count() == 5
    assert not Signal.objects.exclude(error="").exists()


def test_what_opens_nothing_is_recorded(integration: Integration, service: Service) -> None:
    maintain(service)
    receive(integration, alert_type="info")
    receive(integration, alert_type="resolved")
    receive(integration, suppressed=True)
    fold_once()
    assert Alert.objects.filter(incident=None).count() == 3


def test_nothing_is_opened_again_and_nothing_is_joined(integration: Integration, service: Service) -> None:
    Service.objects.update(reopen_minutes=60, collation_minutes=60)
    receive(integration, entity_id="web", at=after(-20))
    receive(integration, entity_id="web", alert_type="resolved", at=after(-19))
    receive(integration, entity_id="db", at=after(-18))
    fold_once()
    maintain(service)
    receive(integration, entity_id="web")
    receive(integration, entity_id="cache")
    fold_once()
    assert Signal.objects.filter(failure=Failure.MAINTENANCE).count() == 2
    assert [incident.status for incident in Incident.objects.order_by("number")] == ["resolved", "triggered"]


def test_the_time_of_acceptance_counts(integration: Integration, service: Service) -> None:
    maintain(service, 0, 10)
    for minute in (-0.1, 0, 9.9, 10):
        receive(integration, entity_id=str(minute), at=STARTED + timedelta(minutes=minute))
    fold_once()
    assert Incident.objects.count() == 2
    assert Signal.objects.filter(failure=Failure.MAINTENANCE).count() == 2


def test_the_maintenance_of_another_service_is_no_matter(integration: Integration, team: Team) -> None:
    elsewhere = Service.objects.create(team=team, name="Search")
    maintain(elsewhere)
    receive(integration)
    fold_once()
    assert Incident.objects.exists()


def test_where_a_rule_routes_an_alert_counts(integration: Integration, team: Team) -> None:
    elsewhere = Service.objects.create(team=team, name="Search")
    maintain(elsewhere)
    AlertRule.objects.create(
        integration=integration,
        position=1,
        name="Route",
        is_enabled=True,
        actions=[{"action": "route", "service": str(elsewhere.unique_id)}],
    )
    receive(integration)
    fold_once()
    assert Signal.objects.get().failure == Failure.MAINTENANCE
