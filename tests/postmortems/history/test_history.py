"""Revisions: the list, the comparison of any two, and going back to one."""

from __future__ import annotations

import time
from collections.abc import Callable

import pytest
from django.test import Client

from afterword.accounts.models import Person
from afterword.postmortems.history.comparison import Fate, compare_sections
from afterword.postmortems.models import Postmortem, Revision, Section
from afterword.postmortems.writes import save_section

SignIn = Callable[[Person], Client]


@pytest.fixture
def edited(alice: Person, bob: Person, contributors: Section) -> Postmortem:
    save_section(actor=alice, section=contributors, text="The pool had 20 places.", version=1)
    save_section(actor=bob, section=contributors, text="The pool had 50 places.", version=2)
    return contributors.postmortem


def test_every_save_is_listed_with_who_made_it(sign_in: SignIn, alice: Person, edited: Postmortem) -> None:
    shown = sign_in(alice).get(f"/postmortems/{edited.number}/history").content.decode()

    assert [f"Revision {number}" in shown for number in (1, 2, 3, 4)] == [True, True, True, False]
    assert "Bob" in shown


def test_two_revisions_are_compared_by_word(sign_in: SignIn, alice: Person, edited: Postmortem) -> None:
    address = f"/postmortems/{edited.number}/history/comparison"

    shown = sign_in(alice).get(address, {"from": 2, "to": 3}).content.decode()
    assert "The pool had <del>20</del><ins>50</ins> places." in shown
    swapped = sign_in(alice).get(address, {"from": 3, "to": 2}).content.decode()
    assert "<del>20</del><ins>50</ins>" in swapped
    assert "Nothing changed" in sign_in(alice).get(address, {"from": 2, "to": 2}).content.decode()
    assert sign_in(alice).get(address, {"from": 2, "to": 9}).status_code == 404


def test_an_earlier_revision_is_restored_as_a_new_one(
    sign_in: SignIn, alice: Person, edited: Postmortem, contributors: Section
) -> None:
    given = {"revision": "2", "newest": "3"}
    client = sign_in(alice)

    assert client.post(f"/postmortems/{edited.number}/history/restoration", given).status_code == 302
    contributors.refresh_from_db()
    assert contributors.text == "The pool had 20 places."
    assert contributors.version == 4
    assert Revision.objects.filter(postmortem=edited).latest("number").note == "Restored revision 2"

    client.post(f"/postmortems/{edited.number}/history/restoration", given)
    assert Revision.objects.filter(postmortem=edited).count() == 4, "somebody saved since the page was read"


def test_sections_that_were_taken_out_come_back(
    sign_in: SignIn, alice: Person, edited: Postmortem, contributors: Section
) -> None:
    unique_id = contributors.unique_id
    contributors.delete()

    sign_in(alice).post(f"/postmortems/{edited.number}/history/restoration", {"revision": "3", "newest": "3"})

    assert Section.objects.get(postmortem=edited, unique_id=unique_id).text == "The pool had 50 places."


@pytest.mark.parametrize("part", ["", "/comparison"])
def test_an_outsider_finds_no_history(
    sign_in: SignIn, charlie: Person, vera: Person, edited: Postmortem, part: str
) -> None:
    assert sign_in(charlie).get(f"/postmortems/{edited.number}/history{part}").status_code == 404
    given = {"revision": "1", "newest": "3"}
    restoration = f"/postmortems/{edited.number}/history/restoration"
    assert sign_in(charlie).post(restoration, given).status_code == 404
    assert sign_in(vera).post(restoration, given).status_code == 403


@pytest.mark.pure
def test_sections_that_came_went_and_moved_are_told_apart() -> None:
    def section(key: str, text: str = "x") -> dict[str, str]:
        return {"unique_id": key, "title": key.upper(), "text": text}

    found = compare_sections(
        [section("a"), section("f"), section("b"), section("c"), section("d")],
        [section("c"), section("a"), section("f"), section("d", "y"), section("e")],
    )

    assert [(one.unique_id, one.fate) for one in found] == [
        ("c", Fate.MOVED),
        ("a", Fate.SAME),
        ("f", Fate.SAME),
        ("b", Fate.REMOVED),
        ("d", Fate.CHANGED),
        ("e", Fate.ADDED),
    ]


@pytest.mark.pure
def test_fifty_sections_of_64_kb_are_compared_in_bounded_time() -> None:
    def stored(words: str) -> list[dict[str, str]]:
        text = "\n".join(f"{words * 230}{line}" for line in range(45))
        return [{"unique_id": str(place), "title": "A", "text": text[:65_536]} for place in range(50)]

    begun = time.process_time()
    found = compare_sections(stored("a b c "), stored("b c a "))

    assert {one.fate for one in found} == {Fate.CHANGED}
    assert all(one.words_added and one.words_removed for one in found)
    assert time.process_time() - begun < 8
