"""What belongs together by merging. The rows of a merged incident stay its own: only reads join them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Count, Exists, Max, OuterRef, QuerySet

from afterword.accounts.models import Person
from afterword.incidents.merging.models import IncidentMerge
from afterword.incidents.models import Alert, Incident, IncidentEntity
from afterword.incidents.reads import visible_incidents

CHAIN_MAX = 50
"""How far an incident can have been merged on and on."""


@dataclass(frozen=True)
class ShownMerge:
    """Where a merged incident has gone, as far as the reader may know."""

    merge: IncidentMerge
    target: Incident | None
    """None: the reader does not see that one."""


def merge_of(actor: Person, incident: Incident) -> ShownMerge | None:
    """Where it has gone; None when it is not merged. The caller has seen the incident."""
    if not incident.is_merged:
        return None
    merge = IncidentMerge.objects.select_related("merged_by").get(source=incident, unmerged_at__isnull=True)
    return ShownMerge(merge, visible_incidents(actor).filter(pk=merge.target_id).first())


def merged_into(actor: Person, incident: Incident) -> QuerySet[Incident]:
    """The incidents that were merged into this one and that the actor sees, the first number first."""
    found = visible_incidents(actor) if incident.merges else Incident.objects.none()
    return found.filter(merged_into=incident).order_by("number")


def chain_of(incident: Incident) -> list[int]:
    """The keys of the incidents into which it was merged, and those into which they were, nearest first."""
    found: list[int] = []
    key = incident.merged_into_id
    while key is not None:
        assert len(found) < CHAIN_MAX, "a chain of merges has an end"
        found.append(key)
        key = Incident.objects.filter(pk=key).values_list("merged_into", flat=True).get()
    return found


def entities_from(source: Incident, chain: Sequence[int]) -> QuerySet[IncidentEntity]:
    """The entities of a merged incident, wherever in its chain they are."""
    return IncidentEntity.objects.filter(incident__in=list(chain), origin=source.pk)


def heard_since(merge: IncidentMerge, chain: Sequence[int]) -> tuple[int, datetime | None]:
    """How many alerts about a source's entities came while it was merged, and when the last one did."""
    same = IncidentEntity.objects.filter(
        incident__in=list(chain),
        origin=merge.source_id,
        integration=OuterRef("integration"),
        entity_id=OuterRef("entity_id"),
    )
    came = Alert.objects.filter(Exists(same), incident__in=list(chain), received_at__gte=merge.merged_at)
    found = came.order_by().aggregate(count=Count("pk"), latest=Max("received_at"))
    return found["count"], found["latest"]
