"""Every change to incidents."""

from afterword.incidents.writes.incidents import (
    acknowledge_incident,
    change_summary,
    change_title,
    create_incident,
    resolve_incident,
)
from afterword.incidents.writes.notes import add_note

__all__ = [
    "acknowledge_incident",
    "add_note",
    "change_summary",
    "change_title",
    "create_incident",
    "resolve_incident",
]
