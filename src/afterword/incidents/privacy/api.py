"""The API of private incidents."""

from __future__ import annotations

import uuid
from typing import Any

from django.http import HttpRequest
from ninja import Router, Status

from afterword.accounts.keys import caller_of
from afterword.accounts.models import Person
from afterword.accounts.reads import get_person, require_write
from afterword.incidents.models import Incident
from afterword.incidents.privacy import reads, writes
from afterword.incidents.privacy.people import people_of
from afterword.incidents.privacy.schemas import MemberIn, PrivacyIn, PrivacyOut
from afterword.incidents.reads import get_incident

router = Router(tags=["Incidents"])


@router.get("/{reference}/privacy", response=PrivacyOut, summary="Who sees an incident")
def get_privacy(request: HttpRequest, reference: str) -> dict[str, Any]:
    return _describe(_read(request, reference)[1])


@router.put("/{reference}/privacy", response=PrivacyOut, summary="Make an incident private or public")
def set_privacy(request: HttpRequest, reference: str, given: PrivacyIn) -> dict[str, Any]:
    """409 where a merge would show the one to readers of the other."""
    actor, incident = _read(request, reference)
    if given.is_private:
        people = people_of(actor, given.members, field="members")
        incident = writes.make_private(actor=actor, incident=incident, people=people)
    else:
        incident = writes.make_public(actor=actor, incident=incident)
    return _describe(incident)


@router.post("/{reference}/members", response={201: PrivacyOut}, summary="Make somebody a member")
def add_member(request: HttpRequest, reference: str, given: MemberIn) -> Status[dict[str, Any]]:
    actor, incident = _read(request, reference)
    people = people_of(actor, [given.person], field="person")
    writes.add_members(actor=actor, incident=incident, people=people)
    return Status(201, _describe(incident))


@router.delete("/{reference}/members/{person}", response={204: None}, summary="Take a member away")
def remove_member(request: HttpRequest, reference: str, person: uuid.UUID) -> Status[None]:
    """409 when nobody would see the incident any more."""
    actor, incident = _read(request, reference)
    require_write(actor, incident.service.team)
    writes.remove_member(actor=actor, incident=incident, person=get_person(actor, person))
    return Status(204, None)


def _read(request: HttpRequest, reference: str) -> tuple[Person, Incident]:
    actor = caller_of(request).person
    return actor, get_incident(actor, reference)


def _describe(incident: Incident) -> dict[str, Any]:
    return {
        "is_private": incident.is_private,
        "members": [one.person for one in reads.members_of(incident)],
        "members_by_role": reads.members_by_role(incident),
    }
