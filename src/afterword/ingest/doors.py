"""Other paths by which signals come in: those of other vendors, so that their senders only change the host.

The usual way is `POST /integration/{org}/{kind}/{key}/`. A door answers paths of its own and says how the
key of an integration is found in a request.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Protocol

from afterword.ingest.formats import generic

NOT_FOUND = 404


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


DOORS: tuple[Door, ...] = (ZendutyEvents(),)
PREFIXES = tuple(prefix for door in DOORS for prefix in door.prefixes)


def door_of(path: str) -> Door | None:
    """The door that answers this path."""
    return next((door for door in DOORS if path.startswith(tuple(door.prefixes))), None)
