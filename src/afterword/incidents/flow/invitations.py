"""A debrief in the words of an invitation."""

from __future__ import annotations

from django.conf import settings
from django.urls import reverse

from afterword.accounts.models import Person
from afterword.documents import plain_text
from afterword.incidents.flow import reads
from afterword.incidents.flow.calendar import Guest, Meeting
from afterword.incidents.flow.models import Debrief
from afterword.incidents.models import Incident
from afterword.lib.mail import mail_host


def describe_meeting(debrief: Debrief, incident: Incident) -> Meeting:
    """What a calendar is told of it."""
    url = settings.PUBLIC_URL + reverse("incidents:post_incident", args=[incident.number])
    lines = [f"A look back at incident #{incident.number}: {plain_text(incident.title)}"]
    if debrief.facilitator is not None:
        lines.append(f"{debrief.facilitator} leads through it.")
    lines += ["It is about what happened and what can be learned, not about who did it.", url]
    return Meeting(
        uid=f"{debrief.unique_id}@{mail_host()}",
        sequence=debrief.sequence,
        title=f"Debrief: #{incident.number} {plain_text(incident.title)}",
        text="\n".join(lines),
        place=debrief.place,
        url=url,
        starts_at=debrief.starts_at,
        minutes=debrief.minutes,
        organiser=_guest(debrief.organiser) if debrief.organiser else None,
        guests=[_guest(person) for person in reads.people_of(debrief)],
    )


def _guest(person: Person) -> Guest:
    return Guest(person.name, person.email)
