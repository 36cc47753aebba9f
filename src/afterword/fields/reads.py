"""What is asked of custom fields, alike for whatever has some."""

from __future__ import annotations

import hashlib
import uuid
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

from django.db.models import Q, QuerySet

from afterword.accounts import reads as accounts
from afterword.accounts.models import Person, Team
from afterword.fields.kinds import SEARCHED_BY_WORDS, FieldKind, Items, describe, keys_sought, to_json
from afterword.fields.models import FieldDefinition, FieldItem
from afterword.lib.errors import NotFound
from afterword.lib.search import mentions

NAMESAKES_MAX = 100

Definition = TypeVar("Definition", bound=FieldDefinition)
Item = TypeVar("Item", bound=FieldItem)


@dataclass(frozen=True)
class Value(Generic[Definition]):
    """A field with what something has in it."""

    definition: Definition
    items: Items
    people: dict[str, str]
    """Names by unique id, of a person."""

    @property
    def is_empty(self) -> bool:
        return not self.items

    @property
    def words(self) -> str:
        return describe(self.definition.kind, self.items, people=self.people)

    @property
    def url(self) -> str:
        """Of a link, safe to follow; else empty."""
        return self.items[0] if self.definition.kind == FieldKind.LINK and self.items else ""

    @property
    def json(self) -> Any:
        return to_json(self.definition.kind, self.items)


def visible_fields(
    actor: Person,
    rows: QuerySet[Definition],
    *,
    team: Team | None = None,
    archived: bool | None = None,
) -> QuerySet[Definition]:
    """Those of the organisation and of the actor's teams, or of one of them, in their order."""
    if not actor.is_active:
        return rows.none()
    wanted = Q(team__isnull=True)
    wanted |= Q(team=team) if team else Q(team__in=accounts.visible_teams(actor).values("pk"))
    if archived is not None:
        wanted &= Q(archived_at__isnull=not archived)
    return rows.filter(wanted).select_related("team").order_by("rank", "id")


def applying_to(rows: QuerySet[Definition], team: Team) -> QuerySet[Definition]:
    """Those that are asked of the things of a team. For the program itself."""
    return rows.filter(Q(team__isnull=True) | Q(team=team), archived_at__isnull=True)


def called(rows: QuerySet[Definition], name: str) -> QuerySet[Definition]:
    """Those with this name, in any letter case, or this unique id."""
    if "\0" in name:
        return rows.none()
    try:
        return rows.filter(unique_id=uuid.UUID(name))
    except ValueError:
        return rows.filter(name__iexact=name)


def get_field(actor: Person, rows: QuerySet[Definition], unique_id: uuid.UUID) -> Definition:
    """Raises NotFound for one that is not there or of a team that is not the actor's to see."""
    found = visible_fields(actor, rows).filter(unique_id=unique_id).first()
    if found is None:
        raise NotFound
    return found


def values_of(
    definitions: Iterable[Definition], rows: Iterable[tuple[int, FieldItem]]
) -> list[Value[Definition]]:
    """One value for each field, in their order; `rows` are items with the keys of their fields.

    A field that is archived is left out where it is empty.
    """
    by_field: dict[int, list[FieldItem]] = {}
    for key, row in rows:
        by_field.setdefault(key, []).append(row)
    values = []
    for definition in definitions:
        found = sorted(by_field.get(definition.pk, []), key=lambda row: row.position)
        if found or definition.archived_at is None:
            people = {row.text: str(row.person) for row in found if row.person is not None}
            values.append(Value(definition, tuple(row.text for row in found), people))
    return values


def digest_items(items: Items) -> str:
    """A short stand-in for what a field holds, by which a form tells whether somebody else was quicker."""
    return hashlib.sha256(repr(items).encode()).hexdigest()[:16]


def people_to_choose(actor: Person) -> QuerySet[Person]:
    """Who can stand in a field of a person: whom the actor knows, and who is here, by name."""
    return accounts.visible_people(actor).filter(is_active=True).distinct().order_by("name", "pk")


def find_items(rows: QuerySet[Item], definition: FieldDefinition, text: str) -> QuerySet[Item]:
    """Those of `rows`, items of any field, in which this field is `text`, or has its words in it."""
    rows = rows.filter(field=definition)
    if definition.kind in SEARCHED_BY_WORDS:
        wanted = Q()
        for word in text.replace("\0", "").split():
            wanted &= mentions(word, "text")
        return rows.filter(wanted)
    if definition.kind == FieldKind.PERSON and keys_sought(definition.kind, text) is None:
        return rows.filter(mentions(text.replace("\0", "").strip(), "person__name"))
    key = keys_sought(definition.kind, text)
    return rows.none() if key is None or "\0" in key else rows.filter(key=key)
