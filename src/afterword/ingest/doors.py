"""Other paths by which signals come in: those of other vendors, so that their senders only change the host.

The usual way is `POST /integration/{org}/{kind}/{key}/`. A door answers paths of its own and says how the
key of an integration is found in a request.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Protocol
from urllib.parse import parse_qs

import msgspec

from afterword.ingest.formats import generic, incident_io, opsgenie, pagerduty
from afterword.ingest.formats.incident_io.format import ALERT_EVENTS_PATH
from afterword.ingest.formats.opsgenie.format import ALERTS_PATH
from afterword.ingest.formats.pagerduty.format import ALERT_PATH, CHANGE_PATH

BAD_REQUEST, UNAUTHENTICATED, NOT_FOUND = 400, 401, 404
QUERY_FIELDS_MAX = 50


class Door(Protocol):
    """The paths of one vendor."""

    @property
    def prefixes(self) -> Sequence[str]:
        """The beginnings of its paths; no page and no API may lie behind them."""

    @property
    def kind(self) -> str:
        """The kind of integration whose format has the answers while no integration is found."""

    @property
    def unknown_key_status(self) -> int:
        """The vendor's status for a key that it does not know."""

    def find_key(
        self, path: str, query: bytes, headers: Mapping[bytes, bytes], body: bytes
    ) -> tuple[str, str] | None:
        """The kind and the key that a request carries, as it carries it; None when there is none.

        `headers` have names in lower case, `query` is still encoded. Must not raise.
        """


class ZendutyEvents:
    """`POST /api/events/{key}/`, where Zenduty's own client sends its generic payload."""

    prefixes = ("/api/events/",)
    kind = generic.KIND
    unknown_key_status = NOT_FOUND

    def find_key(
        self, path: str, query: bytes, headers: Mapping[bytes, bytes], body: bytes
    ) -> tuple[str, str] | None:
        return self.kind, path.removeprefix(self.prefixes[0]).removesuffix("/")


class RoutedBody(msgspec.Struct):
    """What has to be read of a PagerDuty event to find out whom it is for."""

    routing_key: str


class PagerDutyEvents:
    """`POST /v2/enqueue` and `/v2/change/enqueue`: the routing key in the body is our key."""

    prefixes = (ALERT_PATH, CHANGE_PATH)
    kind = pagerduty.KIND
    unknown_key_status = BAD_REQUEST
    _decoder = msgspec.json.Decoder(RoutedBody)

    def find_key(
        self, path: str, query: bytes, headers: Mapping[bytes, bytes], body: bytes
    ) -> tuple[str, str] | None:
        if path.rstrip("/") not in self.prefixes:
            return None
        try:
            return self.kind, self._decoder.decode(body).routing_key
        except (msgspec.MsgspecError, UnicodeError, RecursionError):
            return None


class OpsgenieAlerts:
    """`/v2/alerts` and what lies behind it: the key in the header `Authorization: GenieKey ...` is ours."""

    prefixes = (ALERTS_PATH,)
    kind = opsgenie.KIND
    unknown_key_status = UNAUTHENTICATED

    def find_key(
        self, path: str, query: bytes, headers: Mapping[bytes, bytes], body: bytes
    ) -> tuple[str, str] | None:
        return _key_after("geniekey", headers, self.kind)


class IncidentIoAlertEvents:
    """`POST /v2/alert_events/http/{id}`: the token, in the query or the header, is our key."""

    prefixes = (ALERT_EVENTS_PATH,)
    kind = incident_io.KIND
    unknown_key_status = UNAUTHENTICATED

    def find_key(
        self, path: str, query: bytes, headers: Mapping[bytes, bytes], body: bytes
    ) -> tuple[str, str] | None:
        try:
            tokens = parse_qs(query.decode("latin-1"), max_num_fields=QUERY_FIELDS_MAX).get("token")
        except ValueError:
            return None
        return (self.kind, tokens[0]) if tokens else _key_after("bearer", headers, self.kind)


DOORS: tuple[Door, ...] = (
    ZendutyEvents(),
    PagerDutyEvents(),
    OpsgenieAlerts(),
    IncidentIoAlertEvents(),
)
PREFIXES = tuple(prefix for door in DOORS for prefix in door.prefixes)


def door_of(path: str) -> Door | None:
    """The door that answers this path."""
    return next((door for door in DOORS if path.startswith(tuple(door.prefixes))), None)


def _key_after(scheme: str, headers: Mapping[bytes, bytes], kind: str) -> tuple[str, str] | None:
    given, _, key = headers.get(b"authorization", b"").decode("latin-1").strip().partition(" ")
    return (kind, key.strip()) if given.lower() == scheme else None
