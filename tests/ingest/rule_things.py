"""Mappings, rules and stored bodies for the tests about them."""

from __future__ import annotations

import json
import uuid
from typing import Any

from afterword.catalog.models import Integration
from afterword.ingest.models import AlertRule, Mapping, RecentBody
from tests.ingest.signals import SAMPLE, after

BODY: dict[str, Any] = {
    "title": "Disk full",
    "host": "web-12",
    "status": "Open",
    "id": 11,
    "labels": {"team": "payments", "k8s.io/name": "web"},
    "hosts": [{"name": "web-12"}, {"name": "web-13"}],
}
DEFINITION: dict[str, Any] = {
    "message": "{{payload.title}} on {{payload.host}}",
    "entity_id": "{{payload.id}}",
    "alert_type": {"path": "payload.status", "values": {"Open": "critical"}, "default": "info"},
}
HIGH: dict[str, Any] = {"all": [{"path": "payload.severity", "operator": "equals", "value": "1"}]}
NOTE: list[dict[str, Any]] = [{"action": "add_note", "value": "Project {{payload.project}}"}]


def keep_body(
    integration: Integration, body: Any = None, *, minutes: float = 0, **changes: Any
) -> RecentBody:
    """A body as the fold keeps it."""
    content = {**SAMPLE, **changes} if body is None else body
    return RecentBody.objects.create(
        trace_id=uuid.uuid4(),
        integration=integration,
        entity_id=str(content.get("entity_id", "")) if isinstance(content, dict) else "",
        body=json.dumps(content),
        received_at=after(minutes),
    )


def make_rule(integration: Integration, name: str = "High", **fields: Any) -> AlertRule:
    fields = {"conditions": HIGH, "actions": NOTE, "is_enabled": True, **fields}
    position = AlertRule.objects.filter(integration=integration).count() + 1
    return AlertRule.objects.create(integration=integration, name=name, position=position, **fields)


def make_mapping(integration: Integration, *, is_enabled: bool = True, **changes: Any) -> Mapping:
    return Mapping.objects.create(
        integration=integration, is_enabled=is_enabled, definition={**DEFINITION, **changes}
    )
