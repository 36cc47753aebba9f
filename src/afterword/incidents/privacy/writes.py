"""Making incidents private and public, and saying who their members are."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime

from django.db import transaction

from afterword.accounts.models import Membership, OrganisationRole, Person, TeamRole
from afterword.audit.writes import Actor, record
from afterword.incidents.models import ENTRY_SOURCE_LENGTH_MAX, Entry, EntryKind, Incident, RoleAssignment
from afterword.incidents.privacy import reads
from afterword.incidents.privacy.errors import LastMember, PrivacyTied
from afterword.incidents.privacy.models import IncidentMember
from afterword.incidents.reads import lock_incident
from afterword.lib import clock
from afterword.lib.errors import InvalidInput

MEMBERS_MAX = 500
"""Of one incident."""


@transaction.atomic
def make_private(*, actor: Person, incident: Incident, people: Sequence[Person] = ()) -> Incident:
    """Show it to its members alone: the actor, `people`, who has a role in it, and who is paged about it.

    Who was on the list before stays on it. Raises PrivacyTied for one that was merged into a public one,
    InvalidInput for people who could not see it anyway, NotAllowed, NotFound.
    """
    incident = lock_incident(actor, incident)
    if incident.merged_into is not None and not incident.merged_into.is_private:
        raise PrivacyTied
    added = _add(actor, incident, [actor, *people], field="members")
    if incident.is_private:
        if added:
            _tell(incident, actor, f"Made {_list(added)} {_nouns(added)}.")
            _record_members(actor, incident, added)
        return incident
    incident.is_private = True
    incident.save(update_fields=["is_private"])
    _tell(incident, actor, "Made the incident private: only its members see it.", EntryKind.EDIT)
    names = [str(person) for person in added]
    record(
        actor=actor,
        action="incident.made_private",
        subject=incident,
        team_id=incident.service.team_id,
        data={"members": names},
    )
    return incident


@transaction.atomic
def make_public(*, actor: Person, incident: Incident) -> Incident:
    """Show it to its team again. Its list of members is kept, for the case that it becomes private anew.

    Raises PrivacyTied while a private incident is merged into it, NotAllowed, NotFound.
    """
    incident = lock_incident(actor, incident)
    if not incident.is_private:
        return incident
    if incident.merges and reads.private_sources(incident):
        raise PrivacyTied
    incident.is_private = False
    incident.save(update_fields=["is_private"])
    _tell(incident, actor, "Made the incident visible to its team.", EntryKind.EDIT)
    record(actor=actor, action="incident.made_public", subject=incident, team_id=incident.service.team_id)
    return incident


@transaction.atomic
def add_members(*, actor: Person, incident: Incident, people: Sequence[Person]) -> list[Person]:
    """Let people see a private incident; those who are new. On a public one the list only waits.

    Raises InvalidInput for people who could not see it if it were public, NotAllowed, NotFound.
    """
    incident = lock_incident(actor, incident)
    added = _add(actor, incident, people, field="person")
    if added:
        _tell(incident, actor, f"Made {_list(added)} {_nouns(added)}.")
        _record_members(actor, incident, added)
    return added


@transaction.atomic
def remove_member(*, actor: Person, incident: Incident, person: Person) -> None:
    """Take somebody from the list; who is not on it, nothing. An open page of theirs learns nothing more.

    Raises InvalidInput for somebody who has a role in it, LastMember when nobody would see it any more,
    NotAllowed, NotFound.
    """
    incident = lock_incident(actor, incident)
    if RoleAssignment.objects.filter(incident=incident, person=person).exists():
        raise InvalidInput(
            fields={"person": f"{person} has a role in this incident. Please take that away first."}
        )
    count, _ = IncidentMember.objects.filter(incident=incident, person=person).delete()
    if not count:
        return
    require_somebody(incident)
    _tell(incident, actor, f"{person} is a member no more.")
    record(
        actor=actor,
        action="incident.member_removed",
        subject=incident,
        team_id=incident.service.team_id,
        data={"person": str(person)},
    )


def require_somebody(incident: Incident) -> None:
    """Raises LastMember when a private incident has nobody left who sees it."""
    if incident.is_private and not reads.somebody_sees(incident):
        raise LastMember


def admit_paged(*, actor: Actor, incident: Incident, people: Iterable[Person], at: datetime) -> None:
    """Make those who are called about a private incident its members, in the caller's transaction.

    Without that nobody could answer. The caller has found that they may respond in its team.
    """
    if not incident.is_private:
        return
    added = _insert(incident, list(people), None, at)
    if added:
        identity = actor.audit_identity
        Entry.objects.create(
            incident=incident,
            at=at,
            kind=EntryKind.ASSIGNMENT,
            text=f"Made {_list(added)} {_nouns(added)}: they are paged.",
            source=identity.name[:ENTRY_SOURCE_LENGTH_MAX],
        )
        _record_members(actor, incident, added, at=at)


def begin_membership(*, actor: Person, incident: Incident, people: Sequence[Person], at: datetime) -> None:
    """Give an incident that is being reported, and is private, its members. In the caller's transaction.

    Raises InvalidInput, naming `members`, for people who could not see it if it were public.
    """
    _add(actor, incident, [actor, *people], field="members")
    if incident.service.starts_private:
        managers = _managers_of({incident.service.team_id})
        _insert(incident, managers[incident.service.team_id], None, at)
    names = [str(one.person) for one in reads.members_of(incident)]
    record(
        actor=actor,
        action="incident.made_private",
        subject=incident,
        at=at,
        team_id=incident.service.team_id,
        data={"members": names},
    )


def begin_private(*, actor: Actor, incidents: Sequence[Incident], at: datetime) -> None:
    """Make new incidents private whose service wants it, with its team's managers as members.

    In the transaction that opens them, before anybody else hears of them.
    """
    wanted = [one for one in incidents if one.service.starts_private and not one.is_private]
    if not wanted:
        return
    Incident.objects.filter(pk__in=[one.pk for one in wanted]).update(is_private=True)
    managers = _managers_of({one.service.team_id for one in wanted})
    for incident in wanted:
        incident.is_private = True
        _insert(incident, managers.get(incident.service.team_id, []), None, at)
        record(
            actor=actor,
            action="incident.made_private",
            subject=incident,
            at=at,
            team_id=incident.service.team_id,
            data={"by": "service"},
        )


def _managers_of(teams: set[int]) -> dict[int, list[Person]]:
    found: dict[int, list[Person]] = {}
    managing = Membership.objects.filter(team__in=teams, role=TeamRole.MANAGER, person__is_active=True)
    for one in managing.select_related("person").order_by("pk"):
        found.setdefault(one.team_id, []).append(one.person)
    # Somebody must see it: without a manager, whoever responds in the team; without those, who could.
    for team in teams - set(found):
        members = Person.objects.filter(memberships__team=team, is_active=True)
        responders = list(members.exclude(role=OrganisationRole.VIEWER).order_by("pk"))
        owners = Person.objects.filter(is_active=True, role=OrganisationRole.OWNER).order_by("pk")
        found[team] = responders or list(owners)
    return found


def _add(actor: Person, incident: Incident, people: Iterable[Person], *, field: str) -> list[Person]:
    wanted = {person.pk: person for person in people}
    possible = reads.possible_members(actor, incident).filter(pk__in=list(wanted))
    missing = set(wanted) - set(possible.values_list("pk", flat=True))
    if missing:
        names = ", ".join(str(wanted[pk]) for pk in sorted(missing))
        raise InvalidInput(
            fields={field: f"{names} cannot see what happens in {incident.service.team}, so not this either."}
        )
    return _insert(incident, list(wanted.values()), actor, clock.now())


def _insert(incident: Incident, people: Sequence[Person], by: Person | None, at: datetime) -> list[Person]:
    """Those of them who were no members yet. The caller holds the incident, so nobody is added twice."""
    known = set(
        IncidentMember.objects.filter(incident=incident).order_by().values_list("person_id", flat=True)
    )
    new = list({person.pk: person for person in people if person.pk not in known}.values())
    if len(known) + len(new) > MEMBERS_MAX:
        raise InvalidInput(fields={"person": f"A private incident has at most {MEMBERS_MAX} members."})
    IncidentMember.objects.bulk_create(
        IncidentMember(incident=incident, person=person, added_by=by, added_at=at) for person in new
    )
    return new


def _list(people: Sequence[Person]) -> str:
    names = [str(person) for person in people]
    return names[0] if len(names) == 1 else f"{', '.join(names[:-1])} and {names[-1]}"


def _nouns(people: Sequence[Person]) -> str:
    return "a member" if len(people) == 1 else "members"


def _tell(incident: Incident, actor: Person, text: str, kind: EntryKind = EntryKind.ASSIGNMENT) -> None:
    Entry.objects.create(
        incident=incident,
        at=clock.now(),
        kind=kind,
        text=text,
        person=actor,
        source=str(actor)[:ENTRY_SOURCE_LENGTH_MAX],
    )


def _record_members(
    actor: Actor, incident: Incident, added: Sequence[Person], at: datetime | None = None
) -> None:
    record(
        actor=actor,
        action="incident.members_added",
        subject=incident,
        at=at,
        team_id=incident.service.team_id,
        data={"people": [str(person) for person in added]},
    )
