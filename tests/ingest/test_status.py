"""What the status endpoint says, in the words of the guide."""

from __future__ import annotations

import uuid
from datetime import timedelta

import pytest

from afterword.catalog.models import Integration
from afterword.incidents.models import Alert, Incident
from afterword.ingest.models import InboxRow
from afterword.ingest.reads import read_status
from afterword.ingest.worker import fold_once
from tests.cast import STARTED
from tests.ingest.signals import after, receive


def test_before_the_fold_it_is_queued(integration: Integration) -> None:
    assert read_status(receive(integration), at=after(1)) == {"status": "queued"}


def test_after_the_fold_it_is_completed(integration: Integration) -> None:
    first, second = receive(integration), receive(integration)
    fold_once()
    incident = Incident.objects.get()
    assert read_status(first, at=after(1)) == {
        "incident": {"incident_number": incident.number, "unique_id": incident.unique_id},
        "alert": Alert.objects.get(trace_id=first).unique_id,
        "integration": {"name": "Prometheus bridge"},
        "status": "completed",
        "is_incident_created": True,
        "suppressed": False,
    }
    status = read_status(second, at=after(1))
    assert status is not None
    assert status["is_incident_created"] is False


def test_an_alert_without_incident_is_completed_with_none(integration: Integration) -> None:
    trace_id = receive(integration, alert_type="info", suppressed=True)
    fold_once()
    status = read_status(trace_id, at=after(1))
    assert status is not None
    assert status["status"] == "completed"
    assert status["incident"] is None
    assert status["is_incident_created"] is False
    assert status["suppressed"] is True


def test_a_failed_signal_says_why(integration: Integration) -> None:
    trace_id = receive(integration)
    InboxRow.objects.update(body="{}")
    fold_once()
    assert read_status(trace_id, at=after(1)) == {
        "status": "failed",
        "error": "message: This field is required.",
    }


@pytest.mark.parametrize("folded", [True, False])
def test_an_hour_after_acceptance_it_is_gone(integration: Integration, folded: bool) -> None:
    trace_id = receive(integration)
    if folded:
        fold_once()
    assert read_status(trace_id, at=STARTED + timedelta(minutes=59, seconds=59)) is not None
    assert read_status(trace_id, at=STARTED + timedelta(minutes=60)) is None


def test_an_unknown_trace_id_is_not_there(integration: Integration) -> None:
    assert read_status(uuid.uuid4(), at=STARTED) is None
