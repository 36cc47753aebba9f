"""What a page says, as a mail and as data."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.core.mail import EmailMessage
from django.template.loader import render_to_string
from django.urls import reverse

from afterword.documents import plain_text
from afterword.lib.mail import mail_host
from afterword.notify.mail import SUBJECT_CHARACTERS_MAX, read_zone, write_time
from afterword.notify.paging.links import link_to_answer
from afterword.notify.paging.models import PageDelivery


@dataclass(frozen=True)
class PageText:
    """A page in words: a title for a small screen, and a few plain lines."""

    title: str
    body: str


def write_page_mail(delivery: PageDelivery) -> EmailMessage:
    """The mail to its person. Its Message-ID is always the same, so that readers see one mail, not two.

    The page must be loaded with its person and its incident, the incident's service and team.
    """
    page = delivery.page
    text = write_page_text(delivery)
    host = mail_host()
    return EmailMessage(
        subject=text.title[:SUBJECT_CHARACTERS_MAX],
        body=text.body,
        to=[page.person.email],
        headers={
            "Message-ID": f"<page.{page.unique_id}.{delivery.pk}@{host}>",
            "References": f"<{page.incident.unique_id}@{host}>",
            "X-Priority": "1",
            "Auto-Submitted": "auto-generated",
            "X-Auto-Response-Suppress": "OOF, AutoReply",
            # The way in for mails knows ours by it: a page must not become an alert.
            "X-Afterword": page.incident.unique_id,
        },
    )


def write_page_text(delivery: PageDelivery) -> PageText:
    """The page with the incident as it is now, in its person's time."""
    page, incident = delivery.page, delivery.page.incident
    zone, _ = read_zone(page.person.time_zone)
    title = plain_text(incident.title)
    context = {
        "page": page,
        "incident": incident,
        "title": title,
        "started": write_time(incident.started_at, zone),
        "answer_url": link_to_answer(page),
        "url": settings.PUBLIC_URL + reverse("incidents:page", args=[incident.number]),
    }
    body = render_to_string("notify/mail/page.txt", context).strip() + "\n"
    return PageText(f"[#{incident.number}] Page: {title}", body)


def describe_page(delivery: PageDelivery) -> dict[str, Any]:
    """The page as a webhook gets it. Times are ISO 8601 in UTC."""
    page, incident = delivery.page, delivery.page.incident
    return {
        "event": "page",
        "delivery": f"{page.unique_id}.{delivery.pk}",
        "page": {
            "id": str(page.unique_id),
            "at": page.at.isoformat(),
            "level": page.level or None,
            "round": page.round or None,
            "critical": page.is_critical,
            "person": {"id": str(page.person.unique_id), "name": page.person.name},
            "acknowledge_url": link_to_answer(page),
        },
        "incident": {
            "number": incident.number,
            "unique_id": incident.unique_id,
            "title": plain_text(incident.title),
            "status": incident.status,
            "service": incident.service.name,
            "team": incident.service.team.name,
            "started_at": incident.started_at.isoformat(),
            "url": settings.PUBLIC_URL + reverse("incidents:page", args=[incident.number]),
        },
    }
