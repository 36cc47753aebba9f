"""`teams/{team}/services/{service}/integrations/`."""

from __future__ import annotations

import uuid
from typing import Any

from django.db import transaction
from django.http import HttpRequest
from ninja import Router, Schema, Status

from afterword.accounts.models import Person, Team
from afterword.catalog import reads, writes
from afterword.catalog.models import Integration, IntegrationKind, Service
from afterword.catalog.zenduty.applications import application_id, describe_application, kind_of
from afterword.catalog.zenduty.wire import ROWS_MAX, answers, caller_and_team, one_of, write_moment

router = Router()
LIST = "/{uuid:team}/services/{uuid:service}/integrations/"
ONE = "/{uuid:team}/services/{uuid:service}/integrations/{uuid:unique_id}/"
CRITICAL_ERROR_AND_WARNING = 3
ALERTS_IN = 0
URGENCY_HIGH = 1


class IntegrationIn(Schema):
    """What this install does not have, as a default urgency, is taken and ignored."""

    name: str | None = None
    application: uuid.UUID | None = None
    is_enabled: bool | None = None


@answers(router, ["GET"], LIST, summary="List integrations", name="list_integrations")
def list_integrations(request: HttpRequest, team: uuid.UUID, service: uuid.UUID) -> list[dict[str, Any]]:
    actor, owner = caller_and_team(request, team)
    found = _service(actor, owner, service)
    integrations = list(reads.visible_integrations(actor).filter(service=found)[:ROWS_MAX])
    urls = reads.find_webhook_urls(actor, found, integrations)
    return [describe_integration(one, urls[one.pk]) for one in integrations]


@answers(router, ["POST"], LIST, summary="Make an integration", name="create_integration", success=201)
def create_integration(
    request: HttpRequest, team: uuid.UUID, service: uuid.UUID, body: IntegrationIn
) -> Status[dict[str, Any]]:
    actor, owner = caller_and_team(request, team)
    with transaction.atomic():
        made = writes.create_integration(
            actor=actor,
            service=_service(actor, owner, service),
            name=body.name or "",
            kind=kind_of(body.application),
        )
        if body.is_enabled is False:
            writes.change_integration(actor=actor, integration=made, is_enabled=False)
    return Status(201, _shown(actor, made))


@answers(router, ["GET"], ONE, summary="Get an integration", name="get_integration")
def get_integration(
    request: HttpRequest, team: uuid.UUID, service: uuid.UUID, unique_id: uuid.UUID
) -> dict[str, Any]:
    actor, owner = caller_and_team(request, team)
    return _shown(actor, _integration(actor, owner, service, unique_id))


@answers(router, ["PUT", "PATCH"], ONE, summary="Change an integration", name="change_integration")
def change_integration(
    request: HttpRequest, team: uuid.UUID, service: uuid.UUID, unique_id: uuid.UUID, body: IntegrationIn
) -> dict[str, Any]:
    """Its application stays as it is."""
    actor, owner = caller_and_team(request, team)
    found = _integration(actor, owner, service, unique_id)
    changed = writes.change_integration(
        actor=actor, integration=found, name=body.name, is_enabled=body.is_enabled
    )
    return _shown(actor, changed)


@answers(router, ["DELETE"], ONE, summary="Delete an integration", name="delete_integration", success=204)
def delete_integration(
    request: HttpRequest, team: uuid.UUID, service: uuid.UUID, unique_id: uuid.UUID
) -> Status[None]:
    """409 when an alert has come in by it."""
    actor, owner = caller_and_team(request, team)
    found = _integration(actor, owner, service, unique_id)
    writes.delete_integration(actor=actor, integration=found)
    return Status(204, None)


def describe_integration(integration: Integration, webhook_url: str | None) -> dict[str, Any]:
    """Its key and its address are null for those who may only read."""
    kind = IntegrationKind(integration.kind)
    return {
        "name": integration.name,
        "description": "",
        "creation_date": write_moment(integration.created_at),
        "summary": "",
        "unique_id": str(integration.unique_id),
        "service": str(integration.service.unique_id),
        "application": str(application_id(kind)),
        "application_reference": describe_application(kind),
        "integration_key": str(integration.key) if webhook_url else None,
        "created_by": None,
        "is_enabled": integration.is_enabled,
        "create_incidents_for": CRITICAL_ERROR_AND_WARNING,
        "integration_type": ALERTS_IN,
        "default_urgency": URGENCY_HIGH,
        "webhook_url": webhook_url,
    }


def _shown(actor: Person, integration: Integration) -> dict[str, Any]:
    return describe_integration(integration, reads.find_webhook_url(actor, integration))


def _service(actor: Person, team: Team, unique_id: uuid.UUID) -> Service:
    return one_of(reads.visible_services(actor).filter(team=team), unique_id)


def _integration(actor: Person, team: Team, service: uuid.UUID, unique_id: uuid.UUID) -> Integration:
    rows = reads.visible_integrations(actor).filter(service__team=team, service__unique_id=service)
    return one_of(rows, unique_id)
