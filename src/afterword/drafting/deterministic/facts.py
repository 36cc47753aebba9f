"""What the drafter asks of a book again and again. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta, tzinfo
from functools import cached_property

from afterword.drafting.evidence.book import EvidenceBook, Piece

WORD_LETTERS_MIN = 4
_STOP = """
about after again alert alerts also another because been before being change changed changes
could deploy deployed does during each error errors failed failure from have having incident
into issue issues less more most only other over production release released service services
should since some such than that their them then there these they this those update updated very
version was were what when where which while will with within would
"""
STOP_WORDS = frozenset(_STOP.split())
_WORD = re.compile(r"[^\W_]+")


@dataclass(frozen=True)
class Case:
    """One incident of the book, and what belongs to it."""

    book: EvidenceBook
    about: Piece
    zone: tzinfo

    @property
    def number(self) -> int:
        return self.about.incident or 0

    @property
    def title(self) -> str:
        return str(self.about.data.get("title", self.about.text))

    @property
    def service(self) -> str:
        return str(self.about.data.get("service", "the service"))

    @property
    def start(self) -> datetime:
        assert self.about.at is not None, "an incident has begun"
        return self.about.at

    @property
    def end(self) -> datetime | None:
        return self.about.until

    @cached_property
    def pieces(self) -> list[Piece]:
        """Everything of the incident, by time; with that of the incidents merged into it."""
        others = {one.incident for one in self.book.of_kind("incident")} - {self.number}
        return [piece for piece in self.book.pieces if piece.incident not in others]

    def of_kind(self, *kinds: str) -> list[Piece]:
        return [piece for piece in self.pieces if piece.kind in kinds]

    @cached_property
    def entries(self) -> list[Piece]:
        return self.of_kind("entry")

    @cached_property
    def times(self) -> dict[str, Piece]:
        """The key timestamps by their names."""
        return {str(piece.data["name"]): piece for piece in self.of_kind("timestamp")}

    def first_time(self, *names: str) -> Piece | None:
        """Of these key timestamps the first that is known."""
        return next((self.times[name] for name in names if name in self.times), None)

    @cached_property
    def start_time(self) -> Piece:
        """The key timestamp of the beginning."""
        found = self.first_time("impact_started", "opened")
        return found or self.about

    @cached_property
    def opening_alert(self) -> Piece | None:
        """The alert that opened it."""
        opened = [piece for piece in self.of_kind("alert") if piece.data.get("opened")]
        return opened[0] if opened else None

    def marked(self, mark: str) -> list[Piece]:
        """The entries that people marked so."""
        return [piece for piece in self.entries if piece.data.get("mark") == mark]

    @cached_property
    def told(self) -> list[Piece]:
        """What people wrote or did, in order: notes and changes of the status."""
        return [piece for piece in self.entries if piece.data.get("kind") in ("note", "status")]

    @cached_property
    def people(self) -> tuple[str, ...]:
        """Who could tell more: the leads first, then who wrote or did something, in that order."""
        roles = [piece for piece in self.of_kind("role") if piece.data.get("meaning") != "observer"]
        leads = [str(piece.data["person"]) for piece in roles if piece.data.get("meaning") == "lead"]
        wrote = [str(piece.data["person"]) for piece in self.told if piece.data.get("person")]
        others = [str(piece.data["person"]) for piece in roles]
        return tuple(dict.fromkeys([*leads, *wrote, *others]))

    def people_of(self, pieces: Iterable[Piece]) -> tuple[str, ...]:
        """Who said or did these, or who could tell more where nobody is named."""
        named = dict.fromkeys(str(piece.data["person"]) for piece in pieces if piece.data.get("person"))
        return tuple(named) or self.people[:2]

    @cached_property
    def words(self) -> set[str]:
        """The words of its title, its alerts and what was diagnosed."""
        texts = [self.title, *(f"{one.text} {one.data.get('entity', '')}" for one in self.of_kind("alert"))]
        texts += [one.text for one in self.marked("diagnosis")]
        return words_of(" ".join(texts)) - words_of(" ".join(self.services))

    @cached_property
    def services(self) -> list[str]:
        """Its own and those that it affects."""
        return [self.service, *(str(name) for name in self.about.data.get("affected", ()))]

    def before_start(self, at: datetime) -> timedelta:
        """How long before the start; negative for later."""
        return self.start - at


def cases_of(book: EvidenceBook, zone: tzinfo) -> list[Case]:
    """The incidents of the book in its order."""
    return [Case(book, piece, zone) for piece in book.of_kind("incident")]


def words_of(text: str) -> set[str]:
    """The words that could tell things apart, in small letters."""
    found = {word.casefold() for word in _WORD.findall(text)}
    return {word for word in found if len(word) >= WORD_LETTERS_MIN and not word.isdigit()} - STOP_WORDS
