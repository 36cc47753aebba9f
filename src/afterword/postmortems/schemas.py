"""What the API takes and gives about post-mortems and templates. Times are ISO 8601, in UTC."""

from __future__ import annotations

import uuid
from datetime import datetime
from typing import Any

from ninja import Schema
from pydantic import Field

from afterword.lib.bodies import Body
from afterword.postmortems import reads
from afterword.postmortems.fields.reads import fields_of
from afterword.postmortems.fields.schemas import FieldValueOut
from afterword.postmortems.models import Postmortem
from afterword.postmortems.reads import TemplateChoice
from afterword.postmortems.writes import INCIDENTS_MAX


class PersonReference(Schema):
    unique_id: uuid.UUID
    name: str


class TeamReference(Schema):
    unique_id: uuid.UUID
    name: str


class IncidentReference(Schema):
    unique_id: str
    number: int
    title: str


class PostmortemSummary(Schema):
    """A post-mortem as it stands in a list."""

    unique_id: uuid.UUID
    number: int
    title: str
    status: str = Field(description="draft, in_review, approved or published")
    team: TeamReference
    author: PersonReference
    owner: PersonReference | None = Field(description="Who sees to it that it gets done.")
    status_text: str = Field(description="Where the incident stands, in words of your own.")
    template: str = Field(description="The name of the template that it was made from.")
    written_in: str = Field(description="here, confluence, notion or google-docs: as its template says")
    created_at: datetime
    updated_at: datetime = Field(description="When people last saved something.")
    url: str

    @staticmethod
    def resolve_template(postmortem: Postmortem) -> str:
        return postmortem.template_name

    @staticmethod
    def resolve_url(postmortem: Postmortem) -> str:
        return reads.postmortem_address(postmortem)


class SectionOut(Schema):
    unique_id: uuid.UUID
    title: str
    kind: str = Field(description="prose, or live: then the record is drawn before the text")
    live_name: str = Field(description="Which part of the record a live section draws; else empty.")
    text: str = Field(description="What people wrote, in Markdown.")
    version: int = Field(description="Send it back with a change.")
    help_text: str
    field_names: list[str]
    is_internal: bool = Field(description="Whether no public edition has it.")


class PostmortemOut(PostmortemSummary):
    """A post-mortem with everything in it."""

    incidents: list[IncidentReference]
    sections: list[SectionOut]
    fields: list[FieldValueOut] = Field(description="The custom fields, empty ones too.")
    revision: int = Field(description="Grows with every save.")

    @staticmethod
    def resolve_incidents(postmortem: Postmortem) -> Any:
        return reads.incidents_of(postmortem)

    @staticmethod
    def resolve_sections(postmortem: Postmortem) -> Any:
        return reads.sections_of(postmortem)

    @staticmethod
    def resolve_fields(postmortem: Postmortem) -> Any:
        return fields_of(postmortem).every

    @staticmethod
    def resolve_revision(postmortem: Postmortem) -> int:
        return reads.latest_revision(postmortem).number


class PostmortemIn(Body):
    """A post-mortem to begin."""

    incidents: list[int | str] = Field(
        description="Numbers or unique ids, at least one; the first one's team owns the post-mortem."
    )
    title: str | None = Field(None, description="Made from the incidents' titles unless given.")
    author: uuid.UUID | None = Field(None, description="The unique id of a person; you, unless given.")
    owner: uuid.UUID | None = Field(None, description="Who sees to it; the author, unless given.")
    status_text: str = Field("", description="Where the incident stands, in words of your own.")
    template: str | None = Field(
        None, description="The key of a template; the one that fits, by rule or default, unless given."
    )
    blank: bool = Field(
        False, description="Whether its sections begin empty, without the template's starting texts."
    )


class PostmortemChangeIn(Body):
    """What is left out, or null, stays as it is."""

    title: str | None = None
    author: uuid.UUID | None = Field(None, description="The unique id of a person.")
    owner: uuid.UUID | None = Field(None, description="Who sees to it.")
    status_text: str | None = Field(None, description="Where the incident stands, in words of your own.")


class SectionIn(Body):
    """What is left out, or null, stays as it is."""

    text: str | None = Field(None, description="Markdown, at most 64 KB in UTF-8.")
    version: int | None = Field(
        None, description="Needed with a text: where you started from. 409 when it is not the present one."
    )
    is_internal: bool | None = Field(None, description="Whether no public edition has it.")
    title: str | None = Field(None, description="No other section of the post-mortem has it.")
    place: int | None = Field(None, ge=0, lt=1000, description="0 is the first; what is too far is the last.")


class SavedText(Schema):
    text: str
    version: int


class SectionConflict(Schema):
    """A section that was not saved. Your text is what you sent."""

    detail: str
    current: SavedText | None = Field(
        None, description="What stands there now: merge, and send this version."
    )


class IncidentsChangeIn(Body):
    """Incidents to add and to remove, by numbers or unique ids."""

    add: list[int | str] = Field([], max_length=INCIDENTS_MAX)
    remove: list[int | str] = Field([], max_length=INCIDENTS_MAX)
    opens: bool = Field(
        False,
        description="Needed where the last private incident goes: it is meant that others may read it then.",
    )


class TemplateSummary(Schema):
    key: str
    name: str
    is_shipped: bool
    sections: list[str] = Field(description="The titles of its sections.")

    @staticmethod
    def resolve_sections(choice: TemplateChoice) -> list[str]:
        return [section.title for section in choice.parsed.sections]


class TemplateOut(TemplateSummary):
    source: str = Field(description="The whole Markdown file.")
    writes: str
    requires: list[str]

    @staticmethod
    def resolve_writes(choice: TemplateChoice) -> str:
        return choice.parsed.writes

    @staticmethod
    def resolve_requires(choice: TemplateChoice) -> list[str]:
        return list(choice.parsed.requires)


class TemplateIn(Body):
    source: str = Field(description="The whole Markdown file, front matter included.")


class TemplateListing(Schema):
    """All templates: there are never so many that they need pages."""

    items: list[TemplateSummary]
    next: None = None
