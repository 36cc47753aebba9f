"""What an alert does to the incident of its entity. Pure: no Django, no clock, no database.

The rules are those of Zenduty's generic integration: critical, error and warning open an incident or add
to the open one, acknowledged acknowledges it, resolved resolves it, info is only written down. An incident
with several entities is resolved with the last of them.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from afterword.documents import plain_text

OPENING = frozenset({"critical", "error", "warning"})
ALERT_TYPES = ("critical", "acknowledged", "resolved", "error", "warning", "info")
UNTITLED = "Alert without words"
ELLIPSIS = "…"


@dataclass(frozen=True, slots=True)
class Decision:
    """What one alert does."""

    opens: bool
    """It begins a new incident."""
    joins: bool
    """It belongs to the incident that it opens or that is open already; otherwise to none."""
    status: str | None
    """The incident's new status where the alert changes it; of `resolved`, where no other entity is open."""


RECORDS = Decision(opens=False, joins=False, status=None)
JOINS = Decision(opens=False, joins=True, status=None)
OPENS = Decision(opens=True, joins=True, status="triggered")
ACKNOWLEDGES = Decision(opens=False, joins=True, status="acknowledged")
RESOLVES = Decision(opens=False, joins=True, status="resolved")


def decide(alert_type: str, *, suppressed: bool, status: str | None) -> Decision:
    """What an alert does; `status` is that of its entity's open incident, None when none is open.

    A suppressed alert opens nothing and changes no status. A further critical, error or warning does not
    take an acknowledgement back. An acknowledgement or a resolution of nothing is recorded without incident.
    """
    if status is None:
        return OPENS if alert_type in OPENING and not suppressed else RECORDS
    if suppressed:
        return JOINS
    if alert_type == "resolved":
        return RESOLVES
    if alert_type == "acknowledged" and status == "triggered":
        return ACKNOWLEDGES
    return JOINS


def is_within(at: datetime, since: datetime, minutes: int) -> bool:
    """Whether `at` is at most `minutes` after `since`. Never with 0 minutes; a clock set back is no harm."""
    return minutes > 0 and at - since <= timedelta(minutes=minutes)


def due_at(created_at: datetime, minutes: int | None) -> datetime | None:
    """When a promise of so many minutes from the incident's creation ends; None where there is none."""
    return None if minutes is None else created_at + timedelta(minutes=minutes)


def not_before(at: datetime, start: datetime) -> datetime:
    """`at`, or `start` where a sender's or another server's clock would put the effect before its cause."""
    return max(at, start)


def title_of(message: str, *, characters_max: int) -> str:
    """A message as an incident's title: on one line, without what turns the text around it, cut to length."""
    title = plain_text(message[: characters_max * 4]) or UNTITLED
    if len(title) <= characters_max:
        return title
    return title[: characters_max - len(ELLIPSIS)].rstrip() + ELLIPSIS


def cut(text: str, *, characters_max: int) -> str:
    """`text`, or its beginning and an ellipsis."""
    if len(text) <= characters_max:
        return text
    return text[: characters_max - len(ELLIPSIS)] + ELLIPSIS
