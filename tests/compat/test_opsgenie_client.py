"""Opsgenie's own client (opsgenie-sdk) sends to Afterword, with nothing changed but the host."""

from __future__ import annotations

from typing import Any

import pytest

from tests.compat.clients import run_client
from tests.ingest.installs import Install

pytestmark = [pytest.mark.server, pytest.mark.once]
CLIENT = """
import opsgenie_sdk
configuration = opsgenie_sdk.Configuration()
configuration.host = settings["url"]
configuration.api_key["Authorization"] = settings["key"]
configuration.retry_count = 0
api = opsgenie_sdk.AlertApi(opsgenie_sdk.ApiClient(configuration))
"""
CREATE = f"""{CLIENT}
payload = opsgenie_sdk.CreateAlertPayload(**settings["alert"])
answer = api.create_alert(create_alert_payload=payload)
print(json.dumps([answer.result, answer.request_id]))
"""
ACT = f"""{CLIENT}
act = getattr(api, settings["action"])
named = dict(identifier=settings["identifier"], identifier_type=settings["identifier_type"])
answer = act(**named)
print(json.dumps(answer.result))
"""
STATUS = f"""{CLIENT}
import time
while True:
    try:
        answer = api.get_request_status(request_id=settings["request_id"]).data
        break
    except opsgenie_sdk.exceptions.OpenApiException as error:
        assert error.status == 404, error
        time.sleep(0.1)
print(json.dumps([answer.is_success, answer.action, answer.alert_id, answer.alias, answer.status]))
"""
FAILS = f"""{CLIENT}
try:
    api.create_alert(create_alert_payload=opsgenie_sdk.CreateAlertPayload(message="x"))
except opsgenie_sdk.exceptions.OpenApiException as error:
    print(json.dumps([error.status, json.loads(error.body)["message"]]))
"""


@pytest.fixture(scope="module")
def key(install: Install) -> str:
    made = install.run(
        """
        from afterword.catalog.models import Integration, Priority
        Priority.objects.create(team=service.team, name="P1")
        result = str(Integration.objects.create(service=service, name="Opsgenie", kind="opsgenie").key)
        """
    )
    return str(made)


def incidents(install: Install) -> dict[str, list[Any]]:
    """Status and priority by title."""
    found = install.run(
        """
        from afterword.incidents.models import Incident
        rows = Incident.objects.filter(integration__name="Opsgenie").select_related("priority")
        result = {row.title: [row.status, row.priority and row.priority.name] for row in rows}
        """
    )
    return dict(found)


def test_an_alert_is_created_acknowledged_and_closed_by_its_alias(install: Install, key: str) -> None:
    alert = {
        "message": "Disk full",
        "alias": "disk/sda 1",
        "description": "d",
        "priority": "P1",
        "tags": ["db"],
    }
    result, _ = run_client(CREATE, url=install.url, key=key, alert=alert)
    assert result == "Request will be processed"
    install.wait_until(lambda: incidents(install).get("Disk full") == ["triggered", "P1"])
    named = {"url": install.url, "key": key, "identifier": "disk/sda 1", "identifier_type": "alias"}
    assert run_client(ACT, action="acknowledge_alert", **named) == "Request will be processed"
    install.wait_until(lambda: incidents(install)["Disk full"] == ["acknowledged", "P1"])
    run_client(ACT, action="close_alert", **named)
    install.wait_until(lambda: incidents(install)["Disk full"] == ["resolved", "P1"])


def test_an_alert_without_an_alias_is_closed_by_the_id_that_its_request_tells(
    install: Install, key: str
) -> None:
    alert = {"message": "No alias"}
    _, request_id = run_client(CREATE, url=install.url, key=key, alert=alert)
    success, action, alert_id, alias, status = run_client(
        STATUS, url=install.url, key=key, request_id=request_id
    )
    assert (success, action, alias, status) == (True, "Create", alert_id, "Created alert")
    assert incidents(install)["No alias"] == ["triggered", None]
    named = {"url": install.url, "key": key, "identifier": alert_id, "identifier_type": "id"}
    run_client(ACT, action="close_alert", **named)
    install.wait_until(lambda: incidents(install)["No alias"] == ["resolved", None])


def test_a_wrong_key_is_not_let_in(install: Install) -> None:
    for wrong in ("7e44896b-36c3-4fa2-b145-c292f543d8dc", "nonsense"):
        assert run_client(FAILS, url=install.url, key=wrong) == [401, "Could not authenticate"]
