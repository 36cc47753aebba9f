"""What can be asked of an incident and not be done."""

from __future__ import annotations

from afterword.lib.errors import Conflict


class AlreadyAcknowledged(Conflict):
    """This incident is acknowledged already."""


class AlreadyResolved(Conflict):
    """This incident is resolved already."""


class SummaryChanged(Conflict):
    """Someone changed the summary while you were writing. Compare it with yours and save again."""
