"""Numbers in a sentence before the nouns that the record counts. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterator

from afterword.drafting.citations.reading import Number
from afterword.drafting.record.facts import Record, RecordFinding
from afterword.drafting.record.sentences import Sentence, tail
from afterword.drafting.record.wording import ROUGH

BEFORE_CHARACTERS = 24
_SAYS_HOW_MANY = re.compile(r"\balerts?\b|\bservices?\b|\bfollow-?ups?\b|\baction items?\b", re.I)
_NOUNS = frozenset({"alert", "alerts", "service", "services", "follow", "followup", "followups", "action"})
_COUNTED = {
    "alerts": (
        re.compile(
            r"\s(?:\w+ )?alerts? (?:fired|were|came|arrived|went off|had fired|reached|woke|paged)\b", re.I
        ),
        re.compile(
            r"\b(?:received|raised|fired|sent|got|made up of|consists? of|led to|resulted in|caused|triggered"
            r"|there (?:are|were)(?: now)?)\s(?:a total of\s)?$",
            re.I,
        ),
        re.compile(r"\salerts?\b", re.I),
    ),
    "services": (
        re.compile(
            r"\s(?:services? (?:were|was|became|had been) (?:affected|impacted|degraded|down)"
            r"|(?:of (?:our|the) )?services were (?:hit|affected|impacted))\b",
            re.I,
        ),
        re.compile(r"\b(?:affected|impacted|degraded|hit|touched|involved)\s$", re.I),
        re.compile(r"\sservices?\b", re.I),
    ),
    "follow-ups": (
        re.compile(r"\s(?:follow-?ups?|action items?) (?:were|are|came|have been)\b", re.I),
        re.compile(
            r"\b(?:agreed on|created|opened|made|there (?:are|were)(?: now)?)\s(?:a total of\s)?$", re.I
        ),
        re.compile(r"\s(?:follow-?ups?|action items?)\b", re.I),
    ),
}
_LEFT_WITH = re.compile(
    r"\b(?:left|ended|came out|concluded|closed|finished)\b[^.;:\d]{0,30} with (?:a total of )?$"
    r"|\b(?:produced|yielded|filed|recorded|wrote down) $",
    re.I,
)
_ENDS = re.compile(r"\s(?:follow-?ups?|action items?)(?=[\s*_]*(?:[.,;]|$))", re.I)
_IN_NUMBER = re.compile(r"\b(?:the |our )(?:follow-?ups|action items), $", re.I)
_IN_ALL = re.compile(r" in (?:number|all|total)\b", re.I)
"""For each noun: what follows a number that is all of them; or what stands before it, and follows it."""
_NOT_ALL = re.compile(r"[#/.,-]$|(?<!total )\bof (?:the )?$")


def check_counts(sentence: Sentence, record: Record) -> Iterator[RecordFinding]:
    """Numbers of alerts, services and follow-ups."""
    shown = sentence.shown
    if not sentence.may_have_word(_NOUNS) or not _SAYS_HOW_MANY.search(shown):
        return
    for number in sentence.reading.numbers:
        end = number.start + len(number.text)
        before = shown[max(0, number.start - BEFORE_CHARACTERS) : number.start]
        for noun, (said, verb, plain) in _COUNTED.items():
            count = record.counts.get(noun)
            if count is None or count == number.value or number.unit:
                continue
            is_told = said.match(shown, end) or (plain.match(shown, end) and verb.search(before))
            if not is_told and not (noun == "follow-ups" and _is_of_review(shown, before, number.start, end)):
                continue
            if _NOT_ALL.search(before) or ROUGH.search(tail(shown[: number.start], BEFORE_CHARACTERS)):
                continue
            yield _counted(sentence, number, noun, count, record.url)


def _is_of_review(shown: str, before: str, start: int, end: int) -> bool:
    """“We left the review with six follow-ups”, “the action items, six in number”."""
    if _ENDS.match(shown, end):
        return _LEFT_WITH.search(shown[max(0, start - 60) : start]) is not None
    return _IN_ALL.match(shown, end) is not None and _IN_NUMBER.search(before) is not None


def _counted(sentence: Sentence, number: Number, noun: str, count: int, url: str) -> RecordFinding:
    told = f"{count:,} {noun if count != 1 else noun.removesuffix('s')}"
    return sentence.finding(
        "count",
        number.start,
        number.start + len(number.text),
        expected=str(count),
        message=f"The record has {told}.",
        suggestion=f"{count:,}",
        url=url,
    )
