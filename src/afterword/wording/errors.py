"""What can be asked of muting and not be done."""

from __future__ import annotations

from afterword.lib.errors import Conflict


class AlreadyMuted(Conflict):
    """Somebody has given a reason for these words already. Take it back to give another one."""
