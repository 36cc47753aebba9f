"""Letters to people of the organisation, on their way out."""

from __future__ import annotations

from datetime import UTC, datetime
from datetime import time as clock_time

import pytest
from django.core import mail
from django.db import transaction

from afterword.accounts.models import Person
from afterword.drafting.interviews import letters as questions
from afterword.letters import writers
from afterword.letters.models import Letter, LetterState
from afterword.letters.writes import queue_letters
from afterword.notify.contact.models import ContactMethod
from afterword.notify.contact.reads import own_methods
from afterword.notify.letter_sending import deliver_letters
from afterword.postmortems.review import letters as review
from tests.notify.conftest import MovableClock


@pytest.fixture
def kind(monkeypatch: pytest.MonkeyPatch) -> str:
    monkeypatch.setattr(writers, "_writers", dict(writers._writers))
    template = "postmortems/mail/review"
    writers.register_writer("tried", lambda letter: writers.LetterText("Tried", template))
    return "tried"


def test_letters_wait_for_the_end_of_quiet_hours(kind: str, bob: Person, vera: Person, time: MovableClock):
    (email,) = own_methods(bob)
    ContactMethod.objects.filter(pk=email.pk).update(quiet_from=clock_time(15), quiet_until=clock_time(16))
    with transaction.atomic():
        queue_letters(kind=kind, people=[bob, vera], about={})
    assert deliver_letters() == 1
    assert [message.to for message in mail.outbox] == [["vera@example.com"]]
    waiting = Letter.objects.get(state=LetterState.WAITING)
    assert (waiting.person, waiting.attempts, waiting.next_attempt_at.hour) == (bob, 0, 16)
    assert deliver_letters() == 0
    time.move(hours=1)
    assert deliver_letters() == 1
    assert mail.outbox[1].to == ["bob@example.com"]


@pytest.mark.parametrize("was_held_by", ["quiet hours", "a mail server that was away"])
def test_a_letter_for_weekdays_that_was_held_up_comes_after_the_weekend(
    was_held_by: str, kind: str, bob: Person, time: MovableClock, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(writers, "_for_weekdays", {kind})
    bob.time_zone = "Europe/Berlin"
    bob.save()
    friday = datetime(2026, 3, 27, 21, 30, tzinfo=UTC)
    (email,) = own_methods(bob)
    if was_held_by == "quiet hours":
        quiet = {"quiet_from": clock_time(22), "quiet_until": clock_time(7)}
        ContactMethod.objects.filter(pk=email.pk).update(**quiet)
        time.at = friday
    else:
        time.at = friday.replace(day=28, hour=6, minute=0)
    with transaction.atomic():
        queue_letters(kind=kind, people=[bob], about={})
    assert deliver_letters() == 0
    # In the night to Sunday the clocks are set: it is 7 in the morning on Monday there, as on Saturday.
    monday = datetime(2026, 3, 30, 5, 0, tzinfo=UTC)
    assert Letter.objects.get().next_attempt_at == monday
    time.at = monday
    assert deliver_letters() == 1


def test_reminders_are_for_weekdays_and_answers_are_not(db: None):
    assert [writers.is_for_weekdays(one) for one in (questions.REMINDER, review.REMINDER)] == [True, True]
    assert not writers.is_for_weekdays(questions.SETTLED)
