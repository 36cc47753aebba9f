"""`/api/v1/postmortems` and `/api/v1/templates`: what programs of our own kind use."""

from __future__ import annotations

import uuid
from typing import Annotated, Any

from django.db import transaction
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from ninja import Query, Router, Status

from afterword.accounts.keys import caller_of
from afterword.accounts.models import Person
from afterword.accounts.reads import require_admin, require_write
from afterword.incidents.models import Incident
from afterword.incidents.reads import get_incident
from afterword.lib.cursors import LIMIT_DEFAULT, CursorParameter, LimitParameter, Listing, Page, paginate
from afterword.lib.errors import InvalidInput, NotAllowed, NotFound
from afterword.postmortems import composition, reads, rules, writes
from afterword.postmortems.foreign.writes import change_author, delete_postmortem
from afterword.postmortems.history.reads import get_revision
from afterword.postmortems.models import Postmortem, Section, Template
from afterword.postmortems.outline.writes import place_section, rename_section, take_out_section
from afterword.postmortems.publishing.writes import set_internal
from afterword.postmortems.reads import TemplateChoice
from afterword.postmortems.reports import write_report
from afterword.postmortems.schemas import (
    IncidentsChangeIn,
    PostmortemChangeIn,
    PostmortemIn,
    PostmortemOut,
    PostmortemSummary,
    SectionConflict,
    SectionIn,
    SectionOut,
    TemplateIn,
    TemplateListing,
    TemplateOut,
)
from afterword.postmortems.searching.exporting import EXPORTED_MAX, export
from afterword.postmortems.searching.reads import NEWEST, Found, find_postmortems
from afterword.postmortems.searching.schemas import FilterParameters, FormatParameter
from afterword.postmortems.views.reading import as_file

router = Router(tags=["Post-mortems"])
templates = Router(tags=["Templates"])

RevisionParameter = Annotated[
    int | None, Query(description="What people had written then. The record is as it is now.")
]


@router.get("", response=Listing[PostmortemSummary], summary="List post-mortems")
def list_postmortems(
    request: HttpRequest,
    filters: Query[FilterParameters],
    cursor: CursorParameter = None,
    limit: LimitParameter = LIMIT_DEFAULT,
) -> Page[Postmortem]:
    """Newest first. `field.SLUG=TEXT` narrows to what a custom field is, or has in it."""
    wanted = filters.wanted(request)
    found = find_postmortems(caller_of(request).person, wanted)
    return paginate(found, cursor=cursor, limit=limit, key="-number")


@router.get("/export", summary="Export post-mortems")
def export_postmortems(
    request: HttpRequest, filters: Query[FilterParameters], format: FormatParameter = "pdf"
) -> HttpResponseBase:
    """A zip with a file for each post-mortem that fits, at most 200, and an index, `index.md`.

    It is sent as it is made. 400 when more than 200 fit: narrow them.
    """
    caller = caller_of(request)
    found = Found(caller.person, filters.wanted(request), NEWEST)
    return export(
        actor=caller.person,
        postmortems=found[: EXPORTED_MAX + 1],
        file_format=format,
        may_write=caller.may_write,
    )


@router.post("", response={201: PostmortemOut}, summary="Begin a post-mortem")
def create_postmortem(request: HttpRequest, given: PostmortemIn) -> Status[Postmortem]:
    actor = caller_of(request).person
    incidents = list(dict.fromkeys(_incidents(actor, given.incidents)))
    title = given.title
    if title is None:
        title = rules.suggest_title([incident.title for incident in incidents])
    postmortem = writes.create_postmortem(
        actor=actor,
        incidents=incidents,
        title=title,
        author=_person(actor, "author", given.author),
        owner=_person(actor, "owner", given.owner),
        status_text=given.status_text,
        template=given.template,
        blank=given.blank,
    )
    return Status(201, postmortem)


@router.get("/{int:number}", response=PostmortemOut, summary="Get a post-mortem")
def get_postmortem(request: HttpRequest, number: int) -> Postmortem:
    """With what people wrote in its sections. For what live sections draw, read its Markdown."""
    return _postmortem(request, number)


@router.patch("/{int:number}", response=PostmortemOut, summary="Change a post-mortem")
def change_postmortem(request: HttpRequest, number: int, given: PostmortemChangeIn) -> Postmortem:
    """Its title, owner, author and free status text. What is left out stays as it is."""
    actor, postmortem = caller_of(request).person, _postmortem(request, number)
    with transaction.atomic():
        if given.title is not None:
            postmortem = writes.change_title(actor=actor, postmortem=postmortem, title=given.title)
        author = _person(actor, "author", given.author)
        if author is not None:
            postmortem = change_author(actor=actor, postmortem=postmortem, author=author)
        owner = _person(actor, "owner", given.owner)
        if owner is not None or given.status_text is not None:
            postmortem = writes.change_cover(
                actor=actor,
                postmortem=postmortem,
                owner=owner,
                status_text=given.status_text,
            )
    if not given.model_fields_set:
        require_write(actor, postmortem.team)
    return postmortem


@router.delete("/{int:number}", response={204: None}, summary="Delete a post-mortem")
def remove_postmortem(request: HttpRequest, number: int) -> Status[None]:
    """A draft in which nobody else wrote anything, for good. 409 for any other."""
    delete_postmortem(actor=caller_of(request).person, postmortem=_postmortem(request, number))
    return Status(204, None)


@router.patch(
    "/{int:number}/sections/{uuid:section}",
    response={200: SectionOut, 409: SectionConflict},
    summary="Save a section",
)
def save_section(request: HttpRequest, number: int, section: uuid.UUID, given: SectionIn) -> Section:
    """Its text, title, place, and whether it is internal.

    409 when somebody saved another text since `version`: `current` has it, to merge with yours.
    """
    actor = caller_of(request).person
    found = reads.get_section(_postmortem(request, number), section)
    if given.text is not None and given.version is None:
        raise InvalidInput(fields={"version": "Please say which version you started from."})
    with transaction.atomic():
        if given.text is not None and given.version is not None:
            found = writes.save_section(actor=actor, section=found, text=given.text, version=given.version)
        if given.is_internal is not None:
            found = set_internal(actor=actor, section=found, is_internal=given.is_internal)
        if given.title is not None:
            found = rename_section(actor=actor, section=found, title=given.title)
        if given.place is not None:
            found = place_section(actor=actor, section=found, place=given.place)
    if not given.model_fields_set:
        require_write(actor, found.postmortem.team)
    return found


@router.delete("/{int:number}/sections/{uuid:section}", response={204: None}, summary="Take a section out")
def remove_section(request: HttpRequest, number: int, section: uuid.UUID) -> Status[None]:
    """What it says stays in the history. The last one stays."""
    found = reads.get_section(_postmortem(request, number), section)
    take_out_section(actor=caller_of(request).person, section=found)
    return Status(204, None)


@router.patch("/{int:number}/incidents", response=PostmortemOut, summary="Change what it is about")
def change_incidents(request: HttpRequest, number: int, given: IncidentsChangeIn) -> Postmortem:
    """Its team stays; the first incident that is left gives it its times. At most 20, at least one."""
    actor, postmortem = caller_of(request).person, _postmortem(request, number)
    present = reads.incidents_of(postmortem)
    named = {str(key) for one in present for key in (one.number, one.unique_id)}
    unknown = [str(reference) for reference in given.remove if str(reference) not in named]
    if unknown:
        raise InvalidInput(fields={"remove": f"It is not about incident {unknown[0][:40]!r}."})
    gone = {str(reference) for reference in given.remove}
    return writes.change_incidents(
        actor=actor,
        postmortem=postmortem,
        add=_incidents(actor, given.add, "add"),
        remove=[one for one in present if gone & {str(one.number), str(one.unique_id)}],
        opens=given.opens,
    )


@router.get("/{int:number}/markdown", summary="Download as Markdown")
def get_markdown(request: HttpRequest, number: int) -> HttpResponse:
    """The whole document, live sections drawn from the record as it is now."""
    postmortem = _postmortem(request, number)
    text = composition.write_markdown(reader=caller_of(request).person, postmortem=postmortem)
    _record_export(request, postmortem, "Markdown")
    return as_file(
        text.encode(), "text/markdown; charset=utf-8", composition.postmortem_file_names(postmortem, "md")
    )


@router.get("/{int:number}/pdf", summary="Download as PDF")
def get_pdf(request: HttpRequest, number: int, revision: RevisionParameter = None) -> HttpResponse:
    """The same state of the record gives the same bytes. 422 when it is too much for a PDF."""
    postmortem = _postmortem(request, number)
    wanted = get_revision(postmortem, revision) if revision is not None else None
    data = write_report(reader=caller_of(request).person, postmortem=postmortem, revision=wanted)
    _record_export(request, postmortem, "PDF")
    return as_file(data, "application/pdf", composition.postmortem_file_names(postmortem, "pdf"))


@templates.get("", response=TemplateListing, summary="List templates")
def list_templates(request: HttpRequest) -> dict[str, Any]:
    """The ones that ship, then your own by name."""
    return {"items": reads.template_choices(caller_of(request).person), "next": None}


@templates.post("", response={201: TemplateOut}, summary="Add a template")
def create_template(request: HttpRequest, given: TemplateIn) -> Status[TemplateChoice]:
    """For administrators. 400 names the line that cannot be read."""
    actor = caller_of(request).person
    template = writes.create_template(actor=actor, source=given.source)
    return Status(201, reads.get_template(actor, str(template.unique_id)))


@templates.get("/{key}", response=TemplateOut, summary="Get a template")
def get_template(request: HttpRequest, key: str) -> TemplateChoice:
    return reads.get_template(caller_of(request).person, key)


@templates.patch("/{key}", response=TemplateOut, summary="Change a template")
def change_template(request: HttpRequest, key: str, given: TemplateIn) -> TemplateChoice:
    """For administrators. Documents that were made from it stay as they are."""
    actor = caller_of(request).person
    template = _own_template(request, key)
    writes.change_template(actor=actor, template=template, source=given.source)
    return reads.get_template(actor, key)


@templates.delete("/{key}", response={204: None}, summary="Delete a template")
def delete_template(request: HttpRequest, key: str) -> Status[None]:
    """For administrators. Documents that were made from it stay; rules that begin something with it go."""
    writes.delete_template(actor=caller_of(request).person, template=_own_template(request, key))
    return Status(204, None)


def _own_template(request: HttpRequest, key: str) -> Template:
    actor = caller_of(request).person
    choice = reads.get_template(actor, key)
    require_admin(actor)
    if choice.own is None:
        raise NotAllowed("This template comes with Afterword. Add a copy and change that.")
    return choice.own


def _record_export(request: HttpRequest, postmortem: Postmortem, file_format: str) -> None:
    caller = caller_of(request)
    writes.record_export(
        actor=caller.person, postmortem=postmortem, file_format=file_format, may_write=caller.may_write
    )


def _postmortem(request: HttpRequest, number: int) -> Postmortem:
    return reads.get_postmortem(caller_of(request).person, number)


def _incidents(actor: Person, references: list[int | str], field: str = "incidents") -> list[Incident]:
    found = []
    for reference in references[: writes.INCIDENTS_MAX + 1]:
        try:
            found.append(get_incident(actor, reference))
        except NotFound as error:
            raise InvalidInput(fields={field: f"There is no incident {str(reference)[:40]!r}."}) from error
    return found


def _person(actor: Person, name: str, unique_id: uuid.UUID | None) -> Person | None:
    if unique_id is None:
        return None
    person = reads.possible_authors(actor).filter(unique_id=unique_id).first()
    if person is None:
        raise InvalidInput(fields={name: "There is no such person."})
    return person
