"""Identifiers that leave the house."""

from __future__ import annotations

import hashlib
import os
import secrets
import uuid

import shortuuid

SHORT_ID_LENGTH = 22
"""Characters in a short id: a random UUID in base 57, the shape that Zenduty's clients expect."""

_ALPHABET = str(shortuuid.ShortUUID().get_alphabet()).encode()
_SHORT_ID_MAX = str(shortuuid.ShortUUID().encode(uuid.UUID(int=2**128 - 1), SHORT_ID_LENGTH))
# A random byte becomes a letter; the bytes above the last multiple of 57 would make some letters likelier.
_LETTERS = (_ALPHABET * 5)[:256]
_SURPLUS = bytes(range(256 - 256 % len(_ALPHABET), 256))
_VARIANTS = {digit: "89ab"[int(digit, 16) % 4] for digit in "0123456789abcdef"}

TOKEN_BYTES = 30


def new_short_id() -> str:
    """A random id of `SHORT_ID_LENGTH` characters, without the letters that are mistaken for digits."""
    return str(shortuuid.ShortUUID().encode(uuid.uuid4(), SHORT_ID_LENGTH))


def new_short_ids(count: int) -> list[str]:
    """As many short ids. Random numbers of 128 bits like UUIDs, made fifty times as fast."""
    found: list[str] = []
    while len(found) < count:
        wanted = count - len(found)
        letters = os.urandom(SHORT_ID_LENGTH * (wanted * 2 + 8)).translate(_LETTERS, _SURPLUS).decode()
        ids = [
            letters[start : start + SHORT_ID_LENGTH]
            for start in range(0, len(letters) - SHORT_ID_LENGTH + 1, SHORT_ID_LENGTH)
        ]
        # The letters stand in the order of their codes: greater text, greater number.
        found += [short_id for short_id in ids if short_id <= _SHORT_ID_MAX][:wanted]
    return found


def new_hex_uuids(count: int) -> list[str]:
    """As many random UUIDs (version 4) as 32 hexadecimal digits, without making objects of them."""
    digits = os.urandom(16 * count).hex()
    return [
        f"{digits[start : start + 12]}4{digits[start + 13 : start + 16]}"
        f"{_VARIANTS[digits[start + 16]]}{digits[start + 17 : start + 32]}"
        for start in range(0, 32 * count, 32)
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
