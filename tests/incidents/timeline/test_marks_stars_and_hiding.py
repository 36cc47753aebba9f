"""What matters is starred and marked; what disturbs is hidden and comes back."""

from __future__ import annotations

import uuid
from datetime import timedelta

import pytest

from afterword.accounts.models import Person
from afterword.audit.models import AuditEvent
from afterword.incidents.models import Entry, EntryKind, EntryMark, Incident
from afterword.incidents.timeline.reads import Place, TimelineFilter, find_entries, read_page, repeated_alerts
from afterword.incidents.writes import add_note, hide_entries, mark_entry, star_entry
from afterword.lib.errors import InvalidInput, NotAllowed, NotFound
from tests.cast import STARTED


@pytest.mark.pure
def test_a_label_is_what_is_read_and_the_words_of_a_machine_stay() -> None:
    said = "The pool of `db-1` is **full**, see [it](https://x.example.com)\\\nback to 3"
    assert Entry(kind=EntryKind.NOTE, text=said).plain == "The pool of db-1 is full, see it back to 3"
    assert str(Entry(kind=EntryKind.ALERT, text="*.db is **7**")) == "*.db is **7**"


def add_alerts(incident: Incident, count: int, text: str = "Slow") -> list[Entry]:
    return [
        Entry.objects.create(
            incident=incident, at=STARTED + timedelta(minutes=number), kind=EntryKind.ALERT, text=text
        )
        for number in range(count)
    ]


def test_a_star_knows_who_gave_it_and_is_taken_back(bob: Person, incident: Incident) -> None:
    entry = incident.entries.get()
    starred = star_entry(actor=bob, entry=entry)
    assert starred.starred_by == bob
    star_entry(actor=bob, entry=entry)
    assert AuditEvent.objects.filter(action="entry.starred").count() == 1
    assert star_entry(actor=bob, entry=entry, starred=False).starred_at is None
    assert AuditEvent.objects.filter(action="entry.unstarred").count() == 1


def test_a_mark_is_one_of_those_that_there_are(bob: Person, incident: Incident) -> None:
    entry = incident.entries.get()
    assert mark_entry(actor=bob, entry=entry, mark=EntryMark.DETECTION).mark == "detection"
    with pytest.raises(InvalidInput):
        mark_entry(actor=bob, entry=entry, mark="blame")
    assert mark_entry(actor=bob, entry=entry, mark="").mark == ""
    assert AuditEvent.objects.filter(action="entry.marked").count() == 2


def test_a_note_comes_with_its_mark_and_its_star(bob: Person, incident: Incident) -> None:
    note = add_note(actor=bob, incident=incident, text="Rolled back", mark="mitigation", starred=True)
    found = find_entries(bob, incident, TimelineFilter(mark="mitigation", starred=True))
    assert list(found) == [note]


def test_several_entries_are_hidden_at_once_and_come_back(bob: Person, incident: Incident) -> None:
    noise = [entry.unique_id for entry in add_alerts(incident, 3)]
    assert len(hide_entries(actor=bob, incident=incident, entries=noise)) == 3
    assert find_entries(bob, incident, TimelineFilter()).count() == 1
    everything = find_entries(bob, incident, TimelineFilter(hidden=True))
    assert everything.count() == 4
    assert {entry.hidden_by for entry in everything} == {bob, None}
    hide_entries(actor=bob, incident=incident, entries=noise[:1], hidden=False)
    assert find_entries(bob, incident, TimelineFilter()).count() == 2
    assert AuditEvent.objects.get(action="incident.entries_shown").data == {"entries": [str(noise[0])]}


def test_hiding_what_is_of_another_incident_hides_nothing(
    bob: Person, incident: Incident, resolved_incident: Incident
) -> None:
    mine, other = incident.entries.get(), resolved_incident.entries.get()
    with pytest.raises(NotFound):
        hide_entries(actor=bob, incident=incident, entries=[mine.unique_id, other.unique_id])
    mine.refresh_from_db()
    assert mine.hidden_at is None


def test_hiding_nothing_is_said_to_be_nothing(bob: Person, incident: Incident) -> None:
    with pytest.raises(InvalidInput):
        hide_entries(actor=bob, incident=incident, entries=[])


def test_an_outsider_and_a_viewer_hide_star_and_mark_nothing(
    charlie: Person, vera: Person, incident: Incident
) -> None:
    entry = incident.entries.get()
    for who, refusal in ((charlie, NotFound), (vera, NotAllowed)):
        with pytest.raises(refusal):
            hide_entries(actor=who, incident=incident, entries=[entry.unique_id])
        with pytest.raises(refusal):
            star_entry(actor=who, entry=entry)
        with pytest.raises(refusal):
            mark_entry(actor=who, entry=entry, mark="detection")
    assert list(find_entries(charlie, incident, TimelineFilter(hidden=True))) == []


def test_alerts_that_say_the_same_again_are_noise_unless_somebody_cares(
    bob: Person, incident: Incident
) -> None:
    _, second, third, fourth = add_alerts(incident, 4)
    star_entry(actor=bob, entry=third)
    mark_entry(actor=bob, entry=fourth, mark="impact")
    assert repeated_alerts(bob, incident) == [second.unique_id]


def test_a_page_goes_on_from_an_entry_that_was_hidden_meanwhile(bob: Person, incident: Incident) -> None:
    entries = add_alerts(incident, 5)
    hide_entries(actor=bob, incident=incident, entries=[entries[1].unique_id])
    page = read_page(bob, incident, TimelineFilter(), Place(after=entries[1].unique_id), limit=2)
    assert page.entries == entries[2:4]
    assert (page.has_earlier, page.has_later) == (True, True)
    back = read_page(bob, incident, TimelineFilter(), Place(before=entries[2].unique_id), limit=9)
    assert back.entries[-1] == entries[0]
    assert (back.has_earlier, back.has_later) == (False, True)


def test_a_page_around_an_entry_holds_it(bob: Person, incident: Incident) -> None:
    entries = add_alerts(incident, 30)
    page = read_page(bob, incident, TimelineFilter(), Place(around=entries[20].unique_id), limit=9)
    assert entries[20] in page.entries
    assert len(page.entries) == 9
    unknown = read_page(bob, incident, TimelineFilter(), Place(around=uuid.uuid4()), limit=9)
    assert unknown.has_earlier is False


def test_entries_are_found_by_kind_and_person(bob: Person, alice: Person, incident: Incident) -> None:
    mine = add_note(actor=bob, incident=incident, text="Mine")
    add_note(actor=alice, incident=incident, text="Hers")
    assert list(find_entries(bob, incident, TimelineFilter(person=bob.unique_id))) == [mine]
    assert find_entries(bob, incident, TimelineFilter(kind="note")).count() == 2
    with pytest.raises(InvalidInput):
        find_entries(bob, incident, TimelineFilter(kind="song"))


def test_every_change_of_a_timeline_is_a_new_version_of_its_incident(bob: Person, incident: Incident) -> None:
    def version() -> int:
        incident.refresh_from_db(fields=["version"])
        return incident.version

    seen = [version()]
    note = add_note(actor=bob, incident=incident, text="One")
    seen.append(version())
    star_entry(actor=bob, entry=note)
    seen.append(version())
    mark_entry(actor=bob, entry=note, mark="decision")
    seen.append(version())
    hide_entries(actor=bob, incident=incident, entries=[note.unique_id])
    seen.append(version())
    Entry.objects.bulk_create([Entry(incident=incident, at=STARTED, kind=EntryKind.NOTE, text="Two")])
    seen.append(version())
    assert seen == sorted(set(seen))
