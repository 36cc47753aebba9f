"""How contact methods are named, and what their codes look like. Pure."""

from __future__ import annotations

import secrets

from afterword.lib import ids

CODE_DIGITS = 8
CODE_MINUTES_MAX = 15
CODE_TRIES_MAX = 5
TAIL_CHARACTERS = 4


def new_code() -> str:
    """Digits that a person copies by hand."""
    return f"{secrets.randbelow(10**CODE_DIGITS):0{CODE_DIGITS}}"


def seal_code(code: str, salt: str) -> str:
    """What is kept of a code."""
    return ids.hash_token(f"{salt}:{''.join(code.split())}")


def tail_of(address: str) -> str:
    """The last characters, of an address that is long enough to hide the rest."""
    return address[-TAIL_CHARACTERS:] if len(address) >= 4 * TAIL_CHARACTERS else ""
