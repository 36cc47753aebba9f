"""What programs of our own kind do beyond reading and writing sections."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client

from afterword.accounts.models import Person
from afterword.postmortems.models import Postmortem, Section
from afterword.postmortems.publishing.writes import change_site

Headers = Callable[..., dict[str, str]]
Call = Callable[..., tuple[int, Any]]


@pytest.fixture
def call(client: Client, api_headers: Headers) -> Call:
    def send(person: Person, method: str, path: str, body: object = None, **more: str) -> tuple[int, Any]:
        answer = client.generic(
            method,
            f"/api/v1/{path}",
            json.dumps(body) if body is not None else "",
            content_type="application/json",
            headers={**api_headers(person), **more},
        )
        return answer.status_code, answer.json() if answer.content else None

    return send


def test_a_program_changes_owner_status_text_and_what_is_internal(
    call: Call, alice: Person, bob: Person, vera: Person, contributors: Section
) -> None:
    base = f"postmortems/{contributors.postmortem.number}"
    change = {"owner": str(bob.unique_id), "status_text": "Waiting", "author": str(bob.unique_id)}
    status, body = call(alice, "PATCH", base, change)
    assert (status, body["owner"]["name"], body["author"]["name"], body["status_text"]) == (
        *(200, "Bob", "Bob"),
        "Waiting",
    )
    section = f"{base}/sections/{contributors.unique_id}"
    status, body = call(bob, "PATCH", section, {"is_internal": True})
    assert (status, body["is_internal"]) == (200, True)
    assert call(vera, "PATCH", section, {"is_internal": False})[0] == 403
    assert call(bob, "PATCH", section, {"text": "x"})[1]["fields"].keys() == {"version"}
    status, body = call(bob, "PATCH", base, {"owner": str(vera.unique_id)})
    assert (status, list(body["fields"])) == (400, ["owner"])


def test_a_program_publishes_by_way_of_the_public_edition(
    call: Call, alice: Person, bob: Person, charlie: Person, postmortem: Postmortem
) -> None:
    change_site(actor=alice, is_on=True, title="Ours")
    base = f"postmortems/{postmortem.number}"
    assert call(bob, "POST", f"{base}/publications", {"audience": "public"})[0] == 409
    assert call(alice, "POST", f"{base}/review", {})[0] == 200
    assert call(bob, "POST", f"{base}/reviews", {"verdict": "approved", "revision": 1})[0] == 201
    assert call(bob, "GET", f"{base}/edition")[0] == 404
    status, edition = call(bob, "POST", f"{base}/edition", {})
    assert status == 200
    first = edition["sections"][1]["unique_id"]
    change = {
        "version": edition["version"],
        "title": "It was slow",
        "sections": [{"unique_id": first, "text": "Slow.", "is_left_out": False}],
    }
    status, edition = call(bob, "PATCH", f"{base}/edition", change)
    assert (status, edition["title"], edition["sections"][1]["text"]) == (200, "It was slow", "Slow.")
    assert call(bob, "PATCH", f"{base}/edition", change)[0] == 409
    approval = {"version": edition["version"]}
    assert call(bob, "POST", f"{base}/edition/approval", approval)[0] == 403
    assert call(alice, "POST", f"{base}/edition/approval", approval)[0] == 200
    status, made = call(alice, "POST", f"{base}/publications", {"audience": "public"})
    assert (status, made["title"], made["is_standing"]) == (201, "It was slow", True)
    assert [one["unique_id"] for one in call(charlie, "GET", "publications")[1]["items"]] == [
        made["unique_id"]
    ]
    whole = call(charlie, "GET", f"publications/{made['unique_id']}")[1]
    assert "Slow." in [section["text"] for section in whole["sections"]]
    assert call(charlie, "GET", f"{base}/publications")[0] == 404
    assert call(charlie, "GET", f"{base}/edition")[0] == 404
    withdrawal = f"{base}/publications/{made['unique_id']}/withdrawal"
    assert call(charlie, "POST", withdrawal)[0] == 404
    status, gone = call(bob, "POST", withdrawal)
    assert (status, gone["is_standing"]) == (200, False)
    assert len(call(bob, "GET", f"{base}/publications")[1]["items"]) == 1
    assert call(charlie, "GET", "publications")[1]["items"] == []


def test_a_program_comments(
    call: Call, alice: Person, bob: Person, vera: Person, charlie: Person, contributors: Section
) -> None:
    base = f"postmortems/{contributors.postmortem.number}"
    begun = {"section": str(contributors.unique_id), "text": "Really?"}
    status, thread = call(vera, "POST", f"{base}/threads", begun)
    assert (status, thread["comments"][0]["text"], thread["section_title"]) == (
        201,
        "Really?",
        "Contributors",
    )
    one = f"{base}/threads/{thread['unique_id']}"
    assert call(bob, "POST", f"{one}/comments", {"text": "Yes."})[0] == 201
    status, thread = call(bob, "PATCH", one, {"is_resolved": True})
    assert (status, thread["resolved_by"]["name"], len(thread["comments"])) == (200, "Bob", 2)
    comment = f"{base}/comments/{thread['comments'][1]['unique_id']}"
    assert call(vera, "PATCH", comment, {"text": "No."})[0] == 403
    assert call(bob, "PATCH", comment, {"text": "Indeed."})[1]["text"] == "Indeed."
    assert call(bob, "DELETE", comment)[0] == 204
    assert len(call(alice, "GET", f"{base}/threads")[1]["items"][0]["comments"]) == 2
    assert call(charlie, "GET", f"{base}/threads") == (404, {"detail": "Not found."})
    assert call(charlie, "POST", f"{one}/comments", {"text": "x"})[0] == 404
    unknown = {"section": thread["unique_id"], "text": "x"}
    assert list(call(bob, "POST", f"{base}/threads", unknown)[1]["fields"]) == ["section"]


def test_only_a_draft_that_nobody_else_wrote_in_is_deleted(
    call: Call, alice: Person, bob: Person, charlie: Person, contributors: Section
) -> None:
    base = f"postmortems/{contributors.postmortem.number}"
    assert call(charlie, "DELETE", base)[0] == 404
    assert call(bob, "DELETE", base)[0] == 409, "Alice wrote it"
    section = f"{base}/sections/{contributors.unique_id}"
    call(bob, "PATCH", section, {"text": "Mine.", "version": 1})
    status, body = call(alice, "DELETE", base)
    assert (status, "Somebody else" in body["detail"]) == (409, True)
    assert Postmortem.objects.exists()


def test_changes_keep_to_what_was_read_and_are_made_once(
    call: Call, client: Client, alice: Person, contributors: Section, api_headers: Headers
) -> None:
    base = f"postmortems/{contributors.postmortem.number}"
    tag = client.get(f"/api/v1/{base}", headers=api_headers(alice)).headers["ETag"]
    assert call(alice, "PATCH", base, {"status_text": "One"}, **{"If-Match": tag})[0] == 200
    assert call(alice, "PATCH", base, {"status_text": "Two"}, **{"If-Match": tag})[0] == 412
    begun = {"section": str(contributors.unique_id), "text": "Once."}
    headers = {**api_headers(alice), "Idempotency-Key": "k1"}
    for _ in range(2):
        answer = client.post(
            f"/api/v1/{base}/threads", begun, content_type="application/json", headers=headers
        )
        assert answer.status_code == 201
    assert len(call(alice, "GET", f"{base}/threads")[1]["items"]) == 1
