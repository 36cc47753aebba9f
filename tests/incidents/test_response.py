"""Priority, SLA, escalation policy, tags and roles of an incident: who may change them, and what is told."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client

from afterword.accounts.models import Person, Team
from afterword.audit.models import AuditEvent
from afterword.catalog.models import EscalationPolicy, IncidentRole, Integration, Priority, Service, Sla, Tag
from afterword.incidents import writes
from afterword.incidents.models import Alert, Entry, Incident, IncidentEntity, RoleAssignment
from afterword.lib import clock
from afterword.lib.errors import InvalidInput, NotAllowed, NotFound
from tests.cast import STARTED

SignIn = Callable[[Person], Client]
Headers = Callable[..., dict[str, str]]


@pytest.fixture
def p1(team: Team) -> Priority:
    return Priority.objects.create(team=team, name="P1", colour="#dc2626")


@pytest.fixture
def gold(team: Team) -> Sla:
    return Sla.objects.create(team=team, name="Gold", acknowledge_minutes=15, resolve_minutes=240)


@pytest.fixture
def tag(team: Team) -> Tag:
    return Tag.objects.create(team=team, name="capacity")


@pytest.fixture
def role(db: None) -> IncidentRole:
    return IncidentRole.objects.create(name="Scribe")


def _last(incident: Incident) -> str:
    return incident.entries.order_by("-id")[0].text


def test_a_priority_is_set_changed_and_removed(bob: Person, team: Team, incident: Incident, p1: Priority):
    p2 = Priority.objects.create(team=team, name="P2")
    told = []
    for priority in (p1, p1, p2, None):
        incident = writes.change_priority(actor=bob, incident=incident, priority=priority)
        told.append(_last(incident))
    assert told == [
        "Set the priority to “P1”.",
        "Set the priority to “P1”.",
        "Changed the priority from “P1” to “P2”.",
        "Removed the priority “P2”.",
    ]
    assert AuditEvent.objects.filter(action="incident.reprioritised").count() == 3


def test_another_sla_promises_its_own_times(bob: Person, incident: Incident, gold: Sla, team: Team):
    Incident.objects.update(acknowledge_breached_at=STARTED)
    incident = writes.change_sla(actor=bob, incident=incident, sla=gold)
    incident.refresh_from_db()
    assert incident.acknowledge_due_at == STARTED + timedelta(minutes=15)
    assert incident.resolve_due_at == STARTED + timedelta(minutes=240)
    assert incident.acknowledge_breached_at is None
    incident = writes.change_sla(actor=bob, incident=incident, sla=None)
    assert (incident.acknowledge_due_at, incident.resolve_due_at) == (None, None)


def test_tags_come_and_go(bob: Person, incident: Incident, tag: Tag, team: Team):
    other = Tag.objects.create(team=team, name="vendor")
    writes.change_tags(actor=bob, incident=incident, tags=[tag, other])
    assert _last(incident) == "Added the tags “capacity”, “vendor”."
    writes.change_tags(actor=bob, incident=incident, tags=[other])
    assert _last(incident) == "Removed the tag “capacity”."
    entries = Entry.objects.count()
    writes.change_tags(actor=bob, incident=incident, tags=[other])
    assert Entry.objects.count() == entries


def test_what_belongs_to_another_team_or_is_archived_is_refused(
    bob: Person, incident: Incident, other_team: Team, p1: Priority, gold: Sla
):
    foreign = Priority.objects.create(team=other_team, name="P1")
    with pytest.raises(InvalidInput):
        writes.change_priority(actor=bob, incident=incident, priority=foreign)
    p1.archived_at = clock.now()
    p1.save()
    with pytest.raises(InvalidInput):
        writes.change_priority(actor=bob, incident=incident, priority=p1)
    gold.is_active = False
    gold.save()
    with pytest.raises(InvalidInput):
        writes.change_sla(actor=bob, incident=incident, sla=gold)


def test_a_role_is_given_and_taken(bob: Person, alice: Person, incident: Incident, role: IncidentRole):
    for _ in range(2):
        writes.assign_role(actor=bob, incident=incident, role=role, person=alice)
    assert RoleAssignment.objects.count() == 1
    assert _last(incident) == "Alice has the role “Scribe”."
    writes.take_role(actor=bob, incident=incident, role=role, person=alice)
    assert _last(incident) == "Alice has the role “Scribe” no more."
    assert RoleAssignment.objects.count() == 0


def test_what_is_reported_by_hand_gets_what_its_service_gives(
    client: Client, bob: Person, service: Service, p1: Priority, gold: Sla, api_headers: Headers
):
    Service.objects.filter(pk=service.pk).update(priority=p1, sla=gold)
    body = {"service": str(service.unique_id), "title": "Gift cards fail"}
    asked = client.post("/api/v1/incidents", body, "application/json", headers=api_headers(bob))
    made = Incident.objects.get(number=asked.json()["number"])
    assert (made.priority, made.sla) == (p1, gold)
    assert made.acknowledge_due_at == made.created_at + timedelta(minutes=15)
    assert made.resolve_due_at == made.created_at + timedelta(minutes=240)
    Sla.objects.update(is_active=False)
    Priority.objects.update(archived_at=clock.now())
    asked = client.post("/api/v1/incidents", body, "application/json", headers=api_headers(bob))
    assert (asked.json()["priority"], asked.json()["sla"]) == (None, None)


def test_nobody_whom_the_actor_does_not_see_gets_a_role(
    bob: Person, charlie: Person, incident: Incident, role: IncidentRole
):
    with pytest.raises(InvalidInput):
        writes.assign_role(actor=bob, incident=incident, role=role, person=charlie)


@pytest.mark.parametrize(("who", "refusal"), [("vera", NotAllowed), ("charlie", NotFound)])
def test_who_may_not_write_changes_nothing(
    request: pytest.FixtureRequest,
    who: str,
    refusal: type[Exception],
    incident: Incident,
    p1: Priority,
    gold: Sla,
    tag: Tag,
    team: Team,
    role: IncidentRole,
):
    actor = request.getfixturevalue(who)
    policy = EscalationPolicy.objects.create(team=team, name="On call")
    changes: list[tuple[Callable[..., Any], dict[str, Any]]] = [
        (writes.change_priority, {"priority": p1}),
        (writes.change_sla, {"sla": gold}),
        (writes.change_tags, {"tags": [tag]}),
        (writes.change_escalation_policy, {"escalation_policy": policy}),
        (writes.assign_role, {"role": role, "person": actor}),
        (writes.take_role, {"role": role, "person": actor}),
    ]
    entries = Entry.objects.count()
    for change, given in changes:
        with pytest.raises(refusal):
            change(actor=actor, incident=incident, **given)
    assert Entry.objects.count() == entries


def test_the_page_changes_all_of_it(
    sign_in: SignIn, bob: Person, incident: Incident, p1: Priority, gold: Sla, tag: Tag
):
    browser = sign_in(bob)
    page = f"/incidents/{incident.number}/response"
    assert "P1" in browser.get(page).content.decode()
    given = {"priority": str(p1.unique_id), "sla": str(gold.unique_id), "tags": [str(tag.unique_id)]}
    assert browser.post(page, given).status_code == 302
    shown = browser.get(f"/incidents/{incident.number}").content.decode()
    for words in ("P1", "Gold", "Acknowledge by", "Broken", "capacity"):
        assert words in shown
    listed = browser.get("/incidents").content.decode()
    assert listed.count("P1") >= 2


def test_the_page_gives_and_takes_roles(sign_in: SignIn, bob: Person, incident: Incident, role: IncidentRole):
    browser = sign_in(bob)
    given = {"role": str(role.unique_id), "person": str(bob.unique_id)}
    assert browser.post(f"/incidents/{incident.number}/roles", given).status_code == 302
    assignment = RoleAssignment.objects.get()
    assert "Scribe" in browser.get(f"/incidents/{incident.number}").content.decode()
    browser.post(f"/incidents/{incident.number}/roles/{assignment.pk}/removal")
    assert RoleAssignment.objects.count() == 0


def test_an_unknown_choice_is_told_at_its_field(
    sign_in: SignIn, bob: Person, incident: Incident, p1: Priority
):
    answer = sign_in(bob).post(f"/incidents/{incident.number}/response", {"priority": "nonsense"})
    assert answer.status_code == 400
    assert "Select a valid choice" in answer.content.decode()


@pytest.mark.parametrize(("who", "status"), [("vera", 403), ("charlie", 404)])
@pytest.mark.parametrize("part", ["response", "roles", "roles/1/removal"])
def test_pages_that_change_are_for_those_who_may(
    request: pytest.FixtureRequest, sign_in: SignIn, incident: Incident, who: str, status: int, part: str
):
    browser = sign_in(request.getfixturevalue(who))
    answer = browser.post(f"/incidents/{incident.number}/{part}", {})
    if part.endswith("removal") and who == "vera":
        assert answer.status_code == 302, "there is nothing to take from anybody"
        return
    assert answer.status_code == status


def test_a_viewer_reads_the_response(sign_in: SignIn, vera: Person, incident: Incident, p1: Priority):
    Incident.objects.update(priority=p1)
    shown = sign_in(vera).get(f"/incidents/{incident.number}").content.decode()
    assert "P1" in shown
    assert f"/incidents/{incident.number}/response" not in shown


@pytest.mark.parametrize(
    "query", ["priority=P1", "priority=p1", "tag=capacity", "priority={p1}", "tag={tag}"]
)
def test_the_list_is_narrowed_by_priority_and_tag(
    sign_in: SignIn,
    client: Client,
    bob: Person,
    api_headers: Headers,
    make_incident: Callable[..., Incident],
    p1: Priority,
    tag: Tag,
    query: str,
):
    wanted = make_incident(title="Wanted", priority=p1)
    wanted.tags.add(tag)
    make_incident(title="Another")
    query = query.format(p1=p1.unique_id, tag=tag.unique_id)
    shown = sign_in(bob).get(f"/incidents?{query}").content.decode()
    assert "Wanted" in shown
    assert "Another" not in shown
    found = client.get(f"/api/v1/incidents?{query}", headers=api_headers(bob)).json()["items"]
    assert [item["title"] for item in found] == ["Wanted"]


@pytest.mark.parametrize("query", ["priority=P9", "tag=%00", "tag=nothing", "priority=%ED%A0%80"])
def test_a_filter_that_fits_nothing_shows_nothing(
    sign_in: SignIn, bob: Person, incident: Incident, query: str
):
    answer = sign_in(bob).get(f"/incidents?{query}")
    assert answer.status_code == 200
    assert incident.title not in answer.content.decode()


def test_the_api_tells_and_changes_the_response(
    client: Client,
    bob: Person,
    incident: Incident,
    api_headers: Headers,
    p1: Priority,
    gold: Sla,
    tag: Tag,
    role: IncidentRole,
):
    url, headers = f"/api/v1/incidents/{incident.number}", api_headers(bob)

    def patch(**given: Any) -> dict[str, Any]:
        answer = client.patch(url, given, content_type="application/json", headers=headers)
        assert answer.status_code == 200, answer.content
        return dict(answer.json())

    found = patch(priority=str(p1.unique_id), sla=str(gold.unique_id), tags=[str(tag.unique_id)])
    assert found["priority"] == {"unique_id": str(p1.unique_id), "name": "P1"}
    assert [(one["promise"], one["state"]) for one in found["promises"]] == [
        ("acknowledge", "broken"),
        ("resolve", "broken"),
    ]
    assert [one["name"] for one in found["tags"]] == ["capacity"]
    assert patch(title="Another title")["priority"] is not None, "what is left out stays"
    assert patch(priority=None)["priority"] is None
    given = {"role": str(role.unique_id), "person": str(bob.unique_id)}
    answer = client.post(f"{url}/roles", given, content_type="application/json", headers=headers)
    assert [one["person"]["name"] for one in answer.json()["roles"]] == ["Bob"]
    gone = client.delete(f"{url}/roles/{role.unique_id}/{bob.unique_id}", headers=headers)
    assert gone.status_code == 204
    assert client.delete(f"{url}/roles/{role.unique_id}/{bob.unique_id}", headers=headers).status_code == 404


def test_the_api_names_what_it_does_not_know(
    client: Client, bob: Person, incident: Incident, api_headers: Headers, other_team: Team
):
    foreign = Priority.objects.create(team=other_team, name="P1")
    answer = client.patch(
        f"/api/v1/incidents/{incident.number}",
        {"priority": str(foreign.unique_id)},
        content_type="application/json",
        headers=api_headers(bob),
    )
    assert answer.status_code == 400
    assert list(answer.json()["fields"]) == ["priority"]


@pytest.mark.parametrize(("who", "status"), [("vera", 403), ("charlie", 404)])
def test_the_api_refuses_who_may_not_write(
    request: pytest.FixtureRequest,
    client: Client,
    incident: Incident,
    api_headers: Headers,
    p1: Priority,
    role: IncidentRole,
    who: str,
    status: int,
):
    actor = request.getfixturevalue(who)
    url, headers = f"/api/v1/incidents/{incident.number}", api_headers(actor)
    given = {"priority": str(p1.unique_id)}
    answer = client.patch(url, given, content_type="application/json", headers=headers)
    assert answer.status_code == status
    given = {"role": str(role.unique_id), "person": str(actor.unique_id)}
    answer = client.post(f"{url}/roles", given, content_type="application/json", headers=headers)
    assert answer.status_code == status
    answer = client.delete(f"{url}/roles/{role.unique_id}/{actor.unique_id}", headers=headers)
    assert answer.status_code == status


def test_a_role_and_a_person_that_are_not_there_are_named(
    client: Client, bob: Person, charlie: Person, incident: Incident, role: IncidentRole, api_headers: Headers
):
    def refused(role_id: object, person: Person) -> tuple[int, dict[str, str]]:
        given = {"role": str(role_id), "person": str(person.unique_id)}
        url = f"/api/v1/incidents/{incident.number}/roles"
        answer = client.post(url, given, content_type="application/json", headers=api_headers(bob))
        return answer.status_code, answer.json()["fields"]

    assert refused(role.unique_id, charlie) == (400, {"person": "There is no such person."})
    unknown = {"role": f"There is none with the id {charlie.unique_id}."}
    assert refused(charlie.unique_id, bob) == (400, unknown)


def test_the_pages_tell_entities_remarks_and_images(
    sign_in: SignIn, bob: Person, incident: Incident, integration: Integration
):
    for name in ("db-1", "db-2"):
        IncidentEntity.objects.create(
            incident=incident, integration=integration, entity_id=name, joined_at=STARTED
        )
    Alert.objects.create(
        trace_id=uuid.uuid4(),
        integration=integration,
        incident=incident,
        alert_type="critical",
        entity_id="db-1",
        message="Slow",
        received_at=STARTED,
        remarks=["There is no <b>SLA</b> with this id: ignored."],
        images=[{"src": "https://example.com/graph.png", "alt": "Failures"}],
    )
    overview = sign_in(bob).get(f"/incidents/{incident.number}").content.decode()
    assert "db-1" in overview
    assert "db-2" in overview
    alerts = sign_in(bob).get(f"/incidents/{incident.number}/alerts").content.decode()
    assert "There is no &lt;b&gt;SLA&lt;/b&gt; with this id: ignored." in alerts
    assert 'href="https://example.com/graph.png"' in alerts
    assert "<img" not in alerts
