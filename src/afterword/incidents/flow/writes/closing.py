"""An incident is closed when nothing is left that its flow requires; and opened again for it."""

from __future__ import annotations

from django.db import transaction

from afterword.accounts.models import Person
from afterword.incidents.errors import IncidentMerged
from afterword.incidents.flow import reads, rules
from afterword.incidents.flow.errors import AlreadyClosed, NotClosed, NotResolved, TasksMissing
from afterword.incidents.flow.models import FlowRun, FlowTask, TaskState
from afterword.incidents.flow.writes.recording import record_in, schedule
from afterword.incidents.flow.writes.settling import close
from afterword.incidents.models import ENTRY_SOURCE_LENGTH_MAX, Entry, EntryKind, Incident
from afterword.incidents.reads import lock_incident
from afterword.lib import clock


@transaction.atomic
def close_incident(*, actor: Person, incident: Incident) -> Incident:
    """Say that nothing is left to be done about a resolved incident. Its `status` stays `resolved`.

    Raises TasksMissing, whose message lists what is required and neither done nor given up; NotResolved,
    AlreadyClosed, IncidentMerged, NotAllowed, NotFound.
    """
    incident = lock_incident(actor, incident)
    if incident.is_merged:
        raise IncidentMerged
    if not incident.is_resolved:
        raise NotResolved
    if incident.closed_at is not None:
        raise AlreadyClosed
    run = FlowRun.objects.filter(incident=incident).first()
    missing = rules.missing(list(FlowTask.objects.filter(run=run))) if run else []
    if missing:
        raise TasksMissing(rules.describe_missing(missing))
    close(run=run, incident=incident, now=clock.now())
    _tell(actor, incident, "Closed the incident.")
    record_in(actor, "incident.closed", incident, incident, clock.now())
    return incident


@transaction.atomic
def withdraw_closing(*, actor: Person, incident: Incident) -> Incident:
    """Go on with the flow of a closed incident; it stays resolved. From then on it is closed by hand.

    Raises NotClosed, NotAllowed, NotFound.
    """
    incident = lock_incident(actor, incident)
    if incident.closed_at is None:
        raise NotClosed
    incident.closed_at = None
    incident.save(update_fields=["closed_at"])
    now, zone = clock.now(), reads.organisation_zone()
    run = FlowRun.objects.filter(incident=incident).first()
    if run is not None:
        run.closed_at, run.closes_itself = None, False
        run.save(update_fields=["closed_at", "closes_itself"])
        for task in FlowTask.objects.filter(run=run, state=TaskState.OPEN):
            schedule(task, run, today=reads.today(zone, now), zone=zone)
            task.save(update_fields=["next_reminder_at"])
    _tell(actor, incident, "Took back the closing of the incident.")
    record_in(actor, "incident.closing_withdrawn", incident, incident, now)
    return incident


def _tell(actor: Person, incident: Incident, text: str) -> None:
    Entry.objects.create(
        incident=incident,
        at=incident.closed_at or clock.now(),
        kind=EntryKind.STATUS,
        text=text,
        person=actor,
        source=str(actor)[:ENTRY_SOURCE_LENGTH_MAX],
    )
