"""The record of what was done."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime

import pytest
from django.db import transaction
from django.test import Client

from afterword.accounts.models import Person, Team
from afterword.accounts.writes import rename_team
from afterword.audit import writes
from afterword.audit.models import AuditEvent
from afterword.audit.reads import search_events
from afterword.audit.writes import SYSTEM, record
from afterword.catalog.models import Service
from afterword.lib.errors import InvalidInput, NotAllowed

SignIn = Callable[[Person], Client]


@pytest.fixture
def renamed(alice: Person, team: Team) -> Team:
    return rename_team(actor=alice, team=team, name="Money")


def test_the_newest_is_shown_first_with_who_what_and_to_what(
    alice: Person, renamed: Team, sign_in: SignIn
) -> None:
    rename_team(actor=alice, team=renamed, name="Cash")
    page = sign_in(alice).get("/settings/audit")
    first, second = page.context["page"]
    assert (first.subject_name, first.data) == ("Cash", {"from": "Money"})
    assert (second.actor_name, second.action, second.subject_name) == ("Alice", "team.changed", "Money")
    assert "from: Payments" in page.text


def test_events_are_found_by_words_kind_and_subject(
    alice: Person, bob: Person, renamed: Team, service: Service, sign_in: SignIn
) -> None:
    with transaction.atomic():
        record(actor=SYSTEM, action="service.created", subject=service)
    client = sign_in(alice)

    def found(query: str) -> list[str]:
        return [event.action for event in client.get(f"/settings/audit?{query}").context["page"]]

    assert found("") == ["service.created", "team.changed"]
    assert found("text=alice") == found("text=CHANGED") == found("text=money") == ["team.changed"]
    assert found("kind=service") == ["service.created"]
    assert found(f"kind=team&subject={renamed.pk}") == ["team.changed"]
    assert found(f"kind=team&subject={renamed.pk + 1}") == []
    assert found("kind=nonsense") == ["service.created", "team.changed"]


def test_times_are_in_the_readers_zone(alice: Person, renamed: Team, sign_in: SignIn) -> None:
    AuditEvent.objects.update(at=datetime(2026, 3, 2, 23, 30, tzinfo=UTC))
    Person.objects.filter(pk=alice.pk).update(time_zone="Asia/Tokyo")
    assert "3 Mar 2026, 08:30:00" in sign_in(alice).get("/settings/audit").text


def test_the_log_has_pages(alice: Person, team: Team, sign_in: SignIn) -> None:
    with transaction.atomic():
        for number in range(51):
            record(actor=alice, action="team.changed", subject=team, data={"number": number})
    client = sign_in(alice)
    assert len(client.get("/settings/audit").context["page"]) == 50
    assert "number: 0" in client.get("/settings/audit?page=2").text


def test_only_administrators_read_it(bob: Person, charlie: Person, renamed: Team, sign_in: SignIn) -> None:
    for person in (bob, charlie):
        answer = sign_in(person).get("/settings/audit")
        assert answer.status_code == 403
        assert "Money" not in answer.text
        with pytest.raises(NotAllowed):
            search_events(person)


def test_what_was_done_stays_when_its_author_and_subject_are_gone(alice: Person, renamed: Team) -> None:
    alice.memberships.all().delete()
    renamed.delete()
    alice.delete()
    event = AuditEvent.objects.get()
    assert (event.actor_name, event.subject_name) == ("Alice", "Money")


def test_an_event_is_neither_changed_nor_deleted(renamed: Team) -> None:
    event = AuditEvent.objects.get()
    with pytest.raises(AssertionError):
        event.save()
    with pytest.raises(AssertionError):
        event.delete()


def test_a_change_that_fails_leaves_no_event(alice: Person, team: Team, other_team: Team) -> None:
    with pytest.raises(InvalidInput):
        rename_team(actor=alice, team=team, name="Search")
    assert not AuditEvent.objects.exists()


def test_a_subscriber_hears_in_the_same_transaction(
    alice: Person, team: Team, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(writes, "_subscribers", type(writes._subscribers)(list))
    heard = []

    @writes.subscribe("team.changed")
    def hear(event: AuditEvent, subject: object) -> None:
        heard.append((event.action, subject))
        if len(heard) == 2:
            raise ValueError("the subscriber fails")

    rename_team(actor=alice, team=team, name="Money")
    with pytest.raises(ValueError, match="subscriber"):
        rename_team(actor=alice, team=team, name="Cash")
    assert heard == [("team.changed", team)] * 2
    assert Team.objects.get(pk=team.pk).name == "Money"
