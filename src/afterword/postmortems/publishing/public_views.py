"""What anybody can read without signing in: made from public editions alone, and from nothing else."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import Any, NamedTuple

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.feedgenerator import Atom1Feed
from django.utils.safestring import mark_safe
from django.utils.xmlutils import SimplerXMLGenerator
from django.views.decorators.http import require_safe

from afterword.accounts.reads import organisation
from afterword.documents import render_document_html, section_anchors
from afterword.lib.errors import NotFound
from afterword.postmortems import composition
from afterword.postmortems.publishing import derivation, reads, writes
from afterword.postmortems.publishing.models import Publication
from afterword.postmortems.views.reading import as_file

EDITIONS_PER_PAGE = 30
CACHED_SECONDS = 60
"""So long a withdrawn page may still be in somebody's cache."""


@login_not_required
@require_safe
def show_list(request: HttpRequest) -> HttpResponse:
    site = reads.public_site()
    if site is None:
        raise NotFound
    page = Paginator(reads.public_publications(), EDITIONS_PER_PAGE).get_page(request.GET.get("page"))
    return _public(render(request, "postmortems/public/list.html", {**_frame(), "page": page, "site": site}))


@login_not_required
@require_safe
def show(request: HttpRequest, slug: str) -> HttpResponse:
    publication = reads.get_public(slug)
    document = derivation.document_of(publication)
    html = render_document_html(document)
    context = {
        **_frame(),
        "publication": publication,
        "html": mark_safe(html),  # noqa: S308 - cleaned by the renderer
        "contents": [
            (anchor, section.title)
            for anchor, section in zip(section_anchors(document), document.sections, strict=True)
        ],
        "versions": reads.versions_of(publication),
        "address": _address(publication),
        "slug": slug,
    }
    return _public(render(request, "postmortems/public/page.html", context))


@login_not_required
@require_safe
def download(request: HttpRequest, slug: str) -> HttpResponse:
    publication = reads.get_public(slug)
    data = writes.keep_pdf(publication)
    if not data:
        return HttpResponse(
            "The PDF could not be made just now. Please try again in a minute.",
            status=503,
            content_type="text/plain; charset=utf-8",
            headers={"Retry-After": str(writes.PDF_AGAIN_SECONDS)},
        )
    response = as_file(data, "application/pdf", composition.file_names(slug, "", "pdf"))
    del response["Cache-Control"]
    return _public(response)


@login_not_required
@require_safe
def atom(request: HttpRequest) -> HttpResponse:
    """RFC 4287."""
    frame = _frame()
    feed = _PlainAtomFeed(
        title=frame["name"],
        link=_absolute("postmortems:public_list"),
        description="",
        feed_url=_absolute("postmortems:public_atom"),
        author_name=frame["author"],
    )
    for entry in _entries():
        feed.add_item(
            title=entry.title,
            link=entry.address,
            description=entry.summary,
            unique_id=f"urn:uuid:{entry.unique_id}",
            pubdate=entry.first_published_at,
            updateddate=entry.published_at,
        )
    response = HttpResponse(content_type="application/atom+xml; charset=utf-8")
    feed.write(response, "utf-8")
    return _public(response)


@login_not_required
@require_safe
def json_feed(request: HttpRequest) -> HttpResponse:
    """JSON Feed 1.1 (jsonfeed.org)."""
    frame = _frame()
    body = {
        "version": "https://jsonfeed.org/version/1.1",
        "title": frame["name"],
        "authors": [{"name": frame["author"]}],
        "home_page_url": _absolute("postmortems:public_list"),
        "feed_url": _absolute("postmortems:public_json"),
        "items": [
            {
                "id": entry.unique_id,
                "url": entry.address,
                "title": entry.title,
                "content_text": entry.summary,
                "date_published": entry.first_published_at.astimezone(UTC).isoformat(),
                "date_modified": entry.published_at.astimezone(UTC).isoformat(),
            }
            for entry in _entries()
        ],
    }
    data = json.dumps(body, ensure_ascii=False).encode()
    return _public(HttpResponse(data, content_type="application/feed+json; charset=utf-8"))


class _PlainAtomFeed(Atom1Feed):
    """With summaries that are plain text; Django sends them as HTML."""

    def add_item_elements(self, handler: SimplerXMLGenerator, item: dict[str, Any]) -> None:
        super().add_item_elements(handler, {**item, "description": None})
        handler.addQuickElement("summary", item["description"], {"type": "text"})


class _Entry(NamedTuple):
    """A post-mortem in a feed: its newest version, under the id and with the date of its first one."""

    unique_id: str
    title: str
    summary: str
    """Plain text."""
    address: str
    first_published_at: datetime
    published_at: datetime


def _entries() -> list[_Entry]:
    if reads.public_site() is None:
        raise NotFound
    publications = list(reads.public_publications()[: reads.FEED_ENTRIES_MAX])
    firsts = reads.first_versions_of(publications)
    return [
        _Entry(
            unique_id=str(firsts[one.postmortem_id].unique_id),
            title=one.title,
            summary=_summary(one),
            address=_address(one),
            first_published_at=firsts[one.postmortem_id].published_at,
            published_at=one.published_at,
        )
        for one in publications
    ]


def _summary(publication: Publication) -> str:
    """What is corrected stands first, as on the page."""
    if not publication.correction:
        return publication.summary
    what = derivation.summarise([{"text": publication.correction}])
    return " ".join(filter(None, ("Corrected:", what, publication.summary)))


def _frame() -> dict[str, str]:
    site, mine = reads.public_site(), organisation()
    name = site.title if site and site.title else f"Post-mortems of {mine.name}" if mine else "Post-mortems"
    return {"name": name, "author": mine.name if mine else name}


def _address(publication: Publication) -> str:
    return settings.PUBLIC_URL + reverse(
        "postmortems:public", args=[publication.postmortem.public_address.slug]
    )


def _absolute(name: str) -> str:
    return settings.PUBLIC_URL + reverse(name)


def _public(response: HttpResponse) -> HttpResponse:
    """May be kept by anybody for a moment; the same for everybody, signed in or not."""
    response["Cache-Control"] = f"public, max-age={CACHED_SECONDS}"
    return response
