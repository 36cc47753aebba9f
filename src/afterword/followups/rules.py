"""Decisions about follow-ups. Pure: no Django, and the day is an argument."""

from __future__ import annotations

from datetime import date

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
