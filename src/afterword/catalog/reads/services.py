"""Services, as far as the actor may see them."""

from __future__ import annotations

import uuid

from django.db.models import Count, Q, QuerySet

from afterword.accounts import reads as accounts
from afterword.accounts.models import Person, Team
from afterword.catalog.models import Service
from afterword.lib.errors import NotFound
from afterword.lib.search import mentions


def visible_services(actor: Person) -> QuerySet[Service]:
    """The services of the teams that `actor` may see, by name."""
    teams = accounts.visible_teams(actor).values("pk")
    return Service.objects.filter(team__in=teams).select_related("team").order_by("name", "id")


def search_services(actor: Person, *, text: str = "", team: Team | None = None) -> QuerySet[Service]:
    """Those with `text` in their name or summary; each with `ways_in`, its number of enabled integrations."""
    services = visible_services(actor)
    if text:
        services = services.filter(mentions(text, "name", "summary"))
    if team is not None:
        services = services.filter(team=team)
    return services.annotate(ways_in=Count("integrations", filter=Q(integrations__is_enabled=True)))


def get_service(actor: Person, unique_id: uuid.UUID) -> Service:
    """Raises NotFound for a service that is not there or not the actor's to see."""
    service = with_defaults(visible_services(actor)).filter(unique_id=unique_id).first()
    if service is None:
        raise NotFound
    return service


def with_defaults(services: QuerySet[Service]) -> QuerySet[Service]:
    """Each with what its incidents get: priority, SLA and escalation policy."""
    return services.select_related("team", "priority", "sla", "escalation_policy")
