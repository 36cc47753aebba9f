"""Linking incidents that have to do with one another."""

from __future__ import annotations

from django.db import transaction

from afterword.accounts.models import Person
from afterword.audit.writes import record
from afterword.incidents.models import ENTRY_SOURCE_LENGTH_MAX, Entry, EntryKind, Incident
from afterword.incidents.reads import get_incident, lock_incident
from afterword.incidents.related.models import REASON_LENGTH_MAX, IncidentRelation
from afterword.incidents.related.reads import RELATIONS_MAX, count_relations, relation_between
from afterword.lib import clock
from afterword.lib.errors import InvalidInput, NotFound
from afterword.lib.text import one_line


@transaction.atomic
def link_incidents(
    *, actor: Person, incident: Incident, other: Incident, reason: str = ""
) -> IncidentRelation:
    """Say that two incidents have to do with one another; linked again, they get the new reason.

    The actor may respond in `incident` and sees `other`; both show it. Raises InvalidInput, naming `other`,
    for an incident and itself, NotAllowed, NotFound.
    """
    reason = one_line("reason", reason, characters_max=REASON_LENGTH_MAX, required=False)
    if incident.pk == other.pk:
        raise InvalidInput(fields={"other": "An incident cannot be linked with itself."})
    incident, other = lock_incident(actor, incident), get_incident(actor, other.number)
    relation = relation_between(incident.pk, other.pk)
    if relation is not None and relation.reason == reason:
        return relation
    if relation is None:
        for one in (incident, other):
            if count_relations(one) >= RELATIONS_MAX:
                raise InvalidInput(
                    fields={"other": f"#{one.number} is linked with {RELATIONS_MAX} incidents already."}
                )
        first, second = sorted((incident, other), key=lambda one: one.pk)
        relation, _ = IncidentRelation.objects.get_or_create(
            first=first,
            second=second,
            defaults={"reason": reason, "made_by": actor, "made_at": clock.now()},
        )
        _tell(actor, incident, other, "Linked with {}.", reason)
    else:
        relation.reason = reason
        relation.save(update_fields=["reason"])
    _record(actor, "incident.linked", incident, other, reason=reason)
    return relation


@transaction.atomic
def unlink_incidents(*, actor: Person, incident: Incident, other: Incident) -> None:
    """Take the link back. Raises NotFound where there is none, NotAllowed."""
    incident, other = lock_incident(actor, incident), get_incident(actor, other.number)
    relation = relation_between(incident.pk, other.pk)
    if relation is None:
        raise NotFound
    relation.delete()
    _tell(actor, incident, other, "Linked with {} no more.", "")
    _record(actor, "incident.unlinked", incident, other)


def _tell(actor: Person, incident: Incident, other: Incident, words: str, reason: str) -> None:
    """A line in both timelines. Not with a title, nor the number of what some readers may not see."""
    now = clock.now()
    for one, another in ((incident, other), (other, incident)):
        name = "a private incident" if another.is_private else f"#{another.number}"
        Entry.objects.create(
            incident=one,
            at=now,
            kind=EntryKind.EDIT,
            text=f"{words.format(name)}{' ' + reason if reason and not another.is_private else ''}",
            person=actor,
            source=str(actor)[:ENTRY_SOURCE_LENGTH_MAX],
        )


def _record(actor: Person, action: str, incident: Incident, other: Incident, **data: str) -> None:
    hides = other.is_private and not incident.is_private
    record(
        actor=actor,
        action=action,
        subject=incident,
        team_id=incident.service.team_id,
        data={"other": None if hides else other.number, **data},
    )
