"""Zenduty's own Python client (zenduty-api) makes each of its calls, with nothing changed but the host.

It pins old versions of what the tests use, so `make dev` installs it into a folder of its own, and it runs in
a process of its own: `zenduty_calls.py`.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import requests

from tests.servers import RunningAfterword, running_afterword, wait_until

pytestmark = [pytest.mark.server, pytest.mark.once]
FOLDER = Path(sys.prefix) / "zenduty-api"
CALLS = Path(__file__).with_name("zenduty_calls.py")
SECONDS_MAX = 120
RESOURCES = [
    *(
        "teams",
        "members",
        "account_members",
        "priorities",
        "tags",
        "slas",
        "roles",
        "escalation_policies",
        "services",
    ),
    *("integrations", "maintenance", "incidents", "filter", "alerts", "notes", "incident_tags"),
    *("postmortems", "old_clients"),
]
PREPARE = """
import json
import django
django.setup()
from afterword.accounts.models import KeyScope, Membership, Organisation, Person, Team
from afterword.accounts.writes import create_api_key
from afterword.catalog.models import Integration, Service
Organisation.objects.create(id=1, name="Acme", slug="acme-0a1b2c")
owner, mate = (
    Person.objects.create(name=name, email=f"{name.lower()}@example.com", role=role)
    for name, role in (("Alice", "owner"), ("Bob", "responder"))
)
team = Team.objects.create(name="Payments")
Membership.objects.create(team=team, person=owner, role="manager")
service = Service.objects.create(team=team, name="Checkout")
integration = Integration.objects.create(service=service, name="Generic")
print(json.dumps({
    "key": create_api_key(actor=owner, name="SDK", scope=KeyScope.WRITE).token,
    "owner": str(owner.unique_id),
    "mate": str(mate.unique_id),
    "service": str(service.unique_id),
    "integration": str(integration.unique_id),
    "integration_key": str(integration.key),
}))
"""


@pytest.fixture(scope="module")
def outcome(tmp_path_factory: pytest.TempPathFactory) -> Any:
    """What came of all calls, which are made once."""
    assert FOLDER.is_dir(), "Zenduty's client is not installed: run `make dev`."
    with running_afterword(tmp_path_factory.mktemp("install")) as running:
        environment = {**running.environment, "DJANGO_SETTINGS_MODULE": "afterword.config.settings"}
        settings = {"url": running.url, **_last_line(["-c", PREPARE], environment)}
        settings["incident"] = _send_an_alert(running, settings["integration_key"])
        calls = ["-W", "ignore", str(CALLS), json.dumps(settings)]
        return _last_line(calls, {**os.environ, "PYTHONPATH": str(FOLDER)})


def _send_an_alert(running: RunningAfterword, key: str) -> int:
    """The number of the incident that it opened."""
    alert = {"message": "Checkout answers slowly", "alert_type": "critical", "entity_id": "checkout"}
    sent = requests.post(f"{running.url}/integration/acme-0a1b2c/generic/{key}/", json=alert, timeout=20)
    status = f"{running.url}/api/alert/status/{sent.json()['trace_id']}/"
    wait_until(
        lambda: requests.get(status, timeout=20).json()["status"] != "queued", "the alert is not folded"
    )
    return int(requests.get(status, timeout=20).json()["incident"]["incident_number"])


def _last_line(arguments: list[str], environment: dict[str, str]) -> Any:
    """Run Python; what it printed last, by way of JSON."""
    ended = subprocess.run(
        [sys.executable, *arguments],
        env=environment,
        capture_output=True,
        text=True,
        timeout=SECONDS_MAX,
        check=False,
    )
    assert ended.returncode == 0, ended.stderr
    return json.loads(ended.stdout.splitlines()[-1])


@pytest.mark.parametrize("resource", RESOURCES)
def test_its_calls_are_answered_as_it_expects(outcome: Any, resource: str) -> None:
    assert resource in outcome["resources"]
    assert resource not in outcome["wrong"], outcome["wrong"][resource]


def test_each_of_its_calls_was_made(outcome: Any) -> None:
    assert [call for call, came_back in outcome["calls"].items() if not came_back] == []
    assert len(outcome["calls"]) > 90
    assert set(outcome["resources"]) == set(RESOURCES)
