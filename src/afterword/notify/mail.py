"""A stakeholder message as a mail to one address."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime, tzinfo
from zoneinfo import ZoneInfo

from django.conf import settings
from django.core.mail import EmailMultiAlternatives
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.safestring import mark_safe

from afterword.documents import (
    DocumentTooLarge,
    clean_text,
    paragraph,
    parse_markdown,
    plain_text,
    render_html,
)
from afterword.incidents.models import Incident, IncidentStatus, StakeholderDelivery, StakeholderMessage
from afterword.lib.mail import mail_host
from afterword.lib.zones import zone_names

HEADING_LEVELS = 1
"""How far the headings of a message move down below the incident's title."""
SUBJECT_CHARACTERS_MAX = 320


@dataclass(frozen=True)
class Letter:
    """What a mail says, before it has an address. The same for all who get the message."""

    subject: str
    text: str
    html: str


def write_mail(delivery: StakeholderDelivery) -> EmailMultiAlternatives:
    """The mail for one address. Its Message-ID is always the same, so that readers see one mail, not two.

    The message must be loaded with its incident, the incident's service and team, and its writer.
    """
    message = delivery.message
    letter = write_letter(message)
    host = mail_host()
    writer = message.created_by
    mail = EmailMultiAlternatives(
        subject=letter.subject,
        body=letter.text,
        to=[delivery.email],
        reply_to=[writer.email] if writer is not None and writer.is_active else None,
        headers={
            "Message-ID": f"<{message.unique_id}.{delivery.pk}@{host}>",
            # All that is written about one incident stands together.
            "References": f"<{message.incident.unique_id}@{host}>",
            # RFC 3834: nobody's absence is answered back to us.
            "Auto-Submitted": "auto-generated",
            "X-Auto-Response-Suppress": "OOF, AutoReply",
            # The way in for mails knows ours by it: a message must not become an alert.
            "X-Afterword": message.incident.unique_id,
        },
    )
    mail.attach_alternative(letter.html, "text/html")
    return mail


def write_letter(message: StakeholderMessage) -> Letter:
    """What the mail says, with the incident as it is now."""
    incident = message.incident
    zone, is_known = read_zone(message.time_zone)
    context = {
        "incident": incident,
        "title": plain_text(incident.title),
        "status": _status(incident, zone),
        "started": write_time(incident.started_at, zone),
        "written": write_time(message.created_at, zone),
        "zone": str(zone),
        "unknown_zone": "" if is_known else plain_text(message.time_zone),
        "url": settings.PUBLIC_URL + reverse("incidents:page", args=[incident.number]),
        "body": clean_text(message.body).strip(),
        "body_html": mark_safe(_body_html(message.body)),  # noqa: S308 - cleaned by the renderer
    }
    return Letter(
        subject=_subject(message),
        text=render_to_string("notify/mail/message.txt", context).strip() + "\n",
        html=render_to_string("notify/mail/message.html", context),
    )


def read_zone(name: str) -> tuple[tzinfo, bool]:
    """The time zone with this name, and whether there is one: else UTC."""
    if name in zone_names():
        return ZoneInfo(name), True
    return ZoneInfo("UTC"), False


def write_time(at: datetime, zone: tzinfo) -> str:
    """As in `2 March 2026, 15:05 CET`."""
    local = at.astimezone(zone)
    return f"{local.day} {local:%B %Y, %H:%M %Z}"


def _subject(message: StakeholderMessage) -> str:
    number = message.incident.number
    subject = plain_text(message.subject) or plain_text(message.incident.title)
    if not re.search(rf"#{number}(?!\d)", subject):
        subject = f"[#{number}] {subject}"
    return subject[:SUBJECT_CHARACTERS_MAX]


def _status(incident: Incident, zone: tzinfo) -> str:
    since = {
        IncidentStatus.RESOLVED.value: incident.resolved_at,
        IncidentStatus.ACKNOWLEDGED.value: incident.acknowledged_at,
    }.get(incident.status)
    word = IncidentStatus(incident.status).label
    return f"{word}, {write_time(since, zone)}" if since else word


def _body_html(body: str) -> str:
    try:
        blocks = parse_markdown(body)
    except DocumentTooLarge:
        blocks = [paragraph(body)]
    return render_html(blocks, heading_offset=HEADING_LEVELS)
