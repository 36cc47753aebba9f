"""What the writes of suggestions have in common."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.db import models

from afterword.accounts.models import Person
from afterword.audit.writes import record
from afterword.drafting.suggestions.errors import AlreadyDecided
from afterword.drafting.suggestions.models import (
    ClaimState,
    SuggestedClaim,
)
from afterword.lib.errors import InvalidInput, NotFound
from afterword.postmortems.models import Postmortem

DECIDED_AT_ONCE_MAX = 300


def lock_waiting(postmortem: Postmortem, claims: Sequence[SuggestedClaim]) -> list[SuggestedClaim]:
    """These as they are now; the post-mortem is locked, so nobody else decides meanwhile."""
    if not claims:
        raise InvalidInput(fields={"claims": "Please choose a suggestion."})
    if len(claims) > DECIDED_AT_ONCE_MAX:
        raise InvalidInput(fields={"claims": f"Please choose at most {DECIDED_AT_ONCE_MAX} at once."})
    keys = [claim.pk for claim in claims]
    rows = list(SuggestedClaim.objects.filter(postmortem=postmortem, pk__in=keys).order_by("position", "id"))
    if len(rows) < len(set(keys)):
        raise NotFound
    if any(row.state != ClaimState.WAITING for row in rows):
        raise AlreadyDecided
    return rows


def record_in(actor: Person, action: str, postmortem: Postmortem, subject: models.Model, **data: Any) -> None:
    record(
        actor=actor,
        action=action,
        subject=subject,
        team_id=postmortem.team_id,
        data={"postmortem": postmortem.number, **data},
    )
