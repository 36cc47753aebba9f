"""The pages of a timeline: filters, corrections, evidence, hiding; and who may not."""

from __future__ import annotations

import html
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from afterword.accounts.models import Person
from afterword.incidents.models import Entry, EntryKind, Incident
from afterword.incidents.timeline.models import Evidence
from afterword.incidents.writes import add_note, attach_file, attach_link, correct_entry, hide_entries
from tests.cast import STARTED
from tests.incidents.timeline.test_evidence import png

SignIn = Callable[[Person], Client]
SVG = b'<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>'


@pytest.fixture(autouse=True)
def _own_folder(settings: Any, tmp_path: Path) -> None:
    settings.DATA_FOLDER = tmp_path


@pytest.fixture
def note(bob: Person, incident: Incident) -> Entry:
    return add_note(actor=bob, incident=incident, text="Rolled **bak**", at=STARTED + timedelta(minutes=7))


def address(entry: Entry, part: str = "") -> str:
    return f"/incidents/{entry.incident.number}/entries/{entry.unique_id}{part}"


def test_an_entry_shows_its_time_in_both_zones_and_since_the_start(
    sign_in: SignIn, bob: Person, note: Entry
) -> None:
    bob.time_zone = "Europe/Berlin"
    bob.save()
    page = sign_in(bob).get(f"/incidents/{note.incident.number}").content.decode()
    assert 'title="2026-03-02 14:12:00 UTC">2 Mar 2026, 15:12:00</time>' in page
    assert "+7 min" in page
    assert "timeline--zoned" in page


def test_a_note_is_corrected_and_shows_its_history(
    sign_in: SignIn, alice: Person, bob: Person, note: Entry
) -> None:
    browser = sign_in(alice)
    given = {"text": "Rolled back", "at": "2026-03-02T14:12:30", "started_from": "1"}
    answer = browser.post(address(note), given)
    assert answer["Location"].endswith(f"#entry-{note.unique_id}")
    assert "Corrected" in browser.get(answer["Location"]).content.decode()
    page = browser.get(address(note)).content.decode()
    assert "Corrected by Alice" in page
    assert "Rolled **bak**" in page


def test_a_time_that_was_not_touched_keeps_its_fractions(sign_in: SignIn, bob: Person, note: Entry) -> None:
    Entry.objects.filter(pk=note.pk).update(at=STARTED + timedelta(microseconds=123456))
    given = {"text": "Better", "at": "2026-03-02T14:05:00", "started_from": "1"}
    sign_in(bob).post(address(note), given)
    note.refresh_from_db()
    assert (note.text, note.at) == ("Better", STARTED + timedelta(microseconds=123456))


@pytest.mark.parametrize(("headers", "status"), [({}, 409), ({"HX-Request": "true"}, 422)])
def test_who_corrects_second_sees_both_and_loses_nothing(
    sign_in: SignIn, alice: Person, bob: Person, note: Entry, headers: dict[str, str], status: int
) -> None:
    correct_entry(actor=alice, entry=note, text="Hers")
    given = {"text": "His own words", "at": "2026-03-02T14:12:00", "started_from": "1"}
    browser = sign_in(bob)
    answer = browser.post(address(note), given, headers=headers)
    page = answer.content.decode()
    assert answer.status_code == status
    assert "Hers" in page
    assert "His own words" in page
    given["started_from"] = str(answer.context["form"]["started_from"].value())
    assert browser.post(address(note), given).status_code == 302
    note.refresh_from_db()
    assert note.text == "His own words"


def test_a_correction_into_the_future_is_shown_at_its_field(
    sign_in: SignIn, bob: Person, note: Entry
) -> None:
    given = {"text": "Soon", "at": "2099-01-01T00:00:00", "started_from": "1"}
    answer = sign_in(bob).post(address(note), given)
    assert answer.status_code == 400
    assert "This time is in the future." in answer.content.decode()


def test_a_timeline_is_filtered(sign_in: SignIn, alice: Person, bob: Person, note: Entry) -> None:
    number = note.incident.number
    add_note(actor=alice, incident=note.incident, text="Hers", mark="decision", starred=True)
    browser = sign_in(bob)

    def shown(query: str) -> list[str]:
        lines = browser.get(f"/incidents/{number}?{query}").context["lines"]
        return [line.entry.text for line in lines]

    assert shown("kind=alert") == ["Checkout answers slowly"]
    assert shown(f"person={bob.unique_id}") == ["Rolled **bak**"]
    assert shown("mark=decision") == shown("starred=on") == ["Hers"]
    for nonsense in ("kind=song", "person=nobody", "before=x", "after=1", "entry=%00"):
        assert len(shown(nonsense)) == 3


def test_several_are_hidden_at_once_and_folded_away_with_a_count(
    sign_in: SignIn, bob: Person, note: Entry
) -> None:
    incident, browser = note.incident, sign_in(bob)
    for minute in range(3):
        at = STARTED + timedelta(minutes=minute)
        Entry.objects.create(incident=incident, at=at, kind=EntryKind.ALERT, text="Slow")
    page = browser.get(f"/incidents/{incident.number}?choose=1").content.decode()
    assert "Hide 2 repeated alerts" in page
    visibility = f"/incidents/{incident.number}/entries/visibility"
    answer = browser.post(visibility, {"repeated": "1", "next": f"/incidents/{incident.number}?choose=1"})
    assert answer["Location"] == f"/incidents/{incident.number}?choose=1#timeline"
    page = browser.get(f"/incidents/{incident.number}").content.decode()
    assert "2 hidden entries." in page
    shown = browser.get(f"/incidents/{incident.number}?hidden=on")
    hidden = [line.entry for line in shown.context["lines"] if line.entry.hidden_at]
    assert "Hidden by Bob" in shown.content.decode()
    chosen = {"entries": [str(entry.unique_id) for entry in hidden], "hidden": "0"}
    browser.post(visibility, chosen | {"next": "https://elsewhere.example/"})
    assert "hidden entries" not in browser.get(f"/incidents/{incident.number}").content.decode()


@pytest.mark.parametrize("chosen", [[], ["x"], ["00000000-0000-0000-0000-000000000000"]])
def test_hiding_what_is_not_there_changes_nothing(
    sign_in: SignIn, bob: Person, note: Entry, chosen: list[str]
) -> None:
    answer = sign_in(bob).post(f"/incidents/{note.incident.number}/entries/visibility", {"entries": chosen})
    assert answer.status_code in (302, 404)
    assert not Entry.objects.filter(hidden_at__isnull=False).exists()


def test_a_note_comes_with_the_snapshot_of_a_graph(sign_in: SignIn, bob: Person, incident: Incident) -> None:
    browser = sign_in(bob)
    given = {
        "text": "Look",
        "mark": "diagnosis",
        "url": "https://graphs.example/1",
        "title": 'Latency "p99"',
        "file": SimpleUploadedFile("p99.png", png()),
    }
    answer = browser.post(f"/incidents/{incident.number}/notes", given)
    page = browser.get(answer["Location"]).content.decode()
    assert 'alt="Latency &quot;p99&quot;" width="3" height="2"' in page
    assert 'href="https://graphs.example/1"' in page
    assert "Diagnosis" in page
    evidence = Evidence.objects.get()
    assert (evidence.kind, evidence.url) == ("snapshot", "https://graphs.example/1")


@pytest.mark.once
@pytest.mark.parametrize(
    ("data", "status", "reason"),
    [
        (SVG, 415, "SVG can hold programs."),
        (b"MZ\0\0", 415, "neither an image"),
        (b"x" * 2000, 413, "at most 1 KB"),
        (b"", 415, "This file is empty."),
    ],
)
def test_a_file_that_is_refused_takes_nothing_typed_along(
    sign_in: SignIn, bob: Person, incident: Incident, settings: Any, data: bytes, status: int, reason: str
) -> None:
    settings.UPLOAD_BYTES_MAX = 1024
    given = {"text": "Typed with care", "title": "x", "file": SimpleUploadedFile("a.png", data)}
    answer = sign_in(bob).post(f"/incidents/{incident.number}/notes", given)
    page = html.unescape(answer.content.decode())
    assert answer.status_code == status
    assert reason in page
    assert "Typed with care" in page
    assert not incident.entries.filter(kind=EntryKind.NOTE).exists()


def test_a_link_that_is_refused_takes_nothing_typed_along(
    sign_in: SignIn, bob: Person, incident: Incident
) -> None:
    given = {"text": "Typed with care", "url": "javascript:alert(1)"}
    answer = sign_in(bob).post(f"/incidents/{incident.number}/notes", given)
    assert answer.status_code == 400
    assert "Typed with care" in answer.content.decode()
    assert not incident.entries.filter(kind=EntryKind.NOTE).exists()


def test_files_are_handed_out_such_that_they_do_nothing(sign_in: SignIn, bob: Person, note: Entry) -> None:
    browser = sign_in(bob)
    names = {"inline": png(), "attachment": b"text <script>"}
    for disposition, data in names.items():
        file = attach_file(actor=bob, entry=note, data=data, file_name="a b.html", title="A")
        answer = browser.get(f"/incidents/{note.incident.number}/evidence/{file.unique_id}")
        assert answer.content == data
        assert answer["Content-Disposition"] == f'{disposition}; filename="a b.html"'
        assert answer["X-Content-Type-Options"] == "nosniff"
        assert answer["Content-Security-Policy"].startswith("default-src 'none'; sandbox")
        assert answer["Cache-Control"] == "private, no-cache"
        assert answer["Content-Type"] in ("image/png", "text/plain; charset=utf-8")


def test_evidence_is_attached_and_taken_away_on_the_page_of_an_entry(
    sign_in: SignIn, bob: Person, note: Entry
) -> None:
    browser = sign_in(bob)
    nothing = browser.post(address(note, "/evidence"), {})
    assert nothing.status_code == 400
    assert "Please give a link or choose a file." in nothing.content.decode()
    browser.post(address(note, "/evidence"), {"url": "https://graphs.example/1"})
    attached = note.evidence.get()
    browser.post(f"/incidents/{note.incident.number}/evidence/{attached.unique_id}/removal")
    assert "Nothing is attached." in browser.get(address(note)).content.decode()


def test_key_timestamps_are_set_in_the_readers_zone(sign_in: SignIn, bob: Person, incident: Incident) -> None:
    bob.time_zone = "Europe/Berlin"
    bob.save()
    browser, page = sign_in(bob), f"/incidents/{incident.number}/timestamps"
    form = browser.get(page).context["form"]
    assert "resolved" not in form.fields
    given = {field.name: field.value() or "" for field in form}
    given |= {"impact_started": "2026-03-02T15:00:00", "identified": "2026-03-02T15:11:00"}
    given["detected"] = "2026-03-02T15:05:00"
    assert browser.post(page, given).status_code == 302
    incident.refresh_from_db()
    assert incident.impact_started_at == STARTED - timedelta(minutes=5)
    assert incident.identified_at == STARTED + timedelta(minutes=6)
    shown = browser.get(f"/incidents/{incident.number}").content.decode()
    assert "Time to detect" in shown
    late = browser.post(page, given | {"identified": "2026-03-02T15:12:00"})
    assert late.status_code == 409
    assert "As they stand now" in late.content.decode()


def test_key_timestamps_that_contradict_are_named_at_their_field(
    sign_in: SignIn, bob: Person, incident: Incident
) -> None:
    browser, page = sign_in(bob), f"/incidents/{incident.number}/timestamps"
    given = {field.name: field.value() or "" for field in browser.get(page).context["form"]}
    given |= {"impact_started": "2026-03-02T14:05:00", "detected": "2026-03-02T14:04:00"}
    answer = browser.post(page, given)
    assert answer.status_code == 400
    assert "“Detected” cannot be before “Impact started”." in answer.content.decode()


def test_a_page_that_is_open_gets_only_what_is_new(sign_in: SignIn, bob: Person, incident: Incident) -> None:
    browser, page = sign_in(bob), f"/incidents/{incident.number}"
    seen = {"X-Live-Version": str(incident.version)}
    incident.refresh_from_db()
    seen = {"X-Live-Version": str(incident.version)}
    assert browser.get(page, headers=seen).status_code == 204
    add_note(actor=bob, incident=incident, text="News")
    answer = browser.get(page, headers=seen)
    part = answer.content.decode()
    assert "News" in part
    assert "<html" not in part
    assert answer["Vary"].count("X-Live-Version") == 1


@pytest.mark.once
def test_an_outsider_finds_nothing_and_a_viewer_changes_nothing(
    sign_in: SignIn, bob: Person, charlie: Person, vera: Person, note: Entry
) -> None:
    number = note.incident.number
    link = attach_link(actor=bob, entry=note, url="https://graphs.example/")
    file = attach_file(actor=bob, entry=note, data=b"x", file_name="a.log")
    reading = [address(note), f"/incidents/{number}/evidence/{file.unique_id}", f"/incidents/{number}/events"]
    writing = [
        address(note),
        address(note, "/star"),
        address(note, "/mark"),
        address(note, "/evidence"),
        f"/incidents/{number}/entries/visibility",
        f"/incidents/{number}/evidence/{link.unique_id}/removal",
        f"/incidents/{number}/timestamps",
        f"/incidents/{number}/notes",
    ]
    given = {"entries": [str(note.unique_id)], "text": "x", "at": "2026-03-02T14:05", "started_from": "1"}
    given |= {"starred": "1", "mark": "decision", "url": "https://a.example/"}
    outside, viewer = sign_in(charlie), sign_in(vera)
    for page in reading:
        assert outside.get(page).status_code == 404
        assert viewer.get(page).status_code in (200, 204)
        assert Client().get(page).status_code == 302
    for page in writing:
        assert outside.post(page, given).status_code == 404, page
        assert viewer.post(page, given).status_code == 403, page
    assert viewer.get(f"/incidents/{number}/timestamps").status_code == 403
    note.refresh_from_db()
    assert (note.edition, note.starred_at, note.hidden_at, note.mark) == (1, None, None, "")
    assert note.evidence.count() == 2


def test_an_entry_of_another_incident_is_not_found_here(
    sign_in: SignIn, bob: Person, note: Entry, resolved_incident: Incident
) -> None:
    file = attach_file(actor=bob, entry=note, data=b"x", file_name="a.log")
    browser = sign_in(bob)
    for page in (f"entries/{note.unique_id}", f"evidence/{file.unique_id}"):
        assert browser.get(f"/incidents/{resolved_incident.number}/{page}").status_code == 404


def test_a_hidden_entry_is_left_out_of_the_count(sign_in: SignIn, bob: Person, note: Entry) -> None:
    hide_entries(actor=bob, incident=note.incident, entries=[note.unique_id])
    assert sign_in(bob).get(f"/incidents/{note.incident.number}").context["counts"].entries == 1
