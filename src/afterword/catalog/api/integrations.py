"""The API of integrations."""

from __future__ import annotations

import uuid

from django.db import transaction
from django.http import HttpRequest
from ninja import Router, Status

from afterword.accounts.models import Person
from afterword.catalog import reads, writes
from afterword.catalog.api.calls import actor_of
from afterword.catalog.models import Integration, IntegrationKind
from afterword.catalog.schemas.integrations import (
    IntegrationChangeIn,
    IntegrationIn,
    IntegrationOut,
    IntegrationWithSecretOut,
)
from afterword.lib.cursors import LIMIT_DEFAULT, CursorParameter, LimitParameter, Listing, paginate

router = Router(tags=["Catalogue"])


@router.get(
    "/services/{uuid:service_id}/integrations",
    response=Listing[IntegrationOut],
    summary="The integrations of a service",
)
def list_integrations(
    request: HttpRequest,
    service_id: uuid.UUID,
    cursor: CursorParameter = None,
    limit: LimitParameter = LIMIT_DEFAULT,
) -> Listing[IntegrationOut]:
    actor = actor_of(request)
    service = reads.get_service(actor, service_id)
    integrations = reads.visible_integrations(actor).filter(service=service)
    page = paginate(integrations, cursor=cursor, limit=limit, key="id")
    urls = reads.find_webhook_urls(actor, service, page.items)
    shown = [_describe(integration, urls[integration.pk]) for integration in page.items]
    return Listing(items=shown, next=page.next)


@router.post(
    "/services/{uuid:service_id}/integrations",
    response={201: IntegrationWithSecretOut},
    summary="Make an integration",
)
def create_integration(
    request: HttpRequest, service_id: uuid.UUID, body: IntegrationIn
) -> Status[IntegrationWithSecretOut]:
    actor = actor_of(request)
    service = reads.get_service(actor, service_id)
    made = writes.create_integration(actor=actor, service=service, name=body.name, kind=body.kind)
    return Status(201, _with_secret(actor, made))


@router.get("/integrations/{uuid:integration_id}", response=IntegrationOut, summary="One integration")
def get_integration(request: HttpRequest, integration_id: uuid.UUID) -> IntegrationOut:
    actor = actor_of(request)
    return _shown(actor, reads.get_integration(actor, integration_id))


@router.patch("/integrations/{uuid:integration_id}", response=IntegrationOut, summary="Change an integration")
def change_integration(
    request: HttpRequest, integration_id: uuid.UUID, body: IntegrationChangeIn
) -> IntegrationOut:
    actor = actor_of(request)
    with transaction.atomic():
        changed = writes.change_integration(
            actor=actor,
            integration=reads.get_integration(actor, integration_id),
            name=body.name,
            is_enabled=body.is_enabled,
        )
        if "signals_per_minute_max" in body.model_fields_set:
            writes.limit_integration(
                actor=actor, integration=changed, signals_per_minute_max=body.signals_per_minute_max
            )
    return _shown(actor, changed)


@router.delete("/integrations/{uuid:integration_id}", response={204: None}, summary="Delete an integration")
def delete_integration(request: HttpRequest, integration_id: uuid.UUID) -> Status[None]:
    """Only one by which nothing has come in; otherwise the answer is 409: switch it off instead."""
    actor = actor_of(request)
    writes.delete_integration(actor=actor, integration=reads.get_integration(actor, integration_id))
    return Status(204, None)


@router.post(
    "/integrations/{uuid:integration_id}/key", response=IntegrationOut, summary="Rotate an integration's key"
)
def rotate_key(request: HttpRequest, integration_id: uuid.UUID) -> IntegrationOut:
    actor = actor_of(request)
    rotated = writes.rotate_key(actor=actor, integration=reads.get_integration(actor, integration_id))
    return _shown(actor, rotated)


@router.post(
    "/integrations/{uuid:integration_id}/secret",
    response=IntegrationWithSecretOut,
    summary="Rotate an integration's secret",
)
def rotate_secret(request: HttpRequest, integration_id: uuid.UUID) -> IntegrationWithSecretOut:
    actor = actor_of(request)
    integration = reads.get_integration(actor, integration_id)
    return _with_secret(actor, writes.rotate_secret(actor=actor, integration=integration))


def _with_secret(actor: Person, integration: Integration) -> IntegrationWithSecretOut:
    shown = _shown(actor, integration)
    return IntegrationWithSecretOut(**shown.model_dump(), secret=integration.secret or None)


def _shown(actor: Person, integration: Integration) -> IntegrationOut:
    return _describe(integration, reads.find_webhook_url(actor, integration))


def _describe(integration: Integration, webhook_url: str | None) -> IntegrationOut:
    return IntegrationOut(
        unique_id=integration.unique_id,
        service=integration.service.unique_id,
        name=integration.name,
        kind=IntegrationKind(integration.kind),
        is_enabled=integration.is_enabled,
        signals_per_minute_max=integration.signals_per_minute_max,
        webhook_url=webhook_url,
        created_at=integration.created_at,
    )
