"""Mails in: to which integration or which question an address leads, and what becomes of a message.

Two edges use it: the SMTP listener (`ingest.smtp`) and the command `afterword receive-email`.
"""

from __future__ import annotations

import asyncio
import enum
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import TypeVar

from django.db import InterfaceError, OperationalError, connection

from afterword.catalog.models import IntegrationKind
from afterword.drafting.interviews.mailbox import find_by_token, take_reply
from afterword.drafting.interviews.replies import MAILBOX
from afterword.ingest import reads
from afterword.ingest.acceptance import Acceptance, Refusal
from afterword.ingest.formats import FORMATS, SignalRequest
from afterword.ingest.formats.email.format import is_loop, is_written_by_program
from afterword.ingest.formats.email.messages import read_mail
from afterword.ingest.formats.signal import BadSignal
from afterword.ingest.inbox import Inbox, InboxEntry
from afterword.ingest.keys import Keys, KeyTable, KnownIntegration, TableAway
from afterword.ingest.metrics import Counts
from afterword.ingest.stores import make_store
from afterword.lib import clock

Answer = TypeVar("Answer")

KIND = IntegrationKind.EMAIL.value
PATH = "/"
"""Of requests that came by no path."""
SERVER_ERRORS, TOO_MANY = 500, 429
UNKNOWN_KEY = "No integration takes mails at this address."
UNKNOWN_QUESTION = "This question is not open to you any more, or the address is not whole."
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


@dataclass(frozen=True)
class Question:
    """What a mail answers: a question to a person, by the token in the address."""

    token: str


Recipient = KnownIntegration | Question


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

    async def find(self, address: str) -> Recipient | None:
        """The integration behind `KEY@anything`, `name+KEY@anything` or `KEY`; the question behind
        `answer+TOKEN@anything`. Raises TableAway.
        """
        if token := _token_in(address):
            return Question(token.lower()) if await self._ask(find_by_token, token) else None
        local = address.rpartition("@")[0] or address
        return await self._acceptance.keys.find_key(KIND, local.rpartition("+")[2].strip())

    async def take(
        self, raw: bytes, recipients: Sequence[Recipient], *, has_sender: bool = True
    ) -> tuple[Fate, str]:
        """Store a message for each of these, all in one commit or none; and why not, if not.

        A message to a question is its answer, and one to an integration too is an alert as well. Answers come
        first: a mail that is sent again because something could not be stored answers nothing twice.
        `has_sender`: whether its envelope names one; bounces and absences name none (RFC 5321, RFC 3834), and
        what people write does.
        """
        refused = ""
        for question in (one for one in recipients if isinstance(one, Question) and has_sender):
            fate, reason = await self._answer(raw, question)
            if fate is Fate.LATER:
                return fate, reason
            refused = refused or reason
        fate, reason = await self._store(raw, recipients)
        if fate is Fate.TAKEN and refused:
            return Fate.UNREADABLE, refused
        return fate, reason

    async def _store(self, raw: bytes, recipients: Sequence[Recipient]) -> tuple[Fate, str]:
        """The message for each integration among these."""
        integrations = [one for one in recipients if isinstance(one, KnownIntegration)]
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

    async def _answer(self, raw: bytes, question: Question) -> tuple[Fate, str]:
        try:
            mail = read_mail(raw)
        except BadSignal as error:
            return Fate.UNREADABLE, error.message
        if is_written_by_program(mail) or is_loop(mail):
            return Fate.TAKEN, ""
        try:
            reason = await self._ask(take_reply, question.token, sender=mail.sender, text=mail.text)
        except TableAway:
            return Fate.LATER, TABLE_AWAY
        return (Fate.UNREADABLE, reason) if reason else (Fate.TAKEN, "")

    async def _ask(self, work: Callable[..., Answer], token: str, **more: str) -> Answer:
        """Have the thread that reads the database do this. Raises TableAway."""

        def ask() -> Answer:
            connection.close_if_unusable_or_obsolete()
            return work(token, now=clock.now(), **more)

        try:
            return await asyncio.get_running_loop().run_in_executor(self._reader, ask)
        except (OperationalError, InterfaceError) as error:
            self._reader.submit(connection.close)
            raise TableAway from error

    async def _read_table(self) -> KeyTable:
        return await asyncio.get_running_loop().run_in_executor(self._reader, _read_table)


def why_unknown(address: str) -> str:
    """Why nothing takes mails at an address: somebody who answers a question knows of no integrations."""
    return UNKNOWN_QUESTION if _token_in(address) else UNKNOWN_KEY


async def receive_email(raw: bytes, *, key: str) -> tuple[Fate, str]:
    """Take one message in a process of its own, as a mail server calls it for each."""
    room = MailRoom(waiting_max=1)
    room.start()
    try:
        integration = await room.find(key)
        if integration is None:
            return Fate.UNKNOWN_KEY, why_unknown(key)
        return await room.take(raw, [integration])
    except TableAway:
        return Fate.LATER, TABLE_AWAY
    finally:
        await room.drain()


def _token_in(address: str) -> str:
    box, _, token = (address.rpartition("@")[0] or address).partition("+")
    return token if box.lower() == MAILBOX else ""


def _read_table() -> KeyTable:
    connection.close_if_unusable_or_obsolete()
    try:
        return reads.read_key_table()
    except (OperationalError, InterfaceError):
        connection.close()
        raise
