"""`afterword smtp` and `afterword receive-email`: mails in."""

from __future__ import annotations

import asyncio
import logging
import socket
import sys
import threading
from typing import BinaryIO

from afterword.config.env import SettingsError, read_env
from afterword.config.parts import start_django
from afterword.config.refusals import Refusal

TAKEN, UNREADABLE, UNKNOWN_KEY, LATER = 0, 65, 69, 75
"""EX_OK, EX_DATAERR, EX_UNAVAILABLE and EX_TEMPFAIL of sysexits.h: what mail servers act on."""
WAITING_MAX = 1_000
STOP_LOOK_SECONDS = 0.2

logger = logging.getLogger("afterword.smtp")


def run_smtp(listener: socket.socket, stop: threading.Event) -> None:
    """Take mails until `stop` is set, then finish what is under way. Raises Refusal. Needs Django."""
    from afterword.config.database import check_database

    check_database()
    asyncio.run(_serve(listener, stop))


def receive(stdin: BinaryIO, *, key: str) -> int:
    """Take one mail from `stdin`; the exit code. Whatever fails without being the mail's fault is `LATER`."""
    try:
        start_django("receive-email")
        bytes_max = read_env().smtp_message_bytes_max
        raw = stdin.read(bytes_max + 1)
        if len(raw) > bytes_max:
            return _tell(UNREADABLE, f"A message may have at most {bytes_max} bytes.")
        from afterword.config.database import check_database
        from afterword.ingest.mail import Fate, receive_email

        check_database()
        fate, reason = asyncio.run(receive_email(raw, key=key))
    except (Refusal, SettingsError) as error:
        return _tell(LATER, str(error))
    except Exception as error:
        return _tell(LATER, f"The message could not be taken ({type(error).__name__}: {error}).")
    codes = {
        Fate.TAKEN: TAKEN,
        Fate.UNREADABLE: UNREADABLE,
        Fate.UNKNOWN_KEY: UNKNOWN_KEY,
        Fate.LATER: LATER,
    }
    return _tell(codes[fate], reason)


async def _serve(listener: socket.socket, stop: threading.Event) -> None:
    from afterword.ingest.mail import MailRoom
    from afterword.ingest.smtp import listen

    room = MailRoom(waiting_max=WAITING_MAX)
    room.start()
    server = await listen(listener, room, message_bytes_max=read_env().smtp_message_bytes_max)
    host, port = listener.getsockname()[:2]
    logger.info("Taking mails at %s port %d", host, port)
    while not stop.is_set():
        # The signal sets it from outside of the loop; a wait in a thread could not be ended.
        await asyncio.sleep(STOP_LOOK_SECONDS)
    server.close()
    await room.drain()
    logger.info("Stopped")


def _tell(code: int, reason: str) -> int:
    if reason:
        # A mail server puts this line into its log, and where the code is final into its answer.
        print(f"afterword: {reason}", file=sys.stderr, flush=True)
    return code
