"""On-call schedules by page and by API: who may what, and what it shows."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

import pytest
from django.test import Client

from afterword.accounts.models import Person, Team
from afterword.audit.models import AuditEvent
from afterword.catalog import writes
from afterword.catalog.models import EscalationPolicy, OnCallOverride, OnCallSchedule
from afterword.catalog.writes import Level, create_escalation_policy
from afterword.lib import clock

NOW = datetime(2026, 3, 4, 12, tzinfo=UTC)
LIST = "/settings/on-call-schedules"
API = "/api/v1/on-call-schedules"


@pytest.fixture(autouse=True)
def _at_noon(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(clock, "now", lambda: NOW)


@pytest.fixture
def schedule(alice: Person, bob: Person, team: Team) -> OnCallSchedule:
    """Bob until Monday at nine, then Alice, in Berlin."""
    return writes.create_on_call_schedule(
        actor=alice,
        team=team,
        name="First line",
        people=[bob, alice],
        time_zone="Europe/Berlin",
        starts_on=date(2026, 3, 2),
        handover_weekday=0,
        handover_time=time(9),
    )


def page_of(schedule: OnCallSchedule) -> str:
    return f"{LIST}/{schedule.unique_id}"


def fields(team: Team, *people: Person, **changed: str) -> dict[str, str]:
    return {
        "name": "Second line",
        "summary": "",
        "time_zone": "Europe/Berlin",
        "starts_on": "2026-03-02",
        "handover_weekday": "0",
        "handover_time": "09:00",
        **{f"person-{place}": str(person.unique_id) for place, person in enumerate(people)},
        **changed,
    }


def test_a_manager_makes_a_schedule(sign_in: Any, alice: Person, bob: Person, team: Team):
    answer = sign_in(alice).post(f"{LIST}/new", fields(team, bob, alice))
    made = OnCallSchedule.objects.get()
    assert answer.url == page_of(made)
    assert [turn.person for turn in made.turns.all()] == [bob, alice]
    assert AuditEvent.objects.filter(action="on_call_schedule.created").count() == 1


def test_the_second_of_two_who_change_a_schedule_is_told(
    sign_in: Any, alice: Person, bob: Person, team: Team, schedule: OnCallSchedule
):
    client, page = sign_in(alice), page_of(schedule)
    seen = client.get(page).context["form"]._version()
    assert client.post(page, {**fields(team, bob, alice), "seen": seen}).status_code == 302
    refused = client.post(page, {**fields(team, alice), "seen": seen})
    assert refused.status_code == 400
    assert "Somebody has changed this since you opened it" in refused.text
    assert [turn.person for turn in schedule.turns.all()] == [bob, alice]
    again = refused.context["form"]._version()
    assert client.post(page, {**fields(team, alice), "seen": again}).status_code == 302


def test_what_is_wrong_is_said_at_its_field_and_what_was_typed_is_kept(
    sign_in: Any, alice: Person, team: Team
):
    answer = sign_in(alice).post(f"{LIST}/new", fields(team, alice, alice, name="Kept"))
    assert answer.status_code == 400
    assert b"Somebody is chosen twice." in answer.content
    assert b"Kept" in answer.content


def test_a_viewer_of_the_team_cannot_take_turns(alice: Person, vera: Person, team: Team, sign_in: Any):
    answer = sign_in(alice).post(f"{LIST}/new", fields(team, vera))
    assert answer.status_code == 400
    assert not OnCallSchedule.objects.exists()


def test_the_page_shows_now_next_and_the_weeks(sign_in: Any, vera: Person, schedule: OnCallSchedule):
    shown = sign_in(vera).get(page_of(schedule)).content.decode()
    assert "<strong>Bob</strong> until" in shown
    assert "Monday at 09:00, Europe/Berlin" in shown
    assert shown.count("Week of") == 7
    assert "Change the schedule" not in shown
    assert "Have somebody stand in" not in shown


def test_on_call_lists_who_it_is(sign_in: Any, bob: Person, schedule: OnCallSchedule):
    shown = sign_in(bob).get("/on-call").content.decode()
    assert "You are, in First line." in shown


def test_outsiders_find_nothing(sign_in: Any, charlie: Person, schedule: OnCallSchedule):
    client = sign_in(charlie)
    assert client.get(page_of(schedule)).status_code == 404
    assert client.post(page_of(schedule), {}).status_code == 404
    assert client.post(f"{page_of(schedule)}/overrides", {}).status_code == 404
    assert b"First line" not in client.get("/on-call").content
    assert b"First line" not in client.get(LIST).content


def test_viewers_and_members_change_no_schedule(
    sign_in: Any, bob: Person, vera: Person, team: Team, schedule: OnCallSchedule
):
    for person in (bob, vera):
        assert sign_in(person).post(page_of(schedule), fields(team, bob)).status_code == 403
        assert sign_in(person).get(f"{LIST}/new").status_code == 403
    assert sign_in(vera).post(f"{page_of(schedule)}/overrides", {}).status_code == 403


def test_a_member_has_somebody_stand_in_in_the_schedule_s_time(
    sign_in: Any, bob: Person, alice: Person, schedule: OnCallSchedule
):
    answer = sign_in(bob).post(
        f"{page_of(schedule)}/overrides",
        {"person": str(alice.unique_id), "starts_at": "2026-03-05T08:00", "ends_at": "2026-03-06T08:00"},
    )
    assert answer.status_code == 302
    made = OnCallOverride.objects.get()
    assert (made.starts_at, made.ends_at) == (
        datetime(2026, 3, 5, 7, tzinfo=UTC),
        datetime(2026, 3, 6, 7, tzinfo=UTC),
    )
    assert b"stands in" in sign_in(bob).get(page_of(schedule)).content
    removal = f"{page_of(schedule)}/overrides/{made.unique_id}/removal"
    assert sign_in(bob).post(removal).status_code == 302
    assert not OnCallOverride.objects.exists()


@pytest.mark.parametrize(
    ("start", "end"), [("2026-03-06T08:00", "2026-03-05T08:00"), ("2026-03-01T08:00", "2026-03-02T08:00")]
)
def test_an_override_that_is_over_or_upside_down_is_refused(
    sign_in: Any, bob: Person, schedule: OnCallSchedule, start: str, end: str
):
    answer = sign_in(bob).post(
        f"{page_of(schedule)}/overrides", {"person": str(bob.unique_id), "starts_at": start, "ends_at": end}
    )
    assert answer.status_code == 400
    assert not OnCallOverride.objects.exists()


def test_a_policy_offers_schedules_and_turns(
    sign_in: Any, alice: Person, team: Team, schedule: OnCallSchedule
):
    client = sign_in(alice)
    assert b"On call: First line" in client.get("/settings/escalation-policies/new").content
    client.post(
        "/settings/escalation-policies/new",
        {
            "do": "save",
            "name": "Payments",
            "repeats": "0",
            "level-0-delay": "",
            "level-0-target-0": f"schedule:{schedule.unique_id}",
            "level-0-turns": "on",
        },
    )
    level = EscalationPolicy.objects.get().levels.get()
    assert level.takes_turns
    assert level.targets.get().schedule == schedule


def test_a_schedule_that_a_policy_calls_is_archived_and_not_deleted(
    sign_in: Any, alice: Person, team: Team, schedule: OnCallSchedule
):
    create_escalation_policy(
        actor=alice, team=team, name="Payments", levels=[Level(0, schedules=(schedule,))]
    )
    sign_in(alice).post(f"{page_of(schedule)}/deletion")
    assert OnCallSchedule.objects.exists()
    sign_in(alice).post(f"{page_of(schedule)}/archival", {"archived": "yes"})
    assert OnCallSchedule.objects.get().archived_at is not None


Headers = Callable[..., dict[str, str]]


def test_the_api_makes_changes_and_tells_shifts(
    client: Client, api_headers: Headers, alice: Person, bob: Person, team: Team
):
    headers = api_headers(alice)
    made = client.post(
        API,
        {
            "team": str(team.unique_id),
            "name": "API",
            "people": [str(bob.unique_id), str(alice.unique_id)],
            "time_zone": "Europe/Berlin",
            "starts_on": "2026-03-02",
        },
        content_type="application/json",
        headers=headers,
    )
    assert made.status_code == 201, made.content
    body = made.json()
    assert body["on_call_now"]["name"] == "Bob"
    one = f"{API}/{body['unique_id']}"
    changed = client.patch(one, {"handover_weekday": 4}, content_type="application/json", headers=headers)
    assert changed.json()["handover_weekday"] == 4
    shifts = client.get(f"{one}/shifts?until=2026-03-10T00:00:00Z", headers=headers).json()
    assert [shift["person"]["name"] for shift in shifts] == ["Bob", "Alice"]
    assert shifts[0]["ends_at"] == "2026-03-06T08:00:00Z"
    override = client.post(
        f"{one}/overrides",
        {
            "person": str(alice.unique_id),
            "starts_at": "2026-03-04T12:00:00Z",
            "ends_at": "2026-03-04T13:00:00Z",
        },
        content_type="application/json",
        headers=headers,
    )
    assert override.status_code == 201
    assert client.get(one, headers=headers).json()["on_call_now"]["name"] == "Alice"
    listed = client.get(f"{one}/overrides", headers=headers).json()["items"]
    assert client.delete(f"{one}/overrides/{listed[0]['unique_id']}", headers=headers).status_code == 204
    assert client.get(one, headers=headers).json()["on_call_now"]["name"] == "Bob"


def test_the_api_shows_outsiders_nothing_and_lets_viewers_change_nothing(
    client: Client, api_headers: Headers, charlie: Person, vera: Person, bob: Person, schedule: OnCallSchedule
):
    one = f"{API}/{schedule.unique_id}"
    outsider, viewer = api_headers(charlie), api_headers(vera)
    body = {
        "person": str(bob.unique_id),
        "starts_at": NOW.isoformat(),
        "ends_at": (NOW + timedelta(hours=1)).isoformat(),
    }
    assert client.get(API, headers=outsider).json()["items"] == []
    for path in (one, f"{one}/shifts", f"{one}/overrides"):
        assert client.get(path, headers=outsider).status_code == 404
        assert client.get(path, headers=viewer).status_code == 200
    for method, path, given in (
        ("patch", one, {"name": "x"}),
        ("delete", one, None),
        ("post", f"{one}/overrides", body),
    ):
        for headers, status in ((outsider, 404), (viewer, 403)):
            answer = getattr(client, method)(path, given, content_type="application/json", headers=headers)
            assert answer.status_code == status, (method, path)
