"""What rules are asked about, and what they answer. Pure."""

from __future__ import annotations

from typing import Any

import msgspec

FIELDS = (
    *("message", "summary", "entity_id", "alert_type", "payload", "urls"),
    *("suppressed", "priority", "integration"),
)
"""The names that paths and placeholders of a rule begin with."""


class AlertFacts(msgspec.Struct, frozen=True, kw_only=True):
    """An alert as the rules see it: after its format was read, and mapped where there is a mapping."""

    message: str
    summary: str = ""
    entity_id: str = ""
    """Empty: the sender named none."""
    alert_type: str = "info"
    payload: Any = None
    urls: list[Any] = []
    suppressed: bool = False
    priority: str = ""
    """The unique id that came with it."""
    integration: str = ""
    """Its name."""


class RuleOutcome(msgspec.Struct, kw_only=True):
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
    tags: list[str] = []
    """Those that rules add, each once."""
    roles: list[tuple[str, str]] = []
    """Incident role and person; of two for the same role the later holds."""
    notes: list[str] = []
    service: str | None = None
    """Where it goes instead."""
    group: tuple[str, int] | None = None
    """The key that it shares with others, and the window in minutes."""
    remarks: list[str] = []
    """What could not be done, each as a sentence."""
    matched: list[str] = []
    """The names of the rules whose conditions held, in their order."""
