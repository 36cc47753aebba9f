"""What is done to custom fields and their values, alike for whatever has some.

`noun` is how audit events call such a field: `incident_field.created`.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

from django.db import models, transaction
from django.db.models import QuerySet

from afterword.accounts import reads as accounts
from afterword.accounts.models import Person, Team
from afterword.audit.writes import record
from afterword.fields.kinds import (
    WITH_OPTIONS,
    FieldKind,
    Items,
    describe,
    key_of,
    parse_options,
    parse_value,
)
from afterword.fields.models import HELP_LENGTH_MAX, NAME_LENGTH_MAX, FieldDefinition, FieldItem
from afterword.fields.reads import Value
from afterword.lib import clock
from afterword.lib.errors import Conflict, InvalidInput
from afterword.lib.names import name_given_once
from afterword.lib.text import many_lines, one_line

FIELDS_MAX = 100
"""Of each kind of thing, in the whole organisation, archived ones included."""
AUDITED_CHARACTERS_MAX = 500
"""Of a value, before and after."""
NAME_TAKEN = "There is a field with this name already."

Definition = TypeVar("Definition", bound=FieldDefinition)


class FieldInUse(Conflict):
    """Something has a value in it, so it cannot be deleted. Archive it: then it is no longer asked."""


@transaction.atomic
def create_field(
    *,
    actor: Person,
    model: type[Definition],
    noun: str,
    team: Team | None,
    name: str,
    kind: str,
    help: str = "",
    options: Sequence[str] = (),
    more: Mapping[str, Any] | None = None,
) -> Definition:
    """Make a field, as the last one. `more` are columns of the model's own.

    One of the whole organisation is the administrators' to make, one of a team its managers'. Raises
    InvalidInput, NotAllowed, NotFound.
    """
    _require_right(actor, team)
    rows: QuerySet[Definition] = model._default_manager.all()
    if rows.count() >= FIELDS_MAX:
        raise InvalidInput(fields={"name": f"There may be at most {FIELDS_MAX} fields."})
    if kind not in list(FieldKind):
        raise InvalidInput(fields={"kind": f"Please use one of: {', '.join(FieldKind)}."})
    made = model(
        team=team,
        kind=kind,
        rank=(rows.aggregate(last=models.Max("rank"))["last"] or 0) + 1,
        **_usable(kind, name, help, options),
        **(more or {}),
    )
    with name_given_once(made, _namesakes(made), NAME_TAKEN):
        made.save(force_insert=True)
    _record(actor, made, f"{noun}.created", {"kind": kind})
    return made


@transaction.atomic
def change_field(
    *,
    actor: Person,
    field: FieldDefinition,
    noun: str,
    name: str,
    help: str,
    options: Sequence[str] = (),
    more: Mapping[str, Any] | None = None,
) -> None:
    """What it holds and whose it is stays. Values keep the text of an option that is taken away.

    Raises InvalidInput, NotAllowed, NotFound.
    """
    _require_right(actor, field.team)
    wanted = {**_usable(field.kind, name, help, options), **(more or {})}
    changed = [column for column, value in wanted.items() if getattr(field, column) != value]
    if not changed:
        return
    data = {"changed": changed, **({"from": field.name} if "name" in changed else {})}
    for column in changed:
        setattr(field, column, wanted[column])
    with name_given_once(field, _namesakes(field), NAME_TAKEN):
        field.save(update_fields=changed)
    _record(actor, field, f"{noun}.changed", data)


@transaction.atomic
def move_field(*, actor: Person, field: FieldDefinition, noun: str, steps: int) -> None:
    """Some places down among the others of the same team, or of the organisation; negative: up."""
    _require_right(actor, field.team)
    rows = list(
        type(field)
        ._default_manager.filter(archived_at__isnull=True, team=field.team)
        .select_for_update()
        .order_by("rank", "id")
    )
    keys = [row.pk for row in rows]
    if field.pk not in keys:
        return
    ranks = sorted(row.rank for row in rows)
    if len(set(ranks)) < len(ranks):
        ranks = list(range(1, len(ranks) + 1))
    place = keys.index(field.pk)
    rows.insert(min(max(place + steps, 0), len(rows) - 1), rows.pop(place))
    moved = [row for row, rank in zip(rows, ranks, strict=True) if row.rank != rank]
    for row, rank in zip(rows, ranks, strict=True):
        row.rank = rank
    if moved:
        type(field)._default_manager.bulk_update(moved, ["rank"])
        _record(actor, field, f"{noun}.moved")


@transaction.atomic
def archive_field(*, actor: Person, field: FieldDefinition, noun: str) -> None:
    """Ask it no longer; what has a value keeps it. Doing it twice changes nothing. Raises as the others."""
    _require_right(actor, field.team)
    if field.archived_at is None:
        field.archived_at = clock.now()
        field.save(update_fields=["archived_at"])
        _record(actor, field, f"{noun}.archived")


@transaction.atomic
def restore_field(*, actor: Person, field: FieldDefinition, noun: str) -> None:
    """Ask it again. Raises InvalidInput when its name was given to another since; and as the others."""
    _require_right(actor, field.team)
    if field.archived_at is None:
        return
    field.archived_at = None
    with name_given_once(field, _namesakes(field), "There is another field with this name now."):
        field.save(update_fields=["archived_at"])
    _record(actor, field, f"{noun}.restored")


@transaction.atomic
def delete_field(*, actor: Person, field: FieldDefinition, noun: str) -> None:
    """Remove it for good. Raises FieldInUse when something has a value in it; and as the others."""
    _require_right(actor, field.team)
    _record(actor, field, f"{noun}.deleted")
    try:
        field.delete()
    except models.ProtectedError as error:
        raise FieldInUse from error


@dataclass(frozen=True)
class ValueChange(Generic[Definition]):
    """What somebody wants a field to hold instead of what it holds."""

    definition: Definition
    before: Items
    after: Items
    was: str
    """In words."""
    now: str
    person: Person | None
    """Who is named, of a person."""

    @property
    def audited(self) -> dict[str, str]:
        return {"before": self.was[:AUDITED_CHARACTERS_MAX], "after": self.now[:AUDITED_CHARACTERS_MAX]}


def read_changes(
    given: Mapping[str, Any],
    known: Mapping[str, Value[Definition]],
    *,
    people: QuerySet[Person],
    unknown: str,
) -> list[ValueChange[Definition]]:
    """What `given` values, each what `fields.kinds.parse_value` takes, change of the `known` ones.

    Both are by the same keys. `people` are those who can be named; `unknown` is what is said of a key that is
    not known. Raises InvalidInput with the reason at each key.
    """
    faults: dict[str, str] = {}
    changes: list[tuple[str, Items]] = []
    for key, wanted in given.items():
        value = known.get(key)
        if value is None:
            faults[key] = unknown
            continue
        definition = value.definition
        try:
            items = parse_value(
                definition.kind, wanted, options=definition.options, kept=value.items, field=key
            )
        except InvalidInput as refusal:
            faults |= refusal.fields
            continue
        if items != value.items:
            changes.append((key, items))
    named = {
        item for key, items in changes if known[key].definition.kind == FieldKind.PERSON for item in items
    }
    found = {str(one.unique_id): one for one in people.filter(unique_id__in=named)} if named else {}
    faults |= {
        key: "Please choose somebody who is here."
        for key, items in changes
        if known[key].definition.kind == FieldKind.PERSON and not set(items) <= found.keys()
    }
    if faults:
        raise InvalidInput(fields=faults)
    names = {key: str(person) for key, person in found.items()}
    return [
        ValueChange(
            definition=value.definition,
            before=value.items,
            after=items,
            was=value.words,
            now=describe(value.definition.kind, items, people=names),
            person=found[items[0]] if value.definition.kind == FieldKind.PERSON and items else None,
        )
        for key, items in changes
        for value in [known[key]]
    ]


def put_items(
    model: type[FieldItem],
    *,
    owner: models.Model,
    field: FieldDefinition,
    items: Items,
    person: Person | None,
) -> None:
    """Have `owner` hold exactly these items in the field; `person` is who the one item of a person names."""
    rows: models.Manager[Any] = model._default_manager
    rows.filter(owner=owner, field=field).delete()
    rows.bulk_create(
        model(owner=owner, field=field, position=position, text=text, key=key_of(text), person=person)  # type: ignore[misc]
        for position, text in enumerate(items)
    )


def _require_right(actor: Person, team: Team | None) -> None:
    if team is None:
        accounts.require_admin(actor)
    else:
        accounts.require_manager(actor, team)


def _usable(kind: str, name: str, help: str, options: Sequence[str]) -> dict[str, Any]:
    return {
        "name": one_line("name", name, characters_max=NAME_LENGTH_MAX),
        "help": many_lines("help", help, characters_max=HELP_LENGTH_MAX),
        "options": parse_options("\n".join(options)) if kind in WITH_OPTIONS else [],
    }


def _namesakes(field: Definition) -> QuerySet[Definition]:
    """Those among which a field's name is unlike any other: the organisation's, and those of its team."""
    rows: QuerySet[Definition] = type(field)._default_manager.filter(archived_at__isnull=True)
    if field.archived_at is not None:
        return rows.none()
    return (
        rows if field.team is None else rows.filter(models.Q(team=field.team) | models.Q(team__isnull=True))
    )


def _record(
    actor: Person, field: FieldDefinition, action: str, data: Mapping[str, Any] | None = None
) -> None:
    team = field.team
    record(actor=actor, action=action, subject=field, team_id=team.pk if team else None, data=data)
