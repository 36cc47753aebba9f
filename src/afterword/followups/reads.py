"""Everything that is read about follow-ups, starting from who reads."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from dataclasses import dataclass

from django.db.models import Q, QuerySet

from afterword.accounts.models import Membership, Person, Team
from afterword.accounts.reads import require_write, sees_all_teams, visible_teams
from afterword.catalog.reads import visible_services
from afterword.followups.models import DocumentFollowUp, FollowUp, FollowUpStatus
from afterword.incidents.models import Incident
from afterword.incidents.privacy.reads import hidden_incidents
from afterword.incidents.reads import family_of
from afterword.lib.errors import InvalidInput, NotFound
from afterword.lib.remembering import remembered
from afterword.lib.search import mentions
from afterword.postmortems.models import Postmortem
from afterword.postmortems.reads import incidents_of

SEARCH_CHARACTERS_MAX = 200
SEARCH_WORDS_MAX = 8
TO_TAKE_IN_MAX = 30
FOLLOW_UPS_SHOWN_MAX = 200
"""How many follow-ups a post-mortem shows."""
OF_INCIDENT_MAX = 200
"""How many follow-ups the page of one incident shows."""

PARTS = ("incident__service__team", "of_team", "owner")
"""What is shown of a follow-up beside itself."""

TO_DO = "to_do"
STATUSES = (TO_DO, *FollowUpStatus.values)
"""What the list can be narrowed to; `to_do` is everything that is not completed."""


@dataclass(frozen=True)
class FollowUpFilter:
    """What a list is narrowed to. Nothing given narrows nothing."""

    status: str = ""
    """One of `STATUSES`."""
    is_mine: bool = False
    incident: Incident | None = None


def visible_follow_ups(actor: Person) -> QuerySet[FollowUp]:
    """Those of the incidents and teams that the actor may see: urgent first, then what is due first."""
    return _of_teams(actor).exclude(incident__in=hidden_incidents(actor)).select_related(*PARTS)


def follow_ups_of_team(actor: Person, team: Team) -> QuerySet[FollowUp]:
    """Those of the team's incidents, and its own."""
    return visible_follow_ups(actor).filter(Q(incident__service__team=team) | Q(of_team=team))


def find_follow_ups(actor: Person, wanted: FollowUpFilter) -> QuerySet[FollowUp]:
    """The visible follow-ups that fit. Raises InvalidInput for an unknown status."""
    found = visible_follow_ups(actor)
    if wanted.status not in ("", *STATUSES):
        raise InvalidInput(fields={"status": f"Please use one of: {', '.join(STATUSES)}."})
    if wanted.status == TO_DO:
        found = found.exclude(status=FollowUpStatus.COMPLETED)
    elif wanted.status:
        found = found.filter(status=wanted.status)
    if wanted.is_mine:
        found = found.filter(owner=actor)
    if wanted.incident is not None:
        found = found.filter(incident__in=family_of(wanted.incident))
    return found


def with_parts_apart(found: QuerySet[FollowUp]) -> QuerySet[FollowUp]:
    """Their incidents, teams and owners in queries of their own: for pages of long lists.

    Joined, all rows would get theirs before the first few are chosen by their order.
    """
    return found.select_related(None).prefetch_related(*PARTS)


def no_follow_ups() -> QuerySet[FollowUp]:
    """What fits a filter that makes no sense."""
    return FollowUp.objects.none()


def get_follow_up(actor: Person, unique_id: uuid.UUID) -> FollowUp:
    """Raises NotFound, also to outsiders."""
    follow_up = visible_follow_ups(actor).filter(unique_id=unique_id).first()
    if follow_up is None:
        raise NotFound
    return follow_up


def lock_follow_up(actor: Person, follow_up: FollowUp) -> FollowUp:
    """The follow-up as it is now, kept from others until the transaction ends.

    Raises NotFound to an outsider, NotAllowed to someone who may only read.
    """
    require_write(actor, follow_up.team)
    locked = visible_follow_ups(actor).select_for_update(of=("self",)).filter(pk=follow_up.pk).first()
    if locked is None:
        raise NotFound
    return locked


def follow_ups_of(actor: Person, incident: Incident) -> QuerySet[FollowUp]:
    """Those of one incident, and of the incidents that were merged into it."""
    return visible_follow_ups(actor).filter(incident__in=family_of(incident))


def own_follow_ups(actor: Person) -> QuerySet[FollowUp]:
    """What the actor has still to do."""
    return find_follow_ups(actor, FollowUpFilter(status=TO_DO, is_mine=True))


def follow_ups_of_incidents(incidents: Sequence[Incident]) -> QuerySet[FollowUp]:
    """Those of these incidents, for a document about them: who may read it has been asked already."""
    keys = [key for incident in incidents for key in family_of(incident)]
    return FollowUp.objects.filter(incident__in=keys).select_related("owner", "incident")


def follow_ups_in_document(postmortem: Postmortem) -> QuerySet[FollowUp]:
    """Those that the post-mortem shows: of its incidents, without what was left out, with what was taken in.

    Who may read it has been asked already. One that was taken in is not shown while its own incident is
    private.
    """
    keys = [key for incident in incidents_of(postmortem) for key in family_of(incident)]
    decisions = DocumentFollowUp.objects.filter(postmortem=postmortem).order_by()
    left_out = decisions.filter(is_shown=False).values("follow_up")
    taken_in = decisions.filter(is_shown=True).values("follow_up")
    is_open = Q(incident__isnull=True) | Q(incident__is_private=False)
    shown = Q(incident__in=keys) | (Q(pk__in=taken_in) & is_open)
    found = FollowUp.objects.filter(shown).exclude(pk__in=left_out)
    return found.select_related("owner", "incident__service__team", "of_team")


@remembered
def follow_ups_shown(postmortem: Postmortem) -> list[FollowUp]:
    """The same in a list, with one more than `FOLLOW_UPS_SHOWN_MAX` where there are more."""
    return list(follow_ups_in_document(postmortem)[: FOLLOW_UPS_SHOWN_MAX + 1])


def follow_ups_left_out(actor: Person, postmortem: Postmortem) -> QuerySet[FollowUp]:
    """Those of its incidents that the actor sees and somebody has left out of the post-mortem."""
    left_out = DocumentFollowUp.objects.filter(postmortem=postmortem, is_shown=False)
    return visible_follow_ups(actor).filter(pk__in=left_out.values("follow_up"))


def follow_ups_to_take_in(actor: Person, postmortem: Postmortem, text: str = "") -> QuerySet[FollowUp]:
    """Others of the post-mortem's team that the actor sees, by words of their titles; none of a private
    incident, which would be told to readers who may not know of it."""
    is_open = Q(incident__isnull=True) | Q(incident__is_private=False)
    found = follow_ups_of_team(actor, postmortem.team).filter(is_open)
    for word in text[:SEARCH_CHARACTERS_MAX].split()[:SEARCH_WORDS_MAX]:
        found = found.filter(mentions(word, "title"))
    there = follow_ups_in_document(postmortem).order_by().values("pk")
    return found.exclude(pk__in=there).exclude(
        pk__in=follow_ups_left_out(actor, postmortem).order_by().values("pk")
    )


def are_all_agreed_on(incident: Incident) -> bool:
    """Whether there are follow-ups, and each has an owner and a due date. For the program itself."""
    found = FollowUp.objects.filter(incident=incident)
    return found.exists() and not found.filter(Q(owner__isnull=True) | Q(due_on__isnull=True)).exists()


def possible_owners(team: Team, *, keeping: FollowUp | None = None) -> QuerySet[Person]:
    """The people of the team, by name; and the one who owns `keeping` already, who may have left."""
    in_team = Q(pk__in=Membership.objects.filter(team=team).values("person"), is_active=True)
    owns_it = Q(pk=keeping.owner_id) if keeping is not None else Q(pk__in=[])
    return Person.objects.filter(in_team | owns_it)


def _of_teams(actor: Person) -> QuerySet[FollowUp]:
    # By the service of each one's incident: the keys of all incidents that somebody sees would be too many.
    services = visible_services(actor).order_by().values("pk")
    of_incident = Q(incident__isnull=False) if sees_all_teams(actor) else Q(incident__service__in=services)
    return FollowUp.objects.filter(of_incident | Q(of_team__in=visible_teams(actor).order_by().values("pk")))
