"""Where a suggestion belongs, how it is appended, and what became of its words. Pure: no Django."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, tzinfo
from difflib import SequenceMatcher
from typing import Literal, TypeVar

from afterword.documents import paragraph, plain_text, render_markdown_blocks
from afterword.drafting.citations.reading import sentences
from afterword.drafting.claims import SECTION_KEYS, ClaimKind
from afterword.drafting.evidence.book import PieceKind, kind_of
from afterword.postmortems.comments.rules import Anchor, find_anchor, squeeze
from afterword.postmortems.rules import write_clock

Key = TypeVar("Key")

LIKE_SHARE_MIN = 0.55
"""So much of two sentences must be the same for one to be the other, changed."""
WINDOWS_MAX = 4_000
"""Sentences of a section that are held against words that do not stand there any more."""
PARAGRAPH_KEYS = frozenset({"summary"})
"""Parts of a draft whose claims make a paragraph. Those of the others are lines of a list."""

LABEL = "**From the draft**"
"""Above what is appended to a section with headings of its own."""

_APART = "\n\n"
_LIST_LINE = re.compile(r"\s{0,3}([-*+])(?:\s|$)")
_BEHIND_SENTENCE = re.compile(r"\s")
_BEHIND_POINT = re.compile(r"\s*$|\n\s*\n(?=\S)|\n(?=[-*+#])")
_HEADING_LINE = re.compile(r"^(?:#{1,6}\s|\*\*[^*\n]+\*\*:?\s*$)", re.MULTILINE)


# Where a suggestion belongs ------------------------------------------------------------------------------


@dataclass(frozen=True)
class Place:
    """A section of a document, as far as it says what belongs there."""

    title: str
    live_name: str


def _title(words: str) -> re.Pattern[str]:
    return re.compile(rf"\b(?:{words})", re.IGNORECASE)


_PLACES: Mapping[str, tuple[str | re.Pattern[str], ...]] = {
    "summary": ("summary", _title(r"summary|overview|abstract|what happened|in short")),
    "timeline": ("timeline", _title(r"timeline|chronology|sequence of events")),
    "durations": (
        "key-information",
        _title(r"key (?:information|facts|figures)|durations?|metrics"),
        "timeline",
        _title("timeline|detection"),
    ),
    "impact": ("impact", _title(r"impact|affected|customers|users")),
    "changes": (
        _title(r"triggers?|what changed|changes\b"),
        _title(r"root causes?|causes?|contribut|factors|(?:five |5 )?whys?\b"),
    ),
    "contributors": (_title("contribut|factors"), _title(r"root causes?|causes?|(?:five |5 )?whys?\b")),
    "mitigators": (
        _title("mitigat"),
        _title(r"what (?:went well|helped|worked)|resolution|recovery|response"),
        _title("lessons|learn"),
    ),
    "similar": (
        _title(r"similar|seen before|related|history"),
        _title(r"lessons|learn|risks?"),
        _title("supporting"),
    ),
    "actions": ("follow-ups", _title(r"actions?|follow.?ups?|next steps|what we will do|prevent")),
    "questions": (
        _title(r"(?:open )?questions"),
        _title(r"meeting|notes|discussion"),
        _title("lessons|learn"),
    ),
}
"""By the keys of a draft: names of live sections, and words in titles; what comes first fits best."""
assert list(_PLACES) == list(SECTION_KEYS)


def find_place(key: str, places: Mapping[Key, Place]) -> Key | None:
    """Which of these sections the part of a draft belongs to; None where none fits."""
    for wanted in _PLACES.get(key, ()):
        for place, known in places.items():
            if isinstance(wanted, str):
                fits = known.live_name == wanted
            else:
                fits = wanted.search(known.title) is not None
            if fits:
                return place
    return None


_DRAWN: Mapping[str, frozenset[PieceKind]] = {
    "timeline": frozenset({"timestamp", "entry", "alert"}),
}
"""Of what a live section draws every line that a draft tells, too, by its name. What other sections draw is
not suggested below them: `Claim.drawn_in`."""


def is_drawn(live_name: str, kind: ClaimKind, evidence: Iterable[str]) -> bool:
    """Whether a fact only says what this live section draws all the time: accepted, it would stand there
    twice."""
    kinds = {kind_of(one) for one in evidence}
    return kind == "fact" and bool(kinds) and kinds <= _DRAWN.get(live_name, frozenset())


# How it is appended --------------------------------------------------------------------------------------


def write_words(key: str, text: str, at: datetime | None, zone: tzinfo, *, with_day: bool) -> str:
    """A claim as Markdown that reads as its text; a line of a timeline begins with its time."""
    words = render_markdown_blocks([paragraph(plain_text(text))]).strip()
    if key == "timeline" and at is not None:
        local = at.astimezone(zone)
        words = f"{write_clock(at, zone, with_day=with_day)[:-3]} {local.tzname()}: {words}"
    return words


def join_words(before: str, words: Sequence[str], *, key: str, ours: str) -> str:
    """What is appended to a section that says `before`, with the white space before it.

    What stands there stays as it is: a list is gone on with, a paragraph of `ours` too, where that is what
    the section ends with. Below the headings of others it gets one of its own, so that nothing seems to
    belong to them.
    """
    is_ours = bool(ours) and before.endswith(ours)
    headings = [one.strip() for one in _HEADING_LINE.findall(before)]
    is_of_others = bool(headings) and headings[-1] != LABEL
    label = f"\n\n{LABEL}\n\n" if is_of_others and not is_ours else ""
    if key in PARAGRAPH_KEYS and not any("\n" in one for one in words):
        together = " ".join(words)
        if not before:
            return together
        return f" {together}" if is_ours else f"{label or _APART}{together}"
    goes_on = _LIST_LINE.match(before.rsplit("\n", 1)[-1]) if before and not label else None
    mark = goes_on[1] if goes_on else "-"
    lines = "\n".join(f"{mark} " + one.replace("\n", "\n  ") for one in words)
    if not before:
        return lines
    if goes_on is None:
        return f"{label or _APART}{lines}"
    # A template leaves an empty line to begin a list with.
    return lines.removeprefix(mark) if goes_on[0].strip() == goes_on.string.strip() else f"\n{lines}"


def take_out(text: str, words: str) -> str | None:
    """The text without what was appended to it, where that still stands there once; else None.

    Also None where somebody wrote on in its line, or below a point of a list: what was put there would be
    taken out from under their words.
    """
    if not words or text.count(words) != 1:
        return None
    before, after = text.split(words)
    if before and not (before[-1].isspace() or words[0].isspace()):
        return None
    is_point = _LIST_LINE.match(f"{before}{words}".rsplit("\n", 1)[-1])
    if after and not (_BEHIND_POINT if is_point else _BEHIND_SENTENCE).match(after):
        return None
    # What was written behind it stays apart from what stands before it.
    return f"{before}{after}" if before else after.lstrip("\n")


# What became of its words --------------------------------------------------------------------------------


Fate = Literal["same", "changed", "gone"]


@dataclass(frozen=True)
class Found:
    """What a section says now where an accepted claim put its words."""

    fate: Fate
    text: str = ""


@dataclass(frozen=True)
class Window:
    """A run of sentences, and its words."""

    text: str
    words: Sequence[str]
    known: frozenset[str]


Windows = dict[int, list[Window]]
"""Of one text, by how many sentences they have: made once for all that is looked for in it."""


def find_words(text: str, anchor: Anchor, windows: Windows | None = None) -> Found:
    """The words of an anchor in what is read in a section; or the sentence that they became.

    `windows` are what an earlier call left there about the same text.
    """
    if find_anchor(text, anchor) is not None:
        return Found("same", anchor.quote)
    wanted = anchor.quote.casefold().split()
    known = set(wanted)
    windows = {} if windows is None else windows
    count = len(sentences(anchor.quote))
    if count not in windows:
        windows[count] = list(_windows(text, count))
    best, likeness = "", LIKE_SHARE_MIN
    for window in windows[count]:
        if 2 * len(known & window.known) < likeness * (len(known) + len(window.known)) * 0.7:
            continue
        matcher = SequenceMatcher(None, wanted, window.words, autojunk=False)
        # It counts the words alone, and is never less than what comes of their order.
        if matcher.quick_ratio() > likeness and (ratio := matcher.ratio()) > likeness:
            best, likeness = window.text, ratio
    return Found("changed", best) if best else Found("gone")


def _windows(text: str, count: int) -> Iterable[Window]:
    """Runs of so many sentences of each line, at most `WINDOWS_MAX` of them."""
    found = 0
    for line in text.splitlines():
        parts = [squeeze(one) for one in sentences(line) if one.strip()]
        for start in range(max(len(parts) - count + 1, 1) if parts else 0):
            if found >= WINDOWS_MAX:
                return
            found += 1
            told = " ".join(parts[start : start + count])
            words = told.casefold().split()
            yield Window(told, words, frozenset(words))


# What may be drafted ---------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Choice:
    """What an organisation, a team or an incident says; None says nothing of its own."""

    automatic: bool | None = None
    model: bool | None = None
    model_private: bool | None = None
    begins: bool | None = None


@dataclass(frozen=True)
class Allowed:
    """What holds in the end."""

    automatic: bool = True
    model: bool = True
    model_private: bool = False
    begins: bool = False


NOTHING = Choice()


def what_holds(organisation: Choice, team: Choice = NOTHING, incident: Choice = NOTHING) -> Allowed:
    """Beginning and drafting by itself: who is nearest to the incident decides. The model, which may send
    the record elsewhere: everybody who says something must allow it, and about private incidents the
    organisation does.
    """
    chain = (organisation, team, incident)
    automatic = next((one.automatic for one in reversed(chain) if one.automatic is not None), True)
    begins = next((one.begins for one in reversed(chain) if one.begins is not None), False)
    return Allowed(
        automatic=automatic,
        model=all(one.model is not False for one in chain),
        model_private=organisation.model_private is True
        and all(one.model_private is not False for one in chain),
        begins=begins,
    )


def of_all(several: Collection[Allowed]) -> Allowed:
    """What holds for a document about several incidents: what holds for each of them."""
    return Allowed(
        automatic=all(one.automatic for one in several),
        model=all(one.model for one in several),
        model_private=all(one.model_private for one in several),
        begins=all(one.begins for one in several),
    )
