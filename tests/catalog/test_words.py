"""Colours, lengths of time and maintenance windows in words."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from afterword.catalog.colours import PALETTE, name_of, value_of
from afterword.catalog.minutes import describe_minutes, parse_minutes
from afterword.catalog.models import DEFAULT_COLOUR
from afterword.catalog.wording import describe_window
from afterword.lib.errors import InvalidInput

pytestmark = pytest.mark.pure
MINUTES_MAX = 10**7


@given(st.integers(0, MINUTES_MAX))
def test_what_is_shown_of_a_length_of_time_can_be_typed(minutes: int) -> None:
    assert parse_minutes(describe_minutes(minutes), field="x", minutes_max=MINUTES_MAX) == minutes


@given(st.text(max_size=30))
def test_any_text_is_minutes_or_refused(text: str) -> None:
    try:
        found = parse_minutes(text, field="x", minutes_max=100)
    except InvalidInput:
        found = 0
    assert 0 <= found <= 100


@pytest.mark.parametrize(
    ("minutes", "words"), [(0, "0 min"), (59, "59 min"), (60, "1 h"), (1_445, "1 d 5 min"), (43_200, "30 d")]
)
def test_minutes_are_shown_as_hours_and_days(minutes: int, words: str) -> None:
    assert describe_minutes(minutes) == words


def test_each_colour_is_its_own_nearest_and_the_default_is_one_of_them() -> None:
    assert [name_of(colour.value) for colour in PALETTE] == [colour.name for colour in PALETTE]
    assert [value_of(colour.name) for colour in PALETTE] == [colour.value for colour in PALETTE]
    assert value_of("grey") == DEFAULT_COLOUR


@pytest.mark.parametrize(
    ("value", "name"),
    [
        ("#ff0000", "red"),
        ("#00ff00", "green"),
        ("#000000", "grey"),
        ("#ffc0cb", "pink"),
        ("nonsense", "grey"),
    ],
)
def test_any_colour_has_a_nearest(value: str, name: str) -> None:
    assert name_of(value) in {colour.name for colour in PALETTE}
    if name != "pink":
        assert name_of(value) == name


@dataclass(frozen=True)
class Window:
    starts_at: datetime
    ends_at: datetime
    time_zone: str
    repeats: str
    repeat_until: datetime | None


BERLIN = ZoneInfo("Europe/Berlin")


@pytest.mark.parametrize(
    ("start", "end", "repeats", "until", "words"),
    [
        ("2026-03-03T02:00", "2026-03-03T04:00", "once", None, "3 March 2026, 02:00–04:00 Europe/Berlin"),
        (
            "2026-03-03T22:00",
            "2026-03-05T04:30",
            "once",
            None,
            "3 March 2026, 22:00 to 5 March 2026, 04:30 Europe/Berlin",
        ),
        ("2026-03-03T02:00", "2026-03-03T04:00", "daily", None, "Every day 02:00–04:00 Europe/Berlin"),
        (
            "2026-03-03T02:00",
            "2026-03-03T04:00",
            "weekly",
            "2027-03-01T23:59",
            "Every Tuesday 02:00–04:00 Europe/Berlin until 1 March 2027",
        ),
        (
            "2026-03-03T22:00",
            "2026-03-04T01:00",
            "weekly",
            None,
            "Every Tuesday 22:00–01:00 the next day Europe/Berlin",
        ),
        (
            "2026-03-03T22:00",
            "2026-03-05T00:30",
            "weekly",
            None,
            "Every Tuesday 22:00 for 1 d 2 h 30 min Europe/Berlin",
        ),
        (
            "2026-01-31T22:00",
            "2026-01-31T23:00",
            "monthly",
            None,
            "On the 31st of every month that has one, 22:00–23:00 Europe/Berlin",
        ),
        (
            "2026-02-12T22:00",
            "2026-02-12T23:00",
            "monthly",
            None,
            "On the 12th of every month 22:00–23:00 Europe/Berlin",
        ),
        (
            "2027-02-22T22:00",
            "2027-02-22T23:00",
            "monthly",
            None,
            "On the 22nd of every month 22:00–23:00 Europe/Berlin from 22 February 2027",
        ),
    ],
)
def test_a_window_is_told_in_plain_words(
    start: str, end: str, repeats: str, until: str | None, words: str
) -> None:
    def moment(text: str) -> datetime:
        return datetime.fromisoformat(text).replace(tzinfo=BERLIN).astimezone(UTC)

    window = Window(moment(start), moment(end), "Europe/Berlin", repeats, moment(until) if until else None)
    assert describe_window(window, datetime(2026, 11, 1, tzinfo=UTC)) == words
