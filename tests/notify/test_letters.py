"""Letters to people of the organisation, on their way out."""

from __future__ import annotations

from datetime import time as clock_time

import pytest
from django.core import mail
from django.db import transaction

from afterword.accounts.models import Person
from afterword.letters import writers
from afterword.letters.models import Letter, LetterState
from afterword.letters.writes import queue_letters
from afterword.notify.contact.models import ContactMethod
from afterword.notify.contact.reads import own_methods
from afterword.notify.letter_sending import deliver_letters
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
