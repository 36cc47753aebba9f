"""Reminders go out until a task is done, each once."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import date, timedelta
from datetime import time as clock_time
from typing import Any

import pytest
from django.core import mail as outbox

from afterword.accounts.models import Membership, Person
from afterword.incidents import writes as incidents
from afterword.incidents.flow import writes
from afterword.incidents.flow.models import Flow, FlowRun, FlowTask
from afterword.incidents.flow.writes import Step
from afterword.incidents.flow.writes.reminders import queue_reminders
from afterword.incidents.models import Incident
from afterword.letters.models import Letter, LetterState
from afterword.letters.writes import claim_letter, prune_letters
from afterword.notify.contact.models import ContactMethod
from afterword.notify.contact.reads import own_methods
from afterword.notify.letter_sending import deliver_letters
from tests.incidents.flow.conftest import MovableClock
from tests.notify.mail_server import MailServer, running_mail_server
from tests.together import ask, at_once

Run = Callable[..., list[tuple[str, str]]]
LOOKS = (0, 8, 9, 10, 11, 16, 20)
"""At which hours the worker looks here: what comes between two of them is found at the next, and is wrong."""


@pytest.fixture
def mail_server(settings: Any) -> Iterator[MailServer]:
    with running_mail_server(settings) as server:
        yield server


@pytest.fixture
def let_pass(time: MovableClock) -> Run:
    """Let days pass, the worker looking at `LOOKS`; the days and subjects of what was sent meanwhile."""

    def run(days: int) -> list[tuple[str, str]]:
        sent = []
        for _ in range(days * 24):
            time.move(hours=1)
            if time.at.hour not in LOOKS:
                continue
            queue_reminders(at=time.at)
            deliver_letters(threading.Event())
            sent += [(f"{time.at:%a %d %b %H:%M}", message.subject) for message in outbox.outbox]
            outbox.outbox.clear()
        return sent

    return run


@pytest.fixture
def drafting(incident: Incident, alice: Person, bob: Person, flow: Flow, time: MovableClock) -> FlowTask:
    """One task that is due on Thursday, 5 March."""
    Flow.objects.all().delete()
    step = Step(
        title="Draft it",
        due_days=3,
        remind_before_days=1,
        remind_every_days=2,
        owner_rule="person",
        owner_person=bob,
    )
    writes.create_flow(actor=alice, name="One", steps=[step])
    incidents.resolve_incident(actor=bob, incident=incident)
    return FlowTask.objects.get()


def test_weeks_pass_and_each_reminder_comes_once(drafting: FlowTask, let_pass: Run, bob: Person):
    assert let_pass(15) == [
        ("Wed 04 Mar 09:05", "[#1] To do: Draft it"),
        ("Fri 06 Mar 09:05", "[#1] Overdue: Draft it"),
        ("Tue 10 Mar 09:05", "[#1] Overdue: Draft it"),
        ("Thu 12 Mar 09:05", "[#1] Overdue: Draft it"),
        ("Mon 16 Mar 09:05", "[#1] Overdue: Draft it"),
    ]
    drafting.refresh_from_db()
    assert drafting.reminders == 5
    writes.tick_task(actor=bob, task=drafting)
    assert let_pass(10) == []


def test_mails_of_the_flow_wait_for_the_end_of_quiet_hours(drafting: FlowTask, let_pass: Run, bob: Person):
    (email,) = own_methods(bob)
    ContactMethod.objects.filter(pk=email.pk).update(quiet_from=clock_time(8), quiet_until=clock_time(11))
    assert let_pass(2) == [("Wed 04 Mar 11:05", "[#1] To do: Draft it")]
    assert Letter.objects.get().attempts == 1


def test_a_worker_that_was_away_makes_up_for_nothing(drafting: FlowTask, time: MovableClock, let_pass: Run):
    time.move(days=30)
    assert [day for day, _ in let_pass(2)] == ["Wed 01 Apr 16:05", "Fri 03 Apr 09:05"]


def test_what_is_paused_reminds_nobody(drafting: FlowTask, let_pass: Run):
    Incident.objects.update(status="triggered", resolved_at=None)
    writes.pause_flows(incidents=[Incident.objects.get()])
    assert let_pass(10) == []


def test_what_waits_for_one_person_is_one_mail(looked_back_on: Incident, let_pass: Run, time: MovableClock):
    assert let_pass(2) == [
        ("Tue 03 Mar 09:05", "[#1] To do: Set the key fields"),
        ("Wed 04 Mar 09:05", "[#1] To do: Draft the post-mortem"),
    ]
    # Two that are overdue come together.
    FlowTask.objects.filter(is_required=True).update(
        next_reminder_at=time.at + timedelta(hours=1), due_on=date(2026, 3, 1)
    )
    assert let_pass(1)[0][1] == "3 tasks of incidents wait for you"


def test_what_nobody_owns_goes_to_the_managers(drafting: FlowTask, let_pass: Run, alice: Person, time: Any):
    FlowTask.objects.update(owner=None)
    time.move(days=2)
    queue_reminders(at=time.at)
    assert [mail.person for mail in Letter.objects.all()] == [alice]
    deliver_letters()
    assert outbox.outbox[0].to == ["alice@example.com"]
    assert "nobody has taken it yet" in outbox.outbox[0].body


def test_who_may_not_see_it_any_more_hears_nothing(drafting: FlowTask, bob: Person, time: MovableClock):
    time.move(days=2)
    queue_reminders(at=time.at)
    Membership.objects.filter(person=bob).delete()
    assert deliver_letters() == 0
    assert Letter.objects.get().state == LetterState.DROPPED
    FlowTask.objects.update(next_reminder_at=time.at)
    queue_reminders(at=time.at)
    assert set(Letter.objects.values_list("person__name", flat=True)) == {"Bob", "Alice"}


def test_nobody_is_reminded_where_there_is_nobody(drafting: FlowTask, alice: Person, bob: Person, time: Any):
    Person.objects.update(is_active=False)
    time.move(days=2)
    assert queue_reminders(at=time.at) == 0
    drafting.refresh_from_db()
    assert drafting.next_reminder_at > time.at


def test_what_was_done_meanwhile_is_not_sent(drafting: FlowTask, bob: Person, time: MovableClock):
    time.move(days=2)
    queue_reminders(at=time.at)
    writes.skip_task(actor=bob, task=drafting, reason="No need.")
    assert deliver_letters() == 0
    assert Letter.objects.get().state == LetterState.DROPPED


def test_a_mail_says_what_and_where(drafting: FlowTask, mail_server: MailServer, time: MovableClock):
    time.move(days=2)
    queue_reminders(at=time.at)
    assert deliver_letters() == 1
    (mail,) = mail_server.mails
    assert mail["To"] == "bob@example.com"
    assert mail["Auto-Submitted"] == "auto-generated"
    assert mail["Message-ID"] == f"<{Letter.objects.get().unique_id}@mail.example.com>"
    for kind in ("plain", "html"):
        body = mail.get_body((kind,))
        assert body is not None
        words = body.get_content()
        for wanted in (
            "Draft it",
            "#1 Checkout answers slowly",
            "5 March 2026",
            "/incidents/1/post-incident",
        ):
            assert wanted in words


def test_a_mail_that_is_refused_for_now_is_tried_again(
    drafting: FlowTask, mail_server: MailServer, time: MovableClock
):
    time.move(days=2)
    queue_reminders(at=time.at)
    mail_server.answer_to_recipient = "450 Later"
    assert deliver_letters() == 0
    mail_server.answer_to_recipient = "250 OK"
    assert deliver_letters() == 0
    time.move(minutes=1)
    assert deliver_letters() == 1
    assert Letter.objects.get().attempts == 2


def test_a_mail_that_is_refused_for_good_is_given_up(
    drafting: FlowTask, mail_server: MailServer, time: MovableClock
):
    time.move(days=2)
    queue_reminders(at=time.at)
    mail_server.answer_to_recipient = "550 Nobody here"
    deliver_letters()
    found = Letter.objects.get()
    assert (found.state, found.error) == (LetterState.FAILED, "The mail server answered: 550 Nobody here")


def test_without_a_mail_server_all_of_them_wait(
    drafting: FlowTask, mail_server: MailServer, settings: Any, time: MovableClock
):
    time.move(days=2)
    queue_reminders(at=time.at)
    settings.EMAIL_PORT = 1
    assert deliver_letters() == 0
    found = Letter.objects.get()
    assert (found.state, found.attempts) == (LetterState.WAITING, 0)
    settings.EMAIL_PORT = mail_server.port
    time.move(minutes=3)
    assert deliver_letters() == 1


def test_what_may_have_arrived_is_not_sent_again(drafting: FlowTask, time: MovableClock):
    time.move(days=2)
    queue_reminders(at=time.at)
    assert claim_letter(at=time.at) is not None
    time.move(minutes=10)
    assert claim_letter(at=time.at) is None
    assert Letter.objects.get().state == LetterState.FAILED


def test_old_mails_are_forgotten(drafting: FlowTask, time: MovableClock):
    time.move(days=2)
    queue_reminders(at=time.at)
    time.move(days=100)
    assert prune_letters(at=time.at) == 0
    Letter.objects.update(state=LetterState.SENT)
    assert prune_letters(at=time.at) == 1


@pytest.mark.django_db(transaction=True)
def test_several_workers_remind_once(
    alone: None, drafting: FlowTask, several: ThreadPoolExecutor, time: MovableClock
):
    at = time.move(days=2)
    assert at_once(several, lambda: queue_reminders(at=at)) == ["done"] * 4
    assert ask(several, Letter.objects.count) == 1
    assert ask(several, FlowRun.objects.count) == 1


@pytest.fixture
def alone(transactional_db: None, alice: Person) -> None:
    """Tests that need whole transactions begin without what the migrations made."""
    Flow.objects.all().delete()
    writes.create_flow(actor=alice, name="First")
