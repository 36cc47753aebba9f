from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client

from afterword.accounts.models import Person
from afterword.incidents.models import Incident
from afterword.postmortems.models import Postmortem, Section

Headers = Callable[..., dict[str, str]]
Call = Callable[..., Any]


@pytest.fixture
def call(client: Client, bob: Person, api_headers: Headers) -> Call:
    """Call the API as Bob and give status and body."""
    headers = api_headers(bob)

    def send(method: str, path: str, body: object = None) -> tuple[int, Any]:
        answer = client.generic(
            method,
            f"/api/v1/{path}",
            json.dumps(body) if body is not None else "",
            content_type="application/json",
            headers=headers,
        )
        return answer.status_code, answer.json()

    return send


def test_a_program_begins_a_post_mortem(call: Call, bob: Person, resolved_incident: Incident) -> None:
    status, body = call("POST", "postmortems", {"incidents": [resolved_incident.unique_id]})
    assert status == 201
    assert (body["number"], body["title"], body["status"]) == (1, "Checkout answers slowly", "draft")
    assert (body["author"]["name"], body["team"]["name"], body["template"]) == ("Bob", "Payments", "Standard")
    assert [incident["number"] for incident in body["incidents"]] == [resolved_incident.number]
    assert [section["title"] for section in body["sections"]][:2] == ["Key information", "Summary"]
    assert body["sections"][0]["live_name"] == "key-information"
    assert call("GET", "postmortems/1") == (200, body)


def test_an_incident_that_is_named_twice_is_one_in_the_title(call: Call, resolved_incident: Incident) -> None:
    twice = [str(resolved_incident.number), resolved_incident.unique_id, resolved_incident.number]
    status, body = call("POST", "postmortems", {"incidents": twice})
    assert (status, body["title"]) == (201, resolved_incident.title)


def test_a_program_reads_the_list_in_pieces(call: Call, make_postmortem: Callable[..., Postmortem]) -> None:
    for number in range(3):
        make_postmortem(title=f"Number {number + 1}", template="lightweight")
    _, first = call("GET", "postmortems?limit=2")
    _, second = call("GET", f"postmortems?limit=2&cursor={first['next']}")
    assert [item["number"] for item in first["items"] + second["items"]] == [3, 2, 1]
    assert second["next"] is None
    assert call("GET", "postmortems?text=2")[1]["items"][0]["title"] == "Number 2"


def test_a_program_saves_a_section_and_is_told_of_a_conflict(call: Call, contributors: Section) -> None:
    path = f"postmortems/{contributors.postmortem.number}/sections/{contributors.unique_id}"
    status, body = call("PATCH", path, {"text": "One.", "version": 1})
    assert (status, body["text"], body["version"]) == (200, "One.", 2)
    status, body = call("PATCH", path, {"text": "Two.", "version": 1})
    assert status == 409
    assert "Nothing is lost" in body["detail"]
    assert body["current"] == {"text": "One.", "version": 2}
    assert Section.objects.get(pk=contributors.pk).text == "One."


def test_a_program_renames(call: Call, postmortem: Postmortem) -> None:
    path = f"postmortems/{postmortem.number}"
    assert call("PATCH", path, {"title": "Better"})[1]["title"] == "Better"
    # A text has a method `title`, and a list has nothing that would be changed.
    for body in ([], [{"title": "Worse"}], "worse", 5):
        status, answer = call("PATCH", path, body)
        assert (status, "JSON object" in answer["fields"]["body"]) == (400, True)
    assert call("GET", path)[1]["title"] == "Better"


def test_what_is_no_object_is_refused_as_the_body(
    client: Client, bob: Person, postmortem: Postmortem, api_headers: Headers
) -> None:
    path, headers = f"/api/v1/postmortems/{postmortem.number}", api_headers(bob)
    for body in ("null", "", "{", "[" * 100_000):
        answer = client.patch(path, body, content_type="application/json", headers=headers)
        assert (answer.status_code, [*answer.json()["fields"]]) == (400, ["body"])


def test_a_program_downloads_the_files(
    client: Client, bob: Person, postmortem: Postmortem, api_headers: Headers
) -> None:
    headers = api_headers(bob)
    text = client.get(f"/api/v1/postmortems/{postmortem.number}/markdown", headers=headers)
    assert text.content.decode().startswith("# Checkout answered slowly")
    file = client.get(f"/api/v1/postmortems/{postmortem.number}/pdf", headers=headers)
    assert file.content.startswith(b"%PDF-")


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"incidents": []}, "incidents"),
        ({"incidents": [999]}, "incidents"),
        ({"incidents": ["x" * 500]}, "incidents"),
        ({"title": ""}, "title"),
        ({"title": "x" * 301}, "title"),
        ({"template": "nonsense"}, "template"),
        ({"author": "6a1ab0d9-4a0c-4c0e-9d9a-4c3f2b1a0d9e"}, "author"),
    ],
)
def test_bad_input_is_named(
    call: Call, resolved_incident: Incident, change: dict[str, object], field: str
) -> None:
    status, body = call(
        "POST", "postmortems", {"incidents": [resolved_incident.number], "title": "x"} | change
    )
    assert status == 400
    assert field in body["fields"]


@pytest.mark.parametrize("text", ["x" * 1_000_000, "é" * 40_000])
def test_a_text_that_is_too_long_is_refused(call: Call, contributors: Section, text: str) -> None:
    path = f"postmortems/{contributors.postmortem.number}/sections/{contributors.unique_id}"
    status, body = call("PATCH", path, {"text": text, "version": 1})
    assert status == 400
    assert "a section holds 64 KB" in body["fields"]["text"]


def test_templates_are_listed_and_read(call: Call) -> None:
    _, body = call("GET", "templates")
    assert [item["key"] for item in body["items"]] == [
        *("standard", "default", "google-sre", "lightweight", "five-whys")
    ]
    status, standard = call("GET", "templates/standard")
    assert status == 200
    assert standard["source"].startswith("---\nname: Standard\n")
    assert call("GET", "templates/nonsense")[0] == 404


def test_an_administrator_adds_a_template_and_nobody_else(
    client: Client, alice: Person, bob: Person, api_headers: Headers
) -> None:
    body = {"source": "---\nname: Ours\n---\n## Summary\n::: summary\n"}

    def add(person: Person) -> Any:
        return client.post(
            "/api/v1/templates", body, content_type="application/json", headers=api_headers(person)
        )

    assert add(bob).status_code == 403
    made = add(alice)
    assert made.status_code == 201
    assert (made.json()["name"], made.json()["sections"]) == ("Ours", ["Summary"])
    again = add(alice)
    assert again.status_code == 400
    assert "already" in again.json()["fields"]["source"]


def test_a_mistake_in_a_template_is_answered_with_its_line(
    client: Client, alice: Person, api_headers: Headers
) -> None:
    answer = client.post(
        "/api/v1/templates",
        {"source": "---\nname: Ours\n---\n## Summary\n::: weather\n"},
        content_type="application/json",
        headers=api_headers(alice),
    )
    assert answer.status_code == 400
    assert answer.json()["fields"]["source"].startswith("Line 5: ")
