"""What was said in a chat floods no document: it shows what matters, counts the rest, and keeps names in."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import UTC, timedelta

import pytest
from django.test import Client

from afterword.accounts.models import Person
from afterword.documents import parse_markdown, render_markdown_blocks
from afterword.incidents.chat.markup import to_markdown
from afterword.incidents.chat.messages import Said, mentioned_in
from afterword.incidents.chat.writes import add_chat, hide_addition
from afterword.incidents.facts.reads import suggest_participants
from afterword.incidents.models import Entry, EntryKind, Incident
from afterword.incidents.writes import add_note, mark_entry, star_entry
from afterword.postmortems import reads
from afterword.postmortems.live import render_live
from afterword.postmortems.models import Postmortem
from afterword.postmortems.publishing import reads as publishing
from afterword.postmortems.publishing.derivation import derive, policy_for
from afterword.postmortems.publishing.errors import TooManyNames
from afterword.postmortems.publishing.redaction import find_leaks
from afterword.wording import reads as wording_reads
from afterword.wording.reads import options_for
from tests.cast import STARTED

WORDS = [
    "It is *slow*\n\n```\nSELECT 1\n```",
    "Wren Okafor rolls back",
    "it holds, Wren",
    "thanks zz.quill, says Vendor support: our support is glad",
]
AUTHORS = ["Wren Okafor", "zz.quill", "Bob", "Vendor support"]


@pytest.fixture
def chat(bob: Person, resolved_incident: Incident) -> list[Entry]:
    messages = [
        Said(str(place), STARTED + timedelta(minutes=place), author, text)
        for place, (author, text) in enumerate(zip(AUTHORS, WORDS, strict=True))
    ]
    given = {("Bob", ""): bob}
    add_chat(actor=bob, incident=resolved_incident, channel="inc-1", messages=messages, people=given)
    return list(Entry.objects.filter(kind=EntryKind.CHAT).order_by("at"))


def timeline_of(postmortem: Postmortem, reader: Person) -> str:
    return render_markdown_blocks(render_live("timeline", reader=reader, postmortem=postmortem, zone=UTC))


def test_the_timeline_shows_what_is_starred_or_marked_and_counts_all(
    bob: Person, postmortem: Postmortem, chat: list[Entry]
) -> None:
    address = f"/incidents/{chat[0].incident.number}?kind=chat"
    before = timeline_of(postmortem, bob)
    assert "4 chat messages are not shown" in before
    assert address in before
    assert "slow" not in before.replace("slowly", "")
    star_entry(actor=bob, entry=chat[0])
    mark_entry(actor=bob, entry=chat[1], mark="mitigation")
    told = timeline_of(postmortem, bob)
    assert "2 of 4 chat messages are shown" in told
    assert "**It is *slow* `SELECT 1`**" in told
    assert "**Mitigation** Wren Okafor rolls back" in told
    assert "it holds" not in told
    for entry in chat[2:]:
        star_entry(actor=bob, entry=entry)
    assert "chat messages" not in timeline_of(postmortem, bob)


def test_nobody_took_part_by_what_was_taken_back(
    bob: Person, postmortem: Postmortem, resolved_incident: Incident, chat: list[Entry]
) -> None:
    assert reads.participants_of([resolved_incident]) == {resolved_incident.pk: ["Bob"]}
    assert [one.name for one in suggest_participants(resolved_incident)] == ["Bob"]
    hide_addition(actor=bob, addition=chat[0].chat.addition)
    assert suggest_participants(resolved_incident) == []
    assert reads.participants_of([resolved_incident]) == {resolved_incident.pk: []}
    assert "chat messages" not in timeline_of(postmortem, bob)


def test_the_public_edition_names_nobody_who_wrote(
    alice: Person, bob: Person, postmortem: Postmortem, chat: list[Entry]
) -> None:
    for entry in chat:
        star_entry(actor=bob, entry=entry)
    text = "\n".join(section["text"] for section in derive(reader=alice, postmortem=postmortem).sections)
    assert "rolls back" in text
    assert "our support is glad" in text
    assert "a participant" in text.lower()
    for name in ("Wren", "Okafor", "quill", "Vendor", "chat message", "inc-1"):
        assert name not in text


def test_the_public_edition_knows_a_name_whatever_it_is_and_whoever_was_mentioned(
    alice: Person, bob: Person, postmortem: Postmortem, resolved_incident: Incident
) -> None:
    text = "ask <@U9> and <@U8|jane.doe>"
    named = mentioned_in(text, {"U9": "Tamsin Vale"})
    messages = [
        Said(str(place), STARTED, author, "we roll back now")
        for place, author in enumerate(
            ["mark", "Jo", "ed", "🦊", "deploy", "Lucky", "a|b *c* <i>", "grace hopper"]
        )
    ]
    asked = to_markdown(text, "slack", {"U9": "Tamsin Vale"})
    messages.append(Said("9", STARTED, "J", asked, mentioned=named))
    add_chat(actor=bob, incident=resolved_incident, channel="inc-1", messages=messages)
    add_note(actor=bob, incident=resolved_incident, text="Vale and doe, Hopper: *Lucky* rolled back")
    for entry in Entry.objects.filter(kind=EntryKind.CHAT):
        star_entry(actor=bob, entry=entry)
    derived = derive(reader=alice, postmortem=postmortem).sections
    told = "\n".join(section["text"] for section in derived)
    assert told.count("| A participant |") == len(messages)
    assert "ask a participant and a participant" in told
    assert not re.search(r"(?i)vale|jane|doe|hopper|lucky|tamsin|🦊", told)
    frozen = next(section["source"] for section in derived if "roll back" in section["source"])
    leaks = {leak.text for leak in find_leaks(parse_markdown(frozen), policy_for(postmortem))}
    assert {*(one.author for one in messages), "@Tamsin Vale", "@jane.doe", "Vale"} <= leaks


def test_more_names_than_can_be_kept_out_refuse_the_public_edition(
    alice: Person, bob: Person, postmortem: Postmortem, chat: list[Entry], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(publishing, "CHAT_NAMES_MAX", 2)
    for entry in chat[:2]:
        star_entry(actor=bob, entry=entry)
    assert publishing.chat_names_in([chat[0].incident]) == [("Wren Okafor", None), ("zz.quill", None)]
    star_entry(actor=bob, entry=chat[2])
    with pytest.raises(TooManyNames, match="star and mark fewer"):
        derive(reader=alice, postmortem=postmortem)


@pytest.mark.once
def test_the_language_check_knows_who_wrote(postmortem: Postmortem, chat: list[Entry]) -> None:
    roster = options_for(postmortem).roster
    assert {"Wren Okafor", "Wren", "zz.quill"} <= roster
    assert not {"Vendor", "Vendor support"} & roster


@pytest.mark.once
def test_the_language_check_knows_members_however_many_wrote_and_nobody_whose_words_are_hidden(
    bob: Person, postmortem: Postmortem, chat: list[Entry], monkeypatch: pytest.MonkeyPatch
) -> None:
    Entry.objects.filter(pk=chat[0].pk).update(hidden_at=STARTED, hidden_by=bob)
    roster = options_for(postmortem).roster
    assert "zz.quill" in roster
    assert "Okafor" not in str(roster)
    monkeypatch.setattr(wording_reads, "CHAT_AUTHORS_MAX", 1)
    assert {"Alice", "Bob"} <= options_for(postmortem).roster


@pytest.mark.once
def test_the_panel_leads_to_all_of_them(
    sign_in: Callable[[Person], Client], alice: Person, postmortem: Postmortem, chat: list[Entry]
) -> None:
    client = sign_in(alice)
    page = client.get(f"/postmortems/{postmortem.number}/write").text
    assert "Of 4 chat messages those stand here" in page
    assert "rolls back" not in page
    assert "rolls back" in client.get(f"/postmortems/{postmortem.number}/timeline").text
