"""Why a call is not answered as it was asked."""

from __future__ import annotations

from afterword.lib.errors import AfterwordError, Conflict


class KeyUsedDifferently(AfterwordError):
    """This Idempotency-Key was used with another request. Use a new key for a new request."""

    status = 422


class StillAnswering(Conflict):
    """The first request with this Idempotency-Key is still being answered. Try again in a moment."""


class AnswerNotKept(Conflict):
    """This was done, but its answer can no longer be told. Look at what is there before you do it again."""


class ChangedSince(AfterwordError):
    """This has changed since you read it. Get it again, carry your change over, and send its new ETag."""

    status = 412


class TooManyAtOnce(Conflict):
    """Others change this at the same time. Get it again, and then try again."""
