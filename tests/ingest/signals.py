"""Signals as senders write them, and a short way into the inbox for tests that are about the fold."""

from __future__ import annotations

import json
import uuid
from datetime import datetime, timedelta
from typing import Any

from afterword.catalog.models import Integration
from afterword.ingest.formats import FORMATS, SignalRequest
from afterword.ingest.keys import KnownIntegration
from afterword.ingest.models import InboxRow
from afterword.ingest.partitions import partition_of_entity
from tests.cast import STARTED

SAMPLE: dict[str, Any] = {
    "alert_type": "critical",
    "message": "This is a sample alert from API integration",
    "summary": "This is the incident summary for the API integration",
    "entity_id": 12345,
    "payload": {"status": "ACME Payments are failing", "severity": "1", "project": "kubeprod"},
    "urls": [{"link_url": "https://www.example.com/alerts/12345/", "link_text": "Alert URL"}],
}
"""The sample payload of the guide to Zenduty's generic integration."""

DETAILED: dict[str, Any] = {
    **SAMPLE,
    "message": "This is info alert",
    "sla": "cfb927ec-8316-4464-8770-deca07f75b49",
    "escalation_policy": "272841e2-2cbf-40a8-9a9a-64227fd3d722",
    "priority": "b535c8c0-7c75-4911-a9c6-27a3be2f2da9",
    "stakeholders": {
        "users": ["85e1569d-79a4-4205-850f-a", "b80daf25-8a47-4365-baa4-0"],
        "teams": ["4a106e05-09af-4aef-9439-40c6f4aaff0f", "c1de7905-352f-424a-b8d0-f84406f76314"],
        "emails": ["maryjane@sharklasers.com"],
    },
    "tags": ["bdb4f470-b04b-4036-b8a4-5b66d9097b25", "ee99cc9c-a8ef-4a69-937c-07379e99d853"],
    "stakeholders_comms": {
        "subject": "New incident #12345 triggered",
        "body": "We’re currently experiencing an incident affecting billing.",
        "timezone": "UTC",
        "created_by": "85e1569d-79a4-4205-850f-a",
    },
}
"""Its detailed example, with every optional parameter."""


def receive(
    integration: Integration, content: dict[str, Any] | None = None, *, at: datetime = STARTED, **changes: Any
) -> uuid.UUID:
    """Put a signal into the inbox as the way in does; its trace id."""
    trace_id = uuid.uuid4()
    sent = {**(SAMPLE if content is None else content), **changes}
    (checked,) = FORMATS[integration.kind].check(request_of(json.dumps(sent).encode(), integration))
    entity_id = checked.entity_id or str(trace_id)
    InboxRow.objects.create(
        trace_id=trace_id,
        integration_id=integration.pk,
        partition=partition_of_entity(entity_id),
        entity_id=entity_id,
        body=checked.text,
        received_at=at,
    )
    return trace_id


def request_of(
    body: bytes,
    integration: Integration | None = None,
    *,
    path: str = "/",
    query: bytes = b"",
    headers: dict[str, str] | None = None,
    kind: str = "generic",
    secret: str = "",
) -> SignalRequest:
    """A request as the way in hands it to a format; for `integration`, or for one of that kind."""
    known = (
        KnownIntegration(1, kind, secret)
        if integration is None
        else KnownIntegration(integration.pk, integration.kind, integration.secret)
    )
    lower = {name.lower().encode(): value.encode() for name, value in (headers or {}).items()}
    return SignalRequest(path, query, lower, body, known)


def after(minutes: float) -> datetime:
    return STARTED + timedelta(minutes=minutes)
