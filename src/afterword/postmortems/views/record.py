"""The record behind a post-mortem, changed from it: its incidents, and what of the timeline matters."""

from __future__ import annotations

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from afterword.accounts.models import Person
from afterword.accounts.reads import require_write
from afterword.lib.errors import InvalidInput
from afterword.postmortems import reads, writes
from afterword.postmortems.models import Postmortem
from afterword.postmortems.reads import SEARCH_CHARACTERS_MAX
from afterword.postmortems.stars import change_entry, star_row
from afterword.postmortems.views.reading import reader_of

ENTRIES_PER_PAGE = 100


@require_http_methods(["GET", "HEAD", "POST"])
def change_incidents(request: HttpRequest, number: int) -> HttpResponse:
    """Those that it is about, and others by `?search=`; what is posted adds or removes one."""
    actor, postmortem = _of(request, number)
    error, wrong = "", None
    if request.method == "POST":
        try:
            postmortem = _change(request, actor, postmortem)
        except InvalidInput as refusal:
            error = " ".join(refusal.fields.values()) or refusal.message
            wrong = request.POST.get("remove")
        else:
            if not reads.visible_postmortems(actor).filter(pk=postmortem.pk).exists():
                return redirect("postmortems:list")
            return redirect("postmortems:incidents", number)
    search = request.GET.get("search", "")[:SEARCH_CHARACTERS_MAX]
    present = reads.incidents_seen_by(actor, postmortem)
    found = reads.pickable_incidents(actor, search)
    known = {incident for incident, _ in present}
    context = {
        "postmortem": postmortem,
        "present": present,
        "others": [incident for incident in found.incidents if incident not in known],
        "is_more": found.is_more,
        "search": search,
        "error": error,
        "wrong": wrong,
    }
    return render(request, "postmortems/incidents.html", context, status=400 if error else 200)


@require_http_methods(["GET", "HEAD", "POST"])
def change_timeline(request: HttpRequest, number: int) -> HttpResponse:
    """The entries of its incidents that the actor sees, hidden ones too; what is posted changes one."""
    actor, postmortem = _of(request, number)
    page_number = request.POST.get("page") or request.GET.get("page", "")
    if request.method == "POST":
        key = request.POST.get("entry", "")
        # `do` says what: star, unstar, hide, show.
        change_entry(actor, postmortem, verb=request.POST.get("do", ""), key=key)
        page = page_number if page_number.isdigit() else "1"
        return redirect(f"{reverse('postmortems:timeline', args=[number])}?page={page[:9]}#entry-{key}")
    entries = reads.entries_seen_by(actor, postmortem)
    shown = Paginator(entries, ENTRIES_PER_PAGE).get_page(page_number)
    context = {
        "postmortem": postmortem,
        "page": shown,
        "rows": [star_row(entry) for entry in shown],
        "several": len(reads.incidents_of(postmortem)) > 1,
    }
    return render(request, "postmortems/timeline.html", context)


def _change(request: HttpRequest, actor: Person, postmortem: Postmortem) -> Postmortem:
    adding = request.POST.get("add", "")
    wanted = adding or request.POST.get("remove", "")
    if not (wanted.isascii() and wanted.isdigit() and len(wanted) < 19):
        raise InvalidInput(fields={"incident": "Please pick an incident."})
    if adding:
        found = reads.incidents_by_number(actor, [int(wanted)])
        if not found:
            raise InvalidInput(fields={"incident": f"There is no incident #{wanted}."})
        messages.success(request, f"It is about incident #{wanted} too.")
        return writes.change_incidents(actor=actor, postmortem=postmortem, add=found)
    gone = [one for one in reads.incidents_of(postmortem) if one.number == int(wanted)]
    changed = writes.change_incidents(
        actor=actor, postmortem=postmortem, remove=gone, opens="opens" in request.POST
    )
    messages.success(request, f"It is no longer about incident #{wanted}.")
    return changed


def _of(request: HttpRequest, number: int) -> tuple[Person, Postmortem]:
    """Raises NotFound to an outsider, NotAllowed to someone who may only read."""
    actor = reader_of(request)
    postmortem = reads.get_postmortem(actor, number)
    require_write(actor, postmortem.team)
    return actor, postmortem
