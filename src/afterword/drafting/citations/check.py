"""The check of a claim against the evidence that it cites. Pure, and the same for a model's text as for ours.

Certain are: ids, quotations, numbers, times, dates, lengths of time, names. What of these is not in the cited
evidence refuses the claim. Whether the words mean the same cannot be certain without understanding them: the
check compares words, negations and opposites, and says `verify` where a person should look.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, tzinfo
from typing import Literal

from afterword.drafting.citations import vocabulary
from afterword.drafting.citations.bound import check_bound
from afterword.drafting.citations.causes import SAME_SENTENCE_SHARE, causal_words, says_why
from afterword.drafting.citations.clauses import Clause, clause_of, clauses, content_of, stems_of
from afterword.drafting.citations.findings import Finding
from afterword.drafting.citations.known import Known, without_fractions
from afterword.drafting.citations.moments import check_clocks, check_moments
from afterword.drafting.citations.names import check_names, check_small_names
from afterword.drafting.citations.order import check_order
from afterword.drafting.citations.quantities import borne_directions, borne_spans, check_quantities
from afterword.drafting.citations.reading import read, sentences, stem
from afterword.drafting.citations.roles import check_roles
from afterword.drafting.citations.rounding import hedge_before
from afterword.drafting.citations.states import check_states
from afterword.drafting.citations.tellings import check_tellings
from afterword.drafting.citations.unfinished import check_unfinished
from afterword.drafting.citations.zones import ZONE
from afterword.drafting.claims import Claim, Draft
from afterword.drafting.evidence.book import EvidenceBook

Outcome = Literal["accepted", "verify", "refused"]
CLEARLY_SUPPORTED_SHARE = 0.6
BARELY_SUPPORTED_SHARE = 0.3
"""Of a claim's words that must be in the evidence."""
SHORT_WORDS_MAX = 1
BESIDE_SHARE = 0.5
"""Of what ended, and of what it was ended by."""
_QUOTED = re.compile("“([^”]*)”")


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
    known = Known(book.cited(claim.evidence), zone)
    text, quoted = _without_quotations(claim.text, known)
    findings += quoted
    findings += _certain(text, claim, known, book)
    if claim.kind == "fact" and _outcome(findings) != "refused":
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


# What is certain ---------------------------------------------------------------------------------------


def _without_quotations(text: str, known: Known) -> tuple[str, list[Finding]]:
    """The text with its quotations blanked out, and those that nobody wrote."""
    findings = []
    plain = known.plain.casefold()
    for match in _QUOTED.finditer(text):
        quoted = match[1].removesuffix("…").strip().casefold()
        if quoted and quoted not in plain:
            findings.append(Finding("quotation", match[1], "The evidence does not say this word for word."))
    return _QUOTED.sub(lambda match: " " * len(match[0]), text), findings


def _certain(text: str, claim: Claim, known: Known, book: EvidenceBook) -> Iterator[Finding]:
    if claim.at is not None and claim.at not in known.moments:
        yield Finding("time", claim.at.isoformat(), "No piece of the evidence is of this moment.")
    found = read(text)
    for clock in found.clocks:
        if not known.has_clock(clock, text):
            yield Finding("time", clock.text, "The evidence has no such time.")
    for day in found.days:
        if not known.has_day(day.year, day.month, day.day):
            yield Finding("date", day.text, "The evidence has no such date.")
    for weekday in found.weekdays:
        if not known.has_weekday(weekday.text, text):
            yield Finding("date", weekday.text, "The evidence is of another day of the week.")
    for length in found.lengths:
        if not known.has_length(length, hedge_before(text, length.start)):
            yield Finding("length", length.text, "The evidence has no such length of time.")
    borne = borne_spans(text, known) if found.numbers else ()
    for number in found.numbers:
        if any(start <= number.start < end for start, end in borne):
            continue
        if not known.has_number(number, text):
            yield Finding("number", number.text, "The evidence has no such number.")
    zones = [match.span(1) for clock in found.clocks if (match := ZONE.match(text, clock.end))]
    for thing in found.things:
        if (thing.start, thing.end) not in zones and thing.text and not _has_thing(thing.text, known):
            yield Finding("thing", thing.text, "The evidence does not name this.")
    if claim.kind == "fact":
        yield from check_quantities(text, found.rest, known)
        yield from check_bound(text, known)
        if found.numbers or found.lengths:
            yield from check_tellings(text, known, book)
        yield from check_order(text, known)
        yield from check_roles(text, known, book)
        yield from check_states(text, known, book)
        if found.clocks and known.zone is UTC and not any(ZONE.match(text, one.end) for one in found.clocks):
            yield from check_clocks(text, known)
        yield from check_small_names(text, known, book)
    for finding in (*check_moments(found.rest, known), *check_names(_without(text, zones), known, book)):
        # A question and a proposal begin with words of their own.
        if claim.kind == "fact" or finding.kind != "weak":
            yield finding


def _without(text: str, spans: Sequence[tuple[int, int]]) -> str:
    for start, end in spans:
        text = f"{text[:start]}{' ' * (end - start)}{text[end:]}"
    return text


def _has_thing(text: str, known: Known) -> bool:
    if text.startswith("#") and text[1:].isdigit():
        return float(text[1:]) in known.numbers or known.has_words(text[1:])
    zones = {at.astimezone(known.zone).tzname() for at in known.moments}
    return text in zones or text == "UTC" or text.casefold() in known.folded


_PRONOUN_STEMS = frozenset(stem(word) for word in ("it", "them"))
_ORDER_STEMS = frozenset(stem(word) for word in ("before", "after"))
_NOT_WORDS = re.compile(r"\bUTC\b")
_ASKED = re.compile(r"\b(?:what|who|whether|how|if)\b[^,.;]{0,40}$", re.IGNORECASE)
_POINTS_BACK = re.compile(r"\s*(?:which|that|this|it|they|thereby|thus)\b", re.IGNORECASE)


# What it means -----------------------------------------------------------------------------------------


def _meaning(text: str, known: Known) -> Iterator[Finding]:
    causal = causal_words(text)
    why = says_why(text, known) if causal is not None else True
    if causal is not None and why is None:
        yield Finding("weak", causal, "The evidence puts one beside the other. Did one come of the other?")
    elif causal is not None and not why:
        yield Finding("causal", causal, "The evidence does not say that one came of the other.")
        return
    names = stems_of(" ".join(piece.source for piece in known.pieces))
    ended = _ended(text, known, names)
    if ended is not None:
        yield ended
        if ended.kind != "weak":
            return
    for part in clauses(text):
        finding = _against(clause_of(part), known, names)
        if finding is not None:
            yield finding
            return
    for part in sentences(text):
        finding = _against_whole(clause_of(part), known, names)
        if finding is not None:
            yield finding
            return
    unfinished = check_unfinished(text, known)
    if unfinished is not None:
        yield unfinished
        return
    content = content_of(_NOT_WORDS.sub(" ", without_fractions(read(text).rest)))
    content -= borne_directions(text, known)
    if not content:
        return
    there = known.stems
    reading = read(text)
    has_value = bool(reading.numbers or reading.lengths or reading.things)
    share = len(content & there) / len(content)
    if share < CLEARLY_SUPPORTED_SHARE:
        there |= known.stems_of_parts
        share = len(content & there) / len(content)
    missing = ", ".join(sorted(content - there))
    # Few words and a value that is there may well say it: a person should look.
    is_short = len(content) <= SHORT_WORDS_MAX and has_value
    if share < BARELY_SUPPORTED_SHARE and not is_short:
        yield Finding("unsupported", missing, "The evidence speaks of something else.")
    elif share < CLEARLY_SUPPORTED_SHARE:
        yield Finding("weak", missing, "The evidence has few of these words. Does it say this?")


def _ended(text: str, known: Known, names: frozenset[str]) -> Finding | None:
    """Where the text says that something was ended by something, and the evidence does not."""
    for match in vocabulary.ENDING.finditer(text):
        if _ASKED.search(text[: match.start()]):
            continue
        scope, place = _clause_around(text, match)
        # Who resolved the incident is somebody's deed, and not what came of another.
        sides = [content_of(part) - names - vocabulary.PEOPLE for part in (scope[:place], scope[place:])]
        if _ends_turned(match[0], sides, known):
            return Finding("causal", match[0], "By the evidence it was something else that did.")
        if any(_says_that_it_ended(one, scope, sides) for one in sentences(known.text)):
            continue
        if any(_says_that_it_ended(piece.text, scope, sides) for piece in known.pieces):
            return Finding(
                "weak", match[0], "The evidence does not say that the one ended the other. Did it?"
            )
        return Finding("causal", match[0], "The evidence does not say that one came of the other.")
    return None


def _ends_turned(verb: str, sides: Sequence[set[str]], known: Known) -> bool:
    """Whether the evidence has the same verb, and what it was ended by only among what came of it."""
    by, what = sides
    said = re.compile(
        rf"(?<!was )(?<!were )(?<!been )\b{re.escape(verb.split()[0])}\b(?! by\b)", re.IGNORECASE
    )
    if not by or not what:
        return False
    is_turned = False
    for sentence in sentences(known.text):
        for match in said.finditer(sentence):
            before, after = stems_of(sentence[: match.start()]), stems_of(sentence[match.end() :])
            if by & before:
                return False
            is_turned = is_turned or (len(by & after) >= BESIDE_SHARE * len(by) and bool(what & after))
    return is_turned


def _says_that_it_ended(evidence: str, scope: str, sides: Sequence[set[str]]) -> bool:
    """Whether it says so of the same, of what ended as of what it was ended by."""
    if not vocabulary.ENDED.search(evidence):
        return False
    there = stems_of(evidence)
    if any(len(side & there) < BESIDE_SHARE * len(side) for side in sides):
        return False
    content = set().union(*sides)
    if len(content & there) < SAME_SENTENCE_SHARE * len(content):
        return False
    return _opposite(clause_of(scope), [clause_of(evidence)]) is None


def _clause_around(text: str, match: re.Match[str]) -> tuple[str, int]:
    """The clause in which it stands, and where; the whole where that speaks of what stands before it."""
    place = 0
    for part in clauses(text):
        place = text.find(part, place)
        if place <= match.start() < place + len(part) and not _POINTS_BACK.match(part):
            return part, match.start() - place
    return text, match.start()


def _against(clause: Clause, known: Known, names: frozenset[str]) -> Finding | None:
    """Whether what is nearest to the clause in the evidence says the opposite."""
    topic = clause.topic - names
    if clause.is_beside and not clause.has_verb:
        return None
    if vocabulary.AFFECTED_STEM in clause.all_stems or vocabulary.UNAFFECTED_STEM in clause.all_stems:
        found = _affected(clause, topic - vocabulary.WELFARE_STEMS, known)
        if found is not None:
            return found
    if len(topic) < 2:
        return None
    share, nearest = _nearest(topic, known.as_clauses)
    # “Slack has recovered, webhooks have not”: what the one says of the other only both tell.
    whole_share, wholes = _nearest(topic, known.as_sentences)
    if whole_share > share:
        negated = [one.negates(topic) for one in wholes]
    else:
        negated = [one.negations % 2 == 1 for one in nearest]
    if _fails_elsewhere(clause, nearest, wholes) or _goes_well(clause, nearest):
        negated = []
    if negated and all(one != (clause.negations % 2 == 1) for one in negated):
        return Finding("negation", " ".join(sorted(topic)), "The evidence says the opposite.")
    found = _opposite(clause, nearest) if nearest else None
    return None if found is not None and _goes_on(clause, nearest, known) else found


def _affected(clause: Clause, topic: frozenset[str], known: Known) -> Finding | None:
    """Where it says that something had trouble, or had none, and a clause of the same says the opposite."""
    same = [
        one
        for one in known.as_clauses
        if one.topic - vocabulary.WELFARE_STEMS - vocabulary.RECORD_STEMS == topic - vocabulary.RECORD_STEMS
        and one.all_stems & vocabulary.WELFARE_STEMS
        and clause.all_stems - vocabulary.WELFARE_STEMS & topic >= one.all_stems & topic
    ]
    if topic and same and all(one.negations % 2 != clause.negations % 2 for one in same):
        return Finding("negation", " ".join(sorted(topic)), "The evidence says the opposite.")
    return None


def _goes_well(clause: Clause, nearest: Sequence[Clause]) -> bool:
    """Whether all that it negates is that something was amiss, and the evidence tells of nothing amiss."""
    if vocabulary.UNAFFECTED_STEM not in clause.all_stems or clause.negations != 1:
        return False
    return not any(one.negations or one.all_stems & vocabulary.TROUBLE_STEMS for one in nearest)


def _goes_on(clause: Clause, nearest: Sequence[Clause], known: Known) -> bool:
    """Whether the sentence says it too, by a pronoun: “started the import, stopped it at noon”."""
    beside = (
        part
        for sentence in known.as_sentences
        if any(part in nearest for part in sentence.parts)
        for part in sentence.parts
        if part not in nearest and not _PRONOUN_STEMS.isdisjoint(part.all_stems)
    )
    return any(
        clause.all_stems & side and part.all_stems & side
        for part in beside
        for pair in vocabulary.OPPOSITE_STEMS
        for side in pair
    )


def _fails_elsewhere(clause: Clause, nearest: Sequence[Clause], wholes: Sequence[Clause]) -> bool:
    """Whether all that it negates is that something failed, and the sentence says so in another clause."""
    failed = vocabulary.FAILED_STEMS & clause.all_stems
    if not failed or clause.negations != len(failed):
        return False
    if any(vocabulary.FAILED_STEMS & one.all_stems for one in nearest):
        return False
    # An error rate tells of requests that failed.
    if any(vocabulary.ERROR in one.all_stems and not one.negations for one in (*nearest, *wholes)):
        return True
    return any(vocabulary.FAILED_STEMS & one.all_stems for one in wholes)


def _against_whole(clause: Clause, known: Known, names: frozenset[str]) -> Finding | None:
    """The same of a whole sentence, which does not tell in which of its clauses it negates."""
    topic = clause.topic - names
    _, nearest = _nearest(topic, known.as_sentences)
    # “After the one the other” says the same as “before the other the one”.
    is_ordered = not _ORDER_STEMS.isdisjoint(clause.all_stems)
    return _opposite(clause, nearest) if nearest and len(topic) > 1 and not is_ordered else None


def _nearest(topic: frozenset[str], others: Sequence[Clause]) -> tuple[float, list[Clause]]:
    """How much of what it is about the nearest of them have, and which these are, where that is enough."""
    rated = (
        [(len(topic & other.topic) / len(topic), other) for other in others if other.topic] if topic else []
    )
    best = max((share for share, _ in rated), default=0.0)
    if best < SAME_SENTENCE_SHARE:
        return 0.0, []
    return best, [other for share, other in rated if share == best]


def _opposite(clause: Clause, nearest: Sequence[Clause]) -> Finding | None:
    if clause.all_stems.isdisjoint(vocabulary.ALL_OPPOSITE_STEMS):
        return None
    for first, second in vocabulary.OPPOSITE_STEMS:
        for mine, theirs in ((first, second), (second, first)):
            is_said = bool(clause.all_stems & mine) and not clause.all_stems & theirs
            if is_said and all(other.all_stems & theirs and not other.all_stems & mine for other in nearest):
                said = " ".join(sorted(clause.all_stems & mine))
                return Finding("opposite", said, "The evidence says the opposite.")
    return None
