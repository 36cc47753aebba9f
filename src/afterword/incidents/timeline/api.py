"""`/api/v1/incidents/{reference}/entries`, `/timestamps` and `/api/v1/evidence`: timelines for programs."""

from __future__ import annotations

import uuid
from typing import Annotated

from django.db import transaction
from django.http import HttpRequest, HttpResponse
from ninja import File, Form, Query, Router, Status
from ninja.files import UploadedFile

from afterword.accounts.keys import caller_of
from afterword.incidents import writes
from afterword.incidents.models import Entry, Incident
from afterword.incidents.reads import get_incident
from afterword.incidents.schemas import (
    EntryChangeIn,
    EntryOut,
    EvidenceOut,
    IncidentOut,
    LinkEvidenceIn,
    NoteIn,
    RevisionOut,
    TimestampsIn,
)
from afterword.incidents.timeline import reads
from afterword.incidents.timeline.models import EntryRevision, Evidence, EvidenceKind
from afterword.incidents.timeline.reads import TimelineFilter
from afterword.incidents.timeline.uploads import was_cut
from afterword.incidents.timeline.views import hand_out
from afterword.incidents.writes.evidence import file_too_large
from afterword.lib.cursors import LIMIT_DEFAULT, CursorParameter, LimitParameter, Listing, Page, paginate
from afterword.lib.errors import InvalidInput, NotFound

router = Router(tags=["Timeline"])
evidence = Router(tags=["Timeline"])

KindParameter = Annotated[
    str,
    Query(description="alert, status, note, edit, assignment, message, sla, page or chat."),
]
MarkParameter = Annotated[str, Query(description="detection, diagnosis, mitigation, decision or impact")]
PersonParameter = Annotated[uuid.UUID | None, Query(description="The unique id of who wrote or did it.")]


@router.get("/{reference}/entries", response=Listing[EntryOut], summary="Read the timeline")
def list_entries(
    request: HttpRequest,
    reference: str,
    kind: KindParameter = "",
    person: PersonParameter = None,
    mark: MarkParameter = "",
    starred: Annotated[bool, Query(description="Only those that are.")] = False,
    hidden: Annotated[bool, Query(description="Those that are hidden too.")] = False,
    cursor: CursorParameter = None,
    limit: LimitParameter = LIMIT_DEFAULT,
) -> Page[Entry]:
    """Earliest first, by the time at which it happened; without those that are hidden, unless asked."""
    wanted = TimelineFilter(kind=kind, person=person, mark=mark, starred=starred, hidden=hidden)
    found = reads.find_entries(caller_of(request).person, _incident(request, reference), wanted)
    return paginate(reads.with_parts(found), cursor=cursor, limit=limit, key="at")


@router.post("/{reference}/entries", response={201: EntryOut}, summary="Add an entry to the timeline")
def add_entry(request: HttpRequest, reference: str, given: NoteIn) -> Status[Entry]:
    """A note; `at` may lie in the past."""
    actor, incident = caller_of(request).person, _incident(request, reference)
    return Status(201, writes.add_note(actor=actor, incident=incident, **given.model_dump()))


@router.get("/{reference}/entries/{entry}", response=EntryOut, summary="Get an entry")
def get_entry(request: HttpRequest, reference: str, entry: uuid.UUID) -> Entry:
    return _entry(request, reference, entry)


@router.patch("/{reference}/entries/{entry}", response=EntryOut, summary="Change an entry")
def change_entry(request: HttpRequest, reference: str, entry: uuid.UUID, given: EntryChangeIn) -> Entry:
    """Correct, mark, star or hide it. 409 when `edition` is given and another by now."""
    actor, found = caller_of(request).person, _entry(request, reference, entry)
    with transaction.atomic():
        if given.text is not None or given.at is not None:
            writes.correct_entry(
                actor=actor, entry=found, text=given.text, at=given.at, started_from=given.edition
            )
        if given.mark is not None:
            writes.mark_entry(actor=actor, entry=found, mark=given.mark)
        if given.starred is not None:
            writes.star_entry(actor=actor, entry=found, starred=given.starred)
        if given.hidden is not None:
            writes.hide_entries(
                actor=actor, incident=found.incident, entries=[found.unique_id], hidden=given.hidden
            )
    return _entry(request, reference, entry)


@router.delete("/{reference}/entries/{entry}", response={204: None}, summary="Hide an entry")
def hide_entry(request: HttpRequest, reference: str, entry: uuid.UUID) -> Status[None]:
    """It is folded away and stays in the record; change it with `hidden: false` to bring it back."""
    actor, found = caller_of(request).person, _entry(request, reference, entry)
    writes.hide_entries(actor=actor, incident=found.incident, entries=[found.unique_id])
    return Status(204, None)


@router.get(
    "/{reference}/entries/{entry}/revisions",
    response=Listing[RevisionOut],
    summary="What an entry said before",
)
def list_revisions(
    request: HttpRequest,
    reference: str,
    entry: uuid.UUID,
    cursor: CursorParameter = None,
    limit: LimitParameter = LIMIT_DEFAULT,
) -> Page[EntryRevision]:
    """The latest correction first."""
    found = reads.revisions_of(caller_of(request).person, _entry(request, reference, entry))
    return paginate(found, cursor=cursor, limit=limit, key="-edition")


@router.post("/{reference}/entries/{entry}/links", response={201: EvidenceOut}, summary="Attach a link")
def attach_link(
    request: HttpRequest, reference: str, entry: uuid.UUID, given: LinkEvidenceIn
) -> Status[Evidence]:
    actor, found = caller_of(request).person, _entry(request, reference, entry)
    return Status(201, writes.attach_link(actor=actor, entry=found, url=given.url, title=given.title))


@router.post("/{reference}/entries/{entry}/evidence", response={201: EvidenceOut}, summary="Attach a file")
def attach_file(
    request: HttpRequest,
    reference: str,
    entry: uuid.UUID,
    title: Annotated[str, Form(description="What it shows; an image needs it.")] = "",
    url: Annotated[str, Form(description="Of a picture: the graph that it is a snapshot of.")] = "",
    file: Annotated[UploadedFile | None, File(description="An image, a PDF or text.")] = None,
) -> Status[Evidence]:
    """As `multipart/form-data`. 413 for a file that is too large, 415 for a type that is not taken."""
    actor, found = caller_of(request).person, _entry(request, reference, entry)
    if was_cut(request):
        raise file_too_large()
    if file is None:
        raise InvalidInput(fields={"file": "Please send a file in the field `file`."})
    made = writes.attach_file(
        actor=actor, entry=found, data=file.read(), file_name=file.name or "", title=title, url=url
    )
    return Status(201, made)


@router.delete(
    "/{reference}/entries/{entry}/evidence/{item}", response={204: None}, summary="Take evidence away"
)
def remove_evidence(request: HttpRequest, reference: str, entry: uuid.UUID, item: uuid.UUID) -> Status[None]:
    """It is shown no more, and stays in the record."""
    actor, found = caller_of(request).person, _entry(request, reference, entry)
    attached = reads.get_evidence(actor, found.incident, item)
    if attached.entry_id != found.pk:
        raise NotFound
    writes.remove_evidence(actor=actor, evidence=attached)
    return Status(204, None)


@router.patch("/{reference}/timestamps", response=IncidentOut, summary="Set key timestamps")
def change_timestamps(request: HttpRequest, reference: str, given: TimestampsIn) -> Incident:
    """They follow one another: a contradiction is answered with 400 and the two that disagree."""
    actor, incident = caller_of(request).person, _incident(request, reference)
    times = given.model_dump(exclude_unset=True)
    writes.change_timestamps(actor=actor, incident=incident, times=times)
    return _incident(request, reference)


@evidence.get("/{item}", summary="Download a file", response={200: bytes})
def download(request: HttpRequest, item: uuid.UUID) -> HttpResponse:
    """What was attached to an entry. A link has no file: 404."""
    found = reads.find_evidence(caller_of(request).person, item)
    if found.kind == EvidenceKind.LINK:
        raise NotFound
    return hand_out(found)


def _incident(request: HttpRequest, reference: str) -> Incident:
    return get_incident(caller_of(request).person, reference)


def _entry(request: HttpRequest, reference: str, entry: uuid.UUID) -> Entry:
    return reads.get_entry(caller_of(request).person, _incident(request, reference), entry)
