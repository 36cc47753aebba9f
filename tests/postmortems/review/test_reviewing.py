"""Asking for a review, approving a revision, and what an edit does to approvals."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import timedelta
from typing import Any

import pytest
from django.core import mail
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from afterword.accounts.models import Membership, Person, Team
from afterword.audit.models import AuditEvent
from afterword.catalog.models import Service
from afterword.incidents.models import Incident
from afterword.incidents.writes import change_summary
from afterword.lib import clock
from afterword.notify.letter_sending import deliver_letters
from afterword.postmortems.foreign.writes import change_author
from afterword.postmortems.models import Postmortem, PostmortemStatus, Section
from afterword.postmortems.publishing.errors import NotApproved
from afterword.postmortems.publishing.models import Audience
from afterword.postmortems.publishing.writes import publish
from afterword.postmortems.review.checks import Obstacle, _checks, register_check
from afterword.postmortems.review.models import Review, ReviewRequest
from afterword.postmortems.review.reads import is_approved
from afterword.postmortems.review.writes import (
    ask_for_review,
    queue_review_reminders,
    remove_reviewer,
    set_policy,
    take_back_to_draft,
)
from afterword.postmortems.writes import change_incidents, change_title, save_section
from tests.moments import on_a_weekday

SignIn = Callable[[Person], Client]


def status_of(postmortem: Postmortem) -> str:
    postmortem.refresh_from_db()
    return postmortem.status


def page(postmortem: Postmortem, part: str = "") -> str:
    return f"/postmortems/{postmortem.number}/review{part}"


def judge(client: Client, postmortem: Postmortem, verdict: str, revision: int = 1, note: str = "") -> int:
    given = {"verdict": verdict, "revision": revision, "note": note}
    return client.post(page(postmortem, "/verdict"), given).status_code


@pytest.fixture
def in_review(alice: Person, bob: Person, postmortem: Postmortem) -> Postmortem:
    ask_for_review(actor=alice, postmortem=postmortem, reviewers=[bob])
    return postmortem


def test_where_there_is_nobody_to_ask_the_page_leads_to_the_team_and_the_policy(
    sign_in: SignIn, alice: Person, postmortem: Postmortem, team: Team
) -> None:
    Membership.objects.exclude(person=alice).delete()
    shown = sign_in(alice).get(page(postmortem)).content.decode()
    assert f'There is nobody else in <a href="/settings/teams/{team.unique_id}">Payments</a> to ask' in shown
    assert "ask for no approval of others" in shown


def test_a_review_is_asked_for_and_the_reviewer_gets_a_mail(
    sign_in: SignIn, alice: Person, bob: Person, postmortem: Postmortem
) -> None:
    answer = sign_in(alice).post(page(postmortem, "/ask"), {"reviewers": [str(bob.unique_id)]})

    assert answer.status_code == 302
    assert status_of(postmortem) == PostmortemStatus.IN_REVIEW
    assert deliver_letters() == 1
    assert mail.outbox[0].to == ["bob@example.com"]
    assert "Checkout answered slowly" in mail.outbox[0].subject
    assert f"/postmortems/{postmortem.number}/review" in mail.outbox[0].body
    assert "Checkout answered slowly" in sign_in(bob).get("/").content.decode()


def test_the_approval_of_another_person_approves_it(
    sign_in: SignIn, bob: Person, in_review: Postmortem
) -> None:
    assert judge(sign_in(bob), in_review, "approve") == 302

    assert status_of(in_review) == PostmortemStatus.APPROVED
    shown = sign_in(bob).get(page(in_review)).content.decode()
    assert "Revision 1 has every approval that it needs" in shown
    assert "Waiting for my review" not in sign_in(bob).get("/").content.decode()


def test_an_edit_makes_the_approval_stale_and_shows_what_changed_since(
    sign_in: SignIn, alice: Person, bob: Person, in_review: Postmortem, contributors: Section
) -> None:
    judge(sign_in(bob), in_review, "approve")
    save_section(actor=alice, section=contributors, text="The pool had 20 places.", version=1)

    assert status_of(in_review) == PostmortemStatus.IN_REVIEW
    shown = sign_in(bob).get(page(in_review)).content.decode()
    assert "It was edited after you approved it" in shown
    assert "comparison?from=1&amp;to=2" in shown
    assert "Waiting for my review" in sign_in(bob).get("/").content.decode()
    assert judge(sign_in(bob), in_review, "approve", revision=2) == 302
    assert status_of(in_review) == PostmortemStatus.APPROVED


def test_one_letter_tells_of_many_edits_and_none_when_it_was_approved_again(
    sign_in: SignIn,
    monkeypatch: pytest.MonkeyPatch,
    alice: Person,
    bob: Person,
    in_review: Postmortem,
    contributors: Section,
) -> None:
    judge(sign_in(bob), in_review, "approve")
    deliver_letters()
    mail.outbox.clear()
    save_section(actor=alice, section=contributors, text="One.", version=1)
    save_section(actor=alice, section=contributors, text="Two.", version=2)
    assert deliver_letters() == 0, "it waits for the writer to finish"

    later = clock.now() + timedelta(minutes=16)
    monkeypatch.setattr(clock, "now", lambda: later)
    assert deliver_letters() == 1
    assert "from=1&to=3" in mail.outbox[0].body

    change_title(actor=alice, postmortem=in_review, title="Another title")
    judge(sign_in(bob), in_review, "approve", revision=4)
    much_later = later + timedelta(minutes=16)
    monkeypatch.setattr(clock, "now", lambda: much_later)
    mail.outbox.clear()
    deliver_letters()
    assert [one.to for one in mail.outbox] == [["alice@example.com"]], "only Bob's word, to the author"


def test_nobody_approves_what_was_saved_since_they_read_it(
    sign_in: SignIn, alice: Person, bob: Person, in_review: Postmortem, contributors: Section
) -> None:
    save_section(actor=alice, section=contributors, text="The pool ran dry.", version=1)

    answer = sign_in(bob).post(
        page(in_review, "/verdict"), {"verdict": "approve", "revision": 1, "note": "Well told."}
    )

    assert answer.status_code == 400
    assert "Someone saved the document since you read it" in answer.content.decode()
    assert "Well told." in answer.content.decode()
    assert not Review.objects.exists()


def test_nobody_approves_their_own_unless_the_team_says_so(
    sign_in: SignIn, alice: Person, team: Team, in_review: Postmortem
) -> None:
    assert judge(sign_in(alice), in_review, "approve") == 403
    assert status_of(in_review) == PostmortemStatus.IN_REVIEW

    set_policy(actor=alice, subject=team, approvals_min=1, may_approve_own=True)
    assert judge(sign_in(alice), in_review, "approve") == 302
    assert status_of(in_review) == PostmortemStatus.APPROVED


def test_naming_another_author_makes_ones_own_work_nobody_elses(
    sign_in: SignIn,
    client: Client,
    api_headers: Callable[..., dict[str, str]],
    alice: Person,
    bob: Person,
    in_review: Postmortem,
    contributors: Section,
) -> None:
    save_section(actor=alice, section=contributors, text="The pool ran dry.", version=1)
    address, headers = f"/api/v1/postmortems/{in_review.number}", api_headers(alice)
    swapped = client.patch(
        address, {"author": str(bob.unique_id)}, content_type="application/json", headers=headers
    )
    assert swapped.status_code == 200

    shown = sign_in(alice).get(page(in_review)).content.decode()
    assert "You were its author before and wrote in it" in shown
    assert "Approve revision" not in shown
    given = {"verdict": "approved", "revision": 3}
    refused = client.post(f"{address}/reviews", given, content_type="application/json", headers=headers)
    assert (refused.status_code, "wrote in it" in refused.json()["detail"]) == (403, True)
    assert judge(sign_in(bob), in_review, "approve", revision=3) == 403, "the author now"
    assert status_of(in_review) == PostmortemStatus.IN_REVIEW


def test_who_only_began_it_and_handed_it_over_approves(
    sign_in: SignIn, alice: Person, bob: Person, postmortem: Postmortem, contributors: Section
) -> None:
    change_author(actor=alice, postmortem=postmortem, author=bob)
    save_section(actor=bob, section=contributors, text="The pool ran dry.", version=1)
    ask_for_review(actor=bob, postmortem=postmortem, reviewers=[alice])

    assert judge(sign_in(alice), postmortem, "approve", revision=3) == 302
    assert status_of(postmortem) == PostmortemStatus.APPROVED


def test_a_service_asks_for_more_and_never_for_less(
    sign_in: SignIn, alice: Person, postmortem: Postmortem
) -> None:
    service = postmortem.incidents.get().service
    set_policy(actor=alice, subject=service, approvals_min=0, may_approve_own=True)

    ask_for_review(actor=alice, postmortem=postmortem)

    assert judge(sign_in(alice), postmortem, "approve") == 403
    assert status_of(postmortem) == PostmortemStatus.IN_REVIEW, "the team's default is asked all the same"


def test_changes_are_asked_for_with_a_note_and_stand_until_taken_back(
    sign_in: SignIn, alice: Person, bob: Person, team: Team, in_review: Postmortem, contributors: Section
) -> None:
    assert judge(sign_in(bob), in_review, "request_changes") == 400
    assert judge(sign_in(bob), in_review, "request_changes", note="When did it begin?") == 302
    deliver_letters()
    assert "When did it begin?" in mail.outbox[-1].body
    assert mail.outbox[-1].to == ["alice@example.com"]

    save_section(actor=alice, section=contributors, text="At noon.", version=1)
    set_policy(actor=alice, subject=team, approvals_min=1, may_approve_own=True)
    judge(sign_in(alice), in_review, "approve", revision=2)
    assert status_of(in_review) == PostmortemStatus.IN_REVIEW

    assert sign_in(bob).post(page(in_review, "/taken-back")).status_code == 302
    assert status_of(in_review) == PostmortemStatus.APPROVED


def test_who_asked_for_changes_is_asked_again_when_they_are_made(
    sign_in: SignIn,
    monkeypatch: pytest.MonkeyPatch,
    alice: Person,
    bob: Person,
    in_review: Postmortem,
    contributors: Section,
) -> None:
    author, reviewer = sign_in(alice), sign_in(bob)
    again = f"/reviewers/{bob.unique_id}/again"
    judge(reviewer, in_review, "request_changes", note="When did it begin?")
    assert page(in_review, again) not in author.get(page(in_review)).content.decode()
    assert "Waiting for my review" not in reviewer.get("/").content.decode()

    save_section(actor=alice, section=contributors, text="At noon.", version=1)
    assert page(in_review, again) in author.get(page(in_review)).content.decode()
    assert "What changed since you asked" in reviewer.get(page(in_review)).content.decode()
    # A save is not yet what was asked for: the author says when it is.
    assert "Waiting for my review" not in reviewer.get("/").content.decode()
    deliver_letters()
    mail.outbox.clear()
    assert author.post(page(in_review, again)).status_code == 302
    deliver_letters()
    (letter,) = mail.outbox
    assert (letter.to, letter.subject.partition(":")[0]) == (["bob@example.com"], "Changed as you asked")
    assert "/history/comparison?from=1&to=2" in letter.body
    assert "Waiting for my review" in reviewer.get("/").content.decode()
    shown = author.get(page(in_review)).content.decode()
    assert "Asked again" in shown
    assert page(in_review, again) not in shown
    assert status_of(in_review) == PostmortemStatus.IN_REVIEW, "what was said stands"

    later = clock.now() + timedelta(days=5)
    monkeypatch.setattr(clock, "now", lambda: later)
    assert queue_review_reminders(at=later) == 1
    assert judge(reviewer, in_review, "approve", revision=2) == 302
    assert status_of(in_review) == PostmortemStatus.APPROVED
    assert "Waiting for my review" not in reviewer.get("/").content.decode()


def test_the_page_that_is_written_says_what_a_save_does_to_approvals(
    sign_in: SignIn, alice: Person, bob: Person, in_review: Postmortem
) -> None:
    writing = f"/postmortems/{in_review.number}/write"
    assert "It is approved as it stands" not in sign_in(alice).get(writing).content.decode()
    judge(sign_in(bob), in_review, "approve")
    assert "It is approved as it stands" in sign_in(alice).get(writing).content.decode()
    publish(actor=alice, postmortem=in_review, audience=Audience.TEAM)
    assert "What is published stays as it is" in sign_in(alice).get(writing).content.decode()


def test_a_draft_that_goes_back_into_review_asks_again_who_wanted_changes(
    sign_in: SignIn, alice: Person, bob: Person, in_review: Postmortem, contributors: Section
) -> None:
    judge(sign_in(bob), in_review, "request_changes", note="When did it begin?")
    take_back_to_draft(actor=alice, postmortem=in_review)
    save_section(actor=alice, section=contributors, text="At noon.", version=1)
    deliver_letters()
    mail.outbox.clear()
    ask_for_review(actor=alice, postmortem=in_review)
    deliver_letters()
    assert [letter.to for letter in mail.outbox] == [["bob@example.com"]]


def test_a_service_can_ask_for_people_who_must_approve(
    sign_in: SignIn, alice: Person, bob: Person, postmortem: Postmortem, resolved_incident: object
) -> None:
    service = postmortem.incidents.get().service
    set_policy(actor=alice, subject=service, approvals_min=1, approvers=[bob])

    ask_for_review(actor=alice, postmortem=postmortem)

    assert list(ReviewRequest.objects.values_list("person__name", flat=True)) == ["Bob"]
    assert not is_approved(postmortem)
    judge(sign_in(bob), postmortem, "approve")
    assert is_approved(postmortem)


def test_a_reviewer_without_access_is_refused_by_name(
    alice: Person, charlie: Person, sign_in: SignIn, postmortem: Postmortem
) -> None:
    answer = sign_in(alice).post(page(postmortem, "/ask"), {"reviewers": [str(charlie.unique_id)]})

    assert answer.status_code == 400
    assert status_of(postmortem) == PostmortemStatus.DRAFT
    assert not ReviewRequest.objects.exists()


def test_reviewers_are_reminded_until_they_have_said_something(
    sign_in: SignIn, monkeypatch: pytest.MonkeyPatch, bob: Person, in_review: Postmortem
) -> None:
    deliver_letters()
    mail.outbox.clear()
    assert queue_review_reminders(at=clock.now()) == 0
    later = on_a_weekday(clock.now() + timedelta(days=5))
    monkeypatch.setattr(clock, "now", lambda: later)
    assert queue_review_reminders(at=later) == 1
    assert queue_review_reminders(at=later) == 0
    assert deliver_letters() == 1
    assert mail.outbox[0].subject.startswith("Still to review")

    judge(sign_in(bob), in_review, "approve")
    assert queue_review_reminders(at=later + timedelta(days=9)) == 0


def test_an_edit_after_publication_waits_for_the_reviewers_again(
    sign_in: SignIn, monkeypatch: pytest.MonkeyPatch, alice: Person, bob: Person, in_review: Postmortem
) -> None:
    client = sign_in(bob)
    judge(client, in_review, "approve")
    publish(actor=alice, postmortem=in_review, audience=Audience.TEAM)
    deliver_letters()
    mail.outbox.clear()
    later = on_a_weekday(clock.now() + timedelta(days=9))
    assert queue_review_reminders(at=later) == 0
    assert "Waiting for my review" not in client.get("/").content.decode()

    change_title(actor=alice, postmortem=in_review, title="Checkout was down")
    assert status_of(in_review) == PostmortemStatus.PUBLISHED
    assert "Waiting for my review" in client.get("/").content.decode()
    monkeypatch.setattr(clock, "now", lambda: later)
    assert queue_review_reminders(at=later) == 1
    deliver_letters()
    assert "Still to review: Checkout was down" in [letter.subject for letter in mail.outbox]

    judge(client, in_review, "approve", revision=2)
    assert "Waiting for my review" not in client.get("/").content.decode()
    assert queue_review_reminders(at=later + timedelta(days=9)) == 0


def test_a_letter_about_what_one_may_not_see_any_more_is_dropped(bob: Person, in_review: Postmortem) -> None:
    bob.memberships.all().delete()

    assert deliver_letters() == 0
    assert mail.outbox == []


def test_what_keeps_it_from_review_is_shown_and_stops_it(
    sign_in: SignIn, alice: Person, postmortem: Postmortem
) -> None:
    def is_missing(one: Postmortem) -> list[Obstacle]:
        return [Obstacle("Set the field Data centre.", "section-1")]

    register_check(is_missing)
    try:
        shown = sign_in(alice).get(page(postmortem)).content.decode()
        assert f"/postmortems/{postmortem.number}/write#section-1" in shown
        assert sign_in(alice).post(page(postmortem, "/ask")).status_code == 400
        assert status_of(postmortem) == PostmortemStatus.DRAFT
    finally:
        _checks.pop(is_missing)


def test_it_goes_back_to_writing_and_into_review_again(
    alice: Person, bob: Person, sign_in: SignIn, in_review: Postmortem
) -> None:
    judge(sign_in(bob), in_review, "approve")
    take_back_to_draft(actor=alice, postmortem=in_review)
    assert status_of(in_review) == PostmortemStatus.DRAFT
    assert judge(sign_in(bob), in_review, "approve") == 400

    ask_for_review(actor=alice, postmortem=in_review)
    assert status_of(in_review) == PostmortemStatus.APPROVED, "what was approved has not changed"
    changes = AuditEvent.objects.filter(action="postmortem.status_changed").order_by("pk")
    assert [event.data["after"] for event in changes] == [
        "in_review",
        "approved",
        "draft",
        "in_review",
        "approved",
    ]


def test_a_reviewer_who_is_asked_no_more_does_not_count(
    sign_in: SignIn, alice: Person, bob: Person, in_review: Postmortem
) -> None:
    judge(sign_in(bob), in_review, "approve")
    remove_reviewer(actor=alice, postmortem=in_review, reviewer=bob)

    assert status_of(in_review) == PostmortemStatus.IN_REVIEW
    assert not ReviewRequest.objects.exists()


@pytest.mark.once
@pytest.mark.parametrize("part", ["", "/ask", "/verdict", "/taken-back"])
def test_an_outsider_finds_no_review(
    sign_in: SignIn, charlie: Person, in_review: Postmortem, part: str
) -> None:
    client = sign_in(charlie)
    answer = client.get(page(in_review)) if not part else client.post(page(in_review, part))

    assert answer.status_code == 404
    assert "Checkout answered slowly" not in answer.content.decode()


def test_a_viewer_reads_the_review_and_says_nothing(
    sign_in: SignIn, vera: Person, in_review: Postmortem
) -> None:
    client = sign_in(vera)

    assert "Approve revision" not in client.get(page(in_review)).content.decode()
    assert judge(client, in_review, "approve") == 403
    assert client.post(page(in_review, "/ask")).status_code == 403


def test_managers_say_what_their_team_asks(
    sign_in: SignIn, alice: Person, bob: Person, charlie: Person, team: Team
) -> None:
    address = f"/settings/reviews/teams/{team.unique_id}"
    given = {"approvals_min": "2", "approvers": [str(bob.unique_id)], "remind_every_days": ""}

    assert sign_in(charlie).get(address).status_code == 404
    assert sign_in(bob).post(address, given).status_code == 403
    assert sign_in(alice).post(address, {**given, "approvals_min": "12"}).status_code == 400
    assert sign_in(alice).post(address, given).status_code == 302
    shown = sign_in(alice).get("/settings/reviews").content.decode()
    assert "Bob" in shown
    assert sign_in(alice).post(address, {"drop": "1"}).status_code == 302
    assert "Bob" not in sign_in(bob).get("/settings/reviews").content.decode().split("<tbody>")[1]


def test_another_policy_counts_at_once_for_what_is_in_review(
    sign_in: SignIn, alice: Person, bob: Person, team: Team, in_review: Postmortem
) -> None:
    set_policy(actor=alice, subject=team, approvals_min=2)
    judge(sign_in(bob), in_review, "approve")
    assert status_of(in_review) == PostmortemStatus.IN_REVIEW

    set_policy(actor=alice, subject=team, approvals_min=1)
    assert status_of(in_review) == PostmortemStatus.APPROVED

    set_policy(actor=alice, subject=team, approvals_min=2)
    assert status_of(in_review) == PostmortemStatus.IN_REVIEW
    assert not is_approved(in_review)


def test_an_approver_who_left_the_team_is_not_waited_for(
    sign_in: SignIn, alice: Person, bob: Person, vera: Person, team: Team, postmortem: Postmortem
) -> None:
    set_policy(actor=alice, subject=team, approvals_min=0, approvers=[bob])
    bob.memberships.filter(team=team).delete()

    assert sign_in(alice).post(page(postmortem, "/ask")).status_code == 302
    assert status_of(postmortem) == PostmortemStatus.APPROVED


def test_an_approver_of_another_team_who_cannot_read_it_is_named(
    sign_in: SignIn,
    alice: Person,
    charlie: Person,
    other_team: Team,
    make_incident: Any,
    postmortem: Postmortem,
) -> None:
    search = Service.objects.create(team=other_team, name="Search index")
    incident = make_incident(on=search, resolved_after=timedelta(minutes=5))
    change_incidents(actor=alice, postmortem=postmortem, add=[incident], remove=[])
    set_policy(actor=charlie, subject=search, approvals_min=1, approvers=[charlie])

    ask_for_review(actor=alice, postmortem=postmortem)

    text = sign_in(alice).get(page(postmortem)).content.decode()
    assert "Charlie must approve" in text
    assert "One approval is missing" in text
    Membership.objects.create(team=postmortem.team, person=charlie)
    assert "Charlie must approve" not in sign_in(alice).get(page(postmortem)).content.decode()


@pytest.mark.once
def test_twenty_reviewers_cost_no_more_queries_than_one(
    sign_in: SignIn,
    django_assert_num_queries: Callable[..., AbstractContextManager[CaptureQueriesContext]],
    alice: Person,
    team: Team,
    in_review: Postmortem,
) -> None:
    client = sign_in(alice)
    client.get(page(in_review))
    with CaptureQueriesContext(connection) as one:
        client.get(page(in_review))
    others = [Person.objects.create(name=f"Reader {n}", email=f"r{n}@example.com") for n in range(19)]
    Membership.objects.bulk_create([Membership(team=team, person=person) for person in others])
    ask_for_review(actor=alice, postmortem=in_review, reviewers=others)
    with django_assert_num_queries(len(one)):
        assert client.get(page(in_review)).content.decode().count("Reader 1") >= 10


def test_a_new_summary_of_its_incident_makes_an_approval_stale_and_shows_what_changed(
    sign_in: SignIn,
    alice: Person,
    bob: Person,
    in_review: Postmortem,
    resolved_incident: Incident,
    django_capture_on_commit_callbacks: Callable[..., AbstractContextManager[Any]],
) -> None:
    """It is written where the post-mortem shows it, and nothing else in it has more readers."""
    with django_capture_on_commit_callbacks(execute=True):
        change_summary(actor=alice, incident=resolved_incident, summary="The pool had 20 places.")
    judge(sign_in(bob), in_review, "approve", revision=2)
    assert status_of(in_review) == PostmortemStatus.APPROVED

    with django_capture_on_commit_callbacks() as afterwards:
        change_summary(actor=alice, incident=resolved_incident, summary="The pool had 50 places.")
    with pytest.raises(NotApproved):
        publish(actor=alice, postmortem=in_review, audience=Audience.ORGANISATION)
    for keep in afterwards:
        keep()

    assert status_of(in_review) == PostmortemStatus.IN_REVIEW
    shown = sign_in(bob).get(f"/postmortems/{in_review.number}/history/comparison", {"from": 2, "to": 3})
    assert f"Summary of incident #{resolved_incident.number}<" in shown.content.decode()
    assert "The pool had <del>20</del><ins>50</ins> places." in shown.content.decode()
