"""The list, a new one, the page that is read, and its files."""

from __future__ import annotations

from urllib.parse import quote

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from afterword.accounts.models import Person
from afterword.documents import Document, section_anchors
from afterword.incidents.models import Incident
from afterword.incidents.reads import get_incident
from afterword.lib.errors import NotAllowed, NotFound
from afterword.lib.forms import refusals_on
from afterword.lib.remembering import remembering
from afterword.postmortems import composition, reads, writes
from afterword.postmortems.comments.reads import count_threads
from afterword.postmortems.forms import NewPostmortemForm
from afterword.postmortems.history.reads import get_revision
from afterword.postmortems.models import Postmortem, Section
from afterword.postmortems.reports import write_report
from afterword.postmortems.review.reads import is_waiting_for
from afterword.postmortems.views.document import draw_document


def reader_of(request: HttpRequest) -> Person:
    """Who is signed in. These pages are for nobody else."""
    assert isinstance(request.user, Person), "this page needs a sign-in"
    return request.user


@require_http_methods(["GET", "HEAD", "POST"])
def begin(request: HttpRequest) -> HttpResponse:
    actor = reader_of(request)
    if not actor.may_write:
        raise NotAllowed("You can read post-mortems, but not write them.")
    posted = request.method == "POST"
    given = request.POST if posted else request.GET
    numbers = given.getlist("incident")
    if posted and "find" in request.POST:
        # Looking for an incident is no mistake: nothing that is still missing is pointed out.
        form = NewPostmortemForm(None, actor=actor, numbers=numbers, typed=request.POST)
        return render(request, "postmortems/new.html", {"form": form})
    form = NewPostmortemForm(request.POST if posted else None, actor=actor, numbers=numbers)
    if posted and form.is_valid():
        with refusals_on(form):
            postmortem = writes.create_postmortem(
                actor=actor,
                incidents=form.picked,
                title=form.cleaned_data["title"],
                author=form.chosen_person("author"),
                owner=form.chosen_person("owner"),
                status_text=form.cleaned_data["status_text"],
                template=form.chosen_template(),
                blank=bool(form.cleaned_data["blank"]),
                another=form.cleaned_data["another"],
            )
            _say_it_began(request, postmortem, form.picked)
            return redirect("postmortems:write", postmortem.number)
    return render(request, "postmortems/new.html", {"form": form}, status=400 if form.errors else 200)


@require_safe
def read(request: HttpRequest, number: int) -> HttpResponse:
    with remembering():
        return _draw(request, number)


def _draw(request: HttpRequest, number: int) -> HttpResponse:
    actor = reader_of(request)
    postmortem = reads.get_postmortem(actor, number)
    zone = timezone.get_current_timezone()
    document = composition.compose_document(reader=actor, postmortem=postmortem, zone=zone)
    sections = reads.sections_of(postmortem)
    may_write = reads.may_write(actor, postmortem)
    return render(
        request,
        "postmortems/read.html",
        {
            "postmortem": postmortem,
            "html": draw_document(
                document, reader=actor, postmortem=postmortem, sections=sections, may_write=may_write
            ),
            "contents": _contents(document, sections),
            "comments": count_threads(postmortem),
            "incidents": reads.incidents_seen_by(actor, postmortem),
            "revision": reads.latest_revision(postmortem),
            "may_write": may_write,
            "asks_for_review": is_waiting_for(actor, postmortem),
        },
    )


@require_safe
def download_markdown(request: HttpRequest, number: int) -> HttpResponse:
    actor = reader_of(request)
    postmortem = reads.get_postmortem(actor, number)
    text = composition.write_markdown(reader=actor, postmortem=postmortem)
    writes.record_export(actor=actor, postmortem=postmortem, file_format="Markdown")
    return as_file(
        text.encode(), "text/markdown; charset=utf-8", composition.postmortem_file_names(postmortem, "md")
    )


@require_safe
def download_pdf(request: HttpRequest, number: int) -> HttpResponse:
    """The report; `?revision=3` for what people had written then."""
    actor = reader_of(request)
    postmortem = reads.get_postmortem(actor, number)
    wanted = request.GET.get("revision", "")
    if wanted and not (wanted.isascii() and wanted.isdigit() and len(wanted) < 10):
        raise NotFound
    revision = get_revision(postmortem, int(wanted)) if wanted else None
    data = write_report(reader=actor, postmortem=postmortem, revision=revision)
    writes.record_export(actor=actor, postmortem=postmortem, file_format="PDF")
    return as_file(data, "application/pdf", composition.postmortem_file_names(postmortem, "pdf"))


@require_safe
def show_of_incident(request: HttpRequest, number: int) -> HttpResponse:
    """A fragment for the page of an incident, and a page of its own where there is no script."""
    actor = reader_of(request)
    incident = get_incident(actor, number)
    name = "postmortems/_of_incident.html" if _is_fragment(request) else "postmortems/of_incident.html"
    return render(
        request,
        name,
        {
            "incident": incident,
            "postmortems": reads.postmortems_of_incident(actor, incident),
            "may_write": reads.may_write_about(actor, incident),
            "number_text": str(incident.number),
        },
    )


def as_file(data: bytes, content_type: str, names: tuple[str, str]) -> HttpResponse:
    """A download. `names` are the file's name in ASCII and in full (RFC 6266, RFC 8187)."""
    plain, full = names
    response = HttpResponse(data, content_type=content_type)
    response["Content-Disposition"] = (
        f"attachment; filename=\"{plain}\"; filename*=UTF-8''{quote(full, safe='')}"
    )
    response["Cache-Control"] = "private, no-cache"
    return response


def _contents(document: Document, sections: list[Section]) -> list[tuple[str, str, str]]:
    """Anchor, title and unique id of each part; the custom fields before the first section have no id."""
    ids = [str(section.unique_id) for section in sections]
    ids = [""] * (len(document.sections) - len(ids)) + ids
    return [
        (anchor, part.title, unique_id)
        for anchor, part, unique_id in zip(section_anchors(document), document.sections, ids, strict=True)
    ]


def _is_fragment(request: HttpRequest) -> bool:
    return request.headers.get("HX-Request") == "true"


def _say_it_began(request: HttpRequest, postmortem: Postmortem, incidents: list[Incident]) -> None:
    still_open = [f"#{incident.number}" for incident in incidents if not incident.is_resolved]
    messages.success(request, f"Post-mortem {postmortem.number} has begun. Everything you save is kept.")
    if still_open:
        which = f"Incident {still_open[0]} is" if len(still_open) == 1 else f"{', '.join(still_open)} are"
        messages.warning(
            request, f"{which} not resolved yet. What is drawn from the record will change with it."
        )
