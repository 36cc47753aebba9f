"""Dates on which a sentence says that the incident was, without saying of which moment. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import datetime, timedelta

from afterword.drafting.citations.reading import Day
from afterword.drafting.record.facts import Record
from afterword.drafting.record.sentences import Sentence
from afterword.drafting.record.wording import SUBJECT

BEFORE_CHARACTERS = 60
_HAPPENED = re.compile(
    rf"(?:\b(?:this|the) {SUBJECT} (?:happened|occurred|took place)(?: on)?(?: \w+day,?)?"
    rf"|\b(?:about the|this|(?:review|post-?mortem|report) of the) {SUBJECT} (?:of|on)(?: \w+day,?)?"
    r"|^[\s>|*_+-]*+(?:incident date|outage date|date of (?:the )?(?:incident|outage))[\s*_|]*[:–"
    r"|-][\s*_|]*)\s*$",
    re.I,
)
_OF_DATE = re.compile(r"^[\s>|*_+-]*+the (?:incident|outage) (?:of|on)(?: \w+day,?)? $", re.I)
_MAY_END = re.compile(r"(?:on|of|day,?|occurred|happened|place|[*_:|–-])\s*$", re.I)
NEAR_DAYS = 7
"""How far off a date may be that is meant for the day of the incident; others are of other incidents."""
DATE_WORDS = frozenset({"happened", "occurred", "place", "about", "this", "date", "outage", "incident"})
"""Without any of these nothing is told so."""


def dates_of_incident(sentence: Sentence, record: Record) -> Iterator[Day]:
    """Those of which it says that the incident happened on them."""
    if not sentence.may_have_word(DATE_WORDS):
        return
    for day in sentence.reading.days:
        before = sentence.shown[max(0, day.start - BEFORE_CHARACTERS) : day.start]
        # What all of them end with is seen soonest.
        if _MAY_END.search(before) is None:
            continue
        if _HAPPENED.search(before) or (_is_first(day, before) and _is_near(day, record)):
            yield day


def _is_first(day: Day, before: str) -> bool:
    """“The outage of 16 June”, at the beginning of a sentence."""
    return day.start <= BEFORE_CHARACTERS and _OF_DATE.match(before) is not None


def _is_near(day: Day, record: Record) -> bool:
    for moment in record.moments.get("started", ()):
        try:
            said = datetime(day.year or moment.at.year, day.month, day.day, tzinfo=moment.at.tzinfo)
        except ValueError:
            continue
        if abs(said - moment.at) <= timedelta(days=NEAR_DAYS):
            return True
    return False
