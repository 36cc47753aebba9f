"""What the drafter asks of a book again and again. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta, tzinfo
from functools import cached_property

from afterword.drafting.deterministic.statements import (
    Findings,
    find_deeds,
    find_endings,
    find_extents,
    find_noticings,
    find_reasons,
)
from afterword.drafting.evidence.book import EvidenceBook, Piece
from afterword.incidents.rules import OPENED_AGAIN_BEGINS

INCIDENT_NAMED = re.compile(r"^Incident #(\d+)[:,] ")
"""How a claim names its incident, where a draft is about several."""
ALERTS_OF_TROUBLE = ("critical", "error", "warning")
REOPENINGS_CITED_MAX = 200
CHANGES_BEFORE = timedelta(hours=24)
WORD_LETTERS_MIN = 4
_STOP = """
about after again alert alerts also another because been before being change changed changes
could deploy deployed does during each error errors failed failure from have having incident
into issue issues less more most only other over production release released service services
should since some such than that their them then there these they this those update updated very
version was were what when where which while will with within would
"""
STOP_WORDS = frozenset(_STOP.split())
_LABELLED = re.compile(r"[^“:.,?]{1,60}: ")
_OWN_FIRST = """
A An At Does For How It Its Monitoring No Nobody Nothing On People Services Somebody The There Time What When
Was Which Who
"""
OWN_FIRST_WORDS = frozenset(_OWN_FIRST.split())
"""What sentences of drafts begin with, beside names and quotations."""
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
        return [one for one in self.book.pieces if one.incident not in others or self._is_of_both(one)]

    def _is_of_both(self, piece: Piece) -> bool:
        """A change to its service stands once in the book, though it is of two incidents."""
        if piece.kind != "change" or piece.at is None or piece.data.get("service") != self.service:
            return False
        return self.start - CHANGES_BEFORE <= piece.at and (self.end is None or piece.at <= self.end)

    def of_kind(self, *kinds: str) -> list[Piece]:
        return [piece for piece in self.pieces if piece.kind in kinds]

    @cached_property
    def entries(self) -> list[Piece]:
        return self.of_kind("entry")

    @cached_property
    def times(self) -> dict[str, Piece]:
        """The key timestamps by their names."""
        return {str(piece.data["name"]): piece for piece in self.of_kind("timestamp")}

    @cached_property
    def start_time(self) -> Piece:
        """The key timestamp of the beginning."""
        return self.times.get("impact_started") or self.times.get("opened") or self.about

    @cached_property
    def detection(self) -> Piece | None:
        """The key timestamp at which it was detected, or reported: while it went on, not afterwards."""
        return next((one for one in self._noticed if not self.is_after_end(one)), None)

    @cached_property
    def reported_afterwards(self) -> Piece | None:
        """The key timestamp of its report, where nobody detected it while it went on."""
        reported = self.times.get("reported")
        return reported if reported is not None and self.detection is None else None

    @property
    def _noticed(self) -> list[Piece]:
        return [self.times[name] for name in ("detected", "reported") if name in self.times]

    @cached_property
    def reopenings(self) -> list[Piece]:
        """The entries that tell that it was opened again, by time."""
        told = (one for one in self.entries if one.data.get("kind") == "status")
        return [one for one in told if one.at is not None and one.text.startswith(OPENED_AGAIN_BEGINS)]

    @cached_property
    def is_start_of_alert(self) -> bool:
        """Whether the record only takes the moment of the first alert for the beginning: nobody said it."""
        alert = self.opening_alert
        return alert is not None and alert.at == self.start

    def is_after_end(self, piece: Piece) -> bool:
        """Whether it was over by then."""
        return self.end is not None and piece.at is not None and piece.at > self.end

    @cached_property
    def first_alert(self) -> Piece | None:
        """The first that told of something wrong, whether or not it opened it."""
        alerts = [one for one in self.of_kind("alert") if one.data.get("type") in ALERTS_OF_TROUBLE]
        return min((one for one in alerts if one.at is not None), key=_moment, default=None)

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
    def notes(self) -> list[Piece]:
        """What people wrote, by time."""
        return [one for one in self.told if one.data.get("kind") == "note" and one.at is not None]

    @cached_property
    def reasons(self) -> Findings:
        """Why, as people have it."""
        return find_reasons([one for one in self.marked("diagnosis") if one.at is not None], self.notes)

    @cached_property
    def summary_reasons(self) -> Findings:
        """Why, as the summary has it."""
        return find_reasons([], self.summary)

    @cached_property
    def deeds(self) -> Findings:
        """What was done about it since it began."""
        since = [one for one in self.notes if one.at is not None and one.at >= self.start]
        return find_deeds([one for one in self.marked("mitigation") if one.at is not None], since)

    @cached_property
    def endings(self) -> Findings:
        """What is said to have ended it, in notes and in the summary."""
        since = [one for one in self.notes if one.at is not None and one.at >= self.start]
        return find_endings([*self.summary, *reversed(since)])

    @cached_property
    def extents(self) -> Findings:
        """How many it reached, by notes that nobody marked and by the summary."""
        return find_extents([*(one for one in self.notes if not one.data.get("mark")), *self.summary])

    @cached_property
    def extents_elsewhere(self) -> Findings:
        """The same in a chat, in messages to stakeholders, in the title and in alerts."""
        chat = [one for one in self.entries if one.data.get("kind") == "chat"]
        bodies = [replace(one, text=str(one.data.get("body", ""))) for one in self.of_kind("message")]
        wrong = [one for one in self.of_kind("alert") if one.data.get("type") in ALERTS_OF_TROUBLE]
        return find_extents([*bodies, *chat, *wrong])

    @cached_property
    def noticings(self) -> Findings:
        """That people noticed it."""
        return find_noticings(self.notes)

    @cached_property
    def summary_noticings(self) -> Findings:
        """The same by the summary, which has no moment of its own."""
        return find_noticings(self.summary)

    @cached_property
    def summary(self) -> list[Piece]:
        """The incident itself with its summary for a text, where it has one."""
        text = str(self.about.data.get("summary", ""))
        return [replace(self.about, text=text)] if text.strip() else []

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
        # Who wrote in the chat and is no member cannot be asked here.
        ours = (piece for piece in pieces if not piece.data.get("channel") or piece.data.get("member"))
        told = dict.fromkeys(self._person_of(piece) for piece in ours if piece.data.get("person"))
        return tuple(filter(None, told)) or self.people[:2]

    def _person_of(self, piece: Piece) -> str:
        """Who that is; of a change by a name that nobody here has, as of a pipeline, nobody."""
        name = str(piece.data["person"])
        if piece.kind != "change" or not self.people or " " in name:
            return name
        first = name.casefold()
        return next((one for one in self.people if first in (one.casefold(), one.casefold().split()[0])), "")

    @cached_property
    def answers(self) -> list[Piece]:
        """What people answered about it; what they were asked about another incident of the book is not."""
        return [one for one in self.book.of_kind("answer") if not self._is_of_another(one)]

    def _is_of_another(self, answer: Piece) -> bool:
        asked = str(answer.data.get("draft_question") or answer.data.get("question", ""))
        named = INCIDENT_NAMED.match(asked)
        return named is not None and int(named[1]) != self.number

    def named(self, text: str) -> str:
        """A sentence with the incident that it is about."""
        first, _, rest = text.partition(" ")
        begins = first[:1].lower() + first[1:] if first.rstrip(":") in OWN_FIRST_WORDS else first
        mark = "," if _LABELLED.match(text) else ":"
        return f"Incident #{self.number}{mark} {begins} {rest}".rstrip()

    @cached_property
    def answered(self) -> set[str]:
        """The questions that somebody answered, in their words and as a draft asks them."""
        data = [piece.data for piece in self.answers]
        return {str(one[name]) for one in data for name in ("question", "draft_question") if name in one}

    @cached_property
    def words(self) -> set[str]:
        """The words of its title, its alerts and what was diagnosed."""
        texts = [self.title, *(f"{one.text} {one.data.get('entity', '')}" for one in self.of_kind("alert"))]
        texts += [one.text for one in self.marked("diagnosis")]
        return words_of(" ".join(texts)) - words_of(" ".join(self.services))

    @cached_property
    def services(self) -> list[str]:
        """Its own, those that it affects, and those whose alerts joined it."""
        others = (*self.about.data.get("affected", ()), *self.joined)
        return list(dict.fromkeys([self.service, *(str(name) for name in others)]))

    @property
    def joined(self) -> list[str]:
        """The other services whose alerts joined it, also where they came with an incident merged into it."""
        return [str(name) for name in self.about.data.get("joined", ())]

    def before_start(self, at: datetime) -> timedelta:
        """How long before the start; negative for later."""
        return self.start - at


def cases_of(book: EvidenceBook, zone: tzinfo) -> list[Case]:
    """The incidents of the book in its order."""
    return [Case(book, piece, zone) for piece in book.of_kind("incident")]


def _moment(piece: Piece) -> tuple[datetime, str]:
    assert piece.at is not None
    return piece.at, piece.id


def words_of(text: str) -> set[str]:
    """The words that could tell things apart, in small letters."""
    found = {word.casefold() for word in _WORD.findall(text)}
    return {word for word in found if len(word) >= WORD_LETTERS_MIN and not word.isdigit()} - STOP_WORDS
