"""Dates on which a sentence says that the incident was, without saying of which moment. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterator

from afterword.drafting.citations.reading import Day
from afterword.drafting.record.sentences import Sentence
from afterword.drafting.record.wording import SUBJECT

BEFORE_CHARACTERS = 60
_HAPPENED = re.compile(
    rf"(?:\b(?:this|the) {SUBJECT} (?:happened|occurred|took place)(?: on)?(?: \w+day,?)?"
    rf"|\b(?:about the|this) {SUBJECT} (?:of|on)(?: \w+day,?)?"
    r"|^[\s>|*_+-]*+(?:incident date|outage date|date of (?:the )?(?:incident|outage))[\s*_|]*[:–"
    r"|-][\s*_|]*)\s*$",
    re.I,
)
DATE_WORDS = frozenset({"happened", "occurred", "place", "about", "this", "date"})
"""Without any of these nothing is told so."""


def dates_of_incident(sentence: Sentence) -> Iterator[Day]:
    """Those of which it says that the incident happened on them."""
    if not sentence.may_have_word(DATE_WORDS):
        return
    for day in sentence.reading.days:
        if _HAPPENED.search(sentence.shown[max(0, day.start - BEFORE_CHARACTERS) : day.start]):
            yield day
