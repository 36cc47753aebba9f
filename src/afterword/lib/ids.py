"""Identifiers that leave the house."""

from __future__ import annotations

import hashlib
import os
import secrets
import time
import uuid

import shortuuid

SHORT_ID_LENGTH = 22
"""Characters in a short id: a random UUID in base 57, the shape that Zenduty's clients expect."""

_TIMED_CHARACTERS = 8
"""Of a short id that begins with the time: they change every three milliseconds."""
_ALPHABET = str(shortuuid.ShortUUID().get_alphabet())
# A random byte becomes a letter; the bytes above the last multiple of 57 would make some letters likelier.
_LETTERS = (_ALPHABET * 5)[:256].encode()
_SURPLUS = bytes(range(256 - 256 % len(_ALPHABET), 256))
_VARIANTS = {digit: "89ab"[int(digit, 16) % 4] for digit in "0123456789abcdef"}

TOKEN_BYTES = 30


def new_short_id() -> str:
    """A random id of `SHORT_ID_LENGTH` characters, without the letters that are mistaken for digits."""
    return str(shortuuid.ShortUUID().encode(uuid.uuid4(), SHORT_ID_LENGTH))


def new_short_ids(count: int) -> list[str]:
    """As many short ids, for rows that are written together. They begin with the time, as UUIDs of version 7.

    Rows that come one after the other then stand side by side in an index; the last 14 characters, which
    are 81 bits, are random.
    """
    head = _encode(_milliseconds() << 80)[:_TIMED_CHARACTERS]
    length = SHORT_ID_LENGTH - _TIMED_CHARACTERS
    letters = ""
    while len(letters) < length * count:
        letters += os.urandom(length * count + 64).translate(_LETTERS, _SURPLUS).decode()
    return [head + letters[start : start + length] for start in range(0, length * count, length)]


def new_hex_uuids(count: int) -> list[str]:
    """As many UUIDs of version 7 (RFC 9562) as 32 hexadecimal digits. They begin with the time too."""
    head = f"{_milliseconds():012x}7"
    digits = os.urandom(10 * count).hex()
    return [
        f"{head}{digits[start : start + 3]}{_VARIANTS[digits[start + 3]]}{digits[start + 4 : start + 19]}"
        for start in range(0, 20 * count, 20)
    ]


def new_uuid() -> uuid.UUID:
    """A random UUID (version 4)."""
    return uuid.uuid4()


def new_token(prefix: str) -> str:
    """A secret of 240 random bits behind a readable prefix, as in `aw_...`."""
    return f"{prefix}_{secrets.token_urlsafe(TOKEN_BYTES)}"


def hash_token(token: str) -> str:
    """The SHA-256 of a token in hex. Enough for random tokens of this size; never for passwords."""
    return hashlib.sha256(token.encode()).hexdigest()


def _milliseconds() -> int:
    return time.time_ns() // 1_000_000


def _encode(number: int) -> str:
    return str(shortuuid.ShortUUID().encode(uuid.UUID(int=number), SHORT_ID_LENGTH))
