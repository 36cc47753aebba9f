"""What may be drafted: what the organisation, teams and incidents chose."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

from afterword.accounts.models import Person, Team
from afterword.accounts.reads import managed_teams, visible_teams
from afterword.drafting.model.configured import model_settings
from afterword.drafting.suggestions import rules
from afterword.drafting.suggestions.models import (
    DraftingChoice,
    IncidentDrafting,
    OrganisationDrafting,
    TeamDrafting,
)
from afterword.drafting.suggestions.rules import Allowed, Choice
from afterword.incidents.models import Incident
from afterword.postmortems.models import Postmortem
from afterword.postmortems.reads import incidents_of


@dataclass(frozen=True)
class TeamRow:
    """A team, what it chose, what holds there, and whether the actor may change it."""

    team: Team
    choice: Choice
    allowed: Allowed
    may_change: bool


def choice_of(row: DraftingChoice | None) -> Choice:
    """What a row says; nothing without one."""
    return Choice() if row is None else Choice(row.automatic, row.model, row.model_private, row.begins)


def organisation_choice() -> Choice:
    """What the organisation chose."""
    return choice_of(OrganisationDrafting.objects.first())


def team_choice(team: Team) -> Choice:
    """What a team chose, without what the organisation did."""
    return choice_of(TeamDrafting.objects.filter(team=team).first())


def incident_choice(incident: Incident) -> Choice:
    """What was chosen for one incident."""
    return choice_of(IncidentDrafting.objects.filter(incident=incident).first())


def team_rows(actor: Person) -> list[TeamRow]:
    """The teams that the actor sees, by name."""
    organisation = organisation_choice()
    rows = {row.team_id: row for row in TeamDrafting.objects.filter(team__in=visible_teams(actor))}
    managed = set(managed_teams(actor).values_list("pk", flat=True))
    return [
        TeamRow(
            team,
            choice := choice_of(rows.get(team.pk)),
            rules.what_holds(organisation, choice),
            team.pk in managed,
        )
        for team in visible_teams(actor).order_by("name", "id")
    ]


def allowed_for(incidents: Collection[Incident]) -> Allowed:
    """What holds for a document about these incidents: three queries. About none, what the organisation
    says."""
    organisation = organisation_choice()
    if not incidents:
        return rules.what_holds(organisation)
    teams = {
        row.team_id: row
        for row in TeamDrafting.objects.filter(team__in={one.service.team_id for one in incidents})
    }
    own = {row.incident_id: row for row in IncidentDrafting.objects.filter(incident__in=incidents)}
    return rules.of_all(
        [
            rules.what_holds(
                organisation,
                choice_of(teams.get(incident.service.team_id)),
                choice_of(own.get(incident.pk)),
            )
            for incident in incidents
        ]
    )


def may_use_model(postmortem: Postmortem) -> bool:
    """Whether a model is set up, and may write about these incidents."""
    if model_settings() is None:
        return False
    incidents = incidents_of(postmortem)
    allowed = allowed_for(incidents)
    return allowed.model and (allowed.model_private or not any(one.is_private for one in incidents))
