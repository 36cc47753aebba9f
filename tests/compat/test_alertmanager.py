"""The real Alertmanager, where it is installed, sends its alerts to Afterword."""

from __future__ import annotations

import shutil
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
import requests

from tests.ingest.installs import Install
from tests.servers import free_port, wait_until

PROGRAM = shutil.which("prometheus-alertmanager") or shutil.which("alertmanager") or ""
STOP_SECONDS_MAX = 20
CONFIGURATION = """
global:
  pagerduty_url: {host}/v2/enqueue
  opsgenie_api_url: {host}/
  opsgenie_api_key: {opsgenie}
route:
  receiver: afterword
  group_by: [alertname]
  group_wait: 100ms
  group_interval: 1s
  repeat_interval: 1h
  routes:
    - receiver: pagerduty
      matchers: ['to="pagerduty"']
    - receiver: opsgenie
      matchers: ['to="opsgenie"']
receivers:
  - name: pagerduty
    pagerduty_configs:
      - routing_key: {pagerduty}
        severity: warning
        description: '{{{{ .CommonAnnotations.summary }}}}'
        client: Alertmanager
  - name: opsgenie
    opsgenie_configs:
      - message: '{{{{ .CommonAnnotations.summary }}}}'
        priority: P2
  - name: afterword
    webhook_configs:
      - url: {host}/integration/acme-0a1b2c/alertmanager/{alertmanager}/
        send_resolved: true
        max_alerts: 2
"""

pytestmark = [
    pytest.mark.server,
    pytest.mark.once,
    pytest.mark.skipif(not PROGRAM, reason="Alertmanager (prometheus-alertmanager) is not installed"),
]


class Alertmanager:
    """One that runs, and sends to one webhook."""

    def __init__(self, url: str) -> None:
        self.url = url

    def post(self, *, ended: bool = False, **labels: str) -> None:
        """Tell it of an alert as Prometheus does."""
        now = datetime.now(UTC)
        alert = {
            "labels": {"alertname": "CheckoutLatencyHigh", "severity": "critical", **labels},
            "annotations": {"summary": f"Checkout answers slowly on {labels['instance']}"},
            "startsAt": (now - timedelta(minutes=5)).isoformat(),
            "generatorURL": "http://prometheus.example.com/graph",
        }
        if ended:
            alert["endsAt"] = now.isoformat()
        response = requests.post(f"{self.url}/api/v2/alerts", json=[alert], timeout=60)
        assert response.status_code == 200, response.text

    def is_ready(self) -> bool:
        try:
            return requests.get(f"{self.url}/-/ready", timeout=60).status_code == requests.codes.ok
        except requests.RequestException:
            return False


@contextmanager
def running_alertmanager(folder: Path, **names: str) -> Iterator[Alertmanager]:
    """Start it with receivers at this host and with these keys, and end it with the block."""
    configuration = folder / "alertmanager.yml"
    configuration.write_text(CONFIGURATION.format(**names))
    port = free_port()
    log = (folder / "alertmanager.log").open("wb")
    process = subprocess.Popen(
        [
            PROGRAM,
            f"--config.file={configuration}",
            f"--storage.path={folder / 'storage'}",
            f"--web.listen-address=127.0.0.1:{port}",
            "--cluster.listen-address=",
        ],
        stdout=log,
        stderr=log,
    )
    running = Alertmanager(f"http://127.0.0.1:{port}")
    try:
        wait_until(running.is_ready, f"Alertmanager is not ready: {log.name}")
        yield running
    finally:
        process.terminate()
        try:
            process.wait(STOP_SECONDS_MAX)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
        log.close()


@pytest.fixture(scope="module")
def alertmanager(install: Install, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Alertmanager]:
    keys = install.run(
        """
        from afterword.catalog.models import Integration
        kinds = ["alertmanager", "pagerduty", "opsgenie"]
        made = [Integration.objects.create(service=service, name=kind, kind=kind) for kind in kinds]
        result = {integration.kind: str(integration.key) for integration in made}
        """
    )
    keys["pagerduty"] = keys["pagerduty"].replace("-", "")
    folder = tmp_path_factory.mktemp("alertmanager")
    with running_alertmanager(folder, host=install.url, **keys) as running:
        yield running


def incidents(install: Install) -> dict[str, Any]:
    """The status of each incident of our service, by its title: others send to the same server."""
    found = install.run(
        """
        from afterword.incidents.models import Incident
        result = dict(Incident.objects.filter(service=service).values_list("title", "status"))
        """
    )
    return dict(found)


def test_a_firing_alert_opens_an_incident_and_its_end_resolves_it(
    install: Install, alertmanager: Alertmanager
) -> None:
    title = "Checkout answers slowly on checkout-1"
    alertmanager.post(instance="checkout-1")
    install.wait_until(lambda: incidents(install).get(title) == "triggered")
    alertmanager.post(instance="checkout-1", ended=True)
    install.wait_until(lambda: incidents(install)[title] == "resolved")


def test_the_alert_has_the_links_and_the_fingerprint_that_alertmanager_gives(
    install: Install, alertmanager: Alertmanager
) -> None:
    alertmanager.post(instance="checkout-2")
    title = "Checkout answers slowly on checkout-2"
    install.wait_until(lambda: title in incidents(install))
    found = install.run(
        f"""
        from afterword.incidents.models import Alert
        alert = Alert.objects.filter(integration__service=service, message={title!r}).first()
        links = [link["link_text"] for link in alert.urls]
        result = [alert.alert_type, alert.entity_id, alert.payload, links]
        """
    )
    alert_type, entity_id, payload, links = found
    assert (alert_type, links) == ("critical", ["Source", "Alertmanager"])
    assert payload["labels"]["instance"] == "checkout-2"
    assert payload["group"]["version"] == "4"
    (known,) = (
        alert["fingerprint"]
        for alert in requests.get(f"{alertmanager.url}/api/v2/alerts", timeout=60).json()
        if alert["labels"]["instance"] == "checkout-2"
    )
    assert entity_id == known


@pytest.mark.parametrize("receiver", ["pagerduty", "opsgenie"])
def test_its_other_receivers_send_here_too_when_they_are_given_our_host(
    receiver: str, install: Install, alertmanager: Alertmanager
) -> None:
    alert = {"alertname": f"By {receiver}", "instance": receiver, "to": receiver}
    title = f"Checkout answers slowly on {receiver}"
    alertmanager.post(**alert)
    install.wait_until(lambda: incidents(install).get(title) == "triggered")
    alertmanager.post(ended=True, **alert)
    install.wait_until(lambda: incidents(install)[title] == "resolved")


def test_alerts_that_alertmanager_leaves_out_are_remarked(
    install: Install, alertmanager: Alertmanager
) -> None:
    for number in range(4):
        alertmanager.post(alertname="DiskFull", instance=f"db-{number}")
    install.wait_until(
        lambda: install.run(
            """
            from afterword.incidents.models import Alert
            alerts = Alert.objects.filter(integration__service=service)
            remarks = [words for alert in alerts for words in alert.remarks]
            result = any("left out" in words for words in remarks)
            """
        )
    )
