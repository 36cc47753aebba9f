"""The panel of the timeline: what happened is starred and hidden where the post-mortem shows it."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.utils.safestring import SafeString, mark_safe

from afterword.accounts.models import Person
from afterword.accounts.reads import writable_team_keys
from afterword.documents import Paragraph, render_html
from afterword.incidents.models import Entry
from afterword.incidents.writes import hide_entries, star_entry
from afterword.lib.errors import InvalidInput, NotFound
from afterword.postmortems import reads
from afterword.postmortems.live import describe_entry, name_source
from afterword.postmortems.models import Postmortem
from afterword.postmortems.panels import Done

PANEL_ENTRIES_MAX = 100
"""Of a longer timeline the first ones; all of them stand on the page `postmortems:timeline`."""

DEEDS = {"star": "a star", "unstar": "a star taken back", "hide": "an entry hidden"}


@dataclass(frozen=True)
class StarRow:
    """An entry as the panel shows it."""

    entry: Entry
    html: SafeString
    source: str


class TimelinePanel:
    """Deeds are `star:UUID`, `unstar:UUID` and `hide:UUID`, of an entry."""

    template = "postmortems/_stars.html"

    def take(self, *, actor: Person, postmortem: Postmortem, data: Mapping[str, Any]) -> Any:
        """There is nothing to type in it."""
        return None

    def change(
        self, *, actor: Person, postmortem: Postmortem, deed: str, data: Mapping[str, Any]
    ) -> tuple[Done, Any]:
        """Raises InvalidInput, NotAllowed, NotFound."""
        if not deed:
            return Done(), None
        verb, _, key = deed.partition(":")
        if verb not in DEEDS:
            raise InvalidInput(fields={"record": f"Please use one of: {', '.join(DEEDS)}."})
        change_entry(actor, postmortem, verb=verb, key=key)
        return Done(DEEDS[verb]), key

    def show(self, *, actor: Person, postmortem: Postmortem, state: Any = None) -> dict[str, Any] | None:
        """`state` is the entry that was just changed."""
        incidents = reads.incidents_seen_by(actor, postmortem)
        writable = writable_team_keys(actor)
        may_all = all(seen and incident.service.team_id in writable for incident, seen in incidents)
        found = reads.entries_seen_by(actor, postmortem).filter(hidden_at__isnull=True)
        entries = list(reads.without_plain_chat(found)[: PANEL_ENTRIES_MAX + 1])
        chat_count = reads.chat_count_of(found, entries)
        if not entries and not chat_count:
            return None
        return {
            "postmortem": postmortem,
            "rows": [star_row(entry) for entry in entries[:PANEL_ENTRIES_MAX]],
            "start": min(incident.started_at for incident, _ in incidents),
            "several": len(incidents) > 1,
            "is_more": len(entries) > PANEL_ENTRIES_MAX,
            "is_whole": may_all and len(entries) <= PANEL_ENTRIES_MAX,
            "chat_count": chat_count,
            "changed": state,
        }


def change_entry(actor: Person, postmortem: Postmortem, *, verb: str, key: str) -> None:
    """`star`, `unstar`, `hide` or `show` an entry by its id. Raises InvalidInput, NotAllowed, NotFound."""
    try:
        unique_id = uuid.UUID(key)
    except ValueError as error:
        raise NotFound from error
    entry = reads.entries_seen_by(actor, postmortem).filter(unique_id=unique_id).first()
    if entry is None:
        raise NotFound
    if verb in ("hide", "show"):
        hide_entries(actor=actor, incident=entry.incident, entries={unique_id}, hidden=verb == "hide")
    elif verb in ("star", "unstar"):
        star_entry(actor=actor, entry=entry, starred=verb == "star")
    else:
        raise InvalidInput(fields={"do": "Please use one of: star, unstar, hide, show."})


def star_row(entry: Entry) -> StarRow:
    """The entry in words, as the document draws it."""
    html = render_html([Paragraph(describe_entry(entry))], heading_offset=2, id_prefix="entry")
    return StarRow(entry, mark_safe(html), name_source(entry))  # noqa: S308 - cleaned by the renderer
