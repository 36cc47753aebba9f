"""A reason why words may stand: kept, shown to reviewers, true to its words, and taken back."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.db import connection
from django.test import Client

from afterword.accounts.models import Person
from afterword.audit.models import AuditEvent
from afterword.language import Checker, Finding
from afterword.lib.errors import InvalidInput
from afterword.postmortems.models import Postmortem, Section
from afterword.postmortems.review.errors import StillChanging
from afterword.wording.errors import AlreadyMuted
from afterword.wording.models import Mute
from afterword.wording.reads import findings_of
from afterword.wording.writes import mute_finding
from tests.wording.conftest import BLAME, BLAMED

SignIn = Callable[[Person], Client]
Write = Callable[..., Section]
REASON = "It is the title of the vendor's own report."


@pytest.fixture
def give_reason(bob: Person, postmortem: Postmortem, contributors: Section) -> Callable[..., Mute]:
    """As Bob, for the first open finding unless another one is named."""

    def give(index: int = 0, **given: Any) -> Mute:
        place = findings_of(postmortem).open_blame[index].place
        return mute_finding(
            **{
                "actor": bob,
                "postmortem": postmortem,
                "section": contributors.unique_id,
                "category": place.category,
                "quote": place.quote,
                "reason": REASON,
                "before": place.before,
                "after": place.after,
                **given,
            }
        )

    return give


def test_a_reason_is_given_on_the_page_and_every_reader_sees_it(
    sign_in: SignIn, bob: Person, vera: Person, write: Write, postmortem: Postmortem
) -> None:
    section = write(BLAME)
    remark = findings_of(postmortem).open_blame[0]
    page = f"/postmortems/{postmortem.number}/wording"
    given = {
        "section": section.unique_id,
        "category": BLAMED,
        "quote": remark.place.quote,
        "reason": REASON,
        "key": remark.key,
    }
    refused = sign_in(bob).post(f"{page}/mutes", {**given, "reason": " "})
    assert refused.status_code == 400
    assert "Please fill this in." in refused.content.decode()
    assert sign_in(bob).post(f"{page}/mutes", given).status_code == 302
    assert findings_of(postmortem).open_blame == []
    for address in (page, f"/postmortems/{postmortem.number}/review"):
        shown = sign_in(vera).get(address).content.decode()
        assert "vendor&#x27;s own report" in shown
        assert "Bob" in shown
        assert "/removal" not in shown, "a viewer takes nothing back"
    event = AuditEvent.objects.get(action="finding.muted")
    assert event.data == {"postmortem": postmortem.number, "category": BLAMED, "reason": REASON}


def test_it_stays_with_its_words_through_edits_around_them(
    write: Write, postmortem: Postmortem, give_reason: Callable[..., Mute]
) -> None:
    write(BLAME)
    give_reason()
    write(f"Much stands before it now.\n\nAs we heard: {BLAME} And behind it.")
    assert findings_of(postmortem).open_blame == []
    write("Nothing is left of it.")
    found = findings_of(postmortem)
    assert found.every == []
    assert [mute.reason for mute in found.idle] == [REASON]
    write(BLAME)
    assert findings_of(postmortem).open_blame == []


def test_the_same_words_elsewhere_ask_for_their_own_reason(
    write: Write, postmortem: Postmortem, give_reason: Callable[..., Mute]
) -> None:
    write(f"{BLAME}\n\nThat was said. Later somebody wrote again: {BLAME}")
    give_reason(1)
    left = findings_of(postmortem).open_blame
    assert [remark.start < 40 for remark in left] == [True]
    give_reason(0, reason="Another one.")
    assert findings_of(postmortem).open_blame == []
    found = findings_of(postmortem).every[0].place
    with pytest.raises(AlreadyMuted):
        give_reason_again(give_reason, found)


def give_reason_again(give_reason: Callable[..., Mute], place: Any) -> None:
    postmortem = Postmortem.objects.get()
    mute_finding(
        actor=Person.objects.get(name="Bob"),
        postmortem=postmortem,
        section=Section.objects.get(postmortem=postmortem, title="Contributors").unique_id,
        category=place.category,
        quote=place.quote,
        reason=REASON,
    )


def test_words_that_are_no_finding_are_not_muted(
    write: Write, bob: Person, postmortem: Postmortem, contributors: Section
) -> None:
    write(BLAME)
    for category, quote in ((BLAMED, "The cause"), ("heat", "should have checked"), ("nothing", "x")):
        with pytest.raises(InvalidInput):
            mute_finding(
                actor=bob,
                postmortem=postmortem,
                section=contributors.unique_id,
                category=category,
                quote=quote,
                reason=REASON,
            )
    assert not Mute.objects.exists()


def test_in_the_editor_words_are_muted_before_they_are_saved_and_taken_back(
    sign_in: SignIn, bob: Person, postmortem: Postmortem, contributors: Section
) -> None:
    client, base = sign_in(bob), f"/postmortems/{postmortem.number}/wording"
    check = f"{base}/sections/{contributors.unique_id}"
    quote = client.post(check, {"text": BLAME}).content.decode().split('data-quote="')[1].split('"')[0]
    given = {
        "section": contributors.unique_id,
        "category": BLAMED,
        "quote": quote,
        "text": BLAME,
        "reason": REASON,
    }
    wrong = client.post(f"{base}/mutes", {**given, "reason": ""})
    assert (wrong.status_code, wrong.content.decode()) == (422, "Please fill this in.")
    muted = client.post(
        f"{base}/mutes", {**given, "text": BLAME.replace("first", "fi\0rst")}
    ).content.decode()
    assert "data-start" not in muted
    assert "1 with a reason" in muted
    mute = Mute.objects.get()
    assert f"/mutes/{mute.unique_id}/removal" in muted
    back = client.post(f"{base}/mutes/{mute.unique_id}/removal", {"text": BLAME}).content.decode()
    assert 'data-category="counterfactual_person"' in back
    assert client.post(f"{base}/mutes/{mute.unique_id}/removal").status_code == 404
    mute.refresh_from_db()
    assert (mute.reason, mute.taken_back_by) == (REASON, bob), "what was said stays in the record"


def test_many_findings_are_read_in_pages_and_each_can_be_found(
    sign_in: SignIn,
    bob: Person,
    write: Write,
    postmortem: Postmortem,
    contributors: Section,
    give_reason: Callable[..., Mute],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("afterword.wording.cards.FINDINGS_OF_SECTION_SHOWN_MAX", 2)
    monkeypatch.setattr("afterword.wording.cards.FINDINGS_ON_A_PAGE", 3)
    write("\n\n".join(f"Number {number}: {BLAME}" for number in range(7)))
    client, address = sign_in(bob), f"/postmortems/{postmortem.number}/wording"
    whole = client.get(address).content.decode()
    alone = f"{address}?section={contributors.unique_id}"
    assert whole.count('id="finding-') == 2
    assert f'href="{alone}#part-{contributors.unique_id}">5 more in Contributors</a>' in whole
    pages = [client.get(f"{alone}&page={page}").content.decode() for page in (1, 2, 3)]
    assert [page.count('id="finding-') for page in pages] == [3, 3, 1]
    assert "1 to 3 of 7" in pages[0]
    last = findings_of(postmortem).every[-1].key
    assert f'id="finding-{last}"' in client.get(f"{address}?finding={last}").content.decode()
    given = {"section": contributors.unique_id, "category": "x", "quote": "x", "reason": "So.", "key": last}
    refused = client.post(f"{address}/mutes", given)
    assert refused.status_code == 400
    assert f'id="finding-{last}"' in refused.content.decode(), "what was typed stays in its form"


def test_of_reasons_without_words_so_many_are_shown(
    sign_in: SignIn,
    bob: Person,
    write: Write,
    postmortem: Postmortem,
    give_reason: Callable[..., Mute],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("afterword.wording.views.IDLE_SHOWN_MAX", 1)
    write(f"{BLAME}\n\nBut {BLAME}")
    give_reason()
    give_reason()
    write("All was well.")
    shown = sign_in(bob).get(f"/postmortems/{postmortem.number}/wording").content.decode()
    assert shown.count('id="mute-') == 1
    assert "And 1 more." in shown


def test_a_section_is_checked_while_nobody_waits_for_the_document(
    write: Write, give_reason: Callable[..., Mute], monkeypatch: pytest.MonkeyPatch
) -> None:
    write(BLAME)
    depths: set[int] = set()
    texts: list[str] = []

    def check(checker: Checker, text: str) -> list[Finding]:
        depths.add(len(connection.savepoint_ids))
        if BLAME in text:
            texts.append(text)
        if texts == [BLAME, BLAME]:
            write(f"{BLAME} And so on.")
        return as_before(checker, text)

    as_before = Checker.check
    monkeypatch.setattr(Checker, "check", check)
    give_reason()
    assert depths == {0}, "the test's own transaction has no savepoints"
    assert texts == [BLAME, BLAME, f"{BLAME} And so on."], "what was saved meanwhile is checked again"


def test_a_section_that_is_saved_again_and_again_is_not_waited_for(
    write: Write, give_reason: Callable[..., Mute], monkeypatch: pytest.MonkeyPatch
) -> None:
    write(BLAME)

    def check(checker: Checker, text: str) -> list[Finding]:
        write(f"{text} On and on.")
        return as_before(checker, text)

    as_before = Checker.check
    monkeypatch.setattr(Checker, "check", check)
    with pytest.raises(StillChanging):
        give_reason()
