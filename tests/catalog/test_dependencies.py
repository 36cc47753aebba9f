"""Services depend on services: named by who manages the one, shown to who sees both."""

from __future__ import annotations

import uuid
from collections.abc import Callable, Iterable
from typing import Any

import pytest
from django.db import IntegrityError, connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext

from afterword.accounts.models import Membership, Person, Team, TeamRole
from afterword.audit.models import AuditEvent
from afterword.catalog.models import DEPENDENCIES_MAX, Service, ServiceDependency
from afterword.catalog.reads import upstream_of, visible_services
from afterword.catalog.reads.dependencies import UPSTREAM_SERVICES_MAX
from afterword.catalog.writes import change_service, delete_service
from afterword.lib.errors import InvalidInput, NotAllowed

SignIn = Callable[[Person], Client]
Headers = Callable[..., dict[str, str]]
Call = Callable[..., Any]


@pytest.fixture
def index(other_team: Team) -> Service:
    return Service.objects.create(team=other_team, name="Index")


@pytest.fixture
def ledger(team: Team) -> Service:
    return Service.objects.create(team=team, name="Ledger")


@pytest.fixture
def call(client: Client, api_headers: Headers) -> Call:
    def send(actor: Person, method: str, path: str, body: Any = None) -> Any:
        return getattr(client, method)(
            f"/api/v1{path}", body, content_type="application/json", headers=api_headers(actor)
        )

    return send


def depend(service: Service, *others: Service) -> None:
    ServiceDependency.objects.bulk_create(
        ServiceDependency(service=service, depends_on=one) for one in others
    )


def needed_by(service: Service) -> list[str]:
    rows = ServiceDependency.objects.filter(service=service).order_by("depends_on__name")
    return list(rows.values_list("depends_on__name", flat=True))


def names(services: Iterable[dict[str, str]]) -> list[str]:
    return [one["name"] for one in services]


def test_a_manager_ticks_what_a_service_depends_on_and_both_pages_say_so(
    alice: Person, service: Service, index: Service, sign_in: SignIn
) -> None:
    browser, page = sign_in(alice), f"/settings/services/{service.unique_id}"
    assert "Once the services that it calls or needs are named" in browser.get(page).text
    assert "Index (Search)" in browser.get(f"{page}/edit").text
    typed = {"name": "Checkout", "depends_on": [str(index.unique_id)]}
    assert browser.post(f"{page}/edit", typed).status_code == 302
    assert needed_by(service) == ["Index"]
    event = AuditEvent.objects.get(action="service.changed")
    assert event.data == {"changed": ["depends_on"], "depends_on": {"before": [], "after": ["Index"]}}
    shown = browser.get(page).text
    assert f'href="/settings/services/{index.unique_id}">Index</a>' in shown
    assert "Services that name this one" in shown, "nothing needs it"
    assert ">Checkout</a>" in browser.get(f"/settings/services/{index.unique_id}").text
    assert browser.post(f"{page}/edit", typed).status_code == 302
    assert AuditEvent.objects.filter(action="service.changed").count() == 1, "the same changes nothing"


def test_what_somebody_does_not_see_is_not_named_nor_lost_by_them(
    bob: Person, alice: Person, service: Service, index: Service, ledger: Service, sign_in: SignIn, call: Call
) -> None:
    Membership.objects.filter(person=bob).update(role=TeamRole.MANAGER)
    depend(service, index)
    depend(index, service)
    page = f"/settings/services/{service.unique_id}"
    assert "Index" not in sign_in(bob).get(page).text
    form = sign_in(bob).get(f"{page}/edit").text
    assert "Index" not in form
    assert "Ledger" in form
    told = call(bob, "get", f"/services/{service.unique_id}").json()
    assert (told["depends_on"], told["needed_by"]) == ([], [])
    assert sign_in(bob).post(f"{page}/edit", {"name": "Pay"}).status_code == 302
    assert needed_by(service) == ["Index"]
    answer = call(
        bob, "patch", f"/services/{service.unique_id}", {"depends_on": [str(ledger.unique_id)]}
    ).json()
    assert names(answer["depends_on"]) == ["Ledger"]
    assert AuditEvent.objects.latest("pk").data["depends_on"] == {"before": [], "after": ["Ledger"]}
    assert needed_by(service) == ["Index", "Ledger"]
    told = call(alice, "get", f"/services/{service.unique_id}").json()
    assert (names(told["depends_on"]), names(told["needed_by"])) == (["Index", "Ledger"], ["Index"])


@pytest.mark.once
def test_one_that_is_not_seen_is_refused_in_the_words_for_one_that_is_not_there(
    bob: Person, service: Service, index: Service, sign_in: SignIn, call: Call
) -> None:
    Membership.objects.filter(person=bob).update(role=TeamRole.MANAGER)
    path = f"/services/{service.unique_id}"
    for key in (index.unique_id, uuid.uuid4()):
        answer = call(bob, "patch", path, {"depends_on": [str(key)]})
        assert answer.status_code == 400
        assert answer.json()["fields"] == {"depends_on": f"You see no service with the id {key}."}
    page = sign_in(bob).post(
        f"/settings/services/{service.unique_id}/edit",
        {"name": "Checkout", "summary": "Typed", "depends_on": [str(index.unique_id)]},
    )
    assert (page.status_code, set(page.context["form"].errors)) == (400, {"depends_on"})
    assert "Typed" in page.text
    with pytest.raises(InvalidInput):
        change_service(actor=bob, service=service, depends_on=[index])
    assert needed_by(service) == []


@pytest.mark.once
def test_only_who_may_edit_a_service_says_what_it_depends_on(
    bob: Person, charlie: Person, service: Service, ledger: Service, index: Service, call: Call
) -> None:
    body = {"depends_on": [str(ledger.unique_id)]}
    assert call(bob, "patch", f"/services/{service.unique_id}", body).status_code == 403
    body = {"depends_on": [str(index.unique_id)]}
    assert call(charlie, "patch", f"/services/{service.unique_id}", body).status_code == 404
    with pytest.raises(NotAllowed):
        change_service(actor=bob, service=service, depends_on=[ledger])
    assert not ServiceDependency.objects.exists()


def test_a_program_makes_a_service_with_what_it_depends_on_and_replaces_it(
    alice: Person, team: Team, index: Service, ledger: Service, call: Call
) -> None:
    keys = [str(index.unique_id), str(index.unique_id)]
    body = {"team": str(team.unique_id), "name": "Basket", "depends_on": keys}
    made = call(alice, "post", "/services", body).json()
    assert names(made["depends_on"]) == ["Index"]
    path = f"/services/{made['unique_id']}"
    replaced = call(alice, "patch", path, {"depends_on": [str(ledger.unique_id)]}).json()
    assert names(replaced["depends_on"]) == ["Ledger"]
    assert names(call(alice, "patch", path, {"summary": "Holds."}).json()["depends_on"]) == ["Ledger"]
    assert call(alice, "patch", path, {"depends_on": []}).json()["depends_on"] == []
    refused = call(alice, "patch", path, {"depends_on": [made["unique_id"]]})
    assert refused.json()["fields"] == {"depends_on": "A service does not depend on itself."}


@pytest.mark.once
def test_there_is_an_end_to_how_many_a_service_depends_on(
    alice: Person, service: Service, team: Team, sign_in: SignIn, call: Call
) -> None:
    many = Service.objects.bulk_create(
        Service(team=team, name=f"Service {number:02}") for number in range(DEPENDENCIES_MAX + 1)
    )
    keys = [str(one.unique_id) for one in many]
    path = f"/services/{service.unique_id}"
    assert call(alice, "patch", path, {"depends_on": keys[1:]}).status_code == 200
    refused = call(alice, "patch", path, {"depends_on": keys})
    assert refused.json()["fields"] == {"depends_on": "Please name at most 50 services."}
    page = sign_in(alice).post(f"/settings{path}/edit", {"name": "Checkout", "depends_on": keys})
    assert page.status_code == 400
    assert "Please name at most 50 services." in page.text
    assert page.context["form"]["depends_on"].value() == keys, "what was ticked stays"
    assert 'data-island="narrow"' in page.text, "so many can be searched"


def test_lists_ask_no_more_for_many_dependencies(
    alice: Person, service: Service, index: Service, ledger: Service, call: Call
) -> None:
    def count() -> int:
        with CaptureQueriesContext(connection) as queries:
            assert call(alice, "get", "/services").status_code == 200
        return len(queries)

    count()
    few = count()
    depend(service, index, ledger)
    depend(ledger, index, service)
    depend(index, service)
    assert count() == few


def test_a_walk_upstream_meets_each_once_and_passes_only_what_is_seen(
    alice: Person, bob: Person, service: Service, team: Team, index: Service
) -> None:
    basket, ledger, disk, power = (
        Service.objects.create(team=team, name=name) for name in ("Basket", "Ledger", "Disk", "Power")
    )
    depend(service, basket, index)
    depend(basket, ledger, service)
    depend(index, disk)
    depend(ledger, disk, service)
    depend(disk, power)

    def walked(actor: Person) -> dict[str, tuple[str, ...]]:
        return {one.name: one.path for one in upstream_of(visible_services(actor), [service.pk]).values()}

    assert walked(alice) == {
        "Basket": ("Checkout",),
        "Index": ("Checkout",),
        "Disk": ("Checkout", "Index"),
        "Ledger": ("Checkout", "Basket"),
        "Power": ("Checkout", "Index", "Disk"),
    }
    assert walked(bob) == {
        "Basket": ("Checkout",),
        "Ledger": ("Checkout", "Basket"),
        "Disk": ("Checkout", "Basket", "Ledger"),
    }, "through Index it would be nearer, and Power be one step less far"
    with CaptureQueriesContext(connection) as queries:
        upstream_of(visible_services(alice), [service.pk])
    assert len(queries) == 3


def test_a_walk_has_an_end(alice: Person, service: Service, team: Team) -> None:
    many = Service.objects.bulk_create(
        Service(team=team, name=f"Service {number:03}") for number in range(UPSTREAM_SERVICES_MAX + 20)
    )
    depend(service, *many)
    depend(many[0], service)
    found = upstream_of(visible_services(alice), [service.pk])
    assert len(found) == UPSTREAM_SERVICES_MAX
    assert found[many[0].pk].described == "Checkout depends on it"
    assert many[-1].pk not in found


def test_a_service_goes_with_its_dependencies_whoever_needs_it(
    alice: Person, charlie: Person, service: Service, index: Service
) -> None:
    depend(service, index)
    delete_service(actor=charlie, service=index)
    assert not ServiceDependency.objects.exists()


def test_the_database_takes_no_service_that_depends_on_itself(service: Service) -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        ServiceDependency.objects.create(service=service, depends_on=service)
