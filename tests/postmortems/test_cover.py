from __future__ import annotations

from collections.abc import Callable

import pytest
from django.test import Client

from afterword.accounts.models import Person
from afterword.audit.models import AuditEvent
from afterword.catalog.models import Service
from afterword.incidents.models import Entry, Incident
from afterword.incidents.rules import summary_digest
from afterword.incidents.writes import change_summary
from afterword.lib.errors import InvalidInput, NotAllowed, NotFound
from afterword.postmortems.models import Postmortem, Revision
from afterword.postmortems.writes import INCIDENTS_MAX, change_cover, change_incidents

pytestmark = pytest.mark.once

SignIn = Callable[[Person], Client]
MakeIncident = Callable[..., Incident]


def cover(postmortem: Postmortem, person: Person, words: str) -> dict[str, str]:
    return {
        "owner": str(person.unique_id),
        "owner_before": str(postmortem.author.unique_id),
        "status_text": words,
        "status_text_before": "",
    }


def test_owner_and_status_text_are_changed_where_it_is_written_and_stand_on_the_cover(
    sign_in: SignIn, alice: Person, bob: Person, postmortem: Postmortem
) -> None:
    client, page = sign_in(bob), f"/postmortems/{postmortem.number}"
    words = "Resolved, <monitoring> until Friday"
    assert client.post(f"{page}/write", cover(postmortem, bob, words)).status_code == 302
    postmortem.refresh_from_db()
    assert (postmortem.owner, postmortem.status_text) == (bob, words)
    assert "Resolved, &lt;monitoring&gt; until Friday" in client.get(page).content.decode()
    assert "monitoring" in client.get(f"{page}/export/markdown").content.decode()
    # Who changed nothing here takes nobody's change back.
    same = cover(postmortem, alice, "")
    client.post(f"{page}/write", same | {"title": "Renamed", "title_before": postmortem.title})
    postmortem.refresh_from_db()
    assert (postmortem.title, postmortem.status_text) == ("Renamed", words)
    assert AuditEvent.objects.get(action="postmortem.changed").data["after"]["owner"] == "Bob"


def test_nobody_wipes_what_somebody_else_changed_on_the_cover_meanwhile(
    sign_in: SignIn, alice: Person, bob: Person, postmortem: Postmortem
) -> None:
    page = f"/postmortems/{postmortem.number}/write"
    opened = cover(postmortem, alice, "") | {"title": postmortem.title, "title_before": postmortem.title}
    first, second = sign_in(bob), sign_in(alice)
    first.post(page, opened | {"title": "Bob's title", "status_text": "Refunds on <Monday>"})

    missed = second.post(
        page, opened | {"owner": str(bob.unique_id), "status_text": "Over", "title": "Alice's title"}
    )
    postmortem.refresh_from_db()
    assert (postmortem.title, postmortem.owner, postmortem.status_text) == (
        "Bob's title",
        bob,
        "Refunds on <Monday>",
    )
    assert missed.status_code == 409
    html = missed.content.decode()
    for part in (
        "Saved: the cover.",
        "Saved now: <bdi>Refunds on &lt;Monday&gt;</bdi>",
        "Saved now: <bdi>Bob&#x27;s title</bdi>",
        'name="title" value="Alice&#x27;s title"',
        'name="title_before" value="Bob&#x27;s title"',
        'name="status_text" value="Over"',
        'name="status_text_before" value="Refunds on &lt;Monday&gt;"',
    ):
        assert part in html
    again = {"status_text": "Over", "status_text_before": "Refunds on <Monday>"}
    # Only what the page showed is replaced knowingly: here it is said to have shown the old title.
    assert second.post(page, opened | again | {"title": "Alice's title"}).status_code == 409
    again |= {"title": "Alice's title", "title_before": "Bob's title"}
    assert second.post(page, opened | again).status_code == 302
    postmortem.refresh_from_db()
    assert (postmortem.title, postmortem.owner, postmortem.status_text) == ("Alice's title", bob, "Over")


def test_what_cannot_stand_on_the_cover_is_refused_and_kept(
    sign_in: SignIn, alice: Person, bob: Person, vera: Person, charlie: Person, postmortem: Postmortem
) -> None:
    for person, words in ((vera, ""), (charlie, ""), (bob, "x" * 101)):
        with pytest.raises(InvalidInput):
            change_cover(actor=alice, postmortem=postmortem, owner=person, status_text=words)
    answer = sign_in(bob).post(f"/postmortems/{postmortem.number}/write", cover(postmortem, bob, "x" * 101))
    assert answer.status_code == 400
    assert "x" * 101 in answer.content.decode()
    # A person who was owner and may write no more stays, and the words can still be changed.
    Postmortem.objects.filter(pk=postmortem.pk).update(owner=vera)
    postmortem.refresh_from_db()
    assert change_cover(actor=bob, postmortem=postmortem, owner=vera, status_text="Over").owner == vera


def test_incidents_are_added_and_removed_later(
    sign_in: SignIn, bob: Person, postmortem: Postmortem, make_incident: MakeIncident
) -> None:
    other = make_incident(title="The gateway too")
    client, page = sign_in(bob), f"/postmortems/{postmortem.number}/incidents"
    assert "The gateway too" in client.get(f"{page}?search=gateway").content.decode()
    assert client.post(page, {"add": str(other.number)}).status_code == 302
    assert [link.incident for link in postmortem.links.all()][1:] == [other]
    first = postmortem.links.all()[0].incident
    assert client.post(page, {"remove": str(first.number)}).status_code == 302
    assert [link.incident for link in postmortem.links.all()] == [other]
    last = client.post(page, {"remove": str(other.number)})
    assert (last.status_code, "at least one incident" in last.content.decode()) == (400, True)
    for wrong in ({"add": "99999"}, {"add": "x"}, {}):
        assert client.post(page, wrong).status_code == 400
    assert [one.note for one in Revision.objects.all()[:2]] == ["Incidents changed"] * 2


def test_a_private_incident_makes_it_private_and_is_not_taken_out_by_the_way(
    sign_in: SignIn, alice: Person, bob: Person, postmortem: Postmortem, make_incident: MakeIncident
) -> None:
    secret = make_incident(title="The secret one", is_private=True)
    client, page = sign_in(bob), f"/postmortems/{postmortem.number}/incidents"
    assert "The secret one" not in client.get(page).content.decode()
    assert client.post(page, {"add": str(secret.number)}).status_code == 400
    secret.members.create(person=alice)
    change_incidents(actor=alice, postmortem=postmortem, add=[secret])
    assert client.get(page).status_code == 404
    owner = sign_in(alice)
    refused = owner.post(page, {"remove": str(secret.number)})
    assert (refused.status_code, "others may read" in refused.content.decode()) == (400, True)
    assert owner.post(page, {"remove": str(secret.number), "opens": "1"}).status_code == 302
    assert client.get(page).status_code == 200


def test_nobody_adds_what_is_not_theirs_to_write_about(
    bob: Person, postmortem: Postmortem, make_incident: MakeIncident, other_team: object
) -> None:
    theirs = make_incident(on=Service.objects.create(team=other_team, name="Index"))
    with pytest.raises((NotAllowed, NotFound)):
        change_incidents(actor=bob, postmortem=postmortem, add=[theirs])
    with pytest.raises(InvalidInput):
        change_incidents(
            actor=bob, postmortem=postmortem, add=[make_incident() for _ in range(INCIDENTS_MAX)]
        )
    assert postmortem.links.count() == 1


def test_the_summary_of_the_incident_is_written_where_it_stands(
    sign_in: SignIn, alice: Person, bob: Person, postmortem: Postmortem, resolved_incident: Incident
) -> None:
    client, page = sign_in(bob), f"/postmortems/{postmortem.number}/write"
    name = f"summary-{resolved_incident.number}"
    base = f"summary-base-{resolved_incident.number}"
    assert f'name="{name}"' in client.get(page).content.decode()
    sent = {name: "Payments were slow.", base: summary_digest("")}
    assert client.post(page, sent).status_code == 302
    resolved_incident.refresh_from_db()
    assert resolved_incident.summary == "Payments were slow."
    change_summary(actor=alice, incident=resolved_incident, summary="Alice knows better.")
    missed = client.post(page, {name: "Bob again", base: summary_digest("Payments were slow.")})
    html = missed.content.decode()
    assert missed.status_code == 409
    assert "Bob again</textarea>" in html
    assert "Alice knows better.</textarea>" in html
    section = next(one for one in postmortem.sections.all() if one.live_name == "summary")
    card = client.post(
        f"/postmortems/{postmortem.number}/sections/{section.unique_id}",
        {name: "Both agree.", base: summary_digest("Alice knows better.")},
        headers={"HX-Request": "true"},
    )
    assert (card.status_code, "Both agree." in card.content.decode()) == (200, True)
    assert Revision.objects.count() == 1


def test_the_timeline_is_starred_and_hidden_from_the_document(
    sign_in: SignIn, bob: Person, postmortem: Postmortem
) -> None:
    client, page = sign_in(bob), f"/postmortems/{postmortem.number}/timeline"
    entry = Entry.objects.get()
    sent = {"entry": str(entry.unique_id)}
    assert client.post(page, sent | {"do": "star"}).status_code == 302
    entry.refresh_from_db()
    assert entry.starred_at is not None
    assert client.post(page, sent | {"do": "hide"}).status_code == 302
    assert Entry.objects.get().hidden_at is not None
    assert "hidden" in client.get(page).content.decode()
    assert client.post(page, sent | {"do": "show"}).status_code == 302
    assert client.post(page, sent | {"do": "burn"}).status_code == 400
    assert client.post(page, {"do": "star", "entry": "x"}).status_code == 404


def test_outsiders_and_readers_change_nothing_of_it(
    sign_in: SignIn, charlie: Person, vera: Person, postmortem: Postmortem, resolved_incident: Incident
) -> None:
    page = f"/postmortems/{postmortem.number}"
    for person, status in ((charlie, 404), (vera, 403)):
        client = sign_in(person)
        for answer in (
            client.get(f"{page}/incidents"),
            client.post(f"{page}/incidents", {"remove": str(resolved_incident.number)}),
            client.get(f"{page}/timeline"),
            client.post(f"{page}/timeline", {"incident": str(resolved_incident.number), "do": "star"}),
        ):
            assert answer.status_code == status
            assert postmortem.title not in answer.content.decode()


def test_the_pages_ask_as_much_of_the_database_with_much_on_them(
    sign_in: SignIn,
    bob: Person,
    postmortem: Postmortem,
    resolved_incident: Incident,
    make_incident: MakeIncident,
    django_assert_max_num_queries: Callable[..., object],
) -> None:
    for _ in range(8):
        make_incident()
    Entry.objects.bulk_create(
        Entry(incident=resolved_incident, at=resolved_incident.started_at, kind="note", text="x", source="x")
        for _ in range(60)
    )
    client = sign_in(bob)
    for page in ("incidents", "timeline"):
        with django_assert_max_num_queries(25):  # type: ignore[attr-defined]
            assert client.get(f"/postmortems/{postmortem.number}/{page}").status_code == 200
