"""The pages of one incident: what they show and what can be done on them."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.test import Client

from afterword.accounts.models import Person
from afterword.audit.models import AuditEvent
from afterword.incidents.models import Entry, EntryKind, Incident, IncidentStatus
from tests.cast import STARTED

SignIn = Callable[[Person], Client]


def test_the_page_shows_title_status_service_and_timeline(
    sign_in: SignIn, bob: Person, incident: Incident
) -> None:
    page = sign_in(bob).get(f"/incidents/{incident.number}").content.decode()
    for text in (
        incident.title,
        "Triggered",
        "Checkout",
        "Payments",
        "Prometheus bridge",
        "2026-03-02 14:05:00 UTC",
    ):
        assert text in page


def test_the_timeline_says_how_long_after_the_start(sign_in: SignIn, bob: Person, incident: Incident) -> None:
    Entry.objects.create(
        incident=incident, at=STARTED + timedelta(minutes=7), kind=EntryKind.NOTE, text="Seen"
    )
    assert "+7 min" in sign_in(bob).get(f"/incidents/{incident.number}").content.decode()


def test_times_are_in_the_readers_zone(sign_in: SignIn, bob: Person, incident: Incident) -> None:
    bob.time_zone = "Europe/Athens"
    bob.save()
    page = sign_in(bob).get(f"/incidents/{incident.number}").content.decode()
    assert "2 Mar 2026, 16:05" in page
    assert "2026-03-02 14:05:00 UTC" in page
    assert page.count("Times in Europe/Athens") == page.count("Times are in Europe/Athens") == 1


def test_acknowledging_and_resolving_from_the_page(sign_in: SignIn, bob: Person, incident: Incident) -> None:
    browser = sign_in(bob)
    assert browser.post(f"/incidents/{incident.number}/acknowledgement").status_code == 302
    incident.refresh_from_db()
    assert incident.status == IncidentStatus.ACKNOWLEDGED
    answer = browser.post(f"/incidents/{incident.number}/resolution", follow=True)
    incident.refresh_from_db()
    assert incident.status == IncidentStatus.RESOLVED
    assert "The incident is resolved." in answer.content.decode()
    assert answer.redirect_chain[-1][0] == f"/incidents/{incident.number}/post-incident"


def test_a_second_click_on_resolve_is_answered_kindly(
    sign_in: SignIn, bob: Person, incident: Incident
) -> None:
    browser = sign_in(bob)
    browser.post(f"/incidents/{incident.number}/resolution")
    answer = browser.post(f"/incidents/{incident.number}/resolution", follow=True)
    assert answer.status_code == 200
    assert "resolved already. Nothing was changed." in answer.content.decode()
    assert AuditEvent.objects.filter(action="incident.resolved").count() == 1


def test_an_end_before_the_start_comes_back_with_what_was_typed(
    sign_in: SignIn, bob: Person, incident: Incident
) -> None:
    answer = sign_in(bob).post(f"/incidents/{incident.number}/resolution", {"at": "2020-01-01T10:00"})
    assert answer.status_code == 400
    page = answer.content.decode()
    assert "It cannot end before it started." in page
    assert 'value="2020-01-01T10:00"' in page
    incident.refresh_from_db()
    assert not incident.is_resolved


def test_a_note_is_markdown_and_leads_to_itself(sign_in: SignIn, bob: Person, incident: Incident) -> None:
    answer = sign_in(bob).post(
        f"/incidents/{incident.number}/notes", {"text": "The **pool** is empty <script>"}
    )
    note = Entry.objects.get(kind=EntryKind.NOTE)
    assert answer["Location"] == f"/incidents/{incident.number}?entry={note.unique_id}#entry-{note.unique_id}"
    page = sign_in(bob).get(answer["Location"]).content.decode()
    assert "<strong>pool</strong>" in page
    assert "<script>" not in page.split("<main", 1)[1]


def test_a_note_that_is_refused_keeps_its_text(sign_in: SignIn, bob: Person, incident: Incident) -> None:
    answer = sign_in(bob).post(
        f"/incidents/{incident.number}/notes", {"text": "Precious words", "at": "2999-01-01T00:00"}
    )
    assert answer.status_code == 400
    page = answer.content.decode()
    assert "Precious words" in page
    assert "This time is in the future." in page
    assert f'<a href="/incidents/{incident.number}" aria-current="page">Overview</a>' in page
    assert not Entry.objects.filter(kind=EntryKind.NOTE).exists()


def test_an_empty_note_is_refused(sign_in: SignIn, bob: Person, incident: Incident) -> None:
    answer = sign_in(bob).post(f"/incidents/{incident.number}/notes", {"text": "  "})
    assert answer.status_code == 400
    assert "Please write something first." in answer.content.decode()


def test_the_words_of_an_incident_can_be_edited(sign_in: SignIn, bob: Person, incident: Incident) -> None:
    browser = sign_in(bob)
    form = browser.get(f"/incidents/{incident.number}/summary").context["form"]
    answer = browser.post(
        f"/incidents/{incident.number}/summary",
        {"title": "Checkout is down", "summary": "# All of it", "started_from": form["started_from"].value()},
    )
    assert answer.status_code == 302
    incident.refresh_from_db()
    assert (incident.title, incident.summary) == ("Checkout is down", "# All of it")


def test_two_writers_of_a_summary_do_not_overwrite_each_other(
    sign_in: SignIn, bob: Person, incident: Incident
) -> None:
    browser = sign_in(bob)
    seen = browser.get(f"/incidents/{incident.number}/summary").context["form"]["started_from"].value()
    Incident.objects.filter(pk=incident.pk).update(summary="Written by Alice")
    mine = {"title": incident.title, "summary": "Written by Bob", "started_from": seen}
    answer = browser.post(f"/incidents/{incident.number}/summary", mine)
    assert answer.status_code == 400
    page = answer.content.decode()
    assert "Written by Alice" in page
    assert "Written by Bob" in page
    again = answer.context["form"]["started_from"].value()
    assert (
        browser.post(f"/incidents/{incident.number}/summary", mine | {"started_from": again}).status_code
        == 302
    )
    incident.refresh_from_db()
    assert incident.summary == "Written by Bob"


def test_who_writes_the_summary_does_not_take_back_a_new_title(
    sign_in: SignIn, bob: Person, incident: Incident
) -> None:
    browser = sign_in(bob)
    form = browser.get(f"/incidents/{incident.number}/summary").context["form"]
    mine = {name: form[name].value() for name in form.fields} | {"summary": "Written by Bob"}
    Incident.objects.filter(pk=incident.pk).update(title="Renamed by Alice")
    assert browser.post(f"/incidents/{incident.number}/summary", mine).status_code == 302
    incident.refresh_from_db()
    assert (incident.title, incident.summary) == ("Renamed by Alice", "Written by Bob")


def test_a_viewer_reads_and_is_offered_nothing_to_change(
    sign_in: SignIn, vera: Person, incident: Incident
) -> None:
    page = sign_in(vera).get(f"/incidents/{incident.number}").content.decode().split("<main", 1)[1]
    assert incident.title in page
    for action in ("Acknowledge", "Resolve", "Add a note", '/summary"', "/star", "Hide some", "/timestamps"):
        assert action not in page


def test_a_resolved_incident_offers_its_post_mortem(
    sign_in: SignIn, bob: Person, resolved_incident: Incident
) -> None:
    page = sign_in(bob).get(f"/incidents/{resolved_incident.number}").content.decode()
    assert f"/postmortems/new?incident={resolved_incident.number}" in page
    assert f"/incidents/{resolved_incident.number}/resolution" not in page
    assert "42 min" in page


@pytest.mark.parametrize("part", ["", "/alerts", "/post-incident", "/summary"])
def test_an_outsider_gets_not_found(
    sign_in: SignIn, bob: Person, charlie: Person, incident: Incident, part: str
) -> None:
    assert sign_in(bob).get(f"/incidents/{incident.number}{part}").status_code == 200
    answer = sign_in(charlie).get(f"/incidents/{incident.number}{part}")
    assert answer.status_code == 404
    assert incident.title not in answer.content.decode()


@pytest.mark.parametrize("part", ["acknowledgement", "resolution", "notes", "summary"])
def test_outsiders_and_viewers_change_nothing(
    sign_in: SignIn, charlie: Person, vera: Person, incident: Incident, part: str
) -> None:
    sent = {"text": "x", "title": "x", "summary": "x", "started_from": "x"}
    assert sign_in(charlie).post(f"/incidents/{incident.number}/{part}", sent).status_code == 404
    assert sign_in(vera).post(f"/incidents/{incident.number}/{part}", sent).status_code == 403
    assert not AuditEvent.objects.exists()
    assert incident.entries.count() == 1


@pytest.mark.parametrize("part", ["", "/alerts", "/post-incident", "/summary", "/new"])
def test_the_pages_ask_for_a_sign_in(client: Client, incident: Incident, part: str) -> None:
    address = "/incidents/new" if part == "/new" else f"/incidents/{incident.number}{part}"
    assert client.get(address).status_code == 302


def test_a_number_beyond_the_database_is_not_found(sign_in: SignIn, bob: Person) -> None:
    assert sign_in(bob).get(f"/incidents/{'9' * 19}").status_code == 404
    assert sign_in(bob).get(f"/incidents/{'9' * 40}").status_code == 404
