"""Which incidents have to do with one another: those that people linked, and those that look alike."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Q, QuerySet

from afterword.accounts.models import Person
from afterword.incidents.models import Incident, IncidentEntity
from afterword.incidents.reads import family_of, visible_incidents
from afterword.incidents.related.models import IncidentRelation

SUGGESTED_DAYS = 90
SUGGESTED_MAX = 5
SAME_ENTITY_MAX = 50
SAME_SERVICE_MAX = 100
NEWEST_MAX = 300
"""Of all that the actor sees, whose words are compared."""
ENTITIES_ASKED_MAX = 50
WORD_LETTERS_MIN = 4
WORDS_ALIKE_MIN = 2
RELATIONS_MAX = 100
"""Of one incident."""
_WORD = re.compile(rf"\w{{{WORD_LETTERS_MIN},}}")


@dataclass(frozen=True)
class RelatedIncident:
    """Another incident, and why somebody linked it."""

    relation: IncidentRelation
    incident: Incident


@dataclass(frozen=True)
class SuggestedIncident:
    """Another incident that may have to do with this one, and what they have in common."""

    incident: Incident
    reasons: tuple[str, ...]
    score: int


def related_to(actor: Person, incident: Incident) -> list[RelatedIncident]:
    """Those that are linked with it and that the actor sees, in the order in which they were linked."""
    relations = _relations(incident).select_related("made_by")[:RELATIONS_MAX]
    others = {_other(one, incident): one for one in relations}
    if not others:
        return []
    seen = visible_incidents(actor).in_bulk(list(others))
    return [RelatedIncident(one, seen[key]) for key, one in others.items() if key in seen]


def suggest_related(actor: Person, incident: Incident, *, now: datetime) -> list[SuggestedIncident]:
    """Up to `SUGGESTED_MAX` incidents of the last `SUGGESTED_DAYS` days, the likest first.

    Something in common is an entity, the service, or at least two words of the title. However many
    incidents there are, at most a few hundred are looked at: those of its entities, the newest of its
    service and the newest of all. Linked and merged ones are left out.
    """
    since = now - timedelta(days=SUGGESTED_DAYS)
    known = {*family_of(incident), *(_other(one, incident) for one in _relations(incident)[:RELATIONS_MAX])}
    seen = visible_incidents(actor).filter(merged_into__isnull=True)
    same_entity = _with_entities_of(incident)
    found: dict[int, Incident] = {}
    groups: Iterable[tuple[Q, int]] = (
        (Q(pk__in=same_entity), SAME_ENTITY_MAX),
        (Q(service=incident.service_id), SAME_SERVICE_MAX),
        (Q(), NEWEST_MAX),
    )
    for wanted, most in groups:
        for one in seen.filter(wanted)[:most]:
            if one.created_at >= since and one.pk not in known:
                found[one.pk] = one
    words = _words(incident.title)
    rated = [_compare(incident, one, words, one.pk in same_entity) for one in found.values()]
    rated = [one for one in rated if one.score]
    rated.sort(key=lambda one: (-one.score, -one.incident.number))
    return rated[:SUGGESTED_MAX]


def relation_between(first: int, second: int) -> IncidentRelation | None:
    """By the keys of two incidents. Asks for no rights: for writes that have."""
    found = IncidentRelation.objects.filter(first=min(first, second), second=max(first, second))
    return found.first()


def count_relations(incident: Incident) -> int:
    """How many incidents are linked with it, seen or not."""
    return _relations(incident).count()


def _relations(incident: Incident) -> QuerySet[IncidentRelation]:
    return IncidentRelation.objects.filter(Q(first=incident.pk) | Q(second=incident.pk)).order_by(
        "made_at", "pk"
    )


def _other(relation: IncidentRelation, incident: Incident) -> int:
    first, second = relation.first_id, relation.second_id
    return second if first == incident.pk else first


def _with_entities_of(incident: Incident) -> set[int]:
    entities = list(incident.entities.values_list("integration", "entity_id")[:ENTITIES_ASKED_MAX])
    wanted = Q()
    for integration, entity_id in entities:
        wanted |= Q(integration=integration, entity_id=entity_id)
    if not entities:
        return set()
    rows = IncidentEntity.objects.filter(wanted).exclude(incident=incident).order_by("-pk")
    return set(rows.values_list("incident", flat=True)[:SAME_ENTITY_MAX])


def _words(title: str) -> set[str]:
    return {word.casefold() for word in _WORD.findall(title)}


def _compare(incident: Incident, other: Incident, words: set[str], same_entity: bool) -> SuggestedIncident:
    shared = sorted(words & _words(other.title))
    reasons, score = [], 0
    if same_entity:
        reasons.append("the same entity")
        score += 4
    if other.service_id == incident.service_id:
        reasons.append("the same service")
        score += 1
    if len(shared) >= WORDS_ALIKE_MIN:
        reasons.append(f"the words {', '.join(shared[:3])}")
        score += min(len(shared), 4)
    return SuggestedIncident(other, tuple(reasons), score)
