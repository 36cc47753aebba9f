"""Embeddings from an endpoint that speaks OpenAI's format, where the administrator has named one.

`POST {url}/embeddings` with `{"model", "input": [texts]}`, answered by `{"data": [{"index", "embedding"}]}`:
as OpenAI describes it, and Ollama, vLLM and llama.cpp speak it too. What comes back is believed in nothing:
it is bounded, counted and checked, and whatever is wrong with it is the same failure.
"""

from __future__ import annotations

import json
import math
from array import array
from collections.abc import Sequence
from urllib.parse import urlsplit

from django.conf import settings

from afterword.lib import outgoing

TEXTS_AT_ONCE_MAX = 8
NUMBERS_MAX = 4_096
NUMBERS_MIN = 2
ANSWER_BYTES_MAX = 1024 * 1024
OF_ANY_TEXT = frozenset({401, 403, 404, 405, 407, 408, 429, 502, 503, 504})
"""What is answered so is answered whatever the text: about the key, the address or how busy it is."""


class NoEmbedding(Exception):
    """The endpoint gave nothing that can be used. The message says why, and holds no text."""


class NotOfThese(NoEmbedding):
    """The endpoint is there and did not make these: one of the texts may be why, as one that is too long."""

    def __init__(self, message: str, *, took_long: bool = False) -> None:
        self.took_long = took_long
        super().__init__(message)


def is_on() -> bool:
    """Whether an endpoint is named."""
    return bool(settings.EMBEDDINGS_URL)


def embed(texts: Sequence[str]) -> list[bytes]:
    """The embedding of each text, of length 1, as it is kept.

    Raises NotOfThese where others might be embedded, else NoEmbedding; within the set seconds.
    """
    # Few have an endpoint, and it takes a tenth of a process's start.
    import httpcore

    assert 0 < len(texts) <= TEXTS_AT_ONCE_MAX
    body = json.dumps({"model": settings.EMBEDDINGS_MODEL, "input": list(texts)}).encode()
    headers = {"Content-Type": "application/json", "Accept": "application/json"}
    headers["Host"] = urlsplit(settings.EMBEDDINGS_URL).netloc
    if settings.EMBEDDINGS_KEY:
        headers["Authorization"] = f"Bearer {settings.EMBEDDINGS_KEY}"
    try:
        answer = outgoing.post(
            f"{settings.EMBEDDINGS_URL.rstrip('/')}/embeddings",
            body,
            headers=headers,
            # The administrator names the endpoint, which is often one of the same machine.
            allow_private=True,
            seconds_max=settings.EMBEDDINGS_SECONDS_MAX,
            answer_bytes_max=ANSWER_BYTES_MAX,
        )
    except (TimeoutError, httpcore.ReadTimeout, httpcore.WriteTimeout) as error:
        raise NotOfThese("it took too long", took_long=True) from error
    except outgoing.failures() as error:
        raise NoEmbedding(f"it could not be reached: {type(error).__name__}") from error
    if answer.status != 200:
        kind = NoEmbedding if answer.status in OF_ANY_TEXT or answer.status < 400 else NotOfThese
        raise kind(f"it answered with {answer.status}")
    return _read(answer.body, len(texts))


def numbers_of(stored: bytes) -> array[float]:
    """What was kept, as numbers."""
    numbers = array("f")
    numbers.frombytes(stored)
    return numbers


def _read(body: bytes, count: int) -> list[bytes]:
    try:
        rows = json.loads(body)["data"]
        by_index = {row["index"]: row["embedding"] for row in rows[: count + 1]}
        found = [_kept(by_index[index]) for index in range(count)]
    except (ValueError, KeyError, TypeError, IndexError, OverflowError, RecursionError) as error:
        raise NotOfThese("its answer is none") from error
    if len(rows) != count or len({len(one) for one in found}) != 1:
        raise NotOfThese("its answer does not fit what was asked")
    return found


def _kept(numbers: object) -> bytes:
    if not isinstance(numbers, list) or not NUMBERS_MIN <= len(numbers) <= NUMBERS_MAX:
        raise ValueError("not as many numbers as an embedding has")
    values = [float(one) for one in numbers if isinstance(one, int | float) and not isinstance(one, bool)]
    length = math.sqrt(sum(one * one for one in values))
    if len(values) != len(numbers) or not math.isfinite(length) or length <= 0:
        raise ValueError("not numbers")
    return array("f", (one / length for one in values)).tobytes()
