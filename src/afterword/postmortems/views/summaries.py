"""The summaries of incidents, written where a post-mortem shows them: the incident's own text, no copy."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.safestring import SafeString

from afterword.accounts.models import Person
from afterword.accounts.reads import writable_team_keys
from afterword.incidents.errors import SummaryChanged
from afterword.incidents.models import Incident
from afterword.incidents.reads import get_incident
from afterword.incidents.rules import summary_digest
from afterword.incidents.writes import change_summary
from afterword.lib.errors import InvalidInput, NotAllowed, NotFound
from afterword.postmortems import reads
from afterword.postmortems.models import Postmortem


@dataclass
class SummaryBox:
    """The box of one incident's summary: as it is saved, and as somebody has it."""

    actor: Person
    incident: Incident
    text: str
    base: str
    """The digest of the summary that the writer started from."""
    error: str = ""
    theirs: str | None = None
    was_edited: bool = False
    remarks: Sequence[SafeString] = ()
    """What packages above say about the words in it."""

    @property
    def wants_attention(self) -> bool:
        """Whether it could not be saved."""
        return bool(self.error) or self.theirs is not None

    def take(self, data: Any) -> None:
        """Put what was sent into the box; nothing was sent where the page did not offer it."""
        text = data.get(f"summary-{self.incident.number}")
        if text is None:
            return
        self.text = text.replace("\r\n", "\n")
        self.base = data.get(f"summary-base-{self.incident.number}", "")
        self.was_edited = summary_digest(self.text.strip()) != self.base

    def save(self) -> bool:
        """Save it as the page of the incident does; False when it was refused, and the box says why."""
        try:
            self.incident = change_summary(
                actor=self.actor, incident=self.incident, summary=self.text, started_from=self.base
            )
        except SummaryChanged:
            present = get_incident(self.actor, self.incident.number)
            self.theirs, self.base = present.summary, summary_digest(present.summary)
            return False
        except InvalidInput as refusal:
            self.error = refusal.fields.get("summary", refusal.message)
            return False
        except (NotAllowed, NotFound):
            self.error = "You can no longer change this incident. Your text was not saved."
            return False
        self.text, self.base = self.incident.summary, summary_digest(self.incident.summary)
        self.was_edited = False
        return True


def summary_boxes(actor: Person, postmortem: Postmortem) -> list[SummaryBox]:
    """A box for each incident of the post-mortem that the actor sees and may write in."""
    teams = writable_team_keys(actor)
    return [
        SummaryBox(actor, incident, incident.summary, summary_digest(incident.summary))
        for incident, is_seen in reads.incidents_seen_by(actor, postmortem)
        if is_seen and incident.service.team_id in teams
    ]
