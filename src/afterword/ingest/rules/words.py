"""Conditions and actions as sentences, for the list of rules. Pure."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from afterword.ingest.rules.actions import ACTIONS
from afterword.ingest.rules.conditions import COMPARISONS
from afterword.ingest.texts import text_of

VALUE_CHARACTERS_MAX = 60
EVERY_ALERT = "Every alert"
UNKNOWN = "something that is gone"
JOINERS = {"all": " and ", "any": " or "}

NameOf = Callable[[str, str], str]
"""The name behind a kind and a unique id; empty when there is none."""


def describe_condition(definition: Any) -> str:
    """When a rule holds, as in `payload.severity equals “high” and (... or ...)`."""
    if not isinstance(definition, dict) or not definition or definition == {"all": []}:
        return EVERY_ALERT
    return _condition(definition, is_inner=False)


def _condition(definition: Mapping[str, Any], *, is_inner: bool) -> str:
    for group, joiner in JOINERS.items():
        if group in definition:
            members = definition[group]
            said = joiner.join(_condition(member, is_inner=len(members) > 1) for member in members)
            return f"({said})" if is_inner and len(members) > 1 else said
    if "not" in definition:
        return f"not ({_condition(definition['not'], is_inner=False)})"
    operator = str(definition.get("operator"))
    zone = definition.get("time_zone", "UTC")
    if operator == "time_of_day":
        return f"it is between {definition.get('from')} and {definition.get('to')} ({zone})"
    if operator == "weekday":
        days = [str(day).capitalize() for day in definition.get("days", [])]
        return f"it is {_listed(days)} ({zone})"
    words = COMPARISONS[operator].words if operator in COMPARISONS else operator
    path = str(definition.get("path", "")).strip().removeprefix("{{").removesuffix("}}").strip()
    if not (operator in COMPARISONS and COMPARISONS[operator].takes):
        return f"{path} {words}"
    value = definition.get("value")
    said = _listed([_quoted(each) for each in value]) if isinstance(value, list) else _quoted(value)
    return f"{path} {words} {said}"


def describe_actions(definition: Any, name_of: NameOf) -> list[str]:
    """What a rule does, one phrase for each action."""
    actions = definition if isinstance(definition, list) else []
    return [_action(action, name_of) for action in actions if isinstance(action, dict)]


def _action(action: Mapping[str, Any], name_of: NameOf) -> str:
    name = str(action.get("action"))
    words = ACTIONS[name].words if name in ACTIONS else name
    if name == "assign_role":
        role, person = (_name(kind, action, name_of) for kind in ("role", "person"))
        return f"Make {person} {role}"
    if name == "group":
        return f"{words} by {_quoted(action.get('key'))} within {action.get('window_minutes')} min"
    if name == "add_tags":
        given = action.get("tags")
        tags = [name_of("tags", str(tag)) or UNKNOWN for tag in given] if isinstance(given, list) else []
        return f"{'Add the tag' if len(tags) == 1 else 'Add the tags'} {_listed(tags, 'and')}"
    if name == "route":
        return f"Route to {_name('service', action, name_of)}"
    takes = ACTIONS[name].takes if name in ACTIONS else ()
    if takes == ("value",):
        return f"{words}{':' if name == 'add_note' else ' to'} {_quoted(action.get('value'))}"
    return f"{words} to {_name(takes[0], action, name_of)}" if takes else words


def _name(kind: str, action: Mapping[str, Any], name_of: NameOf) -> str:
    return name_of(kind, str(action.get(kind))) or UNKNOWN


def _quoted(value: Any) -> str:
    text = text_of(value)
    return f"“{text if len(text) <= VALUE_CHARACTERS_MAX else text[: VALUE_CHARACTERS_MAX - 1] + '…'}”"


def _listed(words: list[str], last: str = "or") -> str:
    return f"{', '.join(words[:-1])} {last} {words[-1]}" if len(words) > 1 else "".join(words)
