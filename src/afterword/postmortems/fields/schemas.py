"""What the API takes and gives about custom fields of post-mortems."""

from __future__ import annotations

import uuid
from datetime import datetime
from typing import Any

from ninja import Schema
from pydantic import Field

from afterword.fields.kinds import FieldKind
from afterword.lib.bodies import Body
from afterword.postmortems.fields.models import PostmortemField, TeamField
from afterword.postmortems.fields.reads import DocumentField

KIND_IN_WORDS = f"One of {', '.join(FieldKind)}."


class PostmortemFieldIn(Body):
    name: str
    kind: str = Field(description=f"{KIND_IN_WORDS} It cannot be changed later.")
    slug: str = Field(
        "", description="How templates name it: `root-cause`. Made from the name unless given; for good."
    )
    help: str = ""
    options: list[str] = Field([], description="Of a choice.")
    teams: list[uuid.UUID] = Field([], description="Whose post-mortems have it.")


class PostmortemFieldChangeIn(Body):
    """What is left out, or null, stays."""

    name: str | None = None
    help: str | None = None
    options: list[str] | None = Field(
        None, description="All that are offered. What is taken away stays where it was chosen."
    )


class PostmortemFieldOut(Schema):
    unique_id: uuid.UUID
    slug: str = Field(description="How templates and post-mortems name it.")
    name: str
    kind: str = Field(description=KIND_IN_WORDS)
    help: str
    options: list[str]
    created_at: datetime
    archived_at: datetime | None

    @staticmethod
    def resolve_options(field: PostmortemField) -> Any:
        return field.options


class TeamFieldIn(Body):
    slug: str
    is_required: bool = False


class TeamFieldOut(Schema):
    slug: str
    name: str
    is_required: bool = Field(description="Before a review and before publication.")

    @staticmethod
    def resolve_slug(one: TeamField) -> str:
        return one.field.slug

    @staticmethod
    def resolve_name(one: TeamField) -> str:
        return one.field.name


class TeamFieldsIn(Body):
    fields: list[TeamFieldIn] = Field(description="All that the team's post-mortems shall have.")


class FieldValueOut(Schema):
    """A custom field of a post-mortem and what it holds."""

    slug: str
    name: str
    kind: str = Field(description=KIND_IN_WORDS)
    value: Any = Field(
        description="A text, a number, true or false, a list of texts; of a person the unique id. Null: none."
    )
    words: str = Field(description="The value as people read it.")
    is_required: bool = Field(description="Before a review and before publication.")

    @staticmethod
    def resolve_name(one: DocumentField) -> str:
        return one.value.definition.name

    @staticmethod
    def resolve_kind(one: DocumentField) -> str:
        return one.value.definition.kind

    @staticmethod
    def resolve_value(one: DocumentField) -> Any:
        return one.value.json

    @staticmethod
    def resolve_words(one: DocumentField) -> str:
        return one.value.words


class ValuesIn(Body):
    values: dict[str, Any] = Field(
        description="By slug, as they are read; null clears one, and what is left out stays."
    )
