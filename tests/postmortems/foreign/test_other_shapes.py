"""Post-mortems in Zenduty's and incident.io's shapes: rights, words, bad input."""

from __future__ import annotations

import json
from collections.abc import Callable
from importlib import import_module
from typing import Any

import pytest
from django.test import Client

from afterword.accounts.models import KeyScope, Person, Team
from afterword.incidents.models import Incident
from afterword.postmortems.models import Postmortem
from afterword.postmortems.review.writes import give_review

pytestmark = pytest.mark.once

Headers = Callable[..., dict[str, str]]
DOCUMENTS = "/api/v1/postmortem_documents"


@pytest.fixture(scope="module")
def theirs() -> Any:
    """The shapes of incident.io's own client. Loading them takes a second: not in every process of a run."""
    return import_module("incident_io.models")


@pytest.fixture
def send(client: Client, api_headers: Headers) -> Callable[..., tuple[int, Any]]:
    def call(
        person: Person, method: str, path: str, body: object = None, scope: KeyScope = KeyScope.WRITE
    ) -> Any:
        headers = {"Authorization": api_headers(person, scope)["Authorization"].replace("Token", "Bearer")}
        text = "" if body is None else json.dumps(body)
        answer = client.generic(method, path, text, content_type="application/json", headers=headers)
        return answer.status_code, json.loads(answer.content) if answer.content else None

    return call


def test_a_status_word_moves_it_and_any_other_word_is_its_own_text(
    send: Any, alice: Person, bob: Person, team: Team, postmortem: Postmortem
) -> None:
    address = f"/api/account/teams/{team.unique_id}/postmortem/{postmortem.unique_id}/"

    def put(word: str) -> tuple[int, str]:
        status, body = send(alice, "PUT", address, {"status": word})
        return status, body.get("status", "")

    assert put("With the vendor") == (200, "With the vendor")
    refused = {"status": "completed", "title": "Renamed", "postmortem_data": "## Summary\n\nAnother text."}
    before = send(alice, "GET", address)[1]
    assert send(alice, "PUT", address, refused)[0] == 409, "nobody approved it"
    assert send(alice, "GET", address)[1] == before, "and nothing of it was done"
    assert put("In Review") == (200, "in review")
    assert put("With the vendor") == (200, "With the vendor")
    give_review(actor=bob, postmortem=postmortem, revision=postmortem.revisions.count(), verdict="approved")  # type: ignore[arg-type]
    assert put("Completed") == (200, "approved"), "the word takes the text's place, and the approval holds"
    assert put("published") == (200, "published")
    assert put("draft")[0] == 409
    assert send(alice, "DELETE", address)[0] == 409


def test_zenduty_clients_see_only_what_is_theirs_and_only_writers_write(
    send: Any,
    bob: Person,
    charlie: Person,
    vera: Person,
    team: Team,
    postmortem: Postmortem,
    other_team: Team,
) -> None:
    listed = f"/api/account/teams/{team.unique_id}/postmortem/"
    one = f"{listed}{postmortem.unique_id}/"
    for method, path, body in (
        ("GET", listed, None),
        ("POST", listed, {"title": "x"}),
        ("GET", one, None),
        ("PATCH", one, {"title": "x"}),
        ("DELETE", one, None),
    ):
        assert send(charlie, method, path, body)[0] == 404
        if method != "GET":
            assert send(vera, method, path, body)[0] == 403
            assert send(bob, method, path, body, KeyScope.READ)[0] == 403
    elsewhere = f"/api/account/teams/{other_team.unique_id}/postmortem/"
    assert send(charlie, "GET", elsewhere) == (200, [])
    assert send(charlie, "GET", f"{elsewhere}{postmortem.unique_id}/")[0] == 404
    assert len(send(vera, "GET", listed)[1]) == 1


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"incidents": [{"incident": "nonsense"}]}, "incidents"),
        ({"author": "nobody@example.com"}, "author"),
        ({"title": ""}, "title"),
        ({"status": "x" * 101}, "status_text"),
        ({"postmortem_data": "x" * 1_100_000}, "postmortem_data"),
    ],
)
def test_bad_input_of_a_zenduty_client_is_named(
    send: Any, bob: Person, team: Team, postmortem: Postmortem, change: dict[str, object], field: str
) -> None:
    address = f"/api/account/teams/{team.unique_id}/postmortem/{postmortem.unique_id}/"
    status, body = send(bob, "PATCH", address, change)
    assert (status, list(body["fields"])) == (400, [field])


@pytest.mark.parametrize(("word", "refusal"), [("completed", 409), ("x" * 101, 400)])
def test_what_a_zenduty_client_is_refused_leaves_nothing_behind(
    send: Any, bob: Person, team: Team, word: str, refusal: int
) -> None:
    begun = {"title": "Twin", "status": word, "postmortem_data": "## Summary\n\nIt broke.", "incidents": []}
    assert send(bob, "POST", f"/api/account/teams/{team.unique_id}/postmortem/", begun)[0] == refusal
    assert not Postmortem.objects.exists()


def test_documents_come_in_pages_of_incident_ios_shape(
    theirs: Any,
    send: Any,
    bob: Person,
    charlie: Person,
    make_postmortem: Callable[..., Postmortem],
    resolved_incident: Incident,
) -> None:
    made = [make_postmortem(title=f"Number {number}") for number in (1, 2, 3)]
    found: list[str] = []
    after = ""
    while True:
        status, body = send(
            bob, "GET", f"{DOCUMENTS}?page_size=2{after}&incident_id={resolved_incident.unique_id}"
        )
        assert status == 200
        page = theirs.PostmortemDocumentsListResultV1.from_dict(body)
        found += [document.title for document in page.postmortem_documents]
        if "after" not in body["pagination_meta"]:
            break
        after = f"&after={body['pagination_meta']['after']}"
    assert found == ["Number 3", "Number 2", "Number 1"]
    first = page.postmortem_documents[0]
    assert (first.id, first.incident_id, first.status) == (
        *(str(made[0].unique_id), resolved_incident.unique_id),
        "in_progress",
    )
    assert [editor.name for editor in first.editors] == ["Alice"]
    assert send(bob, "GET", f"{DOCUMENTS}?incident_id=nonsense")[1]["postmortem_documents"] == []
    at_the_root = DOCUMENTS.removeprefix("/api")
    assert send(bob, "GET", f"{at_the_root}/{first.id}") == send(bob, "GET", f"{DOCUMENTS}/{first.id}")
    assert send(charlie, "GET", f"{at_the_root}/{first.id}")[0] == 404
    oldest = send(bob, "GET", f"{DOCUMENTS}?sort_by=created_at_oldest_first&page_size=1")[1]
    assert oldest["postmortem_documents"][0]["title"] == "Number 1"
    text = send(bob, "GET", f"{DOCUMENTS}/{made[0].unique_id}/content")[1]
    assert theirs.PostmortemDocumentsShowContentResultV1.from_dict(text).markdown.startswith("# Number 1\n")


def test_a_documents_status_is_set_by_the_steps_that_people_take(
    send: Any, alice: Person, bob: Person, postmortem: Postmortem
) -> None:
    address = f"{DOCUMENTS}/{postmortem.unique_id}"

    def put(word: str) -> tuple[int, Any]:
        status, body = send(alice, "PUT", address, {"status": word})
        return status, body.get("postmortem_document", body)["status"]

    assert put("completed") == (409, 409)
    assert put("in_review") == (200, "in_review")
    assert put("in_progress") == (200, "in_progress")
    put("in_review")
    give_review(actor=bob, postmortem=postmortem, revision=1, verdict="approved")  # type: ignore[arg-type]
    assert put("completed") == (200, "completed")
    assert put("finished")[0] == 422


def test_failures_have_incident_ios_shape_and_outsiders_learn_nothing(
    theirs: Any,
    send: Any,
    client: Client,
    bob: Person,
    charlie: Person,
    vera: Person,
    postmortem: Postmortem,
) -> None:
    one = f"{DOCUMENTS}/{postmortem.unique_id}"
    for path in (one, f"{one}/content"):
        status, body = send(charlie, "GET", path)
        assert (status, body["type"], body["status"]) == (404, "not_found", 404)
        assert postmortem.title not in json.dumps(body)
    assert send(charlie, "GET", DOCUMENTS)[1]["postmortem_documents"] == []
    assert send(charlie, "GET", f"{DOCUMENTS}?after={postmortem.unique_id}")[0] == 422
    assert send(charlie, "PUT", one, {"status": "in_review"})[0] == 404
    assert send(vera, "PUT", one, {"status": "in_review"})[1]["type"] == "authorization_error"
    unsigned = client.get(DOCUMENTS)
    assert (unsigned.status_code, unsigned.json()["type"]) == (401, "authentication_error")
    for query, field in (
        ("page_size=0", "page_size"),
        ("page_size=x", "page_size"),
        ("sort_by=title", "sort_by"),
        ("after=x", "after"),
    ):
        status, body = send(bob, "GET", f"{DOCUMENTS}?{query}")
        assert (status, body["type"], body["errors"][0]["source"]["field"]) == (
            422,
            "validation_error",
            field,
        )
        assert theirs.ErrorResponse.from_dict(body).status == 422
    assert send(bob, "GET", f"{DOCUMENTS}/nonsense")[0] == 404


def test_a_page_of_documents_takes_no_more_queries_than_one(
    send: Any,
    bob: Person,
    team: Team,
    make_postmortem: Callable[..., Postmortem],
    django_assert_max_num_queries: Callable[..., Any],
) -> None:
    for _ in range(5):
        make_postmortem()
    for path in (DOCUMENTS, f"/api/account/teams/{team.unique_id}/postmortem/"):
        with django_assert_max_num_queries(18):
            assert send(bob, "GET", path)[0] == 200
