"""The same for programs, and what is drafted: organisation, team, incident."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from uuid import UUID

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from afterword.accounts.models import Person
from afterword.audit.models import AuditEvent
from afterword.drafting.suggestions import reads, writes
from afterword.drafting.suggestions.models import DocumentDraft, SuggestedClaim
from afterword.drafting.suggestions.rules import Allowed, Choice, what_holds
from afterword.drafting.suggestions.writes import work
from afterword.followups.models import FollowUp
from afterword.incidents.models import Entry, EntryKind, Incident
from afterword.postmortems.models import Postmortem, Section
from afterword.postmortems.writes import create_postmortem
from tests.cast import STARTED

Make = Callable[..., Any]
SignIn = Callable[[Person], Client]


@pytest.fixture
def call(client: Client, bob: Person, api_headers: Make, postmortem: Postmortem) -> Make:
    """Bob's program calls: `call("get", "drafts")`, of the post-mortem."""
    headers = api_headers(bob)

    def make(method: str, path: str, body: Any = None, *, root: str = "") -> Any:
        address = f"/api/v1/{root}" if root else f"/api/v1/postmortems/{postmortem.number}/{path}"
        return getattr(client, method)(address, body, content_type="application/json", headers=headers)

    return make


def test_a_program_asks_reads_and_decides(call: Make, postmortem: Postmortem, section: Section):
    first = call("get", "drafts").json()["items"][0]
    assert (first["state"], first["reason"], first["written_by"]) == ("done", "resolved", "record")
    listed = call("get", "suggestions").json()["items"]
    assert len(listed) == SuggestedClaim.objects.count()
    claim = next(one for one in listed if "What helped" in one["text"])
    assert claim["section"] == str(section.unique_id)
    assert claim["evidence"][0]["text"] == "Rolled back to v41."
    made = call("post", "decisions", {"verdict": "accept", "suggestions": [claim["unique_id"]]})
    assert made.status_code == 201
    assert made.json()["section_title"] == "Summary"
    [cited] = call("get", "citations").json()
    assert (cited["state"], cited["number"], cited["suggestion"]) == ("same", 1, claim["unique_id"])
    assert call("get", "support").json()["cited"] == 1
    again = call("post", "decisions", {"verdict": "reject", "suggestions": [claim["unique_id"]]})
    assert again.status_code == 409
    assert call("delete", "decisions/last").json()["undone_at"]
    assert call("delete", "decisions/last").status_code == 409
    assert call("get", "decisions").json()["items"][0]["verdict"] == "accepted"
    proposal = next(one for one in listed if one["kind"] == "proposal")
    body = {"verdict": "follow_up", "suggestions": [proposal["unique_id"]], "text": "Alert sooner"}
    assert call("post", "decisions", body).status_code == 201
    assert FollowUp.objects.get().title == "Alert sooner"
    told = call("get", "suggestions?state=accepted").json()["items"]
    assert [one["follow_up"] for one in told] == [str(FollowUp.objects.get().unique_id)]


def test_the_decision_that_is_undone_can_be_named(
    call: Make, bob: Person, alice: Person, told_incident: Incident
):
    claims = [one["unique_id"] for one in call("get", "suggestions").json()["items"][:2]]
    first, second = (
        call("post", "decisions", {"verdict": "reject", "suggestions": [one]}).json() for one in claims
    )
    # Somebody else has decided on the second one meanwhile.
    refused = call("delete", f"decisions/{first['unique_id']}")
    assert (refused.status_code, "meanwhile" in refused.content.decode()) == (409, True)
    assert call("delete", f"decisions/{second['unique_id']}").json()["undone_at"]
    again = call("delete", f"decisions/{second['unique_id']}")
    assert (again.status_code, "undone already" in again.content.decode()) == (409, True)
    assert call("delete", f"decisions/{first['unique_id']}").json()["unique_id"] == first["unique_id"]
    assert call("delete", f"decisions/{first['unique_id']}").status_code == 409
    other = create_postmortem(actor=alice, incidents=[told_incident], title="Another")
    elsewhere = f"postmortems/{other.number}/decisions/{first['unique_id']}"
    assert call("delete", "", root=elsewhere).status_code == 404


def test_a_draft_is_asked_for_in_parts(call: Make):
    asked = call("post", "drafts", {"keys": ["timeline"]})
    assert (asked.status_code, asked.json()["state"]) == (202, "waiting")
    assert work.write_all_waiting() == 1
    assert call("get", f"drafts/{asked.json()['unique_id']}").json()["state"] == "done"
    claim = SuggestedClaim.objects.first()
    assert claim is not None
    assert call("post", f"suggestions/{claim.unique_id}/draft").status_code == 202
    actions = set(AuditEvent.objects.values_list("action", flat=True))
    assert {"draft.asked", "draft.written"} <= actions


@pytest.mark.once
@pytest.mark.parametrize(
    ("path", "body", "field"),
    [
        ("drafts", {"keys": ["weather"]}, "keys"),
        ("drafts", {"with_model": True}, "with_model"),
        ("decisions", {"verdict": "like", "suggestions": []}, "verdict"),
        ("decisions", {"verdict": "accept", "suggestions": []}, "claims"),
        (
            "decisions",
            {"verdict": "reject", "suggestions": [str(UUID(int=n)) for n in range(301)]},
            "suggestions",
        ),
        ("decisions", {"verdict": "follow_up", "suggestions": []}, "suggestions"),
    ],
    ids=["key", "model", "verdict", "none", "many", "no-proposal"],
)
def test_what_cannot_be_used_is_named(call: Make, path: str, body: Any, field: str):
    answer = call("post", path, body)
    assert answer.status_code == 400
    assert field in answer.json()["fields"]


@pytest.mark.once
def test_outsiders_and_readers_get_no_further(
    client: Client, vera: Person, charlie: Person, api_headers: Make, postmortem: Postmortem
):
    draft, claim = DocumentDraft.objects.get(), SuggestedClaim.objects.first()
    assert claim is not None
    root = f"/api/v1/postmortems/{postmortem.number}"
    paths = [
        *(("get", one) for one in ("drafts", f"drafts/{draft.unique_id}", "suggestions", "decisions")),
        ("post", "drafts"),
        ("post", "decisions"),
        ("post", f"suggestions/{claim.unique_id}/draft"),
        ("delete", "decisions/last"),
        ("delete", f"decisions/{UUID(int=7)}"),
        ("delete", f"citations/{claim.unique_id}"),
    ]
    for person, status in ((vera, 403), (charlie, 404)):
        headers = api_headers(person)
        for method, path in paths:
            decided = {"verdict": "accept", "suggestions": [str(claim.unique_id)]}
            body = decided if (method, path) == ("post", "decisions") else {}
            answer = getattr(client, method)(
                f"{root}/{path}", body, content_type="application/json", headers=headers
            )
            assert (path, answer.status_code) == (path, status)
            assert claim.text not in answer.content.decode()
    for path in ("citations", "support"):
        assert client.get(f"{root}/{path}", headers=api_headers(vera)).status_code == 200
        assert client.get(f"{root}/{path}", headers=api_headers(charlie)).status_code == 404


# What is drafted -----------------------------------------------------------------------------------------


@pytest.mark.pure
def test_nearest_decides_on_drafts_and_any_no_on_the_model():
    yes, no, nothing = Choice(True, True, True), Choice(False, False, False), Choice()
    assert what_holds(nothing) == Allowed(automatic=True, model=True, model_private=False)
    assert what_holds(no, yes) == Allowed(automatic=True, model=False, model_private=False)
    assert what_holds(yes, nothing, no) == Allowed(automatic=False, model=False, model_private=False)
    assert what_holds(nothing, yes, yes).model_private is False
    assert what_holds(yes, nothing, nothing) == Allowed(automatic=True, model=True, model_private=True)


def test_programs_choose_too(
    client: Client, alice: Person, bob: Person, charlie: Person, api_headers: Make, told_incident: Incident
):
    team = told_incident.service.team
    of_team, of_incident = f"teams/{team.unique_id}/drafting", f"incidents/{told_incident.number}/drafting"

    def patch(person: Person, path: str, **body: Any) -> Any:
        return client.patch(
            f"/api/v1/{path}", body, content_type="application/json", headers=api_headers(person)
        )

    assert patch(bob, "drafting", automatic=False).status_code == 403
    assert patch(alice, "drafting", automatic=False).json()["holds"]["automatic"] is False
    assert patch(bob, of_team, automatic=True).status_code == 403
    assert patch(alice, of_team, model=False).json() == {
        "automatic": None,
        "model": False,
        "model_private": None,
        "begins": None,
        "holds": {"automatic": False, "model": False, "model_private": False, "begins": False},
    }
    told = patch(bob, of_incident, automatic=True, model=True).json()["holds"]
    assert told == {"automatic": True, "model": False, "model_private": False, "begins": False}
    for path in (of_team, of_incident):
        assert patch(charlie, path, automatic=True).status_code == 404
        answer = client.get(f"/api/v1/{path}", headers=api_headers(charlie))
        assert answer.status_code == 404
    assert AuditEvent.objects.filter(action="incident.drafting_changed").count() == 1


def test_the_settings_are_pages(
    sign_in: SignIn, alice: Person, bob: Person, charlie: Person, told_incident: Incident
):
    team = told_incident.service.team
    owner, member, outsider = sign_in(alice), sign_in(bob), sign_in(charlie)
    page = owner.get("/settings/drafting").content.decode()
    assert "No model is set up" in page
    assert "As usual: yes" in page
    assert owner.post("/settings/drafting", {"automatic": "no"}).status_code == 302
    assert reads.organisation_choice() == Choice(automatic=False)
    assert owner.post("/settings/drafting", {"automatic": "perhaps"}).status_code == 400
    assert "as the organisation" in member.get("/settings/drafting").content.decode()
    assert member.post("/settings/drafting", {"automatic": "yes"}).status_code == 403
    address = f"/settings/drafting/teams/{team.unique_id}"
    assert owner.post(address, {"automatic": "yes"}).status_code == 302
    assert (member.get(address).status_code, outsider.get(address).status_code) == (403, 404)
    assert team.name not in outsider.get("/settings/drafting").content.decode()
    address = f"/incidents/{told_incident.number}/drafting"
    assert member.post(address, {"automatic": "no", "model": "no"}).status_code == 302
    assert reads.incident_choice(told_incident) == Choice(False, False)
    assert outsider.get(address).status_code == 404
    told = member.get(
        f"/incidents/{told_incident.number}/postmortems", headers={"HX-Request": "true"}
    ).content.decode()
    assert address in told


# What pages cost -----------------------------------------------------------------------------------------


@pytest.mark.once
def test_more_suggestions_and_citations_cost_no_more_queries(
    sign_in: SignIn, bob: Person, postmortem: Postmortem, told_incident: Incident
):
    client = sign_in(bob)
    number = postmortem.number
    pages = [
        f"/postmortems/{number}",
        f"/postmortems/{number}/write",
        f"/postmortems/{number}/suggestions",
        f"/postmortems/{number}/support",
    ]

    def accept(words: str) -> None:
        claim = SuggestedClaim.objects.get(key="timeline", text__contains=words)
        writes.accept_claims(actor=bob, postmortem=postmortem, claims=[claim])

    def queries() -> list[int]:
        counts = []
        for page in pages:
            client.get(page)
            with CaptureQueriesContext(
                connection,
            ) as found:
                assert client.get(page).status_code == 200
            counts.append(len(found))
        return counts

    Entry.objects.create(
        incident=told_incident, at=STARTED, kind=EntryKind.NOTE, text="Cited nowhere.", mark="diagnosis"
    )
    accept("Rolled back")
    few = queries()
    # Of the same kind of evidence, for each kind is asked about once.
    accept("200 of 200")
    assert queries() == few
