"""The templates: list, look, add, edit, copy, download, delete."""

from __future__ import annotations

from dataclasses import dataclass

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.safestring import SafeString, mark_safe
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from afterword.accounts.models import Person
from afterword.accounts.reads import managed_teams, require_admin
from afterword.documents import render_html
from afterword.incidents.models import Incident
from afterword.lib import liquid
from afterword.lib.errors import NotAllowed
from afterword.lib.forms import refusals_on
from afterword.lib.liquid import TemplateError
from afterword.lib.remembering import remembering
from afterword.postmortems import composition, reads, rules, writes
from afterword.postmortems.choosing.reads import default_names
from afterword.postmortems.errors import TemplateChanged
from afterword.postmortems.forms import TemplateForm
from afterword.postmortems.models import Template
from afterword.postmortems.templates import ParsedTemplate, TemplateSection, parse_template
from afterword.postmortems.variables import example_variables, expressions_of, variables_of
from afterword.postmortems.views.reading import as_file, reader_of

HEADING_OFFSET = 3
VALUE_CHARACTERS_MAX = 200
"""Of a variable, in the list of all."""


@dataclass(frozen=True)
class ShownSection:
    """A section of a template with its help and its starting text as they will look."""

    section: TemplateSection
    help_html: SafeString
    text_html: SafeString

    @classmethod
    def of(cls, section: TemplateSection, prefix: str, variables: dict[str, object]) -> ShownSection:
        text = _filled_in(section, variables)
        return cls(section, _html(section.help, f"help-{prefix}"), _html(text, f"text-{prefix}"))


@dataclass(frozen=True)
class Example:
    """The incident that a template is shown with: a real one that the actor sees, or one that never was."""

    number: str
    """As it was asked for; nothing for the one that never was."""
    incident: Incident | None
    variables: dict[str, object]
    error: str = ""

    @classmethod
    def of(cls, actor: Person, number: str) -> Example:
        number = number.strip().removeprefix("#")
        if not number:
            return cls("", None, example_variables())
        found: list[Incident] = []
        if number.isascii() and number.isdigit() and len(number) < 19:
            found = reads.incidents_by_number(actor, [int(number)])
        if not found:
            return cls(number[:40], None, example_variables(), f"There is no incident #{number[:40]}.")
        title = rules.suggest_title([found[0].title])
        variables = variables_of(incidents=found, title=title, author=actor)
        return cls(number, found[0], variables)

    @remembering()
    def values(self) -> list[tuple[str, str]]:
        """Every variable as a template writes it, and what it says now."""
        return [(one, self._say(one)) for one in expressions_of(self.variables)]

    def context(self, actor: Person) -> dict[str, object]:
        """What the pages show of it."""
        offered = reads.pickable_incidents(actor).incidents
        return {"example": self, "values": self.values(), "offered": offered}

    def _say(self, expression: str) -> str:
        try:
            said = liquid.render(f"{{{{ {expression} }}}}", self.variables, zone=reads.organisation_zone())
        except TemplateError as error:
            return error.message
        return said if len(said) <= VALUE_CHARACTERS_MAX else said[: VALUE_CHARACTERS_MAX - 1] + "…"


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
    example = Example.of(actor, request.GET.get("incident", ""))
    context = {
        "choice": choice,
        "sections": shown_sections(choice.parsed, example),
        "may_change": actor.is_admin,
        "may_choose": actor.is_admin or managed_teams(actor).exists(),
        "default_of": default_names(actor).get(choice.key, []),
        **example.context(actor),
    }
    status = 404 if example.error else 200
    return render(request, "postmortems/template.html", context, status=status)


@require_http_methods(["GET", "HEAD", "POST"])
def add(request: HttpRequest) -> HttpResponse:
    actor = reader_of(request)
    require_admin(actor)
    form = TemplateForm(request.POST, request.FILES) if request.method == "POST" else TemplateForm()
    context = _look(request, actor, form)
    if request.method == "POST" and "look" not in request.POST and form.is_valid():
        with refusals_on(form):
            template = writes.create_template(actor=actor, source=form.cleaned_data["source"])
            messages.success(request, f"The template “{template.name}” is there.")
            return redirect("postmortems:template", str(template.unique_id))
    context |= {"form": form}
    return render(request, "postmortems/template_form.html", context, status=400 if form.errors else 200)


@require_http_methods(["GET", "HEAD", "POST"])
def edit(request: HttpRequest, key: str) -> HttpResponse:
    actor = reader_of(request)
    template = _own_template(request, key)
    form = (
        TemplateForm(request.POST, request.FILES) if request.method == "POST" else TemplateForm.of(template)
    )
    context = {"form": form, "template": template} | _look(request, actor, form)
    status = 200
    if request.method == "POST" and "look" not in request.POST and form.is_valid():
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
    return redirect("postmortems:design_template", str(template.unique_id))


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


def _look(request: HttpRequest, actor: Person, form: TemplateForm) -> dict[str, object]:
    """What stands beside the box: all variables; and the typed template as it will look, if asked for."""
    given = request.POST if request.method == "POST" else request.GET
    example = Example.of(actor, given.get("incident", ""))
    context = example.context(actor)
    if "look" in request.POST and form.is_valid():
        try:
            context |= {"sections": shown_sections(parse_template(form.cleaned_data["source"]), example)}
        except TemplateError as error:
            form.add_error("source", error.message)
    return context


@remembering()
def shown_sections(parsed: ParsedTemplate, example: Example) -> list[ShownSection]:
    """The sections of a template, filled in with an example."""
    return [
        ShownSection.of(section, str(place), example.variables)
        for place, section in enumerate(parsed.sections)
    ]


def _filled_in(section: TemplateSection, variables: dict[str, object]) -> str:
    try:
        return liquid.render(section.text, variables, zone=reads.organisation_zone())
    except TemplateError as error:
        return f"{section.text}\n\n*{error.message}*"


def _html(text: str, prefix: str) -> SafeString:
    html = render_html(rules.prose_blocks(text), heading_offset=HEADING_OFFSET, id_prefix=prefix)
    return mark_safe(html)  # noqa: S308 - cleaned by the renderer
