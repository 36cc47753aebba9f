"""`/api/v1/wording` and the findings and mutes of post-mortems: what programs of our own kind use."""

from __future__ import annotations

import uuid
from typing import Any

from django.http import HttpRequest
from ninja import Router, Status

from afterword.accounts.keys import KeyAuth, caller_of
from afterword.language import Kind
from afterword.lib.cursors import (
    LIMIT_DEFAULT,
    CursorParameter,
    LimitParameter,
    Listing,
    Page,
    paginate,
    piece_of,
)
from afterword.lib.errors import InvalidInput, NotFound
from afterword.postmortems import reads as postmortem_reads
from afterword.postmortems.models import Postmortem
from afterword.wording import checking, reads, rules, writes
from afterword.wording.models import Mute, WordingSettings
from afterword.wording.schemas import (
    DocumentFindingsOut,
    MuteIn,
    MuteOut,
    SettingsIn,
    SettingsOut,
    TextFindingsOut,
    TextIn,
    describe_document,
    describe_text,
)

router = Router(tags=["Wording"])
of_postmortems = Router(tags=["Wording"])


@router.post("/checks", response=TextFindingsOut, summary="Check a text", auth=KeyAuth(only_reads=True))
def check_text(request: HttpRequest, given: TextIn) -> dict[str, Any]:
    """With the organisation's settings, and the people whom you see as its roster. Nothing is kept."""
    text = rules.with_plain_lines(given.text)
    options = reads.options_of(caller_of(request).person)
    return describe_text(text, checking.find_once(text, options, markdown=given.markdown))


@router.get("/settings", response=SettingsOut, summary="Get what the check looks for")
def get_settings(request: HttpRequest) -> WordingSettings:
    caller_of(request)
    return reads.wording_settings()


@router.patch("/settings", response=SettingsOut, summary="Change what the check looks for")
def change_settings(request: HttpRequest, given: SettingsIn) -> WordingSettings:
    """For administrators. Lists are replaced as a whole; what is left out stays as it is."""
    kinds_off = None
    if given.kinds is not None:
        if strange := [name for name in given.kinds if name not in list(Kind)]:
            raise InvalidInput(fields={"kinds": f"There is no {strange[0][:40]!r}."})
        kinds_off = [str(kind) for kind in Kind if kind.value not in given.kinds]
    return writes.change_settings(
        actor=caller_of(request).person,
        language=given.language,
        kinds_off=kinds_off,
        off=given.off,
        severities=given.severities,
        flagged=None if given.flagged is None else {row.term: row.why for row in given.flagged},
        allowed=given.allowed,
        acronyms=(None if given.acronyms is None else {row.acronym: row.meaning for row in given.acronyms}),
        names=given.names,
        requires_reasons=given.requires_reasons,
    )


@of_postmortems.get(
    "/{int:number}/findings", response=DocumentFindingsOut, summary="Get the findings in a post-mortem"
)
def get_findings(
    request: HttpRequest, number: int, cursor: CursorParameter = None, limit: LimitParameter = LIMIT_DEFAULT
) -> dict[str, Any]:
    """In what people wrote, as it is saved; what live sections draw from the record is not looked at.

    In pieces, by section and where they start. The counts are of all.
    """
    found = reads.findings_of(_postmortem(request, number))
    rows = [(index, part, remark) for index, part in enumerate(found.sections) for remark in part.remarks]
    places = [(index, remark.finding.start, order) for order, (index, _, remark) in enumerate(rows)]
    piece, behind = piece_of(
        zip(places, rows, strict=True),
        lambda row: row[0],
        of=f"findings of {number}",
        cursor=cursor,
        limit=limit,
    )
    return describe_document(found, [(part, remark) for _, (_, part, remark) in piece], behind)


@of_postmortems.get("/{int:number}/mutes", response=Listing[MuteOut], summary="List muted findings")
def list_mutes(
    request: HttpRequest, number: int, cursor: CursorParameter = None, limit: LimitParameter = LIMIT_DEFAULT
) -> Page[Mute]:
    """Oldest first, each with its reason, also where its words are gone."""
    found = reads.mutes_of(_postmortem(request, number))
    return paginate(found, cursor=cursor, limit=limit, key="made_at")


@of_postmortems.post("/{int:number}/mutes", response={201: MuteOut}, summary="Mute a finding")
def mute_finding(request: HttpRequest, number: int, given: MuteIn) -> Status[Mute]:
    """With a reason, which reviewers see. 409 when it has one already."""
    postmortem = _postmortem(request, number)
    try:
        mute = writes.mute_finding(
            actor=caller_of(request).person, postmortem=postmortem, **given.model_dump()
        )
    except NotFound as error:
        raise InvalidInput(fields={"section": "There is no such section."}) from error
    return Status(201, mute)


@of_postmortems.delete(
    "/{int:number}/mutes/{uuid:mute}", response={204: None}, summary="Take the reason of a mute back"
)
def take_back_mute(request: HttpRequest, number: int, mute: uuid.UUID) -> Status[None]:
    """The words are a finding again."""
    postmortem = _postmortem(request, number)
    found = reads.get_mute(postmortem, mute)
    writes.take_back_mute(actor=caller_of(request).person, postmortem=postmortem, mute=found)
    return Status(204, None)


def _postmortem(request: HttpRequest, number: int) -> Postmortem:
    return postmortem_reads.get_postmortem(caller_of(request).person, number)
