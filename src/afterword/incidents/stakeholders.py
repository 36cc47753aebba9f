"""What the timeline says about a message to stakeholders, whoever wrote it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from afterword.documents import plain_text
from afterword.incidents.models import ENTRY_SOURCE_LENGTH_MAX, Entry, EntryKind, StakeholderMessage

RECIPIENTS_NAMED_MAX = 3


def describe_message(
    message: StakeholderMessage, recipients: Sequence[str], *, source: str, at: datetime
) -> Entry:
    """The entry of a message: to whom it goes, and its subject. Not saved yet."""
    return Entry(
        incident_id=message.incident_id,
        at=at,
        kind=EntryKind.MESSAGE,
        text=f"Wrote “{plain_text(message.subject)}” to {_name(recipients)}.",
        person=message.created_by if message.alert_id is None else None,
        source=source[:ENTRY_SOURCE_LENGTH_MAX],
        alert_id=message.alert_id,
    )


def _name(recipients: Sequence[str]) -> str:
    if len(recipients) <= RECIPIENTS_NAMED_MAX:
        *others, last = recipients
        return f"{', '.join(others)} and {last}" if others else last
    return f"{', '.join(recipients[: RECIPIENTS_NAMED_MAX - 1])} and {len(recipients) - 2:,} more"
