"""incident.io's own client (incident-io) sends to Afterword, with nothing changed but the host."""

from __future__ import annotations

import pytest

from tests.compat.clients import run_client
from tests.ingest.installs import Install

pytestmark = [pytest.mark.server, pytest.mark.once]
SEND = """
from incident_io.api.alert_events_v2 import alert_events_v2_create_http
from incident_io.client import AuthenticatedClient, Client
from incident_io.models.alert_events_create_http_payload_v2 import AlertEventsCreateHTTPPayloadV2
body = AlertEventsCreateHTTPPayloadV2.from_dict(settings["event"])
if settings["token"]:
    client, named = Client(base_url=settings["url"]), {"token": settings["token"]}
else:
    client, named = AuthenticatedClient(base_url=settings["url"], token=settings["bearer"]), {}
answer = alert_events_v2_create_http.sync_detailed("01HX", client=client, body=body, **named)
print(json.dumps([int(answer.status_code), answer.parsed.to_dict()]))
"""
EVENT = {
    "title": "Checkout answers slowly",
    "status": "firing",
    "deduplication_key": "4293868629",
    "metadata": {"severity": "critical"},
}


def test_an_alert_fires_and_is_resolved(install: Install) -> None:
    key = install.run(
        """
        from afterword.catalog.models import Integration
        made = Integration.objects.create(service=service, name="HTTP", kind="incident-io")
        result = str(made.key)
        """
    )

    def statuses() -> list[str]:
        return list(
            install.run(
                """
                from afterword.incidents.models import Incident
                result = list(Incident.objects.filter(service=service).values_list("status", flat=True))
                """
            )
        )

    accepted = {
        "status": "success",
        "message": "Event accepted for processing",
        "deduplication_key": "4293868629",
    }
    sent = {"url": install.url, "token": key, "bearer": ""}
    assert run_client(SEND, event=EVENT, **sent) == [202, accepted]
    install.wait_until(lambda: statuses() == ["triggered"])
    resolved = {**EVENT, "status": "resolved"}
    assert run_client(SEND, event=resolved, **{**sent, "token": "", "bearer": key}) == [202, accepted]
    install.wait_until(lambda: statuses() == ["resolved"])
    refused(install)


def refused(install: Install) -> None:
    wrong = {"url": install.url, "token": "nonsense", "bearer": ""}
    status, body = run_client(SEND, event=EVENT, **wrong)
    assert (status, body["type"], body["status"]) == (401, "authentication_error", 401)
