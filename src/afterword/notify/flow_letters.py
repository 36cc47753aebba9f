"""What the letters of the post-incident flow say: of tasks to do, of debriefs and of those called off."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from django.conf import settings
from django.urls import reverse

from afterword.documents import plain_text
from afterword.incidents.flow import letters, reads
from afterword.incidents.flow.models import FlowTask
from afterword.incidents.flow.rules import is_overdue
from afterword.letters.models import Letter
from afterword.letters.writers import Attachment, LetterText, register_writer
from afterword.lib import clock
from afterword.notify.mail import read_zone, write_time

TASKS_LISTED_MAX = 30
"""In one letter; the page lists the rest."""
CALENDAR_FILE = "debrief.ics"


@dataclass(frozen=True)
class ListedTask:
    """One task as a reminder tells of it."""

    title: str
    number: int
    incident: str
    url: str
    due: str
    is_overdue: bool
    is_nobodys: bool


def register_writers() -> None:
    """In AppConfig.ready()."""
    register_writer(letters.REMINDER, _write_reminder)
    register_writer(letters.INVITATION, _write_invitation)
    register_writer(letters.CANCELLATION, _write_cancellation)


def _tasks_seen(letter: Letter) -> list[FlowTask]:
    tasks = reads.tasks_to_write_of(letters.task_pks_of(letter))
    return [task for task in tasks if reads.sees_incident(letter.person, task.run.incident)]


def _goes_on(task: FlowTask) -> bool:
    return task.run.paused_at is None and task.run.closed_at is None


def _write_reminder(letter: Letter) -> LetterText | None:
    tasks = [task for task in _tasks_seen(letter) if task.is_open and _goes_on(task)]
    if not tasks:
        return None
    today = reads.today(reads.organisation_zone(), clock.now())
    listed = [_list(task, today) for task in tasks[:TASKS_LISTED_MAX]]
    first = listed[0]
    if len(tasks) == 1:
        subject = f"[#{first.number}] {'Overdue' if first.is_overdue else 'To do'}: {first.title}"
    else:
        subject = f"{len(tasks)} tasks of incidents wait for you"
    context = {
        "tasks": listed,
        "more": len(tasks) - len(listed),
        "home_url": settings.PUBLIC_URL + reverse("home"),
        "profile": letter.person,
    }
    return LetterText(subject, "notify/mail/reminder", context)


def _list(task: FlowTask, today: date) -> ListedTask:
    incident = task.run.incident
    return ListedTask(
        title=plain_text(task.title),
        number=incident.number,
        incident=plain_text(incident.title),
        url=settings.PUBLIC_URL + reverse("incidents:post_incident", args=[incident.number]),
        due=f"{task.due_on.day} {task.due_on:%B %Y}" if task.due_on else "",
        is_overdue=is_overdue(task.due_on, today),
        is_nobodys=task.owner_id is None,
    )


def _write_invitation(letter: Letter) -> LetterText | None:
    task = next(iter(_tasks_seen(letter)), None)
    debrief = getattr(task, "debrief", None)
    if task is None or debrief is None or debrief.cancelled_at is not None:
        # It was called off before anybody heard of it, and a cancellation is on its way.
        return None
    return _write_about_debrief(letter, task, "REQUEST")


def _write_cancellation(letter: Letter) -> LetterText | None:
    # Who was taken from the team meanwhile is still told that the meeting they know of is off.
    task = next(iter(reads.tasks_to_write_of(letters.task_pks_of(letter))), None)
    if task is None or getattr(task, "debrief", None) is None:
        return None
    return _write_about_debrief(letter, task, "CANCEL")


def _write_about_debrief(letter: Letter, task: FlowTask, method: str) -> LetterText:
    debrief, incident = task.debrief, task.run.incident
    is_off = method == "CANCEL"
    zone, _ = read_zone(letter.person.time_zone)
    title = plain_text(incident.title)
    context = {
        "is_off": is_off,
        "number": incident.number,
        "title": title,
        "when": write_time(debrief.starts_at, zone),
        "minutes": debrief.minutes,
        "place": plain_text(debrief.place),
        "facilitator": plain_text(str(debrief.facilitator)) if debrief.facilitator else "",
        "is_facilitator": debrief.facilitator_id == letter.person.pk,
        "url": settings.PUBLIC_URL + reverse("incidents:post_incident", args=[incident.number]),
    }
    organiser, calendar = debrief.organiser, str(letter.about["calendar"])
    if f"METHOD:{method}" not in calendar:
        method = "PUBLISH"
    return LetterText(
        f"{'Called off' if is_off else 'Debrief'}: #{incident.number} {title}",
        "notify/mail/debrief",
        context,
        reply_to=organiser.email if organiser is not None and organiser.is_active else "",
        attachment=Attachment(
            CALENDAR_FILE, calendar, f'text/calendar; method={method}; name="{CALENDAR_FILE}"'
        ),
    )
