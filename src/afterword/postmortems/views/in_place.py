"""Sections that are written where they are read: with script the card of one takes its place in the document.

Without script the same link leads to its place on the page that is written.
"""

from __future__ import annotations

import uuid

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.cache import patch_vary_headers
from django.views.decorators.http import require_http_methods

from afterword.lib.errors import NotFound
from afterword.postmortems import reads
from afterword.postmortems.views.document import draw_section
from afterword.postmortems.views.strays import FRAGMENT_REFUSED, keeps_words
from afterword.postmortems.views.writing import Desk, show_card, show_gone

CARD = "postmortems/_in_place.html"


@require_http_methods(["GET", "HEAD", "POST"])
@keeps_words
def edit_in_place(request: HttpRequest, number: int, unique_id: uuid.UUID) -> HttpResponse:
    """The card of one section, for the page that is read. POST saves it: what is read comes back, or the card
    with what could not be saved."""
    desk = Desk.of(request, number)
    draft = desk.find(unique_id)
    if request.headers.get("HX-Request") != "true":
        if draft is None:
            raise NotFound
        return redirect(f"{reverse('postmortems:write', args=[number])}#section-{unique_id}")
    if request.method != "POST":
        if draft is None:
            raise NotFound
        response = show_card(request, desk, draft, name=CARD)
        patch_vary_headers(response, ["HX-Request"])
        return response
    desk.take(request.POST)
    draft = desk.find(unique_id)
    if draft is None:
        return show_gone(request, desk)
    draft, is_done = desk.save_card(draft, request.POST)
    if not is_done:
        return show_card(request, desk, draft, status=FRAGMENT_REFUSED, name=CARD)
    postmortem = reads.get_postmortem(desk.actor, number)
    return HttpResponse(draw_section(reader=desk.actor, postmortem=postmortem, section=draft.section))
