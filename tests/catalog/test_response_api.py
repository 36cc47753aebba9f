"""The API of priorities, tags, SLAs, escalation policies, maintenance windows and incident roles."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from afterword.accounts.models import KeyScope, Person, Team
from afterword.audit.models import AuditEvent
from afterword.catalog.models import IncidentRole, MaintenanceWindow, Priority, Service, Sla, Tag
from afterword.incidents.models import Incident, RoleAssignment
from afterword.lib import clock

Headers = Callable[..., dict[str, str]]
Call = Callable[..., Any]

NOUNS = ("priorities", "tags", "slas", "escalation-policies", "maintenance-windows")
ARCHIVABLE = (*NOUNS[:4], "incident-roles")


@pytest.fixture
def call(client: Client, api_headers: Headers) -> Call:
    """`call(alice, "post", "/tags", {...})`: one call to the API for a person."""
    keys: dict[int, dict[str, str]] = {}

    def make(person: Person, method: str, path: str, body: Any = None) -> Any:
        if person.pk not in keys:
            keys[person.pk] = api_headers(person)
        return getattr(client, method)(
            f"/api/v1{path}", body, content_type="application/json", headers=keys[person.pk]
        )

    return make


@pytest.fixture
def bodies(team: Team, service: Service, bob: Person) -> dict[str, dict[str, Any]]:
    """A good body for each noun; and no incident role in use but those of the test."""
    IncidentRole.objects.update(archived_at=clock.now())
    owned = {"team": str(team.unique_id)}
    target = {"kind": "person", "unique_id": str(bob.unique_id)}
    return {
        "priorities": {**owned, "name": "P1", "description": "Now.", "colour": "red"},
        "tags": {**owned, "name": "database", "colour": "teal"},
        "slas": {**owned, "name": "Gold", "acknowledge_minutes": 15, "resolve_minutes": 240},
        "escalation-policies": {
            **owned,
            "name": "Payments on call",
            "repeats": 2,
            "levels": [{"delay_minutes": 5, "targets": [target]}],
        },
        "maintenance-windows": {
            **owned,
            "name": "Patches",
            "services": [str(service.unique_id)],
            "starts_at": "2026-03-03T02:00:00+01:00",
            "ends_at": "2026-03-03T04:00:00+01:00",
            "time_zone": "Europe/Berlin",
            "repeats": "weekly",
        },
        "incident-roles": {"name": "Scribe", "description": "Writes."},
    }


@pytest.fixture
def made(call: Call, alice: Person, bodies: dict[str, dict[str, Any]]) -> Callable[[str], str]:
    """Makes one of a noun; gives its path."""

    def make(noun: str) -> str:
        answer = call(alice, "post", f"/{noun}", bodies[noun])
        assert answer.status_code == 201, answer.text
        return f"/{noun}/{answer.json()['unique_id']}"

    return make


@pytest.mark.once
@pytest.mark.parametrize("noun", [*NOUNS, "incident-roles"])
def test_one_is_made_read_listed_and_renamed(
    call: Call, alice: Person, made: Any, bodies: Any, noun: str
) -> None:
    path = made(noun)
    shown = call(alice, "get", path).json()
    assert {name: shown[name] for name in ("name", "description", "colour") if name in bodies[noun]} == {
        name: bodies[noun][name] for name in ("name", "description", "colour") if name in bodies[noun]
    }
    assert call(alice, "get", f"/{noun}").json() == {"items": [shown], "next": None}
    renamed = call(alice, "patch", path, {"name": "Another"})
    assert (renamed.status_code, renamed.json()) == (200, {**shown, "name": "Another"})
    assert AuditEvent.objects.filter(action__endswith=".created", subject_name=shown["name"]).count() == 1
    assert AuditEvent.objects.filter(action__endswith=".changed", subject_name="Another").count() == 1


@pytest.mark.once
@pytest.mark.parametrize("noun", NOUNS)
def test_an_outsider_finds_none_and_changes_none(
    call: Call, alice: Person, charlie: Person, team: Team, made: Any, bodies: Any, noun: str
) -> None:
    path = made(noun)
    tries = [
        ("get", path, None),
        ("patch", path, {"name": "Mine"}),
        ("delete", path, None),
        ("get", f"/{noun}?team={team.unique_id}", None),
        ("post", f"/{noun}", bodies[noun]),
        *(
            [("post", f"{path}/ending", None)]
            if noun == "maintenance-windows"
            else [("put", f"{path}/archival", None), ("delete", f"{path}/archival", None)]
        ),
    ]
    for method, address, body in tries:
        answer = call(charlie, method, address, body)
        assert (answer.status_code, answer.json()) == (404, {"detail": "Not found."}), (method, address)
    assert call(charlie, "get", f"/{noun}").json()["items"] == []
    assert call(alice, "get", path).json()["name"] == bodies[noun]["name"]


@pytest.mark.once
@pytest.mark.parametrize("noun", NOUNS)
def test_members_and_viewers_read_and_only_managers_change(
    call: Call, bob: Person, vera: Person, made: Any, bodies: Any, noun: str
) -> None:
    path = made(noun)
    for person in (bob, vera):
        assert call(person, "get", path).status_code == 200
        assert len(call(person, "get", f"/{noun}").json()["items"]) == 1
        for method, address, body in (
            ("post", f"/{noun}", bodies[noun]),
            ("patch", path, {"name": "Mine"}),
            ("delete", path, None),
        ):
            assert call(person, method, address, body).status_code == 403, (method, address)


def test_everyone_reads_incident_roles_and_administrators_change_them(
    call: Call, alice: Person, bob: Person, charlie: Person, vera: Person, made: Any, bodies: Any
) -> None:
    path = made("incident-roles")
    for person in (bob, charlie, vera):
        assert call(person, "get", path).json()["name"] == "Scribe"
        for method, address, body in (
            ("post", "/incident-roles", {"name": "Mine"}),
            ("patch", path, {"name": "Mine"}),
            ("delete", path, None),
            ("put", f"{path}/archival", None),
            ("delete", f"{path}/archival", None),
        ):
            assert call(person, method, address, body).status_code == 403, (method, address)
    assert call(alice, "get", f"/incident-roles/{uuid4()}").status_code == 404


@pytest.mark.parametrize("noun", ARCHIVABLE)
def test_what_is_archived_is_listed_apart_and_can_be_restored(
    call: Call, alice: Person, made: Any, noun: str
) -> None:
    path = made(noun)
    archived = call(alice, "put", f"{path}/archival").json()
    assert archived["archived_at"] is not None
    assert call(alice, "put", f"{path}/archival").json() == archived
    assert call(alice, "get", f"/{noun}").json()["items"] == []
    assert archived in call(alice, "get", f"/{noun}?archived=true").json()["items"]
    assert call(alice, "delete", f"{path}/archival").json()["archived_at"] is None
    assert len(call(alice, "get", f"/{noun}").json()["items"]) == 1


@pytest.mark.parametrize("noun", ARCHIVABLE)
def test_a_name_is_free_again_once_archived_and_a_restoration_may_find_it_taken(
    call: Call, alice: Person, made: Any, bodies: Any, noun: str
) -> None:
    path = made(noun)
    again = call(alice, "post", f"/{noun}", {**bodies[noun], "name": bodies[noun]["name"].upper()})
    assert (again.status_code, set(again.json()["fields"])) == (400, {"name"})
    call(alice, "put", f"{path}/archival")
    made(noun)
    refused = call(alice, "delete", f"{path}/archival")
    assert (refused.status_code, set(refused.json()["fields"])) == (400, {"name"})
    assert call(alice, "get", path).json()["archived_at"] is not None


@pytest.mark.once
@pytest.mark.parametrize("noun", [*NOUNS, "incident-roles"])
def test_what_nothing_has_is_deleted(call: Call, alice: Person, made: Any, noun: str) -> None:
    path = made(noun)
    assert call(alice, "delete", path).status_code == 204
    assert call(alice, "get", path).status_code == 404
    assert AuditEvent.objects.filter(action__endswith=".deleted").count() == 1


@pytest.mark.parametrize("noun", ARCHIVABLE)
def test_what_an_incident_has_is_not_deleted(
    call: Call, alice: Person, bob: Person, made: Any, incident: Incident, noun: str
) -> None:
    path = made(noun)
    unique_id = path.rpartition("/")[2]
    if noun == "tags":
        incident.tags.add(Tag.objects.get(unique_id=unique_id))
    elif noun == "incident-roles":
        RoleAssignment.objects.create(
            incident=incident, role=IncidentRole.objects.get(name="Scribe"), person=bob
        )
    else:
        field = {"priorities": "priority", "slas": "sla", "escalation-policies": "escalation_policy"}[noun]
        model = Incident._meta.get_field(field).related_model
        setattr(incident, field, model.objects.get(unique_id=unique_id))  # type: ignore[union-attr]
        incident.save(update_fields=[field])
    refused = call(alice, "delete", path)
    assert (refused.status_code, "Archive it" in refused.json()["detail"]) == (409, True)
    assert call(alice, "put", f"{path}/archival").status_code == 200
    assert incident.tags.count() == (1 if noun == "tags" else 0)


@pytest.mark.once
@pytest.mark.parametrize(
    ("noun", "change", "field"),
    [
        ("priorities", {"name": " "}, "name"),
        ("priorities", {"colour": "mauve"}, "colour"),
        ("priorities", {"description": "x" * 2_001}, "description"),
        ("tags", {"name": "x" * 101}, "name"),
        ("tags", {"colour": "#12"}, "colour"),
        ("slas", {"acknowledge_minutes": 0}, "acknowledge_minutes"),
        ("slas", {"resolve_minutes": 10}, "resolve_minutes"),
        ("slas", {"resolve_minutes": 10**9}, "resolve_minutes"),
        ("slas", {"acknowledge_minutes": None, "resolve_minutes": None}, "acknowledge_minutes"),
        ("escalation-policies", {"levels": []}, "levels"),
        ("escalation-policies", {"repeats": 99}, "repeats"),
        ("escalation-policies", {"levels": [{"targets": []}]}, "levels.0.targets"),
        (
            "escalation-policies",
            {"levels": [{"delay_minutes": -1, "targets": []}]},
            "levels.0.delay_minutes",
        ),
        (
            "escalation-policies",
            {"levels": [{"targets": [{"kind": "person", "unique_id": str(uuid4())}]}]},
            "levels.0.targets.0.unique_id",
        ),
        ("maintenance-windows", {"services": []}, "services"),
        ("maintenance-windows", {"services": [str(uuid4())]}, "services"),
        ("maintenance-windows", {"ends_at": "2026-03-03T02:00:00+01:00"}, "ends_at"),
        ("maintenance-windows", {"ends_at": "2029-03-03T02:00:00+01:00"}, "ends_at"),
        ("maintenance-windows", {"starts_at": "0001-03-03T02:00:00Z"}, "starts_at"),
        ("maintenance-windows", {"starts_at": "2026-03-03T02:00:00"}, "starts_at"),
        ("maintenance-windows", {"time_zone": "Mars/Olympus"}, "time_zone"),
        ("maintenance-windows", {"repeats": "yearly"}, "repeats"),
        ("maintenance-windows", {"repeat_until": "2026-01-01T00:00:00Z"}, "repeat_until"),
        (
            "maintenance-windows",
            {"repeats": "once", "repeat_until": "2027-01-01T00:00:00Z"},
            "repeat_until",
        ),
        ("incident-roles", {"name": ""}, "name"),
    ],
)
def test_what_cannot_be_used_is_refused_with_the_field(
    call: Call, alice: Person, made: Any, bodies: Any, noun: str, change: dict[str, Any], field: str
) -> None:
    for answer in (
        call(alice, "post", f"/{noun}", {**bodies[noun], **change}),
        call(alice, "patch", made(noun), change),
    ):
        assert answer.status_code == 400, answer.text
        assert field in answer.json()["fields"], answer.text


def test_priorities_stand_in_the_order_that_somebody_gave_them(
    call: Call, alice: Person, bodies: Any
) -> None:
    def names() -> list[str]:
        return [item["name"] for item in call(alice, "get", "/priorities").json()["items"]]

    for name in ("P1", "P2", "P3"):
        made = call(alice, "post", "/priorities", {**bodies["priorities"], "name": name}).json()
    assert (names(), made["rank"]) == (["P1", "P2", "P3"], 3)
    moved = call(alice, "patch", f"/priorities/{made['unique_id']}", {"rank": 1}).json()
    assert (names(), moved["rank"]) == (["P3", "P1", "P2"], 1)
    call(alice, "patch", f"/priorities/{made['unique_id']}", {"rank": 99})
    assert names() == ["P1", "P2", "P3"]
    call(alice, "post", "/priorities", {**bodies["priorities"], "name": "P0", "rank": 1})
    assert names() == ["P0", "P1", "P2", "P3"]
    assert list(Priority.objects.values_list("rank", flat=True)) == [1, 2, 3, 4]


def test_a_colour_that_is_none_of_ours_is_kept_and_shown_in_the_nearest(
    call: Call, alice: Person, bodies: Any
) -> None:
    made = call(alice, "post", "/tags", {**bodies["tags"], "colour": "#F00000"}).json()
    assert (made["colour"], made["colour_value"]) == ("red", "#f00000")
    changed = call(alice, "patch", f"/tags/{made['unique_id']}", {"name": "db"}).json()
    assert changed["colour_value"] == "#f00000"


def test_a_promise_is_taken_away_by_null(call: Call, alice: Person, made: Any) -> None:
    path = made("slas")
    changed = call(alice, "patch", path, {"acknowledge_minutes": None}).json()
    assert (changed["acknowledge_minutes"], changed["resolve_minutes"]) == (None, 240)
    refused = call(alice, "patch", path, {"resolve_minutes": None})
    assert refused.status_code == 400
    assert Sla.objects.get().resolve_minutes == 240


def test_a_policy_calls_its_levels_in_their_order(
    call: Call, alice: Person, bob: Person, team: Team, made: Any
) -> None:
    path = made("escalation-policies")
    levels = [
        {"delay_minutes": 0, "targets": [{"kind": "person", "unique_id": str(alice.unique_id)}]},
        {
            "delay_minutes": 15,
            "targets": [
                {"kind": "person", "unique_id": str(bob.unique_id)},
                {"kind": "team", "unique_id": str(team.unique_id)},
            ],
        },
    ]
    changed = call(alice, "patch", path, {"levels": levels}).json()
    assert [
        (level["delay_minutes"], [(one["kind"], one["name"]) for one in level["targets"]])
        for level in changed["levels"]
    ] == [(0, [("person", "Alice")]), (15, [("person", "Bob"), ("team", "Payments")])]
    assert call(alice, "get", path).json() == changed
    recorded = list(AuditEvent.objects.values_list("action", flat=True))
    call(alice, "patch", path, {"levels": levels})
    assert list(AuditEvent.objects.values_list("action", flat=True)) == recorded


def test_somebody_who_left_the_team_may_stay_in_a_policy_but_not_be_put_into_one(
    call: Call, alice: Person, bob: Person, made: Any, bodies: Any
) -> None:
    path = made("escalation-policies")
    bob.memberships.all().delete()
    levels = bodies["escalation-policies"]["levels"]
    assert call(alice, "patch", path, {"repeats": 1}).json()["levels"][0]["targets"][0]["name"] == "Bob"
    kept = call(alice, "patch", path, {"levels": [{**levels[0], "delay_minutes": 9}]})
    assert kept.json()["levels"][0]["delay_minutes"] == 9
    refused = call(alice, "post", "/escalation-policies", {**bodies["escalation-policies"], "name": "New"})
    assert refused.status_code == 400


def test_a_policy_does_not_call_the_same_person_twice_at_a_level(
    call: Call, alice: Person, bodies: Any
) -> None:
    target = bodies["escalation-policies"]["levels"][0]["targets"][0]
    body = {**bodies["escalation-policies"], "levels": [{"targets": [target, target]}]}
    answer = call(alice, "post", "/escalation-policies", body)
    assert answer.json()["fields"] == {"levels.0.targets": "Somebody is chosen twice."}


def test_a_window_says_what_it_means(call: Call, alice: Person, made: Any) -> None:
    shown = call(alice, "get", made("maintenance-windows")).json()
    assert shown["words"].startswith("Every Tuesday 02:00–04:00 Europe/Berlin")
    assert shown["services"][0]["name"] == "Checkout"
    assert shown["state"] in ("active", "upcoming")
    assert shown["next_starts_at"] > datetime.now(UTC).isoformat()


def test_a_window_takes_no_service_of_another_team(
    call: Call, alice: Person, other_team: Team, bodies: Any
) -> None:
    theirs = Service.objects.create(team=other_team, name="Index")
    body = {**bodies["maintenance-windows"], "services": [str(theirs.unique_id)]}
    assert set(call(alice, "post", "/maintenance-windows", body).json()["fields"]) == {"services"}


def _now_with(bodies: Any, **changes: Any) -> dict[str, Any]:
    now = datetime.now(UTC)
    return {
        **bodies["maintenance-windows"],
        "starts_at": (now - timedelta(minutes=30)).isoformat(),
        "ends_at": (now + timedelta(minutes=30)).isoformat(),
        "time_zone": "UTC",
        **changes,
    }


def test_a_window_that_is_active_is_ended(call: Call, alice: Person, service: Service, bodies: Any) -> None:
    made = call(alice, "post", "/maintenance-windows", _now_with(bodies, repeats="once")).json()
    of_service = f"/services/{service.unique_id}"
    assert (made["state"], call(alice, "get", of_service).json()["under_maintenance"]) == ("active", True)
    ended = call(alice, "post", f"/maintenance-windows/{made['unique_id']}/ending")
    assert (ended.status_code, ended.json()["state"]) == (200, "ended")
    assert call(alice, "get", of_service).json()["under_maintenance"] is False
    again = call(alice, "post", f"/maintenance-windows/{made['unique_id']}/ending")
    assert again.status_code == 409
    assert AuditEvent.objects.get(action="maintenance_window.ended").subject_name == "Patches"


def test_a_window_that_repeats_goes_on_after_it_was_ended(call: Call, alice: Person, bodies: Any) -> None:
    made = call(alice, "post", "/maintenance-windows", _now_with(bodies, repeats="daily")).json()
    ended = call(alice, "post", f"/maintenance-windows/{made['unique_id']}/ending").json()
    assert (ended["state"], ended["repeats"]) == ("upcoming", "daily")
    assert ended["next_starts_at"] == made["next_starts_at"]
    later = MaintenanceWindow.objects.get().starts_at - datetime.fromisoformat(made["starts_at"])
    assert round(later / timedelta(days=1), 6) == 1


def test_the_last_of_a_window_that_repeats_ends_it(call: Call, alice: Person, bodies: Any) -> None:
    until = (datetime.now(UTC) + timedelta(hours=2)).isoformat()
    made = call(
        alice, "post", "/maintenance-windows", _now_with(bodies, repeats="daily", repeat_until=until)
    ).json()
    ended = call(alice, "post", f"/maintenance-windows/{made['unique_id']}/ending").json()
    assert (ended["state"], ended["repeats"], ended["repeat_until"]) == ("ended", "once", None)


def test_a_service_gets_its_behaviour(
    call: Call, alice: Person, service: Service, made: Any, other_team: Team
) -> None:
    path = f"/services/{service.unique_id}"
    ids = {
        field: made(noun).rpartition("/")[2]
        for field, noun in (
            ("priority", "priorities"),
            ("sla", "slas"),
            ("escalation_policy", "escalation-policies"),
        )
    }
    minutes = {"collation_minutes": 5, "auto_resolve_minutes": 90, "reopen_minutes": 30}
    changed = call(alice, "patch", path, {**ids, **minutes}).json()
    assert {name: changed[name]["unique_id"] for name in ids} == ids
    assert {name: changed[name] for name in minutes} == minutes
    assert set(AuditEvent.objects.get(action="service.changed").data["changed"]) == {*ids, *minutes}
    less = call(alice, "patch", path, {"sla": None, "collation_minutes": None}).json()
    assert (less["sla"], less["priority"], less["collation_minutes"]) == (None, changed["priority"], 5)
    bad = call(alice, "patch", path, {"sla": str(uuid4()), "name": "Pay"})
    assert (bad.status_code, set(bad.json()["fields"])) == (400, {"sla"})
    bad = call(alice, "patch", path, {"reopen_minutes": 10_081, "collation_minutes": -1})
    assert set(bad.json()["fields"]) == {"reopen_minutes", "collation_minutes"}
    assert Service.objects.get(pk=service.pk).name == "Checkout"


def test_a_service_takes_nothing_of_another_team_and_nothing_archived(
    call: Call, alice: Person, service: Service, made: Any, other_team: Team
) -> None:
    theirs = Priority.objects.create(team=other_team, name="P1")
    path = f"/services/{service.unique_id}"
    assert call(alice, "patch", path, {"priority": str(theirs.unique_id)}).status_code == 400
    ours = made("priorities")
    call(alice, "put", f"{ours}/archival")
    unique_id = ours.rpartition("/")[2]
    assert set(call(alice, "patch", path, {"priority": unique_id}).json()["fields"]) == {"priority"}
    Service.objects.update(priority=Priority.objects.get(unique_id=unique_id))
    kept = call(alice, "patch", path, {"priority": unique_id, "summary": "Pays."})
    assert kept.status_code == 200


def test_a_service_is_made_with_its_behaviour_or_not_at_all(
    call: Call, alice: Person, team: Team, made: Any
) -> None:
    body = {"team": str(team.unique_id), "name": "Ledger", "sla": made("slas").rpartition("/")[2]}
    answer = call(alice, "post", "/services", {**body, "collation_minutes": -1})
    assert (answer.status_code, Service.objects.filter(name="Ledger").exists()) == (400, False)
    answer = call(alice, "post", "/services", body)
    assert (answer.status_code, answer.json()["sla"]["name"]) == (201, "Gold")


def test_a_reading_key_changes_nothing(
    client: Client, alice: Person, made: Any, api_headers: Headers
) -> None:
    headers = api_headers(alice, KeyScope.READ)
    path = f"/api/v1{made('tags')}"
    assert client.get(path, headers=headers).status_code == 200
    assert client.put(f"{path}/archival", headers=headers).status_code == 403


@pytest.mark.once
@pytest.mark.parametrize("noun", ["services", "escalation-policies", "maintenance-windows"])
def test_the_number_of_queries_does_not_grow_with_the_rows(
    call: Call, alice: Person, team: Team, bodies: Any, made: Any, noun: str
) -> None:
    bodies["services"] = {"team": str(team.unique_id), "sla": made("slas").rpartition("/")[2]}

    def make(name: str) -> None:
        assert call(alice, "post", f"/{noun}", {**bodies[noun], "name": name}).status_code == 201

    def count() -> int:
        with CaptureQueriesContext(connection) as queries:
            assert call(alice, "get", f"/{noun}").status_code == 200
        return len(queries)

    make("First")
    few = count()
    for number in range(10):
        make(f"Number {number}")
    assert count() == few
