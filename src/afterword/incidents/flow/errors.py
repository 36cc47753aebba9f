"""What can be asked of a post-incident flow and not be done."""

from __future__ import annotations

from afterword.lib.errors import Conflict


class NotResolved(Conflict):
    """This incident is not resolved yet. What follows begins when it is."""


class AlreadyClosed(Conflict):
    """This incident is closed already."""


class NotClosed(Conflict):
    """This incident is not closed."""


class TasksMissing(Conflict):
    """Some required tasks are still to be done."""


class AlreadySettled(Conflict):
    """Somebody has ticked this task, or given it up, already."""


class NotSettled(Conflict):
    """This task is still to be done."""


class ClosedIncident(Conflict):
    """The incident is closed. Open it again first, then its required tasks can change."""


class FlowGoesOn(Conflict):
    """This incident has its post-incident flow already."""
