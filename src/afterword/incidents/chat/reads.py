"""What is read of chat messages. Every read starts from the actor."""

from __future__ import annotations

import uuid
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass

from django.db.models import Count, Q, QuerySet

from afterword.accounts.models import Person
from afterword.accounts.reads import visible_people
from afterword.incidents.chat.models import ChatAddition, ChatMessage
from afterword.incidents.models import EntryKind, Incident
from afterword.incidents.reads import entries_of, visible_incidents
from afterword.lib.errors import NotFound

ADDITIONS_SHOWN_MAX = 20
MEMBERS_OFFERED_MAX = 500
EMAILS_LOOKED_UP_MAX = 5_000


def messages_of(entries: Collection[int]) -> dict[int, ChatMessage]:
    """What these lines are in the chat, by the key of the line. For lines that were read before."""
    if not entries:
        return {}
    return {one.entry_id: one for one in ChatMessage.objects.filter(entry__in=entries).order_by()}


def chat_of(actor: Person, incident: Incident) -> QuerySet[ChatMessage]:
    """The messages in the timeline of an incident, and of those merged into it, the earliest first."""
    entries = entries_of(actor, incident).filter(kind=EntryKind.CHAT).order_by().values("pk")
    return ChatMessage.objects.filter(entry__in=entries).order_by("entry__at", "entry")


@dataclass(frozen=True)
class CountedAddition:
    """Messages that came in together, and how many of them are folded away."""

    addition: ChatAddition
    count: int
    hidden: int


def additions_of(actor: Person, incident: Incident) -> list[CountedAddition]:
    """The last times that messages were added, the latest first."""
    found = ChatAddition.objects.filter(
        incident__in=visible_incidents(actor).filter(pk=incident.pk).order_by().values("pk")
    )
    counted = found.annotate(
        count=Count("messages"), hidden=Count("messages", filter=Q(messages__entry__hidden_at__isnull=False))
    )
    rows = counted.filter(count__gt=0).select_related("added_by")[:ADDITIONS_SHOWN_MAX]
    return [CountedAddition(row, row.count, row.hidden) for row in rows]


def get_addition(actor: Person, incident: Incident, unique_id: uuid.UUID) -> ChatAddition:
    """Raises NotFound, also to outsiders."""
    seen = visible_incidents(actor).filter(pk=incident.pk).order_by().values("pk")
    found = ChatAddition.objects.filter(incident__in=seen, unique_id=unique_id).first()
    if found is None:
        raise NotFound
    found.incident = incident
    return found


def known_ids(actor: Person, incident: Incident, channel: str, ids: Iterable[str]) -> dict[str, bool]:
    """Which of these messages are in the incident already, and whether they are folded away there."""
    found = ChatMessage.objects.filter(
        incident__in=visible_incidents(actor).filter(pk=incident.pk).order_by().values("pk"),
        channel=channel,
        message_id__in=list(ids),
    )
    rows = found.order_by().values_list("message_id", "entry__hidden_at")
    return {message_id: hidden_at is not None for message_id, hidden_at in rows}


def members_by_email(actor: Person, emails: Iterable[str]) -> dict[str, Person]:
    """Who of the people whom the actor sees has which of these addresses, in small letters."""
    wanted = sorted({email.casefold() for email in emails if email})[:EMAILS_LOOKED_UP_MAX]
    if not wanted:
        return {}
    people = visible_people(actor).filter(email__in=wanted).order_by("pk")
    return {person.email.casefold(): person for person in people}


def members_offered(actor: Person) -> list[Person]:
    """Whom a person in the chat can be matched with by hand, by name."""
    return list(visible_people(actor).order_by("name", "pk").distinct()[:MEMBERS_OFFERED_MAX])


def members_called(members: Sequence[Person], names: Iterable[str]) -> Mapping[str, Person]:
    """The one member with exactly this name, in whatever letters; nobody where two have it."""
    by_name: dict[str, list[Person]] = {}
    for member in members:
        if member.name.strip():
            by_name.setdefault(" ".join(member.name.split()).casefold(), []).append(member)
    found = {name: by_name.get(" ".join(name.split()).casefold(), ()) for name in names}
    return {name: people[0] for name, people in found.items() if len(people) == 1}
