"""Identifiers that leave the house."""

from __future__ import annotations

import hashlib
import secrets
import uuid

import shortuuid

SHORT_ID_LENGTH = 22
"""Characters in a short id: a random UUID in base 57, the shape that Zenduty's clients expect."""

TOKEN_BYTES = 30


def new_short_id() -> str:
    """A random id of `SHORT_ID_LENGTH` characters, without the letters that are mistaken for digits."""
    return str(shortuuid.ShortUUID().encode(uuid.uuid4(), SHORT_ID_LENGTH))


def new_uuid() -> uuid.UUID:
    """A random UUID (version 4)."""
    return uuid.uuid4()


def new_token(prefix: str) -> str:
    """A secret of 240 random bits behind a readable prefix, as in `aw_...`."""
    return f"{prefix}_{secrets.token_urlsafe(TOKEN_BYTES)}"


def hash_token(token: str) -> str:
    """The SHA-256 of a token in hex. Enough for random tokens of this size; never for passwords."""
    return hashlib.sha256(token.encode()).hexdigest()
