"""What a custom field takes, how it is kept, and how it is told."""

from __future__ import annotations

import uuid
from typing import Any

import pytest

from afterword.fields.kinds import describe, keys_sought, parse_options, parse_value, to_json
from afterword.lib.errors import InvalidInput

pytestmark = pytest.mark.pure

PERSON = uuid.UUID("0d6a3f6e-8d0b-4c53-9f5a-0f3c6c1d2e3f")
REGIONS = ["Frankfurt", "Dublin", "Oregon"]


@pytest.mark.parametrize(
    ("kind", "given", "items", "told"),
    [
        ("text", "  Rack\t12 ", ("Rack 12",), "Rack 12"),
        ("long_text", "One\r\ntwo", ("One\ntwo",), "One\ntwo"),
        ("number", "1200", ("1200",), 1200),
        ("number", 2.50, ("2.5",), 2.5),
        ("number", "-0.0", ("0",), 0),
        ("number", "1e3", ("1000",), 1000),
        ("choice", "dublin", ("Dublin",), "Dublin"),
        ("multi_choice", ["oregon", "Frankfurt", "Oregon"], ("Frankfurt", "Oregon"), ["Frankfurt", "Oregon"]),
        ("date", "2026-03-02", ("2026-03-02",), "2026-03-02"),
        ("person", str(PERSON).upper(), (str(PERSON),), str(PERSON)),
        ("link", " https://example.com/a ", ("https://example.com/a",), "https://example.com/a"),
        ("yes_no", True, ("yes",), True),
        ("yes_no", "No", ("no",), False),
    ],
)
def test_a_value_is_kept_in_one_spelling_and_told_back(
    kind: str, given: Any, items: tuple[str, ...], told: Any
) -> None:
    assert parse_value(kind, given, options=REGIONS) == items
    assert to_json(kind, items) == told
    assert parse_value(kind, told, options=REGIONS) == items


@pytest.mark.parametrize(
    "kind", ["text", "number", "choice", "date", "person", "link", "yes_no", "long_text"]
)
def test_nothing_is_no_value(kind: str) -> None:
    assert parse_value(kind, None) == parse_value(kind, "") == ()
    assert to_json(kind, ()) is None
    assert describe(kind, ()) == ""


@pytest.mark.parametrize(
    ("kind", "given", "reason"),
    [
        ("text", 5, "a text"),
        ("text", "x" * 501, "at most 500"),
        ("number", "many", "a number"),
        ("number", "NaN", "a number"),
        ("number", True, "a number"),
        ("number", "1e999999", "15 digits before"),
        ("number", "1e-999999", "6 digits after"),
        ("number", "0.1234567", "6 digits after"),
        ("choice", "Paris", "not among the choices"),
        ("multi_choice", ["Dublin", "Paris"], "not among the choices"),
        ("multi_choice", [5], "a text"),
        ("date", "02.03.2026", "a date"),
        ("date", "0001-01-01", "between 1900"),
        ("person", "Bob", "somebody who is here"),
        ("link", "javascript:alert(1)", "http"),
        ("link", "https://bob:secret@example.com", "without a name or a password"),
        ("link", "ftp://example.com", "http"),
        ("yes_no", "perhaps", "yes or no"),
    ],
)
def test_what_does_not_fit_is_refused_with_the_reason(kind: str, given: Any, reason: str) -> None:
    with pytest.raises(InvalidInput) as refusal:
        parse_value(kind, given, options=REGIONS, field="where")
    assert reason in refusal.value.fields["where"]


def test_an_option_that_was_taken_away_stays_where_it_was_chosen() -> None:
    assert parse_value("choice", "Paris", options=REGIONS, kept=("Paris",)) == ("Paris",)
    assert parse_value("multi_choice", ["Paris", "Dublin"], options=REGIONS, kept=("Paris",)) == (
        "Dublin",
        "Paris",
    )


def test_options_are_lines_each_once() -> None:
    assert parse_options("Dublin\n\n dublin \nOregon") == ["Dublin", "Oregon"]
    for lines in ("\n \n", "\n".join(str(number) for number in range(101)), "x" * 101):
        with pytest.raises(InvalidInput):
            parse_options(lines)


def test_people_read_values_in_words() -> None:
    assert describe("date", ("2026-03-02",)) == "2 Mar 2026"
    assert describe("yes_no", ("yes",)) == "Yes"
    assert describe("person", ("1",), people={"1": "Bob"}) == "Bob"
    assert describe("person", ("2",)) == "Somebody who is not here"
    assert describe("multi_choice", ("Dublin", "Oregon")) == "Dublin, Oregon"


def test_what_cannot_be_a_value_is_not_looked_for() -> None:
    assert keys_sought("number", "2.50") == "2.5"
    assert keys_sought("choice", " DUBLIN ") == "dublin"
    assert keys_sought("date", "soon") is None
