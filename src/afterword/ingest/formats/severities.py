"""How urgent other people's words are: one table for the formats whose senders choose the word themselves.

`docs/reference/webhook.md` shows it to users.
"""

from __future__ import annotations

from afterword.ingest.formats.fields import text_of

SEVERITY_CHARACTERS_MAX = 40
WORDS: dict[str, tuple[str, ...]] = {
    "critical": (
        "critical",
        "crit",
        "page",
        "paging",
        "fatal",
        "emergency",
        "emerg",
        "alert",
        "disaster",
        "down",
        "p0",
        "p1",
        "s1",
        "sev0",
        "sev1",
        "sev-0",
        "sev-1",
    ),
    "error": ("error", "err", "high", "major", "severe", "p2", "s2", "sev2", "sev-2"),
    "warning": (
        "warning",
        "warn",
        "medium",
        "moderate",
        "average",
        "minor",
        "low",
        "ticket",
        "degraded",
        "p3",
        "p4",
        "s3",
        "s4",
        "sev3",
        "sev4",
        "sev-3",
        "sev-4",
    ),
    "info": ("info", "information", "informational", "notice", "none", "debug", "p5", "s5", "sev5", "sev-5"),
}
"""The words for each alert type, in small letters."""
UNKNOWN = "error"
"""Of an alert that fires without a word, or with one that is not in the table: somebody has to look."""

_TYPES = {word: alert_type for alert_type, words in WORDS.items() for word in words}


def alert_type_of(word: object) -> str | None:
    """The alert type that a word for a severity stands for, in any letter case; None for an unknown one."""
    return _TYPES.get(text_of(word)[:SEVERITY_CHARACTERS_MAX].lower())


def first_known(*words: object) -> str:
    """The alert type of the first word that is in the table, else `UNKNOWN`."""
    return next((found for word in words if (found := alert_type_of(word))), UNKNOWN)
