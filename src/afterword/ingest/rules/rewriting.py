"""Where rules refer to the payload, and how they do once mapping is switched on or off. Pure.

With mapping the body stands one level deeper: what was `payload.source` is `payload.payload.source`, and
what the mapping found stands beside it, as `payload.message`.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any, NamedTuple

from afterword.ingest.paths import PATH
from afterword.ingest.rules.conditions import GROUPS

MAPPED_NAMES = ("message", "summary", "entity_id", "alert_type")
TEXTS = ("value", "key")
"""What holds placeholders in an action."""
_MARK = re.compile(r"\{\{.*?\}\}|\{%.*?%\}", re.DOTALL)
_STRING_OR_PATH = re.compile(rf"""("[^"]*"|'[^']*')|((?<![\w.]){PATH})""")
_MAPPED = re.compile(rf"payload\.({'|'.join(MAPPED_NAMES)})(?![\w-])")
_BODY = re.compile(r"""payload(?:\.payload(?![\w-])|\[["']payload["']\])""")

Rewrite = Callable[[str], str]


class Rewritten(NamedTuple):
    """A rule's definition in other words."""

    conditions: Any
    actions: Any
    changes: list[tuple[str, str]]
    """Each path that changed, once: before and after."""


def for_mapping(conditions: Any, actions: Any, *, is_mapped: bool) -> Rewritten:
    """The same rule for alerts that are mapped, or that are not; without changes it says the right thing."""
    changes: dict[str, str] = {}

    def rewrite(path: str) -> str:
        said = _with_mapping(path) if is_mapped else _without_mapping(path)
        if said != path:
            changes[path] = said
        return said

    return Rewritten(_in_condition(conditions, rewrite), _in_actions(actions, rewrite), list(changes.items()))


def _with_mapping(path: str) -> str:
    if not _begins_with_payload(path) or _BODY.match(path) or _MAPPED.match(path):
        return path
    return f"payload.{path}"


def _without_mapping(path: str) -> str:
    if not _begins_with_payload(path):
        return path
    if _BODY.match(path):
        return _BODY.sub("payload", path, count=1)
    return _MAPPED.sub(r"\1", path, count=1)


def _begins_with_payload(path: str) -> bool:
    return path == "payload" or path.startswith(("payload.", "payload["))


def _in_condition(condition: Any, rewrite: Rewrite) -> Any:
    if isinstance(condition, list):
        return [_in_condition(member, rewrite) for member in condition]
    if not isinstance(condition, dict):
        return condition
    said = dict(condition)
    for group in GROUPS:
        if group in said:
            said[group] = _in_condition(said[group], rewrite)
    path = said.get("path")
    if isinstance(path, str):
        bare = path.strip().removeprefix("{{").removesuffix("}}").strip("- \t\r\n")
        changed = rewrite(bare)
        said["path"] = path if changed == bare else changed
    return said


def _in_actions(actions: Any, rewrite: Rewrite) -> Any:
    if not isinstance(actions, list):
        return actions
    return [_in_action(action, rewrite) if isinstance(action, dict) else action for action in actions]


def _in_action(action: dict[str, Any], rewrite: Rewrite) -> dict[str, Any]:
    return {
        name: _in_text(value, rewrite) if name in TEXTS and isinstance(value, str) else value
        for name, value in action.items()
    }


def _in_text(text: str, rewrite: Rewrite) -> str:
    def path(found: re.Match[str]) -> str:
        return found[1] or rewrite(found[2])

    return _MARK.sub(lambda mark: _STRING_OR_PATH.sub(path, mark.group()), text)
