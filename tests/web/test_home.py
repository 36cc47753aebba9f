"""My work: what the first page shows, and to whom."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from afterword.accounts.models import Organisation, OrganisationRole, Person, Team
from afterword.catalog.models import Integration, Service
from afterword.followups.writes import create_follow_up
from afterword.incidents.models import Incident
from afterword.postmortems.models import Postmortem, PostmortemIncident

SignIn = Callable[[Person], Client]


def read(client: Client) -> str:
    answer = client.get("/")
    assert answer.status_code == 200
    return answer.content.decode().split("<main", 1)[1]


def test_it_shows_what_is_open_and_what_is_untold(
    sign_in: SignIn, bob: Person, make_incident: Callable[..., Incident]
) -> None:
    make_incident(title="Going on")
    make_incident(title="Over, untold", resolved_after=timedelta(minutes=5))
    told = make_incident(title="Over, told", resolved_after=timedelta(minutes=5))
    postmortem = Postmortem.objects.create(
        number=1, team=told.service.team, title="What we learned", author=bob, template_name="Standard"
    )
    PostmortemIncident.objects.create(postmortem=postmortem, incident=told)
    page = read(sign_in(bob))
    assert "Going on" in page
    assert "Over, untold" in page
    assert "Over, told" not in page


def test_it_shows_my_follow_ups_and_not_those_of_others(
    sign_in: SignIn, alice: Person, bob: Person, incident: Incident
) -> None:
    create_follow_up(actor=alice, incident=incident, title="For Bob", owner=bob)
    create_follow_up(actor=alice, incident=incident, title="For Alice", owner=alice)
    page = read(sign_in(bob))
    assert "For Bob" in page
    assert "For Alice" not in page


def test_an_outsider_sees_nothing_of_it(
    sign_in: SignIn, alice: Person, bob: Person, charlie: Person, incident: Incident
) -> None:
    create_follow_up(actor=alice, incident=incident, title="For Bob", owner=bob)
    page = read(sign_in(charlie))
    for secret in (incident.title, "For Bob", "Checkout", "Payments"):
        assert secret not in page


def test_a_new_owner_is_led_from_a_team_to_the_first_alert(
    sign_in: SignIn, organisation: Organisation
) -> None:
    owner = Person.objects.create(name="Olga", email="olga@example.com", role=OrganisationRole.OWNER)
    browser = sign_in(owner)
    assert 'href="/settings/teams/new"' in read(browser)
    team = Team.objects.create(name="Payments")
    assert 'href="/settings/services/new"' in read(browser)
    service = Service.objects.create(team=team, name="Checkout")
    assert f'href="/settings/services/{service.unique_id}"' in read(browser)
    integration = Integration.objects.create(service=service, name="Bridge")
    assert f'href="/settings/integrations/{integration.unique_id}"' in read(browser)


def test_a_member_is_told_who_does_the_first_steps(sign_in: SignIn, bob: Person) -> None:
    page = read(sign_in(bob))
    assert "A manager of your team or an administrator can do this." in page
    assert "/settings/services/new" not in page


def test_a_person_without_a_team_is_told_whom_to_ask(sign_in: SignIn, organisation: Organisation) -> None:
    alone = Person.objects.create(name="Nina", email="nina@example.com")
    assert "You are in no team yet" in read(sign_in(alone))


@pytest.mark.once
def test_the_number_of_queries_does_not_grow_with_the_rows(
    sign_in: SignIn, bob: Person, make_incident: Callable[..., Incident]
) -> None:
    browser = sign_in(bob)

    def add() -> None:
        make_incident()
        over = make_incident(resolved_after=timedelta(minutes=5))
        create_follow_up(actor=bob, incident=over, title="Do it", owner=bob)

    def count() -> int:
        with CaptureQueriesContext(connection) as queries:
            read(browser)
        return len(queries)

    add()
    count()
    with_one = count()
    for _ in range(15):
        add()
    assert count() == with_one
