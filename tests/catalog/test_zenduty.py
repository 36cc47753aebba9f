"""`/api/account/` in Zenduty's shape, called as its Python client calls it.

The client sends a JSON body with every request, wants exact status codes, and its models take exactly these
keys.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import date, timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest
from django.test import Client

from afterword.accounts.models import Membership, Person, Team
from afterword.catalog.models import EscalationPolicy, Integration, OnCallSchedule, Service, Sla
from afterword.config.api import api
from afterword.incidents.models import Incident
from afterword.lib import clock

pytestmark = pytest.mark.once

Headers = Callable[..., dict[str, str]]
Call = Callable[..., Any]

KEYS = {
    "priority": {"unique_id", "name", "description", "creation_date", "color", "team"},
    "tags": {"unique_id", "team", "name", "creation_date", "color"},
    "sla": {
        *("unique_id", "name", "is_active", "acknowledge_time", "resolve_time", "creation_date"),
        *("escalations", "description", "conditions", "team", "summary", "time_zone"),
    },
    "roles": {"unique_id", "title", "description", "creation_date", "rank", "team"},
    "escalation_policies": {
        *("name", "summary", "description", "rules", "unique_id", "team", "repeat_policy"),
        *("move_to_next", "global_ep", "connections", "assignment_settings"),
    },
    "maintenance": {
        *("unique_id", "start_time", "end_time", "repeat_interval", "services", "creation_date"),
        *("name", "time_zone", "repeat_until", "maintenance_template"),
    },
    "services": {
        *("name", "creation_date", "summary", "description", "unique_id", "auto_resolve_timeout"),
        *("created_by", "team_priority", "task_template", "acknowledgement_timeout", "status"),
        *("escalation_policy", "team", "sla", "under_maintenance", "collation", "collation_time"),
        *("team_name", "acknowledgement_timeout_enabled"),
    },
}
INTEGRATION_KEYS = {
    *("name", "description", "creation_date", "summary", "unique_id", "service", "application"),
    *("application_reference", "integration_key", "created_by", "is_enabled", "create_incidents_for"),
    *("integration_type", "default_urgency", "webhook_url"),
}
TEAM_KEYS = {
    *("unique_id", "name", "account", "creation_date", "members", "owner", "roles", "private"),
    "account_permissions",
}
NOUNS = sorted(KEYS)


@pytest.fixture
def call(client: Client, api_headers: Headers) -> Call:
    """`call(alice, "POST", "tags/", {...})`: one call below the team Payments, as the client makes it."""
    keys: dict[int, dict[str, str]] = {}

    def make(person: Person, method: str, path: str, body: Any = None) -> Any:
        if person.pk not in keys:
            keys[person.pk] = api_headers(person)
        address = (
            path
            if path.startswith("/")
            else f"/api/account/teams/{Team.objects.get(name='Payments').unique_id}/{path}"
        )
        data = json.dumps({} if body is None else body)
        return client.generic(method, address, data, content_type="application/json", headers=keys[person.pk])

    return make


@pytest.fixture
def bodies(alice: Person, service: Service) -> dict[str, dict[str, Any]]:
    return {
        "priority": {"name": "P1", "description": "Now.", "color": "volcano"},
        "tags": {"name": "database", "color": "#123456"},
        "sla": {
            "name": "Gold",
            "is_active": True,
            "escalations": [],
            "acknowledge_time": 900,
            "resolve_time": 3600,
        },
        "roles": {"title": "Scribe", "description": "Writes.", "rank": 1},
        "escalation_policies": {
            "name": "On call",
            "summary": "By night.",
            "rules": [
                {
                    "delay": 0.0,
                    "targets": [{"target_type": 2, "target_id": str(alice.unique_id)}],
                    "postition": 1,
                },
                {"delay": 15.0, "targets": [{"target_type": 2, "target_id": alice.email}], "postition": 2},
            ],
        },
        "maintenance": {
            "name": "Patches",
            "start_time": "2026-03-03T02:00:00Z",
            "end_time": "2026-03-03T04:00:00Z",
            "repeat_interval": 604800,
            "services": [{"service": str(service.unique_id)}],
            "time_zone": "Europe/Berlin",
        },
        "services": {"name": "Ledger", "summary": "Books.", "status": 1, "collation": 0},
    }


@pytest.mark.parametrize("noun", NOUNS)
def test_one_is_made_read_changed_and_deleted(call: Call, alice: Person, bodies: Any, noun: str) -> None:
    made = call(alice, "POST", f"{noun}/", bodies[noun])
    assert made.status_code == 201, made.text
    shown = made.json()
    assert set(shown) == KEYS[noun]
    UUID(shown["unique_id"])
    path = f"{noun}/{shown['unique_id']}/"
    assert call(alice, "GET", path).json() == shown
    assert shown in call(alice, "GET", f"{noun}/").json()
    name = "title" if noun == "roles" else "name"
    for method in ("PUT", "PATCH"):
        changed = call(alice, method, path, {name: f"By {method}"})
        assert (changed.status_code, changed.json()) == (200, {**shown, name: f"By {method}"})
    assert call(alice, "GET", path.rstrip("/")).status_code == 200
    assert call(alice, "DELETE", path).status_code == 204
    assert call(alice, "GET", path).status_code == 404


@pytest.mark.parametrize("noun", NOUNS)
def test_an_outsider_gets_not_found_everywhere(
    call: Call, alice: Person, charlie: Person, bodies: Any, noun: str
) -> None:
    path = f"{noun}/{call(alice, 'POST', f'{noun}/', bodies[noun]).json()['unique_id']}/"
    for method, address in (
        ("GET", f"{noun}/"),
        ("POST", f"{noun}/"),
        ("GET", path),
        ("PUT", path),
        ("PATCH", path),
        ("DELETE", path),
    ):
        answer = call(charlie, method, address, bodies[noun] if method in ("POST", "PUT", "PATCH") else None)
        assert (answer.status_code, answer.json()) == (404, {"detail": "Not found."}), (method, address)


@pytest.mark.parametrize("noun", NOUNS)
def test_members_and_viewers_read_only(
    call: Call, alice: Person, bob: Person, vera: Person, bodies: Any, noun: str
) -> None:
    made = call(alice, "POST", f"{noun}/", bodies[noun]).json()
    path = f"{noun}/{made['unique_id']}/"
    for person in (bob, vera):
        assert call(person, "GET", path).json() == made
        for method, address in (("POST", f"{noun}/"), ("PUT", path), ("DELETE", path)):
            assert call(person, method, address, bodies[noun]).status_code == 403, (method, address)


@pytest.mark.parametrize("noun", NOUNS)
def test_nothing_of_another_team_is_found_below_a_team(
    call: Call, alice: Person, other_team: Team, bodies: Any, noun: str
) -> None:
    made = call(alice, "POST", f"{noun}/", bodies[noun]).json()
    theirs = f"/api/account/teams/{other_team.unique_id}/{noun}/"
    if noun != "roles":
        assert call(alice, "GET", theirs).json() == []
        assert call(alice, "DELETE", f"{theirs}{made['unique_id']}/").status_code == 404


@pytest.mark.parametrize(
    ("noun", "change", "field"),
    [
        ("priority", {"name": ""}, "name"),
        ("tags", {"color": "mauve"}, "colour"),
        ("sla", {"acknowledge_time": 10**30}, "acknowledge_minutes"),
        ("sla", {"acknowledge_time": -60}, "acknowledge_minutes"),
        ("roles", {"title": " "}, "name"),
        ("escalation_policies", {"rules": []}, "levels"),
        (
            "escalation_policies",
            {"rules": [{"delay": 1, "targets": [{"target_type": 1, "target_id": "x"}]}]},
            "rules.0.targets",
        ),
        ("maintenance", {"repeat_interval": 77}, "repeat_interval"),
        ("maintenance", {"time_zone": "Mars"}, "time_zone"),
        ("maintenance", {"end_time": "2026-03-03T01:00:00Z"}, "ends_at"),
        ("maintenance", {"services": [{"service": str(uuid4())}]}, "services"),
        ("services", {"sla": str(uuid4())}, "sla"),
        ("services", {"collation": 1, "collation_time": -1}, "collation_minutes"),
    ],
)
def test_what_cannot_be_used_is_refused(
    call: Call, alice: Person, bodies: Any, noun: str, change: dict[str, Any], field: str
) -> None:
    path = f"{noun}/{call(alice, 'POST', f'{noun}/', bodies[noun]).json()['unique_id']}/"
    answer = call(alice, "PUT", path, change)
    assert answer.status_code == 400, answer.text
    assert field in answer.json()["fields"]


def test_a_name_of_theirs_for_a_colour_comes_back(call: Call, alice: Person, bodies: Any) -> None:
    made = call(alice, "POST", "priority/", bodies["priority"]).json()
    assert made["color"] == "volcano"
    assert call(alice, "POST", "tags/", bodies["tags"]).json()["color"] == "#123456"
    plain = call(alice, "POST", "tags/", {"name": "plain", "color": "red"}).json()
    assert plain["color"] == "red"


def test_times_of_an_sla_are_seconds_and_kept_to_the_minute(call: Call, alice: Person, bodies: Any) -> None:
    made = call(alice, "POST", "sla/", {**bodies["sla"], "acknowledge_time": 61}).json()
    assert (made["acknowledge_time"], made["resolve_time"]) == (120, 3600)
    assert (Sla.objects.get().acknowledge_minutes, Sla.objects.get().resolve_minutes) == (2, 60)


def test_delays_of_rules_are_since_the_incident_began(
    call: Call, alice: Person, bob: Person, team: Team, bodies: Any
) -> None:
    rules = [
        {"delay": 30, "targets": [{"target_type": 3, "target_id": str(team.unique_id)}], "position": 3},
        {"delay": 0, "targets": [{"target_type": 2, "target_id": str(alice.unique_id)}], "position": 1},
        {"delay": 10, "targets": [{"target_type": 2, "target_id": bob.email}], "position": 2},
    ]
    made = call(
        alice, "POST", "escalation_policies/", {**bodies["escalation_policies"], "rules": rules}
    ).json()
    assert [(rule["delay"], rule["position"]) for rule in made["rules"]] == [(0, 1), (10, 2), (30, 3)]
    assert [set(rule) for rule in made["rules"]] == [{"delay", "targets", "position", "unique_id"}] * 3
    policy = EscalationPolicy.objects.get()
    assert [level.delay_minutes for level in policy.levels.all()] == [0, 10, 20]
    path = f"escalation_policies/{made['unique_id']}/"
    assert call(alice, "PUT", path, {"name": "On call", "rules": made["rules"]}).json() == made
    backwards = [{**rules[1], "delay": 5}, {**rules[2], "delay": 4}]
    refused = call(alice, "PUT", path, {"rules": backwards})
    assert set(refused.json()["fields"]) == {"rules.1.delay"}


def test_times_without_an_offset_are_in_the_zone_of_the_window(
    call: Call, alice: Person, bodies: Any
) -> None:
    body = {**bodies["maintenance"], "start_time": "2026-03-03 02:00", "end_time": "2026-03-03 04:00"}
    made = call(alice, "POST", "maintenance/", body).json()
    assert (made["start_time"], made["end_time"]) == ("2026-03-03T01:00:00Z", "2026-03-03T03:00:00Z")
    assert (made["repeat_interval"], made["repeat_until"]) == (604800, None)
    assert [set(one) for one in made["services"]] == [{"unique_id", "service"}]
    daily = call(alice, "PUT", f"maintenance/{made['unique_id']}/", {"repeat_interval": 1440})
    assert daily.json()["repeat_interval"] == 86400


def test_a_service_has_its_behaviour(call: Call, alice: Person, bodies: Any) -> None:
    ids = {
        field: call(alice, "POST", f"{noun}/", bodies[noun]).json()["unique_id"]
        for field, noun in (
            ("team_priority", "priority"),
            ("sla", "sla"),
            ("escalation_policy", "escalation_policies"),
        )
    }
    body = {**bodies["services"], **ids, "auto_resolve_timeout": 7200, "collation": 1, "collation_time": 10}
    made = call(alice, "POST", "services/", body).json()
    assert {name: made[name] for name in ids} == ids
    assert (made["auto_resolve_timeout"], made["collation"], made["collation_time"]) == (7200, 1, 10)
    kept = Service.objects.get(name="Ledger")
    assert (kept.auto_resolve_minutes, kept.collation_minutes) == (120, 10)
    off = call(alice, "PUT", f"services/{made['unique_id']}/", {"collation": 0, "collation_time": 10}).json()
    assert (off["collation"], off["collation_time"]) == (0, 0)


def test_a_service_under_maintenance_says_so(
    call: Call, alice: Person, service: Service, bodies: Any
) -> None:
    now = clock.now()
    times = {
        "start_time": (now - timedelta(hours=1)).isoformat(),
        "end_time": (now + timedelta(hours=1)).isoformat(),
        "repeat_interval": 0,
    }
    call(alice, "POST", "maintenance/", {**bodies["maintenance"], **times})
    shown = call(alice, "GET", f"services/{service.unique_id}/").json()
    assert (shown["under_maintenance"], shown["status"]) == (True, 4)


def test_what_is_in_use_is_not_deleted(
    call: Call, alice: Person, service: Service, incident: Incident, bodies: Any
) -> None:
    sla = call(alice, "POST", "sla/", bodies["sla"]).json()
    call(alice, "PUT", f"services/{service.unique_id}/", {"sla": sla["unique_id"]})
    assert call(alice, "DELETE", f"sla/{sla['unique_id']}/").status_code == 409
    assert call(alice, "DELETE", f"services/{service.unique_id}/").status_code == 409


def test_an_integration_is_made_read_changed_and_deleted(call: Call, alice: Person, service: Service) -> None:
    applications = call(alice, "GET", "/api/account/applications/").json()
    pagerduty = next(one["unique_id"] for one in applications if one["extension"] == "pagerduty")
    path = f"services/{service.unique_id}/integrations/"
    body = {
        "name": "Agents",
        "summary": "x",
        "application": pagerduty,
        "default_urgency": 1,
        "is_enabled": True,
    }
    made = call(alice, "POST", path, body)
    assert (made.status_code, set(made.json())) == (201, INTEGRATION_KEYS)
    integration = Integration.objects.get()
    assert (integration.kind, made.json()["integration_key"]) == ("pagerduty", str(integration.key))
    one = f"{path}{integration.unique_id}"
    assert call(alice, "GET", f"{one}/").json() == made.json() == call(alice, "GET", path).json()[0]
    off = call(alice, "PUT", f"{one}/", {**body, "is_enabled": False, "name": "Off"}).json()
    assert (off["is_enabled"], off["name"], off["application"]) == (False, "Off", pagerduty)
    # Their client leaves the last slash out here, and only here.
    assert call(alice, "DELETE", one).status_code == 204
    assert not Integration.objects.exists()


def test_the_key_of_an_integration_is_not_for_viewers_and_outsiders(
    call: Call, vera: Person, charlie: Person, integration: Integration
) -> None:
    path = f"services/{integration.service.unique_id}/integrations/"
    shown = call(vera, "GET", f"{path}{integration.unique_id}/").json()
    assert (shown["integration_key"], shown["webhook_url"]) == (None, None)
    for method, address in (
        ("GET", path),
        ("POST", path),
        ("GET", f"{path}{integration.unique_id}/"),
        ("PUT", f"{path}{integration.unique_id}/"),
        ("DELETE", f"{path}{integration.unique_id}"),
    ):
        assert (
            call(
                charlie, method, address, {"name": "Mine"} if method in ("POST", "PUT") else None
            ).status_code
            == 404
        )
    assert call(vera, "DELETE", f"{path}{integration.unique_id}").status_code == 403


def test_an_integration_of_an_unknown_application_is_generic(
    call: Call, alice: Person, service: Service
) -> None:
    path = f"services/{service.unique_id}/integrations/"
    call(alice, "POST", path, {"name": "Theirs", "summary": "", "application": str(uuid4())})
    assert Integration.objects.get().kind == "generic"


def test_an_integration_that_alerts_came_in_by_is_not_deleted(
    call: Call, alice: Person, integration: Integration, make_incident: Any
) -> None:
    make_incident(integration=integration)
    path = f"services/{integration.service.unique_id}/integrations/{integration.unique_id}"
    refused = call(alice, "DELETE", path)
    assert (refused.status_code, "Switch it off" in refused.json()["detail"]) == (409, True)


def test_teams_and_members(call: Call, alice: Person, bob: Person, charlie: Person, team: Team) -> None:
    listed = call(alice, "GET", "/api/account/teams/").json()
    assert [one["name"] for one in listed] == ["Payments", "Search"]
    assert set(listed[0]) == TEAM_KEYS
    assert {member["user"]["email"]: member["role"] for member in listed[0]["members"]} == {
        "alice@example.com": 1,
        "bob@example.com": 2,
    }
    assert set(listed[0]["members"][0]) == {"unique_id", "team", "user", "joining_date", "role"}
    assert set(listed[0]["roles"][0]) == {
        "unique_id",
        "team",
        "title",
        "description",
        "creation_date",
        "rank",
    }
    assert call(alice, "GET", "").json() == listed[0]
    added = call(alice, "POST", "members/", {"user": str(charlie.unique_id)})
    assert (added.status_code, added.json()["role"]) == (201, 2)
    member = f"members/{added.json()['unique_id']}/"
    assert call(alice, "PATCH", member, {"role": 1}).json()["role"] == 1
    assert call(alice, "PATCH", member, {"role": 9}).status_code == 400
    assert call(alice, "GET", member).json()["role"] == 1
    assert len(call(alice, "GET", "members/").json()) == 3
    assert call(alice, "DELETE", member).status_code == 204
    assert Membership.objects.filter(person=charlie, team=team).count() == 0
    made = call(alice, "POST", "/api/account/teams/", {"name": "Third"})
    assert (made.status_code, made.json()["owner"]) == (201, str(alice.unique_id))
    assert call(bob, "PUT", "", {"name": "Mine"}).status_code == 403
    assert [one["name"] for one in call(bob, "GET", "/api/account/teams/").json()] == ["Payments"]


def test_a_team_that_has_only_people_is_deleted(
    call: Call, alice: Person, bob: Person, other_team: Team
) -> None:
    path = f"/api/account/teams/{other_team.unique_id}/"
    policy = EscalationPolicy.objects.create(team=Team.objects.get(name="Payments"), name="On call")
    target = policy.levels.create(position=1).targets.create(team=other_team)
    refused = call(alice, "DELETE", path)
    assert (refused.status_code, "Only an empty one goes" in refused.json()["detail"]) == (409, True)
    target.delete()
    assert call(bob, "DELETE", path).status_code == 404
    assert call(alice, "DELETE", path).status_code == 204
    assert call(alice, "GET", path).status_code == 404
    assert call(bob, "DELETE", "").status_code == 403


def test_a_team_lets_nobody_else_do_anything(call: Call, alice: Person, bob: Person, team: Team) -> None:
    nothing = {"unique_id": str(team.unique_id), "account_permissions": []}
    assert call(alice, "GET", "permissions/").json() == nothing
    assert call(alice, "PUT", "permissions/", {"account_permissions": []}).json() == nothing
    refused = call(alice, "PUT", "permissions/", {"account_permissions": ["incident_read"]})
    assert (refused.status_code, list(refused.json()["fields"])) == (400, ["account_permissions"])
    assert call(bob, "PUT", "permissions/", {"account_permissions": []}).status_code == 403


def test_who_is_on_call_is_told_by_policy(
    call: Call, alice: Person, bob: Person, charlie: Person, team: Team, other_team: Team
) -> None:
    policy = EscalationPolicy.objects.create(team=team, name="On call")
    policy.levels.create(position=1).targets.create(person=bob)
    level = policy.levels.create(position=2)
    level.targets.create(team=team)
    level.targets.create(team=other_team)
    schedule = OnCallSchedule.objects.create(team=team, name="Weekly", starts_on=date(2026, 1, 5))
    schedule.turns.create(person=alice, position=1)
    level.targets.create(schedule=schedule)
    (told,) = call(alice, "GET", "oncall/").json()
    assert set(told) == {"escalation_policy", "team", "users"}
    assert set(told["escalation_policy"]) == {
        *("name", "summary", "description", "unique_id", "repeat_policy", "move_to_next", "global_ep")
    }
    assert [set(user) for user in told["users"]] == [{"username", "first_name", "last_name", "email"}] * 3
    assert [user["first_name"] for user in told["users"]] == ["Bob", "Alice", "Charlie"]
    seen = call(bob, "GET", "oncall/").json()[0]["users"]
    assert [user["first_name"] for user in seen] == ["Bob", "Alice"], "Bob does not see Charlie"


@pytest.mark.parametrize(
    ("method", "path"),
    [
        *(("GET", ""), ("PUT", ""), ("DELETE", ""), ("GET", "members/"), ("POST", "members/")),
        *(("GET", "permissions/"), ("PUT", "permissions/"), ("GET", "oncall/")),
    ],
)
def test_an_outsider_finds_no_team(
    call: Call, charlie: Person, alice: Person, method: str, path: str
) -> None:
    body = {"name": "Mine", "user": str(charlie.unique_id), "account_permissions": []}
    assert call(charlie, method, path, body if method != "GET" else None).status_code == 404


def test_nobody_leafs_through_people_by_their_ids(
    call: Call, charlie: Person, alice: Person, other_team: Team
) -> None:
    answer = call(
        charlie, "POST", f"/api/account/teams/{other_team.unique_id}/members/", {"user": str(alice.unique_id)}
    )
    assert answer.status_code == 404
    by_address = call(
        charlie, "POST", f"/api/account/teams/{other_team.unique_id}/members/", {"user": alice.email}
    )
    assert by_address.status_code == 201


def test_a_letter_of_their_go_client_is_taken(
    client: Client, alice: Person, team: Team, api_headers: Headers
) -> None:
    key = api_headers(alice)["Authorization"].replace("Token", "token")
    answer = client.get(f"/api/account/teams/{team.unique_id}/tags/", headers={"Authorization": key})
    assert (answer.status_code, answer.json()) == (200, [])
    assert client.get(f"/api/account/teams/{team.unique_id}/tags/").status_code == 401


def test_every_operation_of_the_api_has_an_id_of_its_own() -> None:
    paths = api.get_openapi_schema()["paths"]
    ids = [operation["operationId"] for path in paths.values() for operation in path.values()]
    assert len(ids) == len(set(ids))


def test_people_are_invited_changed_and_deactivated(
    call: Call, alice: Person, bob: Person, charlie: Person, team: Team, mailoutbox: Any
) -> None:
    detail = {"email": "dora@example.com", "first_name": "Dora", "last_name": "Diaz", "role": 4}
    body = {"team": str(team.unique_id), "user_detail": detail}
    made = call(alice, "POST", "/api/account/api_invite/", body)
    assert made.status_code == 201
    assert set(made.json()) == {"unique_id", "time_zone", "user", "joining_date", "role", "is_verified"}
    assert (made.json()["role"], made.json()["is_verified"]) == (4, False)
    again = call(alice, "POST", "/api/account/api_invite/", body)
    assert (again.status_code, list(again.json()["fields"])) == (400, ["email"])
    dora = f"/api/account/members/{made.json()['user']['username']}/"
    assert call(alice, "PUT", dora, {"role": 3, "user": {"first_name": "Dora"}}).json()["role"] == 3
    assert list(call(alice, "PUT", dora, {"role": 9}).json()["fields"]) == ["role"]
    assert call(alice, "PUT", dora, {"user": {"first_name": "Theodora"}}).status_code == 403
    own = call(alice, "PUT", f"/api/account/members/{alice.unique_id}/", {"user": {"last_name": "Adams"}})
    assert own.json()["user"]["last_name"] == "Adams"
    who = {"username": made.json()["user"]["username"]}
    assert call(bob, "GET", dora).status_code == 200, "they share a team"
    for method, path, given in (
        ("PUT", dora, {"role": 2}),
        ("POST", "/api/account/deleteuser/", who),
        ("POST", "/api/account/api_invite/", {"user_detail": {**detail, "email": "eve@example.com"}}),
    ):
        assert call(bob, method, path, given).status_code == 403
    assert call(charlie, "GET", dora).status_code == 404
    assert call(charlie, "POST", "/api/account/deleteuser/", who).status_code == 404
    emails = [one["user"]["email"] for one in call(charlie, "GET", "/api/account/members/").json()]
    assert emails == ["charlie@example.com"]
    assert call(alice, "POST", "/api/account/deleteuser/", who).status_code == 204
    assert call(alice, "GET", dora).status_code == 404
