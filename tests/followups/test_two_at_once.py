"""Two people who change the same follow-up: neither takes back what the other wrote."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client

from afterword.accounts.models import Person
from afterword.followups import reads, writes
from afterword.followups.models import FollowUp
from afterword.incidents.models import Incident

SignIn = Callable[[Person], Client]
Headers = Callable[..., dict[str, str]]


@pytest.fixture
def follow_up(alice: Person, bob: Person, incident: Incident) -> FollowUp:
    return writes.create_follow_up(actor=alice, incident=incident, title="Add a limit", owner=bob)


def _typed(browser: Client, follow_up: FollowUp) -> dict[str, Any]:
    """What stands in the form when it is opened."""
    form = browser.get(f"/follow-ups/{follow_up.unique_id}").context["form"]
    return {name: form[name].value() or "" for name in form.fields}


def test_the_second_to_save_sees_what_the_first_wrote(
    sign_in: SignIn, alice: Person, bob: Person, follow_up: FollowUp
) -> None:
    address, browser = f"/follow-ups/{follow_up.unique_id}", sign_in(bob)
    mine = _typed(browser, follow_up) | {"description": "Ten for each client."}
    writes.change_follow_up(
        actor=alice,
        follow_up=follow_up,
        title="Add a limit of twenty",
        description="Twenty in all.",
        owner=None,
        due_on=None,
        priority="P1",
    )
    answer = browser.post(address, mine)
    page = answer.content.decode()
    assert answer.status_code == 400
    assert "Someone changed this follow-up" in page
    assert "Ten for each client." in page
    assert "Twenty in all." in page
    follow_up.refresh_from_db()
    assert (follow_up.title, follow_up.description) == ("Add a limit of twenty", "Twenty in all.")
    again = mine | {"started_from": answer.context["form"]["started_from"].value()}
    assert browser.post(address, again).status_code == 302
    follow_up.refresh_from_db()
    assert follow_up.description == "Ten for each client."


def test_a_change_of_its_status_is_no_conflict(
    sign_in: SignIn, alice: Person, bob: Person, follow_up: FollowUp
) -> None:
    browser = sign_in(bob)
    mine = _typed(browser, follow_up) | {"title": "Add a limit soon"}
    writes.change_status(actor=alice, follow_up=follow_up, status="in_progress")
    assert browser.post(f"/follow-ups/{follow_up.unique_id}", mine).status_code == 302
    follow_up.refresh_from_db()
    assert (follow_up.title, follow_up.status) == ("Add a limit soon", "in_progress")


@pytest.fixture
def between(monkeypatch: pytest.MonkeyPatch) -> Callable[[Callable[[], object]], None]:
    """Have something happen right after a request has found the follow-up for the first time."""
    found = reads.get_follow_up

    def happen(act: Callable[[], object]) -> None:
        def get_follow_up(*args: Any) -> FollowUp:
            follow_up = found(*args)
            monkeypatch.setattr(reads, "get_follow_up", found)
            act()
            return follow_up

        monkeypatch.setattr(reads, "get_follow_up", get_follow_up)

    return happen


def test_a_program_that_changes_one_field_leaves_the_others_as_they_are_now(
    client: Client,
    alice: Person,
    bob: Person,
    follow_up: FollowUp,
    api_headers: Headers,
    between: Callable[[Callable[[], object]], None],
) -> None:
    between(lambda: FollowUp.objects.filter(pk=follow_up.pk).update(title="Renamed meanwhile", priority="P1"))
    url = f"/api/v1/follow-ups/{follow_up.unique_id}"
    answer = client.patch(url, {"description": "More"}, "application/json", headers=api_headers(bob))
    assert answer.status_code == 200
    follow_up.refresh_from_db()
    assert (follow_up.title, follow_up.priority, follow_up.description) == ("Renamed meanwhile", "P1", "More")
