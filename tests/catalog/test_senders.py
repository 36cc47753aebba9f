"""What an integration is for, and what its page gives to copy: by its kind."""

from __future__ import annotations

import json
import subprocess
from collections.abc import Callable
from html import unescape
from typing import Any

import pytest
from django.test import Client

from afterword.accounts.models import Person
from afterword.audit.models import AuditEvent
from afterword.catalog.models import Integration, IntegrationKind, Service
from afterword.catalog.reads import describe_way_in
from afterword.catalog.senders import LINES
from afterword.catalog.writes import create_integration, rotate_secret
from afterword.ingest.doors import door_of
from afterword.ingest.formats import FORMATS
from afterword.lib.errors import InvalidInput, NotAllowed, NotFound
from tests.ingest.signals import request_of

SignIn = Callable[[Person], Client]
Headers = Callable[..., dict[str, str]]
HOST = "http://127.0.0.1:8000"
WITH_SHELL_LINES = ["generic", "pagerduty", "opsgenie", "incident-io", "changes"]


def make(service: Service, kind: str, **fields: Any) -> Integration:
    return Integration.objects.create(service=service, name=f"One of {kind}", kind=kind, **fields)


def page_of(client: Client, integration: Integration) -> str:
    return unescape(client.get(f"/settings/integrations/{integration.unique_id}").text)


@pytest.mark.pure
def test_every_kind_has_its_line_and_its_format() -> None:
    assert set(LINES) == set(IntegrationKind) == {IntegrationKind(kind) for kind in FORMATS}


def test_the_kind_is_chosen_when_an_integration_is_made(
    alice: Person, service: Service, sign_in: SignIn
) -> None:
    client = sign_in(alice)
    address = f"/settings/services/{service.unique_id}"
    page = unescape(client.get(address).text)
    for line in LINES.values():
        assert line in page
    client.post(address, {"name": "Alerts", "kind": "alertmanager"})
    assert Integration.objects.get().kind == "alertmanager"
    refused = client.post(address, {"name": "Others", "kind": "pigeons"})
    assert refused.status_code == 400
    assert "pigeons" in unescape(refused.text)


@pytest.mark.once
@pytest.mark.parametrize(
    ("kind", "shown"),
    [
        ("generic", ["/integration/acme-0a1b2c/generic/{key}/"]),
        (
            "alertmanager",
            ["- url: {host}/integration/acme-0a1b2c/alertmanager/{key}/", "send_resolved: true"],
        ),
        ("grafana", ["url: {host}/integration/acme-0a1b2c/grafana/{key}/", "type: webhook"]),
        ("pagerduty", ["{hex}", "{host}/v2/enqueue"]),
        ("opsgenie", ["Authorization: GenieKey {key}", "{host}/v2/alerts"]),
        ("incident-io", ["{host}/v2/alert_events/http/{unique_id}", "{key}"]),
        ("email", ["afterword receive-email --key {key}"]),
        ("changes", ["{host}/integration/acme-0a1b2c/changes/{key}/"]),
        ("github", ["{host}/integration/acme-0a1b2c/github/{key}/", "application/json", "a-secret"]),
    ],
)
def test_the_page_has_what_its_sender_needs_for_those_who_may_write(
    kind: str, shown: list[str], bob: Person, vera: Person, service: Service, sign_in: SignIn
) -> None:
    integration = make(service, kind, secret="a-secret")
    names = {
        "key": integration.key,
        "hex": integration.key.hex,
        "unique_id": integration.unique_id,
        "host": HOST,
    }
    page = page_of(sign_in(bob), integration)
    for text in shown:
        assert text.format(**names) in page
    page = page_of(sign_in(vera), integration)
    assert str(integration.key) not in page
    assert integration.key.hex not in page
    assert "a-secret" not in page


def test_the_address_for_mails_is_shown_where_mails_are_taken(
    bob: Person, service: Service, sign_in: SignIn, settings: Any
) -> None:
    integration = make(service, "email")
    address = f"{integration.key.hex}@127.0.0.1"
    page = page_of(sign_in(bob), integration)
    assert address not in page
    assert "AFTERWORD_SMTP_BIND is not set" in page
    settings.ENV = settings.ENV.model_copy(update={"smtp_bind": "127.0.0.1:2525"})
    page = page_of(sign_in(bob), integration)
    assert address in page
    assert "AFTERWORD_SMTP_BIND is not set" not in page


@pytest.mark.parametrize("kind", WITH_SHELL_LINES)
def test_the_line_for_a_shell_is_what_its_format_takes(kind: str, alice: Person, service: Service) -> None:
    service.name = 'It\'s "here"; rm -rf ~ $(id) `id`'
    service.save()
    integration = make(service, kind)
    way_in = describe_way_in(alice, integration)
    assert way_in is not None
    line = next(text.text for text in way_in.texts if text.label == "Try it in a shell")
    shell = ["sh", "-c", 'curl() { printf "%s\\0" "$@"; }\n' + line]
    words = subprocess.run(shell, check=True, capture_output=True, text=True).stdout.split("\0")[:-1]
    assert words[:2] == ["-X", "POST"]
    path, body = words[2].removeprefix(HOST), words[-1].encode()
    given = [words[place + 1].split(": ", 1) for place, word in enumerate(words) if word == "-H"]
    headers = dict(given)
    request = request_of(body, integration, path=path, headers=headers)
    assert len(FORMATS[kind].check(request)) == 1
    assert service.name in _texts(json.loads(body))
    door = door_of(path)
    if door is not None:
        found = door.find_key(path, b"", request.headers, body)
        assert found is not None
        assert found[0] == kind
        assert found[1].replace("-", "") == integration.key.hex


def _texts(value: Any) -> str:
    if isinstance(value, dict):
        return "\n".join(_texts(item) for item in value.values())
    return str(value)


def test_a_secret_is_made_with_the_integration_where_its_sender_signs(
    alice: Person, service: Service
) -> None:
    signed = create_integration(actor=alice, service=service, name="GitHub", kind=IntegrationKind.GITHUB)
    assert len(signed.secret) >= 40
    unsigned = create_integration(actor=alice, service=service, name="Generic")
    assert unsigned.secret == ""


def test_a_secret_is_rotated_and_stands_in_no_record(
    alice: Person, service: Service, sign_in: SignIn
) -> None:
    integration = make(service, "github", secret="before")
    response = sign_in(alice).post(f"/settings/integrations/{integration.unique_id}/secret", follow=True)
    integration.refresh_from_db()
    assert integration.secret not in ("", "before")
    assert integration.secret in unescape(response.text)
    event = AuditEvent.objects.get(action="integration.secret_rotated")
    assert integration.secret not in str(event.data)


def test_only_managers_rotate_a_secret_and_only_where_there_is_one(
    alice: Person, bob: Person, charlie: Person, service: Service
) -> None:
    integration = make(service, "github")
    with pytest.raises(NotAllowed):
        rotate_secret(actor=bob, integration=integration)
    with pytest.raises(NotFound):
        rotate_secret(actor=charlie, integration=integration)
    with pytest.raises(InvalidInput):
        rotate_secret(actor=alice, integration=make(service, "generic"))


def test_the_api_tells_a_secret_when_it_is_made_and_never_again(
    client: Client, alice: Person, service: Service, api_headers: Headers
) -> None:
    headers = api_headers(alice)

    def send(method: str, path: str, body: dict[str, Any] | None = None) -> Any:
        call = getattr(client, method)
        return call(f"/api/v1{path}", body, content_type="application/json", headers=headers).json()

    path = f"/services/{service.unique_id}/integrations"
    made = send("post", path, {"name": "GitHub", "kind": "github"})
    assert made["secret"] == Integration.objects.get().secret
    assert send("post", path, {"name": "Generic"})["secret"] is None
    rotated = send("post", f"/integrations/{made['unique_id']}/secret")
    assert rotated["secret"] not in (None, made["secret"])
    assert "secret" not in client.get(f"/api/v1/integrations/{made['unique_id']}", headers=headers).json()
    assert rotated["secret"] not in client.get(f"/api/v1{path}", headers=headers).text
