"""Publications and the public edition of `/api/v1/postmortems/{number}`, and what stands published."""

from __future__ import annotations

import uuid
from datetime import datetime
from typing import Any

from django.http import HttpRequest
from ninja import Router, Schema, Status
from pydantic import Field

from afterword.accounts.keys import caller_of
from afterword.lib.bodies import Body
from afterword.lib.cursors import LIMIT_DEFAULT, CursorParameter, LimitParameter, Listing, Page, paginate
from afterword.lib.errors import InvalidInput, NotFound
from afterword.postmortems import reads as postmortem_reads
from afterword.postmortems.models import Postmortem
from afterword.postmortems.publishing import derivation, reads, writes
from afterword.postmortems.publishing.models import Audience, Edition, Publication
from afterword.postmortems.schemas import PersonReference

router = Router(tags=["Publications"])
published = Router(tags=["Publications"])
SECTIONS_MAX = 500


class PublicationOut(Schema):
    """A frozen version for one audience."""

    unique_id: uuid.UUID
    audience: str = Field(description="team, organisation or public")
    number: int = Field(description="The version, counted for each audience.")
    revision: int
    title: str
    correction: str
    published_at: datetime
    published_by: PersonReference | None
    replaced_at: datetime | None
    withdrawn_at: datetime | None
    is_standing: bool = Field(description="Whether its readers can read it now.")

    @staticmethod
    def resolve_revision(publication: Publication) -> int:
        return publication.revision.number


class PublishedSection(Schema):
    title: str
    text: str = Field(description="Markdown.")


class WholePublicationOut(PublicationOut):
    sections: list[PublishedSection]

    @staticmethod
    def resolve_sections(publication: Publication) -> Any:
        return publication.content["sections"]


class PublicationIn(Body):
    audience: str = Field(description="team, organisation or public")
    correction: str = Field("", description="What is corrected, where this replaces an earlier version.")


class EditionSection(Schema):
    unique_id: str
    title: str
    text: str = Field(description="What the public reads, in Markdown.")
    source: str = Field(description="The internal text that it was derived from.")
    is_left_out: bool


class Replacement(Schema):
    kind: str
    before: str
    after: str
    count: int


class Allowed(Schema):
    text: str
    reason: str


class LeakOut(Schema):
    text: str
    words: str = Field(description="What it looks like.")


class EditionOut(Schema):
    """The public edition in preparation."""

    title: str
    version: int = Field(description="Send it back with a change, and to approve.")
    revision: int = Field(description="The one that it was derived from.")
    is_behind: bool = Field(description="The post-mortem was saved since: derive it again.")
    sections: list[EditionSection]
    replacements: list[Replacement]
    allowed: list[Allowed]
    leaks: list[LeakOut] = Field(description="What still looks private and has to go, or be allowed.")
    private_reason: str
    prepared_by: PersonReference | None
    prepared_at: datetime
    approved_by: PersonReference | None
    approved_at: datetime | None


class DerivationIn(Body):
    private_reason: str = Field("", description="Why the public may read it, about a private incident.")


class EditionSectionIn(Body):
    unique_id: str
    title: str | None = None
    text: str | None = None
    is_left_out: bool | None = None


class AllowedIn(Body):
    text: str
    reason: str


class EditionIn(Body):
    """What is left out stays as it is."""

    version: int = Field(description="The version that you started from. 409 when it is not the present one.")
    title: str | None = None
    sections: list[EditionSectionIn] = Field(default_factory=list, max_length=SECTIONS_MAX)
    allowed: list[AllowedIn] | None = Field(None, max_length=writes.ALLOWED_MAX)


class EditionApprovalIn(Body):
    version: int


@router.get("/{int:number}/publications", response=Listing[PublicationOut], summary="List publications")
def list_publications(
    request: HttpRequest, number: int, cursor: CursorParameter = None, limit: LimitParameter = LIMIT_DEFAULT
) -> Page[Publication]:
    """Every one of a post-mortem, newest first, with those that were replaced or withdrawn."""
    found = reads.publications_of(_postmortem(request, number))
    return paginate(found, cursor=cursor, limit=limit, key="-published_at")


@router.post("/{int:number}/publications", response={201: PublicationOut}, summary="Publish")
def publish(request: HttpRequest, number: int, given: PublicationIn) -> Status[Publication]:
    """Freezes the newest revision. 409 without its approvals, or those of the public edition, and where the
    same is published for them already."""
    if given.audience not in Audience.values:
        raise InvalidInput(fields={"audience": f"Please give one of {', '.join(Audience.values)}."})
    made = writes.publish(
        actor=caller_of(request).person,
        postmortem=_postmortem(request, number),
        audience=Audience(given.audience),
        correction=given.correction,
    )
    return Status(201, made)


@router.post(
    "/{int:number}/publications/{uuid:publication}/withdrawal",
    response=PublicationOut,
    summary="Withdraw a publication",
)
def withdraw(request: HttpRequest, number: int, publication: uuid.UUID) -> Publication:
    postmortem = _postmortem(request, number)
    found = _publication(postmortem, publication)
    writes.withdraw(actor=caller_of(request).person, publication=found)
    return _publication(postmortem, publication)


@router.get("/{int:number}/edition", response=EditionOut, summary="Get the public edition")
def get_edition(request: HttpRequest, number: int) -> dict[str, Any]:
    """404 until it was derived."""
    return _describe(_edition(_postmortem(request, number)))


@router.post("/{int:number}/edition", response=EditionOut, summary="Derive the public edition")
def derive_edition(request: HttpRequest, number: int, given: DerivationIn) -> dict[str, Any]:
    """Made by the rules from what is written now; earlier adjustments are gone."""
    postmortem = _postmortem(request, number)
    writes.derive_edition(
        actor=caller_of(request).person, postmortem=postmortem, private_reason=given.private_reason
    )
    return _describe(_edition(postmortem))


@router.patch("/{int:number}/edition", response=EditionOut, summary="Adjust the public edition")
def save_edition(request: HttpRequest, number: int, given: EditionIn) -> dict[str, Any]:
    """It has to be approved again. 409 when somebody saved since `version`."""
    postmortem = _postmortem(request, number)
    edition = _edition(postmortem)
    changes = {section.unique_id: section.model_dump(exclude_none=True) for section in given.sections}
    unknown = changes.keys() - {section["unique_id"] for section in edition.sections}
    if unknown:
        raise InvalidInput(fields={"sections": f"There is no section {min(unknown)[:40]!r}."})
    writes.save_edition(
        actor=caller_of(request).person,
        edition=edition,
        version=given.version,
        title=edition.title if given.title is None else given.title,
        sections={
            section["unique_id"]: {
                "is_left_out": section["is_left_out"],
                **changes.get(section["unique_id"], {}),
            }
            for section in edition.sections
        },
        allowed=edition.allowed if given.allowed is None else [one.model_dump() for one in given.allowed],
    )
    return _describe(_edition(postmortem))


@router.post("/{int:number}/edition/approval", response=EditionOut, summary="Approve the public edition")
def approve_edition(request: HttpRequest, number: int, given: EditionApprovalIn) -> dict[str, Any]:
    """By somebody other than who saved it last. 409 while something in it looks private."""
    postmortem = _postmortem(request, number)
    writes.approve_edition(
        actor=caller_of(request).person, edition=_edition(postmortem), version=given.version
    )
    return _describe(_edition(postmortem))


@published.get("", response=Listing[PublicationOut], summary="List what is published")
def list_published(
    request: HttpRequest, cursor: CursorParameter = None, limit: LimitParameter = LIMIT_DEFAULT
) -> Page[Publication]:
    """What stands published and is for you, newest first."""
    found = reads.readable_publications(caller_of(request).person)
    return paginate(found, cursor=cursor, limit=limit, key="-published_at")


@published.get("/{uuid:unique_id}", response=WholePublicationOut, summary="Get a publication")
def get_published(request: HttpRequest, unique_id: uuid.UUID) -> Publication:
    return reads.get_readable(caller_of(request).person, unique_id)


def _postmortem(request: HttpRequest, number: int) -> Postmortem:
    return postmortem_reads.get_postmortem(caller_of(request).person, number)


def _publication(postmortem: Postmortem, unique_id: uuid.UUID) -> Publication:
    found = reads.publications_of(postmortem).filter(unique_id=unique_id).first()
    if found is None:
        raise NotFound
    return found


def _edition(postmortem: Postmortem) -> Edition:
    found = reads.edition_of(postmortem)
    if found is None:
        raise NotFound
    return found


def _describe(edition: Edition) -> dict[str, Any]:
    newest = postmortem_reads.latest_revision(edition.postmortem)
    return {
        "title": edition.title,
        "version": edition.version,
        "revision": edition.revision.number,
        "is_behind": edition.revision_id != newest.pk,
        "sections": edition.sections,
        "replacements": edition.replacements,
        "allowed": edition.allowed,
        "leaks": [{"text": leak.text, "words": leak.words} for leak in derivation.leaks_of(edition)],
        "private_reason": edition.private_reason,
        "prepared_by": edition.prepared_by,
        "prepared_at": edition.prepared_at,
        "approved_by": edition.approved_by,
        "approved_at": edition.approved_at,
    }
