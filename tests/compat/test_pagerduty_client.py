"""PagerDuty's own client (pdpyras) sends to Afterword, with nothing changed but the host."""

from __future__ import annotations

import pytest
import requests

from tests.compat.clients import run_client
from tests.ingest.installs import Install

pytestmark = [pytest.mark.server, pytest.mark.once]
EVENTS = """
import pdpyras
session = pdpyras.EventsAPISession(settings["key"])
session.url = settings["url"]
given = session.trigger(
    "Checkout answers slowly", "checkout-2", dedup_key="checkout", severity="warning",
    custom_details={"p99": 4.2}, links=[{"href": "https://wiki.example.com/p99", "text": "What to do"}],
    images=[{"src": "https://charts.example.com/p99.png"}],
)
told = [given, session.acknowledge("checkout"), session.trigger("Nothing that is known", "x")]
if settings["resolves"]:
    told.append(session.resolve("checkout"))
print(json.dumps(told))
"""
CHANGES = """
import pdpyras
session = pdpyras.ChangeEventsAPISession(settings["key"])
session.url = settings["url"]
session.submit(
    "Deploy checkout 81", source="ci", custom_details={"version": "81", "environment": "production"},
    links=[{"href": "https://ci.example.com/81"}], timestamp="2026-03-02T14:01:00Z",
)
print("null")
"""
REFUSED = """
import pdpyras
session = pdpyras.EventsAPISession(settings["key"])
session.url = settings["url"]
try:
    session.trigger("Checkout answers slowly", "checkout-2", severity=settings["severity"])
except pdpyras.PDClientError as error:
    print(json.dumps([error.response.status_code, error.response.json()]))
"""


def make_integration(install: Install, name: str) -> str:
    """The key of a new integration for PagerDuty's events, as an agent is given it: 32 characters."""
    made = install.run(
        f"""
        from afterword.catalog.models import Integration
        made = Integration.objects.create(service=service, name={name!r}, kind="pagerduty")
        result = made.key.hex
        """
    )
    return str(made)


def incidents(install: Install, integration: str) -> list[list[str]]:
    """Title and status of the incidents that came in by it."""
    found = install.run(
        f"""
        from afterword.incidents.models import Incident
        rows = Incident.objects.filter(integration__name={integration!r}).order_by("number")
        result = [[row.title, row.status] for row in rows]
        """
    )
    return [list(row) for row in found]


def test_a_trigger_an_acknowledgement_and_a_resolution_go_all_the_way(install: Install) -> None:
    key = make_integration(install, "Agent")
    told = run_client(EVENTS, url=install.url, key=key, resolves=False)
    assert told[:2] == ["checkout", "checkout"]
    assert len(told[2]) == 36
    other = ["Nothing that is known", "triggered"]
    install.wait_until(
        lambda: incidents(install, "Agent") == [["Checkout answers slowly", "acknowledged"], other]
    )
    run_client(EVENTS, url=install.url, key=key, resolves=True)
    install.wait_until(lambda: incidents(install, "Agent")[0] == ["Checkout answers slowly", "resolved"])


def test_a_change_event_becomes_a_change(install: Install) -> None:
    run_client(CHANGES, url=install.url, key=make_integration(install, "Pipeline"))
    change = ["Deploy checkout 81", "81", "production", "2026-03-02T14:01:00+00:00"]

    def changes() -> object:
        return install.run(
            """
            from afterword.incidents.models import Change
            rows = Change.objects.filter(integration__name="Pipeline")
            result = [[row.title, row.version, row.environment, row.at.isoformat()] for row in rows]
            """
        )

    install.wait_until(lambda: changes() == [change])


def test_the_client_understands_a_refusal(install: Install) -> None:
    key = make_integration(install, "Refusing")
    status, body = run_client(REFUSED, url=install.url, key=key, severity="pink")
    assert (status, body["status"], body["message"]) == (400, "invalid event", "Event object is invalid")
    assert body["errors"] == ["'payload.severity': One of these is expected: critical, error, warning, info."]
    status, body = run_client(REFUSED, url=install.url, key="0" * 32, severity="error")
    assert (status, body["status"]) == (400, "invalid event")


@pytest.mark.parametrize("body", [b"", b"[]", b"{", b"\xff", b'{"routing_key": 7}', b'{"routing_key":"x"}'])
def test_what_is_no_event_is_refused_in_pagerdutys_shape(install: Install, body: bytes) -> None:
    for path in ("/v2/enqueue", "/v2/change/enqueue"):
        response = requests.post(f"{install.url}{path}", data=body, timeout=60)
        assert (response.status_code, response.json()["status"]) == (400, "invalid event")
