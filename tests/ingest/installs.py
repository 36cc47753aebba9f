"""A running Afterword with one integration, for tests that send real alerts."""

from __future__ import annotations

import json
import subprocess
import sys
import textwrap
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import requests

from tests.servers import RunningAfterword, running_afterword, wait_until

CODE_SECONDS_MAX = 60.0
STATUS_SECONDS_MAX = 20.0
PREPARE = """
from afterword.accounts.models import Organisation, Team
from afterword.catalog.models import Integration, Service
acme = Organisation.objects.create(id=1, name="Acme", slug="acme-0a1b2c")
service = Service.objects.create(team=Team.objects.create(name="Payments"), name="Checkout")
result = str(Integration.objects.create(service=service, name="Generic").key)
"""


class Install:
    """`afterword serve` with an organisation, a team, a service and an integration called Generic."""

    def __init__(self, running: RunningAfterword) -> None:
        self.running = running
        self.url = running.url
        self.port = urlsplit(running.url).port or 0
        self.key = str(self.run(PREPARE))
        self.webhook_path = f"/integration/acme-0a1b2c/generic/{self.key}/"
        self.webhook_url = self.url + self.webhook_path

    def run(self, code: str) -> Any:
        """Run Python in a process of its own with Django set up; what it calls `result`, by way of JSON."""
        program = f"import django, json\ndjango.setup()\n{textwrap.dedent(code)}\nprint(json.dumps(result))"
        finished = subprocess.run(
            [sys.executable, "-c", program],
            env={**self.running.environment, "DJANGO_SETTINGS_MODULE": "afterword.config.settings"},
            capture_output=True,
            text=True,
            timeout=CODE_SECONDS_MAX,
            check=False,
        )
        assert finished.returncode == 0, finished.stderr
        return json.loads(finished.stdout.splitlines()[-1])

    def send(self, **content: Any) -> str:
        """Send an alert; its trace id."""
        response = requests.post(self.webhook_url, json=content, timeout=STATUS_SECONDS_MAX)
        assert response.status_code == 200, response.text
        return str(response.json()["trace_id"])

    def status(self, trace_id: str) -> dict[str, Any]:
        response = requests.get(f"{self.url}/api/alert/status/{trace_id}/", timeout=STATUS_SECONDS_MAX)
        assert response.status_code == 200, response.text
        return dict(response.json())

    def wait_for_status(self, trace_id: str) -> dict[str, Any]:
        """The status once it is not queued any more."""
        self.wait_until(lambda: self.status(trace_id)["status"] != "queued")
        return self.status(trace_id)

    def wait_until(self, condition: Callable[[], object], seconds: float = STATUS_SECONDS_MAX) -> None:
        wait_until(condition, f"it did not happen: {self.running.log.read_text()[-4000:]}", seconds)


@contextmanager
def running_install(folder: Path, **settings: str) -> Iterator[Install]:
    """Start it, and end it with the block."""
    with running_afterword(folder, **settings) as running:
        yield Install(running)
