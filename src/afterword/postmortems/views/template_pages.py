"""The templates: list, look, add, edit, copy, download, delete."""

from __future__ import annotations

from dataclasses import dataclass

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.safestring import SafeString, mark_safe
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from afterword.accounts.reads import require_admin
from afterword.documents import render_html
from afterword.lib import liquid
from afterword.lib.errors import NotAllowed
from afterword.lib.forms import refusals_on
from afterword.lib.liquid import TemplateError
from afterword.postmortems import composition, reads, rules, writes
from afterword.postmortems.choosing.reads import default_names
from afterword.postmortems.errors import TemplateChanged
from afterword.postmortems.forms import TemplateForm
from afterword.postmortems.models import Template
from afterword.postmortems.templates import TemplateSection
from afterword.postmortems.views.reading import as_file, reader_of

HEADING_OFFSET = 3


@dataclass(frozen=True)
class ShownSection:
    """A section of a template with its help and its starting text as they will look."""

    section: TemplateSection
    help_html: SafeString
    text_html: SafeString

    @classmethod
    def of(cls, section: TemplateSection, prefix: str) -> ShownSection:
        return cls(
            section, _html(section.help, f"help-{prefix}"), _html(_filled_in(section), f"text-{prefix}")
        )


@require_safe
def show_list(request: HttpRequest) -> HttpResponse:
    actor = reader_of(request)
    choices = reads.template_choices(actor)
    context = {
        "shipped": [choice for choice in choices if choice.is_shipped],
        "own": [choice for choice in choices if not choice.is_shipped],
        "may_change": actor.is_admin,
        "defaults": default_names(actor),
    }
    return render(request, "postmortems/templates.html", context)


@require_safe
def show(request: HttpRequest, key: str) -> HttpResponse:
    actor = reader_of(request)
    choice = reads.get_template(actor, key)
    sections = [ShownSection.of(section, str(place)) for place, section in enumerate(choice.parsed.sections)]
    context = {"choice": choice, "sections": sections, "may_change": actor.is_admin}
    return render(request, "postmortems/template.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def add(request: HttpRequest) -> HttpResponse:
    actor = reader_of(request)
    require_admin(actor)
    form = TemplateForm(request.POST, request.FILES) if request.method == "POST" else TemplateForm()
    if request.method == "POST" and form.is_valid():
        with refusals_on(form):
            template = writes.create_template(actor=actor, source=form.cleaned_data["source"])
            messages.success(request, f"The template “{template.name}” is there.")
            return redirect("postmortems:template", str(template.unique_id))
    return render(
        request, "postmortems/template_form.html", {"form": form}, status=400 if form.errors else 200
    )


@require_http_methods(["GET", "HEAD", "POST"])
def edit(request: HttpRequest, key: str) -> HttpResponse:
    actor = reader_of(request)
    template = _own_template(request, key)
    form = (
        TemplateForm(request.POST, request.FILES) if request.method == "POST" else TemplateForm.of(template)
    )
    context: dict[str, object] = {"form": form, "template": template}
    status = 200
    if request.method == "POST" and form.is_valid():
        with refusals_on(form):
            try:
                writes.change_template(
                    actor=actor,
                    template=template,
                    source=form.cleaned_data["source"],
                    started_from=form.cleaned_data["started_from"],
                )
                messages.success(request, "The template is changed. Documents made from it stay as they are.")
                return redirect("postmortems:template", key)
            except TemplateChanged as conflict:
                form.show_present(conflict.template)
                context["theirs"] = conflict.template.source
                status = 409
                raise
    if form.errors and status == 200:
        status = 400
    return render(request, "postmortems/template_form.html", context, status=status)


@require_POST
def duplicate(request: HttpRequest, key: str) -> HttpResponse:
    actor = reader_of(request)
    require_admin(actor)
    template = writes.duplicate_template(actor=actor, choice=reads.get_template(actor, key))
    messages.success(request, f"“{template.name}” is a copy that you can change.")
    return redirect("postmortems:edit_template", str(template.unique_id))


@require_safe
def download(request: HttpRequest, key: str) -> HttpResponse:
    choice = reads.get_template(reader_of(request), key)
    names = composition.file_names("template", choice.name, "md")
    return as_file(choice.source.encode(), "text/markdown; charset=utf-8", names)


@require_POST
def delete(request: HttpRequest, key: str) -> HttpResponse:
    template = _own_template(request, key)
    writes.delete_template(actor=reader_of(request), template=template)
    messages.success(request, f"The template “{template.name}” is deleted. Documents made from it stay.")
    return redirect("postmortems:templates")


def _own_template(request: HttpRequest, key: str) -> Template:
    actor = reader_of(request)
    require_admin(actor)
    choice = reads.get_template(actor, key)
    if choice.own is None:
        raise NotAllowed("This template comes with Afterword. Make a copy and change that.")
    return choice.own


def _filled_in(section: TemplateSection) -> str:
    try:
        return liquid.render(section.text, reads.example_variables())
    except TemplateError as error:
        return f"{section.text}\n\n*{error.message}*"


def _html(text: str, prefix: str) -> SafeString:
    html = render_html(rules.prose_blocks(text), heading_offset=HEADING_OFFSET, id_prefix=prefix)
    return mark_safe(html)  # noqa: S308 - cleaned by the renderer
