"""The part of the worker that tells other programs: a few at once, each endpoint one request at a time."""

from __future__ import annotations

import logging
import socket
import ssl
import threading
import time
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from urllib.parse import urlsplit

from django.conf import settings
from django.db import DatabaseError, connection

from afterword.documents import plain_text
from afterword.lib import clock, outgoing
from afterword.lib.sealing import SealBroken, open_sealed
from afterword.webhooks import reads, rules
from afterword.webhooks.models import Endpoint
from afterword.webhooks.writes import deliveries
from afterword.webhooks.writes.deliveries import Claim, Outcome

LOOK_EVERY_SECONDS = 1.0
SENDING_AT_ONCE_MAX = 8
REQUEST_SECONDS_MAX = 10.0
DATABASE_RETRY_SECONDS = (0.2, 1.0, 5.0)
UNREADABLE = "Its address or secret can no longer be read: enter the address again and replace the secret."

logger = logging.getLogger(__name__)


def run_webhooks(stop: threading.Event) -> None:
    """Send what is due, again and again, until `stop` is set."""
    sender = Sender(stop)
    try:
        while not stop.is_set():
            try:
                sender.begin_what_is_due()
            except DatabaseError as error:
                logger.warning("The webhooks have to wait: %s", error)
                connection.close()
            sender.wait_a_little()
    finally:
        sender.close()
        connection.close()


class Sender:
    """Sends up to `SENDING_AT_ONCE_MAX` requests at once, each in a thread of its own."""

    def __init__(self, stop: threading.Event) -> None:
        self._stop = stop
        self._pool = ThreadPoolExecutor(SENDING_AT_ONCE_MAX, thread_name_prefix="webhook")
        self._running: set[Future[None]] = set()

    def begin_what_is_due(self) -> None:
        """Claim and begin what is due, as far as there are hands for it."""
        self._running = {one for one in self._running if not one.done()}
        while (
            len(self._running) < SENDING_AT_ONCE_MAX
            and not self._stop.is_set()
            # Asked before a transaction is begun, which on SQLite would keep others from writing.
            and reads.due_endpoints(clock.now()).exists()
        ):
            claim = deliveries.claim_delivery(at=clock.now())
            if claim is None:
                return
            self._running.add(self._pool.submit(_send_in_thread, claim, self._stop))

    def wait_a_little(self) -> None:
        """Until one is done, so that the next of its endpoint follows at once, or it is time to look."""
        if self._running:
            wait(self._running, LOOK_EVERY_SECONDS, FIRST_COMPLETED)
        else:
            self._stop.wait(LOOK_EVERY_SECONDS)

    def finish(self) -> None:
        """Wait for what was begun."""
        self._pool.shutdown(wait=True)

    def close(self) -> None:
        """What is being sent is sent to its end, or again by the next worker."""
        self._pool.shutdown(wait=False, cancel_futures=True)


def send_due_webhooks() -> int:
    """Send what is due now, one after the other, in this thread; how many requests."""
    sent = 0
    while (claim := deliveries.claim_delivery(at=clock.now())) is not None:
        deliveries.record_outcome(claim=claim, outcome=send(claim))
        sent += 1
    return sent


def _send_in_thread(claim: Claim, stop: threading.Event) -> None:
    try:
        outcome = send(claim)
        for seconds in (*DATABASE_RETRY_SECONDS, None):
            try:
                deliveries.record_outcome(claim=claim, outcome=outcome)
                break
            except DatabaseError:
                connection.close()
                if seconds is None:
                    raise
                stop.wait(seconds)
    except Exception:
        # Whatever is wrong with one, the others are sent. It is claimed again when its time is up.
        logger.exception("A webhook could not be sent", extra={"delivery": claim.delivery.pk})
    finally:
        connection.close()


def send(claim: Claim) -> Outcome:
    """Make the request of a claim."""
    at, began = clock.now(), time.monotonic()
    answer: outgoing.Answer | None = None
    try:
        answer = _post(claim)
        error = "" if 200 <= answer.status < 300 else f"It answered {answer.status}."
    except SealBroken:
        error = UNREADABLE
    except Exception as failure:
        error = _explain(failure)
        if not isinstance(failure, (outgoing.PrivateAddress, *outgoing.failures())):
            logger.warning("A webhook broke", extra={"delivery": claim.delivery.pk}, exc_info=failure)
    milliseconds = round((time.monotonic() - began) * 1000)
    if error:
        logger.info("A webhook did not arrive", extra={"delivery": claim.delivery.pk, "reason": error})
    if answer is None:
        return Outcome(at, milliseconds, error=error)
    return Outcome(
        at,
        milliseconds,
        answer.status,
        error,
        plain_text(answer.body.decode("utf-8", errors="replace")),
        answer.retry_after_seconds,
    )


def _post(claim: Claim) -> outgoing.Answer:
    event, endpoint = claim.delivery.event, claim.endpoint
    url, body = open_sealed(endpoint.sealed_url), event.body.encode()
    # Of this attempt, not of the event: receivers refuse what is old, against replays.
    timestamp = int(clock.now().timestamp())
    headers = {
        "Host": urlsplit(url).netloc,
        "Content-Type": "application/json",
        "User-Agent": "Afterword",
        "webhook-id": event.message_id,
        "webhook-timestamp": str(timestamp),
        "webhook-signature": rules.sign(event.message_id, timestamp, body, _secrets(endpoint)),
    }
    return outgoing.post(
        url,
        body,
        headers=headers,
        allow_private=settings.ALLOW_PRIVATE_ADDRESSES,
        private_networks=settings.WEBHOOK_PRIVATE_NETWORKS,
        seconds_max=REQUEST_SECONDS_MAX,
    )


def _secrets(endpoint: Endpoint) -> list[str]:
    found = [open_sealed(endpoint.sealed_secret)]
    if endpoint.old_secret_until is not None and endpoint.old_secret_until > clock.now():
        found.append(open_sealed(endpoint.sealed_old_secret))
    return found


def _explain(error: Exception) -> str:
    if isinstance(error, outgoing.PrivateAddress):
        return "Its address leads into a private network, which is not allowed here."
    if isinstance(error, outgoing.timeouts()):
        return f"It did not answer within {REQUEST_SECONDS_MAX:.0f} seconds."
    if isinstance(error, socket.gaierror):
        return "Its host is not known."
    certificate = next((one for one in (error, error.__context__) if isinstance(one, ssl.SSLError)), None)
    if certificate is not None:
        return f"No secure connection: {_words(certificate)}."
    return f"It cannot be reached: {_words(error)}."


def _words(error: BaseException) -> str:
    if isinstance(error, ssl.SSLCertVerificationError):
        return plain_text(error.verify_message)
    return plain_text(getattr(error, "strerror", None) or str(error) or type(error).__name__).rstrip(".")
