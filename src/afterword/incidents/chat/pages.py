"""What the pages of chat show: the messages that were recognised, and who wrote them."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.http import QueryDict
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe

from afterword.accounts.models import Person
from afterword.incidents.chat import reads
from afterword.incidents.chat.formats import Reading
from afterword.incidents.chat.messages import (
    EMAIL_CHARACTERS_MAX,
    MESSAGES_ADDED_MAX,
    PEOPLE_MATCHED_MAX,
    Said,
    within,
)
from afterword.incidents.chat.reading import people_in
from afterword.incidents.frame import render_words
from afterword.incidents.models import Incident
from afterword.lib import clock
from afterword.lib.errors import InvalidInput
from afterword.lib.text import one_line

ROWS_MAX = MESSAGES_ADDED_MAX
BEFORE_SHOWN = timedelta(hours=1)
"""Of what was written before the incident, shown so that it can be ticked."""
ROW_CHARACTERS_MAX = 2_000
"""Shown of one message. It is added whole."""
MARKDOWN_SHOWN_CHARACTERS_MAX = 250_000
"""Of all messages of a page together. The Markdown of those after it is shown as it is written: laying out
2 MB can take 20 s."""


@dataclass(frozen=True)
class Row:
    """A message of the preview."""

    index: int
    """Its place in the reading."""
    said: Said
    html: SafeString
    is_ticked: bool
    is_known: bool
    """It stands in the timeline already."""
    is_hidden: bool
    """It does, and is folded away: adding it brings it back."""


@dataclass(frozen=True)
class Author:
    """Somebody who wrote, and which member that is."""

    field: str
    """The name of the input."""
    name: str
    email: str
    count: int
    given: str
    """What stands in the input: the address of the member."""
    member: Person | None
    error: str = ""


@dataclass(frozen=True)
class Preview:
    """What was recognised, before anything is added."""

    reading: Reading
    rows: list[Row]
    earlier: int
    """How many messages before these are not shown."""
    later: int
    authors: list[Author]
    people_left_out: int
    ticked: int
    members: list[Person]


def preview(
    actor: Person,
    incident: Incident,
    reading: Reading,
    channel: str,
    *,
    ticked: Collection[int] | None = None,
    answers: QueryDict | None = None,
    errors: Mapping[str, str] | None = None,
) -> Preview:
    """`ticked` and `answers` are what somebody chose before; without them it begins with what was written
    while the incident lasted, by people."""
    messages = reading.messages
    known = reads.known_ids(actor, incident, channel, (one.id for one in messages)) if channel else {}
    start, end = lasted(incident)
    inside = {one.id for one in within(messages, start, end) if not one.is_noise}
    begin = _first_shown(messages, start)
    rows = []
    room = MARKDOWN_SHOWN_CHARACTERS_MAX
    for index, one in enumerate(messages[begin : begin + ROWS_MAX], begin):
        is_hidden = known.get(one.id, False)
        is_known = one.id in known and not is_hidden
        # What somebody folded away comes back only where somebody asks for it.
        chosen = one.id in inside and not is_hidden if ticked is None else index in ticked
        text = _beginning(one.text)
        room -= len(text)
        html = _laid_out(text, index) if room >= 0 else format_html("<p>{}</p>", text)
        rows.append(Row(index, one, html, chosen and not is_known, is_known, is_hidden))
    authors, left_out, members = _authors(actor, messages, answers, errors or {})
    return Preview(
        reading=reading,
        rows=rows,
        earlier=begin,
        later=len(messages) - begin - len(rows),
        authors=authors,
        people_left_out=left_out,
        ticked=sum(row.is_ticked for row in rows),
        members=members,
    )


def chosen_members(
    actor: Person, reading: Reading, answers: QueryDict
) -> dict[tuple[str, str], Person | None]:
    """Which member each author is, by the name and the address in the chat, as the inputs say; None where an
    input was left empty. Who had no input is not in it.

    Raises InvalidInput, by the name of the input, for an address that no member has whom the actor sees.
    """
    known = list(people_in(reading.messages))[:PEOPLE_MATCHED_MAX]
    given = {
        place: _address(answers, field_of(place)).casefold()
        for place in range(len(known))
        if field_of(place) in answers
    }
    members = reads.members_by_email(actor, given.values())
    wrong = {
        field_of(place): "Nobody here has this address."
        for place, address in given.items()
        if address and address not in members
    }
    if wrong:
        raise InvalidInput(fields=wrong)
    return {known[place][:2]: members.get(address) for place, address in given.items()}


def lasted(incident: Incident) -> tuple[datetime, datetime]:
    """From when to when an incident lasted, as far as it is known."""
    return incident.started_at, incident.resolved_at or clock.now()


def field_of(place: int) -> str:
    """The name of the input for the author at this place."""
    return f"person-{place}"


def _address(answers: QueryDict, field: str) -> str:
    return one_line(field, answers.get(field, ""), characters_max=EMAIL_CHARACTERS_MAX, required=False)


def _beginning(text: str) -> str:
    return text if len(text) <= ROW_CHARACTERS_MAX else f"{text[: ROW_CHARACTERS_MAX - 2].rstrip()} …"


def _laid_out(text: str, index: int) -> SafeString:
    return mark_safe(render_words(text, f"chat-{index}"))  # noqa: S308 - cleaned there


def _first_shown(messages: Sequence[Said], start: datetime) -> int:
    if len(messages) <= ROWS_MAX:
        return 0
    first = next((place for place, one in enumerate(messages) if one.at >= start - BEFORE_SHOWN), 0)
    return min(first, len(messages) - ROWS_MAX)


def _authors(
    actor: Person, messages: Sequence[Said], answers: QueryDict | None, errors: Mapping[str, str]
) -> tuple[list[Author], int, list[Person]]:
    every = list(people_in(messages))
    known = every[:PEOPLE_MATCHED_MAX]
    members = reads.members_offered(actor)
    by_email = reads.members_by_email(actor, (email for _, email, _ in known))
    by_name = reads.members_called(members, (name for name, _, _ in known))
    authors = []
    for place, (name, email, count) in enumerate(known):
        member = by_email.get(email) or by_name.get(name)
        given = member.email if member else ""
        if answers is not None:
            given = answers.get(field_of(place), "").strip()
        error = errors.get(field_of(place), "")
        authors.append(Author(field_of(place), name, email, count, given, member, error))
    return authors, len(every) - len(known), members
