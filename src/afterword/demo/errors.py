from __future__ import annotations

from afterword.lib.errors import AfterwordError, Conflict


class DemoFailed(AfterwordError):  # noqa: N818 - named like all our refusals
    """The demo organisation could not be loaded."""


class NotTheDemo(Conflict):
    """This install has an organisation of its own: the demo needs one that is empty."""
