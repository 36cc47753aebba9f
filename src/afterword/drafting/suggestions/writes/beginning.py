"""Beginning post-mortems by themselves, after their incidents are resolved.

The resolution only leaves a row. The worker takes it, looks again at what is so by then, and begins the
document in one transaction with the end of the row: what dies in the middle has done nothing. Who begins one
by hand holds the incident too, so that of both at once the second one sees the first one's document.
"""

from __future__ import annotations

import logging
from collections.abc import Collection, Iterator
from datetime import timedelta

from django.db import OperationalError, transaction
from django.db.models import OuterRef, Subquery, Value
from django.db.models.functions import Coalesce

from afterword.accounts.models import Person
from afterword.catalog.models import Meaning
from afterword.drafting.suggestions import reads
from afterword.drafting.suggestions.models import (
    DocumentToBegin,
    IncidentDrafting,
    OrganisationDrafting,
    TeamDrafting,
)
from afterword.incidents.flow import reads as flows
from afterword.incidents.flow.models import FlowTask, TaskKind, TaskState
from afterword.incidents.models import Incident
from afterword.lib import clock
from afterword.postmortems.reads import may_write_about
from afterword.postmortems.writes import begin_by_itself

ATTEMPTS_MAX = 3
AGAIN_AFTER_SECONDS = 60

logger = logging.getLogger("afterword.worker")


def queue_beginnings(incidents: Collection[int]) -> None:
    """Have post-mortems begun about incidents that were just resolved, by their keys, where that is wanted.

    For the program itself, in the transaction of the resolution. One about which a document was begun by
    itself before is left out.
    """
    chosen = [
        Subquery(IncidentDrafting.objects.filter(incident=OuterRef("pk")).values("begins")[:1]),
        Subquery(TeamDrafting.objects.filter(team=OuterRef("service__team")).values("begins")[:1]),
        Subquery(OrganisationDrafting.objects.values("begins")[:1]),
    ]
    wanted = (
        Incident.objects.filter(pk__in=incidents, merged_into__isnull=True)
        .annotate(begins=Coalesce(*chosen, Value(False)))
        .filter(begins=True)
    )
    rows = [DocumentToBegin(incident_id=pk) for pk in wanted.order_by("pk").values_list("pk", flat=True)]
    DocumentToBegin.objects.bulk_create(rows, ignore_conflicts=True)


def begin_all_waiting() -> int:
    """Begin what is due, for the worker; how many rows were settled or put off."""
    count = 0
    while begin_next():
        count += 1
    return count


def begin_next() -> bool:
    """Begin the post-mortem that is due longest, where that is still wanted; whether there was a row.

    Of several workers one gets it. What goes wrong is tried `ATTEMPTS_MAX` times. Raises OperationalError.
    """
    row = None
    try:
        with transaction.atomic():
            due = DocumentToBegin.objects.filter(begun_at__isnull=True, next_attempt_at__lte=clock.now())
            locked = due.select_for_update(of=("self",), skip_locked=True)
            row = locked.order_by("next_attempt_at", "id").first()
            if row is None:
                return False
            _settle(row)
    except OperationalError:
        raise
    except Exception:
        # Whatever is in one record must not keep all others from being begun.
        assert row is not None, "only what is done with a row goes wrong"
        logger.exception("No post-mortem could be begun about the incident with the key %s", row.incident_id)
        _put_off(row)
    return True


def _settle(row: DocumentToBegin) -> None:
    """Begin it; or forget the row, so that the next resolution may bring another."""
    held = Incident.objects.select_for_update(of=("self",)).select_related("service__team")
    incident = held.get(pk=row.incident_id)
    task = _task_of(incident)
    owner = next(_people(incident, task), None) if task is not None else None
    postmortem = begin_by_itself(incident=incident, owner=owner) if owner is not None else None
    if postmortem is None:
        row.delete()
        return
    row.begun_at = clock.now()
    row.save(update_fields=["begun_at"])


def _task_of(incident: Incident) -> FlowTask | None:
    """The task to draft it, where that is still to be done; None where nothing is to be begun any more."""
    if incident.is_merged or not incident.is_resolved or not reads.allowed_for([incident]).begins:
        return None
    tasks = FlowTask.objects.filter(run__incident=incident, run__paused_at__isnull=True, kind=TaskKind.DRAFT)
    return tasks.filter(state=TaskState.OPEN).select_related("owner").order_by("rank", "id").first()


def _people(incident: Incident, task: FlowTask) -> Iterator[Person]:
    """Who may own the post-mortem, the nearest first: those who see the incident and may write about it."""
    leads = [one.person for one in flows.roles_of(incident) if one.role.meaning == Meaning.LEAD]
    for person in (task.owner, *leads, *flows.managers_of(incident)):
        if person is not None and flows.may_own(person, incident) and may_write_about(person, incident):
            yield person


@transaction.atomic
def _put_off(row: DocumentToBegin) -> None:
    if row.attempts + 1 >= ATTEMPTS_MAX:
        row.delete()
        return
    row.attempts += 1
    row.next_attempt_at = clock.now() + timedelta(seconds=AGAIN_AFTER_SECONDS)
    row.save(update_fields=["attempts", "next_attempt_at"])
