"""Who did what to whom, and what belongs to what: with the right words the wrong way round it is false. Pure.

Only verbs in the past and their subjects, objects and those beside a preposition are read, and only where
they are names; what is told otherwise is left to the words. That a name stands in another place of the same
verb is certain; that it did what somebody else did, where the objects share a word.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache

from afterword.drafting.citations import vocabulary
from afterword.drafting.citations.clauses import CLAUSES_REMEMBERED_MAX, content_of
from afterword.drafting.citations.findings import Finding
from afterword.drafting.citations.known import Known
from afterword.drafting.citations.names import is_of_person
from afterword.drafting.citations.reading import sentences, stem
from afterword.drafting.evidence.book import EvidenceBook

ABOUT_CHARACTERS_MAX = 60
"""How far behind a verb its object is looked for, and how far before a preposition its verb."""
SENTENCES_MAX = 400
"""Of the evidence, that are read for it."""
_IRREGULAR = (
    "asked|became|began|blew|broke|brought|built|bought|caught|chose|cut|drew|drove|fed|felt|found|froze|gave|"
    "given|got|held|hit|hid|kept|knew|known|led|left|let|lent|lost|made|met|overrode|paid|put|ran|rang|read|"
    "reset|said|sat|saw|seen|sent|set|shook|shot|shut|spent|split|spoke|stole|stood|stuck|swept|taken|taught|"
    "thought|threw|thrown|told|took|undid|undone|understood|woke|woken|won|written|wrote"
)
_VERB = rf"(?:[a-z]{{2,}}ed|{_IRREGULAR})"
_NAME = r"[A-Z][\w-]*(?: [A-Z][\w-]*){0,4}"
_THING = r"[a-z]+(?:-[a-z]+)*-[a-z]?\d[\w-]*"
"""A machine or a region, as `web-3` and `us-east-1`."""
_GROUP = re.compile(
    rf"(?<![\w.@/-])@?(?:{_NAME}|{_THING})(?:(?:, (?:and )?| and | or | & )(?:{_NAME}|{_THING}))*"
)
_HAS_THING = re.compile(rf"(?<![\w.@/-]){_THING}")
_EACH = re.compile(r", (?:and )?| and | or | & ")
_BETWEEN = r"(?: (?:has|had|have|then|also|later|first|finally|again|soon|just|only|[a-z]+ly))*"
_BE = r" (?:was|were|is|are|been|being|got|(?:has|had|have) been)"
_DID = re.compile(rf"(?:,? who)?{_BETWEEN} (?P<verb>{_VERB})\b(?! by\b)")
_SUFFERED = re.compile(rf"(?:,? who)?{_BETWEEN}{_BE}{_BETWEEN} (?P<verb>{_VERB})\b")
_OBJECT_OF = re.compile(rf"\b(?P<verb>{_VERB}) (?:the |a |an |our )?$")
_BESIDE = re.compile(
    rf"\b(?P<verb>{_VERB})\b(?![^.;]*\b{_VERB}\b)[^.;]{{0,{ABOUT_CHARACTERS_MAX}}} "
    r"(?P<how>by|to|from|against) (?:the )?$"
)
_PART_OF = re.compile(r"\b(?P<what>[a-z][a-z-]+) (?:for|of) (?:the )?$")
_HAS = re.compile(r"(?:['’]s)? (?P<what>[a-z][a-z-]+)\b")
_LINE_BEGINS = re.compile(rf"(?:I )?(?P<verb>(?:{_VERB}))\b", re.IGNORECASE)


@dataclass(frozen=True)
class Role:
    """What a name has to do with a verb, or with a thing."""

    verb: str
    how: str
    """`did`, `suffered`, a preposition; or `of`, of a thing that is the name's."""
    name: str
    about: frozenset[str] = frozenset()


def check_roles(text: str, known: Known, book: EvidenceBook) -> Iterator[Finding]:
    """Names that stand in another role than they have in the evidence."""
    names = {piece.source for piece in known.pieces if piece.source} | book.names
    if not any(name and name in text for name in names) and not _HAS_THING.search(text):
        return
    claimed = [role for sentence in sentences(text) for role in _roles(sentence)]
    if not claimed:
        return
    by_verb: dict[str, list[Role]] = {}
    for role in _of_evidence(known):
        by_verb.setdefault(role.verb, []).append(role)
    for role in claimed:
        there = by_verb.get(role.verb, ())
        same = [one for one in there if one.how == role.how]
        if any(_is_same(role.name, one.name) for one in same):
            continue
        if role.how == "of":
            beside = [one for one in same if role.name.casefold() in one.about]
            if beside:
                message = f"The evidence has it of {beside[0].name}. Is it so?"
                yield Finding("weak", role.name, message)
            continue
        is_turned = any(_is_same(role.name, one.name) for one in there if one.how not in (role.how, "of"))
        is_other = role.how == "did" and any(
            role.about & one.about or (not role.about and is_of_person(role.name)) for one in same
        )
        things = [role.name, *(one.name for one in same)]
        is_unclear = same and role.how == "did" and not (is_turned or is_other)
        if is_unclear and all(map(_HAS_THING.fullmatch, things)):
            yield Finding("weak", role.name, f"By the evidence it was {same[0].name}. Is it so?")
            return
        if (same and is_turned) or is_other:
            yield Finding("role", role.name, f"By the evidence it was {same[0].name}.")
            return


def _of_evidence(known: Known) -> Iterator[Role]:
    for piece in known.pieces:
        for place, sentence in enumerate(sentences(piece.text)[:SENTENCES_MAX]):
            yield from _roles(sentence)
            # A note that begins with a verb tells of who wrote it.
            begins = _LINE_BEGINS.match(sentence) if place == 0 or sentence.startswith("I ") else None
            if begins is not None and piece.kind == "entry" and piece.source:
                about = _about(sentence, begins.end())
                yield Role(vocabulary.canonical(begins["verb"]), "did", piece.source, about)


@lru_cache(maxsize=CLAUSES_REMEMBERED_MAX)
def _roles(sentence: str) -> tuple[Role, ...]:
    return tuple(_read_roles(sentence))


def _read_roles(sentence: str) -> Iterator[Role]:
    for group in _GROUP.finditer(sentence):
        names = [name for part in _EACH.split(group[0]) if (name := _without_beginning(part, group.start()))]
        for verb, how, about in _said_of(sentence, group.start(), group.end()):
            for name in names:
                yield Role(verb, how, name, about)


def _said_of(sentence: str, start: int, end: int) -> Iterator[tuple[str, str, frozenset[str]]]:
    """What the sentence says of the names that stand there."""
    before = sentence[max(0, start - 2 * ABOUT_CHARACTERS_MAX) : start]
    if match := _SUFFERED.match(sentence, end):
        yield vocabulary.canonical(match["verb"]), "suffered", frozenset()
    elif match := _DID.match(sentence, end):
        yield vocabulary.canonical(match["verb"]), "did", _about(sentence, match.end())
    elif (match := _HAS.match(sentence, end)) and _is_thing(match["what"]):
        yield stem(match["what"]), "of", _others(sentence)
    if match := _OBJECT_OF.search(before):
        yield vocabulary.canonical(match["verb"]), "suffered", frozenset()
    elif match := _BESIDE.search(before):
        verb, how = vocabulary.canonical(match["verb"]), match["how"]
        about = frozenset(content_of(before[: match.start("how")])) - {verb} if how == "by" else frozenset()
        yield verb, "did" if how == "by" else how, about
    elif (match := _PART_OF.search(before)) and _is_thing(match["what"]):
        yield stem(match["what"]), "of", _others(sentence)


def _about(sentence: str, start: int) -> frozenset[str]:
    """What the object of a verb is about, to the end of its clause."""
    rest = re.split(r"[,;:]| (?:and|but|because|after|before|while|who|which) ", sentence[start:], maxsplit=1)
    return frozenset(content_of(rest[0][:ABOUT_CHARACTERS_MAX]))


def _others(sentence: str) -> frozenset[str]:
    """The names of the sentence, in small letters."""
    return frozenset(
        name.casefold() for group in _GROUP.finditer(sentence) for name in _EACH.split(group[0]) if name
    )


def _is_thing(word: str) -> bool:
    return stem(word) not in vocabulary.FUNCTION_STEMS and re.fullmatch(_VERB, word) is None


def _without_beginning(name: str, start: int) -> str:
    """A name without the word before it that only has a capital because it begins the sentence."""
    first, _, rest = name.lstrip("@").partition(" ")
    if start == 0 and (stem(first) in vocabulary.FUNCTION_STEMS or re.fullmatch(_VERB, first.casefold())):
        return rest
    return name.lstrip("@") if stem(first) not in vocabulary.FUNCTION_STEMS else rest


def _is_same(first: str, second: str) -> bool:
    """Whether both are one: a first name alone is the same as with its surname."""
    one, other = set(first.casefold().split()), set(second.casefold().split())
    return one <= other or other <= one
