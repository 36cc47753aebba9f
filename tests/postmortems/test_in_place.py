"""Sections that are edited where they are read."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.test import Client

from afterword.accounts.models import Person
from afterword.incidents.models import Entry, Incident
from afterword.incidents.rules import summary_digest
from afterword.postmortems.models import Postmortem, Section
from afterword.postmortems.outline.writes import take_out_section
from afterword.postmortems.rules import text_digest
from afterword.postmortems.writes import save_section

SignIn = Callable[[Person], Client]
SCRIPT = {"HX-Request": "true"}


def place(section: Section) -> str:
    return f"/postmortems/{section.postmortem.number}/sections/{section.unique_id}/edit"


def live(postmortem: Postmortem, name: str) -> Section:
    return Section.objects.get(postmortem=postmortem, live_name=name)


def test_who_may_write_finds_the_way_beside_each_section(
    sign_in: SignIn, bob: Person, vera: Person, postmortem: Postmortem, contributors: Section
) -> None:
    page = f"/postmortems/{postmortem.number}"
    written = sign_in(bob).get(page).content.decode()
    assert written.count("document-edit") == postmortem.sections.count()
    assert f'href="{page}/write#section-{contributors.unique_id}" hx-get="{place(contributors)}"' in written
    assert "document-edit" not in sign_in(vera).get(page).content.decode()
    without_script = sign_in(bob).get(place(contributors))
    assert without_script.headers["Location"] == f"{page}/write#section-{contributors.unique_id}"


def test_what_is_saved_there_is_read_there(
    sign_in: SignIn,
    bob: Person,
    postmortem: Postmortem,
    resolved_incident: Incident,
    contributors: Section,
) -> None:
    client = sign_in(bob)
    summary = live(postmortem, "summary")
    card = client.get(place(summary), headers=SCRIPT).content.decode()
    assert f'name="summary-{resolved_incident.number}"' in card
    assert 'value="star:' in client.get(place(live(postmortem, "timeline")), headers=SCRIPT).content.decode()
    assert (
        "follow-ups-new-title"
        in client.get(place(live(postmortem, "follow-ups")), headers=SCRIPT).content.decode()
    )
    sent = {
        f"summary-{resolved_incident.number}": "The pool ran dry.",
        f"summary-base-{resolved_incident.number}": summary_digest(""),
    }
    read = client.post(place(summary), sent, headers=SCRIPT)
    assert (read.status_code, "<p>The pool ran dry.</p>" in read.content.decode()) == (200, True)
    assert "<form" not in read.content.decode()
    resolved_incident.refresh_from_db()
    assert resolved_incident.summary == "The pool ran dry."
    new = {"follow-ups-new-title": "Watch the pool", "follow-ups-new-priority": "P1"}
    read = client.post(place(live(postmortem, "follow-ups")), new, headers=SCRIPT)
    assert "Watch the pool</td>" in read.content.decode()


def test_what_cannot_be_saved_there_stays_there(
    sign_in: SignIn, alice: Person, bob: Person, contributors: Section
) -> None:
    client, key = sign_in(bob), contributors.unique_id
    typed = {f"text-{key}": "My words", f"version-{key}": "1", f"base-{key}": text_digest("")}
    save_section(actor=alice, section=contributors, text="Hers", version=1)
    refused = client.post(place(contributors), typed, headers=SCRIPT)
    assert (refused.status_code, "My words" in refused.content.decode()) == (422, True)
    assert "in-place" in refused.content.decode()
    contributors.refresh_from_db()
    take_out_section(actor=alice, section=contributors)
    gone = client.post(place(contributors), typed, headers=SCRIPT)
    assert (gone.status_code, "My words</textarea>" in gone.content.decode()) == (422, True)
    assert client.get(place(contributors), headers=SCRIPT).status_code == 404


def test_outsiders_and_readers_edit_nothing_there(
    sign_in: SignIn, charlie: Person, vera: Person, postmortem: Postmortem
) -> None:
    timeline, entry = live(postmortem, "timeline"), Entry.objects.get()
    for person, status in ((charlie, 404), (vera, 403)):
        client = sign_in(person)
        for answer in (
            client.get(place(timeline), headers=SCRIPT),
            client.post(place(timeline), {}, headers=SCRIPT),
        ):
            assert answer.status_code == status
            assert entry.text not in answer.content.decode()


def test_the_card_of_one_section_asks_little_of_the_database(
    sign_in: SignIn, bob: Person, contributors: Section, django_assert_max_num_queries: Callable[..., Any]
) -> None:
    client = sign_in(bob)
    with django_assert_max_num_queries(40):
        client.get(place(contributors), headers=SCRIPT)
