"""What the conditions of a flow can ask of an incident. A further fact is one more registration."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Literal

from afterword.accounts.models import Person
from afterword.incidents.flow import reads
from afterword.incidents.flow.rules import Mismatch, first_mismatch
from afterword.incidents.models import Incident

Found = Mapping[int, frozenset[str] | int]
"""By an incident's key: the values that it has, or its number. What is left out has none."""
Choices = Sequence[tuple[str, str]]


@dataclass(frozen=True)
class Fact:
    """Something that a condition can be about."""

    name: str
    """As it is kept in conditions and given to the API."""
    label: str
    """Stands before its values, as in “Team: Payments”."""
    kind: Literal["choices", "minutes"]
    find: Callable[[Sequence[Incident]], Found] = field(repr=False)
    """For many incidents at once: a fold resolves many. They come with service, team and priority."""
    choices: Callable[[Person], Choices] = field(default=lambda _: (), repr=False)
    """The values to choose from, with their words. The API takes others too: they match nothing."""


_facts: dict[str, Fact] = {}


def register_fact(fact: Fact) -> None:
    """Let conditions ask for it; for packages above, in AppConfig.ready(). The name is taken once."""
    assert _facts.get(fact.name, fact) == fact, f"{fact.name} is another fact already"
    _facts[fact.name] = fact


def known_facts() -> Sequence[Fact]:
    """In the order in which they were registered."""
    return tuple(_facts.values())


def find_values(incidents: Sequence[Incident], names: set[str]) -> dict[int, dict[str, frozenset[str] | int]]:
    """What is known of each incident, by its key, as far as some condition asks for it."""
    values: dict[int, dict[str, frozenset[str] | int]] = {incident.pk: {} for incident in incidents}
    for name in sorted(names & set(_facts)):
        for pk, found in _facts[name].find(incidents).items():
            values[pk][name] = found
    return values


def describe_condition(actor: Person, name: str, wanted: Sequence[str] | int) -> str:
    """A condition in words: `Team: Payments or Search`, `Lasted at least 30 min`."""
    fact = _facts.get(name)
    label = fact.label if fact else name.replace("_", " ").capitalize()
    if isinstance(wanted, int):
        return f"{label} at least {wanted} min"
    words = dict(fact.choices(actor)) if fact else {}
    return f"{label}: {' or '.join(words.get(value, value) for value in wanted)}"


def describe_mismatch(actor: Person, mismatch: Mismatch) -> str:
    """Why an incident did not enter a flow, in words."""
    asked = describe_condition(actor, mismatch.fact, mismatch.wanted)
    if isinstance(mismatch.found, int):
        return f"{asked} (here it is {mismatch.found} min)"
    return asked


def explain_no_flow(actor: Person, incident: Incident) -> list[tuple[str, str]]:
    """Of each flow that is in use why a resolved incident did not enter it: its name and a condition."""
    flows = reads.flows_to_enter()
    values = find_values([incident], {name for flow in flows for name in flow.conditions})[incident.pk]
    mismatches = [(flow, first_mismatch(flow.conditions, values)) for flow in flows]
    return [(flow.name, describe_mismatch(actor, why)) for flow, why in mismatches if why is not None]


PEOPLE = (("some", "somebody took part"), ("none", "nobody took part"))
WAYS_IN = (("integration", "by an integration"), ("manual", "by hand"))
SEVERITIES = (("critical", "critical"), ("error", "error"), ("warning", "warning"))


def register_shipped_facts() -> None:
    """Those that every install knows."""
    for fact in (
        Fact("people", "Response", "choices", _people, lambda _: PEOPLE),
        Fact("priority", "Priority", "choices", _priorities, reads.priority_choices),
        Fact(
            "incident_severity", "Severity", "choices", reads.find_incident_severities, reads.severity_choices
        ),
        Fact("incident_type", "Type", "choices", reads.find_incident_types, reads.incident_type_choices),
        Fact("severity", "Worst alert", "choices", reads.find_severities, lambda _: SEVERITIES),
        Fact("team", "Team", "choices", _teams, reads.team_choices),
        Fact("service", "Service", "choices", _services, reads.service_choices),
        Fact("way_in", "Reported", "choices", _ways_in, lambda _: WAYS_IN),
        Fact("minutes", "Lasted", "minutes", _minutes),
    ):
        register_fact(fact)


def _people(incidents: Sequence[Incident]) -> Found:
    handled = reads.find_handled(incidents)
    return {one.pk: frozenset({"some" if one.pk in handled else "none"}) for one in incidents}


def _priorities(incidents: Sequence[Incident]) -> Found:
    """By their names in small letters: several teams may have one of the same name."""
    return {one.pk: frozenset({one.priority.name.casefold()}) for one in incidents if one.priority}


def _teams(incidents: Sequence[Incident]) -> Found:
    return {one.pk: frozenset({str(one.service.team.unique_id)}) for one in incidents}


def _services(incidents: Sequence[Incident]) -> Found:
    return {one.pk: frozenset({str(one.service.unique_id)}) for one in incidents}


def _ways_in(incidents: Sequence[Incident]) -> Found:
    return {
        one.pk: frozenset({"manual" if one.integration_id is None else "integration"}) for one in incidents
    }


def _minutes(incidents: Sequence[Incident]) -> Found:
    return {
        one.pk: int((one.resolved_at - one.started_at).total_seconds() // 60)
        for one in incidents
        if one.resolved_at is not None
    }
