"""Every change to incidents."""

from afterword.incidents.writes.incidents import (
    acknowledge_incident,
    change_summary,
    change_title,
    create_incident,
    resolve_incident,
)
from afterword.incidents.writes.notes import add_note
from afterword.incidents.writes.reported_changes import report_change
from afterword.incidents.writes.response import (
    assign_role,
    change_escalation_policy,
    change_priority,
    change_sla,
    change_tags,
    take_role,
)

__all__ = [
    "acknowledge_incident",
    "add_note",
    "assign_role",
    "change_escalation_policy",
    "change_priority",
    "change_sla",
    "change_summary",
    "change_tags",
    "change_title",
    "create_incident",
    "report_change",
    "resolve_incident",
    "take_role",
]
