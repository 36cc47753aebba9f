"""Where the words of a comment stand after edits, and who is meant by an @."""

from __future__ import annotations

import pytest

from afterword.postmortems.comments.rules import (
    accounts_of,
    find_anchor,
    make_anchor,
    match_accounts,
    mentioned_accounts,
)

pytestmark = pytest.mark.pure

TEXT = "The pool ran dry. Nobody saw it.\nThen the pool ran dry again, for an hour."


def test_words_are_found_though_a_selection_runs_over_lines() -> None:
    anchor = make_anchor(TEXT, "saw it.  Then the", "")

    assert anchor is not None
    assert find_anchor(TEXT, anchor) == TEXT.index("saw it")


def test_the_words_before_tell_which_of_several_places_is_meant() -> None:
    anchor = make_anchor(TEXT, "pool ran dry", "Nobody saw it. Then the")

    assert anchor is not None
    assert find_anchor(TEXT, anchor) == TEXT.rindex("pool ran dry")


def test_words_survive_edits_around_them() -> None:
    anchor = make_anchor(TEXT, "pool ran dry", "Nobody saw it. Then the")
    assert anchor is not None
    edited = "At noon " + TEXT.replace("Nobody", "No alert").replace("an hour", "two hours")

    assert find_anchor(edited, anchor) == edited.rindex("pool ran dry")
    assert find_anchor(edited.replace("pool ran", "pool was"), anchor) is None


def test_words_that_are_not_there_have_no_anchor() -> None:
    assert make_anchor(TEXT, "something else") is None
    assert make_anchor(TEXT, " T ") is None


def test_an_at_calls_people_by_their_address_or_name() -> None:
    people = [
        (1, "Ana Silva", "ana.silva@example.com"),
        (2, "Ana Weber", "aw@example.com"),
        (3, "Bob", "bob@example.com"),
    ]

    def meant(text: str) -> set[int]:
        return match_accounts(mentioned_accounts(text), people)

    assert meant("@ana.silva, @Bob: see (@anaweber)") == {1, 2, 3}
    assert meant("@ana is not one person; mail bob@example.com") == set()


def test_everybody_is_called_by_the_shortest_name_that_is_theirs_alone() -> None:
    people = [
        (1, "Ana Silva", "ana.silva@example.com"),
        (2, "Ana Costa", "acosta@example.com"),
        (3, "Ana Costa", "ana@example.com"),
        (4, "Zoë", "z@example.com"),
        (5, "Seán O’Neill", "sean@example.com"),
        (6, "王 伟", "wang@example.com"),
        (7, "Ana Costa", "ana@example.org"),
    ]
    accounts = accounts_of(people)
    assert accounts == {1: "anasilva", 2: "acosta", 4: "zoë", 5: "seán", 6: "王"}
    for key, account in accounts.items():
        assert match_accounts(mentioned_accounts(f"Ask @{account}."), people) == {key}
