"""Words that come from outside."""

from __future__ import annotations

import pytest

from afterword.documents import plain_text
from afterword.lib.errors import InvalidInput
from afterword.lib.text import is_blank, many_lines, one_line

pytestmark = pytest.mark.pure


@pytest.mark.parametrize(
    ("text", "kept"),
    [
        ("  a \t b\nc  ", "a b c"),
        ("a\x00b\x1bc", "abc"),
        ("safe\u202egnp.exe", "safegnp.exe"),
        ("\ud800x", "x"),
        ("Ελλάδα ‏עברית 😀", "Ελλάδα ‏עברית 😀"),
    ],
)
def test_one_line_has_neither_breaks_nor_controls(text: str, kept: str) -> None:
    assert one_line("name", text, characters_max=50) == kept


def test_many_lines_keep_their_lines_and_tabs() -> None:
    text = many_lines("summary", "one\r\ntwo\rthree\n\tfour\x00\u202e\n", characters_max=50)
    assert text == "one\ntwo\nthree\n\tfour"


def test_nothing_is_refused_where_something_is_needed() -> None:
    assert many_lines("summary", " \x00 ", characters_max=9) == ""
    for line in (one_line, many_lines):
        with pytest.raises(InvalidInput) as refusal:
            line("name", " \x00 ", characters_max=9, required=True)
        assert refusal.value.fields == {"name": "Please fill this in."}


def test_the_limit_counts_what_is_kept() -> None:
    assert one_line("name", " xxx\x00 ", characters_max=3) == "xxx"
    with pytest.raises(InvalidInput):
        one_line("name", "xxxx", characters_max=3)


@pytest.mark.parametrize(
    "text", ["", " ", "\u200b", "\u2060\u200d \ufeff", "\u3164", "\u00ad", "\U000e0041", "\u2800"]
)
def test_what_would_be_drawn_as_nothing_is_nothing(text: str) -> None:
    assert is_blank(text)
    with pytest.raises(InvalidInput):
        one_line("name", text, characters_max=50)
    assert plain_text(text) == ""


@pytest.mark.parametrize("text", ["a", "_", "👩\u200d🚒", "می\u200cخواهم", "한"])
def test_joiners_stay_where_something_is_seen(text: str) -> None:
    assert not is_blank(text)
    assert one_line("name", text, characters_max=50) == text
    assert plain_text(text) == text
