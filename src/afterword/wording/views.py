"""The pages about words: the findings of a post-mortem, what is explained, what is set."""

from __future__ import annotations

import uuid
from dataclasses import dataclass, replace
from urllib.parse import urlencode

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.safestring import SafeString, mark_safe
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from afterword.accounts.models import Person
from afterword.accounts.reads import require_admin, require_write
from afterword.documents import parse_markdown, render_html
from afterword.language import CATEGORIES, LANGUAGES, Category, Kind, Severity
from afterword.lib.errors import Conflict, InvalidInput, NotFound
from afterword.lib.forms import refusals_on
from afterword.postmortems import reads as postmortem_reads
from afterword.postmortems.models import SECTION_TEXT_BYTES_MAX, Postmortem
from afterword.postmortems.prose import get_prose
from afterword.postmortems.views.reading import reader_of
from afterword.wording import reads, writes
from afterword.wording.cards import count_kinds, draw_section, pages_of
from afterword.wording.forms import SettingsForm
from afterword.wording.models import REASON_LENGTH_MAX, WordingSettings
from afterword.wording.reads import TONES

IDLE_SHOWN_MAX = 50
"""Reasons whose words are gone. Who takes some back sees the next ones."""
PAGE_LANGUAGES = {"en": "In English", "de": "Auf Deutsch"}
KIND_TITLES = {Kind.BLAME: "Blame", Kind.CLARITY: "Clarity"}


@dataclass(frozen=True)
class CategoryRow:
    """A category, and what the organisation made of it."""

    category: Category
    severity: Severity
    is_off: bool

    @property
    def tone(self) -> str:
        return TONES[self.severity]


@dataclass(frozen=True)
class CategoryPage:
    """What explains a category: its title in the page's language, and Markdown."""

    title: str
    text: str


@require_safe
def show_document(request: HttpRequest, number: int) -> HttpResponse:
    """Every finding of a post-mortem, with the reasons that were given. For whoever may read it."""
    actor = reader_of(request)
    return _show(request, actor, postmortem_reads.get_postmortem(actor, number))


@require_POST
def check_section(request: HttpRequest, number: int, unique_id: uuid.UUID) -> HttpResponse:
    """What is found in `text` as somebody types it: the list below the box. Nothing is saved."""
    _, postmortem = _writer_of(request, number)
    return _list_of(request, postmortem, unique_id)


@require_POST
def hint(request: HttpRequest) -> HttpResponse:
    """What is found in the `text` of a comment, a note or (`?action=1`) an action, for who types it alone.
    Nothing is kept."""
    actor = reader_of(request)
    text = request.POST.get("text", "")
    if len(text.encode(errors="replace")) > SECTION_TEXT_BYTES_MAX:
        raise InvalidInput(fields={"text": f"It holds {SECTION_TEXT_BYTES_MAX // 1024} KB."})
    found = reads.hints_in(actor, text, is_action=request.GET.get("action") == "1")
    return render(request, "wording/_hints.html", {"findings": found})


@require_POST
def mute(request: HttpRequest, number: int) -> HttpResponse:
    """Give a reason. With script the list below the box comes back, for its `text`; without it the page."""
    actor, postmortem = _writer_of(request, number)
    given = request.POST
    try:
        section = uuid.UUID(given.get("section", ""))
    except ValueError as error:
        raise NotFound from error
    text = given.get("text")
    try:
        writes.mute_finding(
            actor=actor,
            postmortem=postmortem,
            section=section,
            category=given.get("category", ""),
            quote=given.get("quote", ""),
            before=given.get("before", ""),
            after=given.get("after", ""),
            reason=given.get("reason", ""),
            text=text,
        )
    except (InvalidInput, Conflict) as refusal:
        if text is not None:
            return HttpResponse(" ".join(_reasons(refusal)), status=422, content_type="text/plain")
        return _show(request, actor, postmortem, refusal=refusal)
    if text is not None:
        return _list_of(request, postmortem, section)
    messages.success(request, "The reason is kept. Reviewers see it.")
    query = urlencode({"finding": given.get("key", "")})
    return redirect(f"{reverse('wording:document', args=[number])}?{query}#part-{section}")


@require_POST
def take_back(request: HttpRequest, number: int, unique_id: uuid.UUID) -> HttpResponse:
    """Take a reason back. With script the list below the box comes back, for its `text`."""
    actor, postmortem = _writer_of(request, number)
    found = reads.get_mute(postmortem, unique_id)
    writes.take_back_mute(actor=actor, postmortem=postmortem, mute=found)
    if "text" in request.POST:
        return _list_of(request, postmortem, found.section)
    messages.success(request, "The reason is taken back.")
    return redirect("wording:document", number)


def _writer_of(request: HttpRequest, number: int) -> tuple[Person, Postmortem]:
    """Raises NotFound to an outsider, NotAllowed to someone who may only read."""
    actor = reader_of(request)
    postmortem = postmortem_reads.get_postmortem(actor, number)
    require_write(actor, postmortem.team)
    return actor, postmortem


def _list_of(request: HttpRequest, postmortem: Postmortem, unique_id: uuid.UUID) -> HttpResponse:
    prose = get_prose(postmortem, unique_id)
    text = request.POST.get("text", prose.text)
    if len(text.encode(errors="replace")) > SECTION_TEXT_BYTES_MAX:
        raise InvalidInput(fields={"text": f"A section holds {SECTION_TEXT_BYTES_MAX // 1024} KB."})
    [part] = reads.findings_in(postmortem, [replace(prose, text=text)])
    return HttpResponse(draw_section(postmortem, part))


def _reasons(refusal: InvalidInput | Conflict) -> list[str]:
    return list(refusal.fields.values()) or [refusal.message]


def _show(
    request: HttpRequest,
    actor: Person,
    postmortem: Postmortem,
    *,
    refusal: InvalidInput | Conflict | None = None,
) -> HttpResponse:
    settings = reads.wording_settings()
    found = reads.findings_of(postmortem, settings)
    page, parts, alone = pages_of(
        found,
        section=request.GET.get("section", ""),
        wanted=request.POST.get("key", "") or request.GET.get("finding", ""),
        number=request.GET.get("page"),
    )
    context = {
        "postmortem": postmortem,
        "found": found,
        "page": page,
        "parts": parts,
        "alone": alone,
        "idle": [] if alone or page.number > 1 else found.idle[:IDLE_SHOWN_MAX],
        "more_idle": max(len(found.idle) - IDLE_SHOWN_MAX, 0),
        "kinds": count_kinds(found),
        "requires_reasons": settings.requires_reasons,
        "may_write": postmortem_reads.may_write(actor, postmortem),
        "reason_max": REASON_LENGTH_MAX,
        "error": _reasons(refusal) if refusal else [],
        "kept": {"key": request.POST.get("key", ""), "reason": request.POST.get("reason", "")},
    }
    return render(request, "wording/document.html", context, status=refusal.status if refusal else 200)


# What it looks for -------------------------------------------------------------------------------------


@require_safe
def show_help(request: HttpRequest) -> HttpResponse:
    """Every category, and what the organisation made of it."""
    actor, settings = reader_of(request), reads.wording_settings()
    rows = [_row(category, settings) for category in CATEGORIES.values()]
    context = {
        "kinds": [
            (title, [row for row in rows if row.category.kind == kind]) for kind, title in KIND_TITLES.items()
        ],
        "may_change": actor.is_admin,
    }
    return render(request, "wording/help.html", context)


@require_safe
def show_category(request: HttpRequest, name: str) -> HttpResponse:
    """The page behind a finding: what is meant, examples, and why. In the language of the organisation's
    texts, or of `?language=`."""
    reader_of(request)
    category = CATEGORIES.get(name)
    if category is None:
        raise NotFound
    settings = reads.wording_settings()
    asked = request.GET.get("language", "")
    language = asked if asked in LANGUAGES else settings.language
    context = {
        "row": _row(category, settings),
        "page": read_page(category, language),
        "language": language,
        "explanation": _explanation(read_page(category, language).text),
        "terms": settings.terms if name == "house_term" else [],
        "acronyms": settings.known_acronyms if name == "jargon" else [],
        "others": [(other, read_page(other, language).title) for other in CATEGORIES.values()],
        "languages": [(code, PAGE_LANGUAGES[code]) for code in LANGUAGES],
    }
    return render(request, "wording/category.html", context)


def _row(category: Category, settings: WordingSettings) -> CategoryRow:
    severity = Severity(settings.severities.get(category.name, category.severity))
    is_off = category.name in settings.off or category.kind.value in settings.kinds_off
    return CategoryRow(category, severity, is_off)


def read_page(category: Category, language: str) -> CategoryPage:
    """The page about a category in a language."""
    first, _, rest = category.explanation_in(language).partition("\n")
    return CategoryPage(first.removeprefix("# ").strip(), rest)


def _explanation(text: str) -> SafeString:
    blocks = parse_markdown(text)
    return mark_safe(render_html(blocks, heading_offset=1, id_prefix="about"))  # noqa: S308 - cleaned there


# Settings ----------------------------------------------------------------------------------------------


@require_http_methods(["GET", "HEAD", "POST"])
def edit_settings(request: HttpRequest) -> HttpResponse:
    actor = reader_of(request)
    require_admin(actor)
    form = SettingsForm(request.POST if request.method == "POST" else None, settings=reads.wording_settings())
    if form.is_valid():
        with refusals_on(form):
            writes.change_settings(actor=actor, **form.chosen())
            messages.success(request, "Saved what the check looks for.")
            return redirect("wording:settings")
    return render(request, "wording/settings.html", {"form": form}, status=400 if form.errors else 200)
