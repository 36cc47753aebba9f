"""What other programs can be told: each type, and the changes of the record that it tells of. Pure.

`docs/reference/outgoing-webhooks.md` describes each with an example.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

PING = "ping"


@dataclass(frozen=True)
class EventType:
    """`told_by`: the actions of the audit log, each with the fields of `data` that it changes."""

    name: str
    when: str
    told_by: Mapping[str, Sequence[str]] = field(default_factory=dict)


EVENT_TYPES = (
    EventType(
        "incident.created",
        "An alert opened an incident, or a person reported one.",
        {"incident.triggered": (), "incident.created": ()},
    ),
    EventType("incident.acknowledged", "Somebody looks after it.", {"incident.acknowledged": ("status",)}),
    EventType("incident.resolved", "It is over.", {"incident.resolved": ("status",)}),
    EventType("incident.reopened", "It began again.", {"incident.reopened": ("status",)}),
    EventType("incident.closed", "Nothing is left to be done after it.", {"incident.closed": ("closed_at",)}),
    EventType(
        "incident.updated",
        "Something else about it was changed.",
        {
            "incident.renamed": ("title",),
            "incident.summarised": ("summary",),
            "incident.reprioritised": ("priority",),
            "incident.sla_changed": ("sla",),
            "incident.escalation_changed": ("escalation_policy",),
            "incident.tagged": ("tags",),
            "incident.role_assigned": ("roles",),
            "incident.role_taken": ("roles",),
            "incident.timestamps_changed": ("key_timestamps",),
            "incident.closing_withdrawn": ("closed_at",),
            "incident.extended": ("merged",),
            "incident.reduced": ("merged",),
            "incident.made_public": ("is_private",),
            "incident.severity_changed": ("severity",),
            "incident.type_changed": ("type",),
            "incident.services_changed": ("services",),
            "incident.link_added": ("links",),
            "incident.link_changed": ("links",),
            "incident.link_removed": ("links",),
            "incident.fields_changed": ("fields",),
            "incident.linked": ("related",),
            "incident.unlinked": ("related",),
        },
    ),
    EventType(
        "incident.sla_breached",
        "A promise of its SLA was broken.",
        {"incident.sla_breached": ("promises",)},
    ),
    EventType("incident.merged", "It became part of another.", {"incident.merged": ("merged_into",)}),
    EventType("incident.unmerged", "It was taken out again.", {"incident.unmerged": ("merged_into",)}),
    EventType("postmortem.created", "A post-mortem was begun.", {"postmortem.created": ()}),
    EventType(
        "postmortem.updated",
        "Its title or its text was changed.",
        {
            "postmortem.renamed": ("title",),
            "section.saved": ("sections",),
            "postmortem.restored": ("title", "sections"),
        },
    ),
    EventType(
        "postmortem.status_changed",
        "It went to review, was approved, was published, or went back.",
        {"postmortem.status_changed": ("status",)},
    ),
    EventType("postmortem.published", "A version was published.", {"postmortem.published": ()}),
    EventType("postmortem.withdrawn", "What was published was taken back.", {"postmortem.withdrawn": ()}),
    EventType("postmortem.exported", "Somebody took it out as a file.", {"postmortem.exported": ()}),
    EventType("follow_up.created", "A follow-up was agreed.", {"follow_up.created": ()}),
    EventType(
        "follow_up.updated",
        "Something about a follow-up was changed.",
        {"follow_up.changed": ("status",)},
    ),
    EventType("follow_up.completed", "A follow-up is done.", {"follow_up.completed": ("status",)}),
    EventType("follow_up.deleted", "A follow-up was taken away.", {"follow_up.deleted": ()}),
)
NAMES = tuple(one.name for one in EVENT_TYPES)
TOLD_BY = {action: one.name for one in EVENT_TYPES for action in one.told_by}
_CHANGED = {action: fields for one in EVENT_TYPES for action, fields in one.told_by.items()}


def changed_fields(action: str, data: Mapping[str, Any]) -> list[str]:
    """What a change of the record changed, by the names that the API has for it."""
    if action == "follow_up.changed" and isinstance(data.get("fields"), list):
        return sorted(str(name) for name in data["fields"])
    return list(_CHANGED[action])
