"""Who is paged when, through every level and round, and that it ends."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from afterword.accounts.models import Membership, Person, Team
from afterword.catalog.models import Service
from afterword.catalog.writes import Level
from afterword.incidents.models import Entry, EntryKind, Incident, IncidentStatus
from afterword.incidents.writes import acknowledge_incident, resolve_incident
from afterword.notify.models import Ending, Escalation, Page, PageDelivery
from afterword.notify.paging.sending import deliver_page_mails
from afterword.notify.paging.writes.engine import run_due_steps
from tests.notify.conftest import MovableClock, tell
from tests.notify.mail_server import MailServer


def pages() -> list[tuple[str, int, int]]:
    return [(page.person.name, page.round, page.level) for page in Page.objects.order_by("pk")]


def texts(incident: Incident) -> list[str]:
    found = Entry.objects.filter(incident=incident, kind=EntryKind.PAGE)
    return list(found.order_by("pk").values_list("text", flat=True))


def test_a_policy_pages_by_mail_from_the_alert_to_the_inbox(
    trigger: Any, make_policy: Any, bob: Person, time: MovableClock, mail_server: MailServer
):
    incident = trigger(make_policy(Level(0, people=(bob,))))
    assert run_due_steps(at=time.at) == 1
    assert deliver_page_mails() == 1
    mail = mail_server.mails[0]
    assert mail["To"] == "bob@example.com"
    assert mail["Subject"] == f"[#{incident.number}] Page: Checkout answers slowly"
    assert "/ack/" in mail.get_content()
    assert texts(incident)[0] == "Paged Bob by “Email”, level 1."


def test_each_level_waits_for_its_delay(
    trigger: Any, make_policy: Any, alice: Person, bob: Person, time: MovableClock
):
    trigger(make_policy(Level(5, people=(bob,)), Level(10, people=(alice,))))
    run_due_steps(at=time.move(minutes=4, seconds=59))
    assert pages() == []
    run_due_steps(at=time.move(seconds=1))
    assert pages() == [("Bob", 1, 1)]
    run_due_steps(at=time.move(minutes=9))
    assert len(pages()) == 1
    run_due_steps(at=time.move(minutes=1))
    assert pages() == [("Bob", 1, 1), ("Alice", 1, 2)]


def test_rounds_are_repeated_and_then_it_ends(
    trigger: Any, make_policy: Any, alice: Person, bob: Person, time: MovableClock
):
    incident = trigger(make_policy(Level(0, people=(bob,)), Level(15, people=(alice,)), repeats=1))
    for _ in range(120):
        run_due_steps(at=time.move(minutes=1))
    assert pages() == [("Bob", 1, 1), ("Alice", 1, 2), ("Bob", 2, 1), ("Alice", 2, 2)]
    assert Escalation.objects.get().ending == Ending.EXHAUSTED
    assert texts(incident)[-1] == "Nobody has answered, and “On call” has nobody left to call."


def test_a_week_in_which_no_worker_ran_is_made_up_for_in_order_and_once(
    trigger: Any, make_policy: Any, alice: Person, bob: Person, time: MovableClock
):
    trigger(make_policy(Level(0, people=(bob,)), Level(24 * 60, people=(alice,)), repeats=2))
    run_due_steps(at=time.move(days=7))
    run_due_steps(at=time.move(days=7))
    assert pages() == [
        (name, number, level) for number in (1, 2, 3) for name, level in (("Bob", 1), ("Alice", 2))
    ]


def test_a_week_hour_by_hour_pages_the_same_as_one_leap(
    trigger: Any, make_policy: Any, alice: Person, bob: Person, time: MovableClock
):
    trigger(make_policy(Level(0, people=(bob,)), Level(24 * 60, people=(alice,)), repeats=2))
    for _ in range(7 * 24):
        run_due_steps(at=time.move(hours=1))
    assert pages() == [
        (name, number, level) for number in (1, 2, 3) for name, level in (("Bob", 1), ("Alice", 2))
    ]


@pytest.mark.parametrize("end", [acknowledge_incident, resolve_incident])
def test_nobody_is_called_after_the_answer(
    trigger: Any, make_policy: Any, bob: Person, alice: Person, time: MovableClock, end: Any
):
    incident = trigger(make_policy(Level(0, people=(bob,)), Level(5, people=(alice,))))
    run_due_steps(at=time.at)
    end(actor=alice, incident=incident)
    assert PageDelivery.objects.get().state == "dropped"
    run_due_steps(at=time.move(days=1))
    assert pages() == [("Bob", 1, 1)]
    assert Escalation.objects.get().ending == ("acknowledged" if end is acknowledge_incident else "resolved")


def test_what_is_opened_again_begins_anew(trigger: Any, make_policy: Any, bob: Person, time: MovableClock):
    incident = trigger(make_policy(Level(0, people=(bob,))))
    run_due_steps(at=time.at)
    resolve_incident(actor=bob, incident=incident, at=time.move(minutes=1))
    incident.refresh_from_db()
    incident.status, incident.resolved_at = IncidentStatus.TRIGGERED, None
    incident.save()
    tell(incident, "incident.reopened", time)
    run_due_steps(at=time.at)
    assert pages() == [("Bob", 1, 1), ("Bob", 1, 1)]
    assert Escalation.objects.count() == 2


def test_a_team_is_paged_without_those_who_cannot_answer(
    trigger: Any, make_policy: Any, team: Team, alice: Person, bob: Person, vera: Person, time: MovableClock
):
    trigger(make_policy(Level(0, teams=(team,))))
    run_due_steps(at=time.at)
    assert pages() == [("Alice", 1, 1), ("Bob", 1, 1)]


def test_whoever_cannot_see_the_incident_is_not_told_and_the_next_level_does_not_wait(
    trigger: Any,
    make_policy: Any,
    team: Team,
    other_team: Team,
    charlie: Person,
    bob: Person,
    time: MovableClock,
):
    incident = trigger(make_policy(Level(0, teams=(other_team,)), Level(30, people=(bob,))))
    run_due_steps(at=time.at)
    assert pages() == [("Bob", 1, 2)]
    assert "called nobody" in texts(incident)[0]


def test_round_robin_calls_one_after_the_other_across_incidents(
    trigger: Any, make_policy: Any, team: Team, alice: Person, bob: Person, time: MovableClock
):
    policy = make_policy(Level(0, teams=(team,)))
    policy.levels.update(takes_turns=True)
    for _ in range(3):
        trigger(policy)
        run_due_steps(at=time.at)
    assert [name for name, _, _ in pages()] == ["Alice", "Bob", "Alice"]


def test_who_left_is_not_called(
    trigger: Any, make_policy: Any, bob: Person, alice: Person, time: MovableClock
):
    trigger(make_policy(Level(0, people=(alice, bob))))
    Membership.objects.filter(person=bob).delete()
    run_due_steps(at=time.at)
    assert pages() == [("Alice", 1, 1)]


def test_an_incident_without_a_policy_pages_nobody(make_incident: Any, time: MovableClock):
    tell(make_incident(), "incident.triggered", time)
    assert run_due_steps(at=time.move(days=1)) == 0
    assert not Escalation.objects.exists()


def test_the_service_s_policy_pages_about_what_a_person_reports(
    service: Service, make_policy: Any, alice: Person, bob: Person, time: MovableClock
):
    from afterword.incidents.writes import create_incident

    service.escalation_policy = make_policy(Level(0, people=(bob,)))
    service.save()
    create_incident(actor=alice, service=service, title="The lights are off")
    run_due_steps(at=time.at + timedelta(seconds=1))
    assert pages() == [("Bob", 1, 1)]
