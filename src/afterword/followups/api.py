"""`/api/v1/follow-ups`."""

from __future__ import annotations

import uuid
from typing import Annotated

from django.db import transaction
from django.http import HttpRequest
from ninja import Query, Router, Status

from afterword.accounts.keys import caller_of
from afterword.accounts.models import Person, Team
from afterword.followups import reads, writes
from afterword.followups.models import FollowUp
from afterword.followups.reads import FollowUpFilter
from afterword.followups.schemas import FollowUpChangeIn, FollowUpIn, FollowUpOut
from afterword.incidents.reads import get_incident
from afterword.lib.cursors import LIMIT_DEFAULT, CursorParameter, LimitParameter, Listing, Page, paginate
from afterword.lib.errors import InvalidInput

router = Router(tags=["Follow-ups"])

StatusParameter = Annotated[str, Query(description="to_do, open, in_progress or completed")]
MineParameter = Annotated[bool, Query(description="Only those that the key's person owns.")]
IncidentParameter = Annotated[str, Query(description="Only those of this incident: number or unique id.")]


@router.get("", response=Listing[FollowUpOut], summary="List follow-ups")
def list_follow_ups(
    request: HttpRequest,
    status: StatusParameter = "",
    mine: MineParameter = False,
    incident: IncidentParameter = "",
    cursor: CursorParameter = None,
    limit: LimitParameter = LIMIT_DEFAULT,
) -> Page[FollowUp]:
    """Newest first."""
    actor = caller_of(request).person
    wanted = FollowUpFilter(
        status=status, is_mine=mine, incident=get_incident(actor, incident) if incident else None
    )
    return paginate(reads.find_follow_ups(actor, wanted), cursor=cursor, limit=limit)


@router.post("", response={201: FollowUpOut}, summary="Create a follow-up")
def create_follow_up(request: HttpRequest, given: FollowUpIn) -> Status[FollowUp]:
    actor = caller_of(request).person
    incident = get_incident(actor, given.incident)
    follow_up = writes.create_follow_up(
        actor=actor,
        incident=incident,
        title=given.title,
        description=given.description,
        owner=_owner(incident.service.team, given.owner),
        due_on=given.due_on,
        priority=given.priority,
        ticket=given.ticket,
    )
    return Status(201, follow_up)


@router.get("/{unique_id}", response=FollowUpOut, summary="Get a follow-up")
def get_follow_up(request: HttpRequest, unique_id: uuid.UUID) -> FollowUp:
    return reads.get_follow_up(caller_of(request).person, unique_id)


@router.patch("/{unique_id}", response=FollowUpOut, summary="Change a follow-up")
def change_follow_up(request: HttpRequest, unique_id: uuid.UUID, given: FollowUpChangeIn) -> FollowUp:
    """Completing it is a change of its status."""
    actor = caller_of(request).person
    sent = given.model_fields_set
    with transaction.atomic():
        # What is left out stays as it is now, not as it was before somebody else's change.
        follow_up = reads.lock_follow_up(actor, reads.get_follow_up(actor, unique_id))
        team = follow_up.team
        follow_up = writes.change_follow_up(
            actor=actor,
            follow_up=follow_up,
            title=follow_up.title if given.title is None else given.title,
            description=follow_up.description if given.description is None else given.description,
            owner=_owner(team, given.owner) if "owner" in sent else follow_up.owner,
            due_on=given.due_on if "due_on" in sent else follow_up.due_on,
            priority=given.priority or follow_up.priority,
            ticket=(given.ticket or "") if "ticket" in sent else follow_up.ticket,
        )
        if given.status is not None:
            follow_up = writes.change_status(actor=actor, follow_up=follow_up, status=given.status)
    return follow_up


def _owner(team: Team, unique_id: uuid.UUID | None) -> Person | None:
    if unique_id is None:
        return None
    owner = reads.possible_owners(team).filter(unique_id=unique_id).first()
    if owner is None:
        raise InvalidInput(fields={"owner": f"The owner must be someone of {team}."})
    return owner
