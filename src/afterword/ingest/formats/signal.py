"""What a format promises: to check a body at the door and to read it in the fold."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, NamedTuple, Protocol


class BadSignal(ValueError):
    """A body that cannot become an alert. `errors` maps the field, or `body`, to the reason."""

    def __init__(self, errors: Mapping[str, str]) -> None:
        self.errors = dict(errors)
        super().__init__(self.message)

    @property
    def message(self) -> str:
        """All reasons in one line, each behind its field."""
        reasons = (
            reason if field == "body" else f"{field}: {reason}" for field, reason in self.errors.items()
        )
        return " ".join(reasons)


class CheckedSignal(NamedTuple):
    """A body that was let in."""

    text: str
    """The body as it was sent, fit for a text column of any database."""
    entity_id: str
    """What the alert is about; empty when the sender did not say."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SignalContent:
    """What a body says, in our words."""

    alert_type: str
    message: str
    summary: str
    payload: Any
    urls: list[Any]
    suppressed: bool


class Format(Protocol):
    """How one kind of integration sends alerts. Both functions are pure and raise BadSignal."""

    def check(self, body: bytes) -> CheckedSignal: ...
    def read(self, text: str) -> SignalContent: ...
