"""What can be asked of suggestions and not be done."""

from __future__ import annotations

from afterword.lib.errors import Conflict


class AlreadyDecided(Conflict):
    """Somebody has decided on this suggestion already, or a newer draft has replaced it."""


class ChangedSince(Conflict):
    """The words have been changed since they were accepted, so they were left as they are. Take them out by
    hand, or restore an earlier revision from the history."""


class NothingToUndo(Conflict):
    """There is no decision to undo."""
