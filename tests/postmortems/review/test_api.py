"""Reviews and revisions through the API."""

from __future__ import annotations

from collections.abc import Callable

from django.test import Client

from afterword.accounts.models import Person
from afterword.postmortems.models import Postmortem, Section
from afterword.postmortems.writes import save_section

Headers = Callable[..., dict[str, str]]
JSON = "application/json"


def test_a_program_asks_and_another_approves(
    client: Client, api_headers: Headers, alice: Person, bob: Person, postmortem: Postmortem
) -> None:
    base = f"/api/v1/postmortems/{postmortem.number}"
    asked = client.post(
        f"{base}/review", {"reviewers": [str(bob.unique_id)]}, JSON, headers=api_headers(alice)
    )
    assert (asked.status_code, asked.json()["status"], asked.json()["approvals_missing"]) == (
        200,
        "in_review",
        1,
    )

    given = {"verdict": "approved", "revision": 1}
    assert client.post(f"{base}/reviews", given, JSON, headers=api_headers(bob)).status_code == 201
    state = client.get(f"{base}/review", headers=api_headers(alice)).json()
    assert (state["status"], state["is_approved"]) == ("approved", True)
    assert (
        client.post(f"{base}/reviews", {**given, "revision": 7}, JSON, headers=api_headers(bob)).status_code
        == 409
    )
    said = client.get(f"{base}/reviews", headers=api_headers(alice)).json()["items"]
    assert [(one["person"]["name"], one["verdict"], one["revision"]) for one in said] == [
        ("Bob", "approved", 1)
    ]


def test_revisions_are_listed_read_and_restored(
    client: Client, api_headers: Headers, alice: Person, contributors: Section
) -> None:
    save_section(actor=alice, section=contributors, text="The pool ran dry.", version=1)
    base = f"/api/v1/postmortems/{contributors.postmortem.number}/revisions"
    headers = api_headers(alice)

    assert [one["number"] for one in client.get(base, headers=headers).json()["items"]] == [2, 1]
    texts = [one["text"] for one in client.get(f"{base}/2", headers=headers).json()["sections"]]
    assert "The pool ran dry." in texts
    restored = client.post(f"{base}/1/restoration", {"newest": 2}, JSON, headers=headers)
    assert (restored.status_code, restored.json()["number"]) == (201, 3)
    assert client.post(f"{base}/1/restoration", {"newest": 2}, JSON, headers=headers).status_code == 409


def test_an_outsiders_program_finds_nothing(
    client: Client, api_headers: Headers, charlie: Person, postmortem: Postmortem
) -> None:
    base = f"/api/v1/postmortems/{postmortem.number}"
    headers = api_headers(charlie)
    for part in ("/review", "/reviews", "/revisions", "/revisions/1"):
        answer = client.get(base + part, headers=headers)
        assert answer.status_code == 404, part
        assert postmortem.title not in answer.content.decode()
    assert client.post(f"{base}/review", {}, JSON, headers=headers).status_code == 404
    given = {"verdict": "approved", "revision": 1}
    assert client.post(f"{base}/reviews", given, JSON, headers=headers).status_code == 404
    assert (
        client.post(f"{base}/revisions/1/restoration", {"newest": 1}, JSON, headers=headers).status_code
        == 404
    )
    assert client.delete(f"{base}/review", headers=headers).status_code == 404
