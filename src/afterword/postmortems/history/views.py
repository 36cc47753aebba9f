"""The history of a post-mortem: its revisions, what changed between two of them, going back to one."""

from __future__ import annotations

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST, require_safe

from afterword.lib.errors import Conflict, InvalidInput
from afterword.postmortems import reads as postmortem_reads
from afterword.postmortems.history import reads, writes
from afterword.postmortems.views.reading import reader_of

REVISIONS_PER_PAGE = 50


@require_safe
def show(request: HttpRequest, number: int) -> HttpResponse:
    actor = reader_of(request)
    postmortem = postmortem_reads.get_postmortem(actor, number)
    page = Paginator(reads.revisions_of(postmortem), REVISIONS_PER_PAGE).get_page(request.GET.get("page"))
    context = {
        "postmortem": postmortem,
        "page": page,
        "newest": postmortem_reads.latest_revision(postmortem).number,
        "may_write": postmortem_reads.may_write(actor, postmortem),
    }
    return render(request, "postmortems/history.html", context)


@require_safe
def compare(request: HttpRequest, number: int) -> HttpResponse:
    """`?from=3&to=7`; without them the last save. The older one stands first, however they are given."""
    actor = reader_of(request)
    postmortem = postmortem_reads.get_postmortem(actor, number)
    newest = postmortem_reads.latest_revision(postmortem).number
    after = _number(request, "to", newest)
    before = _number(request, "from", max(after - 1, 1))
    before, after = sorted((before, after))
    comparison = reads.compare_revisions(
        reads.get_revision(postmortem, before), reads.get_revision(postmortem, after)
    )
    context = {
        "postmortem": postmortem,
        "comparison": comparison,
        "newest": newest,
        "may_write": postmortem_reads.may_write(actor, postmortem),
    }
    return render(request, "postmortems/compare.html", context)


@require_POST
def restore(request: HttpRequest, number: int) -> HttpResponse:
    actor = reader_of(request)
    postmortem = postmortem_reads.get_postmortem(actor, number)
    wanted, newest = _posted(request, "revision"), _posted(request, "newest")
    try:
        revision = writes.restore_revision(actor=actor, postmortem=postmortem, number=wanted, newest=newest)
    except Conflict as refusal:
        messages.warning(request, refusal.message)
    else:
        messages.success(
            request,
            f"Revision {wanted} is restored, as revision {revision.number}. Nothing written since is lost: "
            "it stands in the history.",
        )
    return redirect("postmortems:history", number)


def _number(request: HttpRequest, name: str, default: int) -> int:
    given = request.GET.get(name, "")
    return int(given) if given.isascii() and given.isdigit() and len(given) < 10 else default


def _posted(request: HttpRequest, name: str) -> int:
    given = request.POST.get(name, "")
    if not (given.isascii() and given.isdigit() and len(given) < 10):
        raise InvalidInput(fields={name: "This is the number of no revision."})
    return int(given)
