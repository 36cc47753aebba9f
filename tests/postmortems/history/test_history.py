"""Revisions: the list, the comparison of any two, and going back to one."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from django.test import Client

from afterword.accounts.models import Membership, Person
from afterword.incidents.models import Incident
from afterword.postmortems.fields.writes import change_values
from afterword.postmortems.history.comparison import Fate, compare_sections
from afterword.postmortems.models import Postmortem, Revision, Section
from afterword.postmortems.writes import change_cover, change_incidents, save_section
from tests.pace import within

SignIn = Callable[[Person], Client]


@pytest.fixture
def edited(alice: Person, bob: Person, contributors: Section) -> Postmortem:
    save_section(actor=alice, section=contributors, text="The pool had 20 places.", version=1)
    save_section(actor=bob, section=contributors, text="The pool had 50 places.", version=2)
    return contributors.postmortem


def test_every_save_is_listed_with_who_made_it_and_what_it_changed(
    sign_in: SignIn, alice: Person, edited: Postmortem
) -> None:
    change_values(actor=alice, postmortem=edited, values={"support-cases": 7})
    shown = sign_in(alice).get(f"/postmortems/{edited.number}/history").content.decode()

    assert [f"Revision {number}" in shown for number in (1, 2, 3, 4)] == [True, True, True, True]
    assert "Bob" in shown
    assert re.findall("<bdi>(Contributors|Support cases)</bdi>", shown) == [
        "Support cases",
        *["Contributors"] * 2,
    ]


def test_a_single_revision_is_compared_with_nothing(
    sign_in: SignIn, alice: Person, postmortem: Postmortem
) -> None:
    shown = sign_in(alice).get(f"/postmortems/{postmortem.number}/history").content.decode()
    assert "Revision 1" in shown
    assert ("Compare these two" in shown, 'type="radio"' in shown) == (False, False)


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


def test_what_the_cover_said_is_compared_and_comes_back(
    sign_in: SignIn,
    alice: Person,
    bob: Person,
    postmortem: Postmortem,
    make_incident: Callable[..., Incident],
) -> None:
    client, page = sign_in(alice), f"/postmortems/{postmortem.number}/history"
    first = make_incident(title="The gateway too")
    change_cover(actor=alice, postmortem=postmortem, owner=bob, status_text="Refunds on Monday")
    change_cover(actor=alice, postmortem=postmortem, owner=alice, status_text="Refunds on Friday")
    change_incidents(actor=alice, postmortem=postmortem, add=[first])

    shown = client.get(f"{page}/comparison", {"from": 2, "to": 4}).content.decode()
    for part in (
        "Refunds on <del>Monday</del><ins>Friday</ins>",
        "<del><bdi>Bob</bdi></del> <ins><bdi>Alice</bdi></ins>",
        f"<ins>#{first.number} <bdi>The gateway too</bdi></ins>",
    ):
        assert part in shown
    client.post(f"{page}/restoration", {"revision": "2", "newest": "4"})
    postmortem.refresh_from_db()
    assert (postmortem.owner, postmortem.status_text) == (bob, "Refunds on Monday")

    # An owner who may not write there any more stays out, with a word.
    change_cover(actor=alice, postmortem=postmortem, owner=alice)
    Membership.objects.filter(person=bob).delete()
    said = client.post(f"{page}/restoration", {"revision": "5", "newest": "6"}, follow=True).content.decode()
    postmortem.refresh_from_db()
    assert (postmortem.owner, postmortem.status_text) == (alice, "Refunds on Monday")
    assert "Bob was the owner then and may not write here any more" in said
    newest = Revision.objects.filter(postmortem=postmortem).latest("number")
    assert newest.note == "Restored revision 5, without its owner Bob"

    # A revision that is older than this says nothing of the cover, and takes nothing of it away.
    Revision.objects.filter(number=1).update(cover={})
    shown = client.get(f"{page}/comparison", {"from": 1, "to": 2}).content.decode()
    assert "Owner and status text were not kept with older revisions" in shown
    client.post(f"{page}/restoration", {"revision": "1", "newest": "7"})
    postmortem.refresh_from_db()
    assert (postmortem.owner, postmortem.status_text) == (alice, "Refunds on Monday")


@pytest.mark.once
def test_an_incident_that_the_reader_does_not_see_is_in_no_comparison(
    sign_in: SignIn,
    alice: Person,
    bob: Person,
    postmortem: Postmortem,
    make_incident: Callable[..., Incident],
) -> None:
    secret = make_incident(title="The secret one", is_private=True)
    secret.members.create(person=alice)
    change_incidents(actor=alice, postmortem=postmortem, add=[secret])
    Incident.objects.filter(pk=secret.pk).update(summary="Secret words")
    change_cover(actor=alice, postmortem=postmortem, status_text="Refunds on Monday")
    change_incidents(actor=alice, postmortem=postmortem, remove=[secret], opens=True)
    address = f"/postmortems/{postmortem.number}/history/comparison"

    assert "The secret one" in sign_in(alice).get(address, {"from": 1, "to": 2}).content.decode()
    shown = sign_in(bob).get(address, {"from": 1, "to": 2})
    assert (shown.status_code, f"#{secret.number} " in shown.content.decode()) == (200, False)
    assert "Secret words" in sign_in(alice).get(address, {"from": 2, "to": 3}).content.decode()
    shown = sign_in(bob).get(address, {"from": 2, "to": 3})
    assert (shown.status_code, "Secret words" in shown.content.decode()) == (200, False)


@pytest.mark.once
def test_a_long_history_says_what_it_leaves_out_and_compares_any_two(
    sign_in: SignIn, alice: Person, postmortem: Postmortem
) -> None:
    Revision.objects.bulk_create(
        Revision(postmortem=postmortem, number=number, title="x", sections=[], note="By a program")
        for number in range(2, 104)
    )
    client, page = sign_in(alice), f"/postmortems/{postmortem.number}/history"

    shown = client.get(f"{page}/comparison", {"from": 1, "to": 103}).content.decode()
    assert shown.count(": By a program") == 100
    assert "And 2 more." in shown
    for html in (shown, client.get(f"{page}?page=2").content.decode()):
        assert 'name="from" min="1" max="103" value="1"' in html
        assert 'name="to" min="1" max="103" value="103"' in html


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

    with within(8):
        found = compare_sections(stored("a b c "), stored("b c a "))

    assert {one.fate for one in found} == {Fate.CHANGED}
    assert all(one.words_added and one.words_removed for one in found)
