"""The pages on which a template is written section by section."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from afterword.accounts.models import Person
from afterword.accounts.reads import require_admin
from afterword.lib.errors import InvalidInput, NotAllowed
from afterword.postmortems import reads, writes
from afterword.postmortems.designing.forms import Design
from afterword.postmortems.designing.rules import SectionRefused, write_template
from afterword.postmortems.errors import TemplateChanged
from afterword.postmortems.models import Template
from afterword.postmortems.templates import ParsedTemplate, TemplateSection, parse_template
from afterword.postmortems.views.reading import reader_of
from afterword.postmortems.views.template_pages import Example, shown_sections

BEGUN = ParsedTemplate("", (TemplateSection("Summary", live="summary"), TemplateSection("")))


@require_http_methods(["GET", "HEAD", "POST"])
def design_new(request: HttpRequest) -> HttpResponse:
    """A template that is not there yet."""
    actor = reader_of(request)
    require_admin(actor)
    return _design(request, actor, None)


@require_http_methods(["GET", "HEAD", "POST"])
def design(request: HttpRequest, key: str) -> HttpResponse:
    """One of the organisation's own."""
    actor = reader_of(request)
    require_admin(actor)
    choice = reads.get_template(actor, key)
    if choice.own is None:
        raise NotAllowed("This template comes with Afterword. Make a copy and change that.")
    return _design(request, actor, choice.own)


def _design(request: HttpRequest, actor: Person, template: Template | None) -> HttpResponse:
    """`do` says what: nothing saves it, `look` shows it, the others change which sections it has."""
    example = Example.of(actor, (request.POST or request.GET).get("incident", ""))
    context = {"template": template, **example.context(actor)}
    if request.method != "POST":
        parsed = parse_template(template.source) if template else BEGUN
        started_from = template.updated_at.isoformat() if template else ""
        return _show(request, context | {"design": Design.of(actor, parsed, started_from)})
    deed = request.POST.get("do", "")
    checks = deed in ("", "look")
    plan = Design.sent(actor, request.POST, deed="" if checks else deed)
    context |= {"design": plan, "is_changed": True}
    if not checks:
        return _show(request, context)
    source = _source_of(plan)
    if source is not None and deed == "look":
        return _show(request, context | {"sections": shown_sections(parse_template(source), example)})
    if source is not None:
        try:
            saved = _save(actor, template, source, plan)
            messages.success(request, f"The template “{saved.name}” is saved.")
            return redirect("postmortems:template", str(saved.unique_id))
        except TemplateChanged as conflict:
            data = request.POST.copy()
            data["started_from"] = conflict.template.updated_at.isoformat()
            context |= {"design": Design.sent(actor, data, deed=""), "theirs": conflict.template.source}
            return _show(request, context, status=409)
        except InvalidInput as refusal:
            plan.refuse(None, " ".join(refusal.fields.values()) or refusal.message)
    return _show(request, context, status=400)


def _source_of(plan: Design) -> str | None:
    """The template's file; None where something cannot be used, and the design says what."""
    if not plan.is_valid():
        return None
    try:
        return write_template(plan.chosen())
    except SectionRefused as refusal:
        plan.refuse(refusal.place, refusal.reason)
        return None


def _save(actor: Person, template: Template | None, source: str, plan: Design) -> Template:
    if template is None:
        return writes.create_template(actor=actor, source=source)
    return writes.change_template(
        actor=actor, template=template, source=source, started_from=plan.started_from
    )


def _show(request: HttpRequest, context: dict[str, object], status: int = 200) -> HttpResponse:
    return render(request, "postmortems/design.html", context, status=status)
