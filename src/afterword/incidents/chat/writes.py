"""Chat messages come into a timeline, and are folded away together."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction

from afterword.accounts.models import Person
from afterword.audit.writes import record
from afterword.incidents.chat import reads
from afterword.incidents.chat.messages import (
    MESSAGES_ADDED_MAX,
    MESSAGES_OF_INCIDENT_MAX,
    Said,
    usable_channel,
)
from afterword.incidents.chat.models import ORIGIN_LENGTH_MAX, ChatAddition, ChatMessage
from afterword.incidents.models import ENTRY_SOURCE_LENGTH_MAX, Entry, EntryKind, Incident, touch_incidents
from afterword.incidents.reads import lock_incident
from afterword.incidents.rules import check_moment
from afterword.lib import clock
from afterword.lib.errors import InvalidInput
from afterword.lib.text import one_line


@dataclass(frozen=True)
class Added:
    """What became of messages that were to be added."""

    addition: ChatAddition | None
    """None where all of them were there already."""
    added: int
    known: int
    """There already, or twice among those that were sent."""
    shown: int
    """Of these, how many were folded away and are back."""


@transaction.atomic
def add_chat(
    *,
    actor: Person,
    incident: Incident,
    channel: str,
    messages: Sequence[Said],
    origin: str = "",
    people: Mapping[tuple[str, str], Person | None] | None = None,
    brings_back: bool = False,
) -> Added:
    """Put messages into the timeline, each once: what is known by channel and id is there already.

    `people` says which member somebody is, by the name and the address in the chat, and None that they are
    none; of whom it says nothing, the address tells, where the actor sees its member. With `brings_back`
    known messages that were folded away are shown again. Raises InvalidInput, NotAllowed, NotFound.
    """
    incident = lock_incident(actor, incident)
    channel = usable_channel(channel)
    origin = one_line("source", origin, characters_max=ORIGIN_LENGTH_MAX, required=False)
    if not messages:
        raise InvalidInput(fields={"messages": "Please choose at least one message."})
    if len(messages) > MESSAGES_ADDED_MAX:
        reason = f"Please choose at most {MESSAGES_ADDED_MAX:,} messages."
        raise InvalidInput(fields={"messages": reason})
    now = clock.now()
    for one in messages:
        check_moment("messages", one.at, now=now)
    known = reads.known_ids(actor, incident, channel, (one.id for one in messages))
    new: dict[str, Said] = {}
    for one in messages:
        if one.id not in known:
            # The first of two with one id; and those of one minute stay in the order in which they were said.
            new.setdefault(one.id, one)
    ordered = sorted(new.values(), key=lambda one: one.at)
    there = ChatMessage.objects.filter(incident=incident).count()
    if there + len(new) > MESSAGES_OF_INCIDENT_MAX:
        reason = f"An incident takes at most {MESSAGES_OF_INCIDENT_MAX:,} chat messages; it has {there:,}."
        raise InvalidInput(fields={"messages": reason})
    shown = 0
    if brings_back:
        back = Entry.objects.filter(
            chat__incident=incident,
            chat__channel=channel,
            chat__message_id__in=[key for key, is_hidden in known.items() if is_hidden],
            hidden_at__isnull=False,
        )
        shown = _change_visibility(actor, incident, [entry.pk for entry in back], hidden=False, at=now)
    addition = None
    if ordered:
        addition = _add(
            actor, incident, channel, ordered, origin, _members(actor, ordered, people or {}), now
        )
    return Added(addition, len(ordered), len(messages) - len(ordered), shown)


@transaction.atomic
def hide_addition(*, actor: Person, addition: ChatAddition, hidden: bool = True) -> int:
    """Fold away what came in together, or bring it back; how many that changed. What somebody marked or
    starred since then goes with the rest. Raises NotAllowed, NotFound."""
    incident = lock_incident(actor, addition.incident)
    entries = Entry.objects.filter(
        chat__addition=addition, incident=incident, hidden_at__isnull=hidden
    ).order_by("pk")
    return _change_visibility(actor, incident, list(entries.values_list("pk", flat=True)), hidden=hidden)


def _members(
    actor: Person, messages: Sequence[Said], people: Mapping[tuple[str, str], Person | None]
) -> dict[str, Person]:
    """By the id of the message."""
    by_email = reads.members_by_email(actor, (one.email for one in messages))
    found = {one.id: people.get((one.author, one.email), by_email.get(one.email)) for one in messages}
    return {key: person for key, person in found.items() if person is not None}


def _add(
    actor: Person,
    incident: Incident,
    channel: str,
    messages: Sequence[Said],
    origin: str,
    members: Mapping[str, Person],
    now: datetime,
) -> ChatAddition:
    addition = ChatAddition.objects.create(
        incident=incident, channel=channel, origin=origin, added_by=actor, added_at=now
    )
    entries = Entry.objects.bulk_create(
        Entry(
            incident=incident,
            at=one.at,
            kind=EntryKind.CHAT,
            text=one.text,
            person=(member := members.get(one.id)),
            source=(str(member) if member else one.author)[:ENTRY_SOURCE_LENGTH_MAX],
            created_at=now,
        )
        for one in messages
    )
    ChatMessage.objects.bulk_create(
        ChatMessage(
            entry=entry,
            incident=incident,
            addition=addition,
            channel=channel,
            message_id=one.id,
            author=one.author,
            url=one.url,
            thread=one.thread,
            mentioned=list(one.mentioned),
        )
        for entry, one in zip(entries, messages, strict=True)
    )
    record(
        actor=actor,
        action="incident.chat_added",
        subject=incident,
        at=now,
        team_id=incident.service.team_id,
        data={
            "incident": incident.number,
            "addition": str(addition.unique_id),
            "channel": channel,
            "source": origin,
            "messages": len(messages),
        },
    )
    return addition


def _change_visibility(
    actor: Person, incident: Incident, keys: Sequence[int], *, hidden: bool, at: datetime | None = None
) -> int:
    if not keys:
        return 0
    now = at or clock.now()
    Entry.objects.filter(pk__in=keys).update(
        hidden_at=now if hidden else None, hidden_by=actor if hidden else None
    )
    touch_incidents({incident.pk})
    record(
        actor=actor,
        action="incident.chat_hidden" if hidden else "incident.chat_shown",
        subject=incident,
        at=now,
        team_id=incident.service.team_id,
        data={"incident": incident.number, "messages": len(keys)},
    )
    return len(keys)
