"""Answering a question by replying to its mail: the address to reply to, and what in a reply is the answer.

The address is `answer+TOKEN@host`. Mail programs may write it in small letters and cut what is longer than
64 characters before the @ (RFC 5321), so the token is base32 and short: the question and the person, the hour
in which it was made, and a signature of 80 bits.
"""

from __future__ import annotations

import base64
import binascii
import hmac
import re
import uuid
from collections.abc import Sequence, Set
from datetime import datetime

from django.conf import settings

from afterword.drafting.interviews.links import LINK_DAYS_MAX
from afterword.drafting.interviews.models import Interview

MAILBOX = "answer"
"""What stands before the + in the address."""
SIGNATURE_BYTES = 10
HOUR_BYTES = 4
TOKEN_BYTES = 16 + HOUR_BYTES + SIGNATURE_BYTES
LINES_MAX = 2_000
_SALT = b"afterword.drafting.interviews.replies"
_ATTRIBUTION = re.compile(
    r"(?=.*\d)(?:on|am|le|el|op|den|il) .{5,200}"
    r"(?:wrote|schrieb.{0,100}|a écrit|escribió|schreef|ha scritto)\s?:",
    re.IGNORECASE,
)
_REST = re.compile(
    r"-{2,}\s*(?:original message|ursprüngliche nachricht|forwarded message)\s*-{2,}|_{20,}",
    re.IGNORECASE,
)
"""Behind such a line stands nothing that its writer wrote now: the mail before."""
_SIGNATURE = "-- "
"""Above a signature (RFC 3676)."""
SIGNATURE_LINES_MAX = 4
SIGNATURE_LINE_CHARACTERS_MAX = 60
SIGNATURE_NAME_WORDS_MAX = 4
_WORD = re.compile(r"[^\W\d_][\w'’-]+")
_BEHIND_NAME = re.compile(r"\s*[,|·–—(<]|\s-")
_SENTENCE = re.compile(r"[.!?…:;,]$|[.!?]\s")
_HEAD = re.compile(r"(?:from|von): .{1,200}", re.IGNORECASE)
_HEAD_BELOW = re.compile(r"(?:sent|to|date|subject|gesendet|an|datum|betreff): .{1,200}", re.IGNORECASE)
"""The first two lines of a mail before, as some programs set it below."""


def reply_address(interview: Interview, *, now: datetime) -> str:
    """Where a reply answers the question; empty where no mails are taken."""
    host = settings.ENV.answer_host
    if not (host and settings.ENV.smtp_bind):
        return ""
    return f"{MAILBOX}+{write_token(interview.unique_id, now)}@{host}"


def write_token(unique_id: uuid.UUID, now: datetime) -> str:
    """What stands for one question to one person in an address to reply to."""
    told = unique_id.bytes + (int(now.timestamp()) // 3_600).to_bytes(HOUR_BYTES, "big")
    return base64.b32encode(told + _sign(told)).decode().rstrip("=").lower()


def read_token(token: str, now: datetime) -> uuid.UUID | None:
    """The interview that a token stands for; None when it is not ours, or older than a link may be."""
    padded = token.upper() + "=" * (-len(token) % 8)
    try:
        data = base64.b32decode(padded)
    except (binascii.Error, ValueError):
        return None
    told, signature = data[:-SIGNATURE_BYTES], data[-SIGNATURE_BYTES:]
    if len(data) != TOKEN_BYTES or not hmac.compare_digest(signature, _sign(told)):
        return None
    hours = int(now.timestamp()) // 3_600 - int.from_bytes(told[16:], "big")
    return uuid.UUID(bytes=told[:16]) if 0 <= hours <= LINK_DAYS_MAX * 24 else None


def cut_quoted(text: str, *, name: str = "", email: str = "") -> str:
    """What of a reply its writer wrote: without quoted lines, the line above them, and a signature.

    Answers between quoted lines are kept. Where the mail before is not marked with `>`, everything from the
    line on that introduces it goes. `name` and `email` are the writer's: what stands below a bare `--` is
    their signature only where it begins with one of them.
    """
    named = _words_of(f"{name} {email.partition('@')[0]}")
    lines = text.replace("\r\n", "\n").split("\n")[:LINES_MAX]
    is_marked = any(line.startswith(">") for line in lines)
    kept: list[str] = []
    skipped = False
    for place, line in enumerate(lines):
        bare = line.strip()
        if skipped:
            skipped = False
            continue
        following = lines[place + 1].strip() if place + 1 < len(lines) else ""
        if line == _SIGNATURE or (bare == _SIGNATURE.strip() and _is_signature(lines[place + 1 :], named)):
            break
        if _REST.fullmatch(bare) or (_HEAD.fullmatch(bare) and _HEAD_BELOW.fullmatch(following)):
            break
        # Mail programs break the line that introduces a quotation in two.
        on_one, on_two = _ATTRIBUTION.fullmatch(bare), _ATTRIBUTION.fullmatch(f"{bare} {following}")
        if on_one or (following and on_two):
            if not is_marked:
                break
            skipped = not on_one
            continue
        if not line.startswith(">"):
            kept.append(line.rstrip())
    return "\n".join(kept).strip()


def _is_signature(lines: Sequence[str], named: Set[str]) -> bool:
    """Whether what stands below a bare `--` is a signature, whose space a mail server has taken: a few short
    lines and no sentence, the first of them the writer's name. People draw lines like that between two
    thoughts, too, and what is kept of a signature harms nobody.
    """
    told = [line.strip() for line in lines if line.strip() and not line.startswith(">")]
    if not told or len(told) > SIGNATURE_LINES_MAX:
        return False
    if any(len(line) > SIGNATURE_LINE_CHARACTERS_MAX or _SENTENCE.search(line) for line in told):
        return False
    # “Will” is a name, and “Will restart it” is an answer.
    words = _BEHIND_NAME.split(told[0])[0].split()
    theirs = [word for word in words if not named.isdisjoint(_words_of(word))]
    are_names = all(word[0].isupper() or word in theirs for word in words)
    return bool(theirs) and are_names and len(words) <= SIGNATURE_NAME_WORDS_MAX


def _words_of(text: str) -> set[str]:
    return {word.casefold() for word in _WORD.findall(text.replace("_", " "))}


def _sign(told: bytes) -> bytes:
    key = _SALT + settings.SECRET_KEY.encode()
    return hmac.digest(key, told, "sha256")[:SIGNATURE_BYTES]
