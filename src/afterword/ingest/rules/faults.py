"""What is wrong with a definition, and where. Pure."""

from __future__ import annotations

import json
from collections.abc import Iterable
from typing import Any

from afterword.lib.errors import InvalidInput

FAULTS_MAX = 50
"""So many are told; with more of them nobody reads the rest."""
DEFINITION_BYTES_MAX = 64 * 1024
"""Of one definition as JSON."""
TOO_LARGE = f"It takes more than {DEFINITION_BYTES_MAX // 1024} KB."


class Faults:
    """Gathers what is wrong with a definition: the path of each fault in it, and the reason."""

    def __init__(self) -> None:
        self._reasons: dict[str, str] = {}

    def add(self, path: str, reason: str) -> None:
        if len(self._reasons) < FAULTS_MAX:
            self._reasons.setdefault(path or "definition", reason)

    def raise_any(self) -> None:
        """Raises InvalidInput when something is wrong."""
        if self._reasons:
            raise InvalidInput(fields=self._reasons)

    def __contains__(self, path: str) -> bool:
        return path in self._reasons

    def __len__(self) -> int:
        return len(self._reasons)


def require_storable(definition: Any, path: str, faults: Faults) -> None:
    """A fault for a definition that no database keeps as JSON, or that is larger than anybody needs."""
    try:
        text = json.dumps(definition, allow_nan=False, ensure_ascii=False)
        size = len(text.encode())
    except (ValueError, TypeError, RecursionError):
        # Infinity, half a surrogate pair, a whole number of ten thousand digits.
        faults.add(path, "It holds something that cannot be kept as JSON.")
        return
    if "\\u0000" in text:
        faults.add(path, "It contains a NUL character.")
    elif size > DEFINITION_BYTES_MAX:
        faults.add(path, TOO_LARGE)


def read_object(value: Any, path: str, known: Iterable[str], faults: Faults) -> dict[str, Any]:
    """The object, empty when it is none; a key that nobody knows is a fault, for it is a slip of the pen."""
    if not isinstance(value, dict):
        faults.add(path, "An object is expected.")
        return {}
    for key in value:
        if key not in known:
            faults.add(join(path, str(key)[:40]), f"Nothing of this name is known here: {', '.join(known)}.")
    return value


def read_text(value: Any, path: str, faults: Faults, *, characters_max: int) -> str:
    """A text that is not empty; empty when it is none."""
    if not isinstance(value, str) or not value.strip():
        faults.add(path, "A text is expected." if value else "Please fill this in.")
        return ""
    if len(value) > characters_max:
        faults.add(path, f"Please use at most {characters_max:,} characters.")
        return ""
    if "\0" in value:
        faults.add(path, "It contains a NUL character.")
        return ""
    return value


def join(path: str, *keys: str | int) -> str:
    """`path.key`."""
    return ".".join(str(part) for part in (path, *keys) if part != "")
