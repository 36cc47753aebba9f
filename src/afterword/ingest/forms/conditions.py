"""Conditions as a form: groups of rows, added and removed by buttons."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from afterword.ingest.forms.posted import Posted
from afterword.ingest.rules.conditions import (
    COMPARISONS,
    CONDITIONS_PER_RULE_MAX,
    DAYS,
    NESTING_LEVELS_MAX,
    TIMES,
)
from afterword.ingest.texts import text_of

JOINS = {
    "all": "All of these hold",
    "any": "At least one of these holds",
    "none": "None of these holds",
    "not_all": "Not all of these hold",
}
DAY_NAMES = {day: day.capitalize()[:3] for day in DAYS}
LEVELS_MAX = 4
"""Groups within one another that the form offers to add."""
DEFAULT_ZONE = "UTC"


@dataclass
class ConditionRow:
    """A comparison, a time of day, or days of the week."""

    kind: str = "comparison"
    path: str = ""
    operator: str = "equals"
    value: str = ""
    """With several values, one on each line."""
    match_case: bool = False
    start: str = ""
    end: str = ""
    days: list[str] = field(default_factory=list)
    time_zone: str = DEFAULT_ZONE
    name: str = ""
    """What its fields are called in the form."""
    at: str = ""
    """Where it stands in the definition."""
    is_new: bool = False
    errors: dict[str, str] = field(default_factory=dict)
    is_group = False

    @property
    def html_id(self) -> str:
        return self.name.replace(".", "-")

    @property
    def takes(self) -> str:
        return COMPARISONS[self.operator].takes if self.operator in COMPARISONS else "text"

    def definition(self, at: str) -> dict[str, Any]:
        self.at = at
        if self.kind == "time_of_day":
            return {"operator": self.kind, "from": self.start, "to": self.end, "time_zone": self.time_zone}
        if self.kind == "weekday":
            return {"operator": self.kind, "days": self.days, "time_zone": self.time_zone}
        said: dict[str, Any] = {"path": self.path, "operator": self.operator}
        if not self.takes:
            return said
        lines = [line.strip() for line in self.value.split("\n") if line.strip()]
        said["value"] = lines if self.takes == "texts" else self.value
        if self.takes != "number" and self.match_case:
            said["match_case"] = True
        return said

    def place_errors(self, fields: dict[str, str]) -> None:
        """Take those that are about this row."""
        for name in [name for name in fields if name == self.at or name.startswith(f"{self.at}.")]:
            rest = name[len(self.at) + 1 :].partition(".")[0]
            self.errors.setdefault(rest or "path", fields.pop(name))

    def number(self, name: str) -> None:
        self.name = name


@dataclass
class ConditionGroup:
    """Several conditions, and how many of them have to hold."""

    join: str = "all"
    members: list[ConditionRow | ConditionGroup] = field(default_factory=list)
    name: str = ""
    at: str = ""
    errors: dict[str, str] = field(default_factory=dict)
    level: int = 0
    is_group = True

    @property
    def html_id(self) -> str:
        return self.name.replace(".", "-")

    @property
    def may_nest(self) -> bool:
        return self.level < LEVELS_MAX - 1

    def definition(self, at: str) -> dict[str, Any]:
        """The group as JSON; notes for itself and its rows where each stands in it."""
        self.at = at
        if self.join in ("none", "not_all"):
            inner = "any" if self.join == "none" else "all"
            at = f"{at}.not"
            return {"not": {inner: self._definitions(f"{at}.{inner}")}}
        return {self.join: self._definitions(f"{at}.{self.join}")}

    def _definitions(self, at: str) -> list[dict[str, Any]]:
        return [member.definition(f"{at}.{place}") for place, member in enumerate(self.members)]

    def place_errors(self, fields: dict[str, str]) -> None:
        """Take those that are about this group, and those about its rows for them."""
        for member in self.members:
            member.place_errors(fields)
        for name in [name for name in fields if name == self.at or name.startswith(f"{self.at}.")]:
            self.errors["join"] = fields.pop(name)

    def number(self, name: str, level: int = 0) -> None:
        """Name the fields of the form anew, after rows were added or removed."""
        self.name, self.level = name, level
        for place, member in enumerate(self.members):
            if isinstance(member, ConditionGroup):
                member.number(f"{name}.{place}", level + 1)
            else:
                member.number(f"{name}.{place}")

    def change(self, verb: str, name: str) -> bool:
        """Do what a button says to the group or row called `name`; whether it was found here."""
        for place, member in enumerate(self.members):
            if verb == "remove" and member.name == name:
                del self.members[place]
                return True
            if isinstance(member, ConditionGroup) and member.change(verb, name):
                return True
        if self.name == name and verb.startswith("add-") and len(self.members) < CONDITIONS_PER_RULE_MAX:
            self._add(verb.removeprefix("add-"))
            return True
        return False

    def _add(self, kind: str) -> None:
        if kind == "group" and self.may_nest:
            self.members.append(ConditionGroup("any", [ConditionRow(is_new=True)]))
        elif kind == "comparison" or kind in TIMES:
            self.members.append(ConditionRow(kind, is_new=True))


def read_group(posted: Posted, level: int = 0) -> ConditionGroup:
    """The group that was posted, whatever was typed into it."""
    join = posted.text("join")
    group = ConditionGroup(join if join in JOINS else "all")
    if level < NESTING_LEVELS_MAX:
        for branch in list(posted.numbered())[: CONDITIONS_PER_RULE_MAX + 1]:
            is_group = "join" in branch.below
            group.members.append(read_group(branch, level + 1) if is_group else _read_row(branch))
    return group


def _read_row(posted: Posted) -> ConditionRow:
    kind = posted.text("kind")
    operator = posted.text("operator")
    return ConditionRow(
        kind=kind if kind in TIMES else "comparison",
        path=posted.text("path"),
        operator=operator if operator in COMPARISONS else "equals",
        value=posted.text("value"),
        match_case=posted.text("match_case") == "on",
        start=posted.text("start"),
        end=posted.text("end"),
        days=[day for day in posted.texts("days") if day in DAYS],
        time_zone=posted.text("time_zone") or DEFAULT_ZONE,
    )


def group_of(definition: Any) -> ConditionGroup:
    """A definition as a form. A single condition becomes a group of one."""
    if not isinstance(definition, dict) or not definition:
        return ConditionGroup()
    found = _member_of(definition)
    return found if isinstance(found, ConditionGroup) else ConditionGroup("all", [found])


def _member_of(definition: Mapping[str, Any]) -> ConditionRow | ConditionGroup:
    for join in ("all", "any"):
        if join in definition:
            return ConditionGroup(join, [_member_of(member) for member in definition[join]])
    if "not" not in definition:
        return _row_of(definition)
    inner = definition["not"]
    for join, negated in (("any", "none"), ("all", "not_all")):
        if join in inner:
            return ConditionGroup(negated, [_member_of(member) for member in inner[join]])
    return ConditionGroup("none", [_member_of(inner)])


def _row_of(definition: Mapping[str, Any]) -> ConditionRow:
    operator = str(definition.get("operator", "equals"))
    value = definition.get("value", "")
    return ConditionRow(
        kind=operator if operator in TIMES else "comparison",
        path=str(definition.get("path", "")),
        operator=operator if operator in COMPARISONS else "equals",
        value="\n".join(text_of(each) for each in value) if isinstance(value, list) else text_of(value),
        match_case=definition.get("match_case") is True,
        start=str(definition.get("from", "")),
        end=str(definition.get("to", "")),
        days=list(definition.get("days", [])),
        time_zone=str(definition.get("time_zone", DEFAULT_ZONE)),
    )
