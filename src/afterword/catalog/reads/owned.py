"""What the reads of the nouns that a team has have in common."""

from __future__ import annotations

import uuid
from collections.abc import Iterable
from dataclasses import dataclass
from typing import TypeVar

from django.db import models
from django.db.models import QuerySet

from afterword.accounts import reads as accounts
from afterword.accounts.models import Person, Team
from afterword.catalog.models import (
    EscalationPolicy,
    IncidentRole,
    IncidentType,
    MaintenanceWindow,
    OnCallSchedule,
    Priority,
    Severity,
    Sla,
    Tag,
)
from afterword.lib.errors import InvalidInput, NotFound

OfOrganisation = IncidentRole | Severity | IncidentType
Archivable = Priority | Tag | Sla | EscalationPolicy | OnCallSchedule | OfOrganisation
OfTeam = Priority | Tag | Sla | EscalationPolicy | OnCallSchedule | MaintenanceWindow

Row = TypeVar("Row", bound=models.Model)


@dataclass(frozen=True)
class Use:
    """How many of one kind of thing have something."""

    count: int
    noun: str

    def __str__(self) -> str:
        return f"{self.count:,} {self.noun}"


def of_visible_teams(actor: Person, rows: QuerySet[Row]) -> QuerySet[Row]:
    """Those of the teams that `actor` may see, each with its team."""
    return rows.filter(team__in=accounts.visible_teams(actor).values("pk")).select_related("team")


def one_of(rows: QuerySet[Row], unique_id: uuid.UUID) -> Row:
    """Raises NotFound."""
    found = rows.filter(unique_id=unique_id).first()
    if found is None:
        raise NotFound
    return found


def narrowed(rows: QuerySet[Row], *, team: Team | None = None, archived: bool | None = None) -> QuerySet[Row]:
    """Those of one team; only those that are archived, or that are not."""
    if team is not None:
        rows = rows.filter(team=team)
    return rows if archived is None else rows.filter(archived_at__isnull=not archived)


def named_in(rows: QuerySet[Row], unique_id: uuid.UUID | None, *, field: str, noun: str) -> Row | None:
    """The one that was chosen by its id, or None for none. Raises InvalidInput at `field`."""
    if unique_id is None:
        return None
    found = rows.filter(unique_id=unique_id).first()
    if found is None:
        raise InvalidInput(fields={field: f"The team has no {noun} with the id {unique_id}."})
    return found


def uses_of(thing: models.Model) -> list[Use]:
    """What has this thing and keeps it from being deleted, of every package, most first."""
    found = []
    for rows in _rows_that_refer_to(thing):
        count = rows.count()
        if count:
            name = rows.model._meta.verbose_name if count == 1 else rows.model._meta.verbose_name_plural
            found.append(Use(count, str(name)))
    return sorted(found, key=lambda use: -use.count)


def is_used(thing: models.Model) -> bool:
    """Whether anything has this thing, so that it can be archived but not deleted."""
    return any(rows.exists() for rows in _rows_that_refer_to(thing))


def _rows_that_refer_to(thing: models.Model) -> Iterable[QuerySet[models.Model]]:
    """What Django itself would refuse to lose, and the many that it would silently unlink."""
    for relation in thing._meta.get_fields(include_hidden=True):
        if not relation.auto_created or relation.concrete or relation.related_model is None:
            continue
        refers = relation.many_to_many or getattr(relation, "on_delete", None) is models.PROTECT
        if refers:
            model, name = relation.related_model, relation.field.name  # type: ignore[union-attr]
            yield model._base_manager.filter(**{name: thing})
