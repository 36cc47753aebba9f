"""The custom fields of incidents themselves. Each raises what `fields.writes` raises."""

from __future__ import annotations

from collections.abc import Sequence

from afterword.accounts.models import Person, Team
from afterword.fields import writes
from afterword.incidents.facts.models import IncidentField

NOUN = "incident_field"


def create_field(
    *,
    actor: Person,
    team: Team | None,
    name: str,
    kind: str,
    help: str = "",
    options: Sequence[str] = (),
    is_required: bool = False,
) -> IncidentField:
    """Make a field of the organisation's incidents or of a team's; `is_required` before a person resolves."""
    return writes.create_field(
        actor=actor,
        model=IncidentField,
        noun=NOUN,
        team=team,
        name=name,
        kind=kind,
        help=help,
        options=options,
        more={"is_required": is_required},
    )


def change_field(
    *,
    actor: Person,
    field: IncidentField,
    name: str,
    help: str,
    options: Sequence[str],
    is_required: bool,
) -> None:
    writes.change_field(
        actor=actor,
        field=field,
        noun=NOUN,
        name=name,
        help=help,
        options=options,
        more={"is_required": is_required},
    )


def move_field(*, actor: Person, field: IncidentField, steps: int) -> None:
    writes.move_field(actor=actor, field=field, noun=NOUN, steps=steps)


def archive_field(*, actor: Person, field: IncidentField) -> None:
    writes.archive_field(actor=actor, field=field, noun=NOUN)


def restore_field(*, actor: Person, field: IncidentField) -> None:
    writes.restore_field(actor=actor, field=field, noun=NOUN)


def delete_field(*, actor: Person, field: IncidentField) -> None:
    writes.delete_field(actor=actor, field=field, noun=NOUN)
