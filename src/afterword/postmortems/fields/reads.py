"""Custom fields of post-mortems, and what documents have in them.

The fields are the organisation's: everybody who is here may read which there are. Who asks for the values of
a post-mortem has seen it.
"""

from __future__ import annotations

import hashlib
import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from django.db.models import Count, Exists, OuterRef, Q, QuerySet

from afterword.accounts.models import Person, Team
from afterword.accounts.reads import managed_teams, visible_teams
from afterword.fields import reads as fields
from afterword.fields.kinds import FieldKind
from afterword.fields.reads import Value
from afterword.lib.errors import InvalidInput
from afterword.postmortems.fields.models import PostmortemField, PostmortemFieldItem, TeamField
from afterword.postmortems.models import Postmortem, Section

NARROWED_BY_MAX = 20
"""By how many fields a list can be narrowed at once."""
SOUGHT_CHARACTERS_MAX = 200


# The fields themselves ---------------------------------------------------------------------------------


def all_fields(actor: Person, *, archived: bool | None = None) -> QuerySet[PostmortemField]:
    """The custom fields of post-mortems in their order, for everybody who is here."""
    return fields.visible_fields(actor, PostmortemField.objects.all(), archived=archived)


def get_field(actor: Person, unique_id: uuid.UUID) -> PostmortemField:
    """Raises NotFound."""
    return fields.get_field(actor, PostmortemField.objects.all(), unique_id)


def count_values(field: PostmortemField) -> int:
    """In how many post-mortems the field has a value."""
    return PostmortemFieldItem.objects.filter(field=field, position=0).count()


# Teams -------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class TeamRow:
    """A team in the list of those that choose fields."""

    team: Team
    fields: int
    required: int
    may_change: bool


def team_rows(actor: Person) -> list[TeamRow]:
    """The teams that the actor sees, by name, with how many fields each has. Three queries."""
    in_use = Q(field__archived_at__isnull=True)
    chosen = TeamField.objects.filter(in_use).order_by().values_list("team")
    counts = {
        key: (every, required)
        for key, every, required in chosen.annotate(
            every=Count("pk"), required=Count("pk", filter=Q(is_required=True))
        )
    }
    managed = set(managed_teams(actor).values_list("pk", flat=True))
    return [
        TeamRow(team, *counts.get(team.pk, (0, 0)), team.pk in managed)
        for team in visible_teams(actor).distinct().order_by("name", "pk")
    ]


def teams_that_have(actor: Person, field: PostmortemField) -> list[TeamField]:
    """The teams that the actor sees and that chose a field, by name."""
    found = TeamField.objects.filter(field=field, team__in=visible_teams(actor).values("pk"))
    return list(found.select_related("team").order_by("team__name", "pk"))


def chosen_by(team: Team) -> list[TeamField]:
    """What the post-mortems of a team have, in the order of the fields; archived ones are left out."""
    found = TeamField.objects.filter(team=team, field__archived_at__isnull=True)
    return list(found.select_related("field").order_by("field__rank", "field"))


def digest_choice(chosen: Sequence[TeamField]) -> str:
    """A short stand-in for what a manager saw chosen."""
    told = repr([(one.field_id, one.is_required) for one in chosen])
    return hashlib.sha256(told.encode()).hexdigest()[:16]


# Documents ---------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class DocumentField:
    """A field of a post-mortem with what it holds."""

    value: Value[PostmortemField]
    is_required: bool
    """Before it is reviewed or published, by the team or by the template."""
    section: int | None
    """The primary key of the first section that names it; None: it stands above the sections."""

    @property
    def slug(self) -> str:
        return self.value.definition.slug

    @property
    def is_missing(self) -> bool:
        return self.is_required and self.value.is_empty

    @property
    def input_id(self) -> str:
        """The id of its input on the page that is written."""
        return f"id_{input_prefix(self.value.definition)}-value"


@dataclass(frozen=True)
class DocumentFields:
    """The fields of one post-mortem, in their order."""

    every: Sequence[DocumentField]

    @cached_property
    def _places(self) -> dict[int | None, list[DocumentField]]:
        found: dict[int | None, list[DocumentField]] = {}
        for one in self.every:
            found.setdefault(one.section, []).append(one)
        return found

    def of_section(self, section: Section) -> list[DocumentField]:
        """Those that stand in a section, in the order in which its template names them."""
        place = {slug: place for place, slug in enumerate(section.field_names)}
        return sorted(self._places.get(section.pk, []), key=lambda one: place.get(one.slug, 0))

    @property
    def unplaced(self) -> list[DocumentField]:
        """Those that no section shows."""
        return self._places.get(None, [])

    @property
    def filled(self) -> list[DocumentField]:
        return [one for one in self.every if not one.value.is_empty]


def input_prefix(field: PostmortemField) -> str:
    """With which the names of a field's inputs begin."""
    return f"field-{field.unique_id}"


def fields_of(postmortem: Postmortem, sections: Sequence[Section] | None = None) -> DocumentFields:
    """What a post-mortem has: the fields of its team, those that its template names, and what is filled in.

    An archived field is there where it has a value. Up to four queries, however many there are; one where
    the organisation has no fields.
    """
    definitions = list(PostmortemField.objects.order_by("rank", "pk"))
    if not definitions:
        return DocumentFields(())
    if sections is None:
        sections = list(Section.objects.filter(postmortem=postmortem))
    places: dict[str, int] = {}
    for section in sections:
        for slug in section.field_names:
            places.setdefault(slug, section.pk)
    of_team = dict(TeamField.objects.filter(team=postmortem.team_id).values_list("field_id", "is_required"))
    items = PostmortemFieldItem.objects.filter(owner=postmortem).select_related("person")
    rows = [(row.field_id, row) for row in items]
    filled = {key for key, _ in rows}
    wanted = [
        one
        for one in definitions
        if one.pk in filled
        or (
            one.archived_at is None
            and (one.pk in of_team or one.slug in places or one.slug in postmortem.required_fields)
        )
    ]
    return DocumentFields(
        [
            DocumentField(
                value,
                is_required=value.definition.archived_at is None
                and (
                    of_team.get(value.definition.pk, False)
                    or value.definition.slug in postmortem.required_fields
                ),
                section=places.get(value.definition.slug),
            )
            for value in fields.values_of(wanted, rows)
        ]
    )


def items_of_kinds(postmortem: Postmortem, kinds: Sequence[FieldKind]) -> list[PostmortemFieldItem]:
    """What is filled in in fields of these kinds, with each its field, in their order. One query."""
    items = PostmortemFieldItem.objects.filter(owner=postmortem, field__kind__in=kinds)
    return list(items.select_related("field").order_by("field__rank", "field", "position"))


def kept_values(postmortem: Postmortem) -> dict[str, Any]:
    """What is filled in, as `Revision.fields` keeps it. One query."""
    rows = PostmortemFieldItem.objects.filter(owner=postmortem).select_related("field", "person")
    items = [(row.field_id, row) for row in rows.order_by("field__rank", "field", "position")]
    values = fields.values_of({row.field_id: row.field for _, row in items}.values(), items)
    return {
        value.definition.slug: {
            "name": value.definition.name,
            "kind": value.definition.kind,
            "items": list(value.items),
            "words": value.words,
        }
        for value in values
    }


# Lists -------------------------------------------------------------------------------------------------


def narrow(found: QuerySet[Postmortem], wanted: Mapping[str, str]) -> QuerySet[Postmortem]:
    """Those of `found` in which each field, by its slug, is what is wanted, or has its words in it.

    Without a text: those in which it is filled in. A field that is not there finds nothing. Raises
    InvalidInput, naming `fields`, for more than `NARROWED_BY_MAX` of them and for a text that is too long.
    """
    if not wanted:
        return found
    if len(wanted) > NARROWED_BY_MAX:
        raise InvalidInput(fields={"fields": f"Please narrow by at most {NARROWED_BY_MAX} fields."})
    if any(len(text) > SOUGHT_CHARACTERS_MAX for text in wanted.values()):
        raise InvalidInput(fields={"fields": f"Please use at most {SOUGHT_CHARACTERS_MAX} characters."})
    slugs = [slug for slug in wanted if "\0" not in slug]
    known = {field.slug: field for field in PostmortemField.objects.filter(slug__in=slugs)}
    for slug, text in wanted.items():
        if slug not in known:
            return found.none()
        items = PostmortemFieldItem.objects.filter(owner=OuterRef("pk"))
        if text.strip():
            items = fields.find_items(items, known[slug], text)
        else:
            items = items.filter(field=known[slug])
        found = found.filter(Exists(items.order_by()))
    return found
