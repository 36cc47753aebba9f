"""Every change to drafts and suggestions, and to what may be drafted. `work` writes what waits."""

from afterword.drafting.suggestions.writes.asking import (
    ask_for_draft,
    note_blank,
    queue_by_itself,
    queue_for_incidents,
)
from afterword.drafting.suggestions.writes.beginning import begin_all_waiting, begin_next, queue_beginnings
from afterword.drafting.suggestions.writes.choosing import (
    change_incident_drafting,
    change_organisation_drafting,
    change_team_drafting,
)
from afterword.drafting.suggestions.writes.deciding import (
    accept_claims,
    drop_citation,
    make_follow_up,
    reject_claims,
    undo_last,
)
from afterword.drafting.suggestions.writes.recording import DECIDED_AT_ONCE_MAX

__all__ = [
    "DECIDED_AT_ONCE_MAX",
    "accept_claims",
    "ask_for_draft",
    "begin_all_waiting",
    "begin_next",
    "change_incident_drafting",
    "change_organisation_drafting",
    "change_team_drafting",
    "drop_citation",
    "make_follow_up",
    "note_blank",
    "queue_beginnings",
    "queue_by_itself",
    "queue_for_incidents",
    "reject_claims",
    "undo_last",
]
