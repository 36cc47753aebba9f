"""The history of a post-mortem: its revisions, what changed between two of them, going back to one."""

from __future__ import annotations

from dataclasses import dataclass

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST, require_safe

from afterword.lib.errors import Conflict, InvalidInput
from afterword.postmortems import reads as postmortem_reads
from afterword.postmortems.history import reads, writes
from afterword.postmortems.history.authorship import Passage
from afterword.postmortems.models import Revision
from afterword.postmortems.views.reading import reader_of

REVISIONS_PER_PAGE = 50
PARTS_NAMED_MAX = 5
"""Of what a save changed; how many more there are is said."""
AS_IT_BEGAN = "As it began"
"""Whom the words are by that the document was made with: a template, a draft, an imported file."""


@dataclass(frozen=True)
class HistoryRow:
    """A save, and the names of what it changed."""

    revision: Revision
    parts: list[str]
    more: int

    @classmethod
    def of(cls, revision: Revision, parts: list[str]) -> HistoryRow:
        return cls(revision, parts[:PARTS_NAMED_MAX], max(len(parts) - PARTS_NAMED_MAX, 0))


@require_safe
def show(request: HttpRequest, number: int) -> HttpResponse:
    actor = reader_of(request)
    postmortem = postmortem_reads.get_postmortem(actor, number)
    page = Paginator(reads.revisions_of(postmortem), REVISIONS_PER_PAGE).get_page(request.GET.get("page"))
    changed = reads.parts_changed(postmortem, [revision.number for revision in page])
    context = {
        "postmortem": postmortem,
        "page": page,
        "rows": [HistoryRow.of(revision, changed.get(revision.number, [])) for revision in page],
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
        actor, reads.get_revision(postmortem, before), reads.get_revision(postmortem, after)
    )
    notes, notes_left = reads.notes_between(comparison.before, comparison.after)
    context = {
        "postmortem": postmortem,
        "comparison": comparison,
        "notes": notes,
        "notes_left": notes_left,
        "notes_count": len(notes) + notes_left,
        "newest": newest,
        "may_write": postmortem_reads.may_write(actor, postmortem),
    }
    return render(request, "postmortems/compare.html", context)


@require_safe
def show_writers(request: HttpRequest, number: int) -> HttpResponse:
    """Who wrote what of the texts as they stand."""
    actor = reader_of(request)
    postmortem = postmortem_reads.get_postmortem(actor, number)
    writers = reads.writers_of(postmortem)
    context = {
        "postmortem": postmortem,
        "sections": [
            (section, [_row(passage, writers) for passage in section.passages])
            for section in writers.sections
        ],
    }
    return render(request, "postmortems/writers.html", context)


@require_POST
def restore(request: HttpRequest, number: int) -> HttpResponse:
    actor = reader_of(request)
    postmortem = postmortem_reads.get_postmortem(actor, number)
    wanted, newest = _posted(request, "revision"), _posted(request, "newest")
    try:
        done = writes.restore_revision(actor=actor, postmortem=postmortem, number=wanted, newest=newest)
    except Conflict as refusal:
        messages.warning(request, refusal.message)
    else:
        messages.success(
            request,
            f"Revision {wanted} is restored, as revision {done.revision.number}. Nothing written since is "
            "lost: it stands in the history.",
        )
        if done.owner_left_out:
            messages.info(
                request,
                f"{done.owner_left_out} was the owner then and may not write here any more, so the owner "
                "stays who it is.",
            )
    return redirect("postmortems:history", number)


@dataclass(frozen=True)
class WritersRow:
    """A passage as the page shows it."""

    sources: list[tuple[int, str, Revision | None]]
    """The number of the revision, whom it is said to be by, and the revision; the main one first."""
    lines: list[list[tuple[str, str]]]
    """Pieces of each line, and whom they are by where that is not the main one."""


def _row(passage: Passage, writers: reads.Writers) -> WritersRow:
    names = {number: _who(number, writers) for number in passage.revisions}
    main = names[passage.revisions[0]]
    return WritersRow(
        sources=[(number, name, writers.revisions.get(number)) for number, name in names.items()],
        lines=[
            [(run.text, name if (name := names.get(run.revision, "")) != main else "") for run in line]
            for line in passage.lines
        ],
    )


def _who(number: int, writers: reads.Writers) -> str:
    if number == 1:
        return AS_IT_BEGAN
    revision = writers.revisions.get(number)
    if number == writers.oldest:
        return f"Revision {number} or earlier"
    return str(revision.person) if revision and revision.person else "Somebody who has left"


def _number(request: HttpRequest, name: str, default: int) -> int:
    given = request.GET.get(name, "")
    return int(given) if given.isascii() and given.isdigit() and len(given) < 10 else default


def _posted(request: HttpRequest, name: str) -> int:
    given = request.POST.get(name, "")
    if not (given.isascii() and given.isdigit() and len(given) < 10):
        raise InvalidInput(fields={name: "This is the number of no revision."})
    return int(given)
