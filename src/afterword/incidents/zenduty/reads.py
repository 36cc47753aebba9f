"""What these clients ask for and the pages do not: more than one of each, and who leads."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Q, QuerySet

from afterword.accounts.models import Person
from afterword.accounts.reads import own_memberships
from afterword.catalog.models import IncidentRole, Integration, Meaning
from afterword.catalog.reads import (
    visible_escalation_policies,
    visible_incident_roles,
    visible_priorities,
    visible_services,
    visible_slas,
    visible_tags,
)
from afterword.incidents import reads
from afterword.incidents.models import (
    ENDED,
    Alert,
    Entry,
    EntryKind,
    Incident,
    IncidentStatus,
    RoleAssignment,
)
from afterword.incidents.reads import IncidentFilter
from afterword.incidents.written import with_postmortem

TOLD = (
    *("service__team", "service__priority", "service__sla", "service__escalation_policy"),
    *("priority", "sla", "escalation_policy__team", "tags"),
    *("role_assignments__role", "role_assignments__person"),
)
"""What an incident tells of other rows."""


@dataclass(frozen=True)
class WantedIncidents:
    """What a list is narrowed to. Of each list of ids one has to fit; none of them narrows nothing."""

    statuses: tuple[str, ...] = ()
    is_open: bool = False
    own_teams: bool = False
    """Only those of teams that the actor is in."""
    teams: Sequence[uuid.UUID] = ()
    services: Sequence[uuid.UUID] = ()
    users: Sequence[uuid.UUID] = ()
    """Who leads it."""
    priorities: Sequence[uuid.UUID] = ()
    priority_name: str = ""
    tags: Sequence[uuid.UUID] = ()
    slas: Sequence[uuid.UUID] = ()
    escalation_policies: Sequence[uuid.UUID] = ()
    created_after: datetime | None = None
    created_before: datetime | None = None
    has_postmortem: bool | None = None


def find_incidents(actor: Person, wanted: WantedIncidents) -> QuerySet[Incident]:
    """The visible incidents that fit, newest first, each with what it tells.

    What the actor cannot see fits nothing.
    """
    found = reads.find_incidents(
        actor, IncidentFilter(status=reads.OPEN if wanted.is_open else "", priority=wanted.priority_name)
    )
    if wanted.statuses:
        found = found.filter(status__in=wanted.statuses)
    services = visible_services(actor).order_by()
    if wanted.own_teams:
        own = own_memberships(actor).order_by().values("team")
        found = found.filter(service__in=services.filter(team__in=own).values("pk"))
    if wanted.teams:
        found = found.filter(service__in=services.filter(team__unique_id__in=wanted.teams).values("pk"))
    if wanted.services:
        found = found.filter(service__in=services.filter(unique_id__in=wanted.services).values("pk"))
    if wanted.priorities:
        rows = visible_priorities(actor).filter(unique_id__in=wanted.priorities)
        found = found.filter(priority__in=rows.order_by().values("pk"))
    if wanted.slas:
        rows_of_slas = visible_slas(actor).filter(unique_id__in=wanted.slas)
        found = found.filter(sla__in=rows_of_slas.order_by().values("pk"))
    if wanted.escalation_policies:
        policies = visible_escalation_policies(actor).filter(unique_id__in=wanted.escalation_policies)
        found = found.filter(escalation_policy__in=policies.order_by().values("pk"))
    if wanted.tags:
        tags = visible_tags(actor).filter(unique_id__in=wanted.tags).order_by().values("pk")
        found = found.filter(pk__in=Incident.tags.through.objects.filter(tag__in=tags).values("incident"))
    if wanted.users:
        led = RoleAssignment.objects.filter(
            role__meaning=Meaning.LEAD, person__unique_id__in=wanted.users
        ).order_by()
        found = found.filter(pk__in=led.values("incident"))
    if wanted.created_after is not None:
        found = found.filter(created_at__gt=wanted.created_after)
    if wanted.created_before is not None:
        found = found.filter(created_at__lt=wanted.created_before)
    if wanted.has_postmortem is not None:
        found = with_postmortem(actor, found, wanted.has_postmortem)
    return found.prefetch_related(*TOLD)


def statuses_of(number: int) -> tuple[str, ...]:
    """Our statuses for one of theirs; what was merged into another one counts as resolved."""
    return {
        1: (str(IncidentStatus.TRIGGERED),),
        2: (str(IncidentStatus.ACKNOWLEDGED),),
        3: tuple(str(status) for status in ENDED),
    }[number]


def lead_role(actor: Person) -> IncidentRole | None:
    """The role of who leads an incident, whatever it is called here."""
    return visible_incident_roles(actor, archived=False).filter(meaning=Meaning.LEAD).first()


def numbers_of(actor: Person, keys: Sequence[int]) -> dict[int, int]:
    """The numbers of those of these incidents that the actor may see, by their keys."""
    if not keys:
        return {}
    return dict(reads.visible_incidents(actor).filter(pk__in=keys).order_by().values_list("pk", "number"))


def notes_of(actor: Person, incident: Incident) -> QuerySet[Entry]:
    """The notes that are not hidden, earliest first."""
    found = reads.entries_of(actor, incident).filter(kind=EntryKind.NOTE, hidden_at__isnull=True)
    return found.select_related("incident", "person").order_by("at", "id")


def alerts_of(actor: Person, incident: Incident) -> QuerySet[Alert]:
    """The alerts, earliest first, each with what it tells."""
    found = reads.alerts_of(actor, incident).select_related("incident", "integration__service__team")
    return found.order_by("received_at", "id")


def alerts_of_integration(actor: Person, integration: Integration) -> QuerySet[Alert]:
    """Those that came in by it, newest first, without those of incidents that the actor may not see."""
    seen = reads.visible_incidents(actor).order_by().values("pk")
    found = Alert.objects.filter(
        Q(incident__isnull=True) | Q(incident__in=seen),
        integration=integration,
        integration__service__in=visible_services(actor).order_by().values("pk"),
    )
    return found.select_related("incident", "integration__service__team").order_by("-id")
