"""However hostile a text is, twice as much of it takes twice the work: counted in lines, not in seconds."""

from __future__ import annotations

import sys
from types import FrameType
from typing import Any

import pytest

from afterword.documents import (
    Emphasis,
    FootnoteReference,
    Link,
    Paragraph,
    Text,
    limits,
    parse_markdown,
)

pytestmark = pytest.mark.pure

CHARACTERS = 1_500
NOTE = "[^a]: x\n\n"
STEPS_PER_CHARACTER_MAX = 500
HOSTILE = {
    "openers": "[",
    "pictures": "![",
    "openers in lines": "[\n",
    "openers and code": "[`",
    "openers and addresses": "[<",
    "openers and emphasis": "[*a",
    "footnotes": '"[^:^(',
    "footnotes and code": "[^:`",
    "pairs": "[]",
    "halves of links": "[](",
    "links and openers": "[a][",
    "closers": "](",
}


def steps(text: str) -> int:
    """How many lines of Python are gone through for it."""
    count = 0

    def trace(frame: FrameType, event: str, argument: Any) -> Any:
        nonlocal count
        count += event == "line"
        return trace

    before = sys.gettrace()
    sys.settrace(trace)
    try:
        parse_markdown(text)
    finally:
        sys.settrace(before)
    return count


@pytest.mark.parametrize("name", HOSTILE)
def test_twice_the_text_takes_twice_the_work(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(limits, "UNMATCHED_BRACKETS_MAX", 50)
    monkeypatch.setattr(limits, "FOOTNOTE_LABEL_CHARACTERS_MAX", 20)
    text = HOSTILE[name] * CHARACTERS
    once, twice = (steps(NOTE + text[:length]) for length in (CHARACTERS, 2 * CHARACTERS))
    assert twice < 2.5 * once
    assert twice < 2 * CHARACTERS * STEPS_PER_CHARACTER_MAX


@pytest.mark.parametrize("unmatched", [limits.UNMATCHED_BRACKETS_MAX, limits.UNMATCHED_BRACKETS_MAX + 1])
def test_brackets_of_which_very_many_are_left_open_are_text_and_no_word_is_lost(unmatched: int) -> None:
    text = f"[the run book](https://b.example) *now* {'[' * unmatched}"
    (block,) = parse_markdown(text)
    assert isinstance(block, Paragraph)
    first, last = block.children[0], block.children[-1]
    assert isinstance(last, Text)
    assert last.value.count("[") == unmatched
    is_link = isinstance(first, Link) and first.children == (Text("the run book"),)
    assert is_link == (unmatched <= limits.UNMATCHED_BRACKETS_MAX)
    assert Emphasis((Text("now"),)) in block.children
    assert is_link or first == Text("[the run book](")


def test_a_footnote_has_a_label_of_bearable_length() -> None:
    longest = "a" * limits.FOOTNOTE_LABEL_CHARACTERS_MAX
    for label, is_note in ((longest, True), (f"{longest}a", False)):
        block, *_ = parse_markdown(f"So[^{label}]\n\n[^{label}]: Because.")
        assert isinstance(block, Paragraph)
        assert any(isinstance(one, FootnoteReference) for one in block.children) == is_note
