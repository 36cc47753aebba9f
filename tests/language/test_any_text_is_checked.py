"""Whatever the text: no error, right offsets, a Checker agrees, and the time grows with the length."""

import gc
import subprocess
import sys
import time
from collections.abc import Iterator

import pytest
from hypothesis import given
from hypothesis import strategies as st

from afterword.language import Checker, Kind, Options, check
from afterword.language.checking import PARAGRAPHS_KEPT_MAX
from tests.examples import examples
from tests.language.english import BLAMING, SILENT

pytestmark = pytest.mark.pure

SENTENCES = [*BLAMING.strip().splitlines(), *SILENT.strip().splitlines()]
PIECES = [
    *SENTENCES,
    *(
        "\n",
        "\n\n",
        "# ",
        "> ",
        "- ",
        "`",
        "```\n",
        '"',
        "'",
        "’",
        "(",
        "[",
        "](",
        "<",
        "<!--",
        "**",
        "|",
        "\\",
    ),
    *("a", ". ", "!!!", "-", "--", "\t", "~~", "{{", "%}", "@x", "é", "\0", "\u2028"),
]


@examples(100)
@given(
    st.lists(st.one_of(st.sampled_from(PIECES), st.text(max_size=20)), max_size=12).map("".join),
    st.booleans(),
)
def test_offsets_are_those_of_the_source(text: str, markdown: bool) -> None:
    findings = check(text, Options(roster=frozenset({"x"}), flagged={"a": ""}), markdown=markdown)
    assert findings == sorted(findings, key=lambda finding: (finding.start, finding.end, finding.category))
    for finding in findings:
        assert 0 <= finding.start < finding.end <= len(text)
        assert finding.text == text[finding.start : finding.end]


@examples(30)
@given(st.lists(st.sampled_from(SENTENCES), min_size=1, max_size=8), st.data())
def test_a_checker_says_the_same_after_every_change(paragraphs: list[str], data: st.DataObject) -> None:
    checker = Checker()
    for _ in range(3):
        place = data.draw(st.integers(0, len(paragraphs) - 1))
        paragraphs[place] = data.draw(st.sampled_from(SENTENCES))
        text = "\n\n".join(paragraphs)
        assert checker.check(text) == check(text)


def test_a_checker_forgets_the_paragraphs_seen_longest_ago() -> None:
    checker = Checker()
    checker.check("\n\n".join(f"Paragraph {number}." for number in range(PARAGRAPHS_KEPT_MAX + 100)))
    assert len(checker._kept) == PARAGRAPHS_KEPT_MAX


def test_a_checker_keeps_no_more_characters_than_it_says(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("afterword.language.checking.CHARACTERS_KEPT_MAX", 1_000)
    checker = Checker()
    for number in range(50):
        checker.check(f"Paragraph {number} goes on and on and on and on.")
        assert checker.characters_kept == sum(len(text) for text, _, _ in checker._kept) <= 1_000
    assert len(checker._kept) > 10
    checker.check("long " * 1_000)
    assert checker.characters_kept == 0


HOSTILE = {
    "words": "Priya should have ",
    "one word": "a",
    "capitals": "A",
    "quotes": "\"'“‘",
    "ticks": "` `` ",
    "brackets": "[](",
    "angles": "<a ",
    "braces": "{{ ",
    "bars": "| a ",
    "apostrophes": "n't's",
    "slashes": "/a",
    "at": "a@a.",
    "commas": "and the engineer , and but ",
    "marks": "!!!???...",
    "comments": "<!--",
    "rules": "|-",
    "fences": "```\n",
    "lists": "- ",
    "abbreviations": "RRD (",
    "lines": "the engineer\nforgot\n\n",
    "blanks": " ",
}


@pytest.fixture
def _no_garbage_collection() -> Iterator[None]:
    """Looking through all that a test run has loaded takes longer than what is measured."""
    gc.disable()
    yield
    gc.enable()


@pytest.mark.usefixtures("_no_garbage_collection")
def test_ten_times_the_text_takes_ten_times_the_time() -> None:
    def seconds(text: str) -> float:
        checker = Checker(Options(roster=frozenset({"zorblat"})))
        begin = time.process_time()
        checker.check(text)
        return time.process_time() - begin

    check("The tables are read.")
    for name, piece in HOSTILE.items():
        short = (piece * 3_000)[:3_000]
        # A small constant for the clock: what is quadratic takes a hundred times as long.
        assert seconds(short * 10) < 30 * seconds(short) + 0.05, name


def test_the_import_is_light() -> None:
    code = (
        "import sys, afterword.language as language\n"
        "language.check('The engineer forgot to check it.')\n"
        "heavy = {'django', 'asyncio', 'typer', 'pydantic', 'inspect_ast', 'hypothesis', 'markdown_it'}\n"
        "print(sorted(heavy & set(sys.modules)))"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True, env={"PYTHONPATH": "src"}
    )
    assert done.stdout.strip() == "[]"


def test_only_the_kinds_that_are_asked_for_are_looked_for() -> None:
    text = "\n\n".join(SENTENCES)
    assert {finding.kind for finding in check(text, Options(kinds=frozenset({Kind.BLAME})))} == {Kind.BLAME}
