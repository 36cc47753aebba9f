"""Actions as a form: one row each, added and removed by buttons."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from afterword.ingest.forms.posted import Posted
from afterword.ingest.rule_targets import RuleTargets, canonical
from afterword.ingest.rules.actions import ACTIONS, ACTIONS_PER_RULE_MAX
from afterword.ingest.texts import text_of

CHOSEN = ("priority", "sla", "escalation_policy", "role", "person", "service")
"""What an action takes that is chosen from a list."""
GONE = "No longer there"
DEFAULT_WINDOW_MINUTES = "30"
PLACES_FOR_CHOICES = {
    "priority": "catalog:priorities",
    "sla": "catalog:slas",
    "escalation_policy": "catalog:escalation_policies",
    "tags": "catalog:tags",
    "role": "catalog:incident_roles",
}
LABELS = {
    "value": "Text",
    "priority": "Priority",
    "sla": "SLA",
    "escalation_policy": "Escalation policy",
    "tags": "Tags",
    "role": "Role",
    "person": "Person",
    "service": "Service",
    "key": "Alerts with the same text belong together",
    "window_minutes": "Within minutes of the first",
}


@dataclass
class ActionField:
    """One thing that an action takes."""

    key: str
    label: str
    name: str
    html_id: str
    value: str
    chosen: list[str]
    choices: list[tuple[str, str]]
    error: str
    is_new: bool

    @property
    def empty_place(self) -> str:
        """The name of the page where one could be made, when there is nothing to choose from."""
        return "" if self.choices else PLACES_FOR_CHOICES.get(self.key, "")


@dataclass
class ActionRow:
    """One action."""

    action: str
    values: dict[str, list[str]] = field(default_factory=dict)
    name: str = ""
    is_new: bool = False
    errors: dict[str, str] = field(default_factory=dict)

    @property
    def words(self) -> str:
        return ACTIONS[self.action].words

    def definition(self) -> dict[str, Any]:
        said: dict[str, Any] = {"action": self.action}
        for key in ACTIONS[self.action].takes:
            values = self.values.get(key, [])
            if key == "tags":
                said[key] = values
            elif key == "window_minutes":
                said[key] = _number(values)
            else:
                said[key] = values[0] if values else ""
        return said

    def fields(self, targets: RuleTargets) -> list[ActionField]:
        return [
            self._field(key, targets, first=place == 0)
            for place, key in enumerate(ACTIONS[self.action].takes)
        ]

    def _field(self, key: str, targets: RuleTargets, *, first: bool) -> ActionField:
        chosen = [canonical(value) for value in self.values.get(key, [])]
        choices: list[tuple[str, str]] = []
        if key in CHOSEN or key == "tags":
            known = targets.of(key)
            choices = list(known.items()) + [(each, GONE) for each in chosen if each and each not in known]
        name = f"{self.name}.{key}"
        label = "Note" if self.action == "add_note" else LABELS[key]
        if key == "value" and self.action.startswith("set_"):
            label = self.action.removeprefix("set_").replace("_", " ").capitalize()
        return ActionField(
            key=key,
            label=label,
            name=name,
            html_id=name.replace(".", "-"),
            value=self.values.get(key, [""])[0] if self.values.get(key) else "",
            chosen=chosen,
            choices=choices,
            error=self.errors.get(key, ""),
            is_new=self.is_new and first,
        )


@dataclass
class ActionList:
    """All actions of a rule."""

    rows: list[ActionRow] = field(default_factory=list)
    error: str = ""

    def definition(self) -> list[dict[str, Any]]:
        return [row.definition() for row in self.rows]

    def number(self) -> None:
        for place, row in enumerate(self.rows):
            row.name = f"then.{place}"

    def change(self, verb: str, name: str) -> bool:
        """Do what a button says; whether it was about an action."""
        if verb == "remove":
            kept = [row for row in self.rows if row.name != name]
            found = len(kept) < len(self.rows)
            self.rows = kept
            return found
        if verb == "add-action" and name in ACTIONS and len(self.rows) < ACTIONS_PER_RULE_MAX:
            values = {"window_minutes": [DEFAULT_WINDOW_MINUTES]} if name == "group" else {}
            self.rows.append(ActionRow(name, values, is_new=True))
            return True
        return False

    def place_errors(self, fields: dict[str, str]) -> None:
        """Take those that are about actions."""
        for name in [name for name in fields if name == "actions" or name.startswith("actions.")]:
            reason = fields.pop(name)
            steps = name.split(".")
            if len(steps) > 2 and steps[1].isdigit() and int(steps[1]) < len(self.rows):
                self.rows[int(steps[1])].errors.setdefault(steps[2], reason)
            else:
                self.error = reason


def read_actions(posted: Posted) -> ActionList:
    """The actions that were posted, whatever was typed into them."""
    rows = []
    for branch in list(posted.numbered())[: ACTIONS_PER_RULE_MAX + 1]:
        action = branch.text("action")
        if action in ACTIONS:
            takes = ACTIONS[action].takes
            rows.append(ActionRow(action, {key: _texts(branch, key) for key in takes}))
    return ActionList(rows)


def actions_of(definition: Any) -> ActionList:
    """A definition as a form."""
    rows = []
    for said in definition if isinstance(definition, list) else []:
        if isinstance(said, Mapping) and said.get("action") in ACTIONS:
            values = {key: _listed(said.get(key)) for key in ACTIONS[str(said["action"])].takes}
            rows.append(ActionRow(str(said["action"]), values))
    return ActionList(rows)


def _texts(posted: Posted, key: str) -> list[str]:
    texts = [text for text in posted.texts(key) if text]
    return texts if key == "tags" else [posted.text(key)]


def _listed(value: Any) -> list[str]:
    return [text_of(each) for each in value] if isinstance(value, list) else [text_of(value)]


def _number(values: list[str]) -> Any:
    text = values[0] if values else ""
    return int(text) if text.isascii() and text.isdigit() and len(text) < 10 else text
