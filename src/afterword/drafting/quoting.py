"""What somebody wrote, set into a sentence of ours so that it can be found again word for word. Pure."""

from __future__ import annotations

import re

from afterword.documents import clean_text

QUOTE_CHARACTERS_MAX = 300
SHORT_QUOTE_CHARACTERS_MAX = 120
_LINK = re.compile(r"\[([^\]\n]*)\]\((?:[^()\s]|\([^()\s]*\))*\)")
_MARKS = re.compile(
    r"(?<![\w*_`])[*_`~]{1,3}(?=\S)|(?<=\S)[*_`~]{1,3}(?![\w*_`])|^#{1,6} |^> |^[-*+] ", re.MULTILINE
)
_SENTENCE_END = re.compile(r"(?<=[.!?])\s+(?=[A-Z0-9‘(])")


def plain_line(text: str) -> str:
    """The text as it is quoted: on one line, without marks of Markdown, its quotation marks single ones."""
    line = " ".join(_LINK.sub(r"\1", _MARKS.sub("", clean_text(text))).split())
    return line.replace("“", "‘").replace("”", "’")


def quote(text: str, characters_max: int = QUOTE_CHARACTERS_MAX) -> str:
    """What somebody wrote, on one line and in quotation marks; cut between words where it is long.

    Marks of Markdown are left out, and quotation marks within become single ones.
    """
    line = plain_line(text)
    if len(line) > characters_max:
        cut = line[: characters_max - 1]
        space = cut.rfind(" ")
        line = cut[: space if space > characters_max // 2 else len(cut)].rstrip(" ,;:.") + "…"
    return f"“{line}”"


def short_quote(text: str) -> str:
    """The same, for a name within a sentence."""
    line = text.strip()
    return quote(line.removesuffix(".") if "." not in line[:-1] else line, SHORT_QUOTE_CHARACTERS_MAX)


def sentence_with(text: str, pattern: re.Pattern[str]) -> str:
    """The first sentence that the pattern is found in, or the whole text where it is found in none."""
    line = plain_line(text)
    return next((one for one in _SENTENCE_END.split(line) if pattern.search(one)), line)
