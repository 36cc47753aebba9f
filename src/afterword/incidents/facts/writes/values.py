"""What an incident has in its custom fields."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.db import transaction

from afterword.accounts.models import Person
from afterword.fields.kinds import FieldKind, Items, describe, parse_value
from afterword.fields.writes import put_items
from afterword.incidents.facts.errors import FieldsChanged
from afterword.incidents.facts.models import IncidentField, IncidentFieldItem
from afterword.incidents.facts.reads import digest_values, people_to_choose, values_in
from afterword.incidents.facts.rules import describe_value
from afterword.incidents.facts.writes.telling import tell
from afterword.incidents.models import Incident
from afterword.incidents.reads import lock_incident
from afterword.lib.errors import InvalidInput

AUDITED_CHARACTERS_MAX = 500
"""Of a value, before and after."""


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
    by_id = {str(value.definition.unique_id): value for value in known}
    faults: dict[str, str] = {}
    changes: list[tuple[IncidentField, Items, Items]] = []
    for key, given in values.items():
        value = by_id.get(key)
        if value is None:
            faults[key] = "The incident's team has no such field."
            continue
        definition = value.definition
        try:
            items = parse_value(
                definition.kind, given, options=definition.options, kept=value.items, field=key
            )
        except InvalidInput as refusal:
            faults |= refusal.fields
            continue
        if items != value.items:
            changes.append((definition, value.items, items))
    named = {item for field, _, items in changes if field.kind == FieldKind.PERSON for item in items}
    people = {
        str(one.unique_id): one for one in people_to_choose(actor, incident).filter(unique_id__in=named)
    }
    faults |= {
        str(field.unique_id): "Please choose somebody who is here."
        for field, _, items in changes
        if field.kind == FieldKind.PERSON and not set(items) <= people.keys()
    }
    if faults:
        raise InvalidInput(fields=faults)
    if not changes:
        return incident
    if started_from is not None and started_from != digest_values(known):
        raise FieldsChanged
    names = {key: name for value in known for key, name in value.people.items()}
    names |= {key: str(person) for key, person in people.items()}
    told, audited = [], {}
    for field, before, after in changes:
        person = people[after[0]] if field.kind == FieldKind.PERSON and after else None
        put_items(IncidentFieldItem, owner=incident, field=field, items=after, person=person)
        was, now = describe(field.kind, before, people=names), describe(field.kind, after, people=names)
        told.append(describe_value(field.name, was, now))
        audited[field.name] = {
            "before": was[:AUDITED_CHARACTERS_MAX],
            "after": now[:AUDITED_CHARACTERS_MAX],
        }
    tell(actor, incident, " ".join(told), "incident.fields_changed", fields=audited)
    return incident
