"""What can be asked of an incident and not be done."""

from __future__ import annotations

from afterword.lib.errors import Conflict


class AlreadyAcknowledged(Conflict):
    """This incident is acknowledged already."""


class AlreadyResolved(Conflict):
    """This incident is resolved already."""


class SummaryChanged(Conflict):
    """Someone changed the summary while you were writing. Compare it with yours and save again."""


class IncidentMerged(AlreadyResolved):
    """This incident is merged into another one, which is the one to answer."""


class AlreadyMerged(Conflict):
    """This incident is merged into another one already. Take it out of that first."""


class NotMerged(Conflict):
    """This incident is not merged into another one."""


class IncidentsClosed(Conflict):
    """A closed incident is complete: it is neither merged nor merged into. Take the closing back first."""
