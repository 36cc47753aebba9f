"""Mails into the inbox: to which integration an address leads, and what becomes of a message.

Two edges use it: the SMTP listener (`ingest.smtp`) and the command `afterword receive-email`.
"""

from __future__ import annotations

import asyncio
import enum
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor

from django.db import InterfaceError, OperationalError, connection

from afterword.catalog.models import IntegrationKind
from afterword.ingest import reads
from afterword.ingest.acceptance import Acceptance, Refusal
from afterword.ingest.formats import FORMATS, SignalRequest
from afterword.ingest.inbox import Inbox, InboxEntry
from afterword.ingest.keys import Keys, KeyTable, KnownIntegration, TableAway
from afterword.ingest.metrics import Counts
from afterword.ingest.stores import make_store

KIND = IntegrationKind.EMAIL.value
PATH = "/"
"""Of requests that came by no path."""
SERVER_ERRORS, TOO_MANY = 500, 429
UNKNOWN_KEY = "No integration takes mails at this address."
TABLE_AWAY = "The database does not answer."
NOT_STORED = "The message could not be stored."


class Fate(enum.Enum):
    """What became of a message."""

    TAKEN = enum.auto()
    """On the disk; or nothing to keep, as an automatic answer. Nobody has to send it again."""
    UNREADABLE = enum.auto()
    UNKNOWN_KEY = enum.auto()
    LATER = enum.auto()
    """It could not be taken now."""


class MailRoom:
    """Takes messages in an event loop. On SQLite the web folds them; elsewhere the worker does."""

    def __init__(self, *, waiting_max: int) -> None:
        self._reader = ThreadPoolExecutor(max_workers=1, thread_name_prefix="mail-reads")
        counts = Counts()
        self._acceptance = Acceptance(
            keys=Keys(self._read_table),
            inbox=Inbox(make_store=make_store, waiting_max=waiting_max, counts=counts),
            counts=counts,
        )

    def start(self) -> None:
        """Begin to take messages, in the running event loop."""
        self._acceptance.inbox.start()

    async def drain(self) -> None:
        """Take no more and store what was taken."""
        await self._acceptance.inbox.drain()
        self._reader.submit(connection.close)
        self._reader.shutdown(wait=True)

    async def find(self, address: str) -> KnownIntegration | None:
        """The integration behind `KEY@anything`, `name+KEY@anything` or `KEY`. Raises TableAway."""
        local = address.rpartition("@")[0] or address
        return await self._acceptance.keys.find_key(KIND, local.rpartition("+")[2].strip())

    async def take(self, raw: bytes, integrations: Sequence[KnownIntegration]) -> tuple[Fate, str]:
        """Store a message for each of these, all in one commit or none; and why not, if not."""
        entries: list[InboxEntry] = []
        try:
            for integration in integrations:
                request = SignalRequest(PATH, b"", {}, raw, integration)
                entries += self._acceptance.admit(request, FORMATS[KIND]).entries
            stored = asyncio.get_running_loop().create_future()
            if not entries:
                return Fate.TAKEN, ""
            self._acceptance.hand_in(entries, stored.set_result)
        except Refusal as refusal:
            is_for_now = refusal.status >= SERVER_ERRORS or refusal.status == TOO_MANY
            return Fate.LATER if is_for_now else Fate.UNREADABLE, refusal.text
        # The writer answers also those whose senders have left: the message is stored for them too.
        if not await asyncio.shield(stored):
            return Fate.LATER, NOT_STORED
        return Fate.TAKEN, ""

    async def _read_table(self) -> KeyTable:
        return await asyncio.get_running_loop().run_in_executor(self._reader, _read_table)


async def receive_email(raw: bytes, *, key: str) -> tuple[Fate, str]:
    """Take one message in a process of its own, as a mail server calls it for each."""
    room = MailRoom(waiting_max=1)
    room.start()
    try:
        integration = await room.find(key)
        if integration is None:
            return Fate.UNKNOWN_KEY, UNKNOWN_KEY
        return await room.take(raw, [integration])
    except TableAway:
        return Fate.LATER, TABLE_AWAY
    finally:
        await room.drain()


def _read_table() -> KeyTable:
    connection.close_if_unusable_or_obsolete()
    try:
        return reads.read_key_table()
    except (OperationalError, InterfaceError):
        connection.close()
        raise
