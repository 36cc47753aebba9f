"""One's own settings: profile, API keys and the way to everything else."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime

import pytest
from django.test import Client

from afterword.accounts.models import ApiKey, KeyScope, Person, Team
from afterword.accounts.reads import find_caller
from afterword.accounts.writes import (
    API_KEYS_PER_PERSON_MAX,
    create_api_key,
    deactivate_person,
    revoke_api_key,
)
from afterword.audit.models import AuditEvent
from afterword.lib.errors import InvalidInput, NotAllowed
from afterword.lib.ids import hash_token

SignIn = Callable[[Person], Client]


def test_times_are_shown_in_the_zone_of_the_profile(bob: Person, team: Team, sign_in: SignIn) -> None:
    Team.objects.filter(pk=team.pk).update(created_at=datetime(2026, 3, 2, 23, 30, tzinfo=UTC))
    client = sign_in(bob)
    assert "2 Mar 2026" in client.get("/settings/teams").text
    assert client.post("/profile", {"name": "Bob B.", "time_zone": "Asia/Tokyo"}).status_code == 302
    assert "Your profile was saved." in client.get("/profile").text
    assert "3 Mar 2026" in client.get("/settings/teams").text
    bob.refresh_from_db()
    assert bob.name == "Bob B."


def test_a_zone_under_an_old_name_is_kept(bob: Person, sign_in: SignIn) -> None:
    Person.objects.filter(pk=bob.pk).update(time_zone="US/Eastern")
    client = sign_in(bob)
    assert '<option value="US/Eastern" selected>' in client.get("/profile").text
    assert client.post("/profile", {"name": "Bob", "time_zone": "US/Eastern"}).status_code == 302
    assert client.post("/profile", {"name": "Bob", "time_zone": "US/Central"}).status_code == 400


def test_what_was_typed_is_kept_when_it_is_refused(bob: Person, sign_in: SignIn) -> None:
    response = sign_in(bob).post("/profile", {"name": "\u202e", "time_zone": "Europe/Oslo"})
    assert (response.status_code, set(response.context["form"].errors)) == (400, {"name"})
    assert '<option value="Europe/Oslo" selected>' in response.text


@pytest.mark.once
def test_the_settings_show_only_what_one_may_open(alice: Person, bob: Person, sign_in: SignIn) -> None:
    def shown(person: Person) -> set[str]:
        return {card.url for _, cards in sign_in(person).get("/settings").context["groups"] for card in cards}

    organisation = {"/settings/organisation", "/settings/people", "/settings/audit"}
    assert organisation <= shown(alice)
    assert {"/profile", "/settings/api-keys", "/settings/teams", "/settings/services"} <= shown(bob)
    assert not organisation & shown(bob)
    for url in shown(bob):
        assert sign_in(bob).get(url).status_code == 200


def test_a_key_is_shown_once_and_kept_as_a_hash(bob: Person, sign_in: SignIn) -> None:
    client = sign_in(bob)
    made = client.post("/settings/api-keys", {"name": "Nightly report", "scope": "read"})
    token = made.context["made"].token
    assert made.status_code == 200
    assert token in made.text
    assert "no-store" in made.headers["Cache-Control"]
    listed = client.get("/settings/api-keys")
    assert "Nightly report" in listed.text
    assert token[:8] in listed.text
    assert token not in listed.text
    key = ApiKey.objects.get()
    assert key.secret_hash == hash_token(token)
    assert token not in str(AuditEvent.objects.values())


def test_a_revoked_key_is_refused_and_stays_in_the_list(bob: Person, sign_in: SignIn) -> None:
    made = create_api_key(actor=bob, name="CI", scope=KeyScope.WRITE)
    assert find_caller(made.token) is not None
    client = sign_in(bob)
    client.post(f"/settings/api-keys/{made.key.pk}/revocation")
    assert find_caller(made.token) is None
    assert "Revoked" in client.get("/settings/api-keys").text
    revoke_api_key(actor=bob, key=ApiKey.objects.get())
    assert AuditEvent.objects.filter(action="api_key.revoked").count() == 1


def test_nobody_revokes_the_key_of_someone_else(
    alice: Person, bob: Person, vera: Person, sign_in: SignIn
) -> None:
    made = create_api_key(actor=bob, name="Deploys by night", scope=KeyScope.READ)
    assert sign_in(vera).post(f"/settings/api-keys/{made.key.pk}/revocation").status_code == 404
    assert "Deploys by night" not in sign_in(vera).get("/settings/api-keys").text
    with pytest.raises(NotAllowed):
        revoke_api_key(actor=vera, key=made.key)
    assert find_caller(made.token) is not None
    revoke_api_key(actor=alice, key=made.key)
    assert find_caller(made.token) is None


def test_the_keys_of_someone_who_is_deactivated_are_refused(alice: Person, bob: Person) -> None:
    made = create_api_key(actor=bob, name="CI", scope=KeyScope.READ)
    deactivate_person(actor=alice, person=bob)
    assert find_caller(made.token) is None


def test_a_person_has_so_many_keys_and_no_more(bob: Person) -> None:
    keys = [
        create_api_key(actor=bob, name=str(n), scope=KeyScope.READ) for n in range(API_KEYS_PER_PERSON_MAX)
    ]
    with pytest.raises(InvalidInput):
        create_api_key(actor=bob, name="one more", scope=KeyScope.READ)
    revoke_api_key(actor=bob, key=keys[0].key)
    create_api_key(actor=bob, name="one more", scope=KeyScope.READ)


@pytest.mark.parametrize(
    "data", [{"name": "", "scope": "read"}, {"name": "CI", "scope": "all"}, {"name": "CI"}]
)
def test_a_key_without_name_or_scope_is_not_made(bob: Person, sign_in: SignIn, data: dict[str, str]) -> None:
    assert sign_in(bob).post("/settings/api-keys", data).status_code == 400
    assert not ApiKey.objects.exists()
