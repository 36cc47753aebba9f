"""What a custom field may hold: how a value is read, kept and told. Pure: no Django.

A value is kept as a tuple of texts, its items: none for no value, one for most kinds, several for a choice
of several. Each text is in the one spelling that its kind has: `2.5`, `2026-03-02`, `yes`, the unique id of
a person. What people and programs send becomes that by `parse_value`; `to_json` and `describe` go back.
"""

from __future__ import annotations

import uuid
from collections.abc import Mapping, Sequence
from datetime import date
from decimal import Decimal, InvalidOperation
from enum import StrEnum
from typing import Any
from urllib.parse import urlsplit

from afterword.documents import link_target
from afterword.lib.errors import InvalidInput
from afterword.lib.text import is_blank, many_lines, one_line

TEXT_CHARACTERS_MAX = 500
LONG_TEXT_CHARACTERS_MAX = 20_000
URL_CHARACTERS_MAX = 2_000
KEY_CHARACTERS_MAX = 200
"""Of an item in small letters, by which values are looked up."""
OPTIONS_MAX = 100
OPTION_CHARACTERS_MAX = 100
NUMBER_DIGITS_MAX = 15
"""Before the point: beyond it, programs that read JSON numbers as floating point lose some."""
NUMBER_PLACES_MAX = 6
YEARS = (1900, 2200)
"""A date outside of them is a slip."""

Items = tuple[str, ...]


class FieldKind(StrEnum):
    """What a field holds."""

    TEXT = "text"
    LONG_TEXT = "long_text"
    NUMBER = "number"
    CHOICE = "choice"
    MULTI_CHOICE = "multi_choice"
    DATE = "date"
    PERSON = "person"
    LINK = "link"
    YES_NO = "yes_no"


LABELS = {
    FieldKind.TEXT: "Text",
    FieldKind.LONG_TEXT: "Long text",
    FieldKind.NUMBER: "Number",
    FieldKind.CHOICE: "One of a list",
    FieldKind.MULTI_CHOICE: "Some of a list",
    FieldKind.DATE: "Date",
    FieldKind.PERSON: "Person",
    FieldKind.LINK: "Link",
    FieldKind.YES_NO: "Yes or no",
}
WITH_OPTIONS = frozenset({FieldKind.CHOICE, FieldKind.MULTI_CHOICE})
SEARCHED_BY_WORDS = frozenset({FieldKind.TEXT, FieldKind.LONG_TEXT, FieldKind.LINK})
"""Of these a part is enough to find a value; the others must be the same."""
_YES, _NO = "yes", "no"
_WORDS_FOR = {_YES: "Yes", _NO: "No"}


def parse_value(
    kind: str, given: Any, *, options: Sequence[str] = (), kept: Items = (), field: str = "value"
) -> Items:
    """The items of what somebody sent: a text from a form, or what JSON has of that kind.

    None, an empty text and an empty list are no value. An option that `kept` has may stay after it was
    taken from the `options`. Whether a person is there is for the caller to ask. Raises InvalidInput,
    naming `field`.
    """
    if given is None or given == "" or given == []:
        return ()
    match FieldKind(kind):
        case FieldKind.TEXT:
            return _filled(
                one_line(field, _text(given, field), characters_max=TEXT_CHARACTERS_MAX, required=False)
            )
        case FieldKind.LONG_TEXT:
            return _filled(many_lines(field, _text(given, field), characters_max=LONG_TEXT_CHARACTERS_MAX))
        case FieldKind.NUMBER:
            return _filled(_number(given, field))
        case FieldKind.CHOICE:
            return (_option(_text(given, field), options, kept, field),)
        case FieldKind.MULTI_CHOICE:
            chosen = given if isinstance(given, list | tuple) else [given]
            wanted = {_option(_text(one, field), options, kept, field) for one in chosen}
            return tuple(one for one in dict.fromkeys([*options, *kept]) if one in wanted)
        case FieldKind.DATE:
            return _filled(_date(given, field))
        case FieldKind.PERSON:
            return _filled(_person(given, field))
        case FieldKind.LINK:
            return _filled(_link(_text(given, field), field))
        case FieldKind.YES_NO:
            return _filled(_yes_or_no(given, field))


def parse_options(lines: str) -> list[str]:
    """The options of a choice, one on each line; empty lines and repetitions count for nothing.

    Raises InvalidInput, naming `options`.
    """
    texts = [
        one_line("options", line, characters_max=OPTION_CHARACTERS_MAX, required=False)
        for line in lines.splitlines()
    ]
    found: dict[str, str] = {}
    for text in texts:
        if not is_blank(text):
            found.setdefault(text.casefold(), text)
    if not found:
        raise InvalidInput(fields={"options": "Please give at least one, each on a line of its own."})
    if len(found) > OPTIONS_MAX:
        raise InvalidInput(fields={"options": f"Please give at most {OPTIONS_MAX}."})
    return list(found.values())


def to_json(kind: str, items: Items) -> Any:
    """The value as programs get it: a text, a number, a boolean, a list of texts; None for none."""
    if kind == FieldKind.MULTI_CHOICE:
        return list(items)
    if not items:
        return None
    if kind == FieldKind.NUMBER:
        number = Decimal(items[0])
        return int(number) if number == number.to_integral_value() else float(number)
    return items[0] == _YES if kind == FieldKind.YES_NO else items[0]


def describe(kind: str, items: Items, *, people: Mapping[str, str] | None = None) -> str:
    """The value in words, empty for none; `people` are names by unique id."""
    if kind == FieldKind.PERSON:
        return ", ".join((people or {}).get(item, "Somebody who is not here") for item in items)
    if kind == FieldKind.YES_NO:
        return ", ".join(_WORDS_FOR.get(item, item) for item in items)
    if kind == FieldKind.DATE:
        days = [date.fromisoformat(item) for item in items]
        return ", ".join(f"{day.day} {day:%b %Y}" for day in days)
    return ", ".join(items)


def usable_link(url: str, *, characters_max: int, field: str = "url") -> str:
    """An address that is safe to follow. Raises InvalidInput, naming `field`."""
    url = url.strip()
    if len(url) > characters_max:
        raise InvalidInput(fields={field: f"Please use at most {characters_max:,} characters."})
    target = link_target(url)
    if target is None or not target.lower().startswith(("http://", "https://")):
        raise InvalidInput(fields={field: "Please give an address that begins with https:// or http://."})
    try:
        parts = urlsplit(target)
        has_host, _ = bool(parts.hostname), parts.port
    except ValueError:
        has_host = False
    if not has_host:
        raise InvalidInput(fields={field: "This address names no host."})
    if parts.username or parts.password:
        # Whoever reads the page would read the password, and a name before @ hides where a link leads.
        raise InvalidInput(fields={field: "Please give an address without a name or a password in it."})
    return target


def key_of(item: str) -> str:
    """By which an item is looked up: in small letters, cut to `KEY_CHARACTERS_MAX`."""
    return item.casefold()[:KEY_CHARACTERS_MAX]


def keys_sought(kind: str, text: str) -> str | None:
    """The key that a value must have to be `text`; None where no value can be, as `soon` for a date.

    Of the kinds `SEARCHED_BY_WORDS` the caller looks for a part instead.
    """
    if kind in WITH_OPTIONS:
        return key_of(text.strip())
    try:
        items = parse_value(kind, text.strip())
    except InvalidInput:
        return None
    return key_of(items[0]) if items else None


def _filled(text: str) -> Items:
    return () if is_blank(text) else (text,)


def _text(given: Any, field: str) -> str:
    if not isinstance(given, str):
        raise InvalidInput(fields={field: "Please give a text."})
    return given.strip()


def _number(given: Any, field: str) -> str:
    text = str(given).strip().replace(" ", "") if not isinstance(given, bool) else ""
    try:
        number = Decimal(text)
    except InvalidOperation:
        number = Decimal("NaN")
    if not number.is_finite():
        raise InvalidInput(fields={field: "Please give a number, as in 1200 or 2.5."})
    if number and number.adjusted() >= NUMBER_DIGITS_MAX:
        raise InvalidInput(
            fields={field: f"Please give a number with at most {NUMBER_DIGITS_MAX} digits before the point."}
        )
    if (number and number.adjusted() < -NUMBER_DIGITS_MAX) or number != round(number, NUMBER_PLACES_MAX):
        raise InvalidInput(
            fields={field: f"Please give a number with at most {NUMBER_PLACES_MAX} digits after the point."}
        )
    plain = format(number, "f")
    plain = plain.rstrip("0").rstrip(".") if "." in plain else plain
    return "0" if plain in ("", "-0") else plain


def _option(text: str, options: Sequence[str], kept: Items, field: str) -> str:
    for option in (*options, *kept):
        if option.casefold() == text.casefold():
            return option
    raise InvalidInput(fields={field: f"“{text[:OPTION_CHARACTERS_MAX]}” is not among the choices."})


def _date(given: Any, field: str) -> str:
    try:
        day = given if isinstance(given, date) else date.fromisoformat(_text(given, field))
    except ValueError as error:
        raise InvalidInput(fields={field: "Please give a date, as in 2026-03-02."}) from error
    if not YEARS[0] <= day.year <= YEARS[1]:
        raise InvalidInput(fields={field: f"Please give a date between {YEARS[0]} and {YEARS[1]}."})
    return day.isoformat()[:10]


def _person(given: Any, field: str) -> str:
    try:
        return str(given if isinstance(given, uuid.UUID) else uuid.UUID(_text(given, field)))
    except ValueError as error:
        raise InvalidInput(fields={field: "Please choose somebody who is here."}) from error


def _link(text: str, field: str) -> str:
    return usable_link(text, characters_max=URL_CHARACTERS_MAX, field=field) if text else ""


def _yes_or_no(given: Any, field: str) -> str:
    word = given if not isinstance(given, bool) else _YES if given else _NO
    found = {_YES: _YES, _NO: _NO, "true": _YES, "false": _NO}.get(str(word).strip().lower())
    if found is None:
        raise InvalidInput(fields={field: "Please say yes or no."})
    return found
