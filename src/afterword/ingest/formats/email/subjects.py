"""What the subject of a mail says: how it stands, how urgent it is, and what it is about. Pure.

Programs that send mails have no format in common, but they put the state into the subject: `[RESOLVED]`,
`RECOVERY`, `OK:`, `PROBLEM`. The first such word decides, and what is left without them is what two mails
about the same thing have in common.
"""

from __future__ import annotations

import re

from afterword.ingest.formats.severities import UNKNOWN, WORDS

SUBJECT_CHARACTERS_MAX = 1_000
LEADING_WORDS_MAX = 3
"""Among so many a status counts however it is written; further back only in capitals or in brackets."""

RESOLVED = frozenset(
    {"resolved", "recovered", "recovery", "ok", "closed", "cleared", "fixed", "up", "normal", "restored"}
)
ACKNOWLEDGED = frozenset({"acknowledged", "acknowledgement", "acknowledgment", "ack"})
FIRING = frozenset({"firing", "fired", "problem", "triggered", "alarm", "alert", "opened", "escalated"})
"""They say that it is not over, and not how bad it is."""
AMBIGUOUS = frozenset({"alert", "page", "paging", "ticket", "low", "none", "average", "medium", "debug"})
"""Words of the table of severities that mean something else in too many subjects."""
SEVERITIES = {
    word: alert_type for alert_type, words in WORDS.items() for word in words if word not in AMBIGUOUS
}

_PREFIX = re.compile(r"^\s*(?:re|fwd?|aw|wg|sv|vs|tr|antw|rif|res|enc)\s*(?:\[\d+\])?:\s*", re.IGNORECASE)
_TAG = re.compile(r"\[#([A-Za-z0-9][A-Za-z0-9._:/@+-]{0,199})\]")
_BRACKETS = re.compile(r"\[[^\[\]]*\]")
_AFTER = re.compile(r"\bresolved in (?:\d+\s?[a-z]{1,7}\s?){1,6}(?=:)")
_WORD = re.compile(r"[A-Za-z]+(?:-?\d)?")
_PIECE = re.compile(r"\w+")


def tag_of(subject: str) -> str:
    """The entity that a sender names in the subject as `[#entity]`; empty without."""
    found = _TAG.search(subject[:SUBJECT_CHARACTERS_MAX])
    return found[1] if found else ""


def is_reply(subject: str) -> bool:
    """Whether it begins as answers and forwarded mails do."""
    return _PREFIX.match(subject) is not None


def alert_type_of_subject(subject: str) -> str:
    """The alert type; `UNKNOWN` when no word of the subject tells one."""
    subject = _without_prefixes(subject)
    brackets = [found.span() for found in _BRACKETS.finditer(subject)]
    said = [
        found[0].lower()
        for place, found in enumerate(_WORD.finditer(_TAG.sub(_blank, subject)))
        if place < LEADING_WORDS_MAX
        or found[0].isupper()
        or any(start < found.start() < end for start, end in brackets)
    ]
    for word in said:
        if word in RESOLVED:
            return "resolved"
        if word in ACKNOWLEDGED:
            return "acknowledged"
        if word in FIRING or word in SEVERITIES:
            break
    return next((SEVERITIES[word] for word in said if word in SEVERITIES), UNKNOWN)


def topic_of(subject: str) -> str:
    """The subject without what changes between two mails about the same thing, in small letters."""
    text = _without_prefixes(subject).lower()
    text = _AFTER.sub(" ", _BRACKETS.sub(_drop_status, text))
    words = [word for word in _PIECE.findall(text) if not _is_status(word)]
    return " ".join(words) or " ".join(text.split())


def _without_prefixes(subject: str) -> str:
    subject = subject[:SUBJECT_CHARACTERS_MAX]
    while (found := _PREFIX.match(subject)) is not None:
        subject = subject[found.end() :]
    return subject


def _blank(found: re.Match[str]) -> str:
    return " " * len(found[0])


def _drop_status(found: re.Match[str]) -> str:
    return " " if any(_is_status(word) for word in _PIECE.findall(found[0])) else found[0]


def _is_status(word: str) -> bool:
    return word in RESOLVED or word in ACKNOWLEDGED or word in FIRING or word in SEVERITIES
