"""Escalations and pages, as far as the actor may see their incident."""

from __future__ import annotations

from collections.abc import Sequence

from django.db.models import Prefetch, QuerySet

from afterword.accounts.models import OrganisationRole, Person
from afterword.accounts.reads import team_members
from afterword.catalog.models import EscalationPolicy
from afterword.catalog.reads import visible_escalation_policies
from afterword.incidents.flow.reads import sees_incident
from afterword.incidents.models import Incident
from afterword.incidents.reads import visible_incidents
from afterword.notify.paging.links import read_token
from afterword.notify.paging.models import Escalation, Page, PageDelivery


def escalations_of(actor: Person, incident: Incident) -> QuerySet[Escalation]:
    """Those of an incident, newest first, each with its policy."""
    found = Escalation.objects.filter(incident__in=_seen(actor, incident))
    return found.select_related("policy", "started_by", "incident").order_by("-started_at", "-pk")


def pages_of(actor: Person, incident: Incident) -> QuerySet[Page]:
    """Whom an incident paged, newest first, each with its deliveries and their attempts."""
    deliveries = PageDelivery.objects.prefetch_related("tries")
    found = Page.objects.filter(incident__in=_seen(actor, incident))
    return (
        found.select_related("person", "paged_by", "escalation__policy")
        .prefetch_related(Prefetch("deliveries", deliveries))
        .order_by("-at", "-pk")
    )


def people_to_page(actor: Person, incident: Incident) -> list[Person]:
    """Whom the actor may page about an incident: its team, without those who only read."""
    members = team_members(actor, incident.service.team).filter(person__is_active=True)
    return [one.person for one in members if one.person.role != OrganisationRole.VIEWER]


def policies_to_page(actor: Person, incident: Incident) -> list[EscalationPolicy]:
    """The escalation policies of the incident's team."""
    return list(visible_escalation_policies(actor, team=incident.service.team, archived=False))


def find_page(token: str) -> Page | None:
    """The page of a link's token; None when it does not work (any more), or its person has left.

    The same when its person is no member any more of what is private by now.
    """
    key = read_token(token)
    if not key:
        return None
    found = Page.objects.select_related("person", "incident__service__team")
    page = found.filter(unique_id=key, person__is_active=True).first()
    if page is not None and page.incident.is_private and not sees_incident(page.person, page.incident):
        return None
    return page


def pages_in(incidents: Sequence[int]) -> QuerySet[Page]:
    """Whom incidents paged, by their keys, in order, each with its deliveries. For who may see them."""
    found = Page.objects.filter(incident__in=incidents)
    return (
        found.select_related("person", "paged_by", "escalation__policy", "incident")
        .prefetch_related("deliveries")
        .order_by("at", "pk")
    )


def escalations_in(incidents: Sequence[int]) -> QuerySet[Escalation]:
    """The same of escalations."""
    found = Escalation.objects.filter(incident__in=incidents)
    return found.select_related("policy", "started_by", "incident").order_by("started_at", "pk")


def _seen(actor: Person, incident: Incident) -> QuerySet[Incident]:
    return visible_incidents(actor).filter(pk=incident.pk).order_by()
