from __future__ import annotations

import uuid
from collections.abc import Callable
from typing import Any

import pytest
from django.http import HttpResponse
from django.test import Client

from afterword.accounts.models import Person
from afterword.catalog.models import Service
from afterword.followups.document_panel import PANEL_ROWS_MAX
from afterword.followups.models import FollowUp
from afterword.followups.writes import change_follow_up, create_follow_up, follow_up_digest
from afterword.incidents.models import Entry, Incident
from afterword.postmortems.models import Postmortem, Revision, Section
from afterword.postmortems.outline.writes import take_out_section
from afterword.postmortems.publishing.derivation import derive
from afterword.postmortems.stars import PANEL_ENTRIES_MAX

pytestmark = pytest.mark.once

SignIn = Callable[[Person], Client]
MakeIncident = Callable[..., Incident]
SCRIPT = {"HX-Request": "true"}


@pytest.fixture
def item(alice: Person, resolved_incident: Incident) -> FollowUp:
    return create_follow_up(actor=alice, incident=resolved_incident, title="Add an index")


def address(postmortem: Postmortem, live_name: str) -> str:
    section = Section.objects.get(postmortem=postmortem, live_name=live_name)
    return f"/postmortems/{postmortem.number}/record?section={section.unique_id}"


def press(client: Client, postmortem: Postmortem, live_name: str, deed: str, **sent: Any) -> tuple[int, str]:
    answer: HttpResponse = client.post(address(postmortem, live_name), {"record": deed, **sent})
    return answer.status_code, answer.content.decode()


def changed(item: FollowUp, **given: str) -> dict[str, str]:
    """What the page sends of the follow-up that is open."""
    item.refresh_from_db()
    values = {"title": item.title, "priority": item.priority, "started_from": follow_up_digest(item), **given}
    return {"follow-ups-open": str(item.unique_id)} | {
        f"follow-ups-changed-{name}": value for name, value in values.items()
    }


def test_a_star_is_set_where_the_timeline_stands_and_loses_nothing_that_is_typed(
    sign_in: SignIn, bob: Person, postmortem: Postmortem, contributors: Section
) -> None:
    client, entry = sign_in(bob), Entry.objects.get()
    page = client.get(f"/postmortems/{postmortem.number}/write").content.decode()
    assert f'value="star:{entry.unique_id}"' in page
    box = f"text-{contributors.unique_id}"
    status, page = press(client, postmortem, "timeline", f"star:{entry.unique_id}", **{box: "Half a thought"})
    entry.refresh_from_db()
    assert (status, entry.starred_at is not None) == (200, True)
    assert "Half a thought</textarea>" in page
    assert "data-unsaved" in page
    assert f'value="unstar:{entry.unique_id}"' in page
    assert "<strong>" in client.get(f"/postmortems/{postmortem.number}").content.decode()
    press(client, postmortem, "timeline", f"unstar:{entry.unique_id}")
    press(client, postmortem, "timeline", f"hide:{entry.unique_id}")
    entry.refresh_from_db()
    assert (entry.starred_at, entry.hidden_at is not None) == (None, True)
    assert press(client, postmortem, "timeline", f"burn:{entry.unique_id}")[0] == 400
    assert press(client, postmortem, "timeline", f"star:{uuid.UUID(int=7)}")[0] == 400
    assert press(client, postmortem, "key-information", "star:7")[0] == 400
    assert Revision.objects.count() == 1
    assert client.get(address(postmortem, "timeline")).headers["Location"].endswith("/write")


def test_with_script_the_card_comes_back_alone(sign_in: SignIn, bob: Person, postmortem: Postmortem) -> None:
    entry = Entry.objects.get()
    answer = sign_in(bob).post(
        address(postmortem, "timeline"), {"record": f"star:{entry.unique_id}"}, headers=SCRIPT
    )
    assert answer.content.decode().strip().startswith("<section")
    assert 'aria-pressed="true"' in answer.content.decode()


def test_follow_ups_are_added_changed_and_done_where_they_stand(
    sign_in: SignIn, bob: Person, postmortem: Postmortem, resolved_incident: Incident, item: FollowUp
) -> None:
    client = sign_in(bob)
    new = {"follow-ups-new-title": "Page the team", "follow-ups-new-priority": "P1"}
    assert press(client, postmortem, "follow-ups", "add", **new)[0] == 200
    assert FollowUp.objects.get(title="Page the team").incident == resolved_incident
    status, page = press(client, postmortem, "follow-ups", f"open:{item.unique_id}")
    assert (status, 'name="follow-ups-changed-title"' in page) == (200, True)
    sent = changed(item, title="Add two indexes", due_on="2031-03-31", owner=str(bob.unique_id))
    status, page = press(client, postmortem, "follow-ups", "save", **sent)
    item.refresh_from_db()
    assert (item.title, str(item.due_on), item.owner) == ("Add two indexes", "2031-03-31", bob)
    assert 'name="follow-ups-changed-title"' not in page
    press(client, postmortem, "follow-ups", f"to-completed:{item.unique_id}")
    item.refresh_from_db()
    assert item.status == "completed"
    assert "Add two indexes" in client.get(f"/postmortems/{postmortem.number}").content.decode()
    press(client, postmortem, "follow-ups", f"leave-out:{item.unique_id}")
    assert "Add two indexes" not in client.get(f"/postmortems/{postmortem.number}").content.decode()


def test_saving_everything_saves_what_is_typed_about_follow_ups_too(
    sign_in: SignIn, bob: Person, postmortem: Postmortem, item: FollowUp
) -> None:
    client, page = sign_in(bob), f"/postmortems/{postmortem.number}/write"
    new = {"follow-ups-new-title": "Page the team", "follow-ups-new-priority": "P2"}
    assert client.post(page, changed(item, title="Add two") | new).status_code == 302
    assert set(FollowUp.objects.values_list("title", flat=True)) == {"Add two", "Page the team"}
    wrong = client.post(page, {"follow-ups-new-description": "without a title"})
    assert (wrong.status_code, "without a title</textarea>" in wrong.content.decode()) == (400, True)
    assert (
        client.post(page, {"follow-ups-new-title": " ", "follow-ups-new-priority": "P2"}).status_code == 302
    )


def test_what_cannot_be_saved_stays_in_its_box_with_the_reason(
    sign_in: SignIn, alice: Person, bob: Person, postmortem: Postmortem, item: FollowUp
) -> None:
    client, mine = sign_in(bob), changed(item, title="Mine")
    status, page = press(client, postmortem, "follow-ups", "save", **changed(item, due_on="soon"))
    assert (status, "Please give a date" in page, 'value="soon"' in page) == (400, True, True)
    change_follow_up(
        actor=alice, follow_up=item, title="Theirs", description="", owner=None, due_on=None, priority="P3"
    )
    status, page = press(client, postmortem, "follow-ups", "save", **mine)
    assert (status, "Theirs" in page, 'value="Mine"' in page) == (400, True, True)
    FollowUp.objects.all().delete()
    new_one = {"follow-ups-new-title": "Half a follow-up", "follow-ups-new-priority": "P2"}
    status, page = press(client, postmortem, "follow-ups", "save", **mine | new_one)
    assert (status, "no longer in the post-mortem" in page) == (400, True)
    assert (">\nMine</textarea>" in page, 'value="Half a follow-up"' in page) == (True, True)
    kept = {"follow-ups-kept": "Mine"}
    assert ">\nMine</textarea>" in press(client, postmortem, "timeline", "star:x", **kept)[1]
    assert "Mine" not in press(client, postmortem, "follow-ups", "forget", **kept)[1]
    for deed in (f"open:{item.unique_id}", "open:x", f"to-completed:{item.unique_id}"):
        status, page = press(client, postmortem, "follow-ups", deed, **new_one)
        assert (status, "not here any more" in page, "Half a follow-up" in page) == (400, True, True)
    assert press(client, postmortem, "follow-ups", "burn")[0] == 400


def test_nobody_changes_by_it_what_is_not_theirs(
    sign_in: SignIn,
    alice: Person,
    bob: Person,
    charlie: Person,
    vera: Person,
    postmortem: Postmortem,
    item: FollowUp,
    make_incident: MakeIncident,
    other_team: object,
) -> None:
    for person, status in ((charlie, 404), (vera, 403)):
        answer, page = press(sign_in(person), postmortem, "follow-ups", f"to-completed:{item.unique_id}")
        assert (answer, item.title in page) == (status, False)
    theirs = make_incident(title="Of Search", on=Service.objects.create(team=other_team, name="Index"))
    other = create_follow_up(actor=alice, incident=theirs, title="Of others")
    entry = Entry.objects.create(incident=theirs, at=theirs.started_at, kind="note", text="x", source="x")
    client = sign_in(bob)
    status, page = press(client, postmortem, "follow-ups", f"to-completed:{other.unique_id}")
    assert (status, "Of others" in page) == (400, False)
    assert press(client, postmortem, "timeline", f"star:{entry.unique_id}")[0] == 400
    new = {"follow-ups-new-title": "My words", "follow-ups-new-incident": str(theirs.number)}
    status, page = press(client, postmortem, "follow-ups", "add", **new)
    assert (status, 'value="My words"' in page, theirs.title in page) == (400, True, False)
    other.refresh_from_db()
    entry.refresh_from_db()
    assert (other.status, entry.starred_at, FollowUp.objects.count()) == ("open", None, 2)


def test_a_long_record_is_drawn_whole_and_changed_in_part(
    sign_in: SignIn,
    bob: Person,
    postmortem: Postmortem,
    resolved_incident: Incident,
    django_assert_max_num_queries: Callable[..., Any],
) -> None:
    Entry.objects.bulk_create(
        Entry(incident=resolved_incident, at=resolved_incident.started_at, kind="note", text="x", source="x")
        for _ in range(PANEL_ENTRIES_MAX + 20)
    )
    FollowUp.objects.bulk_create(
        FollowUp(incident=resolved_incident, title=f"Do {place}") for place in range(PANEL_ROWS_MAX + 20)
    )
    client = sign_in(bob)
    with django_assert_max_num_queries(90):
        page = client.get(f"/postmortems/{postmortem.number}/write").content.decode()
    assert page.count('value="star:') == PANEL_ENTRIES_MAX
    assert page.count('value="leave-out:') == PANEL_ROWS_MAX
    assert f"Do {PANEL_ROWS_MAX + 19}" in page


def live(postmortem: Postmortem) -> dict[str, Any]:
    """The follow-ups as the public edition would have them."""
    owner = postmortem.author
    sections = derive(reader=owner, postmortem=postmortem).sections
    return next(one for one in sections if "follow" in one["title"].lower())


def test_a_ticket_is_written_and_read_where_the_follow_up_stands(
    sign_in: SignIn, bob: Person, postmortem: Postmortem, item: FollowUp
) -> None:
    client, link = sign_in(bob), "https://tickets.example.com/browse/PAY-142"
    press(client, postmortem, "follow-ups", "save", **changed(item, ticket=link))
    new = {"follow-ups-new-title": "Page the team", "follow-ups-new-priority": "P1"}
    press(client, postmortem, "follow-ups", "add", **new, **{"follow-ups-new-ticket": "OPS-7"})
    for page in ("/write", "", "/follow-ups"):
        read = client.get(f"/postmortems/{postmortem.number}{page}").content.decode()
        assert f'href="{link}"' in read
        assert "PAY-142" in read
        assert "OPS-7" in read
    own = live(postmortem)
    assert "PAY-142" in own["source"]
    assert "PAY-142" not in own["text"]
    assert "OPS-7" not in own["text"]
    assert "Page the team" in own["text"]
    status, page = press(
        client, postmortem, "follow-ups", "save", **changed(item, ticket="https://anna:secret@example.com/1")
    )
    assert (status, "without a name or a password" in page) == (400, True)
    item.refresh_from_db()
    assert item.ticket == link


def test_what_was_typed_into_a_section_that_was_taken_out_comes_back(
    sign_in: SignIn, alice: Person, bob: Person, postmortem: Postmortem, contributors: Section
) -> None:
    client, key = sign_in(bob), contributors.unique_id
    typed = {f"text-{key}": "My words", f"base-{key}": "0", f"version-{key}": "1"}
    page, card = (f"/postmortems/{postmortem.number}/{part}" for part in ("write", f"sections/{key}"))
    take_out_section(actor=alice, section=contributors)
    with_script = client.post(card, typed, headers=SCRIPT)
    assert (with_script.status_code, "My words</textarea>" in with_script.content.decode()) == (422, True)
    for address in (page, card, f"/postmortems/{postmortem.number}/preview?section={key}"):
        refused = client.post(address, typed)
        assert refused.status_code in (400, 409)
        assert f'name="stray-{key}"' in refused.content.decode()
    kept = {f"stray-{key}": "My words", f"stray-title-{key}": "Contributors"}
    again = client.post(page, kept)
    assert (again.status_code, "My words</textarea>" in again.content.decode()) == (400, True)
    assert client.post(page, kept | {"save": f"drop-{key}"}).status_code == 302
    assert client.post(page, kept | {"save": f"back-{key}"}).status_code == 302
    made = postmortem.sections.get(title="Contributors")
    assert (made.text, made.position) == ("My words", max(one.position for one in postmortem.sections.all()))
    twice = client.post(page, kept | {"save": f"back-{key}"})
    assert (twice.status_code, "My words</textarea>" in twice.content.decode()) == (400, True)


def test_whoever_may_no_longer_write_gets_their_words_back(
    sign_in: SignIn, bob: Person, charlie: Person, postmortem: Postmortem, contributors: Section
) -> None:
    key = contributors.unique_id
    typed = {f"text-{key}": "My words", f"base-{key}": "0"}
    page = f"/postmortems/{postmortem.number}/write"
    client = sign_in(bob)
    Person.objects.filter(pk=bob.pk).update(role="viewer")
    refused = client.post(page, typed)
    assert (refused.status_code, "My words</textarea>" in refused.content.decode()) == (403, True)
    card = client.post(f"/postmortems/{postmortem.number}/sections/{key}", typed, headers=SCRIPT)
    assert card.status_code == 403, "nothing is swapped: the box stays as it is"
    outside = sign_in(charlie).post(page, typed)
    assert (outside.status_code, postmortem.title in outside.content.decode()) == (404, False)
    assert "My words</textarea>" in outside.content.decode()
    assert sign_in(charlie).post(page, {}).status_code == 404
