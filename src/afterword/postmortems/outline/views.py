"""The outline of a post-mortem: its sections in order, and another template for them."""

from __future__ import annotations

import uuid

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from afterword.accounts.models import Person
from afterword.accounts.reads import require_write
from afterword.lib.errors import Conflict, InvalidInput, NotFound
from afterword.postmortems import reads
from afterword.postmortems.choosing.reads import suggest_template
from afterword.postmortems.models import Postmortem, Section
from afterword.postmortems.outline import writes
from afterword.postmortems.outline.reads import plan_for
from afterword.postmortems.rules import is_unfilled
from afterword.postmortems.views.reading import reader_of

STEPS = {"up": -1, "down": 1}


@require_http_methods(["GET", "HEAD", "POST"])
def show(request: HttpRequest, number: int) -> HttpResponse:
    """The sections; what is posted is one more."""
    actor, postmortem = _of(request, number)
    if request.method != "POST":
        return _show(request, actor, postmortem)
    title = request.POST.get("title", "")
    try:
        section = writes.add_section(
            actor=actor, postmortem=postmortem, title=title, internal="internal" in request.POST
        )
    except InvalidInput as refusal:
        error = refusal.fields.get("title", refusal.message)
        return _show(request, actor, postmortem, typed=title, error=error)
    messages.success(request, f"“{section.title}” stands at the end now.")
    return redirect("postmortems:outline", number)


@require_POST
def change_section(request: HttpRequest, number: int, unique_id: uuid.UUID) -> HttpResponse:
    """`do` says what: up, down, rename, internal, external, take-out."""
    actor, postmortem = _of(request, number)
    section = reads.get_section(postmortem, unique_id)
    wanted = request.POST.get("do", "")
    try:
        if wanted in STEPS:
            writes.move_section(actor=actor, section=section, steps=STEPS[wanted])
        elif wanted in ("internal", "external"):
            writes.mark_section(actor=actor, section=section, internal=wanted == "internal")
        elif wanted == "rename":
            writes.rename_section(actor=actor, section=section, title=request.POST.get("title", ""))
        elif wanted == "take-out":
            writes.take_out_section(actor=actor, section=section)
            messages.success(request, f"“{section.title}” is taken out. Its text stays in the history.")
        else:
            raise InvalidInput(fields={"do": f"Please use one of: {', '.join(DEEDS)}."})
    except InvalidInput as refusal:
        error = " ".join(refusal.fields.values()) or refusal.message
        return _show(
            request,
            actor,
            postmortem,
            wrong=section,
            typed=request.POST.get("title", ""),
            error=error,
        )
    return redirect(f"{request.path.split('/sections/')[0]}#section-{unique_id}")


@require_safe
def preview_template(request: HttpRequest, number: int) -> HttpResponse:
    """`?template=`: what becomes of each section, before anything is changed."""
    actor, postmortem = _of(request, number)
    key = request.GET.get("template", "")
    choices = reads.template_choices(actor)
    suggestion = suggest_template(reads.incidents_of(postmortem), [choice.key for choice in choices])
    context = {
        "postmortem": postmortem,
        "choices": choices,
        "suggestion": suggestion,
        "newest": reads.latest_revision(postmortem).number,
        "chosen": None,
    }
    if key:
        choice = reads.get_template(actor, key)
        context |= {"chosen": choice, "steps": plan_for(reads.sections_of(postmortem), choice)}
    return render(request, "postmortems/apply_template.html", context)


@require_POST
def apply_template(request: HttpRequest, number: int) -> HttpResponse:
    actor, postmortem = _of(request, number)
    newest, key = request.POST.get("newest", ""), request.POST.get("template", "")
    if not (newest.isascii() and newest.isdigit() and len(newest) < 10):
        raise InvalidInput(fields={"newest": "This is the number of no revision."})
    try:
        writes.apply_template(actor=actor, postmortem=postmortem, template=key, newest=int(newest))
    except NotFound:
        messages.warning(request, "This template is gone. Please choose another one.")
        return redirect("postmortems:preview_template", number)
    except (Conflict, InvalidInput) as refusal:
        messages.warning(request, refusal.message)
        return redirect("postmortems:preview_template", number)
    messages.success(request, "The template is applied. Nothing that was written is lost.")
    return redirect("postmortems:outline", number)


DEEDS: tuple[str, ...] = (*STEPS, "rename", "internal", "external", "take-out")


def _of(request: HttpRequest, number: int) -> tuple[Person, Postmortem]:
    """Raises NotFound to an outsider, NotAllowed to someone who may only read."""
    actor = reader_of(request)
    postmortem = reads.get_postmortem(actor, number)
    require_write(actor, postmortem.team)
    return actor, postmortem


def _show(
    request: HttpRequest,
    actor: Person,
    postmortem: Postmortem,
    *,
    wrong: Section | None = None,
    typed: str = "",
    error: str = "",
) -> HttpResponse:
    latest = reads.latest_revision(postmortem)
    sections = reads.sections_of(postmortem)
    context = {
        "postmortem": postmortem,
        "sections": sections,
        "unfilled": {section.pk for section in sections if is_unfilled(section.text)},
        "latest": latest,
        # What was just applied can be taken back as long as nobody has saved anything since.
        "undoes": latest.number - 1 if latest.note.startswith("Template “") and latest.number > 1 else None,
        "wrong": wrong,
        "typed": typed,
        "error": error,
        "sections_max": writes.SECTIONS_MAX,
    }
    return render(request, "postmortems/outline.html", context, status=400 if error else 200)
