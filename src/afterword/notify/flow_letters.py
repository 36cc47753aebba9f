"""The mails of the post-incident flow: reminders of tasks, invitations to debriefs and their cancellation."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.conf import settings
from django.core.mail import EmailMultiAlternatives
from django.template.loader import render_to_string
from django.urls import reverse

from afterword.documents import plain_text
from afterword.incidents.flow import reads
from afterword.incidents.flow.invitations import mail_host
from afterword.incidents.flow.models import FlowMail, FlowMailKind, FlowTask
from afterword.incidents.flow.rules import is_overdue
from afterword.notify.mail import SUBJECT_CHARACTERS_MAX, read_zone, write_time

TASKS_LISTED_MAX = 30
"""In one mail; the page lists the rest."""
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


def write_flow_mail(mail: FlowMail, *, at: datetime) -> EmailMultiAlternatives | None:
    """The mail as it is true now; None when nothing is left of it, or its reader may not see it any more.

    Its Message-ID is always the same, so that readers see one mail, not two.
    """
    tasks = [
        task for task in reads.tasks_of_mail(mail) if reads.sees_incident(mail.person, task.run.incident)
    ]
    if mail.kind == FlowMailKind.REMINDER:
        tasks = [task for task in tasks if task.is_open and _goes_on(task)]
    elif mail.kind == FlowMailKind.CANCELLATION and mail.person.is_active:
        # Who was taken from the team meanwhile is still told that the meeting they know of is off.
        tasks = reads.tasks_of_mail(mail)
    if not tasks:
        return None
    if mail.kind == FlowMailKind.REMINDER:
        return _write_reminder(mail, tasks, at)
    return _write_invitation(mail, tasks[0])


def _goes_on(task: FlowTask) -> bool:
    return task.run.paused_at is None and task.run.closed_at is None


def _write_reminder(mail: FlowMail, tasks: Sequence[FlowTask], at: datetime) -> EmailMultiAlternatives:
    today = reads.today(reads.organisation_zone(), at)
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
        "profile": mail.person,
    }
    return _mail(mail, subject, "notify/mail/reminder", context)


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


def _write_invitation(mail: FlowMail, task: FlowTask) -> EmailMultiAlternatives | None:
    debrief = getattr(task, "debrief", None)
    if debrief is None:
        return None
    is_off = mail.kind == FlowMailKind.CANCELLATION
    if not is_off and debrief.cancelled_at is not None:
        # It was called off before anybody heard of it, and a cancellation is on its way.
        return None
    incident = task.run.incident
    zone, _ = read_zone(mail.person.time_zone)
    title = plain_text(incident.title)
    context = {
        "is_off": is_off,
        "number": incident.number,
        "title": title,
        "when": write_time(debrief.starts_at, zone),
        "minutes": debrief.minutes,
        "place": plain_text(debrief.place),
        "facilitator": plain_text(str(debrief.facilitator)) if debrief.facilitator else "",
        "is_facilitator": debrief.facilitator_id == mail.person.pk,
        "url": settings.PUBLIC_URL + reverse("incidents:post_incident", args=[incident.number]),
    }
    subject = f"{'Called off' if is_off else 'Debrief'}: #{incident.number} {title}"
    message = _mail(mail, subject, "notify/mail/debrief", context)
    organiser = debrief.organiser
    if organiser is not None and organiser.is_active:
        message.reply_to = [organiser.email]
    method = "CANCEL" if is_off else "REQUEST"
    if f"METHOD:{method}" not in mail.calendar:
        method = "PUBLISH"
    message.attach(CALENDAR_FILE, mail.calendar, f'text/calendar; method={method}; name="{CALENDAR_FILE}"')
    return message


def _mail(mail: FlowMail, subject: str, template: str, context: dict[str, object]) -> EmailMultiAlternatives:
    message = EmailMultiAlternatives(
        subject=plain_text(subject)[:SUBJECT_CHARACTERS_MAX],
        body=render_to_string(f"{template}.txt", context).strip() + "\n",
        to=[mail.person.email],
        headers={
            "Message-ID": f"<{mail.unique_id}@{mail_host()}>",
            # RFC 3834: nobody's absence is answered back to us.
            "Auto-Submitted": "auto-generated",
            "X-Auto-Response-Suppress": "OOF, AutoReply",
        },
    )
    message.attach_alternative(render_to_string(f"{template}.html", context), "text/html")
    return message
