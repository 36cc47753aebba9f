"""Decisions about follow-ups. Pure: no Django, and the day is an argument."""

from __future__ import annotations

import re
from datetime import date
from urllib.parse import unquote, urlsplit

OPEN, IN_PROGRESS, COMPLETED = "open", "in_progress", "completed"

NEXT_STATUSES: dict[str, tuple[tuple[str, str], ...]] = {
    OPEN: ((IN_PROGRESS, "Start"), (COMPLETED, "Complete")),
    IN_PROGRESS: ((COMPLETED, "Complete"),),
    COMPLETED: ((OPEN, "Reopen"),),
}
"""What people usually do next, and what the button says."""


def is_overdue(status: str, due_on: date | None, today: date) -> bool:
    """Whether its last day is over and it is not done."""
    return status != COMPLETED and due_on is not None and due_on < today


TICKET_NAME_CHARACTERS_MAX = 40
_KEY = re.compile(r"[A-Z][A-Z0-9_]{0,15}-\d{1,9}")
"""As Jira, Linear and YouTrack number their tickets."""


def is_address(ticket: str) -> bool:
    """Whether a ticket is an address to follow, and not a number alone."""
    return ticket.startswith(("https://", "http://"))


def name_ticket(ticket: str) -> str:
    """What a ticket is called in a line: its number, or what its address calls it.

    `https://jira.example.com/browse/PAY-142` is `PAY-142`, `https://github.com/acme/shop/issues/12` is
    `shop#12`; an address that names nothing is its host.
    """
    if not is_address(ticket):
        return ticket
    parts = urlsplit(ticket)
    path = [unquote(part) for part in parts.path.split("/") if part]
    key = next((part for part in reversed(path) if _KEY.fullmatch(part)), "")
    if not key and len(path) > 2 and path[-1].isascii() and path[-1].isdigit():
        # GitLab writes /group/shop/-/issues/12.
        before = [part for part in path[:-2] if part != "-"]
        key = f"{before[-1]}#{path[-1]}" if before else path[-1]
    return (key or (path[-1] if path else "") or parts.netloc)[:TICKET_NAME_CHARACTERS_MAX]
