"""The pages of facts: each part is filled in on a page of its own, which works without script."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from afterword.accounts.models import Person, Team
from afterword.catalog.models import IncidentRole, Meaning, Service, Severity
from afterword.incidents import writes as incidents
from afterword.incidents.facts import reads, writes
from afterword.incidents.models import Incident, RoleAssignment

pytestmark = pytest.mark.once

SignIn = Callable[[Person], Client]


def test_severity_and_type_are_set_with_the_response(
    sign_in: SignIn, bob: Person, incident: Incident
) -> None:
    severity = Severity.objects.get(name="SEV2")
    browser = sign_in(bob)
    address = f"/incidents/{incident.number}"
    given = {"severity": str(severity.unique_id), "incident_type": "", "priority": "", "sla": ""}
    assert browser.post(f"{address}/response", {**given, "escalation_policy": ""}).status_code == 302
    assert "SEV2" in browser.get(address).content.decode()
    for query, shown in (("severity=sev2", True), ("severity=SEV1", False), ("type=Platform", False)):
        page = browser.get(f"/incidents?{query}").content.decode()
        assert (incident.title in page) is shown, query


def test_a_useful_link_is_added_and_shown_and_nothing_else_is_one(
    sign_in: SignIn, bob: Person, incident: Incident
) -> None:
    browser, address = sign_in(bob), f"/incidents/{incident.number}"
    given = {"kind": "chat", "url": "https://chat.example.com/incident-1", "title": "#incident-1"}
    assert browser.post(f"{address}/links", given).status_code == 302
    link = reads.links_of(incident).get()
    page = browser.get(address).content.decode()
    assert 'href="https://chat.example.com/incident-1" rel="noopener' in page
    refused = browser.post(
        f"{address}/links", {"kind": "chat", "url": "javascript:alert(1)", "title": "Mine"}
    )
    assert refused.status_code == 400
    assert 'value="Mine"' in refused.content.decode()
    one = f"{address}/links/{link.unique_id}"
    browser.post(one, {**given, "title": "#incident-one"})
    assert reads.links_of(incident).get().title == "#incident-one"
    browser.post(f"{one}/place", {"place": "up"})
    browser.post(f"{one}/removal")
    assert not reads.links_of(incident).exists()


def test_services_are_chosen_from_all_that_one_sees(
    sign_in: SignIn, alice: Person, incident: Incident, other_team: Team
) -> None:
    index = Service.objects.create(team=other_team, name="Index")
    browser, address = sign_in(alice), f"/incidents/{incident.number}"
    assert "Index (Search)" in browser.get(f"{address}/services").content.decode()
    browser.post(f"{address}/services", {"services": [str(index.unique_id)]})
    assert f'href="/incidents?service={index.unique_id}">Index</a>' in browser.get(address).content.decode()


def test_fields_are_made_filled_in_and_asked_for_before_resolving(
    sign_in: SignIn, alice: Person, bob: Person, incident: Incident
) -> None:
    admin, browser, address = sign_in(alice), sign_in(bob), f"/incidents/{incident.number}"
    refused = admin.post(
        "/settings/incident-fields/new", {"name": "Region", "kind": "choice", "options": " "}
    )
    assert refused.status_code == 400
    assert "Please give at least one" in refused.content.decode()
    made = {
        "name": "Region",
        "kind": "choice",
        "options": "Dublin\nOregon",
        "is_required": "on",
        "help": "Where?",
    }
    assert admin.post("/settings/incident-fields/new", made).status_code == 302
    field = reads.visible_fields(alice).get()
    stopped = browser.post(f"{address}/resolution", follow=True)
    assert "Please fill in “Region” before the incident is resolved." in stopped.content.decode()
    assert "Where?" in stopped.content.decode()
    name = f"field_{field.unique_id}"
    seen = reads.digest_values(reads.values_in(bob, incident))
    wrong = browser.post(f"{address}/fields", {name: "Paris", "started_from": seen})
    assert wrong.status_code == 400
    assert "“Paris” is not among the choices." in wrong.content.decode()
    assert browser.post(f"{address}/fields", {name: "Oregon", "started_from": seen}).status_code == 302
    late = browser.post(f"{address}/fields", {name: "Dublin", "started_from": seen})
    assert "As they stand now" in late.content.decode()
    assert "Oregon" in browser.get(address).content.decode()
    browser.post(f"{address}/resolution")
    incident.refresh_from_db()
    assert incident.is_resolved
    page = f"/settings/incident-fields/{field.unique_id}"
    assert "1 incident has a value" in admin.get(page).content.decode()
    admin.post(page, {"name": "Zone", "help": "", "options": "Oregon"})
    admin.post(f"{page}/deletion")
    admin.post(f"{page}/archival", {"archived": "yes"})
    assert "Zone" in admin.get("/settings/incident-fields?state=archived").content.decode()
    assert admin.get("/settings/incident-fields/new").status_code == 200
    admin.post(f"{page}/archival", {"archived": "no"})
    admin.post(f"{page}/place", {"place": "up"})
    assert [one.name for one in reads.visible_fields(alice, archived=False)] == ["Zone"]


def test_one_click_makes_a_participant_or_a_lead(
    sign_in: SignIn, alice: Person, bob: Person, incident: Incident
) -> None:
    incidents.add_note(actor=alice, incident=incident, text="Looking")
    browser, address = sign_in(bob), f"/incidents/{incident.number}"
    page = browser.get(address).content.decode()
    assert "Took part, and has no role yet" in page
    browser.post(f"{address}/participants", {"person": [str(alice.unique_id), str(bob.unique_id), "x"]})
    lead = IncidentRole.objects.get(meaning=Meaning.LEAD)
    given = {"role": str(lead.unique_id), "person": str(bob.unique_id), "back": "page"}
    assert browser.post(f"{address}/roles", given)["Location"] == address
    found = RoleAssignment.objects.filter(incident=incident).order_by("pk")
    assert [(one.role.meaning, one.person) for one in found] == [("participant", alice), ("lead", bob)]
    assert "Take the lead" not in browser.get(address).content.decode()


def test_an_earlier_summary_is_compared_and_brought_back(
    sign_in: SignIn, bob: Person, incident: Incident
) -> None:
    incidents.change_summary(actor=bob, incident=incident, summary="One pool was full")
    incidents.change_summary(actor=bob, incident=incident, summary="Two pools were full")
    browser, address = sign_in(bob), f"/incidents/{incident.number}/summary/history"
    page = browser.get(address).content.decode()
    assert "<del>One pool was full</del>" in page
    assert "<ins>Two pools were full</ins>" in page
    assert "<p>Two pools were full</p>" in browser.get(address).content.decode()
    assert browser.get(f"{address}?version=9").status_code == 404
    stale = browser.post(f"{address}/1/restoration", {"started_from": "another"}, follow=True)
    assert "Someone changed the summary" in stale.content.decode()
    browser.post(f"{address}/1/restoration")
    incident.refresh_from_db()
    assert incident.summary == "One pool was full"


def _addresses(incident: Incident, link: Any, field: Any) -> list[tuple[str, str]]:
    page, one = f"/incidents/{incident.number}", f"/settings/incident-fields/{field.unique_id}"
    return [
        ("post", f"{page}/services"),
        ("post", f"{page}/links"),
        ("post", f"{page}/links/{link.unique_id}"),
        ("post", f"{page}/links/{link.unique_id}/place"),
        ("post", f"{page}/links/{link.unique_id}/removal"),
        ("post", f"{page}/fields"),
        ("post", f"{page}/participants"),
        ("post", f"{page}/summary/history/1/restoration"),
        ("get", f"{page}/services"),
        ("get", f"{page}/links"),
        ("get", f"{page}/fields"),
        ("get", f"{page}/summary/history"),
        ("post", one),
        ("post", f"{one}/place"),
        ("post", f"{one}/archival"),
        ("post", f"{one}/deletion"),
    ]


def test_an_outsider_finds_nothing_and_a_reader_changes_nothing(
    sign_in: SignIn, alice: Person, vera: Person, charlie: Person, incident: Incident, team: Team
) -> None:
    link = writes.add_link(actor=alice, incident=incident, url="https://example.com")
    incidents.change_summary(actor=alice, incident=incident, summary="Known")
    field = writes.create_field(actor=alice, team=team, name="Region", kind="text")
    outsider, reader = sign_in(charlie), sign_in(vera)
    for method, address in _addresses(incident, link, field):
        given = {"name": "x"} if address.startswith("/settings") else {}
        assert getattr(outsider, method)(address, given).status_code == 404, address
        expected = 200 if address.endswith("/summary/history") else 403
        assert getattr(reader, method)(address, given).status_code == expected, address
    assert "Region" not in outsider.get("/settings/incident-fields").content.decode()
    assert "Region" not in outsider.get("/incidents?more=1").content.decode()


def test_the_page_asks_the_database_as_often_for_much_as_for_little(
    sign_in: SignIn, alice: Person, bob: Person, incident: Incident, team: Team
) -> None:
    browser = sign_in(bob)

    def count(address: str) -> int:
        with CaptureQueriesContext(connection) as queries:
            assert browser.get(address).status_code == 200
        return len(queries)

    def fill(number: int) -> None:
        affected.append(Service.objects.create(team=team, name=f"Service {number}"))
        writes.change_affected_services(actor=bob, incident=incident, services=affected)
        writes.add_link(actor=bob, incident=incident, url=f"https://example.com/{number}", title="L" * 200)
        field = writes.create_field(actor=alice, team=None, name=f"Field {number}", kind="long_text")
        values = {str(field.unique_id): "word " * 1_000}
        writes.change_values(actor=bob, incident=incident, values=values)

    affected: list[Service] = []
    address = f"/incidents/{incident.number}"
    fill(0)
    count(address)
    with_one = count(address)
    for number in range(1, 8):
        fill(number)
    assert count(address) == with_one
