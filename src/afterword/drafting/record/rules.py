"""What a text says of the times, lengths, numbers and names of an incident, held against the record. Pure.

It looks at few things and is sure of them. A time is compared only where the sentence says of what it is
("the incident started at ..."), and a number only with the noun that the record counts. Quotations, code,
other incidents, thresholds, habits and plans are left alone: a finding that is wrong costs more than one
that is not made.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from afterword.drafting.citations.reading import NUMBER_WORDS, WEEKDAYS
from afterword.drafting.record.counts import check_counts
from afterword.drafting.record.elsewhere import is_elsewhere
from afterword.drafting.record.facts import Record, RecordFinding
from afterword.drafting.record.lengths import check_lengths
from afterword.drafting.record.names import (
    check_services,
    check_severities,
    check_versions,
    names_something,
)
from afterword.drafting.record.sentences import Sentence, sentences_of
from afterword.drafting.record.times import check_moments, check_weekdays_of_dates, names_weekday

TEXT_CHARACTERS_MAX = 64 * 1024
FINDINGS_MAX = 200

_DIGIT = re.compile(r"\d")
_SAYING_WORDS = frozenset(
    {*WEEKDAYS, *NUMBER_WORDS, "half", "quarter", "noon", "midday", "midnight", "hour", "day", "week"}
) - {"one", "zero"}
"""Without any of these, or a digit, a sentence has no value but a name."""
_HAS_WORD = re.compile(r"[A-Za-z]{3}")
"""Whatever says of what a value is has a word of three letters at least."""


def check_record(text: str, record: Record) -> list[RecordFinding]:
    """The findings in a text of Markdown, in their order, at most `FINDINGS_MAX`.

    Of a text longer than `TEXT_CHARACTERS_MAX` its beginning is read. Takes time in proportion to the text.
    """
    found: list[RecordFinding] = []
    for sentence in sentences_of(text[:TEXT_CHARACTERS_MAX]):
        if not _HAS_WORD.search(sentence.shown):
            continue
        has_value = _DIGIT.search(sentence.shown) or sentence.may_have_word(_SAYING_WORDS)
        if not has_value and not names_something(sentence, record):
            continue
        found += _check_sentence(sentence, record)
        if len(found) >= FINDINGS_MAX:
            break
    return sorted(_one_for_each_span(found), key=lambda one: one.start)[:FINDINGS_MAX]


def _check_sentence(sentence: Sentence, record: Record) -> Iterator[RecordFinding]:
    if names_weekday(sentence):
        yield from check_weekdays_of_dates(sentence, record)
    if is_elsewhere(sentence):
        return
    yield from check_moments(sentence, record)
    yield from check_lengths(sentence, record)
    yield from check_counts(sentence, record)
    yield from check_severities(sentence, record)
    yield from check_services(sentence, record)
    yield from check_versions(sentence, record)


def _one_for_each_span(found: Iterable[RecordFinding]) -> list[RecordFinding]:
    kept: dict[tuple[int, int], RecordFinding] = {}
    for one in found:
        kept.setdefault((one.start, one.end), one)
    return list(kept.values())
