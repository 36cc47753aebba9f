from __future__ import annotations

from afterword.lib.errors import AfterwordError, Conflict


class DemoFailed(AfterwordError):
    """The demo organisation could not be loaded."""


class NotTheDemo(Conflict):
    """This install has an organisation of its own: the demo needs one that is empty."""
