"""Answering by the link of a mail and signed in; and what becomes of an answer."""

from __future__ import annotations

import re

import pytest
from django.core import mail
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from afterword.accounts.models import Membership
from afterword.audit.models import AuditEvent
from afterword.catalog.models import Service
from afterword.drafting.citations.check import check_draft
from afterword.drafting.deterministic.drafter import write_draft
from afterword.drafting.evidence.reads import collect_evidence, collect_for_document
from afterword.drafting.interviews import links, writes
from afterword.drafting.interviews.models import Interview, InterviewState
from afterword.drafting.interviews.near import questions_of_draft
from afterword.notify.letter_sending import deliver_letters
from afterword.postmortems.writes import change_incidents

QUERIES_OF_PAGE_MAX = 20


def _answer(interview: Interview, text: str = "A restart of the pool, I think.") -> Interview:
    assert interview.person is not None
    return writes.answer(actor=interview.person, interview=interview, text=text)


def test_the_link_shows_the_question_and_nothing_of_the_product(client: Client, interview, link_of):
    link = link_of("bob@example.com")
    for _ in range(3):
        page = client.get(link)
    shown = page.content.decode()
    assert page.status_code == 200
    assert "What ended it?" in shown
    assert "Answer as Bob" in shown
    assert "The pool of connections is full." in shown
    assert "/incidents/" not in shown
    assert "/postmortems/" not in shown
    assert page["Referrer-Policy"] == "same-origin"
    assert page["X-Robots-Tag"] == "noindex"
    assert "no-store" in page["Cache-Control"]
    with CaptureQueriesContext(connection) as asked:
        client.get(link)
    assert len(asked) <= QUERIES_OF_PAGE_MAX
    assert Interview.objects.get().state == InterviewState.WAITING


def test_an_answer_by_the_link_is_that_person_s_and_signs_nobody_in(
    client: Client, alice, bob, interview, link_of, postmortem
):
    link = link_of("bob@example.com")
    page = client.post(link, {"text": "A restart of the pool.\n\nAt first it looked like the network."})
    assert page.status_code == 200
    assert "Thank you" in page.content.decode()
    assert "_auth_user_id" not in client.session
    answered = Interview.objects.get()
    assert (answered.state, answered.person) == (InterviewState.ANSWERED, bob)
    event = AuditEvent.objects.get(action="question.answered")
    assert (event.actor_name, event.data["by"]) == ("Bob", "link")
    deliver_letters()
    told = mail.outbox[-1]
    assert told.to == ["alice@example.com"]
    assert told.subject == "Bob answered: What ended it?"
    assert "At first it looked like the network." in told.body
    client.force_login(alice)
    for headers in ({}, {"HX-Request": "true"}):
        shown = client.get(f"/postmortems/{postmortem.number}/questions", headers=headers).content.decode()
        assert "A restart of the pool." in shown
    assert (
        f"/postmortems/{postmortem.number}/questions"
        in client.get(f"/postmortems/{postmortem.number}").content.decode()
    )


def test_an_answer_can_be_changed_and_its_asker_is_told_once(client: Client, bob, interview, link_of):
    link = link_of("bob@example.com")
    client.post(link, {"text": "A restart."})
    assert "A restart." in client.get(link).content.decode()
    client.post(link, {"text": "A restart of the pool."})
    client.post(link, {"text": "A restart of the pool."})
    found = Interview.objects.get()
    assert found.text == "A restart of the pool."
    assert found.edited_at is not None
    assert AuditEvent.objects.filter(action="question.answer_edited").count() == 1
    mail.outbox.clear()
    deliver_letters()
    assert [one.body.count("A restart of the pool.") for one in mail.outbox] == [1]


def test_what_came_by_mail_while_the_page_was_open_is_not_overwritten_unseen(
    client: Client, bob, interview, link_of
):
    link = link_of("bob@example.com")
    [base] = re.findall(r'name="base" value="(\w+)"', client.get(link).content.decode())
    writes.add_to_answer(actor=bob, interview=interview, text="By mail: a restart.", by="mail")
    refused = client.post(link, {"text": "From the page.", "base": base})
    shown = refused.content.decode()
    assert refused.status_code == 409
    assert "Your answer was changed while you were writing" in shown
    assert "By mail: a restart." in shown
    assert "From the page.</textarea>" in shown
    assert Interview.objects.get().text == "By mail: a restart."
    [base] = re.findall(r'name="base" value="(\w+)"', shown)
    both = {"text": "By mail: a restart.\n\nFrom the page.", "base": base}
    saved = client.post(link, both)
    assert saved.status_code == 200
    [base] = re.findall(r'name="base" value="(\w+)"', saved.content.decode())
    assert client.post(link, {"text": "From the page.", "base": base}).status_code == 200
    assert Interview.objects.get().text == "From the page."


def test_an_empty_answer_is_refused_where_it_was_typed(client: Client, interview, link_of):
    link = link_of("bob@example.com")
    answer = client.post(link, {"text": "  "})
    assert answer.status_code == 400
    assert "say below that you do not know" in answer.content.decode()
    long = client.post(link, {"text": "x" * 8_001})
    assert long.status_code == 400
    assert "x" * 100 in long.content.decode()


def test_who_does_not_know_says_so_and_who_might(client: Client, interview, link_of):
    link = link_of("bob@example.com")
    assert client.post(link, {"decline": "1", "note": "Ask Vera, she was at the console."}).status_code == 200
    found = Interview.objects.get()
    assert (found.state, found.note) == (InterviewState.DECLINED, "Ask Vera, she was at the console.")
    deliver_letters()
    assert mail.outbox[-1].subject == "Bob does not know: What ended it?"
    assert "Ask Vera" in mail.outbox[-1].body
    client.post(link, {"text": "It was a restart after all."})
    assert Interview.objects.get().state == InterviewState.ANSWERED
    refused = client.post(link, {"decline": "1"})
    assert refused.status_code == 400
    assert "You have answered this" in refused.content.decode()


def test_another_token_an_old_one_and_one_of_somebody_who_left_work_no_more(
    client: Client, bob, interview, link_of, monkeypatch: pytest.MonkeyPatch
):
    link = link_of("bob@example.com")
    assert client.get(link[:-1] + ("A" if link[-1] != "A" else "B")).status_code == 404
    assert client.get("/answer/nothing").status_code == 404
    assert client.get(f"/answer/{'x' * 500}").status_code == 404
    with monkeypatch.context() as later:
        later.setattr(links, "LINK_DAYS_MAX", -1)
        assert client.post(link, {"text": "A restart."}).status_code == 404
    bob.is_active = False
    bob.save()
    answer = client.post(link, {"text": "A restart."})
    assert answer.status_code == 404
    assert "What ended it?" not in answer.content.decode()
    assert Interview.objects.get().state == InterviewState.WAITING


def test_who_lost_access_can_use_the_link_no_more(client: Client, bob, interview, link_of):
    link = link_of("bob@example.com")
    Membership.objects.filter(person=bob).delete()
    for answer in (client.get(link), client.post(link, {"text": "A restart."})):
        assert answer.status_code == 404
        assert "What ended it?" not in answer.content.decode()
    assert "A restart." in answer.content.decode(), "What was typed is given back."
    assert Interview.objects.get().state == InterviewState.WAITING


@pytest.mark.once
def test_it_needs_the_form_s_token_and_is_throttled(interview, link_of):
    link = link_of("bob@example.com")
    assert Client(enforce_csrf_checks=True).post(link, {"text": "A restart."}).status_code == 403
    answers = [Client().get("/answer/guess").status_code for _ in range(61)]
    assert (answers[0], answers[-1]) == (404, 429)


def test_questions_for_me_are_answered_signed_in(client: Client, alice, bob, vera, ask, interview):
    ask(vera, text="What did you hear from customers?")
    client.force_login(bob)
    for path in ("/", "/questions"):
        page = client.get(path).content.decode()
        assert "What ended it?" in page
        assert "What did you hear from customers?" not in page
    path = f"/questions/{interview.unique_id}"
    assert client.post(path, {"text": "A restart."}).status_code == 200
    assert "Nobody waits for an answer of yours" in client.get("/questions").content.decode()
    assert "A restart." in client.get("/questions").content.decode()
    client.force_login(alice)
    assert client.get(path).status_code == 404
    assert client.post(path, {"text": "Something else"}).status_code == 404


# As evidence -------------------------------------------------------------------------------------------


def test_an_answer_is_evidence_of_every_later_draft(alice, bob, ask, postmortem, resolved_incident):
    (claim,) = [
        one.claim
        for one in questions_of_draft(postmortem, now=timezone.now())
        if one.claim.text == "What ended it?"
    ]
    question = ask(bob, text="What did you see when it ended?", claim=claim)
    answered = _answer(Interview.objects.get(question=question))
    for book in (
        collect_for_document(postmortem, now=timezone.now()),
        collect_evidence(bob, [resolved_incident], now=timezone.now()),
    ):
        (piece,) = book.of_kind("answer")
        assert (piece.id, piece.source) == (f"Q{answered.pk}", "Bob")
        assert piece.url.endswith(f"/postmortems/{postmortem.number}/questions#answer-{answered.unique_id}")
        draft = write_draft(book)
        told = [one for one in draft.claims() if piece.id in one.evidence]
        assert [one.text for one in told] == [
            "Asked “What did you see when it ended?”, Bob answered: “A restart of the pool, I think.”"
        ]
        texts = {one.text for one in draft.claims()}
        assert "What ended it?" not in texts
        assert "No entry says what ended it." not in texts
        verdicts = check_draft(draft, book)
        assert {one.outcome for one in verdicts if one.claim in told} == {"accepted"}


def test_an_answer_is_no_evidence_to_who_may_not_read_the_document(
    alice, charlie, interview, postmortem, make_incident, other_team
):
    search = make_incident(on=Service.objects.create(team=other_team, name="Search"))
    change_incidents(actor=alice, postmortem=postmortem, add=[search])
    _answer(interview)
    assert "restart" in str(collect_evidence(alice, [search], now=timezone.now()))
    seen = collect_evidence(charlie, [search], now=timezone.now())
    assert seen.pieces
    assert "restart" not in str(seen)


def test_what_others_answered_is_not_deleted_with_a_draft(client: Client, alice, interview, postmortem):
    _answer(interview)
    client.force_login(alice)
    page = client.post(f"/postmortems/{postmortem.number}/deletion", {"sure": "1"})
    assert "Somebody else answered questions about it" in page.content.decode()
    assert Interview.objects.get().text
