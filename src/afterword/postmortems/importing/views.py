"""*Post-mortems, Import*: files in, and what became of each."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_http_methods

from afterword.lib.errors import NotAllowed
from afterword.lib.forms import refusals_on
from afterword.postmortems.importing import writes
from afterword.postmortems.importing.forms import ImportForm
from afterword.postmortems.importing.outcomes import WORDS
from afterword.postmortems.views.reading import reader_of

TONES = {"imported": "green", "changed": "amber", "unchanged": "grey", "skipped": "grey", "failed": "red"}


@require_http_methods(["GET", "HEAD", "POST"])
def show(request: HttpRequest) -> HttpResponse:
    """The form; after a POST the report stands above it, for nothing is kept of a report."""
    actor = reader_of(request)
    if not actor.may_write:
        raise NotAllowed("You can read post-mortems, but not import them.")
    posted = request.method == "POST"
    form = ImportForm(request.POST, request.FILES, actor=actor) if posted else ImportForm(actor=actor)
    report = None
    if form.is_valid():
        with refusals_on(form):
            report = writes.import_files(
                actor=actor,
                team=form.chosen_team(),
                files=list(form.sources()),
                is_trial=form.cleaned_data["is_trial"],
            )
    return render(
        request,
        "postmortems/import.html",
        {
            "form": form,
            "report": report,
            "rows": [(outcome, TONES[outcome.result]) for outcome in report.outcomes] if report else [],
            "counts": [(WORDS[result], TONES[result], count) for result, count in report.counts]
            if report
            else [],
        },
        status=400 if form.errors else 200,
    )
