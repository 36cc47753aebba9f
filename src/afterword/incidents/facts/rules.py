"""Decisions about the facts of an incident. Pure: no Django."""

from __future__ import annotations

from collections.abc import Sequence

WORDS_SHOWN_MAX = 120
"""Of a value, in the timeline's line about it."""


def describe_list(names: Sequence[str]) -> str:
    """Names in a sentence: “A”, “B” and “C”."""
    named = [f"“{name}”" for name in names]
    return named[0] if len(named) == 1 else f"{', '.join(named[:-1])} and {named[-1]}"


def describe_services(added: Sequence[str], removed: Sequence[str]) -> str:
    """What the timeline says of services that are affected, or are not after all."""
    words = []
    if added:
        words.append(f"Said that {describe_list(added)} {_are(added)} affected.")
    if removed:
        words.append(f"Said that {describe_list(removed)} {_are(removed)} not affected.")
    return " ".join(words)


def describe_value(name: str, before: str, after: str) -> str:
    """What the timeline says of a custom field that somebody filled in; long values are not repeated."""
    if not after:
        return f"Cleared “{name}”."
    if max(len(before), len(after)) > WORDS_SHOWN_MAX or "\n" in after:
        return f"{'Changed' if before else 'Filled in'} “{name}”."
    if not before:
        return f"Set “{name}” to “{after}”."
    return f"Changed “{name}” from “{before}” to “{after}”."


def _are(names: Sequence[str]) -> str:
    return "is" if len(names) == 1 else "are"
