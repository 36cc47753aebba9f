"""Questions and answers by program."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client

from afterword.accounts.models import KeyScope
from afterword.drafting.interviews.models import Interview, Question

BASE = "/api/v1/postmortems"


@pytest.fixture
def call(client: Client, api_headers: Any) -> Any:
    def do(person: Any, method: str, path: str, body: Any = None, **scope: Any) -> Any:
        return getattr(client, method)(
            f"/api/v1{path}", body, content_type="application/json", headers=api_headers(person, **scope)
        )

    return do


def test_a_program_asks_and_reads_what_was_answered(call, alice, bob, postmortem):
    path = f"/postmortems/{postmortem.number}"
    (one,) = [
        found
        for found in call(alice, "get", f"{path}/open-questions").json()
        if found["text"] == "What ended it?"
    ]
    assert [found["person"]["name"] for found in one["people"]] == ["Bob"]
    made = call(alice, "post", f"{path}/questions", {"people": [str(bob.unique_id)], "key": one["key"]})
    assert made.status_code == 201
    assert (made.json()["text"], made.json()["evidence"]) == ("What ended it?", one["evidence"])
    (own,) = call(bob, "get", "/questions").json()["items"]
    answered = call(bob, "put", f"/questions/{own['unique_id']}/answer", {"text": "A restart."})
    assert answered.json()["state"] == "answered"
    (listed,) = call(alice, "get", f"{path}/questions").json()["items"]
    assert [(found["name"], found["text"]) for found in listed["answers"]] == [("Bob", "A restart.")]
    assert call(bob, "get", "/questions").json()["items"] == []
    assert call(bob, "put", f"/questions/{own['unique_id']}/declination", {"note": ""}).status_code == 409


def test_an_answer_that_was_changed_meanwhile_is_not_replaced_unseen(call, bob, interview):
    def answer(text: str, **base: str) -> Any:
        return call(bob, "put", f"/questions/{interview.unique_id}/answer", {"text": text, **base})

    assert answer("A restart.", base="").status_code == 200
    late = answer("A rollback.", base="")
    assert (late.status_code, "was changed while you were writing" in late.json()["detail"]) == (409, True)
    assert Interview.objects.get().text == "A restart."
    assert answer("A rollback.", base="A restart.").json()["text"] == "A rollback."
    assert answer("Both.").json()["text"] == "Both.", "whatever was there before"
    assert answer("All.", base="x" * 9_000).json()["fields"].keys() == {"base"}


def test_others_are_asked_and_a_question_is_taken_back(call, alice, vera, bob, interview, postmortem):
    path = f"/postmortems/{postmortem.number}/questions/{interview.question.unique_id}"
    both = call(alice, "post", f"{path}/people", {"people": [str(vera.unique_id)]}).json()
    assert [one["name"] for one in both["answers"]] == ["Bob", "Vera"]
    assert call(alice, "delete", path).status_code == 204
    assert call(bob, "put", f"/questions/{interview.unique_id}/answer", {"text": "A"}).status_code == 409


def test_outsiders_and_readers_are_refused(call, alice, bob, vera, charlie, interview, postmortem):
    path = f"/postmortems/{postmortem.number}"
    people = {"text": "What?", "people": [str(bob.unique_id)]}
    question = f"{path}/questions/{interview.question.unique_id}"
    for method, address, body in (
        ("get", f"{path}/questions", None),
        ("get", f"{path}/open-questions", None),
        ("post", f"{path}/questions", people),
        ("post", f"{question}/people", {"people": []}),
        ("delete", question, None),
        ("put", f"/questions/{interview.unique_id}/answer", {"text": "A"}),
        ("put", f"/questions/{interview.unique_id}/declination", {"note": ""}),
    ):
        assert call(charlie, method, address, body).status_code == 404, address
    assert call(charlie, "get", "/questions").json()["items"] == []
    assert call(vera, "post", f"{path}/questions", people).status_code == 403
    assert call(vera, "get", f"{path}/questions").status_code == 200
    assert call(alice, "delete", question, scope=KeyScope.READ).status_code == 403
    assert Question.objects.count() == 1
    assert Interview.objects.get().text == ""


def test_bad_input_names_the_field(call, alice, bob, charlie, postmortem):
    path = f"/postmortems/{postmortem.number}/questions"
    outsider = call(alice, "post", path, {"text": "What?", "people": [str(charlie.unique_id)]})
    assert outsider.status_code == 400
    assert "Charlie cannot see this post-mortem" in outsider.json()["fields"]["people"]
    hidden = call(bob, "post", path, {"text": "What?", "people": [str(charlie.unique_id)]})
    assert hidden.json()["fields"] == {"people": "There is no such person that you can see."}
    gone = call(alice, "post", path, {"people": [str(bob.unique_id)], "key": "0"})
    assert "key" in gone.json()["fields"]
    assert "people" in call(alice, "post", path, {"text": "What?", "people": []}).json()["fields"]
