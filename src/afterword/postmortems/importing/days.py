"""Days as people write them, in English and in German. Pure."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from datetime import UTC, date, datetime

NOON_HOUR = 12
DAY_TEXT_CHARACTERS_MAX = 1_000
"""So far into a text, or a line of one, a day is looked for."""

_YEAR = r"((?:19|20)\d\d)(?!\d)"
_MONTH = r"([A-Za-zÄäÖöÜü]{3,9})"
_DAY = re.compile(r"(?<!\d)((?:19|20)\d\d)[-_./]?(0[1-9]|1[0-2])[-_./]?(0[1-9]|[12]\d|3[01])(?!\d)")
_WRITTEN_DAY = re.compile(
    rf"(?<!\d)(\d{{1,2}})(?:(?:st|nd|rd|th)?(?: of)? |\. ?){_MONTH}\.?,? {_YEAR}", re.IGNORECASE
)
_WRITTEN_MONTH = re.compile(rf"\b{_MONTH}\.? (\d{{1,2}})(?:st|nd|rd|th)?,? {_YEAR}", re.IGNORECASE)
_DOTTED_DAY = re.compile(rf"(?<![\d.])(\d{{1,2}})\. ?(\d{{1,2}})\. ?{_YEAR}(?!\.\d)")
"""As in 31.03.2021. With slashes nobody knows which is the month."""
_DIGITS = re.compile(r"(?<!\d)\d{1,4}([-./])\d{1,2}\1\d{1,4}(?!\d)")
_DAY_LINE = re.compile(
    r"^[ \t>*_|-]*(?:incident |post-?mortem )?"
    r"(?:date|day|when|occurred(?: on)?|started"
    r"|datum|vorfalls?datum|störungsdatum|zeitpunkt|wann|beginn|aufgetreten(?: am)?)"
    r"(?: of (?:the )?incident| des vorfalls| des ausfalls| der störung)?[ \t*_]*[:|][ \t*_]*(.+)$",
    re.IGNORECASE,
)
_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_GERMAN_MONTHS = {
    **dict.fromkeys(("jän", "jänner"), 1),
    **dict.fromkeys(("mär", "märz", "mrz", "maerz"), 3),
    "mai": 5,
    **dict.fromkeys(("okt", "oktober"), 10),
    **dict.fromkeys(("dez", "dezember"), 12),
}
"""Those that do not begin as in English."""


def read_day(text: str) -> datetime | None:
    """The first day in a text, ISO or written out; a moment where it is one in full, else noon in UTC.

    Noon is on the same day almost everywhere.
    """
    text = unicodedata.normalize("NFC", text[:DAY_TEXT_CHARACTERS_MAX].strip())
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        moment = None
    if moment is not None and 1970 <= moment.year <= 2100:
        if len(text) <= len("2021-03-31"):
            return _noon(moment.year, moment.month, moment.day)
        return moment.astimezone(UTC) if moment.tzinfo else moment.replace(tzinfo=UTC)
    return next((day for day in _days_in(text) if day is not None), None)


def day_in_digits(text: str) -> re.Match[str] | None:
    """The first that looks like a day, whether or not anybody can tell which, as in 03/04/2021."""
    return _DIGITS.search(text[:DAY_TEXT_CHARACTERS_MAX])


def value_of_day_line(line: str) -> str:
    """What stands behind the label of a line such as `Date: ...` or `| Datum | ... |`; else nothing."""
    found = _DAY_LINE.match(unicodedata.normalize("NFC", line[:DAY_TEXT_CHARACTERS_MAX]))
    return found[1] if found else ""


def year_in_name(name: str, latest: int) -> int | None:
    """The year in the name of a file, as in PM2020-003, if it is none after `latest`."""
    found = re.search(rf"(?<!\d){_YEAR}", name)
    return int(found[1]) if found and int(found[1]) <= latest else None


def _days_in(text: str) -> Iterator[datetime | None]:
    for found in _DAY.finditer(text):
        yield _noon(int(found[1]), int(found[2]), int(found[3]))
    for found in _WRITTEN_DAY.finditer(text):
        yield _noon(int(found[3]), _month(found[2]), int(found[1]))
    for found in _WRITTEN_MONTH.finditer(text):
        yield _noon(int(found[3]), _month(found[1]), int(found[2]))
    for found in _DOTTED_DAY.finditer(text):
        yield _noon(int(found[3]), int(found[2]), int(found[1]))


def _month(name: str) -> int:
    folded = name.casefold()
    if folded in _GERMAN_MONTHS:
        return _GERMAN_MONTHS[folded]
    return _MONTHS.index(folded[:3]) + 1 if folded[:3] in _MONTHS else 0


def _noon(year: int, month: int, day: int) -> datetime | None:
    try:
        found = date(year, month, day)
    except ValueError:
        return None
    return datetime(found.year, found.month, found.day, NOON_HOUR, tzinfo=UTC)
