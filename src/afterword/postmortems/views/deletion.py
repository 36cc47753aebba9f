"""Deleting a draft that nobody else wrote in, after saying so once more."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from afterword.accounts.reads import require_write
from afterword.lib.errors import Conflict
from afterword.postmortems import reads
from afterword.postmortems.foreign.writes import delete_postmortem, require_deletable
from afterword.postmortems.views.reading import reader_of


@require_http_methods(["GET", "HEAD", "POST"])
def delete(request: HttpRequest, number: int) -> HttpResponse:
    """What would be lost, or why it cannot be deleted; what is posted with `sure` deletes it for good."""
    actor = reader_of(request)
    postmortem = reads.get_postmortem(actor, number)
    require_write(actor, postmortem.team)
    reason, forgot = "", False
    try:
        require_deletable(actor, postmortem)
        if request.method == "POST":
            if "sure" in request.POST:
                delete_postmortem(actor=actor, postmortem=postmortem)
                messages.success(request, f"Post-mortem {number} is deleted.")
                return redirect("postmortems:list")
            forgot = True
    except Conflict as refusal:
        reason = refusal.message
    context = {
        "postmortem": postmortem,
        "reason": reason,
        "forgot": forgot,
        "sections": [section for section in reads.sections_of(postmortem) if section.text.strip()],
        "revision": reads.latest_revision(postmortem),
    }
    status = 409 if reason and request.method == "POST" else 400 if forgot else 200
    return render(request, "postmortems/delete.html", context, status=status)
