"""Why a command could not do its work, as one sentence and an exit code."""

from __future__ import annotations

CANNOT_NOW = 1
"""The surroundings are not as they must be: trying again later may help."""
CANNOT_AS_CONFIGURED = 2
"""A setting or an argument must be changed first: trying again cannot help."""


class Refusal(Exception):
    """A command cannot do its work. The message is what the person at the console reads."""

    def __init__(self, message: str, code: int = CANNOT_NOW) -> None:
        self.code = code
        super().__init__(message)
