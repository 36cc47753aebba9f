"""Integrations, as far as the actor may see them, and the addresses that alerts are sent to."""

from __future__ import annotations

import uuid
from collections.abc import Sequence

from django.conf import settings
from django.db.models import QuerySet

from afterword.accounts import reads as accounts
from afterword.accounts.models import Person
from afterword.catalog import senders
from afterword.catalog.models import Integration, IntegrationKind, Service
from afterword.catalog.reads.services import visible_services
from afterword.lib.errors import NotFound


def visible_integrations(actor: Person) -> QuerySet[Integration]:
    """The integrations of the services that `actor` may see, by name."""
    services = visible_services(actor).order_by().values("pk")
    integrations = Integration.objects.filter(service__in=services)
    return integrations.select_related("service__team").order_by("name", "id")


def get_integration(actor: Person, unique_id: uuid.UUID) -> Integration:
    """Raises NotFound for an integration that is not there or not the actor's to see."""
    integration = visible_integrations(actor).filter(unique_id=unique_id).first()
    if integration is None:
        raise NotFound
    return integration


def find_webhook_url(actor: Person, integration: Integration) -> str | None:
    """The address that alerts are sent to; None for those who may only read, for it holds the key."""
    return find_webhook_urls(actor, integration.service, [integration])[integration.pk]


def find_webhook_urls(
    actor: Person, service: Service, integrations: Sequence[Integration]
) -> dict[int, str | None]:
    """`find_webhook_url` of several integrations of one service, by their primary keys, in two queries."""
    if not accounts.writable_teams(actor).filter(pk=service.team_id).exists():
        return {integration.pk: None for integration in integrations}
    organisation = accounts.organisation()
    assert organisation is not None
    start = f"{settings.PUBLIC_URL}/integration/{organisation.slug}"
    return {integration.pk: f"{start}/{integration.kind}/{integration.key}/" for integration in integrations}


def describe_way_in(actor: Person, integration: Integration) -> senders.WayIn | None:
    """How to send to it; None for those who may only read, for it holds the key and the secret."""
    webhook_url = find_webhook_url(actor, integration)
    if webhook_url is None:
        return None
    address = senders.Address(
        public_url=settings.PUBLIC_URL,
        webhook_url=webhook_url,
        unique_id=str(integration.unique_id),
        key=str(integration.key),
        secret=integration.secret,
        service=integration.service.name,
        takes_mails=bool(settings.ENV.smtp_bind),
    )
    return senders.describe_way_in(IntegrationKind(integration.kind), address)


def describe_curl(webhook_url: str, service: Service) -> str:
    """A line for a shell that sends a first alert to an integration of the generic kind."""
    return senders.describe_curl(webhook_url, service.name)
