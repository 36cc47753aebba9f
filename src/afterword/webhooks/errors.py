from __future__ import annotations

from afterword.lib.errors import Conflict


class SecretIsBeingReplaced(Conflict):
    """The secret was replaced a short while ago, and the one before still works. Wait until it does not."""


class StillWaiting(Conflict):
    """This delivery waits for its turn already."""
