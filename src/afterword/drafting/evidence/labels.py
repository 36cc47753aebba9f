"""The values and labels of an alert, out of whatever its sender put there. Pure."""

from __future__ import annotations

from typing import Any

LABELS_MAX = 40
DEPTH_MAX = 5
LABEL_CHARACTERS_MAX = 200
NODES_MAX = 2_000
"""Looked at in one payload."""


def labels_of(payload: Any) -> dict[str, str]:
    """Up to `LABELS_MAX` names and values, as `labels.region` and `eu-west`, in the sender's order.

    Only what is short and no structure is a value; what is nested deeper than `DEPTH_MAX` is left out.
    """
    found: dict[str, str] = {}
    waiting: list[tuple[str, Any, int]] = [("", payload, 0)]
    looked_at = 0
    while waiting and len(found) < LABELS_MAX and looked_at < NODES_MAX:
        name, value, depth = waiting.pop(0)
        looked_at += 1
        if isinstance(value, dict) and depth < DEPTH_MAX:
            inner = [(f"{name}.{key}" if name else str(key), one, depth + 1) for key, one in value.items()]
            waiting = [*inner[:NODES_MAX], *waiting]
        elif isinstance(value, list) and depth < DEPTH_MAX:
            inner = [(f"{name}.{place}", one, depth + 1) for place, one in enumerate(value[:LABELS_MAX])]
            waiting = [*inner, *waiting]
        elif isinstance(value, bool | int | float | str) and name:
            text = " ".join(str(value).split())
            if text and len(text) <= LABEL_CHARACTERS_MAX and len(name) <= LABEL_CHARACTERS_MAX:
                found[name] = text
    return found
