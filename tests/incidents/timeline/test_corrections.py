"""Notes are corrected, and keep what they said before."""

from __future__ import annotations

from datetime import timedelta

import pytest

from afterword.accounts.models import Person
from afterword.audit.models import AuditEvent
from afterword.incidents.models import Entry, Incident
from afterword.incidents.timeline.errors import EntryChanged
from afterword.incidents.timeline.reads import revisions_of
from afterword.incidents.writes import add_note, correct_entry
from afterword.lib import clock
from afterword.lib.errors import InvalidInput, NotAllowed, NotFound
from tests.cast import STARTED


@pytest.fixture
def note(bob: Person, incident: Incident) -> Entry:
    return add_note(actor=bob, incident=incident, text="The cache was ful", at=STARTED)


def test_a_correction_keeps_what_was_said_before(alice: Person, bob: Person, note: Entry) -> None:
    later = STARTED + timedelta(minutes=7)
    correct_entry(actor=alice, entry=note, text="The cache was full", at=later)
    note.refresh_from_db()
    assert (note.text, note.at, note.edition, note.person) == ("The cache was full", later, 2, bob)
    before = revisions_of(bob, note).get()
    assert (before.text, before.at, before.edition) == ("The cache was ful", STARTED, 1)
    assert (before.corrected_by, before.corrected_by_name) == (alice, "Alice")
    event = AuditEvent.objects.get(action="entry.corrected")
    assert (event.actor_name, event.data["incident"]) == ("Alice", note.incident.number)


def test_the_same_words_again_correct_nothing(bob: Person, note: Entry) -> None:
    correct_entry(actor=bob, entry=note, text="The cache was ful ", at=STARTED, started_from=99)
    assert not note.revisions.exists()


def test_of_two_who_correct_at_once_the_second_is_told(alice: Person, bob: Person, note: Entry) -> None:
    correct_entry(actor=alice, entry=note, text="Hers", started_from=1)
    with pytest.raises(EntryChanged):
        correct_entry(actor=bob, entry=note, text="His", started_from=1)
    note.refresh_from_db()
    assert note.text == "Hers"
    assert correct_entry(actor=bob, entry=note, text="His", started_from=2).edition == 3


def test_a_correction_into_the_future_is_refused(bob: Person, note: Entry) -> None:
    with pytest.raises(InvalidInput) as refusal:
        correct_entry(actor=bob, entry=note, at=clock.now() + timedelta(hours=1))
    assert refusal.value.fields == {"at": "This time is in the future."}
    assert not note.revisions.exists()


def test_an_empty_correction_is_refused(bob: Person, note: Entry) -> None:
    with pytest.raises(InvalidInput):
        correct_entry(actor=bob, entry=note, text=" \n")


def test_what_a_machine_said_stays_as_it_was_said(bob: Person, incident: Incident) -> None:
    alert = incident.entries.get()
    with pytest.raises(NotAllowed):
        correct_entry(actor=bob, entry=alert, text="It was nothing")


def test_an_outsider_and_a_viewer_correct_nothing(charlie: Person, vera: Person, note: Entry) -> None:
    with pytest.raises(NotFound):
        correct_entry(actor=charlie, entry=note, text="Mine")
    with pytest.raises(NotAllowed):
        correct_entry(actor=vera, entry=note, text="Mine")
    note.refresh_from_db()
    assert note.text == "The cache was ful"


def test_an_entry_that_went_to_another_incident_is_not_found_in_the_first(
    bob: Person, note: Entry, resolved_incident: Incident
) -> None:
    seen = Entry.objects.select_related("incident").get(pk=note.pk)
    Entry.objects.filter(pk=note.pk).update(incident=resolved_incident)
    with pytest.raises(NotFound):
        correct_entry(actor=bob, entry=seen, text="Lost")
