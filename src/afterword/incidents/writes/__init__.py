"""Every change to incidents."""

from afterword.incidents.writes.evidence import (
    attach_file,
    attach_link,
    attach_prepared,
    prepare_file,
    remove_evidence,
)
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
from afterword.incidents.writes.timeline import correct_entry, hide_entries, mark_entry, star_entry
from afterword.incidents.writes.timestamps import change_timestamps

__all__ = [
    "acknowledge_incident",
    "add_note",
    "assign_role",
    "attach_file",
    "attach_link",
    "attach_prepared",
    "change_escalation_policy",
    "change_priority",
    "change_sla",
    "change_summary",
    "change_tags",
    "change_timestamps",
    "change_title",
    "correct_entry",
    "create_incident",
    "hide_entries",
    "mark_entry",
    "prepare_file",
    "remove_evidence",
    "report_change",
    "resolve_incident",
    "star_entry",
    "take_role",
]
