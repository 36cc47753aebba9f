"""What can be asked of a timeline and not be done."""

from __future__ import annotations

from afterword.lib.errors import AfterwordError, Conflict


class EntryChanged(Conflict):
    """Someone corrected this entry while you were writing. Compare it with yours and save again."""


class TimestampsChanged(Conflict):
    """Someone changed the key timestamps while you were writing. Compare them with yours and save again."""


class FileTooLarge(AfterwordError):
    """This file is too large."""

    status = 413


class FileRefused(AfterwordError):
    """Files of this type cannot be attached."""

    status = 415
