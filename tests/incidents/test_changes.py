"""What was changed about a service, beside the incident that it may have led to."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.test import Client

from afterword.accounts.models import Person, Team
from afterword.audit.models import AuditEvent
from afterword.catalog.models import Integration, Service, ServiceDependency
from afterword.incidents.models import Change, Incident, IncidentEntity
from tests.cast import STARTED

SignIn = Callable[[Person], Client]
Headers = Callable[..., dict[str, str]]


def make_change(service: Service, minutes: float, title: str = "checkout 2026.3", **fields: Any) -> Change:
    at = STARTED + timedelta(minutes=minutes)
    return Change.objects.create(
        **{
            "trace_id": uuid.uuid4(),
            "service": service,
            "title": title,
            "at": at,
            "received_at": at,
            **fields,
        }
    )


def test_the_page_shows_the_day_before_until_the_end(
    sign_in: SignIn, bob: Person, resolved_incident: Incident, service: Service, team: Team
):
    make_change(service, -12, "A deploy", version="2026.3.1", author="Deploy bot")
    make_change(service, 30, "The way back")
    make_change(service, -24 * 60 - 1, "Long ago")
    make_change(service, 43, "Afterwards")
    make_change(Service.objects.create(team=team, name="Search"), -5, "Elsewhere")
    shown = sign_in(bob).get(f"/incidents/{resolved_incident.number}/changes").content.decode()
    for words in ("A deploy", "12 min before", "2026.3.1", "Deploy bot", "The way back", "30 min after"):
        assert words in shown
    for words in ("Long ago", "Afterwards", "Elsewhere"):
        assert words not in shown
    overview = sign_in(bob).get(f"/incidents/{resolved_incident.number}").content.decode()
    assert "A deploy" in overview
    assert "12 min before" in overview
    assert "The way back" not in overview, "beside the timeline stand those from before the start"
    assert "Show all 2 changes" in overview


def test_services_whose_alerts_joined_belong_to_it(
    sign_in: SignIn, bob: Person, incident: Incident, team: Team
):
    search = Service.objects.create(team=team, name="Search")
    way_in = Integration.objects.create(service=search, name="Search alerts")
    IncidentEntity.objects.create(incident=incident, integration=way_in, entity_id="index", joined_at=STARTED)
    make_change(search, -3, "New index")
    assert "New index" in sign_in(bob).get(f"/incidents/{incident.number}/changes").content.decode()


def test_a_service_that_the_reader_does_not_see_shows_nothing(
    sign_in: SignIn, bob: Person, incident: Incident, other_team: Team
):
    search = Service.objects.create(team=other_team, name="Search")
    way_in = Integration.objects.create(service=search, name="Search alerts")
    IncidentEntity.objects.create(incident=incident, integration=way_in, entity_id="index", joined_at=STARTED)
    make_change(search, -3, "New index")
    assert "New index" not in sign_in(bob).get(f"/incidents/{incident.number}/changes").content.decode()


def test_what_its_services_depend_on_is_listed_as_upstream(
    sign_in: SignIn,
    client: Client,
    bob: Person,
    incident: Incident,
    service: Service,
    team: Team,
    api_headers: Headers,
):
    basket, disk = (Service.objects.create(team=team, name=name) for name in ("Basket", "Disk"))
    for one, other in ((service, basket), (basket, disk), (disk, service)):
        ServiceDependency.objects.create(service=one, depends_on=other)
    browser, page = sign_in(bob), f"/incidents/{incident.number}"
    assert "or to what it depends on" in browser.get(f"{page}/changes").text
    make_change(service, -20, "Own")
    make_change(basket, -10, "Next to it")
    make_change(disk, -5, "Further")
    shown = browser.get(f"{page}/changes").text
    assert shown.count("Upstream</span>") == 2
    assert "Basket: Checkout depends on it<" in shown
    assert "Disk: Checkout depends on it through Basket<" in shown
    beside = browser.get(page).text
    assert "Show all 3 changes" in beside
    assert beside.index("Own") < beside.index("Further"), "its own come first beside the timeline"
    found = client.get(f"/api/v1{page}/changes", headers=api_headers(bob)).json()["items"]
    assert [(one["title"], one["upstream"], one["needed_through"]) for one in found] == [
        ("Further", 2, ["Checkout", "Basket"]),
        ("Next to it", 1, ["Checkout"]),
        ("Own", 0, []),
    ]


def test_nobody_learns_of_what_is_upstream_behind_a_service_that_they_do_not_see(
    sign_in: SignIn,
    client: Client,
    bob: Person,
    incident: Incident,
    service: Service,
    team: Team,
    other_team: Team,
    api_headers: Headers,
):
    hidden = Service.objects.create(team=other_team, name="Index")
    behind = Service.objects.create(team=team, name="Disk")
    ServiceDependency.objects.create(service=service, depends_on=hidden)
    ServiceDependency.objects.create(service=hidden, depends_on=behind)
    make_change(hidden, -3, "New index")
    make_change(behind, -2, "New disk")
    page = sign_in(bob).get(f"/incidents/{incident.number}/changes").text
    assert "No changes" in page
    for words in ("Index", "New disk", "depends on"):
        assert words not in page
    found = client.get(f"/api/v1/incidents/{incident.number}/changes", headers=api_headers(bob)).json()
    assert found["items"] == []


def test_only_safe_links_can_be_clicked(sign_in: SignIn, bob: Person, incident: Incident, service: Service):
    links = [
        {"link_url": "javascript:alert(1)"},
        {"link_url": "https://ci.example.com/1", "link_text": "Build"},
    ]
    make_change(service, -3, "<b>bold</b>", links=links, summary="<script>")
    shown = sign_in(bob).get(f"/incidents/{incident.number}/changes").content.decode()
    assert "javascript:" not in shown
    assert 'href="https://ci.example.com/1"' in shown
    assert "<b>bold" not in shown
    assert "<script>" not in shown


def test_without_changes_the_page_says_so(sign_in: SignIn, bob: Person, incident: Incident):
    assert "No changes" in sign_in(bob).get(f"/incidents/{incident.number}/changes").content.decode()


def test_changes_come_in_pages(sign_in: SignIn, bob: Person, incident: Incident, service: Service):
    for number in range(55):
        make_change(service, -number - 1, f"Change {number:02}")
    browser = sign_in(bob)
    assert "Change 54" not in browser.get(f"/incidents/{incident.number}/changes").content.decode()
    assert "Change 54" in browser.get(f"/incidents/{incident.number}/changes?page=2").content.decode()


def test_an_outsider_gets_not_found(
    sign_in: SignIn, client: Client, charlie: Person, incident: Incident, api_headers: Headers
):
    assert sign_in(charlie).get(f"/incidents/{incident.number}/changes").status_code == 404
    answer = client.get(f"/api/v1/incidents/{incident.number}/changes", headers=api_headers(charlie))
    assert answer.status_code == 404


def test_the_api_lists_them_beside_the_incident(
    client: Client, bob: Person, incident: Incident, service: Service, api_headers: Headers
):
    make_change(service, -12)
    found = client.get(f"/api/v1/incidents/{incident.number}/changes", headers=api_headers(bob)).json()
    assert [one["seconds_after_start"] for one in found["items"]] == [-720]


def test_a_program_reports_a_change(client: Client, bob: Person, service: Service, api_headers: Headers):
    headers = api_headers(bob)
    given = {
        "service": str(service.unique_id),
        "title": "checkout 2026.3.2",
        "version": "2026.3.2",
        "at": "2026-03-02T14:00:00Z",
        "links": [{"link_url": "https://ci.example.com/2", "link_text": "Build"}],
    }
    answer = client.post("/api/v1/changes", given, content_type="application/json", headers=headers)
    assert answer.status_code == 201, answer.content
    made = answer.json()
    assert (made["kind"], made["integration"], made["service"]["name"]) == ("deploy", None, "Checkout")
    assert AuditEvent.objects.get(action="change.recorded").actor_name == "Bob"
    listed = client.get("/api/v1/changes", headers=headers).json()["items"]
    assert [one["unique_id"] for one in listed] == [made["unique_id"]]


def test_the_list_is_narrowed_by_service_and_time(
    client: Client, bob: Person, service: Service, team: Team, api_headers: Headers
):
    other = Service.objects.create(team=team, name="Search")
    for minutes in (0, 10, 20):
        make_change(service, minutes, f"at {minutes}")
    make_change(other, 10, "other")

    def titles(**query: str) -> list[str]:
        answer = client.get("/api/v1/changes", query, headers=api_headers(bob))
        assert answer.status_code == 200, answer.content
        return [one["title"] for one in answer.json()["items"]]

    def moment(minutes: int) -> str:
        at: datetime = STARTED + timedelta(minutes=minutes)
        return at.isoformat()

    assert titles(service=str(other.unique_id)) == ["other"]
    assert titles(**{"service": str(service.unique_id), "from": moment(10)}) == ["at 20", "at 10"]
    assert titles(service=str(service.unique_id), to=moment(10)) == ["at 0"]
    assert titles(service=str(uuid.uuid4())) == []


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"title": ""}, "title"),
        ({"title": "x" * 301}, "title"),
        ({"kind": "coffee"}, "kind"),
        ({"at": "2126-03-02T14:00:00Z"}, "at"),
        ({"at": "2026-03-02T14:00:00"}, "given.at"),
        ({"service": str(uuid.uuid4())}, "service"),
        ({"links": [{"link_url": "javascript:alert(1)"}]}, "links"),
        ({"links": [{"link_url": "https://x.example"}] * 21}, "links"),
        ({"version": "v" * 201}, "version"),
    ],
)
def test_what_cannot_be_used_is_named(
    client: Client, bob: Person, service: Service, api_headers: Headers, change: dict[str, Any], field: str
):
    given = {"service": str(service.unique_id), "title": "A deploy", **change}
    answer = client.post("/api/v1/changes", given, content_type="application/json", headers=api_headers(bob))
    assert answer.status_code == 400
    assert [name.removeprefix("given.") for name in answer.json()["fields"]] == [field.removeprefix("given.")]
    assert Change.objects.count() == 0


@pytest.mark.parametrize(("who", "status"), [("vera", 403), ("charlie", 400)])
def test_only_those_who_may_write_report_changes(
    request: pytest.FixtureRequest,
    client: Client,
    service: Service,
    api_headers: Headers,
    who: str,
    status: int,
):
    actor = request.getfixturevalue(who)
    make_change(service, 0)
    given = {"service": str(service.unique_id), "title": "A deploy"}
    headers = api_headers(actor)
    answer = client.post("/api/v1/changes", given, content_type="application/json", headers=headers)
    assert answer.status_code == status
    seen = client.get("/api/v1/changes", headers=headers).json()["items"]
    assert len(seen) == (1 if who == "vera" else 0)
    assert Change.objects.count() == 1


@pytest.mark.parametrize("at", ["9999-12-31T23:59:59-14:00", "0001-01-01T00:00:00+14:00"])
def test_a_time_that_is_none_in_utc_is_refused(
    client: Client, bob: Person, api_headers: Headers, at: str
) -> None:
    answer = client.get("/api/v1/changes", {"from": at}, headers=api_headers(bob))
    assert answer.status_code == 400
    assert answer.json()["fields"] == {"from": "Please give a year that is nearer."}
