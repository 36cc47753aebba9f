"""The live section of a post-mortem that lists its follow-ups."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import tzinfo

from afterword.accounts.models import Person
from afterword.documents import Badge, Block, Inlines, Link, Table, Tone, inlines
from afterword.followups import reads
from afterword.followups.models import FollowUp, FollowUpPriority, FollowUpStatus
from afterword.followups.reads import FOLLOW_UPS_SHOWN_MAX
from afterword.postmortems.live import TICKET_COLUMN, missing, note
from afterword.postmortems.models import Postmortem

TICKET_WIDTH = 1.6
HEAD: tuple[str, ...] = ("Action", "Owner", "Due", "Priority", "Status")
WIDTHS: tuple[float, ...] = (5, 2, 1.6, 1.2, 1.8)
PRIORITY_TONES: dict[str, Tone] = {
    FollowUpPriority.P1: "bad",
    FollowUpPriority.P2: "warning",
    FollowUpPriority.P3: "accent",
}
STATUS_TONES: dict[str, Tone] = {
    FollowUpStatus.OPEN: "accent",
    FollowUpStatus.IN_PROGRESS: "progress",
    FollowUpStatus.COMPLETED: "good",
}


def draw_follow_ups(*, reader: Person, postmortem: Postmortem, zone: tzinfo) -> Sequence[Block]:
    """A table of what is to be done, urgent first; at most `FOLLOW_UPS_SHOWN_MAX` rows. It has a column of
    tickets where there are any."""
    found = reads.follow_ups_shown(postmortem)
    if not found:
        return [missing("No follow-ups have been agreed on.")]
    shown = found[:FOLLOW_UPS_SHOWN_MAX]
    rows = [_row(follow_up) for follow_up in shown]
    head, widths = HEAD, WIDTHS
    if any(follow_up.ticket for follow_up in shown):
        head, widths = (head[0], TICKET_COLUMN, *head[1:]), (widths[0], TICKET_WIDTH, *widths[1:])
        rows = [(row[0], _ticket(follow_up), *row[1:]) for row, follow_up in zip(rows, shown, strict=True)]
    blocks: list[Block] = [Table(tuple(inlines(title) for title in head), tuple(rows), widths=widths)]
    if len(found) > FOLLOW_UPS_SHOWN_MAX:
        blocks.append(note(f"These are the first {FOLLOW_UPS_SHOWN_MAX}; the incident has more."))
    return blocks


def _row(follow_up: FollowUp) -> tuple[Inlines, ...]:
    return (
        inlines(follow_up.title),
        inlines(str(follow_up.owner) if follow_up.owner else "Nobody yet"),
        inlines(f"{follow_up.due_on:%d %b %Y}".removeprefix("0") if follow_up.due_on else "Not set"),
        (Badge(follow_up.priority, PRIORITY_TONES.get(follow_up.priority, "neutral")),),
        (Badge(FollowUpStatus(follow_up.status).label, STATUS_TONES.get(follow_up.status, "neutral")),),
    )


def _ticket(follow_up: FollowUp) -> Inlines:
    name = inlines(follow_up.ticket_name)
    address = follow_up.ticket_address
    return (Link(address, name),) if address else name
