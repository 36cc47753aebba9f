"""Who wrote what of a text as it stands."""

from __future__ import annotations

import random
from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client

from afterword.accounts.models import Person
from afterword.documents import Effort
from afterword.postmortems.history.authorship import Tracer, passages_of
from afterword.postmortems.history.writes import restore_revision
from afterword.postmortems.models import Postmortem, Section
from afterword.postmortems.writes import save_section

SignIn = Callable[[Person], Client]
Headers = Callable[..., dict[str, str]]


def traced(*texts: str) -> list[list[tuple[str, int]]]:
    """The last text, each line as its pieces and the number of the text that they came with, from 1."""
    tracer = Tracer(Effort())
    for number, text in enumerate(texts, 1):
        tracer.follow(number, text)
    return [[(run.text, run.revision) for run in line] for line in tracer.lines]


@pytest.mark.pure
@pytest.mark.parametrize(
    ("texts", "wanted"),
    [
        (["", "One line."], [[("One line.", 2)]]),
        (["First.", "First.\n\nSecond."], [[("First.", 1)], [("", 2)], [("Second.", 2)]]),
        (
            ["The pool had 20 places.", "The pool had 50 places."],
            [[("The pool had ", 1), ("50", 2), (" places.", 1)]],
        ),
        # Restored: whose words they were, they are again.
        (["Written first.", "Quite another text", "Written first."], [[("Written first.", 1)]]),
        (["Written first.", "", "Written first.\nAnd more."], [[("Written first.", 1)], [("And more.", 3)]]),
        # Moved below what somebody else wrote in between.
        (
            ["A long first line\nB", "B\nA new line here", "B\nA new line here\nA long first line"],
            [[("B", 1)], [("A new line here", 2)], [("A long first line", 1)]],
        ),
        # An empty line takes the place of words, and words that of an empty line.
        (["a b c\n\nd", "\nx\nd"], [[("", 2)], [("x", 2)], [("d", 1)]]),
        (["kept", ""], []),
    ],
)
def test_each_piece_belongs_to_the_version_that_it_came_with(
    texts: list[str], wanted: list[list[tuple[str, int]]]
) -> None:
    found = traced(*texts)
    assert [[piece for piece in line if piece[0]] for line in found] == [
        [piece for piece in line if piece[0]] for line in wanted
    ]


@pytest.mark.pure
def test_the_pieces_make_the_text_whatever_was_edited() -> None:
    chance = random.Random(7)
    words = ["pool", "ran", "dry", "", "again,", "  ", "and", "€", "20"]
    for _ in range(150):
        texts = [
            "\n".join(
                " ".join(chance.choices(words, k=chance.randrange(5))) for _ in range(chance.randrange(6))
            )
            for _ in range(6)
        ]
        lines = traced(*texts)
        assert "\n".join("".join(text for text, _ in line) for line in lines) == texts[-1], texts


@pytest.mark.pure
def test_without_any_effort_left_whole_lines_are_told_apart_still() -> None:
    tracer = Tracer(Effort(0))
    tracer.follow(1, "The first line\nThe second line\nThe third line")
    tracer.follow(2, "The first line\nThe third line, longer\nThe second line")
    assert [line[0].revision for line in tracer.lines] == [1, 2, 1]


@pytest.mark.pure
def test_neighbours_of_one_revision_are_one_passage() -> None:
    tracer = Tracer(Effort())
    tracer.follow(1, "One\n\nTwo")
    tracer.follow(2, "One\n\nTwo\nThree\nFour")
    assert [(len(one.lines), one.revisions) for one in passages_of(tracer.lines)] == [(3, [1]), (2, [2])]


@pytest.fixture
def edited(alice: Person, bob: Person, contributors: Section) -> Postmortem:
    save_section(actor=alice, section=contributors, text="The pool had 20 places.\n\nNobody knew.", version=1)
    # Bob began before Alice saved again: both changes are merged.
    save_section(
        actor=alice, section=contributors, text="The pool had 20 places.\n\nNobody could know.", version=2
    )
    text = "The pool had 50 places.\n\nNobody knew."
    save_section(actor=bob, section=contributors, text=text, version=2, merges=True)
    return contributors.postmortem


def test_the_page_says_who_wrote_what_of_merged_and_restored_words(
    sign_in: SignIn, alice: Person, vera: Person, charlie: Person, edited: Postmortem, contributors: Section
) -> None:
    contributors.refresh_from_db()
    assert contributors.text == "The pool had 50 places.\n\nNobody could know."
    restore_revision(actor=alice, postmortem=edited, number=1, newest=4)
    restore_revision(actor=alice, postmortem=edited, number=4, newest=5)
    page, address = sign_in(vera), f"/postmortems/{edited.number}/history/writers"
    shown = page.get(address).content.decode()
    assert '<mark class="writers__other" title="Bob">50<span' in shown
    assert ">Nobody could know.</p>" in shown.replace("\n", "")
    assert f'{edited.number}/history/comparison?to=4">revision 4</a>' in shown
    assert "revision 6" not in shown
    assert address in page.get(f"/postmortems/{edited.number}/history").content.decode()
    hidden = sign_in(charlie).get(address)
    assert (hidden.status_code, "Bob" in hidden.content.decode()) == (404, False)


def test_programs_ask_who_wrote_what(
    client: Client, bob: Person, charlie: Person, edited: Postmortem, api_headers: Headers
) -> None:
    address = f"/api/v1/postmortems/{edited.number}/writers"
    told = client.get(address, headers=api_headers(bob)).json()
    assert [(one["number"], one["person"]["name"]) for one in told["revisions"]][1:] == [
        (2, "Alice"),
        (3, "Alice"),
        (4, "Bob"),
    ]
    words = next(one for one in told["sections"] if one["title"] == "Contributors")["written"]
    assert [(one["line"], one["text"].strip(), one["revision"]) for one in words] == [
        (1, "The pool had", 2),
        (1, "50", 4),
        (1, "places.", 2),
        (3, "Nobody", 2),
        (3, "could know", 3),
        (3, ".", 2),
    ]
    assert client.get(address, headers=api_headers(charlie)).status_code == 404


def test_a_long_history_is_read_in_few_queries(
    sign_in: SignIn,
    bob: Person,
    contributors: Section,
    django_assert_max_num_queries: Callable[..., Any],
) -> None:
    for version in range(1, 12):
        save_section(actor=bob, section=contributors, text=f"Line {version}.", version=version)
    client = sign_in(bob)
    with django_assert_max_num_queries(14):
        client.get(f"/postmortems/{contributors.postmortem.number}/history/writers")
