"""How bad an incident is, and of which type."""

from __future__ import annotations

from django.db import transaction

from afterword.accounts.models import Person
from afterword.catalog.models import IncidentType, Severity
from afterword.incidents.facts.writes.telling import tell
from afterword.incidents.models import Incident
from afterword.incidents.reads import lock_incident
from afterword.lib.errors import InvalidInput


@transaction.atomic
def change_severity(*, actor: Person, incident: Incident, severity: Severity | None) -> Incident:
    """Say how bad it is. The same one changes nothing.

    Raises InvalidInput for one that is archived, NotAllowed, NotFound.
    """
    incident = lock_incident(actor, incident)
    before = incident.severity
    if severity == before:
        return incident
    _require_offered("severity", severity)
    incident.severity = severity
    incident.save(update_fields=["severity"])
    _tell_change(actor, incident, "severity", before, severity, "incident.severity_changed")
    return incident


@transaction.atomic
def change_incident_type(
    *, actor: Person, incident: Incident, incident_type: IncidentType | None
) -> Incident:
    """Say what kind of thing went wrong. The same one changes nothing. Raises as `change_severity`."""
    incident = lock_incident(actor, incident)
    before = incident.incident_type
    if incident_type == before:
        return incident
    _require_offered("incident_type", incident_type)
    incident.incident_type = incident_type
    incident.save(update_fields=["incident_type"])
    _tell_change(actor, incident, "type", before, incident_type, "incident.type_changed")
    return incident


def _require_offered(field: str, thing: Severity | IncidentType | None) -> None:
    if thing is not None and thing.archived_at is not None:
        raise InvalidInput(fields={field: f"“{thing}” is archived."})


def _tell_change(
    actor: Person,
    incident: Incident,
    noun: str,
    before: Severity | IncidentType | None,
    after: Severity | IncidentType | None,
    action: str,
) -> None:
    if after is None:
        text = f"Removed the {noun} “{before}”."
    elif before is None:
        text = f"Set the {noun} to “{after}”."
    else:
        text = f"Changed the {noun} from “{before}” to “{after}”."
    tell(actor, incident, text, action, before=str(before or ""), after=str(after or ""))
