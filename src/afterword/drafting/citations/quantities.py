"""Quantities that a claim tells without digits, and changes that it tells by two values. Pure.

“Half of the requests” is borne out by “half”, by “6 of 12” and by “50%”. What the evidence contradicts, or
what is as good as a number, is refused; where it is silent a person should look.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from functools import lru_cache
from itertools import islice

from afterword.drafting.citations import vocabulary
from afterword.drafting.citations.clauses import clause_of, clauses
from afterword.drafting.citations.findings import Finding
from afterword.drafting.citations.known import Known, fractions_in, odds_in, parts_in, shares_in
from afterword.drafting.citations.reading import (
    MONTH_SECONDS,
    NUMBER_WORDS,
    UNIT_SECONDS,
    read,
    stem,
    words_alone,
)
from afterword.drafting.citations.rounding import hedge_before, is_on_side

SHARE_APART_MAX = 0.05
"""How far a part in words may be off the one in digits: a third is no quarter."""
NEARLY_ALL_SHARE = 0.85
HALF = 0.5
FACTOR_APART_MAX = 0.1
"""Who says doubled does not mean 2.0 exactly."""
MULTITUDE_MIN = 2
MULTITUDE_MAX = 50
"""Times as much: who says hundreds means fewer than ten thousand."""

_NUMBER = "|".join([r"\d[\d,]*", *NUMBER_WORDS])
_ALL = re.compile(
    r"(?<!\bnot )(?<!\bat )(?<!\bof )(?:(?<!\bin )|(?=\w+ (?:of )?(?:the |our )?[a-z]))(?<!\bafter "
    r")(?<!\babove )"
    r"(?P<near>\b(?:nearly|almost|virtually|practically) )?"
    r"\b(?P<word>all|every|everybody|everyone|everything|entire|whole)\b"
    r"(?!-| (?:along|right|clear|the same|over\b(?! the)|so often|now and then))"
    rf"(?: (?:of )?(?:the |our |its |these |those )?(?P<number>{_NUMBER})\b)?",
    re.IGNORECASE,
)
_ALL_SAID = re.compile(
    r"\b(?:all|every(?:body|one|thing)?|each|entire(?:ly)?|whole|total(?:ly)?|complete(?:ly)?|full(?:y)?|both)\b"
)
_ALL_MEANT = re.compile(r"\b(?:any|per|across|overall|worldwide|global(?:ly)?|no|none|nobody)\b")
"""What may mean all, where the sentence is about the same and tells no part."""
_SOME_SAID = re.compile(
    r"\b(?:some|several|a few|few|certain|part(?:s|ly|ially)?|partial|one of|subset|portion|except(?:ing)?|"
    r"apart from|other than|save for|mostly|mainly|in part|of them|a single)\b"
)
"""What tells of a part."""
_BUT_SAID = re.compile(r"\b(?:except(?:ing)?|apart from|other than|but|save for)\b", re.IGNORECASE)
_NONE = re.compile(r"\b(?:nobody|no one|no-one|none|nothing)\b", re.IGNORECASE)
_NONE_SAID = re.compile(
    r"\b(?:no|not|none|never|nobody|nothing|neither|nor|without|cannot|unable|zero|0)\b|n't\b|n’t\b"
)
_HALVED = re.compile(r"\bhalv")
_MOST = re.compile(
    r"(?<!\bat )(?<!\bthe )\bmost\b"
    r"(?= [a-z])(?! (?:recent|likely|probable|often|common|important|notable|affected|in|by|on|at"
    r"|when|during|\w+ly)\b)"
    r"|\b(?:the|a|vast|large|great) majority\b",
    re.IGNORECASE,
)
_MOST_SAID = re.compile(r"\b(?:most|majority|nearly all|almost all|all|every)\b")
_MANY = re.compile(r"(?<!\bhow )(?<!\bas )\b(?:many|numerous|countless)\b(?! as\b)", re.IGNORECASE)
_MANY_SAID = re.compile(
    r"\b(?:many|numerous|countless|several|multiple|most|all|every|lots?|dozens?|hundreds?|thousands?|millions?|"
    r"widespread|majority|various|(?:significant|large|high|great|considerable) numbers?)\b"
)
MANY_MIN = 3
_MULTITUDES = {"dozen": 12, "hundred": 100, "thousand": 1_000, "million": 1_000_000, "billion": 1_000_000_000}
_TIMES = {"tens": 10, "dozens": 12, "hundreds": 100}
_MULTITUDE = re.compile(
    r"\b(?:(?P<by>tens|dozens|hundreds) of )?(?P<what>dozen|hundred|thousand|million|billion)s\b",
    re.IGNORECASE,
)
_FACTORS = (
    (
        2.0,
        re.compile(r"\b(?:doubl(?:ed|es|ing)|twofold)\b", re.I),
        re.compile(r"\bdoubl|\btwice\b|\btwofold|\b2x\b"),
    ),
    (
        3.0,
        re.compile(r"\b(?:tripl|trebl)(?:ed|es|ing)\b|\bthreefold\b", re.I),
        re.compile(r"\bt(?:rip|reb)l|\bthreefold|\b3x\b"),
    ),
    (
        4.0,
        re.compile(r"\bquadrupl(?:ed|es|ing)\b|\bfourfold\b", re.I),
        re.compile(r"\bquadrupl|\bfourfold|\b4x\b"),
    ),
    (10.0, re.compile(r"\btenfold\b", re.I), re.compile(r"\btenfold|\b10x\b")),
    (0.5, re.compile(r"\b(?:halv(?:ed|es|ing))\b", re.I), re.compile(r"\bhalv|\bhalf\b|\b50\s?%")),
)
_VAGUE_LENGTH = re.compile(
    r"\b(?:for|lasted|took)(?: (?:many|several|some|a few|the next|days and|hours and))? "
    r"(?P<for>minutes|hours|days|weeks|"
    r"months|years)\b|\b(?P<long>hours|days|weeks|months) (?:long|later|earlier|before|after)\b",
    re.IGNORECASE,
)
_WHOLE_SPAN = re.compile(
    r"\b(?:all|(?:the|a) (?:whole|entire|full)) "
    r"(?P<span>day|night|morning|afternoon|evening|week|weekend|month|year)\b",
    re.IGNORECASE,
)
_HOUR = UNIT_SECONDS["hour"]
_SPAN_SECONDS = {
    "day": 8 * _HOUR,
    "night": 6 * _HOUR,
    "morning": 3 * _HOUR,
    "afternoon": 3 * _HOUR,
    "evening": 3 * _HOUR,
    "week": 120 * _HOUR,
    "weekend": 36 * _HOUR,
    "month": 0.8 * MONTH_SECONDS,
    "year": 10 * MONTH_SECONDS,
}
"""How long at least somebody means who says all day."""
_VALUE = r"v?\d+(?:[.,]\d+)*(?!:?\d)"
_UNIT = r"(?:\s?%|\s?(?!to\b|from\b)[a-z]{1,12}\b)?"
_ABOUT = r"(?:about |around |over |under |nearly |almost |roughly |up |down |back )?"
_FROM_TO = re.compile(
    rf"\bfrom {_ABOUT}(?P<a>{_VALUE}){_UNIT}(?:,? [a-z]+)?,? {_ABOUT}to {_ABOUT}(?P<b>{_VALUE})"
    rf"|\bto {_ABOUT}(?P<d>{_VALUE}){_UNIT},? from {_ABOUT}(?P<c>{_VALUE})"
    rf"|(?<![\w.:])(?P<e>{_VALUE}){_UNIT}\s?(?:→|->|=>|–>)\s?(?P<f>{_VALUE})"
    # It is 850 ms, was 4.2 s.
    rf"|(?<![\w.:])(?P<h>{_VALUE}){_UNIT}(?: now)?,? ?\(?(?:was|instead of|(?:down |up )?from|rather"
    rf" than|previously|usual(?:ly)?|normal(?:ly)?)"
    rf" {_ABOUT}(?P<g>{_VALUE})",
    re.IGNORECASE,
)
_OF_LIMIT = re.compile(
    r"(?<![\w.:])(?P<value>\d[\d,]*(?:\.\d+)?)(?![\w.:]*\d)[^.;\d]{0,60}?(?:,|\() ?(?:the )?(?:limit"
    r"|threshold|usual(?:ly)?|normal(?:ly)?"
    r"|above|over)(?: (?:is|of|was))? (?P<limit>\d[\d,]*(?:\.\d+)?)(?![\w.:]*\d)",
    re.IGNORECASE,
)
"""“8.4 s, limit 2 s”."""
_FEWER = re.compile(
    r"(?<!no )\b(?P<how>fewer|less|more) (?!than\b|of\b|or\b)(?=[a-z]+ [a-z]+ed\b)", re.IGNORECASE
)
_RATHER = re.compile(
    r"(?<![\w.:,/-])(?P<one>[\w.:,/-]{0,40}\w)(?:\s?%)?,? (?:instead of|rather than|and not|not) "
    r"(?:the |an? |at |in "
    r"|on |to )?(?P<other>[\w.:,/-]*\w)",
    re.IGNORECASE,
)
"""Two things of which one was in the place of the other."""
_RATHER_WORDS = ("instead of ", "rather than ", " not ")
_MOVED = re.compile(
    r"\b(?:from|renamed|changed|migrated|converted|switched) (?:the |our )?(?P<one>(?:[a-z]+ "
    r")?[\w-]+) (?:in)?to (?:the |our )?(?P<other>(?:[a-z]+ )?[\w-]+)",
    re.IGNORECASE,
)
"""From one place to another."""
_GONE_TO = re.compile(
    r"\b(?:(?P<up>rose|risen|grew|grown|climbed|jumped|went up|increased|soared)|(?P<down>fell"
    r"|fallen|dropped|sank|shrank|went down"
    r"|decreased|declined)) (?:back )?to (?=(?:about |around |over |nearly |almost )?\d)",
    re.IGNORECASE,
)
_TIMES_AS = re.compile(
    rf"\b(?P<factor>\d+(?:\.\d+)?|{'|'.join(NUMBER_WORDS)}) times (?:as\b|more|higher|deeper|larger"
    rf"|longer|slower|the |its |their |our |that )",
    re.IGNORECASE,
)
_REST_SAID = re.compile(r"\b(?:other|others|rest|remaining|left)\b", re.IGNORECASE)
_ONLY = re.compile(
    r"\b(?:only|solely|exclusively|merely)\b (?=the |one |a single |those |its |our )", re.IGNORECASE
)
_ONLY_SAID = re.compile(
    r"\b(?:only|solely|exclusively|merely|just|nothing else|nobody else|no other|alone|except|but)\b"
)
_NO = re.compile(r"\bno (?:new |more |further )?(?P<noun>[a-z]{3,})\b", re.IGNORECASE)
NOUN_WORDS_MAX = 3
_LESS_THAN = re.compile(r"\b(?:less than|fewer than|under|below|not even) $", re.IGNORECASE)
_HARDLY = re.compile(
    r"\b(?:(?:hardly|barely|scarcely) any|(?:almost|virtually|practically|next to) no(?:ne|thing)?"
    r"|very few|only a tiny (?:part|fraction)"
    r"|negligible|a tiny fraction)\b",
    re.IGNORECASE,
)
_HARDLY_SAID = re.compile(r"\b(?:few|hardly|barely|scarcely|negligible|tiny|rare(?:ly)?|almost no)\b")
HARDLY_SHARE = 0.03
"""Of which somebody says “hardly any” at most."""
ABOVE_HALF = 0.25
NEARLY_SHARE = 0.88
"""Of a half or a third, that “almost” it is at least."""
BELOW_HALF = 0.6
"""Of a half or a third, that “less than” it is at least."""
ODDS_MAX = 20
"""Of one claim: the numbers of more have to be there themselves."""
_RISES, _FALLS = (
    re.compile(rf"\b(?:{'|'.join(words.split())})\b", re.IGNORECASE) for words in vocabulary.OPPOSITES[0]
)


def check_quantities(text: str, rest: str, known: Known) -> Iterator[Finding]:
    """What the text tells so and the evidence does not; `rest` is the text without all that can be read."""
    yield from _changes(text, known)
    yield from _lengths(rest, known)
    for said, share in fractions_in(rest):
        place = rest.find(said)
        hedge = "less" if _LESS_THAN.search(rest[:place]) else hedge_before(rest, place)
        if not _has_share(share, text, known, hedge):
            yield Finding("number", said, "The evidence has no such share.")
    for said, share in parts_in(text):
        yield from _part(said, share, text, known)
    for match in _ALL.finditer(text):
        if not rest[match.start("word") : match.end("word")].isspace() and not _WHOLE_SPAN.match(
            rest, match.start("word")
        ):
            yield from _all(match, text, known)
    for match in _NONE.finditer(rest):
        yield from _silent(match[0], _is_told(text, known, lambda one: one == 0, _NONE_SAID))
    for match in _HARDLY.finditer(rest):
        yield from _silent(match[0], _is_told(text, known, lambda one: one <= HARDLY_SHARE, _HARDLY_SAID))
    for match in _ONLY.finditer(rest):
        near = " ".join(known.nearest(text)).casefold()
        if _ALL_SAID.search(near) and not _ONLY_SAID.search(near) and not shares_in_any(near):
            yield from _silent(match[0], False)
    for match in _NO.finditer(text):
        yield from _some_told(match, text, known)
    for match in _MOST.finditer(rest):
        yield from _silent(match[0], _is_told(text, known, lambda one: one > HALF, _MOST_SAID))
    for match in _MANY.finditer(rest):
        has_number = any(one.value >= MANY_MIN for one in known.reading.numbers)
        yield from _silent(match[0], has_number or bool(_MANY_SAID.search(known.folded)) or None)
    for match in _MULTITUDE.finditer(rest):
        least = _MULTITUDES[match["what"].casefold()] * MULTITUDE_MIN
        if match["by"]:
            least *= _TIMES[match["by"].casefold()]
        is_there = any(least <= one.value < least * MULTITUDE_MAX for one in known.reading.numbers)
        if not is_there and not known.has_words(match["what"]) and not known.has_words(f"{match['what']}s"):
            yield Finding("number", match[0], "The evidence has no such number.")


def shares_in_any(text: str) -> bool:
    """Whether a text tells a part of something."""
    return next(shares_in(text), None) is not None


def _some_told(match: re.Match[str], text: str, known: Known) -> Iterator[Finding]:
    """“No sessions”, where what is nearest tells how many."""
    near = " ".join(known.nearest(text))
    if near and not _NONE_SAID.search(near.casefold().replace("without", "")):
        noun = stem(match["noun"])
        for number in read(near).numbers:
            behind = words_alone(near[number.end :])[:NOUN_WORDS_MAX]
            if number.value and noun in map(stem, behind[:1]):
                yield Finding("number", match[0], "By the evidence there were some.")
                return


def borne_spans(text: str, known: Known) -> list[tuple[int, int]]:
    """Where numbers stand that are borne out together: odds, as “one in 25”, and “thirty times as many”."""
    told = islice(odds_in(text), ODDS_MAX)
    spans = [(start, end) for start, end, share in told if _has_share(share, text, known)]
    for match in _TIMES_AS.finditer(text):
        said = match["factor"].casefold()
        factor = float(NUMBER_WORDS.get(said) or said)
        if factor > 1 and _has_factor(factor, "", known, hedge_before(text, match.start())):
            spans.append(match.span())
    return spans


def borne_directions(text: str, known: Known) -> frozenset[str]:
    """The words of rising and falling in the text, where two values of the evidence show that it was so."""
    pairs = list(_pairs(text))
    if not pairs:
        rises, falls = (pattern.search(text) is not None for pattern in (_RISES, _FALLS))
        if rises == falls:
            return frozenset()
        return vocabulary.DIRECTION_STEMS if _goes(known.text) == (1 if rises else -1) else frozenset()
    there = {(one, other) for _, one, other in _pairs(known.text)}
    for _, first, second in pairs:
        if (first, second) not in there and not _comes_later(second, first, known):
            return frozenset()
    return vocabulary.DIRECTION_STEMS


def _goes(text: str) -> int:
    """1 where all values of a text rise, or are above their limit; -1 where all fall; 0 otherwise."""
    ways = set()
    for _, first, second in _pairs(text):
        try:
            ways.add(float(second) > float(first))
        except ValueError:
            return 0
    for match in _OF_LIMIT.finditer(text):
        ways.add(float(_plain(match["value"])) > float(_plain(match["limit"])))
    return 0 if len(ways) != 1 else (1 if ways.pop() else -1)


def _part(said: str, share: float, text: str, known: Known) -> Iterator[Finding]:
    """“Three of the five”, where what is nearest tells two of them."""
    clause = next((part for part in clauses(text) if said in part), text)
    near = " ".join(known.nearest_clauses(clause))
    shares = list(shares_in(near))
    if _REST_SAID.search(near):
        shares += [1 - one for one in shares]
    if shares and all(abs(one - share) > SHARE_APART_MAX for one in shares):
        yield Finding("number", said, "By the evidence it was another part.")


def _has_share(share: float, text: str, known: Known, hedge: str | None = None) -> bool:
    told = _HALVED if share == HALF else None

    def is_right(one: float) -> bool:
        if hedge == "below":
            return NEARLY_SHARE * share <= one < share
        if hedge == "above":
            return is_on_side(share, hedge, one) or share < one <= share + ABOVE_HALF
        if hedge == "less":
            return BELOW_HALF * share <= one < share
        return abs(one - share) <= min(SHARE_APART_MAX, share / 4)

    return _is_told(text, known, is_right, told) is True


@lru_cache(maxsize=64)
def _shares(text: str) -> tuple[float, ...]:
    return tuple(shares_in(text))


def _silent(said: str, is_told: bool | None) -> Iterator[Finding]:
    if is_told is False:
        yield Finding("number", said, "The evidence says how many, and that is another number.")
    elif is_told is None:
        yield Finding("weak", said, "The evidence does not say how many. Was it so?")


def _is_told(
    text: str, known: Known, is_right: Callable[[float], bool], said: re.Pattern[str] | None
) -> bool | None:
    """Whether the evidence has such a share or one of these words; None where it tells no share.

    What is nearest to the text is asked first: half of the customers are no half of the requests.
    """
    near = " ".join(known.nearest(text))
    shares = _shares(near)
    if any(map(is_right, shares)) or (said is not None and said.search(near.casefold())):
        return True
    if shares:
        return False
    if any(map(is_right, known.shares)) or (said is not None and said.search(known.folded)):
        return True
    return None


def _all(match: re.Match[str], text: str, known: Known) -> Iterator[Finding]:
    if match["number"]:
        # The number itself is looked for elsewhere; all of them it is not where it is a part of more.
        shares = [share for sentence in known.nearest(text) for share in shares_in(sentence)]
        yield from _silent(match[0], not shares or max(shares) >= 1)
        return
    if _BUT_SAID.search(text):
        return
    least = NEARLY_ALL_SHARE if match["near"] else 1.0
    near = " ".join(known.nearest(text)).casefold()
    shares = list(shares_in(near))
    is_all = any(one >= least for one in shares) or _ALL_SAID.search(near) is not None
    if (_SOME_SAID.search(near) or shares) and not (is_all and not _BUT_SAID.search(near)):
        yield from _silent(match[0], False)
    elif not is_all and not _ALL_MEANT.search(near):
        is_elsewhere = any(one >= least for one in known.shares) or _ALL_SAID.search(known.folded)
        yield from _silent(match[0], True if is_elsewhere else None)


def _lengths(rest: str, known: Known) -> Iterator[Finding]:
    for match in _VAGUE_LENGTH.finditer(rest):
        unit = (match["for"] or match["long"]).casefold()
        seconds = {"month": MONTH_SECONDS, "year": 12 * MONTH_SECONDS}.get(unit[:-1]) or UNIT_SECONDS[
            unit[:-1]
        ]
        if known.longest < seconds * MULTITUDE_MIN and unit not in known.reading.rest.casefold():
            yield Finding("length", match[0], "The evidence has no such length of time.")
    for match in _WHOLE_SPAN.finditer(rest):
        span = match["span"].casefold()
        if known.longest < _SPAN_SECONDS[span] and match[0].casefold() not in known.folded:
            yield Finding("length", match[0], "The evidence has no such length of time.")


def _changes(text: str, known: Known) -> Iterator[Finding]:
    pairs = list(_pairs(text))
    if pairs:
        there = {pair for _, *pair_list in _pairs(known.text) for pair in [tuple(pair_list)]}
        for said, first, second in pairs:
            yield from _turned_itself(said, text)
            turned = (second, first) in there or (not there and _comes_later(first, second, known))
            if first != second and (first, second) not in there and turned:
                yield Finding("number", said, "In the evidence it is the other way round.")
    for factor, claimed, told in _FACTORS:
        match = claimed.search(text)
        hedge = hedge_before(text, match.start()) if match is not None else None
        if (
            match is not None
            and not told.search(known.folded)
            and not _has_factor(factor, text, known, hedge)
        ):
            yield Finding("number", match[0], "The evidence has no numbers that bear this out.")

    lowered = text.casefold()
    for match in _FEWER.finditer(text) if any(one in lowered for one in ("fewer ", "less ", "more ")) else ():
        near = " ".join(known.nearest(text))
        goes = _goes(near)
        is_failing = [len(vocabulary.FAILED_STEMS & clause_of(one).all_stems) % 2 for one in (text, near)]
        if goes and (goes == 1) == ((match["how"].casefold() != "more") == (is_failing[0] == is_failing[1])):
            yield Finding("opposite", match[0], "In the evidence it is the other way round.")
    for pattern, is_worth in (
        (_RATHER, any(one in lowered for one in _RATHER_WORDS)),
        (_MOVED, "to " in lowered),
    ):
        claimed_pairs = {_sides(match): match[0] for match in pattern.finditer(text)} if is_worth else {}
        told_pairs = {_sides(match) for match in pattern.finditer(known.text)} if claimed_pairs else set()
        for (one, other), said in claimed_pairs.items():
            if one != other and (other, one) in told_pairs and (one, other) not in told_pairs:
                yield Finding("number", said, "In the evidence it is the other way round.")
    if " to " in lowered:
        yield from _risen(text, known)


def _sides(match: re.Match[str]) -> tuple[str, str]:
    return _plain(match["one"]), _plain(match["other"])


def _risen(text: str, known: Known) -> Iterator[Finding]:
    """“Rose to 2.0 %”, where the evidence has the value and nothing of which it could have risen."""
    for match in _GONE_TO.finditer(text):
        rises = match["up"] is not None
        there = _RISES if rises else _FALLS
        values = {one.value for one in known.reading.numbers} | {one.seconds for one in known.reading.lengths}
        if not there.search(known.text) and len(values) < 2:
            message = "The evidence does not say from what it came. Did it go this way?"
            yield Finding("weak", match[0], message)


def _turned_itself(said: str, text: str) -> Iterator[Finding]:
    """“Dropped from 3% to 12%”."""
    place = text.find(said)
    before = text[:place].rpartition(".")[2]
    found = read(said)
    values = [(one.start, one.seconds) for one in found.lengths] or [
        (one.start, one.value) for one in found.numbers
    ]
    if len(values) != 2:
        return
    first, second = (value for _, value in sorted(values))
    if said[:2].casefold() != "fr":
        return
    rises, falls = (pattern.search(before) for pattern in (_RISES, _FALLS))
    if (rises and not falls and first > second) or (falls and not rises and first < second):
        yield Finding("number", said, "From the one to the other it goes the other way.")


def _pairs(text: str) -> Iterator[tuple[str, str, str]]:
    for match in _FROM_TO.finditer(text):
        first = match["a"] or match["c"] or match["e"] or match["g"]
        second = match["b"] or match["d"] or match["f"] or match["h"]
        yield match[0], _plain(first), _plain(second)


def _plain(value: str) -> str:
    return value.casefold().removeprefix("v").replace(",", "").rstrip(".")


def _comes_later(first: str, second: str, known: Known) -> bool:
    """Whether all that tells the first value was written after all that tells the second."""
    times: tuple[list[float], list[float]] = ([], [])
    for piece in known.pieces:
        for value, found in zip((first, second), times, strict=True):
            if piece.at is not None and re.search(rf"(?<![\w.]){re.escape(value)}(?![\w.]*\d)", piece.text):
                found.append(piece.at.timestamp())
    return bool(times[0] and times[1]) and min(times[0]) > max(times[1])


def _has_factor(factor: float, text: str, known: Known, hedge: str | None = None) -> bool:
    """Whether two values of one kind are so far apart; those of the claim, where it has some."""
    factor = max(factor, 1 / factor)
    said = {one.value for one in read(text).numbers} | {one.seconds for one in read(text).lengths}
    kinds: dict[str, set[float]] = {}
    for number in known.reading.numbers:
        kinds.setdefault(number.unit, set()).add(number.value)
    kinds["length"] = {length.seconds for length in known.reading.lengths}
    for values in kinds.values():
        for small in values:
            for large in values:
                is_told = not said & values or bool(said & {small, large})
                if not small or not is_told:
                    continue
                if abs(large / small - factor) <= factor * FACTOR_APART_MAX:
                    return True
                if hedge == "above" and factor < large / small < factor + 1:
                    return True
    return False
