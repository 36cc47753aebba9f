"""`/api/v1/postmortem_documents` in the shape of incident.io's API reference, "Post-mortem Documents V1"."""

from __future__ import annotations

import json
import uuid
from collections.abc import Callable
from datetime import UTC, datetime
from functools import wraps
from typing import Annotated, Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.urls import reverse
from ninja import Query, Router, Schema
from pydantic import Field

from afterword.accounts.keys import caller_of
from afterword.accounts.models import OrganisationRole, Person
from afterword.lib import ids
from afterword.lib.errors import InvalidInput, NotFound
from afterword.postmortems import composition
from afterword.postmortems import reads as postmortem_reads
from afterword.postmortems import writes as postmortem_writes
from afterword.postmortems.foreign import reads, rules, writes
from afterword.postmortems.models import Postmortem

router = Router(tags=["incident.io-compatible"])
PAGE_SIZE_DEFAULT, PAGE_SIZE_MAX = 25, 250
ID_CHARACTERS_MAX = 64
NEWEST_FIRST, OLDEST_FIRST = "created_at_newest_first", "created_at_oldest_first"
STATUSES = {"in_progress": rules.DRAFT, "in_review": rules.IN_REVIEW, "completed": rules.APPROVED}
ERROR_TYPES = {
    401: "authentication_error",
    403: "authorization_error",
    404: "not_found",
    409: "conflict",
    413: "payload_too_large",
}
ROLES = {
    OrganisationRole.OWNER: "owner",
    OrganisationRole.ADMIN: "administrator",
    OrganisationRole.RESPONDER: "responder",
    OrganisationRole.VIEWER: "viewer",
}

PageSize = Annotated[int, Query(description=f"From 1 to {PAGE_SIZE_MAX}.")]
After = Annotated[
    str | None,
    Query(max_length=ID_CHARACTERS_MAX, description="The id of the last document of the page before."),
]
SortBy = Annotated[str, Query(description=f"{NEWEST_FIRST} or {OLDEST_FIRST}")]


class Editor(Schema):
    id: str
    name: str
    email: str
    role: str
    slack_user_id: str = ""


class PostmortemDocument(Schema):
    id: str
    incident_id: str = Field(description="Of the first one; empty where it is about none.")
    title: str
    status: str = Field(description="in_progress, in_review or completed")
    type: str = Field(description="in_app")
    document_url: str
    exported_urls: list[str] = Field(description="Where everybody reads it, once it is published so.")
    editors: list[Editor]
    created_at: str
    updated_at: str


class Paging(Schema):
    page_size: int
    after: str | None = None


class PostmortemDocuments(Schema):
    postmortem_documents: list[PostmortemDocument]
    pagination_meta: Paging


class OnePostmortemDocument(Schema):
    postmortem_document: PostmortemDocument


class Content(Schema):
    markdown: str


class StatusIn(Schema):
    status: str = Field(description="in_progress, in_review or completed")


def _with_their_errors(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """Failures in incident.io's shape; ours stands beside it, as in every answer of this API."""

    @wraps(view)
    def answer(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        response = view(request, *args, **kwargs)
        if response.status_code < 400:
            return response
        body: dict[str, Any] = json.loads(response.content)
        reasons: dict[str, str] = body.get("fields", {})
        errors = [
            {"code": "invalid_value", "message": reason, "source": {"field": name, "pointer": f"/{name}"}}
            for name, reason in reasons.items()
        ]
        status = 422 if response.status_code == 400 else response.status_code
        theirs = {
            "type": ERROR_TYPES.get(status, "validation_error"),
            "status": status,
            "request_id": str(ids.new_uuid()),
            "errors": errors
            or [{"code": ERROR_TYPES.get(status, "invalid_value"), "message": body["detail"]}],
        }
        shaped = JsonResponse({**theirs, **body}, status=status)
        if "WWW-Authenticate" in response.headers:
            shaped["WWW-Authenticate"] = response.headers["WWW-Authenticate"]
        return shaped

    return answer


router.add_decorator(_with_their_errors, mode="view")


@router.get("", response=PostmortemDocuments, summary="List post-mortem documents", exclude_none=True)
def list_documents(
    request: HttpRequest,
    page_size: PageSize = PAGE_SIZE_DEFAULT,
    after: After = None,
    incident_id: Annotated[str | None, Query(max_length=ID_CHARACTERS_MAX)] = None,
    sort_by: SortBy = NEWEST_FIRST,
) -> dict[str, Any]:
    """`after` of `pagination_meta` is there while more follow."""
    actor = caller_of(request).person
    if not 1 <= page_size <= PAGE_SIZE_MAX:
        raise InvalidInput(fields={"page_size": f"Please ask for 1 to {PAGE_SIZE_MAX} at once."})
    if sort_by not in (NEWEST_FIRST, OLDEST_FIRST):
        raise InvalidInput(fields={"sort_by": f"Please give {NEWEST_FIRST} or {OLDEST_FIRST}."})
    newest_first = sort_by == NEWEST_FIRST
    found = reads.documents(actor, incident=incident_id or "", newest_first=newest_first)
    if after:
        try:
            last = reads.get_by_id(actor, _id("after", after))
        except NotFound as error:
            raise InvalidInput(fields={"after": "There is no such document."}) from error
        found = reads.behind(found, last, newest_first=newest_first)
    rows = list(found[: page_size + 1])
    page = rows[:page_size]
    return {
        "postmortem_documents": _describe(page),
        "pagination_meta": {
            "page_size": page_size,
            "after": str(page[-1].unique_id) if len(rows) > page_size else None,
        },
    }


@router.get("/{unique_id}", response=OnePostmortemDocument, summary="Get a post-mortem document")
def get_document(request: HttpRequest, unique_id: str) -> dict[str, Any]:
    return {"postmortem_document": _describe([_document(request, unique_id)])[0]}


@router.get("/{unique_id}/content", response=Content, summary="Get the text of a post-mortem document")
def get_content(request: HttpRequest, unique_id: str) -> dict[str, str]:
    """The whole document as Markdown, live sections drawn from the record as it is now."""
    caller, postmortem = caller_of(request), _document(request, unique_id)
    text = composition.write_markdown(reader=caller.person, postmortem=postmortem)
    postmortem_writes.record_export(
        actor=caller.person, postmortem=postmortem, file_format="Markdown", may_write=caller.may_write
    )
    return {"markdown": text}


@router.put(
    "/{unique_id}", response=OnePostmortemDocument, summary="Set the status of a post-mortem document"
)
def set_status(request: HttpRequest, unique_id: str, given: StatusIn) -> dict[str, Any]:
    """`in_review` asks for a review, `in_progress` takes it back. Without approvals `completed` is 409."""
    status = STATUSES.get(given.status)
    if status is None:
        raise InvalidInput(fields={"status": f"Please give one of {', '.join(STATUSES)}."})
    writes.move_to(actor=caller_of(request).person, postmortem=_document(request, unique_id), status=status)
    return {"postmortem_document": _describe([_document(request, unique_id)])[0]}


def _describe(postmortems: list[Postmortem]) -> list[dict[str, Any]]:
    around = reads.surroundings_of(postmortems)
    return [_describe_one(postmortem, around) for postmortem in postmortems]


def _describe_one(postmortem: Postmortem, around: reads.Surroundings) -> dict[str, Any]:
    links = list(postmortem.links.all())
    slug = around.public_slugs.get(postmortem.pk)
    return {
        "id": str(postmortem.unique_id),
        "incident_id": str(links[0].incident.unique_id) if links else "",
        "title": postmortem.title,
        "status": rules.INCIDENT_IO_WORDS[postmortem.status],
        "type": "in_app",
        "document_url": postmortem_reads.postmortem_address(postmortem),
        "exported_urls": [settings.PUBLIC_URL + reverse("postmortems:public", args=[slug])] if slug else [],
        "editors": [_describe_editor(person) for person in around.editors[postmortem.pk]],
        "created_at": _moment(postmortem.created_at),
        "updated_at": _moment(postmortem.updated_at),
    }


def _moment(at: datetime) -> str:
    return at.astimezone(UTC).isoformat().replace("+00:00", "Z")


def _describe_editor(person: Person) -> dict[str, str]:
    return {
        "id": str(person.unique_id),
        "name": str(person),
        "email": person.email,
        "role": ROLES[OrganisationRole(person.role)],
    }


def _document(request: HttpRequest, unique_id: str) -> Postmortem:
    try:
        wanted = uuid.UUID(unique_id[: ID_CHARACTERS_MAX + 1])
    except ValueError as error:
        raise NotFound from error
    return reads.get_by_id(caller_of(request).person, wanted)


def _id(name: str, given: str) -> uuid.UUID:
    try:
        return uuid.UUID(given)
    except ValueError as error:
        raise InvalidInput(fields={name: "This is no id of ours."}) from error
