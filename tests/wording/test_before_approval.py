"""Where the organisation asks for it, blame is gone or has a reason before anybody approves."""

from __future__ import annotations

from collections.abc import Callable
from itertools import count

import pytest
from django.db import connection
from django.test import Client

from afterword.accounts.models import Person, Team
from afterword.incidents.models import Incident
from afterword.language import Checker, Finding
from afterword.postmortems.foreign.writes import move_to
from afterword.postmortems.models import Postmortem, PostmortemStatus, Section
from afterword.postmortems.publishing.models import Audience
from afterword.postmortems.publishing.writes import publish
from afterword.postmortems.review.errors import NotReady
from afterword.postmortems.review.models import Verdict
from afterword.postmortems.review.writes import ask_for_review, give_review, set_policy
from afterword.postmortems.writes import create_postmortem
from afterword.wording.reads import findings_of, mutes_of
from afterword.wording.writes import change_settings, mute_finding, take_back_mute
from tests.wording.conftest import BLAME

pytestmark = pytest.mark.once

SignIn = Callable[[Person], Client]
Write = Callable[..., Section]
Headers = Callable[..., dict[str, str]]


@pytest.fixture
def strict(alice: Person) -> None:
    change_settings(actor=alice, requires_reasons=True)


@pytest.fixture
def section(write: Write, alice: Person, bob: Person, postmortem: Postmortem) -> Section:
    """With blame in it, in review by Bob."""
    section = write(BLAME)
    ask_for_review(actor=alice, postmortem=postmortem, reviewers=[bob])
    return section


def approve(bob: Person, postmortem: Postmortem, revision: int = 2) -> None:
    give_review(actor=bob, postmortem=postmortem, revision=revision, verdict=Verdict.APPROVED)


def explain(bob: Person, postmortem: Postmortem) -> None:
    for remark in findings_of(postmortem).open_blame:
        mute_finding(
            actor=bob,
            postmortem=postmortem,
            section=next(iter(postmortem.sections.filter(title="Contributors"))).unique_id,
            category=remark.place.category,
            quote=remark.place.quote,
            reason="Words of the vendor.",
        )


@pytest.mark.usefixtures("strict")
def test_approval_is_refused_with_the_way_to_the_findings(
    sign_in: SignIn, bob: Person, section: Section, postmortem: Postmortem
) -> None:
    page = f"/postmortems/{postmortem.number}/review"
    leads = f"/postmortems/{postmortem.number}/write#wording-{section.unique_id}"
    shown = sign_in(bob).get(page).content.decode()
    assert "Before it can be approved" in shown
    assert leads in shown
    refused = sign_in(bob).post(f"{page}/verdict", {"verdict": "approve", "revision": 2})
    assert refused.status_code == 400
    assert "“Contributors” has a finding of blame" in refused.content.decode()
    asked = {"verdict": "request_changes", "revision": 2, "note": "Please look at the words."}
    assert sign_in(bob).post(f"{page}/verdict", asked).status_code == 302
    explain(bob, postmortem)
    assert sign_in(bob).post(f"{page}/verdict", {"verdict": "approve", "revision": 2}).status_code == 302
    postmortem.refresh_from_db()
    assert postmortem.status == PostmortemStatus.APPROVED


@pytest.mark.usefixtures("strict")
def test_programs_are_refused_alike(
    client: Client, bob: Person, section: Section, postmortem: Postmortem, api_headers: Headers
) -> None:
    def post() -> tuple[int, str]:
        answer = client.post(
            f"/api/v1/postmortems/{postmortem.number}/reviews",
            {"verdict": "approved", "revision": 2},
            content_type="application/json",
            headers=headers,
        )
        return answer.status_code, answer.json().get("detail", "")

    headers = api_headers(bob)
    status, detail = post()
    assert status == 400
    assert "mute it with a reason" in detail
    explain(bob, postmortem)
    assert post()[0] == 201


def test_without_the_setting_blame_is_shown_and_holds_nothing_up(
    sign_in: SignIn, bob: Person, section: Section, postmortem: Postmortem
) -> None:
    shown = sign_in(bob).get(f"/postmortems/{postmortem.number}/review").content.decode()
    assert "Before it can be approved" not in shown
    assert "should have checked" in shown
    approve(bob, postmortem)


@pytest.mark.usefixtures("strict")
def test_what_is_unclear_holds_nothing_up(
    alice: Person, bob: Person, write: Write, postmortem: Postmortem
) -> None:
    write("Everything was on fire!!!")
    assert [remark.finding.kind for remark in findings_of(postmortem).every] == ["clarity"]
    ask_for_review(actor=alice, postmortem=postmortem, reviewers=[bob])
    approve(bob, postmortem)


@pytest.mark.usefixtures("strict")
def test_a_reason_that_is_taken_back_keeps_it_from_being_published(
    bob: Person, section: Section, postmortem: Postmortem
) -> None:
    explain(bob, postmortem)
    approve(bob, postmortem)
    [remark] = findings_of(postmortem).every
    assert remark.mute is not None
    take_back_mute(actor=bob, postmortem=postmortem, mute=remark.mute)
    with pytest.raises(NotReady):
        publish(actor=bob, postmortem=postmortem, audience=Audience.TEAM)


@pytest.mark.usefixtures("strict")
def test_where_nobody_has_to_approve_asking_is_the_last_step_before_it(
    alice: Person, team: Team, write: Write, postmortem: Postmortem
) -> None:
    set_policy(actor=alice, subject=team, approvals_min=0)
    write(BLAME)
    with pytest.raises(NotReady):
        ask_for_review(actor=alice, postmortem=postmortem)
    postmortem.refresh_from_db()
    assert postmortem.status == PostmortemStatus.DRAFT
    write("All was well.")
    assert ask_for_review(actor=alice, postmortem=postmortem).status == PostmortemStatus.APPROVED


@pytest.mark.usefixtures("strict")
def test_the_words_are_checked_while_nobody_waits_for_the_document(
    alice: Person,
    bob: Person,
    team: Team,
    incident: Incident,
    section: Section,
    postmortem: Postmortem,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def check(checker: Checker, text: str) -> list[Finding]:
        depths.append(len(connection.savepoint_ids))
        return as_before(checker, text)

    explain(bob, postmortem)
    depths: list[int] = []
    as_before = Checker.check
    monkeypatch.setattr(Checker, "check", check)
    approve(bob, postmortem)
    publish(actor=bob, postmortem=postmortem, audience=Audience.TEAM)
    other = create_postmortem(actor=alice, incidents=[incident], title="Another one", template="standard")
    set_policy(actor=alice, subject=team, approvals_min=0)
    assert move_to(actor=alice, postmortem=other, status="approved").status == PostmortemStatus.APPROVED
    assert len(depths) > 3
    assert set(depths) == {0}, "the test's own transaction has no savepoints"


@pytest.mark.usefixtures("strict")
def test_a_reason_that_is_taken_back_while_somebody_approves_counts_no_more(
    bob: Person, section: Section, postmortem: Postmortem, monkeypatch: pytest.MonkeyPatch
) -> None:
    def check(checker: Checker, text: str) -> list[Finding]:
        found = as_before(checker, text)
        if "dashboard" in text and standing:
            take_back_mute(actor=bob, postmortem=postmortem, mute=standing.pop())
        return found

    explain(bob, postmortem)
    standing = list(mutes_of(postmortem))
    as_before = Checker.check
    monkeypatch.setattr(Checker, "check", check)
    with pytest.raises(NotReady):
        approve(bob, postmortem)
    assert not standing


@pytest.mark.usefixtures("strict")
def test_who_approves_what_changes_all_the_time_is_told_so(
    sign_in: SignIn,
    alice: Person,
    bob: Person,
    section: Section,
    postmortem: Postmortem,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def check(checker: Checker, text: str) -> list[Finding]:
        change_settings(actor=alice, allowed=[f"zebra {next(numbers)}"])
        return as_before(checker, text)

    numbers = count()
    as_before = Checker.check
    monkeypatch.setattr(Checker, "check", check)
    given = {"verdict": "approve", "revision": 2}
    answer = sign_in(bob).post(f"/postmortems/{postmortem.number}/review/verdict", given)
    assert answer.status_code == 400
    assert "Somebody is changing this post-mortem just now" in answer.content.decode()
