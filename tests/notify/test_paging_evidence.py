"""Whom an incident called, and how that went, as evidence for a draft."""

from __future__ import annotations

from typing import Any

from afterword.catalog.models import Service
from afterword.catalog.writes import Level
from afterword.drafting.evidence.limits import Limits
from afterword.drafting.evidence.reads import collect_evidence, collect_for_document
from afterword.drafting.suggestions.reads import sight_of
from afterword.incidents.models import Incident
from afterword.notify.models import Escalation, Page, PageDelivery, PageState
from afterword.notify.paging.writes.answers import answer_page
from afterword.notify.paging.writes.engine import page_person, run_due_steps
from afterword.postmortems.writes import create_postmortem
from tests.notify.conftest import MovableClock


def test_pages_and_escalations_are_evidence_with_how_they_went(
    alice, bob, charlie, vera, trigger: Any, make_policy: Any, time: MovableClock
):
    incident = trigger(make_policy(Level(0, people=(bob,))))
    run_due_steps(at=time.at)
    PageDelivery.objects.update(state=PageState.FAILED, error="mailbox of bob@example.com is full")
    time.move(minutes=3)
    answer_page(page=Page.objects.get())
    incident.refresh_from_db()
    postmortem = create_postmortem(actor=alice, incidents=[incident], title="Slow")
    for book in (
        collect_evidence(bob, [incident], now=time.at),
        collect_for_document(postmortem, now=time.at),
    ):
        (page,) = book.of_kind("page")
        assert page.id == f"P{Page.objects.get().pk}"
        assert page.text == "Bob was paged (email: failed)"
        assert (page.data["person"], page.data["level"], page.data["failed"]) == ("Bob", 1, 1)
        assert page.until == time.at
        (escalation,) = book.of_kind("escalation")
        assert escalation.text == "Escalation by On call: Acknowledged"
        assert escalation.url.endswith(f"/incidents/{incident.number}/paging")
        assert "mailbox" not in str(book)
    assert not collect_evidence(charlie, [incident], now=time.at).pieces


def test_of_many_pages_the_book_holds_some_and_says_so(
    alice, bob, trigger: Any, make_policy: Any, time: MovableClock
):
    incident = trigger(make_policy(Level(0, people=(bob,))))
    run_due_steps(at=time.at)
    for _ in range(3):
        time.move(minutes=10)
        page_person(actor=alice, incident=incident, person=bob)
    book = collect_evidence(bob, [incident], now=time.at, limits=Limits(others_max=2))
    assert len(book.of_kind("page")) == 2
    assert book.left_out["pages"] == 2


def test_whether_a_page_may_still_be_told_is_asked_when_it_is_shown(
    alice, bob, other_team: Any, trigger: Any, make_policy: Any, time: MovableClock
):
    policy = make_policy(Level(0, people=(bob,)))
    incident, other = trigger(policy), trigger(policy, entity_id="db-2")
    run_due_steps(at=time.at)
    postmortem = create_postmortem(actor=alice, incidents=[incident], title="Slow")
    own = {
        f"P{Page.objects.get(incident=incident).pk}",
        f"X{Escalation.objects.get(incident=incident).pk}",
    }
    asked = {
        *own,
        f"P{Page.objects.get(incident=other).pk}",
        f"X{Escalation.objects.get(incident=other).pk}",
        *("P999999", "X999999"),
    }
    sight = sight_of(bob, postmortem, asked)
    assert sight.there == sight.seen == own
    elsewhere = Service.objects.create(team=other_team, name="Elsewhere")
    Incident.objects.filter(pk=incident.pk).update(service=elsewhere)
    sight = sight_of(bob, postmortem, asked)
    assert (sight.there, sight.seen) == (own, frozenset())
