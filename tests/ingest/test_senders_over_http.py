"""Other people's bodies as their senders meet the way in: a real server, real requests, real incidents."""

from __future__ import annotations

import hashlib
import hmac
from typing import Any

import pytest
import requests

from tests.ingest.installs import Install
from tests.ingest.reading import sample

pytestmark = pytest.mark.server
SECRET = "It's a Secret to Everybody"


def make(install: Install, kind: str) -> str:
    """The address of an integration of that kind."""
    key = install.run(
        f"""
        from afterword.catalog.models import Integration
        found, _ = Integration.objects.get_or_create(
            service=service, name={kind!r}, kind={kind!r}, secret={SECRET!r}
        )
        result = str(found.key)
        """
    )
    return f"{install.url}/integration/acme-0a1b2c/{kind}/{key}/"


def changes(install: Install, kind: str) -> list[list[Any]]:
    found = install.run(
        f"""
        from afterword.incidents.models import Change
        rows = Change.objects.filter(integration__kind={kind!r}).order_by("id")
        result = [[row.title, row.state, row.service.name, row.at.isoformat()] for row in rows]
        """
    )
    return [list(row) for row in found]


def test_a_group_of_alerts_gets_a_trace_id_for_each(install: Install) -> None:
    response = requests.post(make(install, "alertmanager"), data=sample("alertmanager/firing.json"))
    assert response.status_code == 200
    firing, resolved = response.json()["trace_ids"]
    status = install.wait_for_status(firing)
    assert (status["status"], status["is_incident_created"]) == ("completed", True)
    assert install.wait_for_status(resolved)["incident"] is None


def test_an_alert_of_grafana_keeps_its_picture_and_its_remarks(install: Install) -> None:
    response = requests.post(make(install, "grafana"), data=sample("grafana/firing.json"))
    install.wait_for_status(response.json()["trace_id"])
    images = install.run(
        """
        from afterword.incidents.models import Alert
        result = Alert.objects.get(integration__kind="grafana").images
        """
    )
    assert images[0]["src"] == "https://grafana.example.com/public/img/attachments/abc.png"


def test_a_change_is_recorded_once_however_often_its_id_comes(install: Install) -> None:
    address = make(install, "changes")
    for _ in range(2):
        response = requests.post(address, data=sample("changes/deploy.json"))
        assert install.wait_for_status(response.json()["trace_id"])["incident"] is None
    deploy = ["Deploy checkout 2026.3.2", "success", "Checkout", "2026-03-02T14:01:00+00:00"]
    assert changes(install, "changes") == [deploy]


def test_a_change_that_cannot_be_used_is_told_the_fields(install: Install) -> None:
    response = requests.post(make(install, "changes"), json={"kind": "party", "at": "yesterday"})
    assert response.status_code == 400
    assert set(response.json()["errors"]) == {"title", "kind", "at"}


def test_githubs_deployment_and_its_status_are_one_change(install: Install) -> None:
    address = make(install, "github")

    def send(event: str, secret: str = SECRET) -> requests.Response:
        body = sample(f"github/{event}.json")
        digest = hmac.new(secret.encode(), body, hashlib.sha256).hexdigest()
        headers = {"X-GitHub-Event": event, "X-Hub-Signature-256": f"sha256={digest}"}
        return requests.post(address, data=body, headers=headers)

    assert (send("ping").status_code, send("ping").json()) == (200, {"message": "success"})
    assert send("deployment", "another secret").status_code == 403
    assert requests.post(address, data=sample("github/push.json")).status_code == 401
    for event in ("deployment", "deployment_status"):
        install.wait_for_status(send(event).json()["trace_id"])
    title = "Deploy acme/checkout main to production"
    assert changes(install, "github") == [[title, "success", "Checkout", "2026-03-02T14:02:10+00:00"]]
