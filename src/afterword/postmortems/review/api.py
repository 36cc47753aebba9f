"""`/api/v1/postmortems/{number}/review` and its revisions: what programs of our own kind use."""

from __future__ import annotations

import uuid
from datetime import datetime
from typing import Any, Literal

from django.http import HttpRequest
from ninja import Router, Schema, Status
from pydantic import Field

from afterword.accounts.keys import caller_of
from afterword.accounts.models import Person
from afterword.accounts.reads import get_person
from afterword.lib.bodies import Body
from afterword.lib.cursors import LIMIT_DEFAULT, CursorParameter, LimitParameter, Listing, Page, paginate
from afterword.lib.errors import InvalidInput, NotFound
from afterword.postmortems import reads as postmortem_reads
from afterword.postmortems.history import reads as history_reads
from afterword.postmortems.history import writes as history_writes
from afterword.postmortems.models import Postmortem, Revision
from afterword.postmortems.review import reads, writes
from afterword.postmortems.review.models import Review, Verdict
from afterword.postmortems.schemas import PersonReference

router = Router(tags=["Post-mortem reviews"])


class ReviewOut(Schema):
    """What somebody said of one revision."""

    unique_id: uuid.UUID
    person: PersonReference
    verdict: str = Field(description="approved or changes_requested")
    note: str
    revision: int = Field(description="Which one it is about.")
    at: datetime
    withdrawn_at: datetime | None

    @staticmethod
    def resolve_revision(review: Review) -> int:
        return review.revision.number


class ReviewerOut(Schema):
    person: PersonReference
    is_required: bool
    is_asked: bool
    verdict: str | None
    is_stale: bool = Field(description="The approval was of an earlier revision.")
    is_asked_again: bool = Field(description="Asked for changes, and was asked since to look at them.")


class ReviewStateOut(Schema):
    """Where the review of a post-mortem stands."""

    status: str = Field(description="draft, in_review, approved or published")
    revision: int = Field(description="The newest. Approve this one.")
    is_approved: bool
    approvals_missing: int
    approvers_without_access: int = Field(
        description="How many a policy names who cannot read it. An approval of an administrator, or of who "
        "manages the team, other than the author counts in their place."
    )
    reviewers: list[ReviewerOut]


class ReviewRequestIn(Body):
    reviewers: list[uuid.UUID] = Field(
        default_factory=list,
        description="Unique ids of people. Those whom the policy names are asked anyway.",
    )


class ReviewIn(Body):
    verdict: Literal["approved", "changes_requested"]
    revision: int = Field(
        description="The number of the revision that was read. 409 when it is not the newest."
    )
    note: str = ""


class RevisionOut(Schema):
    number: int
    at: datetime
    person: PersonReference | None
    title: str
    note: str


class RevisionSectionOut(Schema):
    unique_id: uuid.UUID
    title: str
    kind: str
    live_name: str
    text: str


class RevisionPersonOut(Schema):
    unique_id: uuid.UUID
    name: str = Field(description="What they were called then.")


class RevisionCoverOut(Schema):
    status_text: str
    owner: RevisionPersonOut | None
    author: RevisionPersonOut


class WholeRevisionOut(RevisionOut):
    """A revision with the text of its sections."""

    sections: list[RevisionSectionOut]
    fields: dict[str, Any]
    cover: RevisionCoverOut | None = Field(description="null in older revisions, which did not keep it.")

    @staticmethod
    def resolve_cover(revision: Revision) -> dict[str, Any] | None:
        return revision.cover or None


class RestorationIn(Body):
    newest: int = Field(description="The newest revision that you know of. 409 when somebody saved since.")


@router.get("/{int:number}/review", response=ReviewStateOut, summary="Get where the review stands")
def get_review(request: HttpRequest, number: int) -> dict[str, Any]:
    return _state(_postmortem(request, number))


@router.post("/{int:number}/review", response=ReviewStateOut, summary="Ask for a review")
def ask_for_review(request: HttpRequest, number: int, given: ReviewRequestIn) -> dict[str, Any]:
    """Of a draft, or of further people; or again, of who asked for changes and has not seen what was edited
    since. 400 tells what must be done first."""
    actor = caller_of(request).person
    postmortem = writes.ask_for_review(
        actor=actor,
        postmortem=_postmortem(request, number),
        reviewers=[_reviewer(actor, unique_id) for unique_id in given.reviewers[: writes.REVIEWERS_MAX + 1]],
    )
    return _state(postmortem)


@router.delete("/{int:number}/review", response=ReviewStateOut, summary="Take it back to a draft")
def take_back(request: HttpRequest, number: int) -> dict[str, Any]:
    """What reviewers said stays said."""
    postmortem = _postmortem(request, number)
    return _state(writes.take_back_to_draft(actor=caller_of(request).person, postmortem=postmortem))


@router.delete(
    "/{int:number}/review/reviewers/{uuid:person}", response={204: None}, summary="Ask somebody no more"
)
def remove_reviewer(request: HttpRequest, number: int, person: uuid.UUID) -> Status[None]:
    actor = caller_of(request).person
    postmortem = _postmortem(request, number)
    writes.remove_reviewer(actor=actor, postmortem=postmortem, reviewer=get_person(actor, person))
    return Status(204, None)


@router.get("/{int:number}/reviews", response=Listing[ReviewOut], summary="List what reviewers said")
def list_reviews(
    request: HttpRequest, number: int, cursor: CursorParameter = None, limit: LimitParameter = LIMIT_DEFAULT
) -> Page[Review]:
    """Newest first, with what was taken back."""
    found = reads.all_reviews(_postmortem(request, number))
    return paginate(found, cursor=cursor, limit=limit, key="-at")


@router.post("/{int:number}/reviews", response={201: ReviewOut}, summary="Approve or ask for changes")
def give_review(request: HttpRequest, number: int, given: ReviewIn) -> Status[Review]:
    """409 when the document was saved since that revision, or is not in review. 403 to its author, and to who
    was it before and wrote in it, where the team asks for the approval of somebody else."""
    review = writes.give_review(
        actor=caller_of(request).person,
        postmortem=_postmortem(request, number),
        revision=given.revision,
        verdict=Verdict(given.verdict),
        note=given.note,
    )
    return Status(201, review)


@router.get("/{int:number}/revisions", response=Listing[RevisionOut], summary="List revisions")
def list_revisions(
    request: HttpRequest, number: int, cursor: CursorParameter = None, limit: LimitParameter = LIMIT_DEFAULT
) -> Page[Revision]:
    """Newest first, without the texts."""
    found = history_reads.revisions_of(_postmortem(request, number))
    return paginate(found, cursor=cursor, limit=limit, key="-number")


@router.get("/{int:number}/revisions/{int:revision}", response=WholeRevisionOut, summary="Get a revision")
def get_revision(request: HttpRequest, number: int, revision: int) -> Revision:
    return history_reads.get_revision(_postmortem(request, number), revision)


@router.post(
    "/{int:number}/revisions/{int:revision}/restoration",
    response={201: WholeRevisionOut},
    summary="Restore a revision",
)
def restore_revision(
    request: HttpRequest, number: int, revision: int, given: RestorationIn
) -> Status[Revision]:
    """As a new revision: nothing is lost. Author and incidents stay as they are; so does the owner where the
    one of then may not write in the team any more, which the note says."""
    done = history_writes.restore_revision(
        actor=caller_of(request).person,
        postmortem=_postmortem(request, number),
        number=revision,
        newest=given.newest,
    )
    return Status(201, done.revision)


def _postmortem(request: HttpRequest, number: int) -> Postmortem:
    return postmortem_reads.get_postmortem(caller_of(request).person, number)


def _reviewer(actor: Person, unique_id: uuid.UUID) -> Person:
    try:
        return get_person(actor, unique_id)
    except NotFound as error:
        raise InvalidInput(fields={"reviewers": f"There is nobody with the id {unique_id}."}) from error


def _state(postmortem: Postmortem) -> dict[str, Any]:
    state = reads.review_of(postmortem)
    return {
        "status": postmortem.status,
        "revision": state.newest.number,
        "is_approved": state.standing.is_approved,
        "approvals_missing": state.standing.approvals_missing,
        "approvers_without_access": len(state.demand.without_access),
        "reviewers": [
            {
                "person": one.person,
                "is_required": one.is_required,
                "is_asked": one.request is not None,
                "verdict": one.review.verdict if one.review else None,
                "is_stale": one.is_stale,
                "is_asked_again": one.was_asked_again,
            }
            for one in state.reviewers
        ],
    }
