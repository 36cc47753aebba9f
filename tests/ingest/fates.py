"""Signals with a fate, as the fold leaves them, for tests that are about seeing them."""

from __future__ import annotations

import uuid
from datetime import datetime, timedelta
from typing import Any

from afterword.catalog.models import Integration
from afterword.incidents.models import Alert
from afterword.ingest.models import Failure, InboxRow, Signal
from tests.cast import STARTED

BODY = '{"message": "Checkout is down", "token": "hunter2"}'


def decided(integration: Integration, *, at: datetime = STARTED, **fields: Any) -> Signal:
    """A signal that was folded a second after it came, with no more than a fate."""
    return Signal.objects.create(
        trace_id=uuid.uuid4(),
        integration_id=integration.pk,
        received_at=at,
        folded_at=at + timedelta(seconds=1),
        **fields,
    )


def failed(
    integration: Integration,
    *,
    at: datetime = STARTED,
    error: str = "alert_type: This field is required.",
    failure: str = Failure.REFUSED,
    body: str = BODY,
    **fields: Any,
) -> Signal:
    return decided(integration, at=at, error=error, failure=failure, body=body, **fields)


def alerted(
    integration: Integration, *, at: datetime = STARTED, message: str = "Checkout is slow", **fields: Any
) -> Signal:
    """One that became an alert; of an incident when `incident` is given."""
    incident = fields.pop("incident", None)
    remarks = fields.pop("remarks", [])
    signal = decided(
        integration,
        at=at,
        incident_number=incident.number if incident else None,
        incident_unique_id=incident.unique_id if incident else "",
        **fields,
    )
    alert = Alert.objects.create(
        trace_id=signal.trace_id,
        integration=integration,
        incident=incident,
        alert_type="critical",
        entity_id="checkout",
        message=message,
        remarks=remarks,
        received_at=at,
    )
    signal.alert_unique_id = alert.unique_id
    signal.save()
    return signal


def waiting(integration: Integration, *, at: datetime = STARTED, entity_id: str = "checkout") -> InboxRow:
    return InboxRow.objects.create(
        trace_id=uuid.uuid4(),
        integration_id=integration.pk,
        partition=0,
        entity_id=entity_id,
        body=BODY,
        received_at=at,
    )
