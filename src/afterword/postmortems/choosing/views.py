"""The settings page of which template begins what."""

from __future__ import annotations

import uuid

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_POST

from afterword.accounts.reads import managed_teams
from afterword.lib.errors import NotAllowed
from afterword.lib.forms import refusals_on
from afterword.postmortems.choosing import reads, writes
from afterword.postmortems.choosing.forms import RuleForm
from afterword.postmortems.views.reading import reader_of


@require_http_methods(["GET", "HEAD", "POST"])
def show_rules(request: HttpRequest) -> HttpResponse:
    """The rules; what is posted is one more, or another template for one that is there.

    `?template=` chooses the template in the form.
    """
    actor = reader_of(request)
    may_add = actor.is_admin or managed_teams(actor).exists()
    template = request.GET.get("template", "")
    form = RuleForm(actor=actor, template=template) if may_add else None
    if request.method == "POST":
        if form is None:
            raise NotAllowed("You can read these rules, but not change them.")
        form = RuleForm(request.POST, actor=actor)
        if form.is_valid():
            with refusals_on(form):
                writes.set_rule(actor=actor, **form.chosen())
                messages.success(request, "Saved. Post-mortems that are begun from now on start with it.")
                return redirect("postmortems:template_rules")
    context = {"rows": reads.rule_rows(actor), "form": form}
    status = 400 if form is not None and form.errors else 200
    return render(request, "postmortems/template_rules.html", context, status=status)


@require_POST
def drop_rule(request: HttpRequest, unique_id: uuid.UUID) -> HttpResponse:
    actor = reader_of(request)
    writes.drop_rule(actor=actor, rule=reads.get_rule(actor, unique_id))
    messages.success(request, "The rule is gone. Documents stay as they are.")
    return redirect("postmortems:template_rules")
