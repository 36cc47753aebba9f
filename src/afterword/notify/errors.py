"""What can be asked of a message and not be done."""

from __future__ import annotations

from afterword.lib.errors import Conflict


class NotFailed(Conflict):
    """This message was not given up: it is on its way or has arrived."""
