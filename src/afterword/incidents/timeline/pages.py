"""What the page of an incident shows of its timeline."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from typing import Any
from urllib.parse import urlencode

from django.http import HttpRequest
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.safestring import SafeString, mark_safe

from afterword.incidents.chat.models import ChatMessage
from afterword.incidents.frame import reader_of, render_words
from afterword.incidents.models import Entry, EntryKind, Incident
from afterword.incidents.timeline import reads
from afterword.incidents.timeline.forms import TimelineFilterForm, read_place, zone_is_utc
from afterword.incidents.timeline.models import PICTURES, EntryRevision, Evidence, EvidenceKind

CHOOSE = "choose"
"""In the address: several entries can be chosen, to hide them at once."""
KEPT_NOTES_MAX = 1_000
"""How many notes a process keeps as HTML. With their size below: 10 MB at the very most."""
KEPT_NOTE_CHARACTERS_MAX = 2_000
WRITTEN_BY_PEOPLE = (EntryKind.NOTE, EntryKind.CHAT)
ANY_ENTRY = str(uuid.UUID(int=0))
FILTERS = ("kind", "person", "mark", "starred", "hidden", CHOOSE)


@dataclass(frozen=True)
class ShownEvidence:
    """Something attached, with the address at which its reader gets it."""

    evidence: Evidence
    url: str

    @classmethod
    def of(cls, evidence: Evidence, number: int) -> ShownEvidence:
        if evidence.kind == EvidenceKind.LINK:
            return cls(evidence, evidence.url)
        return cls(evidence, reverse("incidents:evidence", args=[number, evidence.unique_id]))

    @property
    def is_image(self) -> bool:
        return self.evidence.kind in PICTURES

    @property
    def is_link(self) -> bool:
        return self.evidence.kind == EvidenceKind.LINK


@dataclass(frozen=True)
class TimelineLine:
    """An entry as it is shown. What people wrote is Markdown; what the program or a machine says is plain."""

    entry: Entry
    look: str
    html: SafeString | None
    evidence: list[ShownEvidence]
    corrected_at: datetime | None
    corrected_by: str
    came_from: int | None
    """The number of the incident that was merged into the one whose timeline this is, and has the line."""
    url: str
    """Of the page of its own."""
    chat: ChatMessage | None = None
    """What it is in the chat that it comes from."""

    @classmethod
    def of(cls, entry: Entry, incident: Incident) -> TimelineLine:
        """One that was read by itself, with its parts."""
        (*_, corrected) = (None, *entry.revisions.all())
        return cls.on_page(
            entry,
            incident,
            list(entry.evidence.all()),
            corrected,
            entries_url=entries_url_of(incident),
            chat=getattr(entry, "chat", None),
        )

    @classmethod
    def on_page(
        cls,
        entry: Entry,
        incident: Incident,
        evidence: Sequence[Evidence],
        corrected: EntryRevision | None,
        *,
        entries_url: str,
        chat: ChatMessage | None = None,
    ) -> TimelineLine:
        """`corrected` is the last revision; `entries_url` is `entries_url_of(incident)`."""
        html = None
        if entry.kind in WRITTEN_BY_PEOPLE:
            html = _render_note(entry.text, f"entry-{entry.pk}")
        return cls(
            entry=entry,
            look=entry.alert.alert_type if entry.alert else entry.kind,
            html=html,
            evidence=[ShownEvidence.of(one, incident.number) for one in evidence],
            corrected_at=corrected.corrected_at if corrected else None,
            corrected_by=corrected.corrected_by_name if corrected else "",
            came_from=None if entry.incident_id == incident.pk else entry.incident.number,
            url=entries_url.replace(ANY_ENTRY, str(entry.unique_id)),
            chat=chat,
        )


def describe_timeline(request: HttpRequest, incident: Incident, *, may_write: bool) -> dict[str, Any]:
    """The context of `incidents/timeline/_timeline.html`, as the address asks for it."""
    actor = reader_of(request)
    form = TimelineFilterForm(request.GET, people=reads.people_in(actor, incident))
    wanted = form.wanted()
    place = read_place(request.GET)
    # While it goes on, people come for what happened last; afterwards, for the story from its start.
    from_end = not incident.is_resolved or request.GET.get("end") == "1"
    from_end = from_end and request.GET.get("start") != "1"
    page = reads.read_page(actor, incident, wanted, place, from_end=from_end)
    entries_url = entries_url_of(incident)
    choosing = may_write and request.GET.get(CHOOSE) == "1"
    kept = {name: request.GET[name] for name in FILTERS if request.GET.get(name)}
    first, last = (page.entries[0], page.entries[-1]) if page.entries else (None, None)
    return {
        "timeline_form": form,
        "wanted": wanted,
        "lines": [
            TimelineLine.on_page(
                entry,
                incident,
                page.evidence.get(entry.pk, ()),
                page.corrected.get(entry.pk),
                entries_url=entries_url,
                chat=page.chat.get(entry.pk),
            )
            for entry in page.entries
        ],
        "earlier_url": _address({**kept, "before": first.unique_id}) if first and page.has_earlier else "",
        "later_url": _address({**kept, "after": last.unique_id}) if last and page.has_later else "",
        "start_url": _address({**kept, "start": 1}),
        "end_url": _address({**kept, "end": 1}),
        "hidden_url": _address({**kept, "hidden": 1}, "timeline"),
        "folded_url": _address({name: kept[name] for name in kept if name != "hidden"}, "timeline"),
        "choose_url": _address({**request.GET.dict(), CHOOSE: 1}, "timeline"),
        "stop_choosing_url": _address(
            {name: value for name, value in request.GET.dict().items() if name != CHOOSE}, "timeline"
        ),
        # Said, because an incident that is resolved meanwhile would be read from its start.
        "live_query": f"?{urlencode({'end' if from_end else 'start': 1, **request.GET.dict()})}",
        "choosing": choosing,
        "repeated": reads.repeated_alerts(actor, incident) if choosing else [],
        "is_utc": zone_is_utc(),
    }


def entries_url_of(incident: Incident) -> str:
    """The address of an entry's own page, with `ANY_ENTRY` where its id stands."""
    return reverse("incidents:entry", args=[incident.number, ANY_ENTRY])


def address_of(entry: Entry) -> str:
    """Where on the page of its incident an entry stands."""
    page = reverse("incidents:page", args=[entry.incident.number])
    return f"{page}?entry={entry.unique_id}#entry-{entry.unique_id}"


def way_back(request: HttpRequest, number: int, anchor: str = "timeline") -> str:
    """The page on which a button of a timeline was pressed, if it is the incident's own."""
    page = reverse("incidents:page", args=[number])
    back = request.POST.get("next", "")
    if back.split("?")[0] != page or not url_has_allowed_host_and_scheme(back, allowed_hosts=None):
        back = page
    return f"{back.split('#')[0]}#{anchor}"


def _render_note(text: str, prefix: str) -> SafeString:
    return (_render if len(text) > KEPT_NOTE_CHARACTERS_MAX else _render_and_keep)(text, prefix)


def _render(text: str, prefix: str) -> SafeString:
    return mark_safe(render_words(text, prefix))  # noqa: S308 - cleaned there


@lru_cache(KEPT_NOTES_MAX)
def _render_and_keep(text: str, prefix: str) -> SafeString:
    """What its words make is always the same, and every open page asks for it again with each change."""
    return _render(text, prefix)


def _address(query: dict[str, Any], anchor: str = "timeline") -> str:
    return f"?{urlencode(query)}#{anchor}"
