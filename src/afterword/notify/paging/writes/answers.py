"""Answering a page: its person looks after the incident."""

from __future__ import annotations

from django.db import transaction

from afterword.audit.writes import record
from afterword.incidents.errors import AlreadyAcknowledged, AlreadyResolved
from afterword.incidents.models import ENTRY_SOURCE_LENGTH_MAX, Entry, EntryKind, IncidentStatus
from afterword.incidents.reads import lock_incident
from afterword.incidents.writes import acknowledge_incident
from afterword.lib import clock
from afterword.notify.paging.models import Page


@transaction.atomic
def answer_page(*, page: Page) -> Page:
    """Acknowledge the incident as the page's person, and note the answer.

    Whom somebody paged by hand about an incident that is acknowledged already answers too. Raises
    AlreadyAcknowledged, AlreadyResolved, and NotAllowed or NotFound to somebody who may no longer.
    """
    person = page.person
    incident = lock_incident(person, page.incident)
    if incident.is_resolved:
        raise AlreadyResolved
    page = Page.objects.select_for_update(of=("self",)).select_related("person").get(pk=page.pk)
    is_open_call = page.escalation_id is None and page.answered_at is None
    if incident.status != IncidentStatus.TRIGGERED and not is_open_call:
        raise AlreadyAcknowledged
    now = clock.now()
    page.answered_at = now
    page.save(update_fields=["answered_at"])
    if incident.status == IncidentStatus.TRIGGERED:
        acknowledge_incident(actor=person, incident=incident)
    else:
        Entry.objects.create(
            incident=incident,
            at=now,
            kind=EntryKind.PAGE,
            text="Answered the page.",
            person=person,
            source=str(person)[:ENTRY_SOURCE_LENGTH_MAX],
        )
    record(
        actor=person,
        action="page.answered",
        subject=page,
        at=now,
        team_id=incident.service.team_id,
        data={"incident": incident.number, "by": "link"},
    )
    return page
