"""What rules are asked about, and what they answer. Pure."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

FIELDS = (
    *("message", "summary", "entity_id", "alert_type", "payload", "urls"),
    *("suppressed", "priority", "integration"),
)
"""The names that paths and placeholders of a rule begin with."""


@dataclass(frozen=True, slots=True, kw_only=True)
class AlertFacts:
    """An alert as the rules see it: after its format was read, and mapped where there is a mapping."""

    message: str
    summary: str = ""
    entity_id: str = ""
    """Empty: the sender named none."""
    alert_type: str = "info"
    payload: Any = None
    urls: list[Any] = field(default_factory=list)
    suppressed: bool = False
    priority: str = ""
    """The unique id that came with it."""
    integration: str = ""
    """Its name."""


@dataclass(slots=True, kw_only=True)
class RuleOutcome:
    """An alert after the rules. Ids are texts and known to nobody yet; empty: no rule named one."""

    message: str
    summary: str
    entity_id: str
    alert_type: str
    payload: Any
    urls: list[Any]
    suppressed: bool
    priority: str
    """What came with the alert, unless a rule named another."""
    sla: str = ""
    escalation_policy: str = ""
    tags: list[str] = field(default_factory=list)
    """Those that rules add, each once."""
    roles: list[tuple[str, str]] = field(default_factory=list)
    """Incident role and person; of two for the same role the later holds."""
    notes: list[str] = field(default_factory=list)
    service: str | None = None
    """Where it goes instead."""
    group: tuple[str, int] | None = None
    """The key that it shares with others, and the window in minutes."""
    remarks: list[str] = field(default_factory=list)
    """What could not be done, each as a sentence."""
    matched: list[str] = field(default_factory=list)
    """The names of the rules whose conditions held, in their order."""
