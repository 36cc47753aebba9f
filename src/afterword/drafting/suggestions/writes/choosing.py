"""Saying what may be drafted."""

from __future__ import annotations

from django.db import models, transaction

from afterword.accounts.models import Person, Team
from afterword.accounts.reads import require_admin, require_manager, require_write
from afterword.audit.writes import record
from afterword.drafting.suggestions import reads
from afterword.drafting.suggestions.models import (
    DraftingChoice,
    IncidentDrafting,
    OrganisationDrafting,
    TeamDrafting,
)
from afterword.drafting.suggestions.rules import Choice
from afterword.incidents.models import Incident
from afterword.lib import clock


@transaction.atomic
def change_organisation_drafting(*, actor: Person, choice: Choice) -> None:
    """Say what is drafted where teams and incidents say nothing. Raises NotAllowed."""
    require_admin(actor)
    row, _ = OrganisationDrafting.objects.get_or_create(pk=1)
    _choose(actor, row, choice, "drafting.changed", None)


@transaction.atomic
def change_team_drafting(*, actor: Person, team: Team, choice: Choice) -> None:
    """Say what is drafted for a team's incidents. Raises NotAllowed, NotFound."""
    require_manager(actor, team)
    row, _ = TeamDrafting.objects.get_or_create(team=team)
    _choose(actor, row, choice, "team.drafting_changed", team.pk, subject=team)


@transaction.atomic
def change_incident_drafting(*, actor: Person, incident: Incident, choice: Choice) -> None:
    """Say what is drafted for one incident. Raises NotAllowed, NotFound."""
    require_write(actor, incident.service.team)
    row, _ = IncidentDrafting.objects.get_or_create(incident=incident)
    _choose(actor, row, choice, "incident.drafting_changed", incident.service.team_id, subject=incident)


def _choose(
    actor: Person,
    row: DraftingChoice,
    choice: Choice,
    action: str,
    team_id: int | None,
    *,
    subject: models.Model | None = None,
) -> None:
    before = reads.choice_of(row)
    if before == choice:
        return
    row.automatic, row.model, row.model_private = choice.automatic, choice.model, choice.model_private
    row.begins = choice.begins
    row.updated_at = clock.now()
    row.save()
    record(
        actor=actor,
        action=action,
        subject=subject or row,
        team_id=team_id,
        data={"before": vars(before), "after": vars(choice)},
    )
