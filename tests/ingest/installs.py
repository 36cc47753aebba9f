"""A running Afterword with one integration, for tests that send real alerts."""

from __future__ import annotations

import json
import os
import textwrap
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from functools import partial
from itertools import count
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import dj_database_url
import pytest
import requests
from django.db import DEFAULT_DB_ALIAS, connections
from django.db.utils import load_backend
from django.test import override_settings

from afterword.config.settings import PASSWORD_HASHERS
from tests.servers import RunningAfterword, free_port, running_afterword, wait_until

CODE_SECONDS_MAX = 60.0
STATUS_SECONDS_MAX = 60.0
MAIL_BYTES_MAX = 100_000
BODY_BYTES_MAX = 100_000
METRICS_TOKEN = "only-for-tests-of-metrics"
PREPARE = """
from afterword.accounts.models import Organisation, Team
from afterword.catalog.models import Integration, Service
Organisation.objects.get_or_create(id=1, defaults={"name": "Acme", "slug": "acme-0a1b2c"})
service = Service.objects.create(team=Team.objects.create(name=team_name), name="Checkout")
result = [str(service.unique_id), str(Integration.objects.create(service=service, name="Generic").key)]
"""


class Install:
    """`afterword serve` with an organisation, a team, a service and an integration called Generic.

    Several of them may share one server: what a test looks for then belongs to the service of its own.
    """

    def __init__(self, running: RunningAfterword, team_name: str = "Payments") -> None:
        self.running = running
        self.url = running.url
        self.port = urlsplit(running.url).port or 0
        self.service_id, self.key = self._run(PREPARE, team_name=team_name)
        self.webhook_path = f"/integration/acme-0a1b2c/generic/{self.key}/"
        self.webhook_url = self.url + self.webhook_path

    def run(self, code: str) -> Any:
        """Run Python on this database; what it calls `result`, as JSON. The service is called `service`."""
        find = "from afterword.catalog.models import Service\n"
        find += f"service = Service.objects.get(unique_id={self.service_id!r})\n"
        return self._run(find + textwrap.dedent(code))

    def _run(self, code: str, **names: Any) -> Any:
        # In a thread, for Django keeps its connections by thread: this one's go to the database of the
        # install. A process of its own would take half a second to load Django.
        with ThreadPoolExecutor(1) as thread:
            return thread.submit(partial(_run_on, self.running, code, names)).result(CODE_SECONDS_MAX)

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
    with running_afterword(folder, **_with_our_secret(settings)) as running:
        yield Install(running)


@pytest.fixture(scope="session")
def shared_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningAfterword]:
    """One server for all who need nothing but what every install has, mails, metrics and small bodies."""
    settings = {
        "smtp_bind": f"127.0.0.1:{free_port()}",
        "smtp_message_bytes_max": str(MAIL_BYTES_MAX),
        "signal_body_bytes_max": str(BODY_BYTES_MAX),
        "metrics_token": METRICS_TOKEN,
    }
    folder = tmp_path_factory.mktemp("shared")
    with running_afterword(folder, **_with_our_secret(settings)) as running:
        yield running


@pytest.fixture(scope="module")
def install(shared_server: RunningAfterword) -> Install:
    """The shared server, with a service and an integration for this file alone."""
    return Install(shared_server, f"Payments {next(_NUMBERS)}")


_NUMBERS = count(1)


def _with_our_secret(settings: dict[str, str]) -> dict[str, str]:
    """What tests write into the database by themselves, the server must be able to open."""
    return {"secret_key": os.environ["AFTERWORD_SECRET_KEY"], **settings}


def _run_on(running: RunningAfterword, code: str, names: dict[str, Any]) -> Any:
    default = connections.settings[DEFAULT_DB_ALIAS]
    address = running.environment.get("AFTERWORD_DATABASE_URL", "")
    if address:
        # Its options say where the server is; ours, of a pool, are for many connections.
        described = {**default, "OPTIONS": {}, **dj_database_url.parse(address)}
    else:
        described = {**default, "NAME": str(running.data / "afterword.sqlite3")}
    connection = load_backend(described["ENGINE"]).DatabaseWrapper(described, DEFAULT_DB_ALIAS)
    connections[DEFAULT_DB_ALIAS] = connection
    # The test runner lets nobody open the tests' own database unasked; this is another one.
    connection.ensure_connection = lambda: None
    connection.connect()
    try:
        # The server knows nothing of the quick hasher of the tests.
        with override_settings(PASSWORD_HASHERS=PASSWORD_HASHERS):
            exec(code, names)
        return json.loads(json.dumps(names["result"]))
    finally:
        connection.close()
