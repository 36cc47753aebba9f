"""`/api/v1/postmortems/{number}/threads`: what is said about a post-mortem. Who reads it may write here."""

from __future__ import annotations

import uuid
from datetime import datetime

from django.http import HttpRequest
from ninja import Router, Schema, Status
from pydantic import Field

from afterword.accounts.keys import caller_of
from afterword.lib.bodies import Body
from afterword.lib.cursors import LIMIT_DEFAULT, CursorParameter, LimitParameter, Listing, Page, paginate
from afterword.lib.errors import InvalidInput, NotFound
from afterword.postmortems import reads as postmortem_reads
from afterword.postmortems.comments import reads, writes
from afterword.postmortems.comments.models import Comment, CommentThread
from afterword.postmortems.models import Postmortem
from afterword.postmortems.schemas import PersonReference

router = Router(tags=["Comments"])


class CommentOut(Schema):
    unique_id: uuid.UUID
    person: PersonReference | None
    text: str = Field(description="Markdown; empty once it was deleted.")
    at: datetime
    edited_at: datetime | None
    deleted_at: datetime | None


class ThreadOut(Schema):
    """A conversation about a section or some words in it."""

    unique_id: uuid.UUID
    section: uuid.UUID
    section_title: str = Field(description="As it was called when the conversation began.")
    quote: str = Field(description="The words that it is about; empty for the whole section.")
    created_at: datetime
    resolved_at: datetime | None
    resolved_by: PersonReference | None
    comments: list[CommentOut]

    @staticmethod
    def resolve_comments(thread: CommentThread) -> list[Comment]:
        return list(thread.comments.all())


class ThreadIn(Body):
    section: uuid.UUID
    text: str
    quote: str = Field("", description="Words of the section as they are read on its page.")
    hint: str = Field(
        "", max_length=1_000, description="What stands right before them, where they stand twice."
    )


class CommentIn(Body):
    text: str


class ResolutionIn(Body):
    is_resolved: bool = True


@router.get("/{int:number}/threads", response=Listing[ThreadOut], summary="List conversations")
def list_threads(
    request: HttpRequest, number: int, cursor: CursorParameter = None, limit: LimitParameter = LIMIT_DEFAULT
) -> Page[CommentThread]:
    """Oldest first, each with what was said in it."""
    found = reads.every_thread_of(_postmortem(request, number))
    return paginate(found, cursor=cursor, limit=limit, key="created_at")


@router.post("/{int:number}/threads", response={201: ThreadOut}, summary="Begin a conversation")
def begin_thread(request: HttpRequest, number: int, given: ThreadIn) -> Status[CommentThread]:
    postmortem = _postmortem(request, number)
    try:
        comment = writes.begin_thread(
            actor=caller_of(request).person,
            postmortem=postmortem,
            section=given.section,
            text=given.text,
            quote=given.quote,
            hint=given.hint,
        )
    except NotFound as error:
        raise InvalidInput(fields={"section": "There is no such section."}) from error
    return Status(201, _thread(postmortem, comment.thread.unique_id))


@router.post("/{int:number}/threads/{uuid:thread}/comments", response={201: ThreadOut}, summary="Answer")
def answer(request: HttpRequest, number: int, thread: uuid.UUID, given: CommentIn) -> Status[CommentThread]:
    """In a resolved one it opens the conversation again."""
    postmortem = _postmortem(request, number)
    found = reads.get_thread(postmortem, thread)
    writes.answer(actor=caller_of(request).person, postmortem=postmortem, thread=found, text=given.text)
    return Status(201, _thread(postmortem, thread))


@router.patch("/{int:number}/threads/{uuid:thread}", response=ThreadOut, summary="Resolve a conversation")
def resolve(request: HttpRequest, number: int, thread: uuid.UUID, given: ResolutionIn) -> CommentThread:
    """Or open it again. For who wrote in it, and writers of the post-mortem."""
    postmortem = _postmortem(request, number)
    writes.resolve_thread(
        actor=caller_of(request).person,
        postmortem=postmortem,
        thread=reads.get_thread(postmortem, thread),
        is_resolved=given.is_resolved,
    )
    return _thread(postmortem, thread)


@router.patch("/{int:number}/comments/{uuid:comment}", response=CommentOut, summary="Correct a comment")
def edit_comment(request: HttpRequest, number: int, comment: uuid.UUID, given: CommentIn) -> Comment:
    """For who said it."""
    postmortem = _postmortem(request, number)
    found = reads.get_comment(postmortem, comment)
    return writes.edit_comment(
        actor=caller_of(request).person, postmortem=postmortem, comment=found, text=given.text
    )


@router.delete("/{int:number}/comments/{uuid:comment}", response={204: None}, summary="Delete a comment")
def delete_comment(request: HttpRequest, number: int, comment: uuid.UUID) -> Status[None]:
    """For who said it, and writers of the post-mortem. Its place stays."""
    postmortem = _postmortem(request, number)
    found = reads.get_comment(postmortem, comment)
    writes.delete_comment(actor=caller_of(request).person, postmortem=postmortem, comment=found)
    return Status(204, None)


def _postmortem(request: HttpRequest, number: int) -> Postmortem:
    return postmortem_reads.get_postmortem(caller_of(request).person, number)


def _thread(postmortem: Postmortem, unique_id: uuid.UUID) -> CommentThread:
    found = reads.every_thread_of(postmortem).filter(unique_id=unique_id).first()
    if found is None:
        raise NotFound
    return found
