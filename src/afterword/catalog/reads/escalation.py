"""Escalation policies, as far as the actor may see them, and whom they may call."""

from __future__ import annotations

import uuid

from django.db.models import Prefetch, QuerySet

from afterword.accounts import reads as accounts
from afterword.accounts.models import Person, Team
from afterword.catalog.models import EscalationLevel, EscalationPolicy, EscalationTarget, OnCallSchedule
from afterword.catalog.reads.owned import narrowed, of_visible_teams, one_of


def visible_escalation_policies(
    actor: Person, *, team: Team | None = None, archived: bool | None = None
) -> QuerySet[EscalationPolicy]:
    """Those of the actor's teams, by team and name, each with its levels and their targets."""
    rows = narrowed(of_visible_teams(actor, EscalationPolicy.objects.all()), team=team, archived=archived)
    targets = EscalationTarget.objects.select_related("person", "team", "schedule")
    levels = EscalationLevel.objects.prefetch_related(Prefetch("targets", targets))
    return rows.prefetch_related(Prefetch("levels", levels)).order_by("team__name", "team", "name", "id")


def get_escalation_policy(actor: Person, unique_id: uuid.UUID) -> EscalationPolicy:
    """Raises NotFound for one that is not there or not the actor's to see."""
    return one_of(visible_escalation_policies(actor), unique_id)


def people_to_call(actor: Person, team: Team) -> QuerySet[Person]:
    """The people whom a policy of the team may name: its active members. Raises NotFound to an outsider."""
    members = accounts.team_members(actor, team).values("person")
    return accounts.visible_people(actor).filter(pk__in=members, is_active=True).order_by("name", "id")


def teams_to_call(actor: Person, team: Team) -> QuerySet[Team]:
    """The teams whom the actor may name in a policy: those that they may see. Raises NotFound."""
    accounts.get_team(actor, team.unique_id)
    return accounts.visible_teams(actor).order_by("name", "id")


def schedules_to_call(actor: Person, team: Team) -> QuerySet[OnCallSchedule]:
    """The schedules whom a policy of the team may name: its own, in use. Raises NotFound to an outsider."""
    accounts.get_team(actor, team.unique_id)
    return OnCallSchedule.objects.filter(team=team, archived_at__isnull=True).order_by("name", "id")
