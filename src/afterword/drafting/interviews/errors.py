"""What can go wrong with questions, in words."""

from __future__ import annotations

from afterword.lib.errors import AfterwordError


class QuestionWithdrawn(AfterwordError):
    """This question was taken back, so there is nothing left to do. Thank you for coming."""

    status = 409


class AnswerChanged(AfterwordError):
    """Your answer was changed while you were writing, by mail or in another window. Compare it with what you
    wrote here and send again: what you send then stands in its place."""

    status = 409
