"""What somebody wrote, set into a sentence of ours so that it can be found again word for word. Pure."""

from __future__ import annotations

import re

from afterword.documents import clean_text

QUOTE_CHARACTERS_MAX = 300
SHORT_QUOTE_CHARACTERS_MAX = 120
_LINK = re.compile(r"\[([^\]\n]*)\]\((?:[^()\s]|\([^()\s]*\))*\)")
_LINE_MARKS = re.compile(r"^(?:#{1,6} |> |[-*+] )", re.MULTILINE)
_ITEM_ENDS = re.compile(
    r"(?<=[^\s.!?:;,…])[ \t]*\n\s*(?:[-*+] |(?=[\w.()/-]{1,40}(?: [\w.()/-]{1,40}){0,3}: ))"
)
"""Where a point of a list, or a line such as `region: eu`, begins behind another line without an end."""
_PAIRED_MARKS = re.compile(r"(?<![\w*_`~])([*_]{1,3}|`{1,3}|~~)(?=\S)(.{1,1000}?)(?<=\S)\1(?![\w*_`~])")
"""Only in pairs: alone they are a part of what was written, as in “~12 minutes” and “*.log”."""
_ESCAPED = re.compile(r"\\([\\`*_\[\]<>~|#+=\-.)!&]|\n)")
_SENTENCE_END = re.compile(r"(?<=[.!?])\s+(?=[A-Z0-9‘(])")


def plain_line(text: str) -> str:
    """The text as it is quoted: on one line, without marks of Markdown, its quotation marks single ones."""
    line = _without_pairs(_LINE_MARKS.sub("", _ITEM_ENDS.sub("; ", clean_text(text))))
    return " ".join(_LINK.sub(r"\1", line).split()).replace("“", "‘").replace("”", "’")


def _without_pairs(text: str) -> str:
    """What stands between a pair of marks in their place; within code marks are none."""
    return _PAIRED_MARKS.sub(
        lambda found: found[2] if found[1].startswith("`") else _without_pairs(found[2]), text
    )


def unescaped(text: str) -> str:
    """Markdown as a program writes it, without the strokes before what would else be a mark."""
    return _ESCAPED.sub(r"\1", text)


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
