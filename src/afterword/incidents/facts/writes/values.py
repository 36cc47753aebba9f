"""What an incident has in its custom fields."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.db import transaction

from afterword.accounts.models import Person
from afterword.fields.reads import people_to_choose
from afterword.fields.writes import put_items, read_changes
from afterword.incidents.facts.errors import FieldsChanged
from afterword.incidents.facts.models import IncidentFieldItem
from afterword.incidents.facts.reads import digest_values, values_in
from afterword.incidents.facts.rules import describe_value
from afterword.incidents.facts.writes.telling import tell
from afterword.incidents.models import Incident
from afterword.incidents.reads import lock_incident


@transaction.atomic
def change_values(
    *,
    actor: Person,
    incident: Incident,
    values: Mapping[str, Any],
    started_from: str | None = None,
) -> Incident:
    """Fill in fields, by their unique ids, with what `fields.kinds.parse_value` takes; None clears one.

    What is left out stays. `started_from` is the `digest_values` of what the writer saw: raises FieldsChanged
    when someone else has written since. Raises InvalidInput, with the reason at each field's unique id, for a
    value that does not fit and a field that the incident's team does not have; NotAllowed, NotFound.
    """
    incident = lock_incident(actor, incident)
    known = values_in(actor, incident)
    changes = read_changes(
        values,
        {str(value.definition.unique_id): value for value in known},
        people=people_to_choose(actor),
        unknown="The incident's team has no such field.",
    )
    if not changes:
        return incident
    if started_from is not None and started_from != digest_values(known):
        raise FieldsChanged
    told, audited = [], {}
    for change in changes:
        field = change.definition
        put_items(IncidentFieldItem, owner=incident, field=field, items=change.after, person=change.person)
        told.append(describe_value(field.name, change.was, change.now))
        audited[field.name] = change.audited
    tell(actor, incident, " ".join(told), "incident.fields_changed", fields=audited)
    return incident
