"""What a post-mortem says otherwise than the record: as a page, and below a box while somebody types."""

from __future__ import annotations

import uuid

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_POST, require_safe

from afterword.accounts.reads import require_write
from afterword.drafting.record.cards import draw_section
from afterword.lib.errors import InvalidInput
from afterword.postmortems import reads as postmortem_reads
from afterword.postmortems.models import SECTION_TEXT_BYTES_MAX
from afterword.postmortems.views.reading import reader_of


@require_safe
def show(request: HttpRequest, number: int) -> HttpResponse:
    """Every finding of a post-mortem. For whoever may read it."""
    from afterword.drafting.record import reads

    actor = reader_of(request)
    postmortem = postmortem_reads.get_postmortem(actor, number)
    return render(
        request,
        "drafting/record/document.html",
        {
            "postmortem": postmortem,
            "parts": reads.findings_of(actor, postmortem),
            "may_write": postmortem_reads.may_write(actor, postmortem),
        },
    )


@require_POST
def check_section(request: HttpRequest, number: int, unique_id: uuid.UUID) -> HttpResponse:
    """What is found in a text as somebody types it: the list below the box. Nothing is saved."""
    from afterword.drafting.record import reads

    actor = reader_of(request)
    postmortem = postmortem_reads.get_postmortem(actor, number)
    require_write(actor, postmortem.team)
    section = postmortem_reads.get_section(postmortem, unique_id)
    text = request.POST.get(f"text-{unique_id}", "")
    if len(text.encode(errors="replace")) > SECTION_TEXT_BYTES_MAX:
        raise InvalidInput(fields={"text": f"A section has at most {SECTION_TEXT_BYTES_MAX // 1024} KB."})
    [part] = reads.findings_in(reads.record_of(actor, postmortem), [(section, text)])
    return HttpResponse(draw_section(postmortem, part))
