"""What the flow listens to: incidents that are resolved, opened again, described, and given roles."""

from __future__ import annotations

from collections.abc import Sequence

from django.db import models

from afterword.accounts.models import Person
from afterword.audit.models import AuditEvent
from afterword.audit.writes import subscribe, subscribe_many
from afterword.incidents.flow import checks, facts, reads, writes
from afterword.incidents.flow.models import TaskKind
from afterword.incidents.models import Incident

Heard = Sequence[tuple[AuditEvent, models.Model]]
DESCRIBED = ("incident.summarised", "incident.timestamps_changed")
"""After these the key fields may be there, or not any more."""


def begin_to_listen() -> None:
    """Register the shipped facts and checks, and subscribe. In AppConfig.ready()."""
    facts.register_shipped_facts()
    checks.register_check(TaskKind.KEY_FIELDS, checks.has_key_fields, "summary and key timestamps are there")
    subscribe_many("incident.resolved")(_begin)
    subscribe_many("incident.reopened")(_pause)
    subscribe_many("incident.merged")(_pause)
    subscribe_many("incident.unmerged")(_resume)
    subscribe("incident.role_assigned")(_fill)
    for action in DESCRIBED:
        subscribe(action)(_look_at_key_fields)


def _begin(heard: Heard) -> None:
    people = reads.people_behind([event for event, _ in heard])
    resolvers: dict[int, Person] = {}
    for event, incident in heard:
        person = people.get(event.actor_id) if event.actor_kind == "person" else None
        if person is not None:
            resolvers[incident.pk] = person
    writes.enter_flows(incidents=_incidents(heard), resolvers=resolvers)


def _pause(heard: Heard) -> None:
    writes.pause_flows(incidents=_incidents(heard))


def _resume(heard: Heard) -> None:
    writes.resume_flows(incidents=_incidents(heard))


def _fill(event: AuditEvent, incident: models.Model) -> None:
    assert isinstance(incident, Incident)
    writes.fill_owners(incident=incident)


def _look_at_key_fields(event: AuditEvent, incident: models.Model) -> None:
    assert isinstance(incident, Incident)
    writes.recheck(incident=incident, kinds=[TaskKind.KEY_FIELDS])


def _incidents(heard: Heard) -> list[Incident]:
    """Each once, in the order in which they were heard of."""
    found = {}
    for _, incident in heard:
        assert isinstance(incident, Incident)
        found[incident.pk] = incident
    return list(found.values())
