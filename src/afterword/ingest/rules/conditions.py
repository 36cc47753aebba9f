"""Conditions on an alert: comparisons, times, and groups of them. Pure; compiled once, asked for each alert.

As JSON a condition is one of::

    {}                                                   every alert
    {"all": [condition, ...]}                            every one of them holds
    {"any": [condition, ...]}                            at least one holds
    {"not": condition}
    {"path": "payload.severity", "operator": "equals", "value": "high", "match_case": false}
    {"operator": "time_of_day", "from": "22:00", "to": "06:00", "time_zone": "Europe/Berlin"}
    {"operator": "weekday", "days": ["saturday", "sunday"], "time_zone": "Europe/Berlin"}

`docs/reference/alert-rules.md` says what each operator means.
"""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime, time
from typing import Any, NamedTuple
from zoneinfo import ZoneInfo

import re2

from afterword.ingest.paths import MISSING, BadPath, Path, look_up, parse_path
from afterword.ingest.rules.faults import Faults, join, read_object, read_text
from afterword.ingest.texts import text_of

CONDITIONS_PER_RULE_MAX = 50
"""Comparisons and times together, in all groups."""
NESTING_LEVELS_MAX = 5
"""Groups within one another."""
VALUE_CHARACTERS_MAX = 1_000
VALUES_MAX = 100
"""In the list of `in`."""
PATTERN_CHARACTERS_MAX = 300
PATTERN_SIZE_MAX = 1_000
"""Instructions of a compiled regular expression. The time of a search grows with these times the text."""
PATTERN_BYTES_MAX = 1024 * 1024
"""Of memory, for each regular expression."""
MATCHED_CHARACTERS_MAX = 4_096
"""Of a text that a regular expression looks at: its beginning, and an ellipsis in place of the rest."""
NUMBER_CHARACTERS_MAX = 40
"""Of a text that is read as a number."""

DAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")

Holds = Callable[[Mapping[str, Any], datetime], bool]
"""Whether a condition holds for an alert's fields at a moment, which is aware."""


class Operator(NamedTuple):
    """How a comparison compares, and what it wants to be told."""

    words: str
    """As a person reads it between the path and the value."""
    takes: str
    """What stands beside the path: `text`, `texts`, `number`, `pattern` or nothing."""
    help: str


COMPARISONS = {
    "equals": Operator("equals", "text", "The value is this text, or this number."),
    "not_equals": Operator("does not equal", "text", "The opposite. Holds too where the path leads nowhere."),
    "contains": Operator(
        "contains", "text", "The text has this in it; a list has this item; an object has this key."
    ),
    "not_contains": Operator(
        "does not contain", "text", "The opposite. Holds too where the path leads nowhere."
    ),
    "starts_with": Operator("starts with", "text", "The text begins with this."),
    "ends_with": Operator("ends with", "text", "The text ends with this."),
    "matches": Operator(
        "matches the pattern",
        "pattern",
        "This regular expression (RE2) is found in the text; with ^ and $ it is all of it.",
    ),
    "exists": Operator("exists", "", "The path leads to something that is neither null nor an empty text."),
    "not_exists": Operator("does not exist", "", "The opposite."),
    "greater": Operator("is greater than", "number", "The value is a number, or a text that is one, above."),
    "less": Operator("is less than", "number", "The value is a number, or a text that is one, below."),
    "in": Operator("is one of", "texts", "The value equals one of these."),
    "not_in": Operator("is none of", "texts", "The opposite. Holds too where the path leads nowhere."),
}
TIMES = {
    "time_of_day": Operator(
        "the time of day is between",
        "times",
        "The alert came between these times in the zone, the first included. It may pass midnight.",
    ),
    "weekday": Operator("the day of the week is", "days", "The alert came on one of these days in the zone."),
}
OPERATORS = COMPARISONS | TIMES
GROUPS = ("all", "any", "not")

_TIME = re.compile(r"([01]\d|2[0-3]):([0-5]\d)")


def parse_condition(
    definition: Any, *, roots: Sequence[str], faults: Faults, at: str = "", with_times: bool = True
) -> Holds:
    """A condition, compiled. What is wrong goes into `faults`, each with its path behind `at`.

    `roots` are the names that paths begin with. Never raises; with faults the result is worth nothing.
    """
    return _Parser(roots, faults, with_times).parse(definition, at, 0)


class _Parser:
    def __init__(self, roots: Sequence[str], faults: Faults, with_times: bool) -> None:
        self._roots = roots
        self._faults = faults
        self._operators = OPERATORS if with_times else COMPARISONS
        self._count = 0

    def parse(self, definition: Any, at: str, level: int) -> Holds:
        if isinstance(definition, dict):
            if not definition and level == 0:
                return _always
            group = next((name for name in GROUPS if name in definition), None)
            if group is not None:
                return self._group(group, definition, at, level)
            return self._leaf(definition, at)
        self._faults.add(at or "conditions", "A condition is an object.")
        return _always

    def _group(self, kind: str, definition: dict[str, Any], at: str, level: int) -> Holds:
        read_object(definition, at, (kind,), self._faults)
        if level >= NESTING_LEVELS_MAX:
            self._faults.add(at, f"Groups stand at most {NESTING_LEVELS_MAX} deep.")
            return _always
        if kind == "not":
            return _negated(self.parse(definition["not"], join(at, "not"), level + 1))
        members = definition[kind]
        if not isinstance(members, list):
            self._faults.add(join(at, kind), "A list of conditions is expected.")
            return _always
        if not members and not (kind == "all" and level == 0):
            self._faults.add(join(at, kind), "Please give at least one condition.")
        if len(members) > CONDITIONS_PER_RULE_MAX:
            self._faults.add(join(at, kind), f"A rule has at most {CONDITIONS_PER_RULE_MAX} conditions.")
            return _always
        parsed = [
            self.parse(member, join(at, kind, place), level + 1) for place, member in enumerate(members)
        ]
        return _all_of(parsed) if kind == "all" else _any_of(parsed)

    def _leaf(self, definition: dict[str, Any], at: str) -> Holds:
        self._count += 1
        if self._count > CONDITIONS_PER_RULE_MAX:
            self._faults.add(at, f"A rule has at most {CONDITIONS_PER_RULE_MAX} conditions.")
            return _always
        operator = definition.get("operator")
        if not isinstance(operator, str) or operator not in self._operators:
            self._faults.add(join(at, "operator"), f"One of these is expected: {', '.join(self._operators)}.")
            return _always
        if operator == "time_of_day":
            return self._time_of_day(definition, at)
        if operator == "weekday":
            return self._weekday(definition, at)
        return self._comparison(operator, definition, at)

    def _comparison(self, operator: str, definition: dict[str, Any], at: str) -> Holds:
        takes = COMPARISONS[operator].takes
        known = ("path", "operator", "value", "match_case") if takes else ("path", "operator")
        read_object(definition, at, known, self._faults)
        steps = self._path(definition.get("path"), join(at, "path"))
        match_case = definition.get("match_case", False)
        if not isinstance(match_case, bool):
            self._faults.add(join(at, "match_case"), "True or false is expected.")
            return _always
        value, where = definition.get("value"), join(at, "value")
        if not takes:
            return _exists(steps, wanted=operator == "exists")
        if takes == "number":
            number = number_of(value)
            if number is None:
                self._faults.add(where, "A number is expected.")
                return _always
            return _greater(steps, number) if operator == "greater" else _less(steps, number)
        if takes == "texts":
            return self._in(steps, value, where, match_case, wanted=operator == "in")
        if takes == "pattern":
            return self._matches(steps, value, where, match_case)
        text = self._text(value, where)
        return _TEXT_COMPARISONS[operator](steps, text if match_case else text.casefold(), match_case)

    def _path(self, given: Any, at: str) -> Path:
        if not isinstance(given, str) or not given.strip():
            self._faults.add(at, "Please fill this in.")
            return ()
        try:
            return parse_path(given, roots=self._roots)
        except BadPath as error:
            self._faults.add(at, str(error))
            return ()

    def _text(self, given: Any, at: str) -> str:
        if given is None or isinstance(given, bool | int | float):
            given = text_of(given)
        return read_text(given, at, self._faults, characters_max=VALUE_CHARACTERS_MAX)

    def _in(self, steps: Path, given: Any, at: str, match_case: bool, *, wanted: bool) -> Holds:
        if not isinstance(given, list) or not given:
            self._faults.add(at, "A list of values is expected.")
            return _always
        if len(given) > VALUES_MAX:
            self._faults.add(at, f"Please give at most {VALUES_MAX} values.")
            return _always
        texts = [self._text(value, join(at, place)) for place, value in enumerate(given)]
        return _is_in(steps, texts, match_case, wanted)

    def _matches(self, steps: Path, given: Any, at: str, match_case: bool) -> Holds:
        source = read_text(given, at, self._faults, characters_max=PATTERN_CHARACTERS_MAX)
        options = re2.Options()
        options.case_sensitive = match_case
        options.never_capture = True
        options.log_errors = False
        options.max_mem = PATTERN_BYTES_MAX
        try:
            pattern = re2.compile(source.encode(errors="replace"), options)
        except re2.error as error:
            reason = error.args[0] if error.args else ""
            reason = reason.decode(errors="replace") if isinstance(reason, bytes) else str(reason)
            self._faults.add(at, f"This pattern cannot be used: {reason[:200]}.")
            return _always
        if pattern.programsize > PATTERN_SIZE_MAX:
            self._faults.add(at, "This pattern is too large: it repeats too much.")
            return _always
        return _is_matched(steps, pattern)

    def _time_of_day(self, definition: dict[str, Any], at: str) -> Holds:
        read_object(definition, at, ("operator", "from", "to", "time_zone"), self._faults)
        start = self._time(definition.get("from"), join(at, "from"))
        end = self._time(definition.get("to"), join(at, "to"))
        zone = self._zone(definition.get("time_zone", "UTC"), join(at, "time_zone"))
        if start == end and start is not None:
            self._faults.add(join(at, "to"), "It ends when it begins.")
        return _always if start is None or end is None or zone is None else _is_between(start, end, zone)

    def _time(self, given: Any, at: str) -> time | None:
        found = _TIME.fullmatch(given) if isinstance(given, str) else None
        if found is None:
            self._faults.add(at, "A time is expected, as in 09:30.")
            return None
        return time(int(found[1]), int(found[2]))

    def _weekday(self, definition: dict[str, Any], at: str) -> Holds:
        read_object(definition, at, ("operator", "days", "time_zone"), self._faults)
        zone = self._zone(definition.get("time_zone", "UTC"), join(at, "time_zone"))
        days = definition.get("days")
        if not isinstance(days, list) or not days or not all(day in DAYS for day in days):
            self._faults.add(join(at, "days"), f"A list of days is expected: {', '.join(DAYS)}.")
            return _always
        return _always if zone is None else _is_on(frozenset(DAYS.index(day) for day in days), zone)

    def _zone(self, given: Any, at: str) -> ZoneInfo | None:
        try:
            return ZoneInfo(given)
        except (KeyError, ValueError, TypeError, OSError):
            # Not every odd name is answered with "not found".
            self._faults.add(at, "A time zone is expected, as in Europe/Berlin or UTC.")
            return None


def number_of(value: Any) -> float | None:
    """The value as a number, also one that was written as text; None when it is none or not finite."""
    if isinstance(value, bool) or not isinstance(value, int | float | str):
        return None
    try:
        if isinstance(value, str) and len(value) > NUMBER_CHARACTERS_MAX:
            return None
        number = float(value)
    except (ValueError, OverflowError):
        return None
    return number if math.isfinite(number) else None


# The compiled forms ------------------------------------------------------------------------------------


def _always(fields: Mapping[str, Any], at: datetime) -> bool:
    return True


def _negated(holds: Holds) -> Holds:
    return lambda fields, at: not holds(fields, at)


def _all_of(members: Sequence[Holds]) -> Holds:
    if len(members) == 1:
        return members[0]

    def holds(fields: Mapping[str, Any], at: datetime) -> bool:
        for member in members:  # noqa: SIM110 - all() with a generator takes twice as long, for each alert
            if not member(fields, at):
                return False
        return True

    return holds


def _any_of(members: Sequence[Holds]) -> Holds:
    if len(members) == 1:
        return members[0]

    def holds(fields: Mapping[str, Any], at: datetime) -> bool:
        for member in members:  # noqa: SIM110 - as above
            if member(fields, at):
                return True
        return False

    return holds


def _exists(steps: Path, *, wanted: bool) -> Holds:
    def holds(fields: Mapping[str, Any], at: datetime) -> bool:
        value = look_up(fields, steps)
        return (value is not MISSING and value is not None and value != "") is wanted

    return holds


def _equals(steps: Path, text: str, match_case: bool) -> Holds:
    number = number_of(text)

    def holds(fields: Mapping[str, Any], at: datetime) -> bool:
        value = look_up(fields, steps)
        if type(value) is str:
            return (value if match_case else value.casefold()) == text
        if value is MISSING:
            return False
        if number is not None and type(value) in (int, float):
            return bool(value == number)
        return _text(value, match_case) == text

    return holds


def _contains(steps: Path, text: str, match_case: bool) -> Holds:
    def holds(fields: Mapping[str, Any], at: datetime) -> bool:
        value = look_up(fields, steps)
        if type(value) is list:
            return any(_text(item, match_case) == text for item in value)
        if type(value) is dict:
            return any((key if match_case else key.casefold()) == text for key in value)
        return text in _text(value, match_case)

    return holds


def _starts_with(steps: Path, text: str, match_case: bool) -> Holds:
    return lambda fields, at: _text(look_up(fields, steps), match_case).startswith(text)


def _ends_with(steps: Path, text: str, match_case: bool) -> Holds:
    return lambda fields, at: _text(look_up(fields, steps), match_case).endswith(text)


def _not(compare: Callable[[Path, str, bool], Holds]) -> Callable[[Path, str, bool], Holds]:
    return lambda steps, text, match_case: _negated(compare(steps, text, match_case))


_TEXT_COMPARISONS = {
    "equals": _equals,
    "not_equals": _not(_equals),
    "contains": _contains,
    "not_contains": _not(_contains),
    "starts_with": _starts_with,
    "ends_with": _ends_with,
}


def _is_in(steps: Path, texts: Sequence[str], match_case: bool, wanted: bool) -> Holds:
    known = frozenset(text if match_case else text.casefold() for text in texts)
    numbers = frozenset(number for text in texts if (number := number_of(text)) is not None)

    def holds(fields: Mapping[str, Any], at: datetime) -> bool:
        value = look_up(fields, steps)
        if type(value) in (int, float):
            return (value in numbers or text_of(value) in known) is wanted
        return (value is not MISSING and _text(value, match_case) in known) is wanted

    return holds


def _greater(steps: Path, number: float) -> Holds:
    def holds(fields: Mapping[str, Any], at: datetime) -> bool:
        found = number_of(look_up(fields, steps))
        return found is not None and found > number

    return holds


def _less(steps: Path, number: float) -> Holds:
    def holds(fields: Mapping[str, Any], at: datetime) -> bool:
        found = number_of(look_up(fields, steps))
        return found is not None and found < number

    return holds


def _is_matched(steps: Path, pattern: Any) -> Holds:
    def holds(fields: Mapping[str, Any], at: datetime) -> bool:
        value = look_up(fields, steps)
        if value is MISSING:
            return False
        text = text_of(value)
        if len(text) > MATCHED_CHARACTERS_MAX:
            # With the ellipsis "$" does not match where the text only was cut.
            text = f"{text[:MATCHED_CHARACTERS_MAX]}…"
        return pattern.search(text.encode(errors="replace")) is not None

    return holds


def _is_between(start: time, end: time, zone: ZoneInfo) -> Holds:
    def holds(fields: Mapping[str, Any], at: datetime) -> bool:
        now = at.astimezone(zone).time()
        return start <= now < end if start < end else now >= start or now < end

    return holds


def _is_on(days: frozenset[int], zone: ZoneInfo) -> Holds:
    return lambda fields, at: at.astimezone(zone).weekday() in days


def _text(value: Any, match_case: bool) -> str:
    text = value if type(value) is str else text_of(value)
    return text if match_case else text.casefold()
