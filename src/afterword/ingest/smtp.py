"""Mails by SMTP: a small server that takes messages for `KEY@anything` and answers to questions.

It relays nothing, asks nobody to sign in and keeps no queue: 250 is answered once the message is on the
disk, and a mail server that reads 451 keeps the message and tries again.
"""

from __future__ import annotations

import asyncio
import logging
import socket
from functools import partial
from typing import Any

from aiosmtpd.smtp import SMTP, Envelope, Session

from afterword.ingest.keys import TableAway
from afterword.ingest.mail import TABLE_AWAY, Fate, MailRoom, Recipient, why_unknown

RECIPIENTS_MAX = 20
NOBODY = ("", "<>", None)
"""Who sent a mail that nobody shall answer, as the library says it."""
CONNECTIONS_MAX = 100
IDLE_SECONDS_MAX = 120
"""Between two commands, the message that comes with one of them included."""
LINE_BYTES_MAX = 64 * 1024
"""RFC 5321 says 1,000. Too many senders write HTML without a line break."""
COMMANDS_MAX = 200
"""Of each kind, on one connection."""
BYTES_PER_MESSAGE = 2
"""How many times the largest message may come on a connection without one that is taken or refused."""
IDENTITY = "Afterword"

logger = logging.getLogger(__name__)
# It would write every address, and with it the key, into the log.
logging.getLogger("mail.log").setLevel(logging.WARNING)


async def listen(listener: socket.socket, room: MailRoom, *, message_bytes_max: int) -> asyncio.Server:
    """Take mails on a listening socket, in the running loop, until the server is closed."""
    connections: set[MailProtocol] = set()
    make = partial(MailProtocol, _Handler(room), connections=connections, message_bytes_max=message_bytes_max)
    return await asyncio.get_running_loop().create_server(make, sock=listener)


class MailProtocol(SMTP):
    """One connection. Bounds what the library leaves open: their number, and bytes that never end."""

    line_length_limit = LINE_BYTES_MAX

    def __init__(self, handler: _Handler, *, connections: set[MailProtocol], message_bytes_max: int) -> None:
        super().__init__(
            handler,
            data_size_limit=message_bytes_max,
            enable_SMTPUTF8=True,
            ident=IDENTITY,
            hostname=IDENTITY.lower(),
            timeout=IDLE_SECONDS_MAX,
            command_call_limit=COMMANDS_MAX,
            loop=asyncio.get_running_loop(),
        )
        self._connections = connections
        self._bytes_max = BYTES_PER_MESSAGE * message_bytes_max + LINE_BYTES_MAX
        self.bytes_since_message = 0

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        super().connection_made(transport)
        self._connections.add(self)
        if len(self._connections) > CONNECTIONS_MAX:
            assert isinstance(transport, asyncio.Transport)
            transport.write(b"421 4.3.2 Too many connections, please come again.\r\n")
            transport.close()

    def connection_lost(self, error: Exception | None) -> None:
        self._connections.discard(self)
        super().connection_lost(error)

    def data_received(self, data: bytes) -> None:
        self.bytes_since_message += len(data)
        if self.bytes_since_message <= self._bytes_max:
            super().data_received(data)
        elif isinstance(self.transport, asyncio.Transport):
            logger.warning("A mail sender was cut off: it sends more than %d bytes", self._bytes_max)
            self.transport.abort()


class _Handler:
    """What the library asks for each recipient and each message."""

    def __init__(self, room: MailRoom) -> None:
        self._room = room

    async def handle_RCPT(  # noqa: N802
        self, server: MailProtocol, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        if len(envelope.rcpt_tos) >= RECIPIENTS_MAX:
            return "452 4.5.3 Too many recipients."
        try:
            recipient = await self._room.find(address)
        except TableAway:
            return f"451 4.3.0 {TABLE_AWAY}"
        if recipient is None:
            return f"550 5.1.1 {why_unknown(address)}"
        envelope.rcpt_tos.append(address)
        return "250 2.1.5 OK"

    async def handle_DATA(self, server: MailProtocol, session: Session, envelope: Envelope) -> str:  # noqa: N802
        server.bytes_since_message = 0
        recipients: list[Recipient] = []
        try:
            for address in envelope.rcpt_tos:
                found = await self._room.find(address)
                if found is None:
                    return f"550 5.1.1 {why_unknown(address)}"
                if found not in recipients:
                    recipients.append(found)
        except TableAway:
            return f"451 4.3.0 {TABLE_AWAY}"
        content: Any = envelope.content
        fate, reason = await self._room.take(content, recipients, has_sender=envelope.mail_from not in NOBODY)
        if fate is Fate.LATER:
            return f"451 4.3.0 {reason}"
        return "250 2.0.0 Taken." if fate is Fate.TAKEN else f"554 5.6.0 {reason}"

    async def handle_exception(self, error: Exception) -> str:
        logger.error("A mail could not be taken", exc_info=error)
        return "451 4.3.0 The message could not be taken."
