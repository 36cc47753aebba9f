"""The letters of the post-incident flow: who gets which, and what each is about. `notify` writes them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from afterword.accounts.models import Person
from afterword.incidents.flow.models import FlowTask
from afterword.letters.models import Letter
from afterword.letters.writes import queue_letters

REMINDER = "flow.reminder"
INVITATION = "flow.invitation"
CANCELLATION = "flow.cancellation"


def queue_reminder(person: Person, tasks: Sequence[FlowTask]) -> None:
    """In the caller's transaction, as all of these."""
    queue_letters(kind=REMINDER, people=[person], about={"tasks": [task.pk for task in tasks]})


def queue_invitations(people: Iterable[Person], task_pk: int, calendar: str) -> None:
    """`calendar`: the iCalendar file as it is now. What comes later is another letter with another file."""
    queue_letters(kind=INVITATION, people=people, about={"tasks": [task_pk], "calendar": calendar})


def queue_cancellations(people: Iterable[Person], task_pk: int, calendar: str) -> None:
    queue_letters(kind=CANCELLATION, people=people, about={"tasks": [task_pk], "calendar": calendar})


def task_pks_of(letter: Letter) -> list[int]:
    """Of a reminder, what it reminds of; of an invitation or a cancellation, the debrief's task."""
    return list(letter.about["tasks"])
