"""What a format promises: to check a request at the door, to read it in the fold, and to answer."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, NamedTuple, Protocol

import msgspec

from afterword.ingest.keys import KnownIntegration

BAD_REQUEST = 400


class BadSignal(ValueError):
    """A request that cannot become an alert. `errors` maps the field, or `body`, to the reason.

    `status` is what the sender is answered with, where its vendor has another one than 400 for it.
    """

    def __init__(self, errors: Mapping[str, str], *, status: int = BAD_REQUEST) -> None:
        self.errors = dict(errors)
        self.status = status
        super().__init__(self.message)

    @property
    def message(self) -> str:
        """All reasons in one line, each behind its field."""
        reasons = (
            reason if field == "body" else f"{field}: {reason}" for field, reason in self.errors.items()
        )
        return " ".join(reasons)


class SignalRequest(NamedTuple):
    """A request at the door, with the whole of its body."""

    path: str
    query: bytes
    """What stands behind the question mark, still encoded."""
    headers: Mapping[bytes, bytes]
    """Names in lower case. Of a header that is given twice, the last."""
    body: bytes
    """At most as long as the settings allow."""
    integration: KnownIntegration


class CheckedSignal(NamedTuple):
    """One alert, or one change, that was let in."""

    text: str
    """All that the fold needs to read it; goes into the inbox as it is. UTF-8 without NUL characters."""
    entity_id: str
    """What the alert is about, at most 255 characters; empty when the sender did not say."""


class Answer(NamedTuple):
    """What the sender gets to read."""

    status: int
    body: bytes
    """JSON."""


class SignalContent(msgspec.Struct, frozen=True, kw_only=True):
    """What an alert says, in our words. What it asks for beyond itself is as the sender wrote it.

    One is made for each alert, and a frozen dataclass takes ten times as long.
    """

    alert_type: str
    message: str
    summary: str = ""
    payload: Any = None
    urls: list[Any] = []
    """As `{"link_url", "link_text"}`, and in the sender's hand: anything may stand in it."""
    images: list[Any] = []
    """As `{"src", "href", "alt"}`, as PagerDuty has them."""
    suppressed: bool = False
    sla: str = ""
    """The unique id of an SLA, or whatever the sender took for one; empty when none was given."""
    escalation_policy: str = ""
    priority: str = ""
    priority_name: str = ""
    """In place of an id: it counts where the team has a priority of that name, and is no fault where not."""
    tags: list[Any] = []
    stakeholders: Any = None
    stakeholders_comms: Any = None
    remarks: list[str] = []
    """What a person should know about how this alert was read. Goes into `Alert.remarks`."""


class ChangeContent(msgspec.Struct, frozen=True, kw_only=True):
    """What was changed, where and by whom, in our words."""

    kind: str
    """One of `incidents.models.ChangeKind`."""
    title: str
    at: datetime | None = None
    """None when the sender did not say: then it was when the signal came."""
    summary: str = ""
    version: str = ""
    author: str = ""
    environment: str = ""
    state: str = ""
    """As the sender puts it: success, failure, in_progress."""
    links: list[Any] = []
    """As `{"link_url", "link_text"}`."""
    source_id: str = ""
    """The sender's own id of the change: a later word with the same one is about the same change."""
    service: str = ""
    """Name or unique id of the service, in the sender's words; empty: that of the integration."""
    details: Any = None


class Format(Protocol):
    """How one kind of integration sends alerts. All functions are pure.

    One request may carry several alerts: each becomes a row of the inbox, all in one commit.
    """

    def check(self, request: SignalRequest) -> Sequence[CheckedSignal]:
        """What the request carries. Empty: it is right, and there is nothing to store. Raises BadSignal."""

    def read(self, text: str) -> SignalContent | ChangeContent:
        """What `check` has let in, understood. Raises BadSignal."""

    def accepted(self, signals: Sequence[CheckedSignal], trace_ids: Sequence[str]) -> Answer:
        """What a sender reads once `signals` are on the disk, each under its trace id."""

    def refused(self, status: int, message: str, errors: Mapping[str, str]) -> bytes:
        """What a sender reads, as JSON, when nothing was stored. `errors` as in BadSignal, or empty."""
