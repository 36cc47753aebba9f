"""`{incident}/note/`: the notes of the timeline. What they delete is hidden here and stays in the record."""

from __future__ import annotations

import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django.http import HttpRequest
from ninja import Router, Schema, Status

from afterword.accounts.keys import caller_of
from afterword.catalog.zenduty.pages import describe_page, read_page
from afterword.catalog.zenduty.wire import answers, one_of
from afterword.incidents import writes
from afterword.incidents.models import Entry
from afterword.incidents.reads import get_incident
from afterword.incidents.zenduty import reads
from afterword.incidents.zenduty.shapes import describe_note
from afterword.lib.errors import InvalidInput

router = Router()
LIST, ONE = "/{reference}/note/", "/{reference}/note/{uuid:unique_id}/"
NOTES_AT_ONCE = 500
"""Unless a smaller page is asked for: their Python client reads one page and takes it for all."""


class NoteIn(Schema):
    note: str


@answers(router, ["GET"], LIST, summary="List the notes", name="list_notes", area="incident")
def list_notes(
    request: HttpRequest, reference: str, page: int = 1, page_size: int = NOTES_AT_ONCE
) -> dict[str, Any]:
    """The earliest first."""
    actor = caller_of(request).person
    one = read_page(reads.notes_of(actor, get_incident(actor, reference)), page=page, page_size=page_size)
    return describe_page(one, [describe_note(entry) for entry in one.rows], request.path)


@answers(router, ["POST"], LIST, summary="Add a note", name="add_note", area="incident", success=201)
def add_note(request: HttpRequest, reference: str, body: NoteIn) -> Status[dict[str, Any]]:
    actor = caller_of(request).person
    incident = get_incident(actor, reference)
    with _their_names():
        entry = writes.add_note(actor=actor, incident=incident, text=body.note)
    return Status(201, describe_note(entry))


@answers(router, ["GET"], ONE, summary="Get a note", name="get_note", area="incident")
def get_note(request: HttpRequest, reference: str, unique_id: uuid.UUID) -> dict[str, Any]:
    return describe_note(_note(request, reference, unique_id))


@answers(router, ["PUT", "PATCH"], ONE, summary="Correct a note", name="change_note", area="incident")
def change_note(request: HttpRequest, reference: str, unique_id: uuid.UUID, body: NoteIn) -> dict[str, Any]:
    """What it said before, who corrected it and when stays in the record."""
    entry = _note(request, reference, unique_id)
    with _their_names():
        writes.correct_entry(actor=caller_of(request).person, entry=entry, text=body.note)
    return describe_note(_note(request, reference, unique_id))


@answers(router, ["DELETE"], ONE, summary="Hide a note", name="delete_note", area="incident", success=204)
def delete_note(request: HttpRequest, reference: str, unique_id: uuid.UUID) -> Status[None]:
    """It is folded away and stays in the record."""
    entry = _note(request, reference, unique_id)
    writes.hide_entries(actor=caller_of(request).person, incident=entry.incident, entries=[entry.unique_id])
    return Status(204, None)


def _note(request: HttpRequest, reference: str, unique_id: uuid.UUID) -> Entry:
    actor = caller_of(request).person
    return one_of(reads.notes_of(actor, get_incident(actor, reference)), unique_id)


@contextmanager
def _their_names() -> Iterator[None]:
    """Name what is wrong with a note by the field that they send it in."""
    try:
        yield
    except InvalidInput as refusal:
        fields = {"note" if field == "text" else field: why for field, why in refusal.fields.items()}
        raise InvalidInput(fields=fields) from refusal
