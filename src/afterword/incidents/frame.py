"""What stands around every page of one incident: its head, what can be done, its tabs."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest

from afterword.accounts.models import Person
from afterword.accounts.reads import writable_teams
from afterword.documents import DocumentTooLarge, paragraph, parse_markdown, render_html
from afterword.incidents import reads, rules
from afterword.incidents.forms import ResolutionForm
from afterword.incidents.merging.reads import merge_of, merged_into
from afterword.incidents.models import Incident
from afterword.lib import clock

MERGED_NAMED_MAX = 20
"""Of the incidents that were merged into this one, at the head of its pages."""
PAGE_HEADING_LEVELS = 3
"""How far headings that people write move down below those of the page."""


@dataclass(frozen=True)
class WrittenAbout:
    """What people wrote about an incident, as its head names it."""

    title: str
    url: str


_finders: list[Callable[[Person, Incident], Sequence[WrittenAbout]]] = []


def register_writing(find: Callable[[Person, Incident], Sequence[WrittenAbout]]) -> None:
    """Have the head of an incident lead to what `find` knows; for packages above, in AppConfig.ready()."""
    _finders.append(find)


def reader_of(request: HttpRequest) -> Person:
    """Who is signed in. The pages of incidents are for nobody else."""
    assert isinstance(request.user, Person), "this page needs a sign-in"
    return request.user


def frame_incident(actor: Person, incident: Incident, **more: Any) -> dict[str, Any]:
    """The context of `incidents/incident.html`, which every page of an incident extends."""
    now = clock.now()
    services = reads.services_around(actor, incident)
    return {
        "incident": incident,
        "services_around": services,
        "may_write": writable_teams(actor).filter(pk=incident.service.team_id).exists(),
        "counts": reads.count_parts(actor, incident, now=now, services=services),
        "lasted": rules.lasted(incident, now),
        "now": now,
        "merge": merge_of(actor, incident),
        "merged_here": list(merged_into(actor, incident)[:MERGED_NAMED_MAX]) if incident.merges else [],
        "written": [written for find in _finders for written in find(actor, incident)],
        "resolution_form": ResolutionForm(auto_id="resolution_%s"),
        **more,
    }


def render_words(text: str, prefix: str) -> str:
    """Markdown that people wrote, as safe HTML; a text too large to read as Markdown stays plain."""
    try:
        blocks = parse_markdown(text)
    except DocumentTooLarge:
        blocks = [paragraph(text)]
    return render_html(blocks, heading_offset=PAGE_HEADING_LEVELS, id_prefix=prefix)
