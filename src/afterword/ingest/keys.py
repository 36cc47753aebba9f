"""The table of integration keys that a web process keeps in memory."""

from __future__ import annotations

import asyncio
import logging
import math
import re
import time
import uuid
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass

AGE_SECONDS_MAX = 2.0
"""What another process changed is known here no later than this."""
REFRESH_SECONDS = 1.0
"""A table of this age is read again while it still answers."""
AWAY_SECONDS = 0.5
"""A database that did not give the table is asked again so much later."""
MISS_REFRESHES_PER_SECOND_MAX = 5
"""So often, at most, unknown keys make the table be read again; those who ask wait for their turn."""

_ADDRESS = re.compile(
    r"(?:/integration/[^/]{1,64}/)?[a-z][a-z-]{0,31}/[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}"
)

logger = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class KnownIntegration:
    """An integration that takes alerts."""

    pk: int
    kind: str
    secret: str = ""
    """What its sender signs with; empty for one that does not sign."""
    is_mapped: bool = False
    """Whether its bodies are mapped, and so may have any shape."""
    partition: int | None = None
    """Of all its rows; None: each has that of its entity."""
    per_minute_max: int = 0
    """So many alerts a minute are let in. 0: any number."""


KeyTable = Mapping[str, KnownIntegration]
"""The integration behind the path of a webhook, with and without a slash at its end, and behind
`{kind}/{key}`, by which the other doors ask."""


class TableAway(RuntimeError):
    """The keys cannot be read now, and what is known is too old to say that a key is unknown."""


class Keys:
    """Answers which integration a path belongs to, from memory.

    Read again when it is a second old, at once after a change in this process, and, at most a few times
    a second, for a key that is not in it, so that a new key works at once wherever it was made.
    """

    def __init__(self, read: Callable[[], Awaitable[KeyTable]]) -> None:
        self._read = read
        self._table: KeyTable = {}
        self._read_at = -math.inf
        self._changes = 0
        self._refreshing: asyncio.Task[bool] | None = None
        self._is_away = False
        self._tried_at = -math.inf

    def forget(self) -> None:
        """Something has changed: read the table again before the next answer. Safe in any thread."""
        self._changes += 1
        self._read_at = -math.inf

    async def find_key(self, kind: str, key: str) -> KnownIntegration | None:
        """The integration of that kind with that key, which may stand without hyphens. Raises TableAway."""
        try:
            canonical = uuid.UUID(key)
        except ValueError:
            return None
        return await self.find(f"{kind}/{canonical}")

    def known(self, path: str) -> KnownIntegration | None:
        """What `find` would say without having to wait; None also when it would have to."""
        age = time.monotonic() - self._read_at
        if age > REFRESH_SECONDS:
            self._refresh()
            if age > AGE_SECONDS_MAX and not self._is_away:
                return None
        return self._table.get(path)

    async def find(self, path: str) -> KnownIntegration | None:
        """The integration that takes alerts at `path`; None when there is none. Raises TableAway."""
        age = time.monotonic() - self._read_at
        if age > REFRESH_SECONDS:
            refreshing = self._refresh()
            # While the database is away the old table stays, and nobody waits for it: the store will say so
            # to whoever is in it.
            if age > AGE_SECONDS_MAX and not self._is_away:
                await asyncio.shield(refreshing)
        found = self._table.get(path)
        return found if found is not None else await self._find_missing(path)

    async def _find_missing(self, path: str) -> KnownIntegration | None:
        address, _, key = path.removesuffix("/").rpartition("/")
        path = f"{address}/{key.lower()}"
        if _ADDRESS.fullmatch(path) is None:
            return None
        asked_at = time.monotonic()
        while self._read_at < asked_at:
            wait = self._read_at + 1 / MISS_REFRESHES_PER_SECOND_MAX - time.monotonic()
            if wait > 0:
                await asyncio.sleep(wait)
            if self._read_at < asked_at:
                refreshing = self._refresh()
                if self._is_away or not await asyncio.shield(refreshing):
                    raise TableAway
        return self._table.get(path)

    def _refresh(self) -> asyncio.Task[bool]:
        is_soon = self._is_away and time.monotonic() - self._tried_at < AWAY_SECONDS
        if self._refreshing is None or (self._refreshing.done() and not is_soon):
            self._refreshing = asyncio.get_running_loop().create_task(self._read_table())
        return self._refreshing

    async def _read_table(self) -> bool:
        changes, started_at = self._changes, time.monotonic()
        try:
            self._table = await self._read()
        except Exception as error:
            if not self._is_away:
                logger.warning("The integration keys cannot be read: %s", error or type(error).__name__)
            self._is_away, self._tried_at = True, time.monotonic()
            return False
        self._is_away = False
        # A change that came while it was read may not be in it: it counts as old already.
        self._read_at = started_at if changes == self._changes else -math.inf
        return True


_all_keys: list[Keys] = []


def remember(keys: Keys) -> Keys:
    """Have `forget_all` reach these keys."""
    _all_keys.append(keys)
    return keys


def forget_all() -> None:
    """An integration has changed in this process: tell every table. Called when the change is committed."""
    for keys in _all_keys:
        keys.forget()
