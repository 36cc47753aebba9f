"""When an event is sent again, when an endpoint is given up, and how a request is signed. Pure."""

from __future__ import annotations

import base64
import hashlib
import hmac
from collections.abc import Iterable
from datetime import datetime, timedelta

RETRY_AFTER_SECONDS = (5, 30, 120, 600, 1_800, 3_600, 7_200, 14_400, 28_800, 28_800)
"""How long to wait after the first failure, the second, and so on: about 24 hours in all."""
ATTEMPTS_MAX = len(RETRY_AFTER_SECONDS) + 1
JITTER = 0.1
"""Each wait is longer or shorter by up to this part, so that not all endpoints are asked at once."""
ENDPOINT_PAUSE_SECONDS_MAX = 600
"""An endpoint that fails is left alone for so long at most, whatever waits for it."""
RETRY_AFTER_HONOURED_SECONDS_MAX = 3_600
SWITCH_OFF_AFTER_FAILURES = 10
SWITCH_OFF_AFTER_HOURS = 20
SECRET_PREFIX = "whsec_"  # noqa: S105 - what every secret begins with
SECRET_BYTES = 32
OVERLAP_HOURS = 24
"""For so long after a rotation requests carry the signatures of both secrets."""


def next_attempt_at(attempts: int, now: datetime, *, chance: float) -> datetime | None:
    """When to try again after so many failed attempts; None after the last. `chance` is from 0 to 1."""
    assert attempts >= 1
    if attempts >= ATTEMPTS_MAX:
        return None
    seconds = RETRY_AFTER_SECONDS[attempts - 1]
    return now + timedelta(seconds=seconds * (1 + JITTER * (2 * chance - 1)))


def paused_until(failures: int, now: datetime, *, asked_for: int | None) -> datetime:
    """Until when an endpoint is left alone after so many failures in a row, or as long as it asks for."""
    seconds = RETRY_AFTER_SECONDS[min(failures, len(RETRY_AFTER_SECONDS)) - 1]
    wait = min(seconds, ENDPOINT_PAUSE_SECONDS_MAX)
    return now + timedelta(seconds=max(wait, min(asked_for or 0, RETRY_AFTER_HONOURED_SECONDS_MAX)))


def is_given_up(failures: int, failing_since: datetime, now: datetime) -> bool:
    """Whether an endpoint has failed so often and for so long that nobody seems to be there."""
    return failures >= SWITCH_OFF_AFTER_FAILURES and now - failing_since >= timedelta(
        hours=SWITCH_OFF_AFTER_HOURS
    )


def sign(message_id: str, timestamp: int, body: bytes, secrets: Iterable[str]) -> str:
    """The value of `webhook-signature`: one `v1,BASE64` for each secret, with spaces between them.

    Standard Webhooks 1.0.0: the HMAC-SHA-256 of `id.timestamp.body`, with the bytes behind `whsec_`.
    """
    signed = f"{message_id}.{timestamp}.".encode() + body
    keys = (base64.b64decode(secret.removeprefix(SECRET_PREFIX)) for secret in secrets)
    digests = (hmac.new(key, signed, hashlib.sha256).digest() for key in keys)
    return " ".join(f"v1,{base64.b64encode(digest).decode()}" for digest in digests)


def write_secret(key: bytes) -> str:
    """A key of `SECRET_BYTES` as people copy it."""
    return SECRET_PREFIX + base64.b64encode(key).decode()
