"""Teams, and what one may do in them."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.test import Client

from afterword.accounts.models import Membership, Person, Team, TeamRole
from afterword.accounts.reads import managed_teams, require_manager, visible_teams, writable_teams
from afterword.accounts.writes import add_member, create_team, deactivate_person, remove_member, rename_team
from afterword.audit.models import AuditEvent
from afterword.lib.errors import InvalidInput, NotAllowed, NotFound

SignIn = Callable[[Person], Client]


def test_each_person_sees_writes_and_manages_what_their_roles_say(
    alice: Person, bob: Person, charlie: Person, vera: Person, team: Team, other_team: Team
) -> None:
    def rights(person: Person) -> tuple[list[Team], list[Team], list[Team]]:
        return list(visible_teams(person)), list(writable_teams(person)), list(managed_teams(person))

    everything = [team, other_team]
    assert rights(alice) == (everything, everything, everything)
    assert rights(bob) == ([team], [team], [])
    assert rights(charlie) == ([other_team], [other_team], [other_team])
    assert rights(vera) == ([team], [], [])
    deactivate_person(actor=alice, person=bob)
    bob.refresh_from_db()
    assert rights(bob) == ([], [], [])


def test_a_member_does_not_manage_the_team_that_someone_else_manages(
    alice: Person, bob: Person, team: Team
) -> None:
    require_manager(alice, team)
    with pytest.raises(NotAllowed):
        require_manager(bob, team)
    add_member(actor=alice, team=team, person=bob, role=TeamRole.MANAGER)
    require_manager(bob, team)


def test_an_administrator_makes_a_team_and_manages_it(alice: Person, sign_in: SignIn) -> None:
    response = sign_in(alice).post("/settings/teams/new", {"name": "Data"})
    made = Team.objects.get(name="Data")
    assert response.headers["Location"] == f"/settings/teams/{made.unique_id}"
    assert Membership.objects.get(team=made).role == TeamRole.MANAGER


def test_two_teams_never_have_one_name(alice: Person, team: Team, other_team: Team, sign_in: SignIn) -> None:
    response = sign_in(alice).post("/settings/teams/new", {"name": " payMENTS "})
    assert (response.status_code, set(response.context["form"].errors)) == (400, {"name"})
    with pytest.raises(InvalidInput):
        rename_team(actor=alice, team=other_team, name="PAYMENTS")
    with pytest.raises(NotAllowed):
        create_team(actor=Person(is_active=True), name="Mine")


def test_a_team_lists_its_people(
    alice: Person, bob: Person, vera: Person, team: Team, sign_in: SignIn
) -> None:
    page = sign_in(bob).get(f"/settings/teams/{team.unique_id}")
    assert [membership.person for membership in page.context["page"]] == [alice, bob, vera]
    assert "Add someone" not in page.text
    assert "Add someone" in sign_in(alice).get(f"/settings/teams/{team.unique_id}").text
    assert "Payments" in sign_in(bob).get("/settings/teams").text


def test_an_outsider_finds_no_team(
    alice: Person, bob: Person, charlie: Person, team: Team, sign_in: SignIn
) -> None:
    membership = Membership.objects.get(person=bob)
    client = sign_in(charlie)
    answers = [
        client.get(f"/settings/teams/{team.unique_id}"),
        client.post(f"/settings/teams/{team.unique_id}", {"email": charlie.email, "role": "manager"}),
        client.post(f"/settings/teams/{team.unique_id}/name", {"name": "Mine"}),
        client.post(f"/settings/memberships/{membership.unique_id}", {"role": "manager"}),
        client.post(f"/settings/memberships/{membership.unique_id}/removal"),
    ]
    assert [answer.status_code for answer in answers] == [404] * 5
    assert not any(secret in answer.text for answer in answers for secret in ("Payments", bob.email))
    assert "Payments" not in client.get("/settings/teams").text
    assert Membership.objects.get(person=bob).role == TeamRole.MEMBER


def test_a_member_reads_but_does_not_manage(
    alice: Person, bob: Person, vera: Person, team: Team, sign_in: SignIn
) -> None:
    membership = Membership.objects.get(person=vera)
    for person in (bob, vera):
        client = sign_in(person)
        answers = [
            client.post(f"/settings/teams/{team.unique_id}", {"email": alice.email, "role": "member"}),
            client.post(f"/settings/teams/{team.unique_id}/name", {"name": "Mine"}),
            client.post(f"/settings/memberships/{membership.unique_id}", {"role": "manager"}),
            client.post(f"/settings/memberships/{membership.unique_id}/removal"),
        ]
        assert [answer.status_code for answer in answers] == [403] * 4
    assert Membership.objects.filter(team=team).count() == 3


def test_a_manager_adds_changes_and_removes_people(
    alice: Person, bob: Person, charlie: Person, other_team: Team, sign_in: SignIn
) -> None:
    client, page = sign_in(charlie), f"/settings/teams/{other_team.unique_id}"
    assert client.post(page, {"email": "BOB@example.com", "role": "member"}).headers["Location"] == page
    membership = Membership.objects.get(team=other_team, person=bob)
    client.post(f"/settings/memberships/{membership.unique_id}", {"role": "manager"})
    membership.refresh_from_db()
    assert membership.role == TeamRole.MANAGER
    assert client.post(f"{page}/name", {"name": "Search & Find"}).status_code == 302
    assert client.post(f"/settings/memberships/{membership.unique_id}/removal").headers["Location"] == page
    assert not Membership.objects.filter(pk=membership.pk).exists()
    actions = AuditEvent.objects.order_by("id").values_list("action", flat=True)
    assert list(actions) == [
        "membership.created",
        "membership.changed",
        "team.changed",
        "membership.removed",
    ]


def test_whoever_leaves_their_last_team_is_led_to_the_list(
    charlie: Person, other_team: Team, sign_in: SignIn
) -> None:
    membership = Membership.objects.get(person=charlie)
    client = sign_in(charlie)
    response = client.post(f"/settings/memberships/{membership.unique_id}/removal")
    assert response.headers["Location"] == "/settings/teams"
    assert "You are in no team yet" in client.get("/settings/teams").text


@pytest.mark.parametrize("email", ["nobody@example.com", "no address", "vera@example.com"])
def test_nobody_is_added_who_is_not_there_or_has_left(
    alice: Person, vera: Person, other_team: Team, sign_in: SignIn, email: str
) -> None:
    deactivate_person(actor=alice, person=vera)
    response = sign_in(alice).post(
        f"/settings/teams/{other_team.unique_id}", {"email": email, "role": "member"}
    )
    assert response.status_code == 400
    assert set(response.context["member_form"].errors) == {"email"}
    assert f'value="{email}"' in response.text


def test_adding_someone_again_records_nothing(alice: Person, bob: Person, team: Team) -> None:
    add_member(actor=alice, team=team, person=bob)
    assert not AuditEvent.objects.exists()


def test_a_membership_of_another_team_is_not_removed(charlie: Person, bob: Person) -> None:
    with pytest.raises(NotFound):
        remove_member(actor=charlie, membership=Membership.objects.get(person=bob))
