"""Secrets of people and of other systems, encrypted at rest with a key made from the secret key."""

from __future__ import annotations

import base64

from cryptography.fernet import Fernet, InvalidToken
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from django.conf import settings

KEY_BYTES = 32


class SealBroken(Exception):
    """This was encrypted with another secret key, or is damaged."""


def seal(text: str) -> str:
    """`text` encrypted and authenticated (Fernet: AES-128-CBC and HMAC-SHA-256)."""
    return _box().encrypt(text.encode()).decode()


def open_sealed(sealed: str) -> str:
    """The text that was sealed. Raises SealBroken."""
    try:
        return _box().decrypt(sealed.encode()).decode()
    except InvalidToken as error:
        raise SealBroken from error


def _box() -> Fernet:
    # Its own key for this purpose: what signs links must not decrypt secrets (RFC 5869).
    derived = HKDF(SHA256(), KEY_BYTES, salt=None, info=b"afterword.lib.sealing").derive(
        settings.SECRET_KEY.encode()
    )
    return Fernet(base64.urlsafe_b64encode(derived))
