"""Who sees a private incident: the one condition with which every read of incidents begins.

Private incidents are few. Of many rows it is asked in the negative, "not among the private ones that are
hidden from the actor": that set is small and found by an index of its own, and the list around it is read and
counted along its indexes as if there were no privacy at all.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from django.db.models import Exists, Q, QuerySet
from django.db.models.expressions import RawSQL

from afterword.accounts.models import Membership, Organisation, OrganisationRole, Person
from afterword.incidents.models import Incident, RoleAssignment
from afterword.incidents.privacy.models import IncidentMember

ADMINISTRATORS = (OrganisationRole.OWNER, OrganisationRole.ADMIN)


def is_open_to(actor: Person, incident: str = "") -> Q:
    """A condition on incidents, or on what has one by the name `incident`: public, or the actor's to see.

    It asks for no team. A member is who is on its list or has a role in it, and who is a member of the one
    into which it was merged. Where the organisation allows it, administrators are members of all.
    """
    listed = IncidentMember.objects.filter(person=actor).order_by().values("incident")
    has_role = RoleAssignment.objects.filter(person=actor).order_by().values("incident")
    to = f"{incident}__" if incident else ""
    sees = Q(**{f"{to}is_private": False}) | Q(**{f"{to}pk__in": listed}) | Q(**{f"{to}pk__in": has_role})
    sees |= Q(**{f"{to}pk__in": _merged_into_those_of(actor)})
    if actor.is_admin:
        sees |= Q(Exists(Organisation.objects.filter(admins_see_private=True)))
    return sees


def hidden_incidents(actor: Person) -> QuerySet[Incident, int]:
    """The keys of the private incidents that are not the actor's to see, whatever team they are of."""
    found = Incident.objects.filter(~is_open_to(actor), is_private=True)
    return found.order_by().values_list("pk", flat=True)


def people_who_see(incident: Incident) -> Q:
    """A condition on people: who is here, and sees this incident."""
    in_team = Membership.objects.filter(team=incident.service.team_id).order_by().values("person")
    sees = Q(is_active=True) & (Q(pk__in=in_team) | Q(role__in=ADMINISTRATORS))
    return sees & is_member(incident) if incident.is_private else sees


def is_member(incident: Incident) -> Q:
    """A condition on people: who is a member of this private incident."""
    keys = [incident.pk, *_merged_on_into(incident)]
    listed = IncidentMember.objects.filter(incident__in=keys).order_by().values("person")
    has_role = RoleAssignment.objects.filter(incident__in=keys).order_by().values("person")
    allowed = Exists(Organisation.objects.filter(admins_see_private=True))
    return Q(pk__in=listed) | Q(pk__in=has_role) | (Q(role__in=ADMINISTRATORS) & Q(allowed))


def possible_members(actor: Person, incident: Incident) -> QuerySet[Person]:
    """Who can be made a member: who is here and could see the incident if it were not private, by name.

    The team, and owners and administrators. Asks for no rights: the caller has seen the incident.
    """
    in_team = Membership.objects.filter(team=incident.service.team_id).order_by().values("person")
    found = Person.objects.filter(Q(pk__in=in_team) | Q(role__in=ADMINISTRATORS), is_active=True)
    return found.order_by("name", "id")


def members_of(incident: Incident) -> QuerySet[IncidentMember]:
    """The list of members by name, each with its person. The caller has seen the incident."""
    return (
        IncidentMember.objects.filter(incident=incident)
        .select_related("person")
        .order_by("person__name", "id")
    )


def members_by_role(incident: Incident) -> list[Person]:
    """Who is a member only because of a role in it, by name."""
    listed = IncidentMember.objects.filter(incident=incident).order_by().values("person")
    has_role = RoleAssignment.objects.filter(incident=incident).order_by().values("person")
    return list(Person.objects.filter(pk__in=has_role).exclude(pk__in=listed).order_by("name", "id"))


def addresses_of_members(incident: Incident, emails: Iterable[str]) -> set[str]:
    """Those of these addresses that belong to somebody who sees the incident, as they were given."""
    wanted: dict[str, list[str]] = {}
    for email in emails:
        wanted.setdefault(email.lower(), []).append(email)
    known = Person.objects.filter(people_who_see(incident), email__in=list(wanted))
    return {email for address in known.values_list("email", flat=True) for email in wanted[address]}


def is_hidden_from(actor: Person, incidents: Sequence[int]) -> set[int]:
    """Which of these incidents, by their keys, are private and not the actor's to see."""
    return set(hidden_incidents(actor).filter(pk__in=list(incidents))) if incidents else set()


def admins_see_private() -> bool:
    """Whether the organisation lets owners and administrators see all private incidents."""
    return Organisation.objects.filter(admins_see_private=True).exists()


def somebody_sees(incident: Incident) -> bool:
    """Whether there is anybody left who sees it."""
    return Person.objects.filter(people_who_see(incident)).exists()


def private_sources(incident: Incident) -> list[int]:
    """The numbers of the private incidents that were merged into this one."""
    found = Incident.objects.filter(merged_into=incident, is_private=True).order_by("number")
    return list(found.values_list("number", flat=True))


def _merged_into_those_of(actor: Person) -> RawSQL:
    """The keys of what was merged, and merged on, into a private incident of which the actor is a member.

    What is private is only merged into what is. A chain has any length, which no join follows.
    """
    incidents, members, roles = (model._meta.db_table for model in (Incident, IncidentMember, RoleAssignment))
    statement = (
        "WITH RECURSIVE below(id) AS ("  # noqa: S608 - the names of our own tables
        f"SELECT above.id FROM {incidents} above WHERE above.is_private AND above.merges > 0"
        f" AND (above.id IN (SELECT incident_id FROM {members} WHERE person_id = %s)"
        f" OR above.id IN (SELECT incident_id FROM {roles} WHERE person_id = %s))"
        f" UNION SELECT one.id FROM {incidents} one JOIN below ON one.merged_into_id = below.id"
        ") SELECT id FROM below"
    )
    return RawSQL(statement, [actor.pk, actor.pk])  # noqa: S611 - a constant, see above


def _merged_on_into(incident: Incident) -> list[int]:
    """The keys of what it was merged into, and that into, nearest first. None for most, without a query."""
    found: list[int] = []
    key = incident.merged_into_id
    while key is not None and key not in found:
        found.append(key)
        key = Incident.objects.filter(pk=key).values_list("merged_into", flat=True).first()
    return found
