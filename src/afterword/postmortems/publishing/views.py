"""Publishing a post-mortem: for whom, the public edition, what stands, and reading what is frozen."""

from __future__ import annotations

import uuid
from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.safestring import mark_safe
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from afterword.accounts.models import Person
from afterword.accounts.reads import require_admin, require_write
from afterword.documents import Effort, compare_texts, fold_unchanged, render_document_html, section_anchors
from afterword.lib.errors import AfterwordError, Conflict, InvalidInput, NotAllowed, NotFound
from afterword.lib.forms import refusals_on
from afterword.postmortems import composition
from afterword.postmortems import reads as postmortem_reads
from afterword.postmortems.models import Postmortem
from afterword.postmortems.publishing import derivation, reads, writes
from afterword.postmortems.publishing.errors import AlreadyPublished, EditionChanged
from afterword.postmortems.publishing.forms import DeriveForm, PublishForm, SiteForm
from afterword.postmortems.publishing.models import Audience, Edition
from afterword.postmortems.review.checks import find_obstacles
from afterword.postmortems.review.reads import is_approved
from afterword.postmortems.views.reading import as_file, reader_of

PUBLICATIONS_PER_PAGE = 50
PUBLICATIONS_SHOWN_MAX = 50
NEW_ALLOWED_ROWS = 3
PAIRS_COMPARED_MAX = 1_000_000
"""Of equal words, over all sections: the page is made anew after every click."""


@require_http_methods(["GET", "HEAD", "POST"])
def publish(request: HttpRequest, number: int) -> HttpResponse:
    """What is published, and publishing it for an audience."""
    actor = reader_of(request)
    postmortem = postmortem_reads.get_postmortem(actor, number)
    form = PublishForm(request.POST if request.method == "POST" else None)
    refused = 400
    if form.is_valid():
        with refusals_on(form):
            try:
                publication = writes.publish(
                    actor=actor,
                    postmortem=postmortem,
                    audience=Audience(form.cleaned_data["audience"]),
                    correction=form.cleaned_data["correction"],
                )
            except AlreadyPublished as already:
                refused = already.status
                raise
            messages.success(request, f"It is published for {_whom(publication.audience)}.")
            return redirect("postmortems:publish", number)
    return _show_publish(request, actor, postmortem, form, refused=refused)


@require_POST
def withdraw(request: HttpRequest, number: int, unique_id: uuid.UUID) -> HttpResponse:
    actor = reader_of(request)
    postmortem = postmortem_reads.get_postmortem(actor, number)
    publication = reads.publications_of(postmortem).filter(unique_id=unique_id).first()
    if publication is None:
        raise NotFound
    writes.withdraw(actor=actor, publication=publication)
    messages.success(request, f"It is withdrawn: {_whom(publication.audience)} can read it no more.")
    return redirect("postmortems:publish", number)


@require_POST
def derive(request: HttpRequest, number: int) -> HttpResponse:
    """Make the public edition, or make it anew."""
    actor = reader_of(request)
    postmortem = postmortem_reads.get_postmortem(actor, number)
    form = DeriveForm(request.POST)
    if form.is_valid():
        with refusals_on(form):
            writes.derive_edition(
                actor=actor, postmortem=postmortem, private_reason=form.cleaned_data["private_reason"]
            )
            messages.success(request, "Here is what the rules made of it. Read it as somebody outside would.")
            return redirect("postmortems:edition", number)
    return _show_publish(request, actor, postmortem, PublishForm(), derive_form=form)


@require_http_methods(["GET", "HEAD", "POST"])
def edit_edition(request: HttpRequest, number: int) -> HttpResponse:
    """The public edition beside what it was made from, section by section."""
    actor = reader_of(request)
    postmortem = postmortem_reads.get_postmortem(actor, number)
    edition = reads.edition_of(postmortem)
    if edition is None:
        return redirect("postmortems:publish", number)
    require_write(actor, postmortem.team)
    if request.method != "POST":
        return _show_edition(request, actor, postmortem, edition)
    try:
        if "approve" in request.POST:
            writes.approve_edition(actor=actor, edition=edition, version=_version(request))
            messages.success(request, "You approved the public edition. It can be published now.")
            return redirect("postmortems:publish", number)
        if "adjust" in request.POST:
            return _adjust(request, actor, postmortem, edition)
        writes.save_edition(actor=actor, edition=edition, **_given(request, edition))
    except (InvalidInput, Conflict, NotAllowed) as refusal:
        return _show_edition(request, actor, postmortem, edition, refusal=refusal, typed=True)
    messages.success(request, "Saved. Somebody else approves it.")
    return redirect("postmortems:edition", number)


@require_safe
def show_publications(request: HttpRequest) -> HttpResponse:
    """Everything that is published for the reader, of other teams too."""
    actor = reader_of(request)
    page = Paginator(reads.readable_publications(actor), PUBLICATIONS_PER_PAGE).get_page(
        request.GET.get("page")
    )
    return render(request, "postmortems/publications.html", {"page": page})


@require_safe
def read_publication(request: HttpRequest, unique_id: uuid.UUID) -> HttpResponse:
    actor = reader_of(request)
    publication = reads.get_readable(actor, unique_id)
    document = derivation.document_of(publication)
    html = render_document_html(document)
    seen = postmortem_reads.visible_postmortems(actor).filter(pk=publication.postmortem_id).exists()
    context = {
        "publication": publication,
        "html": mark_safe(html),  # noqa: S308 - cleaned by the renderer
        "contents": [
            (anchor, section.title)
            for anchor, section in zip(section_anchors(document), document.sections, strict=True)
        ],
        "sees_postmortem": seen,
    }
    return render(request, "postmortems/publication.html", context)


@require_safe
def download_publication(request: HttpRequest, unique_id: uuid.UUID) -> HttpResponse:
    publication = reads.get_readable(reader_of(request), unique_id)
    data = writes.keep_pdf(publication)
    if not data:
        raise Conflict("The PDF could not be made just now. Please try again in a moment.")
    return as_file(data, "application/pdf", composition.file_names("publication", publication.title, "pdf"))


@require_http_methods(["GET", "HEAD", "POST"])
def edit_site(request: HttpRequest) -> HttpResponse:
    actor = reader_of(request)
    require_admin(actor)
    site = reads.site_settings()
    form = SiteForm(
        request.POST if request.method == "POST" else None,
        initial={
            "is_on": site.is_on,
            "title": site.title,
            "introduction": site.introduction,
            "internal_domains": site.internal_domains,
            "public_domains": site.public_domains,
        },
    )
    if form.is_valid():
        with refusals_on(form):
            writes.change_site(actor=actor, **form.cleaned_data)
            messages.success(request, "Saved.")
            return redirect("postmortems:public_site")
    return render(
        request,
        "postmortems/public_site.html",
        {"form": form, "site": site},
        status=400 if form.errors else 200,
    )


def _show_publish(
    request: HttpRequest,
    actor: Person,
    postmortem: Postmortem,
    form: PublishForm,
    derive_form: DeriveForm | None = None,
    refused: int = 400,
) -> HttpResponse:
    edition = reads.edition_of(postmortem)
    newest = postmortem_reads.latest_revision(postmortem)
    may_write = postmortem_reads.may_write(actor, postmortem)
    publications = list(reads.publications_of(postmortem)[:PUBLICATIONS_SHOWN_MAX])
    context = {
        "postmortem": postmortem,
        "form": form,
        "derive_form": derive_form or DeriveForm(),
        "edition": edition,
        "is_behind": edition is not None and edition.revision_id != newest.pk,
        "newest": newest,
        "is_private": reads.is_about_private_incident(postmortem),
        "is_approved": is_approved(postmortem),
        "obstacles": find_obstacles(postmortem) if may_write else [],
        "site": reads.public_site(),
        "publications": publications,
        "standing": [one for one in publications if one.is_standing],
        "may_write": may_write,
    }
    is_refused = bool(form.errors or (derive_form and derive_form.errors))
    return render(request, "postmortems/publish.html", context, status=refused if is_refused else 200)


def _adjust(request: HttpRequest, actor: Person, postmortem: Postmortem, edition: Edition) -> HttpResponse:
    """One click: what was typed is kept, and the rules are applied where the button says.

    Raises InvalidInput, Conflict, NotAllowed.
    """
    given = _given(request, edition)
    _take_typed(edition, given)
    verb, _, what = request.POST["adjust"].partition(":")
    if verb == "stand" and what:
        edition.sections = derivation.put_back(edition, what)
        edition.allowed = [*edition.allowed, {"text": what, "reason": ""}]
        return _show_edition(request, actor, postmortem, edition, to_explain=what)
    if verb == "rules":
        given["title"], changes = derivation.take_out(edition)
    else:
        changes = derivation.begin_again(edition, what)
    given["sections"] |= changes
    writes.save_edition(actor=actor, edition=edition, **given)
    messages.success(request, "Done and saved. Somebody else approves it.")
    anchor = f"#left-out-{what}" if verb != "rules" and changes else ""
    return redirect(f"{reverse('postmortems:edition', args=[postmortem.number])}{anchor}")


def _take_typed(edition: Edition, given: dict[str, Any]) -> None:
    edition.title = given["title"]
    edition.sections = [
        {**section, **given["sections"].get(section["unique_id"], {})} for section in edition.sections
    ]
    edition.allowed = given["allowed"]


def _show_edition(
    request: HttpRequest,
    actor: Person,
    postmortem: Postmortem,
    edition: Edition,
    *,
    refusal: AfterwordError | None = None,
    typed: bool = False,
    to_explain: str = "",
) -> HttpResponse:
    theirs = reads.edition_of(postmortem) if isinstance(refusal, EditionChanged) else None
    if typed and "approve" not in request.POST:
        _take_typed(edition, _given(request, edition))
    effort = Effort(PAIRS_COMPARED_MAX)
    sections = [
        {
            **section,
            "field": f"text-{section['unique_id']}",
            "lines": fold_unchanged(compare_texts(section["source"], section["text"], effort)),
        }
        for section in edition.sections
    ]
    context = {
        "postmortem": postmortem,
        "edition": edition,
        "version": theirs.version if theirs else edition.version,
        "theirs": theirs,
        "sections": sections,
        "allowed": [*edition.allowed, *[{"text": "", "reason": ""}] * NEW_ALLOWED_ROWS],
        "leaks": derivation.leaks_of(edition),
        "may_approve": edition.prepared_by_id != actor.pk,
        "refusal": refusal,
        "to_explain": to_explain,
    }
    return render(
        request, "postmortems/edition.html", context, status=refusal.status if refusal is not None else 200
    )


def _given(request: HttpRequest, edition: Edition) -> dict[str, Any]:
    data = request.POST
    sections: dict[str, dict[str, Any]] = {}
    for section in edition.sections:
        key = section["unique_id"]
        if f"text-{key}" in data:
            sections[key] = {
                "text": data[f"text-{key}"],
                "title": data.get(f"title-{key}", section["title"]),
                "is_left_out": f"left-out-{key}" in data,
            }
    texts, reasons = data.getlist("allowed"), data.getlist("reason")
    return {
        "version": _version(request),
        "title": data.get("title", edition.title),
        "sections": sections,
        "allowed": [
            {"text": text, "reason": reason} for text, reason in zip(texts, reasons, strict=False) if text
        ],
    }


def _version(request: HttpRequest) -> int:
    given = request.POST.get("version", "")
    return int(given) if given.isascii() and given.isdigit() and len(given) < 10 else 0


def _whom(audience: str) -> str:
    return {"team": "the team", "organisation": "the organisation"}.get(audience, "everybody")
