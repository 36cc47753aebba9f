"""What programs do with sections, incidents, templates and the rules of templates."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client

from afterword.accounts.models import Person, Team
from afterword.catalog.models import IncidentType, Severity
from afterword.incidents.models import Incident
from afterword.postmortems.choosing.models import TemplateRule
from afterword.postmortems.models import Postmortem, Revision, Section, Template
from afterword.postmortems.writes import save_section

Headers = Callable[..., dict[str, str]]
Call = Callable[..., tuple[int, Any]]
MakeIncident = Callable[..., Incident]


@pytest.fixture
def call(client: Client, api_headers: Headers) -> Call:
    def send(person: Person, method: str, path: str, body: object = None) -> tuple[int, Any]:
        answer = client.generic(
            method,
            f"/api/v1/{path}",
            json.dumps(body) if body is not None else "",
            content_type="application/json",
            headers=api_headers(person),
        )
        return answer.status_code, answer.json() if answer.content else None

    return send


def test_a_program_adds_renames_places_and_takes_out_sections(
    call: Call, bob: Person, postmortem: Postmortem
) -> None:
    base = f"postmortems/{postmortem.number}/sections"
    status, made = call(bob, "POST", base, {"title": "Appendix 🔥", "is_internal": True})
    assert (status, made["title"], made["is_internal"]) == (201, "Appendix 🔥", True)
    its = f"{base}/{made['unique_id']}"
    assert call(bob, "PATCH", its, {"title": "Preface", "place": 0})[1]["title"] == "Preface"
    titles = [one["title"] for one in call(bob, "GET", f"postmortems/{postmortem.number}")[1]["sections"]]
    assert titles[:2] == ["Preface", "Key information"]
    assert call(bob, "PATCH", its, {"place": 999})[0] == 200
    assert list(postmortem.sections.values_list("title", flat=True))[-1] == "Preface"
    for body in ({"title": "summary"}, {"title": " "}, {"title": "x" * 201}, {"place": -1}):
        status, refusal = call(bob, "PATCH", its, body)
        assert (status, list(refusal["fields"])) == (400, list(body))
    assert call(bob, "DELETE", its) == (204, None)
    assert call(bob, "DELETE", its)[0] == 404


def test_a_program_sees_what_a_template_changes_applies_and_undoes_it(
    call: Call, bob: Person, contributors: Section
) -> None:
    postmortem = contributors.postmortem
    contributors = save_section(actor=bob, section=contributors, text="The pool ran dry.", version=1)
    base = f"postmortems/{postmortem.number}"
    status, plan = call(bob, "GET", f"{base}/template/five-whys")
    fates = {one["title"]: one["fate"] for one in plan["sections"]}
    assert (status, fates["Timeline"], fates["Five whys"]) == (200, "stays", "comes")
    assert (fates["Contributors"], fates["Mitigators"]) == ("kept", "goes")
    assert Revision.objects.count() == 2
    sent = {"template": "five-whys", "newest": plan["revision"]}
    status, found = call(bob, "POST", f"{base}/template", sent)
    assert (status, found["template"]) == (200, "Five whys")
    assert contributors.text in [one["text"] for one in found["sections"]]
    assert call(bob, "POST", f"{base}/template", sent)[0] == 409
    assert call(bob, "POST", f"{base}/template", {"template": "gone", "newest": 3})[0] == 404
    status, _ = call(bob, "POST", f"{base}/revisions/1/restoration", {"newest": 3})
    postmortem.refresh_from_db()
    assert (status, postmortem.template_name) == (201, "Standard")


def test_a_program_changes_what_it_is_about(
    call: Call, bob: Person, alice: Person, postmortem: Postmortem, make_incident: MakeIncident
) -> None:
    first, other = postmortem.links.get().incident, make_incident(title="The gateway too")
    base = f"postmortems/{postmortem.number}/incidents"
    status, found = call(bob, "PATCH", base, {"add": [other.number], "remove": [str(first.unique_id)]})
    assert (status, [one["number"] for one in found["incidents"]]) == (200, [other.number])
    secret = make_incident(title="The secret one", is_private=True)
    for body, field in (
        ({"remove": [other.number]}, "incidents"),
        ({"remove": [first.number]}, "remove"),
        ({"add": [secret.number]}, "add"),
        ({"add": list(range(1, 30))}, "add"),
    ):
        status, refusal = call(bob, "PATCH", base, body)
        assert (status, list(refusal["fields"]), "secret" in str(refusal)) == (400, [field], False)
    secret.members.create(person=alice)
    assert call(alice, "PATCH", base, {"add": [secret.number]})[0] == 200
    assert call(alice, "PATCH", base, {"remove": [secret.number]})[1]["fields"].keys() == {"opens"}
    assert call(alice, "PATCH", base, {"remove": [secret.number], "opens": True})[0] == 200


def test_a_program_changes_and_deletes_templates(call: Call, alice: Person, bob: Person) -> None:
    source = "---\nname: Ärger\n---\n## A\n"
    status, made = call(alice, "POST", "templates", {"source": source})
    its = f"templates/{made['key']}"
    assert call(alice, "POST", "templates", {"source": source.replace("Ärger", "ÄRGER")})[0] == 400
    assert call(alice, "PATCH", its, {"source": source + "## B\n"})[1]["sections"] == ["A", "B"]
    assert call(alice, "PATCH", its, {"source": "no front matter"})[0] == 400
    for person, key, status in (
        (bob, its, 403),
        (alice, "templates/standard", 403),
        (alice, "templates/x", 404),
    ):
        assert call(person, "PATCH", key, {"source": source})[0] == status
        assert call(person, "DELETE", key)[0] == status
    assert call(alice, "DELETE", its) == (204, None)
    assert not Template.objects.exists()


def test_a_program_says_which_template_begins_what(
    call: Call, alice: Person, bob: Person, charlie: Person, team: Team
) -> None:
    severity = Severity.objects.create(name="SEV0", rank=0)
    kind = IncidentType.objects.create(name="Outage of a kind")
    exact = {
        "template": "five-whys",
        "team": str(team.unique_id),
        "severity": str(severity.unique_id),
        "incident_type": str(kind.unique_id),
    }
    status, made = call(alice, "POST", "template-rules", exact)
    assert (status, made["severity"]["name"], made["team"]["name"]) == (201, "SEV0", team.name)
    assert call(alice, "POST", "template-rules", {**exact, "template": "default"})[0] == 201
    assert call(alice, "POST", "template-rules", {"template": "lightweight"})[0] == 201
    assert [one["template"] for one in call(bob, "GET", "template-rules")[1]["items"]] == [
        "default",
        "lightweight",
    ]
    assert [one["team"] for one in call(charlie, "GET", "template-rules")[1]["items"]] == [None]
    for body, field in (
        ({"template": "gone"}, "template"),
        ({**exact, "severity": exact["team"]}, "severity"),
    ):
        status, refusal = call(alice, "POST", "template-rules", body)
        assert (status, list(refusal["fields"])) == (400, [field])
    assert call(bob, "POST", "template-rules", {"template": "default"})[0] == 403
    rule = TemplateRule.objects.get(team=team)
    assert call(charlie, "DELETE", f"template-rules/{rule.unique_id}")[0] == 404
    assert call(alice, "DELETE", f"template-rules/{rule.unique_id}") == (204, None)


def test_outsiders_and_readers_do_nothing_of_it(
    call: Call, charlie: Person, vera: Person, contributors: Section
) -> None:
    base = f"postmortems/{contributors.postmortem.number}"
    for person, expected in ((charlie, 404), (vera, 403)):
        for method, path, body in (
            ("POST", f"{base}/sections", {"title": "x"}),
            ("DELETE", f"{base}/sections/{contributors.unique_id}", None),
            ("GET", f"{base}/template/default", None),
            ("POST", f"{base}/template", {"template": "default", "newest": 1}),
            ("PATCH", f"{base}/incidents", {"remove": []}),
        ):
            status, answer = call(person, method, path, body)
            assert (status, contributors.postmortem.title in str(answer)) == (expected, False), path
