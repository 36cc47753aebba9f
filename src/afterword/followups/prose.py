"""What people wrote in the follow-ups that a post-mortem shows: their titles say what is to be done."""

from __future__ import annotations

from afterword.followups import reads
from afterword.followups.reads import FOLLOW_UPS_SHOWN_MAX
from afterword.postmortems.models import Postmortem
from afterword.postmortems.prose import TITLE_SHOWN_CHARACTERS_MAX, Prose, ProsePlace


def prose_of_follow_ups(postmortem: Postmortem) -> list[Prose]:
    """The titles of those that the document draws, at most `FOLLOW_UPS_SHOWN_MAX`."""
    shown = reads.follow_ups_shown(postmortem)[:FOLLOW_UPS_SHOWN_MAX]
    return [
        Prose(
            follow_up.unique_id,
            f"Follow-up: {_cut(follow_up.title)}",
            follow_up.title,
            ProsePlace.FOLLOW_UP,
            is_short=True,
            is_action=True,
        )
        for follow_up in shown
    ]


def _cut(title: str) -> str:
    room = TITLE_SHOWN_CHARACTERS_MAX
    return title if len(title) <= room else f"{title[: room - 1]}…"
