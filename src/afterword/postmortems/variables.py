"""What a template can say of the record: the variables of its starting texts, with plain values."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, timedelta

from django.conf import settings

from afterword.accounts.models import Person
from afterword.accounts.reads import organisation
from afterword.catalog.models import Meaning
from afterword.catalog.reads import offered_incident_roles
from afterword.documents import paragraph, plain_text, render_markdown_blocks
from afterword.incidents.facts import reads as facts
from afterword.incidents.models import Incident, RoleAssignment
from afterword.postmortems import reads
from afterword.postmortems.live import name_reporter


def variables_of(*, incidents: Sequence[Incident], title: str, author: Person) -> dict[str, object]:
    """What a template can say about these incidents. Titles and names are escaped: they are not Markdown.

    What nobody has said yet is there, and is None or an empty list. A fixed number of queries, however many
    incidents.
    """
    described = _describe_all(incidents)
    mine = organisation()
    return {
        "incident": described[0] if described else {},
        "incidents": described,
        "postmortem": {"title": _as_markdown(title), "author": _as_markdown(str(author))},
        "organisation": {"name": _as_markdown(mine.name if mine else "")},
    }


def example_variables() -> dict[str, object]:
    """What a template can say, about an incident that never happened: for looking at a template."""
    start = datetime(2026, 3, 2, 14, 5, tzinfo=UTC)
    incident: dict[str, object] = {
        "title": "Checkout answers slowly",
        "number": 42,
        "summary": "Payments took up to twenty seconds.",
        "status": "resolved",
        "severity": "SEV2",
        "type": "Platform",
        "priority": "P1",
        "tags": ["payments"],
        "services": ["Checkout", "Invoices"],
        "team": "Payments",
        "lead": "The incident lead",
        "reporter": "The reporter",
        "participants": ["The incident lead", "The author"],
        "roles": {"Incident lead": "The incident lead", "Observer": None},
        "fields": {"Data centre": "North"},
        "url": f"{settings.PUBLIC_URL}/incidents/42",
        "started_at": start,
        "detected_at": start + timedelta(minutes=3),
        "reported_at": start + timedelta(minutes=4),
        "acknowledged_at": start + timedelta(minutes=6),
        "identified_at": start + timedelta(minutes=21),
        "fixed_at": start + timedelta(minutes=40),
        "resolved_at": start + timedelta(minutes=42),
        "closed_at": start + timedelta(days=3),
        "duration": timedelta(minutes=42),
    }
    return {
        "incident": incident,
        "incidents": [incident],
        "postmortem": {"title": "Checkout answers slowly", "author": "The author"},
        "organisation": {"name": "Your organisation"},
    }


def expressions_of(variables: Mapping[str, object]) -> list[str]:
    """Every variable as a template writes it to say it: a list joined, an entry of a mapping by its name."""
    names: list[str] = []
    for name, value in variables.items():
        if isinstance(value, Mapping):
            names += [one for part, held in value.items() for one in _written(f"{name}.{part}", held)]
    return names


def _written(name: str, value: object) -> list[str]:
    if isinstance(value, list):
        return [f'{name} | join: ", "']
    if not isinstance(value, Mapping):
        return [name]
    # No name is escaped in Liquid: one that would end its own quotes or braces is not offered.
    quotable = [one for one in value if not set(str(one)) & set('"{}%')]
    return [f'{name}["{one}"]' for one in quotable]


def _describe_all(incidents: Sequence[Incident]) -> list[dict[str, object]]:
    affected = facts.all_affected_services(tuple(incidents))
    participants = reads.participants_of(incidents)
    assigned = facts.all_roles(incidents)
    values = facts.all_values_of(incidents)
    tags = reads.tags_of(incidents)
    first = reads.first_entries_of([one for one in incidents if one.integration_id is None])
    roles = list(offered_incident_roles().values_list("name", flat=True))
    asked = facts.names_of_fields({incident.service.team_id for incident in incidents})
    return [
        {
            "title": _as_markdown(incident.title),
            "number": incident.number,
            "summary": incident.summary,
            "status": incident.status,
            "severity": _name(incident.severity),
            "type": _name(incident.incident_type),
            "priority": _name(incident.priority),
            "tags": [_as_markdown(name) for name in tags[incident.pk]],
            "services": [_as_markdown(name) for name in (incident.service.name, *affected[incident.pk])],
            "team": _as_markdown(incident.service.team.name),
            "lead": _who(assigned[incident.pk], Meaning.LEAD),
            "reporter": _who(assigned[incident.pk], Meaning.REPORTER)
            or _as_markdown(name_reporter(incident, first.get(incident.pk))),
            "participants": [_as_markdown(name) for name in participants[incident.pk]],
            "roles": dict.fromkeys(roles) | _by_role(assigned[incident.pk]),
            "fields": {name: None for name, team in asked if team in (None, incident.service.team_id)}
            | {one.definition.name: _as_markdown(one.words) for one in values[incident.pk]},
            "url": reads.incident_address(incident),
            "started_at": incident.started_at,
            "detected_at": incident.detected_at,
            "reported_at": incident.reported_at,
            "acknowledged_at": incident.acknowledged_at,
            "identified_at": incident.identified_at,
            "fixed_at": incident.fixed_at,
            "resolved_at": incident.resolved_at,
            "closed_at": incident.closed_at,
            "duration": incident.resolved_at - incident.started_at if incident.resolved_at else None,
        }
        for incident in incidents
    ]


def _who(assigned: Sequence[RoleAssignment], meaning: Meaning) -> str | None:
    """Who has the role that means this, whatever it is called now."""
    return _joined([one for one in assigned if one.role.meaning == meaning])


def _by_role(assigned: Sequence[RoleAssignment]) -> dict[str, str | None]:
    names = dict.fromkeys(one.role.name for one in assigned)
    return {name: _joined([one for one in assigned if one.role.name == name]) for name in names}


def _joined(assigned: Sequence[RoleAssignment]) -> str | None:
    return ", ".join(_as_markdown(str(one.person)) for one in assigned) or None


def _name(one: object | None) -> str | None:
    return _as_markdown(str(one)) if one is not None else None


def _as_markdown(text: str) -> str:
    """Plain text such that Markdown shows exactly it."""
    return render_markdown_blocks([paragraph(plain_text(text))]).strip()
