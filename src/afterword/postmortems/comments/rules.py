"""Where the words of a comment stand now, and who is mentioned in it. Pure: no Django."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

CONTEXT_CHARACTERS = 32
QUOTE_CHARACTERS_MIN = 2
KnownAccount = tuple[int, str, str]
"""Somebody's primary key, name and mail address."""
_CODE = re.compile(r"(?<!`)(`{1,5})(?!`)[^`]+\1")
_MENTION = re.compile(r"(?<![\w@/.])@([\w][\w.+-]*[\w]|\w)")


@dataclass(frozen=True)
class Anchor:
    """Some words, and what stood around them."""

    quote: str
    before: str
    after: str


def make_anchor(text: str, quote: str, hint: str = "") -> Anchor | None:
    """The anchor of `quote` in `text`; None when it does not stand there.

    `hint` is what stands right before it, for words that stand there more than once. White space counts
    as one space on both sides: a selection in a page runs over line breaks.
    """
    text, quote, hint = squeeze(text), squeeze(quote), squeeze(hint)
    if len(quote) < QUOTE_CHARACTERS_MIN:
        return None
    starts = list(_places(text, quote))
    if not starts:
        return None
    start = max(starts, key=lambda place: _common_end(text[:place].rstrip(), hint))
    end = start + len(quote)
    return Anchor(
        quote=quote,
        before=text[max(start - CONTEXT_CHARACTERS, 0) : start],
        after=text[end : end + CONTEXT_CHARACTERS],
    )


def find_anchor(text: str, anchor: Anchor) -> int | None:
    """Where the words of an anchor begin in `text` now, white space squeezed; None when they are gone.

    Of several places it is the one whose surroundings are most like those that the words had.
    """
    text = squeeze(text)
    starts = list(_places(text, anchor.quote))
    if not starts:
        return None

    def likeness(start: int) -> int:
        end = start + len(anchor.quote)
        return _common_end(text[:start], anchor.before) + _common_start(text[end:], anchor.after)

    return max(starts, key=likeness)


def squeeze(text: str) -> str:
    """The text with every run of white space as one space."""
    return " ".join(text.split())


def mentioned_accounts(text: str) -> list[str]:
    """The names behind an @, in lower case, each once: `@ana.silva` gives `ana.silva`."""
    return list(dict.fromkeys(found.lower() for found in _MENTION.findall(text)))


def accounts_of(people: Sequence[KnownAccount]) -> dict[int, str]:
    """By which word behind an @ each of these people is called, and nobody else.

    The first name where one has it alone, else the whole name, else the beginning of the address; whom none
    of these names alone is left out.
    """
    called = _called(people)
    found: dict[int, str] = {}
    for key, name, email in people:
        for account in (_first(name), _whole(name), _mailbox(email)):
            if called.get(account) == {key} and _MENTION.fullmatch(f"@{account}"):
                found[key] = account
                break
    return found


def unknown_accounts(text: str, people: Iterable[KnownAccount]) -> list[str]:
    """Who is called by an @ and is none of these people. What stands in code calls nobody."""
    called = _called(people)
    return [account for account in mentioned_accounts(_CODE.sub(" ", text)) if account not in called]


def match_accounts(accounts: Iterable[str], people: Iterable[KnownAccount]) -> set[int]:
    """Who of these people is meant: by the address before its @, the whole name without spaces, or the first
    name where only one has it."""
    called = _called(people)
    return {key for account in accounts for key in called.get(account, ())}


def _called(people: Iterable[KnownAccount]) -> dict[str, set[int]]:
    """Whom each word behind an @ calls."""
    known = list(people)
    firsts = Counter(_first(name) for _, name, _ in known)
    called: dict[str, set[int]] = {}
    for key, name, email in known:
        alone = [_first(name)] if firsts[_first(name)] == 1 else []
        for account in (*alone, _whole(name), _mailbox(email)):
            called.setdefault(account, set()).add(key)
    return called


def _first(name: str) -> str:
    return next(iter(name.lower().split()), "")


def _whole(name: str) -> str:
    return name.lower().replace(" ", "")


def _mailbox(email: str) -> str:
    return email.lower().partition("@")[0]


def _places(text: str, quote: str) -> Iterable[int]:
    start = text.find(quote) if quote else -1
    while start >= 0:
        yield start
        start = text.find(quote, start + 1)


def _common_end(one: str, other: str) -> int:
    return _common_start(one[::-1], other[::-1])


def _common_start(one: str, other: str) -> int:
    for index, (a, b) in enumerate(zip(one, other, strict=False)):
        if a != b:
            return index
    return min(len(one), len(other))
