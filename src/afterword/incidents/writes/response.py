"""How an incident is answered: its priority, SLA, escalation policy, tags, and who does what."""

from __future__ import annotations

from collections.abc import Sequence

from django.db import models, transaction

from afterword.accounts.models import Person
from afterword.accounts.reads import visible_people
from afterword.audit.writes import record
from afterword.catalog.models import EscalationPolicy, IncidentRole, Priority, Sla, Tag
from afterword.incidents import alert_rules
from afterword.incidents.models import ENTRY_SOURCE_LENGTH_MAX, Entry, EntryKind, Incident, RoleAssignment
from afterword.incidents.privacy.reads import possible_members
from afterword.incidents.privacy.writes import require_somebody
from afterword.incidents.reads import lock_incident
from afterword.lib import clock
from afterword.lib.errors import InvalidInput

TAGS_MAX = 50
"""Of one incident."""
ASSIGNMENTS_MAX = 100
"""The same."""


@transaction.atomic
def change_priority(*, actor: Person, incident: Incident, priority: Priority | None) -> Incident:
    """Say how urgent it is. The same one changes nothing. Raises InvalidInput, NotAllowed, NotFound."""
    incident = lock_incident(actor, incident)
    before = incident.priority
    if priority == before:
        return incident
    _require_usable(incident, priority, "priority")
    incident.priority = priority
    incident.save(update_fields=["priority"])
    _tell_change(actor, incident, "priority", before, priority, "incident.reprioritised")
    return incident


@transaction.atomic
def change_sla(*, actor: Person, incident: Incident, sla: Sla | None) -> Incident:
    """Promise other times, from the incident's creation. What was promised before is forgotten.

    The same SLA changes nothing, also when its times have been changed since. Raises InvalidInput,
    NotAllowed, NotFound.
    """
    incident = lock_incident(actor, incident)
    before = incident.sla
    if sla == before:
        return incident
    _require_usable(incident, sla, "sla")
    if sla is not None and not sla.is_active:
        raise InvalidInput(fields={"sla": f"The SLA “{sla}” is not in force."})
    incident.sla = sla
    acknowledge, resolve = (sla.acknowledge_minutes, sla.resolve_minutes) if sla else (None, None)
    incident.acknowledge_due_at = alert_rules.due_at(incident.created_at, acknowledge)
    incident.resolve_due_at = alert_rules.due_at(incident.created_at, resolve)
    incident.acknowledge_breached_at = incident.resolve_breached_at = None
    incident.save(
        update_fields=[
            *("sla", "acknowledge_due_at", "resolve_due_at"),
            *("acknowledge_breached_at", "resolve_breached_at"),
        ]
    )
    _tell_change(actor, incident, "SLA", before, sla, "incident.sla_changed")
    return incident


@transaction.atomic
def change_escalation_policy(
    *, actor: Person, incident: Incident, escalation_policy: EscalationPolicy | None
) -> Incident:
    """Say who is called. The same one changes nothing. Raises InvalidInput, NotAllowed, NotFound."""
    incident = lock_incident(actor, incident)
    before = incident.escalation_policy
    if escalation_policy == before:
        return incident
    _require_usable(incident, escalation_policy, "escalation_policy")
    incident.escalation_policy = escalation_policy
    incident.save(update_fields=["escalation_policy"])
    _tell_change(
        actor, incident, "escalation policy", before, escalation_policy, "incident.escalation_changed"
    )
    return incident


@transaction.atomic
def change_tags(*, actor: Person, incident: Incident, tags: Sequence[Tag]) -> Incident:
    """Have exactly these tags. Raises InvalidInput, NotAllowed, NotFound."""
    incident = lock_incident(actor, incident)
    before = {tag.pk: tag for tag in incident.tags.all()}
    wanted = {tag.pk: tag for tag in tags}
    if len(wanted) > TAGS_MAX:
        raise InvalidInput(fields={"tags": f"Please use at most {TAGS_MAX} tags."})
    added = [tag for key, tag in wanted.items() if key not in before]
    removed = [tag for key, tag in before.items() if key not in wanted]
    for tag in added:
        _require_usable(incident, tag, "tags")
    if not added and not removed:
        return incident
    incident.tags.add(*added)
    incident.tags.remove(*removed)
    words = [f"Added {_list(added)}."] * bool(added) + [f"Removed {_list(removed)}."] * bool(removed)
    _tell(actor, incident, " ".join(words))
    _record(
        actor,
        incident,
        "incident.tagged",
        added=[str(tag) for tag in added],
        removed=[str(tag) for tag in removed],
    )
    return incident


@transaction.atomic
def assign_role(*, actor: Person, incident: Incident, role: IncidentRole, person: Person) -> RoleAssignment:
    """Give somebody a role in the incident; who has it already keeps it.

    A role for one person at a time is taken over from who had it. In a private incident who has a role is a
    member. Raises InvalidInput for somebody whom the actor does not see, who has left, or who does not see
    the incidents of its team; NotAllowed, NotFound.
    """
    incident = lock_incident(actor, incident)
    if role.archived_at is not None:
        raise InvalidInput(fields={"role": f"The role “{role}” is archived."})
    if not visible_people(actor).filter(pk=person.pk, is_active=True).exists():
        raise InvalidInput(fields={"person": "Please choose somebody who is here."})
    if not possible_members(actor, incident).filter(pk=person.pk).exists():
        team = incident.service.team
        raise InvalidInput(
            fields={"person": f"{person} does not see the incidents of {team}. Please add them to it first."}
        )
    if RoleAssignment.objects.filter(incident=incident).count() >= ASSIGNMENTS_MAX:
        raise InvalidInput(fields={"person": f"An incident has at most {ASSIGNMENTS_MAX} roles."})
    assignment, is_new = RoleAssignment.objects.get_or_create(
        incident=incident, role=role, person=person, defaults={"assigned_at": clock.now()}
    )
    if is_new:
        before = _take_over(actor, incident, assignment) if role.is_single else []
        taken = f" It was {_people(before)} before." if before else ""
        _tell(actor, incident, f"{person} has the role “{role}”.{taken}", EntryKind.ASSIGNMENT)
        _record(actor, incident, "incident.role_assigned", role=str(role), person=str(person))
    return assignment


@transaction.atomic
def take_role(*, actor: Person, incident: Incident, role: IncidentRole, person: Person) -> None:
    """Take a role from somebody; from who has it no more, nothing.

    Raises LastMember when nobody would see a private incident any more, NotAllowed, NotFound.
    """
    incident = lock_incident(actor, incident)
    count, _ = RoleAssignment.objects.filter(incident=incident, role=role, person=person).delete()
    if count:
        require_somebody(incident)
        _tell(actor, incident, f"{person} has the role “{role}” no more.", EntryKind.ASSIGNMENT)
        _record(actor, incident, "incident.role_taken", role=str(role), person=str(person))


def _take_over(actor: Person, incident: Incident, assignment: RoleAssignment) -> list[str]:
    """Take the role from who had it before; their names."""
    others = RoleAssignment.objects.filter(incident=incident, role=assignment.role).exclude(pk=assignment.pk)
    names = [str(other.person) for other in others.select_related("person").order_by("pk")]
    others.delete()
    for name in names:
        _record(actor, incident, "incident.role_taken", role=str(assignment.role), person=name)
    return names


def _people(names: Sequence[str]) -> str:
    return names[0] if len(names) == 1 else f"{', '.join(names[:-1])} and {names[-1]}"


def _require_usable(
    incident: Incident, thing: Priority | Sla | EscalationPolicy | Tag | None, field: str
) -> None:
    if thing is None:
        return
    if thing.team_id != incident.service.team_id:
        raise InvalidInput(fields={field: f"“{thing}” belongs to another team."})
    if thing.archived_at is not None:
        raise InvalidInput(fields={field: f"“{thing}” is archived."})


def _tell_change(
    actor: Person,
    incident: Incident,
    noun: str,
    before: models.Model | None,
    after: models.Model | None,
    action: str,
) -> None:
    if after is None:
        text = f"Removed the {noun} “{before}”."
    elif before is None:
        text = f"Set the {noun} to “{after}”."
    else:
        text = f"Changed the {noun} from “{before}” to “{after}”."
    _tell(actor, incident, text)
    _record(actor, incident, action, before=str(before or ""), after=str(after or ""))


def _list(tags: Sequence[Tag]) -> str:
    names = ", ".join(f"“{tag}”" for tag in tags)
    return f"the tag {names}" if len(tags) == 1 else f"the tags {names}"


def _tell(actor: Person, incident: Incident, text: str, kind: EntryKind = EntryKind.EDIT) -> None:
    Entry.objects.create(
        incident=incident,
        at=clock.now(),
        kind=kind,
        text=text,
        person=actor,
        source=str(actor)[:ENTRY_SOURCE_LENGTH_MAX],
    )


def _record(actor: Person, incident: Incident, action: str, **data: str | list[str]) -> None:
    record(actor=actor, action=action, subject=incident, team_id=incident.service.team_id, data=data)
