"""The script that Zenduty publishes for its generic integration, run as it is against a real server."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from tests.ingest.installs import Install

EXAMPLE = Path(__file__).with_name("generic_integration_example.py.txt")
HOSTS = ("https://events.zenduty.com", "https://www.zenduty.com")
SCRIPT_SECONDS_MAX = 60

MAKE = """
from afterword.accounts.models import KeyScope, OrganisationRole, Person
from afterword.accounts.writes import create_api_key
owner = Person.objects.create(name="Alice", email="example@example.com", role=OrganisationRole.OWNER)
result = create_api_key(actor=owner, name="example", scope=KeyScope.READ).token
"""

pytestmark = [pytest.mark.server, pytest.mark.once]


def test_the_published_script_sends_an_alert_follows_it_and_reads_its_incident(
    install: Install, tmp_path: Path
) -> None:
    script = tmp_path / "example.py"
    key = install.run(MAKE)
    script.write_text(fill_in(EXAMPLE.read_text(), install.url, install.webhook_url, key))
    ended = subprocess.run(
        [sys.executable, script], capture_output=True, text=True, timeout=SCRIPT_SECONDS_MAX
    )
    log = install.running.log.read_text()
    assert ended.returncode == 0, ended.stderr + log
    accepted, *statuses, incident = ended.stdout.splitlines()
    assert accepted.startswith("{'message': 'success', 'trace_id': '")
    assert statuses[-1].endswith("'status': 'completed', 'is_incident_created': True, 'suppressed': False}")
    number = install.run(
        """
        from afterword.incidents.models import Incident
        result = Incident.objects.get(service=service).number
        """
    )
    for told in (
        "'title': 'This is a sample alert from API integration'",
        "'summary': 'This is the incident summary for the API integration'",
        "'incident_key': '12345'",
        f"'incident_number': {number}",
        "'status': 1",
    ):
        assert told in incident


def test_the_script_is_changed_only_where_its_reader_is_told_to() -> None:
    before = EXAMPLE.read_text()
    after = fill_in(before, "http://127.0.0.1:8000", "http://127.0.0.1:8000/integration/x/", "aw_key")
    changed = [
        line for line, other in zip(before.splitlines(), after.splitlines(), strict=True) if line != other
    ]
    assert [line.strip().split(" ")[0] for line in changed] == [
        "#",
        "integration_webhook",
        "api_token",
        "alert_status_response",
        "incident_response",
    ]


def fill_in(script: str, url: str, webhook: str, key: str) -> str:
    for host in HOSTS:
        script = script.replace(host, url)
    return script.replace("<PASTE WEBHOOK URL>", webhook).replace("<PASTE API TOKEN>", key)
