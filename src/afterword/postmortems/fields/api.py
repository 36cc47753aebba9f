"""The API of custom fields of post-mortems: the fields, what teams have, what documents hold."""

from __future__ import annotations

import uuid

from django.http import HttpRequest
from ninja import Router, Status

from afterword.accounts.keys import caller_of
from afterword.accounts.models import Team
from afterword.accounts.reads import get_team
from afterword.lib.cursors import LIMIT_DEFAULT, CursorParameter, LimitParameter, Listing, Page, paginate
from afterword.lib.errors import InvalidInput, NotFound
from afterword.postmortems.fields import reads, writes
from afterword.postmortems.fields.models import PostmortemField, TeamField
from afterword.postmortems.fields.reads import DocumentField
from afterword.postmortems.fields.schemas import (
    FieldValueOut,
    PostmortemFieldChangeIn,
    PostmortemFieldIn,
    PostmortemFieldOut,
    TeamFieldOut,
    TeamFieldsIn,
    ValuesIn,
)
from afterword.postmortems.reads import get_postmortem

fields = Router(tags=["Post-mortem fields"])
values = Router(tags=["Post-mortems"])
FIELD = "/{uuid:unique_id}"
TEAM = "/teams/{uuid:team}"


@fields.get("", response=Listing[PostmortemFieldOut], summary="The custom fields of post-mortems")
def list_fields(
    request: HttpRequest,
    archived: bool = False,
    cursor: CursorParameter = None,
    limit: LimitParameter = LIMIT_DEFAULT,
) -> Page[PostmortemField]:
    """In their order."""
    found = reads.all_fields(caller_of(request).person, archived=archived)
    return paginate(found, cursor=cursor, limit=limit, key="rank")


@fields.post("", response={201: PostmortemFieldOut}, summary="Make a custom field")
def create_field(request: HttpRequest, given: PostmortemFieldIn) -> Status[PostmortemField]:
    """For administrators."""
    actor = caller_of(request).person
    teams: list[Team] = []
    for unique_id in given.teams:
        try:
            teams.append(get_team(actor, unique_id))
        except NotFound as error:
            raise InvalidInput(fields={"teams": f"There is no team {unique_id}."}) from error
    return Status(201, writes.create_field(actor=actor, **{**given.model_dump(), "teams": teams}))


@fields.get(FIELD, response=PostmortemFieldOut, summary="One custom field")
def get_field(request: HttpRequest, unique_id: uuid.UUID) -> PostmortemField:
    return reads.get_field(caller_of(request).person, unique_id)


@fields.patch(FIELD, response=PostmortemFieldOut, summary="Change a custom field")
def change_field(
    request: HttpRequest, unique_id: uuid.UUID, given: PostmortemFieldChangeIn
) -> PostmortemField:
    actor = caller_of(request).person
    field = reads.get_field(actor, unique_id)
    writes.change_field(
        actor=actor,
        field=field,
        name=field.name if given.name is None else given.name,
        help=field.help if given.help is None else given.help,
        options=field.options if given.options is None else given.options,
    )
    return field


@fields.delete(FIELD, response={204: None}, summary="Delete a custom field")
def delete_field(request: HttpRequest, unique_id: uuid.UUID) -> Status[None]:
    """Where a post-mortem has a value in it, it is archived instead, and the value stays there."""
    actor = caller_of(request).person
    writes.delete_field(actor=actor, field=reads.get_field(actor, unique_id))
    return Status(204, None)


@fields.put(f"{FIELD}/archival", response=PostmortemFieldOut, summary="Archive a custom field")
def archive_field(request: HttpRequest, unique_id: uuid.UUID) -> PostmortemField:
    """It is no longer asked; post-mortems keep what they have in it."""
    actor = caller_of(request).person
    field = reads.get_field(actor, unique_id)
    writes.archive_field(actor=actor, field=field)
    return field


@fields.delete(f"{FIELD}/archival", response=PostmortemFieldOut, summary="Restore a custom field")
def restore_field(request: HttpRequest, unique_id: uuid.UUID) -> PostmortemField:
    actor = caller_of(request).person
    field = reads.get_field(actor, unique_id)
    writes.restore_field(actor=actor, field=field)
    return field


@fields.get(TEAM, response=list[TeamFieldOut], summary="The fields that a team's post-mortems have")
def list_team_fields(request: HttpRequest, team: uuid.UUID) -> list[TeamField]:
    """In their order. A template can ask for more."""
    return reads.chosen_by(get_team(caller_of(request).person, team))


@fields.put(TEAM, response=list[TeamFieldOut], summary="Choose the fields that a team's post-mortems have")
def choose_team_fields(request: HttpRequest, team: uuid.UUID, given: TeamFieldsIn) -> list[TeamField]:
    """For managers of the team and administrators."""
    actor = caller_of(request).person
    found = get_team(actor, team)
    known = {field.slug: field.unique_id for field in reads.all_fields(actor, archived=False)}
    missing = [one.slug for one in given.fields if one.slug not in known]
    if missing:
        raise InvalidInput(fields={"fields": f"There is no field “{missing[0][:100]}”."})
    chosen = {known[one.slug]: one.is_required for one in given.fields}
    writes.choose_fields(actor=actor, team=found, chosen=chosen)
    return reads.chosen_by(found)


@values.get(
    "/{int:number}/fields", response=list[FieldValueOut], summary="The custom fields of a post-mortem"
)
def list_values(request: HttpRequest, number: int) -> list[DocumentField]:
    """In their order, empty ones too."""
    return list(reads.fields_of(get_postmortem(caller_of(request).person, number)).every)


@values.patch("/{int:number}/fields", response=list[FieldValueOut], summary="Fill in custom fields")
def change_values(request: HttpRequest, number: int, given: ValuesIn) -> list[DocumentField]:
    """All of them or, when one does not fit, none: `fields` of the error has the reason by slug.

    With `If-Match` nothing is written over what somebody else wrote since.
    """
    actor = caller_of(request).person
    postmortem = get_postmortem(actor, number)
    postmortem = writes.change_values(actor=actor, postmortem=postmortem, values=given.values)
    return list(reads.fields_of(postmortem).every)
