"""What is found to be like an incident, why, and by whom."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from afterword.accounts.models import Person, Team
from afterword.catalog.models import Service
from afterword.drafting.similar.models import SeenWord
from afterword.drafting.similar.reads import Similar, similar_to_incident, similar_to_text
from afterword.followups.models import FollowUp, FollowUpStatus
from afterword.incidents.models import Incident
from afterword.incidents.privacy.models import IncidentMember
from afterword.lib import clock
from afterword.postmortems.foreign.writes import delete_postmortem
from afterword.postmortems.models import Postmortem
from tests.cast import STARTED

Make = Callable[..., Any]
POOL = "Connection pool of checkout ran dry"


@pytest.fixture(autouse=True)
def noise(seen: Make) -> None:
    for title in ("Certificate of the shop expired", "Search index is stale", "Mails are late", "Disk full"):
        seen(title)


def found(actor: Person, incident: Incident) -> list[Similar]:
    return similar_to_incident(actor, incident, now=clock.now())


def test_what_has_the_alert_comes_before_what_has_words_alone(bob: Person, seen: Make):
    words = seen("Pool of connections exhausted on reports")
    alert = seen("Orders fail because of the pool", alert="PoolExhausted")
    now = seen("Pool of connections exhausted", alert="PoolExhausted")
    first, second = found(bob, now)
    assert (first.incident, second.incident) == (alert, words)
    assert first.reasons[0] == "the same alert “PoolExhausted”"
    assert second.reasons[-1].startswith("the words ")


def test_an_incident_and_its_post_mortem_are_one_answer(bob: Person, seen: Make, told: Make):
    before = seen(POOL, resolved_after=timedelta(hours=1))
    document = told("Checkout without connections", "The connection pool ran dry after the deploy.", before)
    [one] = found(bob, seen("Connection pool runs dry"))
    assert (one.incident, one.postmortem, one.title) == (before, document, document.title)


def test_what_is_imported_is_found_without_an_incident(bob: Person, seen: Make, told: Make):
    document = told("Outage of 2019", "The connection pool ran dry after the deploy.")
    [one] = found(bob, seen("Connection pool runs dry after a deploy"))
    assert (one.incident, one.postmortem) == (None, document)


def test_the_follow_ups_that_are_still_open_stand_there(bob: Person, seen: Make):
    before = seen(POOL)
    for title, status in (("Alert on the pool", "open"), ("Document the limit", "completed")):
        done = clock.now() if status == "completed" else None
        FollowUp.objects.create(
            incident=before, title=title, status=FollowUpStatus(status), completed_at=done
        )
    [one] = found(bob, seen("Connection pool runs dry"))
    assert [each.title for each in one.follow_ups] == ["Alert on the pool"]


def test_an_incident_is_not_like_itself_nor_like_its_own_post_mortem(bob: Person, seen: Make, told: Make):
    now = seen(POOL)
    told(POOL, "The connection pool ran dry.", now)
    assert found(bob, now) == []


def test_an_outsiders_things_are_not_similar(
    bob: Person, charlie: Person, seen: Make, told: Make, other_team: Team
):
    theirs = Service.objects.create(team=other_team, name="Search")
    seen(POOL, on=theirs)
    told(POOL, "The connection pool ran dry.", on=theirs)
    now = seen("Connection pool runs dry")
    assert found(bob, now) == []
    assert [one.title for one in similar_to_text(charlie, "connection pool ran dry", now=clock.now())] == [
        POOL,
        POOL,
    ]


def test_what_is_private_is_similar_for_its_members_alone(bob: Person, seen: Make, told: Make):
    before = seen(POOL, is_private=True)
    told(POOL, "The connection pool ran dry.", before)
    now = seen("Connection pool runs dry")
    assert found(bob, now) == []
    IncidentMember.objects.create(incident=before, person=bob)
    assert [one.incident for one in found(bob, now)] == [before]


def test_hidden_things_take_nobodys_place(bob: Person, seen: Make, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr("afterword.drafting.similar.matching.CANDIDATES_MAX", 2)
    before = seen(POOL)
    for _ in range(3):
        seen("Connection pool ran dry", is_private=True)
    assert [one.incident for one in found(bob, seen("Connection pool runs dry"))] == [before]


def test_a_text_finds_by_its_service_and_its_words(bob: Person, seen: Make):
    before = seen(POOL)
    [one] = similar_to_text(bob, "pool dry on Checkout", now=clock.now())
    assert one.incident == before
    assert one.reasons[0] == "the same service, Checkout"


def test_nothing_alike_finds_nothing(bob: Person, seen: Make):
    assert found(bob, seen("Elevator stuck")) == []
    assert similar_to_text(bob, "?!", now=clock.now()) == []


def test_the_number_of_queries_does_not_grow(bob: Person, seen: Make, told: Make):
    def add(number: int) -> None:
        before = seen(f"{POOL} {number}", alert="PoolExhausted")
        told(f"{POOL} {number}", "It ran dry.", before)
        FollowUp.objects.create(incident=before, title="Alert on the pool")

    def ask() -> int:
        now = seen("Connection pool runs dry", alert="PoolExhausted")
        with CaptureQueriesContext(connection) as queries:
            assert found(bob, now)
        return len(queries)

    add(1)
    few = ask()
    for number in range(2, 6):
        add(number)
    assert ask() == few
    assert few <= 16


def test_what_is_old_comes_behind_what_is_like_it_and_new(bob: Person, seen: Make):
    old = seen(POOL, started=STARTED - timedelta(days=900))
    new = seen(POOL)
    assert [one.incident for one in found(bob, seen("Connection pool runs dry"))] == [new, old]


def test_a_deleted_document_is_forgotten(bob: Person, alice: Person, seen: Make, told: Make):
    before = SeenWord.objects.get(word="").texts
    document: Postmortem = told("Outage of 2019", "The zeppelin ran dry.")
    assert SeenWord.objects.get(word="zeppelin").texts == 1
    delete_postmortem(actor=alice, postmortem=document)
    assert SeenWord.objects.get(word="zeppelin").texts == 0
    assert SeenWord.objects.get(word="").texts == before
