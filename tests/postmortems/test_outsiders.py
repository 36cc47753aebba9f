from __future__ import annotations

import uuid
from collections.abc import Callable

import pytest
from django.test import Client

from afterword.accounts.models import KeyScope, Person
from afterword.incidents.models import Incident
from afterword.postmortems.models import Postmortem, Section

SignIn = Callable[[Person], Client]
Headers = Callable[..., dict[str, str]]

READS = ("", "/write", "/export/markdown", "/export/pdf")
API_READS = ("", "/markdown", "/pdf")


def addresses_of_writes(section: Section) -> list[str]:
    base = f"/postmortems/{section.postmortem.number}"
    return [
        f"{base}/write",
        f"{base}/sections/{section.unique_id}",
        f"{base}/preview?section={section.unique_id}",
    ]


@pytest.mark.once
@pytest.mark.parametrize("part", READS)
def test_an_outsider_gets_not_found_as_for_one_that_is_not_there(
    sign_in: SignIn, charlie: Person, postmortem: Postmortem, part: str
) -> None:
    client = sign_in(charlie)
    answer = client.get(f"/postmortems/{postmortem.number}{part}")
    missing = client.get(f"/postmortems/999{part}")
    assert answer.status_code == missing.status_code == 404
    assert postmortem.title not in answer.content.decode()


def test_an_outsider_writes_nothing(sign_in: SignIn, charlie: Person, contributors: Section) -> None:
    text = {f"text-{contributors.unique_id}": "Charlie was here", f"version-{contributors.unique_id}": "1"}
    for address in addresses_of_writes(contributors):
        for headers in ({}, {"HX-Request": "true"}):
            assert sign_in(charlie).post(address, text, headers=headers).status_code == 404
    contributors.refresh_from_db()
    assert contributors.version == 1


@pytest.mark.once
def test_a_viewer_reads_and_is_told_that_they_cannot_write(
    sign_in: SignIn, vera: Person, contributors: Section
) -> None:
    client = sign_in(vera)
    base = f"/postmortems/{contributors.postmortem.number}"
    for part in ("", "/export/markdown", "/export/pdf"):
        assert client.get(base + part).status_code == 200
    assert client.get(f"{base}/write").status_code == 403
    text = {f"text-{contributors.unique_id}": "Vera was here", f"version-{contributors.unique_id}": "1"}
    for address in addresses_of_writes(contributors):
        assert client.post(address, text).status_code == 403
    assert client.get("/postmortems/new").status_code == 403
    assert client.post("/postmortems/new", {"title": "x"}).status_code == 403
    contributors.refresh_from_db()
    assert contributors.version == 1


def test_a_list_and_its_filters_tell_an_outsider_nothing(
    sign_in: SignIn, alice: Person, charlie: Person, postmortem: Postmortem
) -> None:
    client = sign_in(charlie)
    team = postmortem.team.unique_id
    for query in ("", "text=checkout", f"author={alice.unique_id}", f"team={team}", "text=%231"):
        page = client.get(f"/postmortems?{query}").content.decode()
        assert postmortem.title not in page
        assert "Payments" not in page
        assert "Alice" not in page


def test_the_fragment_of_an_incident_is_not_found_by_an_outsider(
    sign_in: SignIn, charlie: Person, resolved_incident: Incident, postmortem: Postmortem
) -> None:
    address = f"/incidents/{resolved_incident.number}/postmortems"
    for headers in ({}, {"HX-Request": "true"}):
        answer = sign_in(charlie).get(address, headers=headers)
        assert answer.status_code == 404
        assert postmortem.title not in answer.content.decode()


def test_a_section_is_not_reached_through_another_document(
    sign_in: SignIn, bob: Person, contributors: Section, make_postmortem: Callable[..., Postmortem]
) -> None:
    other = make_postmortem()
    text = {f"text-{contributors.unique_id}": "x", f"version-{contributors.unique_id}": "1"}
    client = sign_in(bob)
    there = client.post(f"/postmortems/{other.number}/sections/{contributors.unique_id}", text)
    unknown = client.post(f"/postmortems/{other.number}/sections/{uuid.uuid4()}", text)
    # What was typed comes back, as it would for a section that was taken out; nothing is told of the other.
    assert [there.status_code, unknown.status_code] == [409, 409]
    assert contributors.title not in there.content.decode().split('id="strays"')[1].split("</section>")[0]
    assert client.post(f"/postmortems/{other.number}/sections/{uuid.uuid4()}", {}).status_code == 404
    contributors.refresh_from_db()
    assert contributors.version == 1


def test_nobody_reads_without_a_sign_in(client: Client, contributors: Section) -> None:
    base = f"/postmortems/{contributors.postmortem.number}"
    pages = [base + part for part in READS] + ["/postmortems", "/postmortems/new", "/settings/templates"]
    for page in pages:
        answer = client.get(page)
        assert answer.status_code == 302
        assert answer.headers["Location"].startswith("/sign-in")


@pytest.mark.once
@pytest.mark.parametrize("part", API_READS)
def test_the_api_tells_an_outsider_nothing(
    client: Client, charlie: Person, postmortem: Postmortem, api_headers: Headers, part: str
) -> None:
    headers = api_headers(charlie)
    answer = client.get(f"/api/v1/postmortems/{postmortem.number}{part}", headers=headers)
    assert answer.status_code == 404
    assert answer.json() == {"detail": "Not found."}
    assert client.get("/api/v1/postmortems", headers=headers).json() == {"items": [], "next": None}


def test_the_api_lets_only_those_write_who_may(
    client: Client, bob: Person, charlie: Person, vera: Person, contributors: Section, api_headers: Headers
) -> None:
    base = f"/api/v1/postmortems/{contributors.postmortem.number}"
    section = f"{base}/sections/{contributors.unique_id}"

    def patch(address: str, body: dict[str, object], headers: dict[str, str]) -> int:
        return client.patch(address, body, content_type="application/json", headers=headers).status_code

    for headers, status in (
        (api_headers(charlie), 404),
        (api_headers(vera), 403),
        (api_headers(bob, KeyScope.READ), 403),
        ({}, 401),
    ):
        assert patch(section, {"text": "x", "version": 1}, headers) == status
        assert patch(base, {"title": "x"}, headers) == status
    contributors.refresh_from_db()
    assert contributors.version == 1


def test_the_api_begins_nothing_about_the_incident_of_another_team(
    client: Client, charlie: Person, vera: Person, resolved_incident: Incident, api_headers: Headers
) -> None:
    body = {"incidents": [resolved_incident.number], "title": "x"}
    for person, status in ((charlie, 400), (vera, 403)):
        answer = client.post(
            "/api/v1/postmortems", body, content_type="application/json", headers=api_headers(person)
        )
        assert answer.status_code == status
        assert resolved_incident.title not in answer.content.decode()
    assert not Postmortem.objects.exists()
