"""Asking people what the record does not tell: who can be asked, what they get, what is taken back."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.core import mail
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from afterword.accounts.models import Membership, Organisation
from afterword.audit.models import AuditEvent
from afterword.catalog.models import IncidentRole
from afterword.drafting.interviews import reads, rules, writes
from afterword.drafting.interviews.errors import QuestionWithdrawn
from afterword.drafting.interviews.models import Interview, InterviewState, Question
from afterword.drafting.interviews.near import questions_of_draft
from afterword.drafting.interviews.reads import suggest_people
from afterword.drafting.interviews.views import blame_in
from afterword.drafting.suggestions.models import SuggestedClaim
from afterword.drafting.suggestions.writes import ask_for_draft, work
from afterword.incidents.models import Entry, EntryKind, RoleAssignment
from afterword.incidents.privacy.writes import make_private
from afterword.lib.errors import InvalidInput, NotAllowed, NotFound
from afterword.notify.letter_sending import deliver_letters
from afterword.postmortems.foreign.writes import delete_postmortem
from tests.cast import STARTED


def _path(postmortem: Any, rest: str = "") -> str:
    return f"/postmortems/{postmortem.number}/questions{rest}"


def test_a_question_of_a_draft_is_asked_of_those_who_could_know(client, alice, bob, vera, postmortem):
    client.force_login(alice)
    page = client.get(_path(postmortem)).content.decode()
    assert "What ended it?" in page
    assert "Bob</bdi> could know" in page
    (one,) = [
        found
        for found in questions_of_draft(postmortem, now=timezone.now())
        if found.claim.text == "What ended it?"
    ]
    form = client.get(_path(postmortem, "/new"), {"claim": one.key}).content.decode()
    assert "What ended it?</textarea>" in form.replace("\r", "").replace("\n</textarea>", "</textarea>")
    assert "wrote a note then" in form
    answer = client.post(
        _path(postmortem, "/new"),
        {"claim": one.key, "text": "What ended it, as far as you saw?", "people": [bob.unique_id]},
    )
    assert answer.status_code == 302
    question = Question.objects.get()
    assert question.draft_text == "What ended it?"
    assert list(question.evidence) == list(one.claim.evidence)
    assert "What ended it?" not in {
        found.claim.text for found in questions_of_draft(postmortem, now=timezone.now())
    }
    event = AuditEvent.objects.get(action="question.asked")
    assert event.data == {"postmortem": postmortem.number, "people": [str(bob.unique_id)]}


def test_a_question_is_found_by_the_words_that_the_draft_has_in_the_organisations_zone(bob, postmortem):
    Organisation.objects.update(time_zone="Asia/Tokyo")
    incident = postmortem.links.get().incident
    at = STARTED + timedelta(minutes=41)
    Entry.objects.create(incident=incident, at=at, kind=EntryKind.NOTE, text="All well.", person=bob)
    ask_for_draft(actor=bob, postmortem=postmortem, keys=["questions"])
    assert work.write_all_waiting()
    suggested = set(SuggestedClaim.objects.filter(kind="question").values_list("text", flat=True))
    assert any("JST" in text for text in suggested)
    assert suggested <= {one.claim.text for one in questions_of_draft(postmortem, now=timezone.now())}


def test_who_is_asked_gets_a_mail_with_what_the_record_says_near_it(alice, bob, ask, postmortem):
    claim = next(
        one.claim
        for one in questions_of_draft(postmortem, now=timezone.now())
        if one.claim.text == "What ended it?"
    )
    ask(bob, claim=claim)
    deliver_letters()
    (letter,) = mail.outbox
    assert letter.to == ["bob@example.com"]
    assert letter.subject == "Alice asks: What ended it?"
    assert "The pool of connections is full." in letter.body
    assert "how it looked to you then" in letter.body
    assert "/answer/" in letter.body


def test_people_are_suggested_by_name_then_by_role_then_by_what_they_wrote(
    alice, bob, vera, charlie, postmortem, resolved_incident
):
    role = IncidentRole.objects.create(name="Scribe")
    RoleAssignment.objects.create(incident=resolved_incident, role=role, person=alice)
    found = suggest_people(postmortem, ["Vera", "Charlie"])
    assert [(str(one.person), one.reason) for one in found] == [
        ("Vera", "named by the draft"),
        ("Alice", role.name),
        ("Bob", "wrote a note then"),
    ]


def test_somebody_who_may_not_see_the_document_is_not_asked_and_the_asker_is_told(
    client, alice, charlie, postmortem
):
    client.force_login(alice)
    given = {"text": "What did you see?", "people": [str(charlie.unique_id)]}
    answer = client.post(_path(postmortem, "/new"), given)
    assert answer.status_code == 400
    page = answer.content.decode()
    assert "Charlie cannot see this post-mortem, so they cannot be asked about it." in page
    assert "What did you see?" in page
    assert not Question.objects.exists()
    assert not mail.outbox


def test_a_question_needs_words_and_somebody_to_ask(client, alice, bob, postmortem):
    client.force_login(alice)
    assert (
        "Please choose somebody" in client.post(_path(postmortem, "/new"), {"text": "What?"}).content.decode()
    )
    answer = client.post(_path(postmortem, "/new"), {"text": " ", "people": [str(bob.unique_id)]})
    assert answer.status_code == 400
    assert f'value="{bob.unique_id}" id="suggested-new-1" checked' in answer.content.decode()


def test_the_same_is_not_asked_twice_however_often_the_button_is_pressed(client, alice, bob, postmortem):
    client.force_login(alice)
    given = {"text": "What ended it?", "people": [str(bob.unique_id)]}
    assert client.post(_path(postmortem, "/new"), given).status_code == 302
    answer = client.post(_path(postmortem, "/new"), given)
    assert (answer.status_code, Question.objects.count()) == (400, 1)
    assert "This was asked already" in answer.content.decode()


def test_words_that_blame_are_shown_before_they_are_asked(client, alice, bob, postmortem):
    client.force_login(alice)
    given = {"text": "Why did Bob carelessly break it?", "people": [str(bob.unique_id)]}
    page = client.post(_path(postmortem, "/new"), given)
    assert page.status_code == 400
    assert "This could be heard as blame" in page.content.decode()
    assert not Question.objects.exists()
    second = client.post(_path(postmortem, "/new"), {**given, "text": "Why didn't you look at it?"})
    assert (second.status_code, rules.ASKS_INSTEAD in second.content.decode()) == (400, True)
    assert client.post(_path(postmortem, "/new"), {**given, "as_is": "1"}).status_code == 302
    assert Question.objects.get().text == given["text"]


@pytest.mark.pure
def test_who_is_asked_why_they_did_or_did_not_is_asked_to_justify():
    for text in (
        "Why did you not check the pool?",
        "Why didn’t you look? And what then?",
        "How could you miss the alert?",
        "Did you forget to check the pool?",
        "We want to know why you were late.",
        "Warum hast du nicht auf das Dashboard gesehen?",
    ):
        assert len(rules.asks_to_justify(text)) == 1, text
    for text in (
        "How could you tell that it was the pool?",
        "Why do you think it recovered?",
        "Why did the pool fill?",
        "What did you see then?",
        "Who told you, and when?",
        "What made you look at the pool?",
    ):
        assert rules.asks_to_justify(text) == [], text


def test_our_own_questions_blame_nobody(postmortem):
    for one in questions_of_draft(postmortem, now=timezone.now()):
        assert not blame_in(one.claim.text, postmortem), one.claim.text
    assert not blame_in(rules.HINT, postmortem)


def test_others_are_asked_the_same_once(client, alice, bob, vera, interview, postmortem):
    client.force_login(alice)
    path = _path(postmortem, f"/{interview.question.unique_id}/people")
    given = {"people": [str(vera.unique_id), str(bob.unique_id)]}
    page = client.get(_path(postmortem)).content.decode()
    assert 'name="people"' not in page, "Not everybody below each question."
    chosen = client.get(_path(postmortem), {"ask": interview.question.unique_id}).content.decode()
    assert f'value="{vera.unique_id}"' in chosen
    assert f'value="{bob.unique_id}"' not in chosen
    assert client.post(path, given).status_code == 302
    assert Interview.objects.filter(question=interview.question).count() == 2
    assert client.post(path, {}).status_code == 400
    assert deliver_letters() == 2


def test_what_is_taken_back_is_asked_of_nobody_any_more(client, alice, bob, interview, postmortem, link_of):
    link = link_of("bob@example.com")
    client.force_login(alice)
    path = _path(postmortem, f"/{interview.question.unique_id}/withdrawal")
    assert client.post(path).status_code == 302
    client.logout()
    assert "The question was taken back" in client.get(link).content.decode()
    answer = client.post(link, {"text": "A restart."})
    assert answer.status_code == 409
    assert "What ended it?" not in answer.content.decode()
    assert Interview.objects.get().state == InterviewState.WAITING
    assert writes.queue_question_reminders(at=timezone.now() + timedelta(days=30)) == 0
    with pytest.raises(QuestionWithdrawn):
        writes.ask_others(actor=alice, question=interview.question, people=[alice])
    assert AuditEvent.objects.filter(action="question.withdrawn").count() == 1


def test_reminders_are_few_and_end_with_the_answer(alice, bob, vera, ask, any_day):
    question = ask(bob, vera)
    deliver_letters()
    mail.outbox.clear()
    at = timezone.now()
    vera_s = Interview.objects.get(question=question, person=vera)
    writes.answer(actor=vera, interview=vera_s, text="A restart.")
    for _ in range(10):
        at += timedelta(days=3)
        writes.queue_question_reminders(at=at)
    deliver_letters()
    reminders = [one for one in mail.outbox if one.subject.startswith("Still open")]
    assert [one.to for one in reminders] == [["bob@example.com"]] * rules.REMINDERS_MAX
    assert "This is the last reminder." in reminders[-1].body


def test_nobody_is_reminded_on_a_weekend_of_theirs(bob, interview):
    deliver_letters()
    bob.time_zone = "Pacific/Auckland"
    bob.save()
    friday = datetime(2026, 3, 6, 15, 0, tzinfo=UTC)
    sunday = friday + timedelta(days=2)
    assert rules.next_reminder(friday - timedelta(days=2), 0, UTC) == friday
    # It is Saturday there, and becomes Monday on a Sunday here. Due earlier, it waits all the same.
    Interview.objects.update(next_reminder_at=friday - timedelta(hours=8))
    assert writes.queue_question_reminders(at=friday) == 0
    assert Interview.objects.get().next_reminder_at == sunday
    assert writes.queue_question_reminders(at=sunday) == 1


def test_who_lost_access_is_reminded_of_nothing_and_gets_no_letter(alice, bob, interview):
    Membership.objects.filter(person=bob).delete()
    assert deliver_letters() == 0
    assert writes.queue_question_reminders(at=timezone.now() + timedelta(days=30)) == 0


# Who reads and who asks --------------------------------------------------------------------------------


@pytest.mark.once
def test_an_outsider_finds_nothing_of_it(client, charlie, interview, postmortem):
    client.force_login(charlie)
    unique_id = interview.question.unique_id
    assert client.get(_path(postmortem)).status_code == 404
    assert client.get(_path(postmortem), headers={"HX-Request": "true"}).status_code == 404
    assert client.get(_path(postmortem, "/new")).status_code == 404
    assert client.post(_path(postmortem, "/new"), {"text": "What?"}).status_code == 404
    assert client.post(_path(postmortem, f"/{unique_id}/people")).status_code == 404
    assert client.post(_path(postmortem, f"/{unique_id}/withdrawal")).status_code == 404
    assert client.get(f"/questions/{interview.unique_id}").status_code == 404
    assert "What ended it?" not in client.get("/questions").content.decode()
    assert "What ended it?" not in client.get("/").content.decode()


def test_who_only_reads_sees_questions_and_asks_none(client, alice, vera, ask, interview, postmortem):
    client.force_login(vera)
    page = client.get(_path(postmortem)).content.decode()
    assert "What ended it?" in page
    assert "Ask a question" not in page
    assert client.get(_path(postmortem, "/new")).status_code == 403
    assert client.post(_path(postmortem, f"/{interview.question.unique_id}/withdrawal")).status_code == 403
    with pytest.raises(NotAllowed):
        writes.ask(vera, document=postmortem, text="What?", people=[alice])


def test_what_is_private_is_its_members_alone(
    alice, bob, vera, ask, interview, postmortem, resolved_incident
):
    make_private(actor=alice, incident=resolved_incident)
    with CaptureQueriesContext(connection) as asked:
        assert reads.people_to_ask(postmortem) == [alice]
    assert len(asked) == 2
    with pytest.raises(InvalidInput):
        ask(vera)
    assert deliver_letters() == 0
    with pytest.raises(NotFound):
        writes.answer(actor=bob, interview=interview, text="A restart.")


@pytest.mark.once
def test_the_page_asks_as_little_of_the_database_for_many_questions_as_for_one(
    client, alice, bob, vera, ask, postmortem
):
    client.force_login(alice)
    ask(bob, vera)
    client.get(_path(postmortem))
    with CaptureQueriesContext(connection) as for_one:
        client.get(_path(postmortem))
    for place in range(5):
        ask(bob, vera, text=f"What did you see at step {place}?")
    with CaptureQueriesContext(connection) as for_many:
        client.get(_path(postmortem))
    assert len(for_many) == len(for_one)


def test_a_deleted_draft_takes_its_questions_along(alice, interview, postmortem):
    delete_postmortem(actor=alice, postmortem=postmortem)
    assert not Question.objects.exists()
