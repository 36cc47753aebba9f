"""`teams/{team}/postmortem/` in Zenduty's shape.

Its one text, `postmortem_data`, is what people wrote, each section under a second-level heading; what live
sections draw is not in it. `status` is the free status text, or a word for where it stands.
"""

from __future__ import annotations

import uuid
from typing import Annotated, Any

from django.db import transaction
from django.http import HttpRequest
from ninja import Router, Schema, Status
from pydantic import Field

from afterword.accounts.models import Person, Team
from afterword.catalog.zenduty.wire import ROWS_MAX, answers, caller_and_team, one_of, write_moment
from afterword.incidents.models import Incident
from afterword.incidents.reads import get_incident
from afterword.lib.errors import InvalidInput, NotFound
from afterword.postmortems import reads as postmortem_reads
from afterword.postmortems import rules as postmortem_rules
from afterword.postmortems import writes as postmortem_writes
from afterword.postmortems.foreign import reads, rules, writes
from afterword.postmortems.models import Postmortem

router = Router(tags=["Zenduty-compatible"])
LIST, ONE = "/{uuid:team}/postmortem/", "/{uuid:team}/postmortem/{uuid:unique_id}/"
NAME_CHARACTERS_MAX = 254
UNINITIATED = 1


class IncidentIn(Schema):
    incident: str | int


class PostmortemIn(Schema):
    """What is left out, or null, stays as it is."""

    author: Annotated[str, Field(max_length=NAME_CHARACTERS_MAX)] | None = None
    incidents: list[IncidentIn] | None = None
    title: str | None = None
    status: str | None = None
    postmortem_data: str | None = None


@answers(router, ["GET"], LIST, summary="List post-mortems", name="list_postmortems")
def list_postmortems(request: HttpRequest, team: uuid.UUID) -> list[dict[str, Any]]:
    """The newest first."""
    actor, owner = caller_and_team(request, team)
    return [describe_postmortem(one) for one in reads.postmortems_of_team(actor, owner)[:ROWS_MAX]]


@answers(router, ["POST"], LIST, summary="Begin a post-mortem", name="create_postmortem", success=201)
def create_postmortem(request: HttpRequest, team: uuid.UUID, body: PostmortemIn) -> Status[dict[str, Any]]:
    """Its `incidents` are of the team, by number or unique id; without any it is about none."""
    actor, owner = caller_and_team(request, team)
    incidents = _incidents(actor, owner, body.incidents or [])
    title = body.title
    if title is None:
        title = postmortem_rules.suggest_title([incident.title for incident in incidents]) or "Post-mortem"
    # What is refused leaves nothing behind: who sends it again shall not make twins.
    with transaction.atomic():
        made = writes.create_from_text(
            actor=actor,
            team=owner,
            author=_person(actor, body.author) or actor,
            incidents=incidents,
            title=title,
            text=body.postmortem_data,
        )
        if body.status is not None:
            made = writes.set_status_word(actor=actor, postmortem=made, word=body.status)
    return Status(201, describe_postmortem(_one(actor, owner, made.unique_id), after_change=True))


@answers(router, ["GET"], ONE, summary="Get a post-mortem", name="get_postmortem")
def get_postmortem(request: HttpRequest, team: uuid.UUID, unique_id: uuid.UUID) -> dict[str, Any]:
    actor, owner = caller_and_team(request, team)
    return describe_postmortem(_one(actor, owner, unique_id))


@answers(router, ["PUT", "PATCH"], ONE, summary="Change a post-mortem", name="change_postmortem")
def change_postmortem(
    request: HttpRequest, team: uuid.UUID, unique_id: uuid.UUID, body: PostmortemIn
) -> dict[str, Any]:
    """`incidents` and `postmortem_data` replace what is there; it all stays in the history. One part that
    is refused refuses all."""
    actor, owner = caller_and_team(request, team)
    found = _one(actor, owner, unique_id)
    with transaction.atomic():
        if body.title is not None:
            found = postmortem_writes.change_title(actor=actor, postmortem=found, title=body.title)
        if (author := _person(actor, body.author)) is not None:
            found = writes.change_author(actor=actor, postmortem=found, author=author)
        if body.incidents:
            found = _put_incidents(actor, owner, found, body.incidents)
        if body.postmortem_data is not None:
            found = writes.rewrite_text(actor=actor, postmortem=found, text=body.postmortem_data)
        if body.status is not None:
            writes.set_status_word(actor=actor, postmortem=found, word=body.status)
    return describe_postmortem(_one(actor, owner, unique_id), after_change=True)


@answers(router, ["DELETE"], ONE, summary="Delete a post-mortem", name="delete_postmortem", success=204)
def delete_postmortem(request: HttpRequest, team: uuid.UUID, unique_id: uuid.UUID) -> Status[None]:
    """A draft in which nobody else wrote anything. 409 for any other."""
    actor, owner = caller_and_team(request, team)
    writes.delete_postmortem(actor=actor, postmortem=_one(actor, owner, unique_id))
    return Status(204, None)


def describe_postmortem(postmortem: Postmortem, *, after_change: bool = False) -> dict[str, Any]:
    """`after_change` tells the incidents by their ids alone, as Zenduty answers changes."""
    sections = [(section.title, section.text) for section in postmortem.sections.all()]
    return {
        "unique_id": str(postmortem.unique_id),
        "author": str(postmortem.author.unique_id),
        "status": postmortem.status_text or rules.ZENDUTY_WORDS[postmortem.status],
        "postmortem_data": rules.one_text(sections),
        "incidents": [
            {
                "unique_id": str(link.unique_id),
                "incident": link.incident.unique_id if after_change else _describe_incident(link.incident),
            }
            for link in postmortem.links.all()
        ],
        "author_name": str(postmortem.author),
        "title": postmortem.title,
        "download_status": UNINITIATED,
        "amazon_link": None,
        "creation_date": write_moment(postmortem.created_at),
        "updated_at": write_moment(postmortem.updated_at),
    }


def _describe_incident(incident: Incident) -> dict[str, Any]:
    return {
        "unique_id": incident.unique_id,
        "title": incident.title,
        "incident_number": incident.number,
    }


def _one(actor: Person, team: Team, unique_id: uuid.UUID) -> Postmortem:
    return one_of(reads.postmortems_of_team(actor, team), unique_id)


def _incidents(actor: Person, team: Team, given: list[IncidentIn]) -> list[Incident]:
    found = []
    for one in given[: postmortem_writes.INCIDENTS_MAX + 1]:
        try:
            incident = get_incident(actor, one.incident)
        except NotFound:
            incident = None
        if incident is None or incident.service.team_id != team.pk:
            reason = f"The team has no incident {str(one.incident)[:40]!r}."
            raise InvalidInput(fields={"incidents": reason})
        found.append(incident)
    return found


def _put_incidents(actor: Person, team: Team, postmortem: Postmortem, given: list[IncidentIn]) -> Postmortem:
    present = postmortem_reads.incidents_of(postmortem)
    kept = {str(incident.unique_id): incident for incident in present}
    kept |= {str(incident.number): incident for incident in present}
    # What it is about already may be another team's.
    stays = [kept[str(one.incident)] for one in given if str(one.incident) in kept]
    new = _incidents(actor, team, [one for one in given if str(one.incident) not in kept])
    removed = [incident for incident in present if incident not in stays]
    return postmortem_writes.change_incidents(actor=actor, postmortem=postmortem, add=new, remove=removed)


def _person(actor: Person, name: str | None) -> Person | None:
    """Somebody by id or email address. Raises InvalidInput."""
    if not name:
        return None
    people = postmortem_reads.possible_authors(actor)
    try:
        found = people.filter(unique_id=uuid.UUID(name)).first()
    except ValueError:
        found = None if "\0" in name else people.filter(email=name.strip().lower()).first()
    if found is None:
        raise InvalidInput(fields={"author": "There is no such person."})
    return found
