"""Expected failures: a class with a status, whose docstring is its message.

The pages and the API each have one handler for `AfterwordError`; anything else that is raised is a bug
and answered with 500.
"""

from __future__ import annotations

import inspect
from collections.abc import Mapping


class AfterwordError(Exception):
    """Something that was asked for cannot be done."""

    status = 400

    def __init__(self, message: str | None = None, *, fields: Mapping[str, str] | None = None) -> None:
        """`fields` maps the name of a bad input to the reason, so that a form or a client can show it."""
        self.message = message or inspect.cleandoc(type(self).__doc__ or "")
        self.fields: dict[str, str] = dict(fields or {})
        self.details: dict[str, object] = {}
        """What programs are told besides, by name: only what the caller may see, as JSON has it."""
        super().__init__(self.message)


class InvalidInput(AfterwordError):
    """Some of what was sent cannot be used."""

    status = 400


class NotSignedIn(AfterwordError):
    """Authentication credentials were not provided."""

    status = 401


class NotAllowed(AfterwordError):
    """You do not have permission to do this."""

    status = 403


class NotFound(AfterwordError):
    """Not found."""

    status = 404


class Conflict(AfterwordError):
    """This has changed in the meantime."""

    status = 409
