from __future__ import annotations

import re
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.core import mail

from afterword.accounts.models import Person
from afterword.drafting.interviews import writes
from afterword.drafting.interviews.models import Interview, Question
from afterword.incidents.models import Entry, EntryKind, Incident
from afterword.letters import writers
from afterword.notify.letter_sending import deliver_letters
from afterword.postmortems.models import Postmortem
from afterword.postmortems.writes import create_postmortem
from tests.cast import STARTED


@pytest.fixture
def postmortem(alice: Person, bob: Person, resolved_incident: Incident) -> Postmortem:
    """About an incident in which Bob wrote one note."""
    Entry.objects.create(
        incident=resolved_incident,
        at=STARTED + timedelta(minutes=10),
        kind=EntryKind.NOTE,
        text="The pool of connections is full.",
        person=bob,
        source="Bob",
    )
    return create_postmortem(actor=alice, incidents=[resolved_incident], title="Checkout answered slowly")


@pytest.fixture
def ask(alice: Person, postmortem: Postmortem) -> Callable[..., Question]:
    """Alice asks people about the post-mortem."""

    def make(*people: Person, text: str = "What ended it?", **more: Any) -> Question:
        return writes.ask(alice, document=postmortem, text=text, people=people, **more)

    return make


@pytest.fixture
def interview(ask: Callable[..., Question], bob: Person) -> Interview:
    """Bob is asked what ended it."""
    return Interview.objects.select_related("question").get(question=ask(bob))


@pytest.fixture
def any_day(monkeypatch: pytest.MonkeyPatch) -> None:
    """Reminders go out although it is a weekend, which it may be when the test runs."""
    monkeypatch.setattr(writers, "_for_weekdays", set())


@pytest.fixture
def link_of() -> Callable[[str], str]:
    """Send what waits, and find the path in the last mail to an address."""

    def find(address: str) -> str:
        deliver_letters()
        text = next(str(one.body) for one in reversed(mail.outbox) if one.to == [address])
        return re.search(r"https?://[^/]+(/answer/\S+)", text)[1]  # type: ignore[index]

    return find
