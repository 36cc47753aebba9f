"""The history of an incident's summary."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from afterword.accounts.models import Person
from afterword.incidents.errors import SummaryChanged
from afterword.incidents.facts.models import WRITER_NAME_LENGTH_MAX, SummaryVersion
from afterword.incidents.facts.reads import summary_versions
from afterword.incidents.facts.writes.telling import tell
from afterword.incidents.models import Incident
from afterword.incidents.reads import lock_incident
from afterword.incidents.rules import summary_digest
from afterword.lib import clock


@transaction.atomic
def restore_summary(
    *, actor: Person, incident: Incident, version: SummaryVersion, started_from: str | None = None
) -> Incident:
    """Have the summary say again what it said; what it says now stays in the history.

    `started_from` is the `summary_digest` of what the actor saw: raises SummaryChanged when someone else has
    written since. Raises NotAllowed, NotFound.
    """
    assert version.incident_id == incident.pk, "a version of another incident"
    incident = lock_incident(actor, incident)
    before = incident.summary
    if version.text == before:
        return incident
    if started_from is not None and started_from != summary_digest(before):
        raise SummaryChanged
    incident.summary = version.text
    incident.save(update_fields=["summary"])
    keep_summary(incident, actor, before=before, restored_from=version.number)
    text = f"Brought back version {version.number} of the summary."
    tell(actor, incident, text, "incident.summarised", before=before, after=version.text)
    return incident


def keep_summary(
    incident: Incident,
    actor: Person,
    *,
    before: str = "",
    at: datetime | None = None,
    restored_from: int | None = None,
) -> None:
    """Write down what the summary says now. The caller has locked the incident, or just made it.

    Where nobody wrote down what it said `before`, as of one that came with an alert, that is kept first.
    """
    last = summary_versions(incident).first()
    number = last.number if last else 0
    versions = []
    if before and (last is None or last.text != before):
        number += 1
        # An alert or a program brought it; when is not known better than that it was there by now.
        since = last.written_at if last else incident.created_at
        versions.append(SummaryVersion(incident=incident, number=number, text=before, written_at=since))
    versions.append(
        SummaryVersion(
            incident=incident,
            number=number + 1,
            text=incident.summary,
            written_by=actor,
            written_by_name=str(actor)[:WRITER_NAME_LENGTH_MAX],
            written_at=at or clock.now(),
            restored_from=restored_from,
        )
    )
    SummaryVersion.objects.bulk_create(versions)
