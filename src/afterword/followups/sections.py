"""The live section of a post-mortem that lists its follow-ups."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import tzinfo

from afterword.accounts.models import Person
from afterword.documents import Badge, Block, Inlines, Table, Tone, inlines, paragraph
from afterword.followups import reads
from afterword.followups.models import FollowUp, FollowUpPriority, FollowUpStatus
from afterword.postmortems.models import Postmortem

FOLLOW_UPS_SHOWN_MAX = 200

HEAD = ("Action", "Owner", "Due", "Priority", "Status")
WIDTHS = (5, 2, 1.6, 1.2, 1.8)
PRIORITY_TONES: dict[str, Tone] = {FollowUpPriority.P1: "bad", FollowUpPriority.P2: "warning"}
STATUS_TONES: dict[str, Tone] = {FollowUpStatus.IN_PROGRESS: "accent", FollowUpStatus.COMPLETED: "good"}


def draw_follow_ups(*, reader: Person, postmortem: Postmortem, zone: tzinfo) -> Sequence[Block]:
    """A table of what is to be done, urgent first; at most `FOLLOW_UPS_SHOWN_MAX` rows."""
    found = list(reads.follow_ups_in_document(postmortem)[: FOLLOW_UPS_SHOWN_MAX + 1])
    if not found:
        return [paragraph("No follow-ups have been agreed on.")]
    rows = tuple(_row(follow_up) for follow_up in found[:FOLLOW_UPS_SHOWN_MAX])
    blocks: list[Block] = [Table(tuple(inlines(title) for title in HEAD), rows, widths=WIDTHS)]
    if len(found) > FOLLOW_UPS_SHOWN_MAX:
        blocks.append(paragraph(f"These are the first {FOLLOW_UPS_SHOWN_MAX}; the incident has more."))
    return blocks


def _row(follow_up: FollowUp) -> tuple[Inlines, ...]:
    return (
        inlines(follow_up.title),
        inlines(str(follow_up.owner) if follow_up.owner else "Nobody yet"),
        inlines(f"{follow_up.due_on:%d %b %Y}".removeprefix("0") if follow_up.due_on else "Not set"),
        (Badge(follow_up.priority, PRIORITY_TONES.get(follow_up.priority, "neutral")),),
        (Badge(FollowUpStatus(follow_up.status).label, STATUS_TONES.get(follow_up.status, "neutral")),),
    )
