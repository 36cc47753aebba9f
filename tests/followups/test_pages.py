"""The pages of follow-ups: of one incident, and across them."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from afterword.accounts.models import Membership, Person
from afterword.audit.models import AuditEvent
from afterword.followups.models import FollowUp
from afterword.followups.writes import create_follow_up
from afterword.incidents.models import Incident
from afterword.lib.errors import InvalidInput

SignIn = Callable[[Person], Client]


@pytest.fixture
def follow_up(alice: Person, bob: Person, incident: Incident) -> FollowUp:
    return create_follow_up(
        actor=alice, incident=incident, title="Add a limit", owner=bob, due_on=date(2026, 3, 9), priority="P1"
    )


def test_adding_one_from_the_incident(sign_in: SignIn, bob: Person, incident: Incident) -> None:
    sent = {"title": "Alert on the pool", "owner": bob.unique_id, "due_on": "2026-03-20", "priority": "P2"}
    answer = sign_in(bob).post(f"/incidents/{incident.number}/follow-ups", sent, follow=True)
    assert "Alert on the pool" in answer.content.decode()
    made = FollowUp.objects.get()
    assert (made.owner, made.due_on, made.priority, made.status) == (bob, date(2026, 3, 20), "P2", "open")
    assert AuditEvent.objects.get().action == "follow_up.created"


def test_one_that_is_refused_keeps_what_was_typed(sign_in: SignIn, bob: Person, incident: Incident) -> None:
    sent = {"title": "Precious words", "due_on": "soon", "priority": "P2"}
    answer = sign_in(bob).post(f"/incidents/{incident.number}/follow-ups", sent)
    assert answer.status_code == 400
    assert "Precious words" in answer.content.decode()
    assert "Please give a date" in answer.content.decode()
    assert not FollowUp.objects.exists()


def test_an_owner_must_be_of_the_team(
    sign_in: SignIn, bob: Person, charlie: Person, incident: Incident
) -> None:
    browser = sign_in(bob)
    address = f"/incidents/{incident.number}/follow-ups"
    sent = {"title": "Ask them", "priority": "P2", "owner": charlie.unique_id}
    assert browser.post(address, sent).status_code == 400
    assert browser.post(address, sent | {"owner": bob.unique_id}).status_code == 302
    assert FollowUp.objects.get().owner == bob


def test_nobody_outside_and_nobody_who_has_left_is_made_an_owner(
    alice: Person, bob: Person, charlie: Person, incident: Incident
) -> None:
    bob.is_active = False
    bob.save()
    for person in (charlie, bob):
        with pytest.raises(InvalidInput) as refusal:
            create_follow_up(actor=alice, incident=incident, title="Ask them", owner=person)
        assert list(refusal.value.fields) == ["owner"]
    assert not FollowUp.objects.exists()


def test_the_choice_of_owners_names_nobody_of_other_teams(
    sign_in: SignIn, bob: Person, charlie: Person, incident: Incident
) -> None:
    page = sign_in(bob).get(f"/incidents/{incident.number}/follow-ups").content.decode()
    assert "Bob" in page
    assert "Charlie" not in page


def test_htmx_gets_only_the_part(
    sign_in: SignIn, bob: Person, incident: Incident, follow_up: FollowUp
) -> None:
    address = f"/incidents/{incident.number}/follow-ups"
    part = sign_in(bob).get(address, headers={"HX-Request": "true"})
    assert "Add a limit" in part.content.decode()
    assert "<html" not in part.content.decode()
    assert "HX-Request" in part["Vary"]
    assert "<html" in sign_in(bob).get(address).content.decode()


def test_the_list_begins_with_what_is_to_do(
    sign_in: SignIn, bob: Person, alice: Person, incident: Incident, follow_up: FollowUp
) -> None:
    done = create_follow_up(actor=alice, incident=incident, title="Long done")
    FollowUp.objects.filter(pk=done.pk).update(status="completed", completed_at=done.created_at)
    create_follow_up(actor=alice, incident=incident, title="Of Alice", owner=alice)

    def titles(query: str = "") -> list[str]:
        return [row[0].title for row in sign_in(bob).get(f"/follow-ups{query}").context["rows"]]

    assert titles() == ["Add a limit", "Of Alice"]
    assert titles("?owner=me") == ["Add a limit"]
    assert titles("?status=completed") == ["Long done"]
    assert len(titles("?status=")) == 3


def test_what_is_late_says_so(sign_in: SignIn, bob: Person, follow_up: FollowUp) -> None:
    assert "Overdue" in sign_in(bob).get("/follow-ups").content.decode()
    FollowUp.objects.update(due_on=date.today() + timedelta(days=2))
    assert "Overdue" not in sign_in(bob).get("/follow-ups").content.decode()


def test_completing_and_opening_again(sign_in: SignIn, bob: Person, follow_up: FollowUp) -> None:
    browser = sign_in(bob)
    address = f"/follow-ups/{follow_up.unique_id}/status"
    answer = browser.post(address, {"status": "completed", "next": "/follow-ups?owner=me"})
    assert answer["Location"] == "/follow-ups?owner=me"
    follow_up.refresh_from_db()
    assert follow_up.completed_at is not None
    browser.post(address, {"status": "open"})
    follow_up.refresh_from_db()
    assert (follow_up.status, follow_up.completed_at) == ("open", None)
    assert browser.post(address, {"status": "exploded"}).status_code == 400


@pytest.mark.parametrize(
    "back", ["https://evil.example/", "//evil.example/", "/\\evil.example", "javascript:x"]
)
def test_the_way_back_stays_here(sign_in: SignIn, bob: Person, follow_up: FollowUp, back: str) -> None:
    sent = {"status": "completed", "next": back}
    answer = sign_in(bob).post(f"/follow-ups/{follow_up.unique_id}/status", sent)
    assert answer["Location"] == "/follow-ups"


def test_editing_keeps_an_owner_who_has_left_the_team(
    sign_in: SignIn, alice: Person, bob: Person, follow_up: FollowUp
) -> None:
    Membership.objects.filter(person=bob).delete()
    browser = sign_in(alice)
    address = f"/follow-ups/{follow_up.unique_id}"
    form = browser.get(address).context["form"]
    sent = {
        name: form[name].value() for name in ("title", "owner", "priority", "description", "started_from")
    }
    assert browser.post(address, sent | {"title": "Add two limits"}).status_code == 302
    follow_up.refresh_from_db()
    assert (follow_up.title, follow_up.owner, follow_up.due_on) == ("Add two limits", bob, None)


def test_outsiders_find_nothing_and_viewers_change_nothing(
    sign_in: SignIn, charlie: Person, vera: Person, incident: Incident, follow_up: FollowUp
) -> None:
    addresses = [
        f"/incidents/{incident.number}/follow-ups",
        f"/follow-ups/{follow_up.unique_id}",
        f"/follow-ups/{follow_up.unique_id}/status",
    ]
    sent = {"title": "x", "priority": "P1", "status": "completed"}
    for address in addresses:
        assert sign_in(charlie).post(address, sent).status_code == 404
        assert sign_in(vera).post(address, sent).status_code == 403
    for address in addresses[:2]:
        assert sign_in(charlie).get(address).status_code == 404
    assert "Add a limit" not in sign_in(charlie).get("/follow-ups?status=").content.decode()
    page = sign_in(vera).get("/follow-ups").content.decode()
    assert "Add a limit" in page
    assert "Complete" not in page.split("</form>")[-1].split("<table")[1]
    assert AuditEvent.objects.count() == 1


@pytest.mark.once
def test_the_number_of_queries_does_not_grow_with_the_rows(
    sign_in: SignIn, alice: Person, bob: Person, incident: Incident, follow_up: FollowUp
) -> None:
    browser = sign_in(bob)

    def count(address: str) -> int:
        with CaptureQueriesContext(connection) as queries:
            assert browser.get(address).status_code == 200
        return len(queries)

    addresses = ["/follow-ups", f"/incidents/{incident.number}/follow-ups"]
    for address in addresses:
        count(address)
    with_one = [count(address) for address in addresses]
    for number in range(29):
        create_follow_up(actor=alice, incident=incident, title=f"Number {number}", owner=bob)
    assert [count(address) for address in addresses] == with_one
