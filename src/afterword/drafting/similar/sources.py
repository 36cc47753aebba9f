"""What is indexed of an incident and of a post-mortem: its words, and what is known of it beside them."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from afterword.drafting.similar.rules import Facts
from afterword.drafting.similar.words import name_key, weigh_words

TITLE_WEIGHT = 3.0
ALERT_WEIGHT = 2.0
CAUSE_WEIGHT = 2.0
SUMMARY_WEIGHT = 1.5
TEXT_WEIGHT = 1.0
NOTE_WEIGHT = 0.5
VALUE_CHARACTERS_MAX = 100
"""A longer value of a field is a text: its words count, and it is not compared as a whole."""
WORDS_KEPT_MAX = 600
"""Of one thing, the weightiest ones."""
EMBEDDED_CHARACTERS_MAX = 4_000
PART_CHARACTERS_MAX = 20_000
"""Of one text of a thing: what comes behind is found by the search, and not by this."""
CHARACTERS_MAX = 200_000
"""Of all texts of a thing: so much is read and cut into words."""
_NAMES = ("alertname", "alert_name", "rule_name", "ruleName", "monitor_name", "check_name")
_PLACES = ("labels", "commonLabels", "details", "tags")


@dataclass
class Source:
    """Everything by which a thing is found to be like another."""

    at: datetime
    parts: list[tuple[str, float]] = field(default_factory=list)
    services: dict[int, str] = field(default_factory=dict)
    alerts: dict[str, str] = field(default_factory=dict)
    """As they are compared, and as they are written; so are the others."""
    causes: dict[str, str] = field(default_factory=dict)
    values: dict[str, str] = field(default_factory=dict)
    is_private: bool = False
    characters: int = 0

    def add(self, text: str, weight: float) -> None:
        text = text[: min(PART_CHARACTERS_MAX, CHARACTERS_MAX - self.characters)]
        if text.strip():
            self.parts.append((text, weight))
            self.characters += len(text)

    def add_alert(self, message: str, payload: Any) -> None:
        """By the name of its rule where the payload tells it, else by its message."""
        self.add(message, ALERT_WEIGHT)
        name = alert_name(payload)
        if name and name != message:
            self.add(name, ALERT_WEIGHT)
        shown = name or message
        if key := name_key(shown):
            self.alerts.setdefault(key, shown)

    def add_value(self, name: str, value: str) -> None:
        """What a custom field is. One that is called a cause counts as one."""
        is_cause = "cause" in name.casefold()
        self.add(value, CAUSE_WEIGHT if is_cause else TEXT_WEIGHT)
        key = name_key(value)
        if not key or len(value) > VALUE_CHARACTERS_MAX:
            return
        if is_cause:
            self.causes.setdefault(key, value)
        else:
            self.values.setdefault(f"{name_key(name)}: {key}", f"{name}: {value}")

    @property
    def terms(self) -> dict[str, float]:
        words = weigh_words(self.parts)
        kept = sorted(words, key=lambda word: (-words[word], word))[:WORDS_KEPT_MAX]
        return {word: round(words[word], 2) for word in kept}

    @property
    def facts(self) -> Facts:
        return Facts(
            frozenset(self.services), frozenset(self.alerts), frozenset(self.causes), frozenset(self.values)
        )

    @property
    def text(self) -> str:
        """Its beginning, for an embedding: what weighs most first."""
        ordered = sorted(self.parts, key=lambda part: -part[1])
        return "\n".join(text for text, _ in ordered)[:EMBEDDED_CHARACTERS_MAX]

    @property
    def digest(self) -> str:
        told = [self.parts, facts_as_json(self.facts), self.at.isoformat(), self.is_private]
        return hashlib.sha256(json.dumps(told).encode()).hexdigest()


def facts_as_json(facts: Facts) -> dict[str, list[Any]]:
    return {
        "services": sorted(facts.services),
        "alerts": sorted(facts.alerts),
        "causes": sorted(facts.causes),
        "values": sorted(facts.values),
    }


def facts_from_json(stored: Mapping[str, list[Any]]) -> Facts:
    return Facts(*(frozenset(stored.get(name, ())) for name in ("services", "alerts", "causes", "values")))


def alert_name(payload: Any) -> str:
    """What the rule is called that raised an alert, where its payload says so; else empty."""
    if not isinstance(payload, dict):
        return ""
    for place in (payload, *(payload.get(name) for name in _PLACES)):
        if isinstance(place, dict):
            for name in _NAMES:
                if isinstance(found := place.get(name), str) and found.strip():
                    return found.strip()[:VALUE_CHARACTERS_MAX]
    return ""
