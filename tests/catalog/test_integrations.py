"""Integrations: the ways in for alerts."""

from __future__ import annotations

import json
import subprocess
from collections.abc import Callable
from html import unescape

import pytest
from django.conf import settings
from django.test import Client

from afterword.accounts.models import Person
from afterword.audit.models import AuditEvent
from afterword.catalog.models import Integration, Service
from afterword.catalog.reads import describe_curl, find_webhook_url
from afterword.catalog.writes import (
    INTEGRATIONS_PER_SERVICE_MAX,
    change_integration,
    create_integration,
    rotate_key,
)
from afterword.incidents.models import Incident
from afterword.ingest.reads import read_key_table
from afterword.lib.errors import InvalidInput, NotAllowed, NotFound

SignIn = Callable[[Person], Client]


def _page(integration: Integration) -> str:
    return f"/settings/integrations/{integration.unique_id}"


def test_a_manager_makes_an_integration_and_sees_its_address(
    alice: Person, service: Service, sign_in: SignIn
) -> None:
    client = sign_in(alice)
    response = client.post(f"/settings/services/{service.unique_id}", {"name": "Grafana"})
    made = Integration.objects.get()
    assert response.headers["Location"] == _page(made)
    page = client.get(_page(made))
    assert f"http://127.0.0.1:8000/integration/acme-0a1b2c/generic/{made.key}/" in page.text
    assert "no-store" in page.headers["Cache-Control"]
    assert AuditEvent.objects.get().action == "integration.created"


@pytest.mark.parametrize("name", ["Checkout", 'It\'s "here"; rm -rf ~ $(id) `id`'])
def test_the_line_to_copy_is_a_command_with_real_json(alice: Person, service: Service, name: str) -> None:
    service.name = name
    line = describe_curl("http://127.0.0.1:8000/integration/acme/generic/key/", service)
    shell = ["sh", "-c", 'curl() { printf "%s\\0" "$@"; }\n' + line]
    words = subprocess.run(shell, check=True, capture_output=True, text=True).stdout.split("\0")
    assert words[:3] == ["-X", "POST", "http://127.0.0.1:8000/integration/acme/generic/key/"]
    assert words[3:6] == ["-H", "Content-Type: application/json", "-d"]
    assert json.loads(words[6])["message"] == f"A first alert for {name}"


def test_the_address_is_shown_to_those_who_may_write(
    alice: Person, bob: Person, vera: Person, integration: Integration, sign_in: SignIn
) -> None:
    for person, shown in ((alice, True), (bob, True), (vera, False)):
        page = sign_in(person).get(_page(integration))
        assert page.status_code == 200
        assert (str(integration.key) in unescape(page.text)) is shown
        assert (find_webhook_url(person, integration) is not None) is shown


def test_a_rotated_key_is_another_and_stands_in_no_record(
    alice: Person, integration: Integration, sign_in: SignIn
) -> None:
    before = integration.key
    response = sign_in(alice).post(f"{_page(integration)}/key", follow=True)
    integration.refresh_from_db()
    assert integration.key != before
    assert str(integration.key) in response.text
    assert str(before) not in response.text
    event = AuditEvent.objects.get(action="integration.key_rotated")
    assert str(integration.key) not in str(event.data)


def test_an_integration_is_switched_off_and_on(
    alice: Person, integration: Integration, sign_in: SignIn
) -> None:
    client = sign_in(alice)
    off = client.post(f"{_page(integration)}/state", {"enabled": "no"}, follow=True)
    assert "Alerts sent here are refused" in off.text
    integration.refresh_from_db()
    assert not integration.is_enabled
    client.post(f"{_page(integration)}/state", {"enabled": "yes"})
    client.post(f"{_page(integration)}/state", {"enabled": "yes"})
    integration.refresh_from_db()
    assert integration.is_enabled
    assert AuditEvent.objects.filter(action="integration.changed").count() == 2


def test_an_integration_is_renamed_within_its_service(
    alice: Person, service: Service, integration: Integration, sign_in: SignIn
) -> None:
    create_integration(actor=alice, service=service, name="Grafana")
    client = sign_in(alice)
    assert client.post(_page(integration), {"name": "Alertmanager"}).status_code == 302
    refused = client.post(_page(integration), {"name": "grafana"})
    assert (refused.status_code, set(refused.context["form"].errors)) == (400, {"name"})
    assert "<h1>Alertmanager</h1>" in refused.text


def test_an_integration_is_given_a_limit_of_its_own(
    client: Client,
    alice: Person,
    integration: Integration,
    sign_in: SignIn,
    api_headers: Callable[..., dict[str, str]],
) -> None:
    browser, headers = sign_in(alice), api_headers(alice)
    address = f"/api/v1/integrations/{integration.unique_id}"

    def limit() -> int | None:
        (known,) = set(read_key_table().values())
        return known.per_minute_max

    def change(body: dict[str, object]) -> int:
        return client.patch(address, body, "application/json", headers=headers).status_code

    filled = {"name": integration.name, "signals_per_minute_max": "60"}
    assert browser.post(_page(integration), filled).status_code == 302
    assert limit() == client.get(address, headers=headers).json()["signals_per_minute_max"] == 60
    assert browser.post(_page(integration), {**filled, "signals_per_minute_max": "-1"}).status_code == 400
    assert (change({"signals_per_minute_max": -1}), limit()) == (400, 60)
    assert (change({"name": "Another"}), limit()) == (200, 60)
    assert (change({"signals_per_minute_max": None}), limit()) == (200, settings.ENV.signals_per_minute_max)


def test_an_outsider_finds_no_integration(charlie: Person, integration: Integration, sign_in: SignIn) -> None:
    client, page = sign_in(charlie), _page(integration)
    answers = [
        client.get(page),
        client.post(page, {"name": "Mine"}),
        client.post(f"{page}/state", {"enabled": "no"}),
        client.post(f"{page}/key"),
    ]
    assert [answer.status_code for answer in answers] == [404] * 4
    assert not any(
        secret in answer.text for answer in answers for secret in ("Prometheus", str(integration.key))
    )
    with pytest.raises(NotFound):
        rotate_key(actor=charlie, integration=integration)


def test_a_member_does_not_change_an_integration(
    alice: Person, bob: Person, vera: Person, integration: Integration, sign_in: SignIn
) -> None:
    page, before = _page(integration), integration.key
    for person in (bob, vera):
        client = sign_in(person)
        answers = [
            client.post(page, {"name": "Mine"}),
            client.post(f"{page}/state", {"enabled": "no"}),
            client.post(f"{page}/key"),
        ]
        assert [answer.status_code for answer in answers] == [403] * 3
        with pytest.raises(NotAllowed):
            change_integration(actor=person, integration=integration, is_enabled=False)
    integration.refresh_from_db()
    assert (integration.name, integration.is_enabled, integration.key) == ("Prometheus bridge", True, before)
    assert rotate_key(actor=alice, integration=integration).key != before


def test_a_service_has_so_many_integrations_and_no_more(alice: Person, service: Service) -> None:
    Integration.objects.bulk_create(
        [Integration(service=service, name=str(number)) for number in range(INTEGRATIONS_PER_SERVICE_MAX)]
    )
    with pytest.raises(InvalidInput):
        create_integration(actor=alice, service=service, name="one more")


def test_an_integration_is_deleted_while_nothing_has_come_in_by_it(
    alice: Person, bob: Person, charlie: Person, incident: Incident, integration: Integration, sign_in: SignIn
) -> None:
    page = _page(integration)
    Incident.objects.update(integration=integration)
    assert "1 incident came in by it, so it cannot be deleted" in sign_in(alice).get(page).text
    assert "switch it off" in sign_in(alice).post(f"{page}/deletion", follow=True).text.lower()
    Incident.objects.update(integration=None)
    assert sign_in(bob).post(f"{page}/deletion").status_code == 403
    assert sign_in(charlie).post(f"{page}/deletion").status_code == 404
    assert "Delete the integration" in sign_in(alice).get(page).text
    gone = sign_in(alice).post(f"{page}/deletion")
    assert gone.headers["Location"] == f"/settings/services/{integration.service.unique_id}"
    assert not Integration.objects.exists()
