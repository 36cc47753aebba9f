"""The check of a claim against the evidence that it cites. Pure, and the same for a model's text as for ours.

Certain are: ids, quotations, numbers, times, dates, lengths of time, names. What of these is not in the cited
evidence refuses the claim. Whether the words mean the same cannot be certain without understanding them: the
check compares words, negations and opposites, and says `verify` where a person should look.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, tzinfo
from itertools import combinations
from typing import Any, Literal

from afterword.drafting.citations import vocabulary
from afterword.drafting.citations.reading import Number, Reading, clock_of, read, sentences, stem, words
from afterword.drafting.claims import Claim, Draft
from afterword.drafting.evidence.book import EvidenceBook, Piece
from afterword.drafting.quoting import plain_line

Outcome = Literal["accepted", "verify", "refused"]
FindingKind = Literal[
    "uncited",
    "unknown-id",
    "quotation",
    "time",
    "date",
    "length",
    "number",
    "thing",
    "name",
    "causal",
    "negation",
    "opposite",
    "unsupported",
    "weak",
]

MOMENTS_PAIRED_MAX = 60
CLEARLY_SUPPORTED_SHARE = 0.6
BARELY_SUPPORTED_SHARE = 0.3
"""Of a claim's words that must be in the evidence."""
SAME_SENTENCE_SHARE = 0.6
_QUOTED = re.compile("“([^”]*)”")
_CLAUSE = re.compile(
    r"[,;:]\s|\s(?:and|but|while|whereas|although|though|after|before|once|when|until|since|because|"
    r"so that)\s",
    re.IGNORECASE,
)
_NUMBERED = re.compile(r"(?:#|\b(?:incident|post-mortem|postmortem) )$", re.IGNORECASE)
_COUNTED = re.compile(
    r"\s+(?:\w+\s)?(?:alerts?|entr(?:y|ies)|notes?|pages?|messages?|assignments?|times|time|changes?|lines?|"
    r"timestamps?)\b",
    re.IGNORECASE,
)
"""What the pieces of evidence are, so that counting them is no invention."""


@dataclass(frozen=True)
class Finding:
    """Something in a claim that its evidence does not bear out."""

    kind: FindingKind
    text: str
    """The words of the claim, or the id."""
    message: str


@dataclass(frozen=True)
class Verdict:
    """What became of a claim."""

    claim: Claim
    outcome: Outcome
    findings: tuple[Finding, ...] = ()


def check_draft(draft: Draft, book: EvidenceBook, *, zone: tzinfo = UTC) -> list[Verdict]:
    """The verdict on every claim, in order."""
    return [check_claim(claim, book, zone=zone) for claim in draft.claims()]


def check_claim(claim: Claim, book: EvidenceBook, *, zone: tzinfo = UTC) -> Verdict:
    """Whether the cited evidence bears the claim out; times in it are read in `zone`.

    Of questions and proposals, which say nothing that could be true, ids, numbers, times and names are
    checked; of gaps too. A fact without evidence is refused.
    """
    findings = list(_unknown(claim, book))
    if claim.kind == "fact" and not claim.evidence:
        findings.append(Finding("uncited", claim.text, "A fact names its evidence."))
    known = _Known(book.cited(claim.evidence), zone)
    text, quoted = _without_quotations(claim.text, known)
    findings += quoted
    findings += _certain(text, claim, known, book)
    if claim.kind == "fact" and not findings:
        findings += _meaning(text, known)
    return Verdict(claim, _outcome(findings), tuple(findings))


def _outcome(findings: Sequence[Finding]) -> Outcome:
    if not findings:
        return "accepted"
    return "verify" if all(finding.kind == "weak" for finding in findings) else "refused"


def _unknown(claim: Claim, book: EvidenceBook) -> Iterator[Finding]:
    for one in claim.evidence:
        if book.find(one) is None:
            yield Finding("unknown-id", one, "There is no such evidence.")


# What the evidence knows -------------------------------------------------------------------------------


@dataclass
class _Known:
    """All that the cited pieces say, ready to be looked up."""

    pieces: Sequence[Piece]
    zone: tzinfo
    text: str = ""
    plain: str = ""
    folded: str = ""
    moments: list[datetime] = field(default_factory=list)
    reading: Reading = field(default_factory=Reading)
    numbers: set[float] = field(default_factory=set)
    """Of incidents and post-mortems."""
    counts: set[float] = field(default_factory=set)

    def __post_init__(self) -> None:
        texts: list[str] = []
        for piece in self.pieces:
            texts += [piece.text, piece.source]
            self.moments += [at for at in (piece.at, piece.until) if at is not None]
            self._gather(piece.data, texts)
            if piece.incident is not None:
                self.numbers.add(float(piece.incident))
        self.text = "\n".join(filter(None, texts))
        self.plain = "\n".join(plain_line(one) for one in texts)
        self.folded = f"{self.text}\n{self.plain}".casefold()
        self.reading = read(self.text)
        self.moments = list(dict.fromkeys(self.moments))
        self.counts = self.numbers | set(self._counts())

    def _gather(self, told: Any, texts: list[str]) -> None:
        if isinstance(told, Mapping):
            for name, value in told.items():
                texts.append(str(name))
                self._gather(value, texts)
        elif isinstance(told, datetime):
            self.moments.append(told)
        elif isinstance(told, bool):
            pass
        elif isinstance(told, int | float):
            self.numbers.add(float(told))
        elif isinstance(told, str):
            texts.append(told)
        elif isinstance(told, list | tuple):
            for one in told:
                self._gather(one, texts)

    def _counts(self) -> Iterator[float]:
        """How many pieces there are, in all and of each kind, and how many they stand for."""
        groups: dict[str, list[Piece]] = {"": list(self.pieces)}
        for piece in self.pieces:
            for name in (piece.kind, f"{piece.kind}.{piece.data.get('kind', '')}"):
                groups.setdefault(name, []).append(piece)
            if piece.kind == "entry" and piece.data.get("severity") is not None:
                groups.setdefault(f"severity.{piece.data['severity']}", []).append(piece)
        fired = [
            one for one in self.pieces if one.data.get("severity") not in (None, "resolved", "acknowledged")
        ]
        others = [one for one in self.pieces if one.data.get("kind") in (None, "status", "edit", "sla")]
        for members in (*groups.values(), fired, others):
            yield float(len(members))
            yield float(sum(piece.count for piece in members))

    def has_clock(self, hour: int, minute: int) -> bool:
        if any((one.hour, one.minute) == (hour, minute) for one in self.reading.clocks):
            return True
        return any((hour, minute) in (clock_of(at, self.zone), clock_of(at, UTC)) for at in self.moments)

    def has_day(self, year: int | None, month: int, day: int) -> bool:
        for at in self.moments:
            for local in (at.astimezone(self.zone), at.astimezone(UTC)):
                if (local.month, local.day) == (month, day) and year in (None, local.year):
                    return True
        return any(
            (one.month, one.day) == (month, day) and (year is None or one.year in (None, year))
            for one in self.reading.days
        )

    def has_weekday(self, name: str) -> bool:
        return name in self.folded or any(
            f"{at.astimezone(self.zone):%A}".casefold() == name for at in self.moments
        )

    def has_length(self, seconds: float, exact_to: float) -> bool:
        """Whether the evidence has this length, or a finer one of which this is what is left by rounding."""
        for one in self.reading.lengths:
            if one.seconds == seconds or (one.exact_to < exact_to and 0 <= one.seconds - seconds < exact_to):
                return True
        moments = self.moments
        if len(moments) > MOMENTS_PAIRED_MAX:
            moments = [min(moments), max(moments), *moments[:MOMENTS_PAIRED_MAX]]
        for first, second in combinations(moments, 2):
            apart = abs((second - first).total_seconds())
            if 0 <= apart - seconds < exact_to or abs(apart - seconds) * 2 <= exact_to:
                return True
        return seconds == 0 and bool(moments)

    def has_number(self, number: Number, text: str) -> bool:
        """Whether it stands in the evidence with the same unit, or counts what the text says it counts."""
        for one in self.reading.numbers:
            if one.value == number.value and (not number.unit or not one.unit or one.unit == number.unit):
                return True
        if not number.unit and any(
            one.exact_to * number.value == one.seconds for one in self.reading.lengths
        ):
            return True
        before, after = text[: number.start], text[number.end :]
        if _NUMBERED.search(before):
            return number.value in self.numbers
        return _COUNTED.match(after) is not None and number.value in self.counts

    def has_words(self, text: str) -> bool:
        return re.search(rf"(?<!\w){re.escape(text.casefold())}(?!\w)", self.folded) is not None


# What is certain ---------------------------------------------------------------------------------------


def _without_quotations(text: str, known: _Known) -> tuple[str, list[Finding]]:
    """The text with its quotations blanked out, and those that nobody wrote."""
    findings = []
    plain = known.plain.casefold()
    for match in _QUOTED.finditer(text):
        quoted = match[1].removesuffix("…").strip().casefold()
        if quoted and quoted not in plain:
            findings.append(Finding("quotation", match[1], "The evidence does not say this word for word."))
    return _QUOTED.sub(lambda match: " " * len(match[0]), text), findings


def _certain(text: str, claim: Claim, known: _Known, book: EvidenceBook) -> Iterator[Finding]:
    if claim.at is not None and claim.at not in known.moments:
        yield Finding("time", claim.at.isoformat(), "No piece of the evidence is of this moment.")
    found = read(text)
    for clock in found.clocks:
        if not known.has_clock(clock.hour, clock.minute):
            yield Finding("time", clock.text, "The evidence has no such time.")
    for day in found.days:
        if not known.has_day(day.year, day.month, day.day):
            yield Finding("date", day.text, "The evidence has no such date.")
    for weekday in found.weekdays:
        if not known.has_weekday(weekday.text):
            yield Finding("date", weekday.text, "The evidence is of another day of the week.")
    for length in found.lengths:
        if not known.has_length(length.seconds, length.exact_to):
            yield Finding("length", length.text, "The evidence has no such length of time.")
    for number in found.numbers:
        if not known.has_number(number, text):
            yield Finding("number", number.text, "The evidence has no such number.")
    for thing in found.things:
        if thing.text and not _has_thing(thing.text, known):
            yield Finding("thing", thing.text, "The evidence does not name this.")
    yield from _names(text, known, book)


def _has_thing(text: str, known: _Known) -> bool:
    if text.startswith("#") and text[1:].isdigit():
        return float(text[1:]) in known.numbers or known.has_words(text[1:])
    zones = {at.astimezone(known.zone).tzname() for at in known.moments}
    return text in zones or text == "UTC" or text.casefold() in known.folded


def _names(text: str, known: _Known, book: EvidenceBook) -> Iterator[Finding]:
    """Names of the organisation, and words with a capital within a sentence, that the evidence has not."""
    told: set[str] = set()
    for name in sorted(book.names, key=lambda one: (-len(one), one)):
        pattern = rf"(?<!\w){re.escape(name)}(?!\w)"
        if name and re.search(pattern, text) and not known.has_words(name):
            told.add(name)
            yield Finding("name", name, "The evidence does not speak of it.")
            text = re.sub(pattern, " ", text)
    begins = {match.end() for match in re.finditer(r"(?:^|[.!?:…]\s+)\W*", text)}
    there = _stems(known.text)
    for word in words(text):
        if word.start in begins or not word.text[0].isupper() or len(word.text) < 2:
            continue
        is_known = word.text in _NOT_NAMES or stem(word.text) in there
        if not is_known and not any(word.text in one for one in told):
            yield Finding("name", word.text, "The evidence does not name this.")


_MONTHS_AND_ZONES = """
UTC I Monitoring Monday Tuesday Wednesday Thursday Friday Saturday Sunday
January February March April May June July August September October November December
Jan Feb Mar Apr Jun Jul Aug Sep Oct Nov Dec
"""
_NOT_NAMES = frozenset(_MONTHS_AND_ZONES.split())
_NOT_WORDS = re.compile(r"\bUTC\b")


# What it means -----------------------------------------------------------------------------------------


def _meaning(text: str, known: _Known) -> Iterator[Finding]:
    evidence = [_Clause(part) for part in _clauses(known.text)]
    causal = vocabulary.CAUSAL.search(text)
    if causal is not None and not _says_why(text, known):
        yield Finding("causal", causal[0], "The evidence does not say that one came of the other.")
        return
    names = _stems(" ".join(piece.source for piece in known.pieces))
    for part in _clauses(text):
        finding = _against(_Clause(part), evidence, names)
        if finding is not None:
            yield finding
            return
    text = _NOT_WORDS.sub(" ", read(text).rest)
    content = {one for part in _clauses(text) for one in _Clause(part).content}
    if not content:
        return
    there = _stems(known.text)
    share = len({one for one in content if one in there}) / len(content)
    missing = ", ".join(sorted(content - there))
    if share < BARELY_SUPPORTED_SHARE:
        yield Finding("unsupported", missing, "The evidence speaks of something else.")
    elif share < CLEARLY_SUPPORTED_SHARE:
        yield Finding("weak", missing, "The evidence has few of these words. Does it say this?")


def _says_why(text: str, known: _Known) -> bool:
    """Whether a sentence of the evidence gives a reason, and is about the same."""
    content = {one for part in _clauses(text) for one in _Clause(part).content}
    for sentence in sentences(known.text):
        if vocabulary.CAUSAL.search(sentence):
            there = _stems(sentence)
            if len({one for one in content if one in there}) >= SAME_SENTENCE_SHARE * len(content):
                return True
    return False


class _Clause:
    """A part of a sentence: what it is about, and how often it negates."""

    def __init__(self, text: str) -> None:
        found = [word.text.casefold().replace("’", "'") for word in words(text)]
        self.negations = sum(1 for word in found if word in vocabulary.NEGATING or word.endswith("n't"))
        self.all_stems = frozenset(stem(word) for word in found)
        kept = [
            word
            for word in found
            if len(word) > 1
            and stem(word) not in vocabulary.FUNCTION_STEMS
            and word not in vocabulary.NEGATING
            and not word.endswith("n't")
        ]
        self.topic = frozenset(vocabulary.one_of_pair(word) for word in kept)
        self.content = frozenset(
            vocabulary.canonical(word) for word in kept if stem(word) not in vocabulary.RECORD_STEMS
        )


def _against(clause: _Clause, evidence: Sequence[_Clause], names: frozenset[str]) -> Finding | None:
    """Whether what is nearest to the clause in the evidence says the opposite."""
    topic = clause.topic - names
    if len(topic) < 2:
        return None
    rated = [(len(topic & other.topic) / len(topic), other) for other in evidence if other.topic]
    near = [other for share, other in rated if share >= SAME_SENTENCE_SHARE]
    if not near:
        return None
    best = max(share for share, _ in rated)
    nearest = [other for share, other in rated if share == best]
    if all(other.negations % 2 != clause.negations % 2 for other in nearest):
        return Finding("negation", " ".join(sorted(topic)), "The evidence says the opposite.")
    for first, second in vocabulary.OPPOSITE_STEMS:
        for mine, theirs in ((first, second), (second, first)):
            is_said = bool(clause.all_stems & mine) and not clause.all_stems & theirs
            if is_said and all(other.all_stems & theirs and not other.all_stems & mine for other in nearest):
                said = " ".join(sorted(clause.all_stems & mine))
                return Finding("opposite", said, "The evidence says the opposite.")
    return None


def _clauses(text: str) -> list[str]:
    return [
        part for sentence in sentences(text) for line in sentence.splitlines() for part in _CLAUSE.split(line)
    ]


def _stems(text: str) -> frozenset[str]:
    found: Iterable[str] = (word.text for word in words(text))
    return frozenset(one for word in found for one in (stem(word), vocabulary.canonical(word)))
