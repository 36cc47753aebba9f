"""`Idempotency-Key`: a POST that is sent again is answered as before, and not done again.

After draft-ietf-httpapi-idempotency-key-header. The header's value is a string in quotes, or the same
without them. A refusal is not kept, for nothing was done: the key may be used again.
"""

from __future__ import annotations

import hashlib
import logging
from collections.abc import Callable

from django.core.exceptions import SuspiciousOperation
from django.http import HttpRequest, HttpResponse, UnreadablePostError
from django.http.multipartparser import MultiPartParserError
from django.http.response import HttpResponseBase

from afterword.accounts.keys import KeyAuth
from afterword.calls import writes
from afterword.calls.errors import AnswerNotKept, StillAnswering
from afterword.calls.models import KEY_CHARACTERS_MAX, KeptAnswer
from afterword.lib import clock
from afterword.lib.errors import AfterwordError, InvalidInput
from afterword.lib.sealing import SealBroken, open_sealed

HEADER = "Idempotency-Key"
REPLAYED_HEADER = "Idempotency-Replayed"
SUCCESSES = range(200, 300)

Keep = Callable[[HttpResponseBase], None]
"""Writes an answer down; to be called in the transaction of what was done."""

logger = logging.getLogger(__name__)


def answer_once(
    request: HttpRequest, view: Callable[[], HttpResponseBase], change: Callable[[Keep], HttpResponseBase]
) -> HttpResponseBase:
    """What the request was answered before, else what `change` answers now.

    `view` answers those who may not call at all. Raises InvalidInput, StillAnswering, KeyUsedDifferently,
    AnswerNotKept.
    """
    key = _read_key(request.headers[HEADER])
    try:
        caller = KeyAuth()(request)
        fingerprint = _fingerprint(request)
    except (AfterwordError, SuspiciousOperation, MultiPartParserError, UnreadablePostError):
        return view()  # It says itself what is wrong, and does nothing.
    begun = writes.begin_answer(api_key=caller.key, key=key, fingerprint=fingerprint, at=clock.now())
    if isinstance(begun, KeptAnswer):
        return _say_again(begun)
    is_kept = False

    def keep(response: HttpResponseBase) -> None:
        nonlocal is_kept
        if response.status_code in SUCCESSES:
            body = b"" if response.streaming else response.content  # type: ignore[attr-defined]
            content_type = response.headers.get("Content-Type", "")
            writes.keep_answer(claim=begun, status=response.status_code, content_type=content_type, body=body)
            is_kept = True

    try:
        return change(keep)
    except writes.ClaimLost as error:
        is_kept = True  # by the other one, or soon
        raise StillAnswering from error
    except BaseException:
        is_kept = False
        raise
    finally:
        if not is_kept:
            writes.release_key(claim=begun)


def _read_key(value: str) -> str:
    value = value.strip()
    key = value[1:-1] if len(value) >= 2 and value[0] == value[-1] == '"' else value
    if not key or len(key) > KEY_CHARACTERS_MAX or not (key.isascii() and key.isprintable()):
        raise InvalidInput(
            fields={HEADER: f"Please send 1 to {KEY_CHARACTERS_MAX} printable ASCII characters."}
        )
    return key


def _fingerprint(request: HttpRequest) -> str:
    """Of method, address and body; of the parts of a form, whose boundary is another each time."""
    seen = hashlib.sha256(f"{request.method} {request.get_full_path()}\n".encode())
    if request.content_type != "multipart/form-data":
        seen.update(request.body)
        return seen.hexdigest()
    for name, values in sorted(request.POST.lists()):
        seen.update(repr((name, values)).encode())
    for name, files in sorted(request.FILES.lists()):
        for file in files:
            seen.update(repr((name, file.name, file.size, file.content_type)).encode())
            for chunk in file.chunks():
                seen.update(chunk)
            file.seek(0)
    return seen.hexdigest()


def _say_again(kept: KeptAnswer) -> HttpResponse:
    assert kept.status is not None
    if not kept.sealed_body:
        raise AnswerNotKept
    try:
        body = open_sealed(kept.sealed_body)
    except SealBroken as error:
        raise AnswerNotKept from error
    response = HttpResponse(body.encode(), status=kept.status, content_type=kept.content_type or None)
    response[REPLAYED_HEADER] = "true"
    return response
