"""The pages of priorities, SLAs, tags, escalation policies, maintenance windows and incident roles."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from afterword.accounts.models import Person, Team
from afterword.catalog import writes
from afterword.catalog.models import (
    EscalationPolicy,
    IncidentRole,
    Integration,
    MaintenanceWindow,
    Priority,
    Service,
    Sla,
    Tag,
)
from afterword.catalog.reads import active_windows
from afterword.catalog.writes import Behaviour, Level, Schedule

pytestmark = pytest.mark.once

SignIn = Callable[[Person], Client]
NOUNS = ("priorities", "slas", "tags", "escalation-policies", "maintenance")
ARCHIVABLE = (*NOUNS[:4], "incident-roles")
NOW = datetime.now(UTC).replace(second=0, microsecond=0)


@pytest.fixture
def things(alice: Person, team: Team, service: Service) -> dict[str, Any]:
    """One of each noun."""
    return {
        "priorities": writes.create_priority(actor=alice, team=team, name="P1", colour="red"),
        "slas": writes.create_sla(
            actor=alice, team=team, name="Gold", acknowledge_minutes=15, resolve_minutes=1_620
        ),
        "tags": writes.create_tag(actor=alice, team=team, name="database"),
        "escalation-policies": writes.create_escalation_policy(
            actor=alice, team=team, name="On call", levels=[Level(0, (alice,)), Level(15, teams=(team,))]
        ),
        "maintenance": writes.create_maintenance_window(
            actor=alice,
            team=team,
            name="Patches",
            services=[service],
            schedule=Schedule(NOW - timedelta(hours=1), NOW + timedelta(hours=1)),
        ),
        "incident-roles": writes.create_incident_role(actor=alice, name="Archivist", rank=1),
    }


@pytest.fixture
def forms(team: Team, service: Service, alice: Person) -> dict[str, dict[str, Any]]:
    """What a person fills in for a new one of each noun."""
    return {
        "priorities": {"name": "P2", "description": "Soon.", "colour": "orange"},
        "slas": {"name": "Silver", "acknowledge_minutes": "1 h", "resolve_minutes": "", "is_active": "on"},
        "tags": {"name": "network", "colour": "teal"},
        "escalation-policies": {
            "name": "By night",
            "summary": "",
            "repeats": "1",
            "level-0-delay": "5 min",
            "level-0-target-0": f"person:{alice.unique_id}",
        },
        "maintenance": {
            "name": "Upgrade",
            "services": [str(service.unique_id)],
            "starts_at": "2027-03-02T02:00",
            "ends_at": "2027-03-02T04:00",
            "time_zone": "Europe/Berlin",
            "repeats": "weekly",
            "repeat_until": "2027-06-01",
        },
        "incident-roles": {"name": "Scribe", "description": "Writes it down."},
    }


@pytest.mark.parametrize("noun", [*NOUNS, "incident-roles"])
def test_each_list_and_page_shows_what_is_there(
    alice: Person, bob: Person, vera: Person, things: Any, sign_in: SignIn, noun: str
) -> None:
    thing = things[noun]
    for person in (alice, bob, vera):
        client = sign_in(person)
        listed = client.get(f"/settings/{noun}")
        assert f"/settings/{noun}/{thing.unique_id}" in listed.text
        page = client.get(f"/settings/{noun}/{thing.unique_id}")
        assert page.status_code == 200
        assert str(thing.unique_id) in page.text.split("<main")[1]
        assert ("Save</button>" in page.text) is (person is alice)


@pytest.mark.parametrize("noun", NOUNS)
def test_an_outsider_finds_nothing_on_the_pages(
    charlie: Person, team: Team, things: Any, forms: Any, sign_in: SignIn, noun: str
) -> None:
    client, thing = sign_in(charlie), things[noun]
    page = f"/settings/{noun}/{thing.unique_id}"
    last = "ending" if noun == "maintenance" else "archival"
    answers = [
        client.get(page),
        client.post(page, forms[noun]),
        client.post(f"{page}/deletion"),
        client.post(f"{page}/{last}"),
    ]
    assert [answer.status_code for answer in answers] == [404] * 4
    assert str(thing) not in client.get(f"/settings/{noun}").text
    assert str(thing) not in client.get(f"/settings/{noun}?team={team.unique_id}").text
    made = client.post(f"/settings/{noun}/new?team={team.unique_id}", {**forms[noun], "team": team.unique_id})
    assert made.status_code in (200, 302, 400)
    assert not type(thing).objects.filter(team=team).exclude(pk=thing.pk).exists()


@pytest.mark.parametrize("noun", [*NOUNS, "incident-roles"])
def test_members_and_viewers_change_nothing_on_the_pages(
    bob: Person, vera: Person, things: Any, forms: Any, sign_in: SignIn, noun: str
) -> None:
    page = f"/settings/{noun}/{things[noun].unique_id}"
    last = "ending" if noun == "maintenance" else "archival"
    for person in (bob, vera):
        client = sign_in(person)
        answers = [
            client.get(f"/settings/{noun}/new"),
            client.post(page, forms[noun]),
            client.post(f"{page}/deletion"),
            client.post(f"{page}/{last}"),
        ]
        assert [answer.status_code for answer in answers] == [403] * 4


@pytest.mark.parametrize("noun", [*NOUNS, "incident-roles"])
def test_one_is_added_and_changed_by_its_form(
    alice: Person, team: Team, other_team: Team, things: Any, forms: Any, sign_in: SignIn, noun: str
) -> None:
    client, typed = sign_in(alice), {**forms[noun], "team": team.unique_id}
    made = client.post(f"/settings/{noun}/new?team={team.unique_id}", typed)
    assert made.status_code == 302, made.text
    page = made.headers["Location"]
    model = type(things[noun])
    assert model.objects.filter(name=forms[noun]["name"]).count() == 1
    assert client.post(page, {**forms[noun], "name": "Another"}).headers["Location"] == page
    assert model.objects.filter(name="Another").count() == 1
    refused = client.post(page, {**forms[noun], "name": ""})
    assert (refused.status_code, set(refused.context["form"].errors)) == (400, {"name"})
    assert "Another" in refused.text


@pytest.mark.parametrize("noun", ARCHIVABLE)
def test_one_is_archived_restored_and_deleted_by_buttons(
    alice: Person, things: Any, sign_in: SignIn, noun: str
) -> None:
    client, thing = sign_in(alice), things[noun]
    page = f"/settings/{noun}/{thing.unique_id}"
    client.post(f"{page}/archival", {"archived": "yes"})
    assert f"{page}" not in client.get(f"/settings/{noun}").text
    assert f"{page}" in client.get(f"/settings/{noun}?state=archived").text
    assert "It is archived" in client.get(page).text
    client.post(f"{page}/archival", {"archived": "no"})
    assert f"{page}" in client.get(f"/settings/{noun}").text
    assert client.post(f"{page}/deletion").headers["Location"] == f"/settings/{noun}"
    assert client.get(page).status_code == 404


def test_what_is_in_use_offers_no_deletion_and_refuses_it(
    alice: Person, service: Service, things: Any, sign_in: SignIn
) -> None:
    client, sla = sign_in(alice), things["slas"]
    writes.change_service(actor=alice, service=service, behaviour=Behaviour(sla=sla))
    page = f"/settings/slas/{sla.unique_id}"
    shown = client.get(page).text
    assert "in use by 1 service." in shown
    assert "Delete</button>" not in shown
    assert "Archive it" in client.post(f"{page}/deletion", follow=True).text
    assert Sla.objects.count() == 1


def test_priorities_are_put_in_order_by_buttons(alice: Person, team: Team, sign_in: SignIn) -> None:
    rows = [writes.create_priority(actor=alice, team=team, name=f"P{n}") for n in (1, 2, 3)]
    writes.archive(actor=alice, thing=rows[1])
    client = sign_in(alice)
    answer = client.post(f"/settings/priorities/{rows[2].unique_id}/place", {"place": "up"})
    assert answer.headers["Location"] == "/settings/priorities"
    assert [row.name for row in client.get("/settings/priorities").context["page"]] == ["P3", "P1"]
    for _ in range(3):
        client.post(f"/settings/priorities/{rows[2].unique_id}/place", {"place": "down"})
    assert [row.name for row in client.get("/settings/priorities").context["page"]] == ["P1", "P3"]
    client.post(f"/settings/priorities/{rows[1].unique_id}/place", {"place": "up"})
    assert Priority.objects.filter(archived_at=None).count() == 2


def test_only_managers_and_administrators_put_in_order(
    alice: Person, bob: Person, charlie: Person, things: Any, sign_in: SignIn
) -> None:
    priority, role = things["priorities"], things["incident-roles"]
    for noun, thing, outsider in (("priorities", priority, 404), ("incident-roles", role, 403)):
        address = f"/settings/{noun}/{thing.unique_id}/place"
        assert sign_in(charlie).post(address, {"place": "down"}).status_code == outsider
        assert sign_in(bob).post(address, {"place": "down"}).status_code == 403
    sign_in(alice).post(f"/settings/incident-roles/{role.unique_id}/place", {"place": "down"})
    assert [one.name for one in IncidentRole.objects.all()][:2] == ["Incident lead", "Archivist"]


@pytest.mark.parametrize(
    ("typed", "minutes"), [("90", 90), ("1h 30 min", 90), ("1.5 h", 90), ("2 days", 2_880), ("1d,2h", 1_560)]
)
def test_times_are_typed_as_people_say_them(
    alice: Person, things: Any, sign_in: SignIn, typed: str, minutes: int
) -> None:
    page = f"/settings/slas/{things['slas'].unique_id}"
    sign_in(alice).post(page, {"name": "Gold", "resolve_minutes": typed, "is_active": "on"})
    assert Sla.objects.get().resolve_minutes == minutes


@pytest.mark.parametrize("typed", ["soon", "1 week", "-5", "0.3 min", "999 d", "١٢x"])
def test_times_that_are_none_are_refused_and_kept(
    alice: Person, things: Any, sign_in: SignIn, typed: str
) -> None:
    page = f"/settings/slas/{things['slas'].unique_id}"
    refused = sign_in(alice).post(page, {"name": "Gold", "resolve_minutes": typed})
    assert (refused.status_code, set(refused.context["form"].errors)) == (400, {"resolve_minutes"})
    assert f'value="{typed}"' in refused.text


def test_a_promise_is_shown_in_hours_and_days(bob: Person, things: Any, sign_in: SignIn) -> None:
    shown = sign_in(bob).get("/settings/slas").text
    assert ">15 min<" in shown
    assert ">1 d 3 h<" in shown


def test_the_buttons_of_a_policy_change_the_form_and_nothing_else(
    alice: Person, bob: Person, team: Team, things: Any, sign_in: SignIn
) -> None:
    client, policy = sign_in(alice), things["escalation-policies"]
    page = f"/settings/escalation-policies/{policy.unique_id}"
    typed = {
        "name": "On call, changed",
        "summary": "",
        "repeats": "3",
        "level-0-delay": "nonsense",
        "level-0-target-0": f"person:{alice.unique_id}",
        "level-1-delay": "15 min",
        "level-1-target-0": f"team:{team.unique_id}",
        "level-1-target-1": f"person:{bob.unique_id}",
    }

    def after(button: str) -> list[tuple[str, list[str]]]:
        answer = client.post(page, {**typed, "do": button})
        assert answer.status_code == 200
        assert 'value="On call, changed"' in answer.text
        return [
            (level.delay.value(), [target.value() for target in level.targets])
            for level in answer.context["form"].level_fields()
        ]

    alices, everyone, bobs = (
        f"person:{alice.unique_id}",
        f"team:{team.unique_id}",
        f"person:{bob.unique_id}",
    )
    first, second = ("nonsense", [alices]), ("15 min", [everyone, bobs])
    assert after("add-level") == [first, second, ("", [""])]
    assert after("remove-level-0") == [second]
    assert after("raise-level-1") == [second, first]
    assert after("add-target-0") == [("nonsense", [alices, ""]), second]
    assert after("remove-target-1-0") == [first, ("15 min", [bobs])]
    assert after("remove-target-0-0") == [("nonsense", [""]), second]
    assert after("remove-level-99") == after("whatever") == [first, second]
    policy.refresh_from_db()
    assert (policy.name, policy.levels.count()) == ("On call", 2)


def test_a_level_without_anybody_and_a_time_that_is_none_are_told_at_their_fields(
    alice: Person, things: Any, forms: Any, sign_in: SignIn
) -> None:
    page = f"/settings/escalation-policies/{things['escalation-policies'].unique_id}"
    typed = {**forms["escalation-policies"], "level-1-delay": "1 h", "level-1-target-0": ""}
    refused = sign_in(alice).post(page, typed)
    assert (refused.status_code, set(refused.context["form"].errors)) == (400, {"level-1-target-0"})
    refused = sign_in(alice).post(page, {**typed, "level-0-delay": "soon", "level-1-delay": "8 d"})
    assert set(refused.context["form"].errors) == {"level-0-delay", "level-1-delay"}


def test_the_second_of_two_who_change_a_policy_is_told(
    alice: Person, team: Team, things: Any, sign_in: SignIn
) -> None:
    client, policy = sign_in(alice), things["escalation-policies"]
    page = f"/settings/escalation-policies/{policy.unique_id}"
    typed = {"repeats": "0", "level-0-delay": "", "level-0-target-0": f"team:{team.unique_id}"}
    seen = client.get(page).context["form"]._version()
    first = client.post(page, {**typed, "name": "By the first", "seen": seen})
    assert first.status_code == 302
    # A button that saves nothing does not make the page newer than what its reader has seen.
    shown = client.post(page, {**typed, "name": "By the second", "seen": seen, "do": "add-level"})
    assert f'name="seen" value="{seen}"' in shown.text
    refused = client.post(page, {**typed, "name": "By the second", "seen": seen})
    assert refused.status_code == 400
    assert "Somebody has changed this since you opened it" in refused.text
    policy.refresh_from_db()
    assert policy.name == "By the first"
    again = refused.context["form"]._version()
    assert client.post(page, {**typed, "name": "By the second", "seen": again}).status_code == 302


def test_a_policy_does_not_offer_strangers(
    alice: Person, charlie: Person, things: Any, forms: Any, sign_in: SignIn
) -> None:
    page = f"/settings/escalation-policies/{things['escalation-policies'].unique_id}"
    client = sign_in(alice)
    assert charlie.email not in client.get(page).text
    typed = {**forms["escalation-policies"], "level-0-target-0": f"person:{charlie.unique_id}"}
    assert set(client.post(page, typed).context["form"].errors) == {"level-0-target-0"}


def test_a_form_with_very_many_levels_is_cut(alice: Person, things: Any, forms: Any, sign_in: SignIn) -> None:
    page = f"/settings/escalation-policies/{things['escalation-policies'].unique_id}"
    target = forms["escalation-policies"]["level-0-target-0"]
    typed = {**forms["escalation-policies"], **{f"level-{n}-target-0": target for n in range(200)}}
    sign_in(alice).post(page, typed)
    policy = EscalationPolicy.objects.get()
    assert policy.levels.count() == 20


def test_somebody_with_several_teams_is_asked_for_one_first(
    alice: Person, team: Team, other_team: Team, charlie: Person, sign_in: SignIn
) -> None:
    asked = sign_in(alice).get("/settings/maintenance/new")
    assert f"?team={team.unique_id}" in asked.text
    assert "Starts" not in asked.text
    assert "Starts" in sign_in(alice).get(f"/settings/maintenance/new?team={team.unique_id}").text
    assert "Starts" in sign_in(charlie).get("/settings/maintenance/new").text


def test_times_of_a_window_are_in_its_zone(alice: Person, team: Team, forms: Any, sign_in: SignIn) -> None:
    client = sign_in(alice)
    made = client.post("/settings/maintenance/new", forms["maintenance"])
    window = MaintenanceWindow.objects.get()
    assert (window.starts_at, window.ends_at, window.repeat_until) == (
        datetime(2027, 3, 2, 1, tzinfo=UTC),
        datetime(2027, 3, 2, 3, tzinfo=UTC),
        datetime(2027, 6, 1, 21, 59, 59, tzinfo=UTC),
    )
    page = client.get(made.headers["Location"])
    assert "Every Tuesday 02:00–04:00 Europe/Berlin from 2 March 2027 until 1 June 2027" in page.text
    assert 'value="2027-03-02T02:00"' in page.text
    assert 'value="2027-06-01"' in page.text


def test_saving_a_window_as_it_is_changes_nothing(
    alice: Person, team: Team, service: Service, sign_in: SignIn
) -> None:
    kept = Schedule(
        datetime(2026, 10, 25, 1, 30, 12, tzinfo=UTC),
        datetime(2026, 10, 25, 2, 30, 45, tzinfo=UTC),
        "Europe/Berlin",
        "daily",
        datetime(2027, 6, 1, 10, tzinfo=UTC),
    )
    window = writes.create_maintenance_window(
        actor=alice, team=team, name="Odd", services=[service], schedule=kept
    )
    page = f"/settings/maintenance/{window.unique_id}"
    client = sign_in(alice)
    form = client.get(page).context["form"]
    typed = {name: form[name].value() for name in form.fields}
    assert client.post(page, typed).status_code == 302
    window = MaintenanceWindow.objects.get()
    assert (
        Schedule(window.starts_at, window.ends_at, window.time_zone, window.repeats, window.repeat_until)
        == kept
    )


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"starts_at": "2027-03-28T02:30", "ends_at": "2027-03-28T05:00"}, "starts_at"),
        ({"ends_at": "2027-03-02T01:00"}, "ends_at"),
        ({"starts_at": "tomorrow"}, "starts_at"),
        ({"starts_at": "0001-01-01T00:00"}, "starts_at"),
        ({"time_zone": "Mars/Olympus"}, "time_zone"),
        ({"services": []}, "services"),
        ({"repeat_until": "2026-01-01"}, "repeat_until"),
    ],
)
def test_a_window_that_cannot_be_is_refused_at_its_field(
    alice: Person, team: Team, forms: Any, sign_in: SignIn, change: dict[str, Any], field: str
) -> None:
    refused = sign_in(alice).post("/settings/maintenance/new", {**forms["maintenance"], **change})
    assert (refused.status_code, set(refused.context["form"].errors)) == (400, {field})
    assert not MaintenanceWindow.objects.exists()


def test_a_service_under_maintenance_says_so_where_people_look(
    alice: Person, bob: Person, service: Service, integration: Integration, things: Any, sign_in: SignIn
) -> None:
    client, window = sign_in(bob), things["maintenance"]
    addresses = [
        f"/settings/services/{service.unique_id}",
        "/settings/services",
        f"/settings/integrations/{integration.unique_id}",
    ]
    assert all("under maintenance" in client.get(address).text.lower() for address in addresses)
    ended = sign_in(alice).post(f"/settings/maintenance/{window.unique_id}/ending", follow=True)
    assert "It has ended" in ended.text
    assert not any("under maintenance" in client.get(address).text.lower() for address in addresses)
    again = sign_in(alice).post(f"/settings/maintenance/{window.unique_id}/ending", follow=True)
    assert "not active" in again.text


def test_windows_are_listed_with_what_is_soonest_first(
    alice: Person, team: Team, service: Service, things: Any, sign_in: SignIn
) -> None:
    for name, hours in (("Later", 48), ("Soon", 3), ("Long ago", -480), ("Yesterday", -24)):
        start = NOW + timedelta(hours=hours)
        writes.create_maintenance_window(
            actor=alice,
            team=team,
            name=name,
            services=[service],
            schedule=Schedule(start, start + timedelta(hours=1)),
        )
    rows = sign_in(alice).get("/settings/maintenance").context["page"]
    assert [(row["window"].name, row["state"]) for row in rows] == [
        ("Patches", "active"),
        ("Soon", "upcoming"),
        ("Later", "upcoming"),
        ("Yesterday", "ended"),
        ("Long ago", "ended"),
    ]


def test_the_behaviour_of_a_service_is_chosen_on_its_page(
    alice: Person, service: Service, things: Any, sign_in: SignIn
) -> None:
    client, page = sign_in(alice), f"/settings/services/{service.unique_id}"
    typed = {
        "name": "Checkout",
        "summary": "",
        "priority": things["priorities"].unique_id,
        "sla": things["slas"].unique_id,
        "escalation_policy": "",
        "collation_minutes": "10 min",
        "auto_resolve_minutes": "12 h",
        "reopen_minutes": "",
    }
    assert client.post(f"{page}/edit", typed).status_code == 302
    service.refresh_from_db()
    assert writes.behaviour_of(service) == Behaviour(things["priorities"], things["slas"], None, 10, 720, 0)
    shown = client.get(page).text
    assert all(words in shown for words in ("P1", "Gold", "10 min", "12 h"))
    refused = client.post(f"{page}/edit", {**typed, "reopen_minutes": "8 d", "sla": "nonsense"})
    assert set(refused.context["form"].errors) == {"reopen_minutes", "sla"}


def test_what_is_archived_is_no_longer_offered_but_kept(
    alice: Person, service: Service, things: Any, sign_in: SignIn
) -> None:
    client, page = sign_in(alice), f"/settings/services/{service.unique_id}/edit"
    other = writes.create_priority(actor=alice, team=service.team, name="P9")
    writes.change_service(actor=alice, service=service, behaviour=Behaviour(priority=things["priorities"]))
    writes.archive(actor=alice, thing=things["priorities"])
    writes.archive(actor=alice, thing=other)
    shown = client.get(page).text
    assert "P1 (archived)" in shown
    assert "P9" not in shown
    assert (
        client.post(page, {"name": "Checkout", "priority": things["priorities"].unique_id}).status_code == 302
    )
    assert client.post(page, {"name": "Checkout", "priority": other.unique_id}).status_code == 400


def test_a_colour_from_elsewhere_is_shown_in_the_nearest(alice: Person, team: Team, sign_in: SignIn) -> None:
    writes.create_tag(actor=alice, team=team, name="crimson", colour="#dd1144")
    assert 'data-tone="red">crimson<' in sign_in(alice).get("/settings/tags").text


def test_names_are_escaped(alice: Person, team: Team, sign_in: SignIn) -> None:
    tag = writes.create_tag(actor=alice, team=team, name="<script>alert(1)</script>")
    client = sign_in(alice)
    for address in ("/settings/tags", f"/settings/tags/{tag.unique_id}"):
        assert "<script>alert" not in client.get(address).text


@pytest.mark.parametrize("noun", NOUNS)
def test_a_list_asks_the_database_as_often_for_many_as_for_few(
    alice: Person, team: Team, service: Service, things: Any, sign_in: SignIn, noun: str
) -> None:
    client = sign_in(alice)

    def count() -> int:
        with CaptureQueriesContext(connection) as queries:
            assert client.get(f"/settings/{noun}").status_code == 200
        return len(queries)

    count()  # The first request of a session asks once more.
    few = count()
    for number in range(6):
        if noun == "maintenance":
            writes.create_maintenance_window(
                actor=alice,
                team=team,
                name=f"W{number}",
                services=[service],
                schedule=Schedule(NOW, NOW + timedelta(1)),
            )
        elif noun == "escalation-policies":
            writes.create_escalation_policy(
                actor=alice, team=team, name=f"E{number}", levels=[Level(0, (alice,), (team,))]
            )
        else:
            type(things[noun]).objects.create(
                team=team,
                name=f"N{number}",
                **({"resolve_minutes": 5} if noun == "slas" else {}),
            )
    assert count() == few


def test_the_lists_have_pages_and_are_narrowed_to_a_team(
    alice: Person, team: Team, other_team: Team, sign_in: SignIn
) -> None:
    Tag.objects.bulk_create(Tag(team=team, name=f"tag {n:03}") for n in range(120))
    Tag.objects.create(team=other_team, name="elsewhere")
    client = sign_in(alice)
    assert "1 to 50 of 121 tags" in client.get("/settings/tags").text
    only = client.get(f"/settings/tags?team={other_team.unique_id}")
    assert [tag.name for tag in only.context["page"]] == ["elsewhere"]
    assert client.get("/settings/tags?team=nonsense&page=zz&state=x").status_code == 200


def test_the_settings_lead_to_all_of_them(bob: Person, sign_in: SignIn) -> None:
    shown = sign_in(bob).get("/settings").text
    assert all(f'href="/settings/{noun}"' in shown for noun in (*NOUNS, "incident-roles"))


def test_a_window_that_repeats_counts_only_while_it_is_active(
    alice: Person, team: Team, service: Service
) -> None:
    start = NOW - timedelta(days=8)
    writes.create_maintenance_window(
        actor=alice,
        team=team,
        name="Weekly",
        services=[service],
        schedule=Schedule(start, start + timedelta(hours=2), repeats="weekly"),
    )
    assert active_windows([service], NOW) == {}
    found = active_windows([service], NOW - timedelta(days=1, minutes=-30))
    assert [one.occurrence.ends_at for one in found[service.pk]] == [NOW - timedelta(days=1, hours=-2)]
