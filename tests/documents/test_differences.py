"""Comparing two texts: what was added and removed, by line and by word."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from afterword.documents import Change, DifferenceLine, Gap, compare_texts, fold_unchanged

pytestmark = pytest.mark.pure

TEXTS = st.lists(st.sampled_from(["", "One two three.", "One two four.", "- a", "Ä ö 🙂"]), max_size=8).map(
    "\n".join
)


def written(line: DifferenceLine) -> str:
    signs = {Change.SAME: "{}", Change.ADDED: "[+{}]", Change.REMOVED: "[-{}]"}
    return "".join(signs[span.change].format(span.text) for span in line.spans)


def test_a_changed_word_is_shown_in_its_line() -> None:
    lines = compare_texts("Kept.\nThe pool had 20 places.", "Kept.\nThe pool had 50 places.")

    assert [written(line) for line in lines] == ["Kept.", "The pool had [-20][+50] places."]


def test_lines_with_little_in_common_stand_one_below_the_other() -> None:
    lines = compare_texts("A short remark.", "Nobody could have known, given what the page showed then!")

    assert [line.spans[0].change for line in lines] == [Change.REMOVED, Change.ADDED]


def test_blanks_make_no_lines_alike() -> None:
    before = "- The page offers other ways to pay when a card fails, and half of the customers took one."
    lines = compare_texts(before, "The retry storm was our cache, it had been cold since the release.")

    assert [line.spans[0].change for line in lines] == [Change.REMOVED, Change.ADDED]


def test_words_changed_side_by_side_are_shown_as_one_phrase() -> None:
    lines = compare_texts("The pool had twenty free places left.", "The pool had no more room left.")

    assert [written(line) for line in lines] == ["The pool had [-twenty free places][+no more room] left."]


def test_unchanged_lines_are_folded_but_for_a_little_context() -> None:
    before = "\n".join(f"Line {number}" for number in range(20))
    folded = fold_unchanged(compare_texts(before, before.replace("Line 10", "Line ten")))

    assert [one.lines if isinstance(one, Gap) else written(one) for one in folded] == [
        8,
        "Line 8",
        "Line 9",
        "Line [-10][+ten]",
        "Line 11",
        "Line 12",
        7,
    ]


def test_the_same_text_has_no_difference() -> None:
    assert fold_unchanged(compare_texts("One\nTwo", "One\nTwo")) == []


def test_a_text_of_many_lines_is_compared_in_bounded_time() -> None:
    lines = compare_texts("x\n" * 30_000, "y\n" * 30_000 + "z")

    assert sum(line.spans[0].change is Change.ADDED for line in lines) >= 30_000


@given(before=TEXTS, after=TEXTS)
def test_each_side_can_be_read_back_from_the_comparison(before: str, after: str) -> None:
    lines = compare_texts(before, after)

    def side(leave_out: Change) -> list[str]:
        return [
            "".join(span.text for span in line.spans if span.change is not leave_out)
            for line in lines
            if any(span.change is not leave_out for span in line.spans)
        ]

    def filled(text: str) -> list[str]:
        return [line for line in text.split("\n") if line]

    assert [line for line in side(Change.REMOVED) if line] == filled(after)
    assert [line for line in side(Change.ADDED) if line] == filled(before)
