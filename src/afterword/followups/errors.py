"""What can be asked of a follow-up and not be done."""

from __future__ import annotations

from afterword.lib.errors import Conflict


class FollowUpChanged(Conflict):
    """Someone changed this follow-up while you were writing. Compare it with yours and save again."""
