"""Incidents with much to read: pages of the timeline and of the alerts."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from afterword.accounts.models import Person
from afterword.catalog.models import Integration
from afterword.incidents.models import Alert, Entry, EntryKind, Incident
from afterword.lib import ids
from tests.cast import STARTED

SignIn = Callable[[Person], Client]


def add_entries(incident: Incident, count: int) -> None:
    Entry.objects.bulk_create(
        Entry(
            incident=incident,
            at=STARTED + timedelta(seconds=30 * number),
            kind=EntryKind.NOTE,
            text=f"Note number {number:03}",
        )
        for number in range(count)
    )


def add_alert(incident: Incident, integration: Integration, **fields: object) -> Alert:
    given = {
        "trace_id": ids.new_uuid(),
        "integration": integration,
        "incident": incident,
        "alert_type": "critical",
        "entity_id": incident.entity_id,
        "message": "Slow",
        "received_at": STARTED,
    }
    return Alert.objects.create(**(given | fields))


def test_an_open_incident_shows_what_happened_last(sign_in: SignIn, bob: Person, incident: Incident) -> None:
    add_entries(incident, 299)
    browser = sign_in(bob)
    page = browser.get(f"/incidents/{incident.number}")
    text = page.content.decode()
    assert "Note number 298" in text
    assert "Note number 000" not in text
    assert len(page.context["lines"]) == 100
    earlier = browser.get(f"/incidents/{incident.number}{page.context['earlier_url']}")
    assert "Note number 198" in earlier.content.decode()
    assert "Note number 199" not in earlier.content.decode()
    back = browser.get(f"/incidents/{incident.number}{earlier.context['later_url']}")
    assert [line.entry for line in back.context["lines"]] == [line.entry for line in page.context["lines"]]


def test_a_resolved_incident_is_read_from_its_start(
    sign_in: SignIn, bob: Person, resolved_incident: Incident
) -> None:
    add_entries(resolved_incident, 299)
    browser = sign_in(bob)
    page = browser.get(f"/incidents/{resolved_incident.number}")
    assert "Note number 000" in page.content.decode()
    assert page.context["earlier_url"] == ""
    latest = browser.get(f"/incidents/{resolved_incident.number}{page.context['end_url']}").content.decode()
    assert "Note number 298" in latest


def test_a_note_leads_to_the_page_that_it_is_on(sign_in: SignIn, bob: Person, incident: Incident) -> None:
    add_entries(incident, 299)
    browser = sign_in(bob)
    for given in ({"text": "Now"}, {"text": "Long ago", "at": "2026-03-02T14:06"}):
        answer = browser.post(f"/incidents/{incident.number}/notes", given)
        assert f"/incidents/{incident.number}?entry=" in answer["Location"]
        page = browser.get(answer["Location"]).content.decode()
        assert given["text"] in page
        assert f'id="{answer["Location"].split("#")[1]}"' in page


@pytest.mark.once
@pytest.mark.parametrize("part", ["", "/alerts"])
def test_the_number_of_queries_does_not_grow_with_what_is_shown(
    sign_in: SignIn, bob: Person, incident: Incident, integration: Integration, part: str
) -> None:
    browser = sign_in(bob)

    def count() -> int:
        with CaptureQueriesContext(connection) as queries:
            assert browser.get(f"/incidents/{incident.number}{part}").status_code == 200
        return len(queries)

    def add() -> None:
        alert = add_alert(incident, integration)
        Entry.objects.create(
            incident=incident, at=STARTED, kind="alert", text="Slow", alert=alert, person=bob
        )

    add()
    count()
    with_one = count()
    for _ in range(29):
        add()
    assert count() == with_one
    assert with_one <= 24


def test_an_alert_shows_its_payload_and_only_safe_links(
    sign_in: SignIn, bob: Person, incident: Incident, integration: Integration
) -> None:
    add_alert(
        incident,
        integration,
        message="<img src=x onerror=alert(1)>",
        summary="<b>bold</b>",
        payload={"severity": "</code><script>alert(1)</script>"},
        urls=[
            {"link_url": "javascript:alert(1)", "link_text": "Bad"},
            {"link_url": "https://a.example/1", "link_text": "Good"},
        ],
    )
    page = sign_in(bob).get(f"/incidents/{incident.number}/alerts").content.decode().split("<main", 1)[1]
    assert '<a href="https://a.example/1" rel="noopener noreferrer nofollow"' in page
    assert "javascript:" not in page
    for raw in ("<img", "<b>", "<script"):
        assert raw not in page
    assert "&quot;severity&quot;" in page


def test_a_huge_payload_is_cut_on_the_page(
    sign_in: SignIn, bob: Person, incident: Incident, integration: Integration
) -> None:
    add_alert(incident, integration, payload={"text": "x" * 100_000})
    page = sign_in(bob).get(f"/incidents/{incident.number}/alerts").content.decode()
    assert len(page) < 60_000
    assert "This is its beginning." in page


def test_alerts_come_in_pages(
    sign_in: SignIn, bob: Person, incident: Incident, integration: Integration
) -> None:
    for number in range(51):
        add_alert(
            incident,
            integration,
            message=f"Alert {number:02}",
            received_at=STARTED + timedelta(seconds=number),
        )
    browser = sign_in(bob)
    first = browser.get(f"/incidents/{incident.number}/alerts").content.decode()
    assert "Alert 50" in first
    assert "Alert 00" not in first
    assert "Alert 00" in browser.get(f"/incidents/{incident.number}/alerts?page=2").content.decode()
