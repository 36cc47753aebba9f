from __future__ import annotations

from collections import Counter
from collections.abc import Callable

import pytest
from django.test import Client
from hypothesis import given
from hypothesis import strategies as st

from afterword.accounts.models import Person
from afterword.postmortems import remarks
from afterword.postmortems.merging import BETWEEN, MINE, THEIRS, merge_texts
from afterword.postmortems.models import Postmortem, Revision, Section
from afterword.postmortems.rules import text_digest
from afterword.postmortems.writes import save_section
from tests.examples import examples

SignIn = Callable[[Person], Client]
TEXTS = st.lists(st.sampled_from(["a", "b", "c", "", "- d"]), max_size=12).map("\n".join)
"""Few different lines, so that they meet each other often."""


def lines(text: str) -> Counter[str]:
    return Counter(text.split("\n") if text else [])


@pytest.mark.pure
@examples(500)
@given(base=TEXTS, mine=TEXTS, theirs=TEXTS)
def test_no_line_that_somebody_wrote_gets_lost(base: str, mine: str, theirs: str) -> None:
    merged = merge_texts(base, mine, theirs)
    for text in (mine, theirs):
        assert not (lines(text) - lines(base)) - lines(merged.text)
    unknown = merge_texts(None, mine, theirs)
    for text in (mine, theirs):
        assert not lines(text) - lines(unknown.text)
    # Whoever changed nothing takes nothing back, and whoever did the same did it once.
    assert merge_texts(base, mine, base).text == mine
    assert merge_texts(base, base, theirs).text == theirs
    assert merge_texts(base, mine, mine).text == mine


@pytest.mark.pure
@pytest.mark.parametrize(
    ("base", "mine", "theirs", "expected", "conflicts"),
    [
        ("a\nb\nc", "A\nb\nc", "a\nb\nC", "A\nb\nC", 0),
        ("a\nb\nc", "b\nc", "a\nb\nc\nd", "b\nc\nd", 0),
        ("", "mine", "theirs", f"{MINE}\nmine\n{BETWEEN}\ntheirs\n{THEIRS}", 1),
        ("a\nb", "a\nmine", "a\ntheirs", f"a\n{MINE}\nmine\n{BETWEEN}\ntheirs\n{THEIRS}", 1),
        ("a\nb", "a", "a\nbetter", f"a\n{MINE}\n{BETWEEN}\nbetter\n{THEIRS}", 1),
    ],
)
def test_changes_that_do_not_touch_are_both_made(
    base: str, mine: str, theirs: str, expected: str, conflicts: int
) -> None:
    assert (merge_texts(base, mine, theirs).text, merge_texts(base, mine, theirs).conflicts) == (
        expected,
        conflicts,
    )


@pytest.mark.pure
def test_long_texts_are_merged_in_no_time() -> None:
    base = "\n".join(str(number) for number in range(30_000))
    merged = merge_texts(base, "mine\n" + base, base + "\ntheirs")
    assert "mine" in merged.text
    assert "theirs" in merged.text


def typed(section: Section, text: str, version: int, base: str) -> dict[str, str]:
    key = section.unique_id
    return {f"text-{key}": text, f"version-{key}": str(version), f"base-{key}": text_digest(base)}


def test_two_changes_that_do_not_touch_are_merged_by_themselves(
    sign_in: SignIn, alice: Person, bob: Person, contributors: Section
) -> None:
    save_section(actor=alice, section=contributors, text="One.\n\nTwo.\n\nThree.", version=1)
    save_section(actor=alice, section=contributors, text="One!\n\nTwo.\n\nThree.", version=2)
    sent = typed(contributors, "One.\n\nTwo.\n\nThree?", 2, "One.\n\nTwo.\n\nThree.")
    page = f"/postmortems/{contributors.postmortem.number}/sections/{contributors.unique_id}"
    answer = sign_in(bob).post(page, sent, follow=True)
    assert "Somebody else saved meanwhile; both changes stand there now." in answer.content.decode()
    contributors.refresh_from_db()
    assert contributors.text == "One!\n\nTwo.\n\nThree?"
    assert Revision.objects.first().note == "Two changes at the same time, merged"  # type: ignore[union-attr]


def test_what_both_changed_stands_in_the_box_twice_and_is_not_saved_with_its_marks(
    sign_in: SignIn,
    alice: Person,
    bob: Person,
    postmortem: Postmortem,
    contributors: Section,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(remarks, "_offers", [lambda **_: {contributors.unique_id: "OFFERED"}])
    save_section(actor=alice, section=contributors, text="Same.\nTheir <b>line</b>.", version=1)
    client, page = sign_in(bob), f"/postmortems/{postmortem.number}/write"
    answer = client.post(page, typed(contributors, "Same.\nMy line.", 1, ""))
    html = answer.content.decode()
    assert answer.status_code == 409
    assert "&gt;&gt;&gt;&gt;&gt;&gt;&gt; Saved meanwhile</textarea>" in html
    assert "My line." in html
    assert "<ins>Same.</ins>" in html
    # What is said about the two texts, the box, and only then what is suggested for the section.
    card = html[html.index(f'id="section-{contributors.unique_id}"') :]
    assert card.index("saved this section") < card.index(f'id="text-{contributors.unique_id}"')
    assert card.index(f'id="text-{contributors.unique_id}"') < card.index("OFFERED")
    both = f"{MINE}\nSame.\nMy line.\n{BETWEEN}\nSame.\nTheir\n{THEIRS}"
    refused = client.post(page, typed(contributors, both, 2, "Same.\nTheir <b>line</b>."))
    assert refused.status_code == 400
    assert "Both versions still stand here" in refused.content.decode()
    contributors.refresh_from_db()
    assert contributors.version == 2
