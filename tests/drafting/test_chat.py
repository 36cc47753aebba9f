"""What was said in a chat is evidence with room of its own, told as from outside where no member said it."""

from __future__ import annotations

from datetime import timedelta

from afterword.accounts.models import Person
from afterword.drafting.citations.check import check_draft
from afterword.drafting.claims import Draft
from afterword.drafting.deterministic.drafter import write_draft
from afterword.drafting.evidence.book import EvidenceBook
from afterword.drafting.evidence.limits import Limits
from afterword.drafting.evidence.reads import collect_evidence
from afterword.drafting.model.placeholders import Known, Veil
from afterword.drafting.model.telling import is_from_outside
from afterword.incidents.chat.messages import Said
from afterword.incidents.chat.writes import add_chat
from afterword.incidents.models import Entry, EntryKind, Incident
from afterword.incidents.writes import add_note, mark_entry, star_entry
from tests.cast import STARTED

NOW = STARTED + timedelta(hours=2)


def say(bob: Person, incident: Incident, *texts: str, author: str = "Wren Okafor") -> list[Entry]:
    messages = [
        Said(f"{author}{place}", STARTED + timedelta(minutes=place), author, text)
        for place, text in enumerate(texts)
    ]
    add_chat(actor=bob, incident=incident, channel="inc-42", messages=messages, people={("Bob", ""): bob})
    return list(Entry.objects.filter(kind=EntryKind.CHAT, chat__author=author).order_by("at"))


def collected(bob: Person, incident: Incident, **limits: int) -> EvidenceBook:
    return collect_evidence(bob, [incident], now=NOW, limits=Limits(**limits))


def timeline_of(draft: Draft) -> list[str]:
    section = draft.section("timeline")
    return [claim.text for claim in section.claims] if section else []


def test_a_message_says_who_wrote_it_where_and_whether_that_is_a_member(
    bob: Person, resolved_incident: Incident
) -> None:
    say(bob, resolved_incident, "\\# errors \\*grow\\* in foo_bar")
    say(bob, resolved_incident, "I roll back", author="Bob")
    book = collected(bob, resolved_incident)
    theirs, ours = [piece for piece in book.of_kind("entry") if piece.data.get("kind") == "chat"]
    assert (theirs.text, theirs.source) == ("# errors *grow* in foo_bar", "Wren Okafor")
    assert theirs.data == {"kind": "chat", "channel": "inc-42", "person": "Wren Okafor"}
    assert ours.data == {"kind": "chat", "channel": "inc-42", "person": "Bob", "member": True}
    assert (is_from_outside(theirs), is_from_outside(ours)) == (True, False)
    assert "Wren Okafor" in book.names
    assert "Wren" not in Veil(Known([], book)).hide("Wren Okafor saw it, and Wren told.")


def test_who_is_mentioned_is_hidden_from_a_model_as_who_wrote_is(
    bob: Person, resolved_incident: Incident
) -> None:
    said = Said("1", STARTED, "mark", "ask @Tamsin Vale, @jane.doe", mentioned=("Tamsin Vale", "jane.doe"))
    also = Said("2", STARTED, "Incident Bot", "Vale and Jane Doe were there")
    add_chat(actor=bob, incident=resolved_incident, channel="inc-42", messages=[said, also])
    book = collected(bob, resolved_incident)
    veil = Veil(Known([], book))
    hidden = [veil.hide(piece.text) for piece in book.of_kind("entry") if piece.data.get("kind") == "chat"]
    assert hidden == ["ask PERSON_1b, PERSON_2b", "PERSON_1c and PERSON_2c were there"]


def test_the_drafter_tells_what_is_starred_or_marked_and_folds_the_rest(
    bob: Person, resolved_incident: Incident
) -> None:
    chat = say(bob, resolved_incident, "It is slow", "Pool is full", "ok", "thanks", "bye")
    star_entry(actor=bob, entry=chat[0])
    mark_entry(actor=bob, entry=chat[1], mark="diagnosis")
    book = collected(bob, resolved_incident)
    draft = write_draft(book)
    told = timeline_of(draft)
    assert "Wren Okafor wrote: “It is slow”." in told
    assert "3 messages in #inc-42 between 14:07 UTC and 14:09 UTC." in told
    assert "thanks" not in " ".join(told)
    assert "The incident was resolved." in told
    for verdict in check_draft(draft, book):
        assert verdict.outcome == "accepted", (verdict.claim.text, verdict.findings)
    # Nobody asks somebody who is no member.
    assert not any("Wren Okafor" in claim.asked for section in draft.sections for claim in section.claims)


def test_chat_eats_no_room_of_what_people_noted(bob: Person, resolved_incident: Incident) -> None:
    say(bob, resolved_incident, *[f"line {place}" for place in range(20)])
    for place in range(4):
        add_note(actor=bob, incident=resolved_incident, text=f"Note {place}", at=STARTED)
    book = collected(bob, resolved_incident, entries_max=10, chat_max=6)
    kinds = [piece.data["kind"] for piece in book.of_kind("entry")]
    assert (kinds.count("note"), kinds.count("chat")) == (4, 6)
    assert book.left_out["chat messages"] == 14
    assert "The record has 14 more lines than this draft was written from." in timeline_of(write_draft(book))


def test_what_was_said_is_counted_on_each_side_of_what_the_book_leaves_out(
    bob: Person, resolved_incident: Incident
) -> None:
    say(bob, resolved_incident, *[f"line {place}" for place in range(20)])
    book = collected(bob, resolved_incident, chat_max=6)
    draft = write_draft(book)
    assert [text for text in timeline_of(draft) if "#inc-42" in text] == [
        "3 messages in #inc-42 between 14:05 UTC and 14:07 UTC.",
        "3 messages in #inc-42 between 14:22 UTC and 14:24 UTC.",
    ]
    counted = [one for one in check_draft(draft, book) if "#inc-42" in one.claim.text]
    assert [one.outcome for one in counted] == ["accepted", "accepted"]
