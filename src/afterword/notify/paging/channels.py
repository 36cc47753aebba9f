"""Handing a page over by webhook or by Apprise."""

from __future__ import annotations

import hashlib
import hmac
import json
import socket
import subprocess
import sys
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings

from afterword.documents import plain_text
from afterword.lib import outgoing
from afterword.lib.sealing import SealBroken, open_sealed
from afterword.notify.contact.models import ContactKind, ContactMethod
from afterword.notify.paging.letters import PageText, describe_page, write_page_text
from afterword.notify.paging.models import PageDelivery
from afterword.notify.rules import REASON_LENGTH_MAX, Refusal

SIGNATURE_HEADER = "X-Afterword-Signature"
DELIVERY_HEADER = "X-Afterword-Delivery"
APPRISE_SECONDS_MAX = 30
"""For one notification, Python's start included."""
CHILD = Path(__file__).parent / "apprise_child.py"
UNREADABLE = "The address of this contact method can no longer be read: its owner has to enter it again."
GONE = "This contact method was removed."


class Undelivered(Exception):
    """A page did not go out, and why."""

    def __init__(self, reason: str, *, is_permanent: bool = False) -> None:
        reason = reason if len(reason) <= REASON_LENGTH_MAX else reason[: REASON_LENGTH_MAX - 1] + "…"
        self.refusal = Refusal(reason, is_permanent)
        super().__init__(reason)


def deliver(delivery: PageDelivery) -> None:
    """Hand a page over by its contact method. Raises Undelivered."""
    method = delivery.method
    if method is None:
        raise Undelivered(GONE, is_permanent=True)
    if method.kind == ContactKind.WEBHOOK:
        described = describe_page(delivery)
        post_signed(method, described, delivery_id=described["delivery"])
    else:
        assert method.kind == ContactKind.APPRISE, "mails go another way"
        notify_by_apprise(method, write_page_text(delivery))


def post_signed(method: ContactMethod, data: dict[str, Any], *, delivery_id: str) -> None:
    """POST `data` as JSON with `X-Afterword-Signature: sha256=HEX`, the HMAC of the body. Raises Undelivered.

    An answer of 200 to 299 is success. 400 to 499 is final, but for 408, 425 and 429.
    """
    body = json.dumps(data, ensure_ascii=False, separators=(",", ":")).encode()
    try:
        url, secret = open_sealed(method.sealed_address), open_sealed(method.sealed_secret)
    except SealBroken as error:
        raise Undelivered(UNREADABLE, is_permanent=True) from error
    headers = {
        "Host": _host_header(url),
        "Content-Type": "application/json",
        "User-Agent": "Afterword",
        DELIVERY_HEADER: delivery_id,
        SIGNATURE_HEADER: sign(body, secret),
    }
    try:
        answer = outgoing.post(url, body, headers=headers, allow_private=settings.ALLOW_PRIVATE_ADDRESSES)
    except outgoing.PrivateAddress as error:
        raise Undelivered("The webhook's address leads into a private network.", is_permanent=True) from error
    except outgoing.timeouts() as error:
        raise Undelivered("The webhook did not answer in time.") from error
    except socket.gaierror as error:
        raise Undelivered("The webhook's host is not known.") from error
    except outgoing.failures() as error:
        raise Undelivered(f"The webhook cannot be reached: {_words(error)}.") from error
    if not 200 <= answer.status < 300:
        is_final = 300 <= answer.status < 500 and answer.status not in (408, 425, 429)
        raise Undelivered(f"The webhook answered: {answer.status}.", is_permanent=is_final)


def sign(body: bytes, secret: str) -> str:
    """The value of the signature's header, as GitHub writes it: `sha256=` and the HMAC-SHA-256 in hex."""
    return f"sha256={hmac.new(secret.encode(), body, hashlib.sha256).hexdigest()}"


def notify_by_apprise(method: ContactMethod, text: PageText) -> None:
    """Send a notification to the method's Apprise URL. Raises Undelivered."""
    try:
        url = open_sealed(method.sealed_address)
    except SealBroken as error:
        raise Undelivered(UNREADABLE, is_permanent=True) from error
    answer = ask_apprise(
        {
            "url": url,
            "title": text.title,
            "body": text.body,
            "allow_private": bool(settings.ALLOW_PRIVATE_ADDRESSES),
        }
    )
    if not answer.get("sent"):
        raise Undelivered(str(answer.get("reason") or "The service did not take it."))


def ask_apprise(question: dict[str, Any]) -> dict[str, Any]:
    """Ask the library in a process of its own, which reaches no private address and ends in time.

    Its many services follow redirects, sleep and wait as they like, none of which shall be ours to bear.
    Raises Undelivered.
    """
    command = [sys.executable, "-I", str(CHILD)]
    try:
        done = subprocess.run(
            command,
            input=json.dumps(question).encode(),
            capture_output=True,
            timeout=APPRISE_SECONDS_MAX,
            # Nothing of ours is its business: no settings, no secrets, no proxies.
            env={"PATH": "/usr/bin:/bin", "LANG": "C.UTF-8"},
        )
    except subprocess.TimeoutExpired as error:
        raise Undelivered("The service did not answer in time.") from error
    try:
        answer = json.loads(done.stdout.splitlines()[-1])
    except (ValueError, IndexError) as error:
        raise Undelivered("The notification could not be sent: its program failed.") from error
    return answer if isinstance(answer, dict) else {}


def _host_header(url: str) -> str:
    return urlsplit(url).netloc


def _words(error: Exception) -> str:
    return plain_text(getattr(error, "strerror", None) or str(error) or type(error).__name__).rstrip(".")
