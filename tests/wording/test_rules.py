"""Which words a reason is about, and who is on the roster. Pure."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from afterword.language import check
from afterword.wording.rules import Place, assign, in_units, nearest, roster_of, surroundings
from tests.examples import examples

pytestmark = pytest.mark.pure


def place(before: str = "", after: str = "", *, section: str = "a", quote: str = "human error") -> Place:
    return Place(section, "human_error", quote, before, after)


def test_of_the_same_words_those_with_the_same_surroundings_are_meant() -> None:
    present = [place("first it was", "then"), place("later it was", "again")]
    assert assign([place("later it was", "again")], present, ["a"]) == {0: 1}
    assert assign([place("all is edited", "again")], present, ["a"]) == {0: 1}


def test_two_reasons_for_the_same_words_take_two_places() -> None:
    assert assign([place(), place()], [place(), place()], ["a"]) == {0: 0, 1: 1}
    assert assign([place(), place()], [place()], ["a"]) == {0: 0}


def test_words_in_another_section_or_of_another_category_are_not_meant() -> None:
    assert assign([place(section="a")], [place(section="b")], ["a", "b"]) == {}
    assert assign([place()], [Place("a", "heat", "human error", "", "")], ["a"]) == {}
    assert nearest(place(quote="Human Error"), [place()]) == 0, "the case does not matter"


def test_the_words_of_a_section_that_is_gone_are_found_where_they_were_put() -> None:
    assert assign([place(section="gone")], [place(section="b")], ["b"]) == {0: 0}


@pytest.mark.parametrize(
    ("text", "before", "after"),
    [
        ("It was human error.", "It was ", "."),
        ("First.\n\nIt was\nhuman error\n- two\n\nLast.", "It was ", " - two"),
        (
            f"{'One word after another ' * 4}of human error and {'so on it goes ' * 6}",
            "… another One word after another One word after another of ",
            " and so on it goes so on it goes so on it goes so on it goes …",
        ),
        (f"{'x' * 300}human error{'y' * 300}", f"… {'x' * 61}", f"{'y' * 61} …"),
    ],
)
def test_what_is_shown_around_a_finding_are_whole_words_of_its_paragraph(
    text: str, before: str, after: str
) -> None:
    start = text.index("human error")
    (found,) = [one._replace(start=start, end=start + 11) for one in check("It was human error.")]
    assert surroundings(text, found) == (before, after)


@examples(100)
@given(st.text(max_size=40), st.data())
def test_places_are_counted_as_scripts_count_them(text: str, data: st.DataObject) -> None:
    offset = data.draw(st.integers(0, len(text)))
    units = in_units(text, [offset, 0])
    assert units[0] == 0
    assert text.encode("utf-16-le", "surrogatepass")[: units[offset] * 2] == text[:offset].encode(
        "utf-16-le", "surrogatepass"
    )


def test_people_are_known_by_name_address_and_a_first_name_that_only_one_has() -> None:
    roster = roster_of(
        [("Ana Silva", "ana.silva@example.com"), ("Bob One", "bob@x.example"), ("Bob Two", "b2@x.example")],
        ["Contoso Carl"],
    )
    assert roster == {
        *("Ana Silva", "Ana", "ana.silva", "Bob One", "bob", "Bob Two", "b2", "Contoso Carl"),
    }
