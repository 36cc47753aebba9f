"""`/api/v1/incidents/{reference}/chat`: conversations for programs, such as a connector to a chat."""

from __future__ import annotations

import uuid
from typing import Any

from django.http import HttpRequest
from ninja import Router

from afterword.accounts.keys import caller_of
from afterword.accounts.reads import require_write
from afterword.incidents.chat import reads, writes
from afterword.incidents.chat.messages import Refusal, Said, read_message, usable_channel
from afterword.incidents.chat.schemas import ChatAddedOut, ChatIn, ChatVisibilityIn, ChatVisibilityOut
from afterword.incidents.reads import get_incident
from afterword.lib import clock
from afterword.lib.errors import InvalidInput

router = Router(tags=["Timeline"])


@router.post("/{reference}/chat", response=ChatAddedOut, summary="Add chat messages to the timeline")
def add_chat(request: HttpRequest, reference: str, given: ChatIn) -> dict[str, Any]:
    """Each message once, however often it is sent: `channel` and `id` say which it is.

    One that cannot be used is named in `refused` and holds up no other.
    """
    actor = caller_of(request).person
    incident = get_incident(actor, reference)
    require_write(actor, incident.service.team)
    channel = usable_channel(given.channel)
    now = clock.now()
    usable: list[Said] = []
    refused: list[Refusal] = []
    for index, message in enumerate(given.messages):
        try:
            usable.append(read_message(message, markup=given.markup, now=now))
        except InvalidInput as refusal:
            refused += [Refusal(index, name, reason) for name, reason in refusal.fields.items()]
    added = None
    if usable:
        added = writes.add_chat(
            actor=actor, incident=incident, channel=channel, messages=usable, origin=given.source
        )
    return {
        "added": added.added if added else 0,
        "known": added.known if added else 0,
        "refused": refused,
        "addition": added.addition.unique_id if added and added.addition else None,
    }


@router.patch(
    "/{reference}/chat/{addition}", response=ChatVisibilityOut, summary="Hide messages that came together"
)
def change_visibility(
    request: HttpRequest, reference: str, addition: uuid.UUID, given: ChatVisibilityIn
) -> dict[str, int]:
    """They are folded away and stay in the record; `hidden: false` brings them back."""
    actor = caller_of(request).person
    found = reads.get_addition(actor, get_incident(actor, reference), addition)
    return {"changed": writes.hide_addition(actor=actor, addition=found, hidden=given.hidden)}
