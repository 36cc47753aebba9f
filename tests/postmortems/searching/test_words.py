"""What counts as a word, what a query asks for, and the passage that is shown."""

from __future__ import annotations

import pytest

from afterword.postmortems.searching.rules import (
    DOCUMENT_BYTES_INDEXED_MAX,
    POSITIONS_OF_ONE_WORD_MAX,
    Term,
    find_excerpt,
    indexed_text,
    parse_query,
    words_of,
)

pytestmark = pytest.mark.pure


def test_letters_with_and_without_accents_are_the_same_words():
    assert words_of("Łódź, GRÖSSE und Straße: naïve") == words_of("lodz grosse UND STRASSE naive")
    assert words_of("the pool.size_max is 20") == ["the", "pool", "size", "max", "is", "20"]
    assert words_of("東京の障害") == ["東", "京", "の", "障", "害"]


@pytest.mark.parametrize(
    ("text", "terms"),
    [
        ("pool conn", [Term(("pool",)), Term(("conn",), is_beginning=True)]),
        ('"ran dry" pool-size', [Term(("ran", "dry")), Term(("pool", "size"), is_beginning=True)]),
        ("pool -search", [Term(("pool",)), Term(("search",), is_excluded=True)]),
        ('-"ran dry" a', [Term(("ran", "dry"), is_excluded=True), Term(("a",), is_beginning=True)]),
        ("po* now!", [Term(("po",), is_beginning=True), Term(("now",))]),
        ('an "open phrase', [Term(("an",)), Term(("open", "phrase"), is_beginning=True)]),
        ("AND OR NEAR( ) ' :* & | ! \0", [Term(("and",)), Term(("or",)), Term(("near",))]),
        ('"" - * %% __', []),
    ],
)
def test_whatever_is_typed_is_a_query(text: str, terms: list[Term]):
    assert list(parse_query(text).terms) == terms


def test_a_huge_document_is_indexed_up_to_a_limit():
    text = indexed_text("Title", [" ".join(f"w{number}" for number in range(200_000)), "never reached"])
    assert len(" ".join(text.body).encode()) <= DOCUMENT_BYTES_INDEXED_MAX + 10
    assert "reached" not in text.body
    often = indexed_text("", ["again " * 10_000]).vector()
    assert often.count("B") == POSITIONS_OF_ONE_WORD_MAX


def test_the_passage_is_of_the_section_with_most_of_the_words_and_escaped():
    texts = [
        ("Summary", "The pool was small."),
        ("Causes", "Before it.\n\n## <b>Why</b>\n\n- the **pool** [ran dry](https://example.com/x) at noon"),
    ]
    found = find_excerpt(parse_query('pool "ran dry"'), texts)
    assert found is not None
    assert found.section == "Causes"
    assert "<mark>pool</mark> <mark>ran dry</mark> at noon" in found.html
    assert "&lt;b&gt;Why" in found.html
    assert "**" not in found.html
    in_address = find_excerpt(parse_query("example.com"), texts)
    assert in_address is not None
    assert "<mark>example.com</mark>" in in_address.html
    assert find_excerpt(parse_query("zebra"), texts) is None
