"""Which words are meant, and what the check is told. Pure: no Django."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import islice

from afterword.language import Finding

CONTEXT_CHARACTERS = 32
CONTEXT_SHOWN_CHARACTERS = 60
CONTEXT_READ_CHARACTERS = 200
"""So much of the text around some words is looked at for their context."""
FIRST_NAME_CHARACTERS_MIN = 2
QUANTITY_PATTERN = (
    "[0-9][0-9.,]* ?(%|percent|prozent|users|customers|accounts|requests|orders|payments|sessions|messages|"
    "tenants|nutzer|benutzer|kunden|konten|anfragen|bestellungen|zahlungen|nachrichten)"
)
"""How much of what, in words that both databases read as a regular expression, whatever the case."""
_ACRONYM = re.compile(r"(?<![^\W_])[A-Z][A-Z0-9]{1,5}(?=s?(?![^\W_]))")
_SPACES = re.compile(r"\s+")
_PARAGRAPH = re.compile(r"\n\s*\n")
ALIKE_COMPARED_MAX = 50
"""Of the same words in a section, so many are compared by what stands around them, from the first one on."""


@dataclass(frozen=True)
class Place:
    """Some words of a category in a section, and what stands around them."""

    section: str
    category: str
    quote: str
    before: str
    after: str


def place_of(section: str, text: str, finding: Finding) -> Place:
    """Where a finding in the text of a section stands, white space squeezed."""
    before = text[max(finding.start - CONTEXT_READ_CHARACTERS, 0) : finding.start]
    after = text[finding.end : finding.end + CONTEXT_READ_CHARACTERS]
    return Place(
        section,
        finding.category,
        squeeze(finding.text),
        squeeze(before)[-CONTEXT_CHARACTERS:],
        squeeze(after)[:CONTEXT_CHARACTERS],
    )


def surroundings(text: str, finding: Finding) -> tuple[str, str]:
    """What is shown before and behind a finding: whole words of its paragraph, with an ellipsis where that
    goes on."""
    before = text[max(finding.start - CONTEXT_READ_CHARACTERS, 0) : finding.start]
    after = text[finding.end : finding.end + CONTEXT_READ_CHARACTERS]
    before = _SPACES.sub(" ", _PARAGRAPH.split(before)[-1]).lstrip()
    after = _SPACES.sub(" ", _PARAGRAPH.split(after)[0]).rstrip()
    if len(before) > CONTEXT_SHOWN_CHARACTERS:
        near = before[-CONTEXT_SHOWN_CHARACTERS - 1 :]
        # A word that is longer than all that is shown is shown cut.
        before = "… " + (near.partition(" ")[2] if " " in near.rstrip() else near)
    if len(after) > CONTEXT_SHOWN_CHARACTERS:
        near = after[: CONTEXT_SHOWN_CHARACTERS + 1]
        after = (near.rpartition(" ")[0] if " " in near.lstrip() else near) + " …"
    return before, after


def assign(wanted: Sequence[Place], present: Sequence[Place], sections: Iterable[str]) -> dict[int, int]:
    """Which of the present places each wanted one is now, by their indexes; each is taken once.

    The same words of the same category count as the same, in whatever case, and of several those whose
    surroundings are most alike. They stand in their section; where `sections`, which the document has, know
    it no more, anywhere.
    """
    known = set(sections)
    by_words: dict[tuple[str, str], list[int]] = {}
    for index, place in enumerate(present):
        by_words.setdefault(_words(place), []).append(index)
    taken: dict[int, int] = {}
    for index, place in enumerate(wanted):
        fitting = (
            found
            for found in by_words.get(_words(place), ())
            if found not in taken and (present[found].section == place.section or place.section not in known)
        )
        free = list(islice(fitting, ALIKE_COMPARED_MAX))
        if free:
            taken[max(free, key=lambda found: _likeness(present[found], place))] = index
    return {index: found for found, index in taken.items()}


def nearest(place: Place, present: Sequence[Place]) -> int | None:
    """The index of the place with these words whose surroundings are most alike."""
    found = assign([place], present, [one.section for one in present])
    return found.get(0)


def squeeze(text: str) -> str:
    """The text with every run of white space as one space."""
    return " ".join(text.split())


def with_plain_lines(text: str) -> str:
    """As a browser has it in a box: forms send the ends of lines in another spelling."""
    return text.replace("\r\n", "\n").replace("\r", "\n")


def in_units(text: str, offsets: Iterable[int]) -> dict[int, int]:
    """Each of these places in `text` as scripts count them: characters beyond the first 65,536 are two."""
    found: dict[int, int] = {}
    last, units = 0, 0
    for offset in sorted(set(offsets)):
        units += len(text[last:offset].encode("utf-16-le", errors="surrogatepass")) // 2
        found[offset], last = units, offset
    return found


def roster_of(people: Iterable[tuple[str, str]], others: Iterable[str] = ()) -> frozenset[str]:
    """What people with these names and mail addresses are called: the whole name, the first name where only
    one has it, and what stands before the @ of the address."""
    known = list(people)
    firsts: dict[str, list[str]] = {}
    roster = {name for name in others if name}
    for name, email in known:
        words = name.split()
        roster.add(" ".join(words))
        roster.add(email.partition("@")[0])
        if words and len(words[0]) >= FIRST_NAME_CHARACTERS_MIN:
            firsts.setdefault(words[0].casefold(), []).append(words[0])
    roster |= {names[0] for names in firsts.values() if len(names) == 1}
    return frozenset(roster - {""})


def acronyms_in(names: Iterable[str]) -> frozenset[str]:
    """The abbreviations in names of teams, services and tags, which everybody here has heard."""
    return frozenset(found for name in names for found in _ACRONYM.findall(name))


def count_by(findings: Iterable[Finding]) -> Mapping[str, int]:
    """How many findings there are of each category."""
    counts: dict[str, int] = {}
    for finding in findings:
        counts[finding.category] = counts.get(finding.category, 0) + 1
    return counts


def _words(place: Place) -> tuple[str, str]:
    return place.category, place.quote.casefold()


def _likeness(one: Place, other: Place) -> int:
    return _common(one.before[::-1], other.before[::-1]) + _common(one.after, other.after)


def _common(one: str, other: str) -> int:
    for index, (a, b) in enumerate(zip(one, other, strict=False)):
        if a != b:
            return index
    return min(len(one), len(other))
