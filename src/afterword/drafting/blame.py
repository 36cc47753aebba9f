"""What a draft says of its own accord blames nobody, whoever or whatever wrote it. Pure: no Django."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import replace

from afterword.drafting.citations import vocabulary
from afterword.drafting.citations.reading import stem
from afterword.drafting.claims import Claim, Draft
from afterword.drafting.evidence.book import EvidenceBook
from afterword.incidents.chat.messages import is_like_a_persons
from afterword.language import Checker, Kind, Options
from afterword.postmortems.publishing.names import COMMON_WORDS, LABEL_WORDS, fold_name

WITHHELD = "A sentence that pointed at people was left out here; what it was about stands in the evidence."
"""What stands in the place of a fact that blames. Its evidence stays beside it."""
ROSTER_NAMES_MAX = 2_000


def without_blame(draft: Draft, people: Iterable[str] = (), *, language: str = "en") -> Draft:
    """The draft without claims in which the language check finds blame.

    A fact becomes the gap `WITHHELD` with the same evidence, once in a section; a gap, a question or a
    proposal is left out, and so is a section in which nothing is left. What stands in quotation marks is
    somebody's own words and stays. `people` are names that the record has. The draft itself comes back
    where there was nothing to leave out.
    """
    checker = checker_of(people, language=language)
    sections = []
    for section in draft.sections:
        claims = tuple(dict.fromkeys(_kept(section.claims, checker)))
        if claims:
            sections.append(section if claims == section.claims else replace(section, claims=claims))
    return draft if tuple(sections) == draft.sections else Draft(tuple(sections))


def blames(claim: Claim, checker: Checker) -> bool:
    """Whether the check finds blame in what a claim says, outside of quotations."""
    return bool(checker.check(claim.text))


def checker_of(people: Iterable[str] = (), *, language: str = "en") -> Checker:
    """A check of blame for claims: they are no Markdown."""
    roster = frozenset(sorted({name for name in people if name})[:ROSTER_NAMES_MAX])
    options = Options(language=language, kinds=frozenset({Kind.BLAME}), roster=roster)
    return Checker(options, markdown=False)


def people_of(book: EvidenceBook) -> set[str]:
    """The people whom the evidence names, those too whom a message of a chat mentions."""
    people = {str(piece.data["person"]) for piece in book.pieces if piece.data.get("person")}
    return people | {str(name) for piece in book.pieces for name in piece.data.get("mentioned", ())}


def roster_of(book: EvidenceBook) -> set[str]:
    """Those of them whom a sentence can blame."""
    members = {
        str(piece.data["person"])
        for piece in book.pieces
        if piece.data.get("person") and (piece.data.get("kind") != "chat" or piece.data.get("member"))
    }
    ours = words_of_services(book)
    return members | {name for name in people_of(book) - members if is_somebody(name, ours)}


def services_of(book: EvidenceBook) -> set[str]:
    """The names of services and teams, those too that somebody in a chat took for a name."""
    names = set(book.names - people_of(book))
    for piece in book.pieces:
        for name in ("service", "team", "affected", "depends_on"):
            value = piece.data.get(name) or ()
            names.update([value] if isinstance(value, str) else map(str, value))
    return names


def words_of_services(book: EvidenceBook) -> frozenset[str]:
    """Each word of them, folded."""
    return frozenset(fold_name(word) for name in services_of(book) for word in name.split())


def is_somebody(name: str, ours: Collection[str] = ()) -> bool:
    """Whether this can be what a person is called, of which a word alone is the person's name as well.

    Everybody can write in a chat, as “Incident Bot”, “deploy”, “note” or with the name of a service. `ours`
    are words of what services are called, folded.
    """
    if not is_like_a_persons(name) or not any(letter.isalpha() for letter in name):
        return False
    words = fold_name(name.lstrip("@")).split()
    if len(words) != 1 or words[0] in COMMON_WORDS:
        return True
    [word] = words
    is_ours = word in ours or word in LABEL_WORDS
    return not is_ours and stem(word) not in vocabulary.FUNCTION_STEMS | vocabulary.RECORD_STEMS


def _kept(claims: Iterable[Claim], checker: Checker) -> Iterable[Claim]:
    for claim in claims:
        if not blames(claim, checker):
            yield claim
        elif claim.kind == "fact":
            yield Claim(WITHHELD, claim.evidence, "gap", at=claim.at)
