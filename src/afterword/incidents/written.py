"""What an incident tells of the post-mortems about it. The package above says what there is."""

from __future__ import annotations

import uuid
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from django.db.models import QuerySet

from afterword.accounts.models import Person
from afterword.incidents.models import Incident


@dataclass(frozen=True)
class WrittenPostmortem:
    """A post-mortem, as far as an incident names it."""

    unique_id: uuid.UUID
    title: str
    assignee: uuid.UUID
    """The unique id of who sees to it."""


Find = Callable[[Person, Sequence[Incident]], Mapping[int, Sequence[WrittenPostmortem]]]
"""By an incident's key: the post-mortems about it that the person may see, newest first."""
Narrow = Callable[[Person, QuerySet[Incident], bool], QuerySet[Incident]]
"""Of these incidents those that have a post-mortem which the person may see, or that have none."""

_sources: list[tuple[Find, Narrow]] = []


def register_postmortems(find: Find, narrow: Narrow) -> None:
    """For the package above, in AppConfig.ready()."""
    _sources.append((find, narrow))


def postmortems_about(actor: Person, incidents: Sequence[Incident]) -> dict[int, list[WrittenPostmortem]]:
    found: dict[int, list[WrittenPostmortem]] = {incident.pk: [] for incident in incidents}
    for find, _ in _sources:
        for key, written in find(actor, incidents).items():
            found[key].extend(written)
    return found


def with_postmortem(actor: Person, incidents: QuerySet[Incident], has_one: bool) -> QuerySet[Incident]:
    for _, narrow in _sources:
        incidents = narrow(actor, incidents, has_one)
    return incidents
