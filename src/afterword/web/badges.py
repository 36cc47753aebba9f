"""What each state of the product looks like: its word, its tone and its sign."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Look:
    """A tone is one of red, amber, green, blue, violet, grey; an icon is a name of `icons.PATHS`.

    Priorities and tags, whose colours people choose, may be orange, teal, indigo and pink too.
    """

    text: str
    tone: str
    icon: str = ""


# By the value that is stored. One word has one look wherever it appears.
LOOKS: dict[str, Look] = {
    # An incident
    "triggered": Look("Triggered", "red", "dot"),
    "acknowledged": Look("Acknowledged", "amber", "ring"),
    "resolved": Look("Resolved", "green", "check"),
    "closed": Look("Closed", "grey", "lock"),
    "merged": Look("Merged", "grey", "plus"),
    "private": Look("Private", "violet", "lock"),
    # An alert
    "critical": Look("Critical", "red", "zap"),
    "error": Look("Error", "red", "alert"),
    "warning": Look("Warning", "amber", "alert"),
    "info": Look("Info", "blue", "info"),
    # A promise of an SLA
    "kept": Look("Kept", "green", "check"),
    "broken": Look("Broken", "red", "clock"),
    # A line of a timeline
    "sla": Look("SLA", "red", "clock"),
    "message": Look("Message", "blue", "mail"),
    "assignment": Look("Assignment", "grey", "person"),
    "page": Look("Page", "amber", "bell"),
    "chat": Look("Chat", "violet", "chat"),
    "detection": Look("Detection", "blue", "eye"),
    "diagnosis": Look("Diagnosis", "violet", "search"),
    "mitigation": Look("Mitigation", "green", "shield"),
    "decision": Look("Key decision", "amber", "flag"),
    "impact": Look("Impact change", "red", "zap"),
    # A change to a service
    "deploy": Look("Deploy", "violet", "arrow-up"),
    "configuration": Look("Configuration", "violet", "settings"),
    "other": Look("Other", "violet", "refresh"),
    # A message on its way
    "sent": Look("Sent", "green", "check"),
    "dropped": Look("Not needed", "grey", "close"),
    # A signal at the way in
    "queued": Look("Queued", "grey", "clock"),
    "failed": Look("Failed", "red", "close"),
    "waiting": Look("Waiting", "grey", "clock"),
    "opened": Look("Opened an incident", "blue", "zap"),
    "added": Look("Added to an incident", "blue", "plus"),
    "recorded": Look("Recorded", "grey", "check"),
    "suppressed": Look("Suppressed", "grey", "lock"),
    "change": Look("Change", "violet", "refresh"),
    "maintenance": Look("Held back", "amber", "clock"),
    "rerun": Look("Failed, run again", "grey", "refresh"),
    # An integration that should be heard of
    "never": Look("Never heard of", "amber", "bell"),
    "silent": Look("Silent", "amber", "bell"),
    "quiet": Look("Quiet", "grey", "bell"),
    # A post-mortem
    "draft": Look("In progress", "violet", "edit"),
    "in_review": Look("In review", "blue", "eye"),
    "approved": Look("Approved", "green", "check"),
    "published": Look("Published", "green", "book"),
    # A follow-up
    "open": Look("Open", "blue", "ring"),
    "in_progress": Look("In progress", "violet", "edit"),
    "completed": Look("Completed", "green", "check"),
    "overdue": Look("Overdue", "red", "clock"),
    # How urgent
    "p1": Look("P1", "red"),
    "p2": Look("P2", "amber"),
    "p3": Look("P3", "blue"),
    "p4": Look("P4", "grey"),
    "p5": Look("P5", "grey"),
    # A thing that can be switched off
    "enabled": Look("Enabled", "green", "check"),
    "disabled": Look("Disabled", "grey", "close"),
    "revoked": Look("Revoked", "grey", "close"),
}


_SIGNS = {look.text: look.icon for look in LOOKS.values()}


def sign_of(word: str) -> str:
    """The sign of the state that is said so; none for a word that is no state's."""
    return _SIGNS.get(word, "")


def look_of(value: object) -> Look:
    """The look of a state; one that is not known here is grey and says its own name."""
    text = str(value or "")
    known = LOOKS.get(text.lower().replace("-", "_").replace(" ", "_"))
    return known or Look(text.replace("_", " ").capitalize() or "None", "grey")
