"""What can be asked of the facts of an incident and not be done."""

from __future__ import annotations

from collections.abc import Sequence

from afterword.lib.errors import Conflict, InvalidInput


class FieldsMissing(InvalidInput):
    """Something is to be filled in before the incident is resolved."""

    def __init__(self, names: Sequence[str]) -> None:
        named = [f"“{name}”" for name in names]
        listed = named[0] if len(named) == 1 else f"{', '.join(named[:-1])} and {named[-1]}"
        super().__init__(
            f"Please fill in {listed} before the incident is resolved.",
            fields={"fields": f"Please fill in {listed} first."},
        )


class FieldsChanged(Conflict):
    """Someone changed these fields while you were writing. Compare theirs with yours and save again."""
