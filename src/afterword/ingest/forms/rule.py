"""An alert rule as a form."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from afterword.ingest.forms.actions import ActionList, actions_of, read_actions
from afterword.ingest.forms.conditions import ConditionGroup, ConditionRow, group_of, read_group
from afterword.ingest.forms.posted import Posted
from afterword.ingest.models import AlertRule

WHEN = "when"
NEW_ACTION = "new_action"


@dataclass
class RuleForm:
    """What was typed, or what is kept; the reasons why it cannot be saved stand at their rows."""

    name: str = ""
    when: ConditionGroup = field(default_factory=ConditionGroup)
    then: ActionList = field(default_factory=ActionList)
    stops: bool = False
    is_enabled: bool = False
    errors: dict[str, str] = field(default_factory=dict)
    """Those about the name, and under `` those about the whole."""
    error_count: int = 0

    def __post_init__(self) -> None:
        self.number()

    def number(self) -> None:
        self.when.number(WHEN)
        self.then.number()

    @property
    def conditions(self) -> dict[str, Any]:
        return self.when.definition("conditions")

    @property
    def actions(self) -> list[dict[str, Any]]:
        return self.then.definition()

    def change(self, told: str, new_action: str) -> None:
        """Do what a button says: `verb:name`."""
        verb, _, name = told.partition(":")
        if verb == "add-action":
            self.then.change(verb, new_action)
        elif not self.when.change(verb, name):
            self.then.change(verb, name)
        self.number()

    def refuse(self, message: str, fields: Mapping[str, str]) -> None:
        """Put what a write refused to where it belongs."""
        self.error_count = max(1, len(fields))
        left = dict(fields)
        # Where each row stands in the definition is noted when the definition is made.
        self.when.definition("conditions")
        self.when.place_errors(left)
        self.then.place_errors(left)
        self.errors = left if fields else {"": message}


def new_rule_form() -> RuleForm:
    return RuleForm(when=ConditionGroup("all", [ConditionRow()]))


def read_rule_form(posted: Posted) -> RuleForm:
    return RuleForm(
        name=posted.text("name"),
        when=read_group(posted.branch(WHEN)),
        then=read_actions(posted.branch("then")),
        stops=posted.text("stops") == "on",
        is_enabled=posted.text("is_enabled") == "on",
    )


def rule_form_of(rule: AlertRule) -> RuleForm:
    return RuleForm(
        name=rule.name,
        when=group_of(rule.conditions),
        then=actions_of(rule.actions),
        stops=rule.stops,
        is_enabled=rule.is_enabled,
    )
