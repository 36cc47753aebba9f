"""Every change to the facts of an incident."""

from afterword.incidents.facts.writes.classification import change_incident_type, change_severity
from afterword.incidents.facts.writes.fields import (
    archive_field,
    change_field,
    create_field,
    delete_field,
    move_field,
    restore_field,
)
from afterword.incidents.facts.writes.links import add_link, change_link, move_link, remove_link
from afterword.incidents.facts.writes.services import change_affected_services
from afterword.incidents.facts.writes.summaries import restore_summary
from afterword.incidents.facts.writes.values import change_values

__all__ = [
    "add_link",
    "archive_field",
    "change_affected_services",
    "change_field",
    "change_incident_type",
    "change_link",
    "change_severity",
    "change_values",
    "create_field",
    "delete_field",
    "move_field",
    "move_link",
    "remove_link",
    "restore_field",
    "restore_summary",
]
