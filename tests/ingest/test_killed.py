"""What was acknowledged is there exactly once, wherever a process is killed."""

from __future__ import annotations

import os
import signal
import threading
import time
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest
import requests

from tests.conftest import ON_POSTGRESQL
from tests.ingest.installs import Install, running_install

pytestmark = pytest.mark.server

SENDERS = 6
KILLS = 2
SECONDS_BETWEEN_KILLS = 0.3


@pytest.fixture
def install(tmp_path: Path) -> Iterator[Install]:
    with running_install(tmp_path) as running:
        yield running


class Load:
    """Senders that post without a pause, and remember what was acknowledged to them."""

    def __init__(self, install: Install) -> None:
        self.install = install
        self.acknowledged: list[str] = []
        self.stop = threading.Event()
        self.threads = [threading.Thread(target=self._send, args=[number]) for number in range(SENDERS)]

    def __enter__(self) -> Load:
        for thread in self.threads:
            thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.stop.set()
        for thread in self.threads:
            thread.join()

    def _send(self, sender: int) -> None:
        session = requests.Session()
        number = 0
        while not self.stop.is_set():
            number += 1
            content = {
                "message": f"Message {number}",
                "alert_type": "resolved" if number % 10 == 0 else "critical",
                "entity_id": f"sender {sender}",
                "payload": {"number": number},
            }
            try:
                response = session.post(self.install.webhook_url, json=content, timeout=30)
            except requests.RequestException:
                continue
            if response.status_code == 200:
                self.acknowledged.append(response.json()["trace_id"])

    def wait_for_more(self, count: int = 20) -> None:
        """Until so many more were acknowledged than now."""
        start = len(self.acknowledged)
        self.install.wait_until(lambda: len(self.acknowledged) >= start + count)


def kill_and_wait(install: Install, part: str) -> None:
    """Kill a part without a word, and wait until another has taken its place."""
    pids = set(install.running.pids(part))
    assert pids
    for pid in pids:
        os.kill(pid, signal.SIGKILL)
    install.wait_until(lambda: set(install.running.pids(part)) - pids)


@pytest.mark.parametrize(
    "killed",
    [
        "web",
        pytest.param("worker", marks=pytest.mark.skipif(not ON_POSTGRESQL, reason="on SQLite the web folds")),
    ],
)
def test_nothing_acknowledged_is_lost_or_doubled_when_it_is_killed(install: Install, killed: str) -> None:
    with Load(install) as load:
        for _ in range(KILLS):
            load.wait_for_more()
            time.sleep(SECONDS_BETWEEN_KILLS)  # into whatever it is doing just then
            kill_and_wait(install, killed)
        load.wait_for_more()
    assert_each_is_there_once(install, load.acknowledged)


def assert_each_is_there_once(install: Install, acknowledged: list[str]) -> None:
    for trace_id in acknowledged[-SENDERS * 2 :]:
        assert install.wait_for_status(trace_id)["status"] == "completed"
    found = install.run(RECORD)
    recorded = Counter(found["alerts"])
    assert len(acknowledged) == len(set(acknowledged)) > SENDERS * 5
    assert {trace_id: recorded[trace_id] for trace_id in acknowledged} == dict.fromkeys(acknowledged, 1)
    assert set(recorded.values()) == {1}
    # What was stored and whose sender never heard of it may still wait: it is in the inbox or it has a fate.
    assert set(found["fates"]) == set(recorded)
    assert set(found["fates"].values()) == {""}
    assert not set(found["waiting"]) & set(recorded)
    assert found["out_of_order"] == []


RECORD = """
from afterword.incidents.models import Alert, Incident
from afterword.ingest.models import InboxRow, Signal
out_of_order = []
for sender in {alert.entity_id for alert in Alert.objects.all()}:
    numbers = [alert.payload["number"] for alert in Alert.objects.filter(entity_id=sender).order_by("id")]
    if numbers != sorted(numbers) or Incident.objects.filter(entity_id=sender, resolved_at=None).count() > 1:
        out_of_order.append(sender)
result = {
    "alerts": [str(alert.trace_id) for alert in Alert.objects.all()],
    "fates": {str(signal.trace_id): signal.error for signal in Signal.objects.all()},
    "waiting": [str(row.trace_id) for row in InboxRow.objects.all()],
    "out_of_order": out_of_order,
}
"""


def test_a_stop_in_good_order_answers_who_was_let_in(install: Install) -> None:
    with Load(install) as load:
        load.wait_for_more(100)
        install.running.stop()
    assert len(load.acknowledged) >= 100
    rows = install.run(
        """
        from afterword.incidents.models import Alert
        from afterword.ingest.models import InboxRow
        result = [str(row.trace_id) for model in (Alert, InboxRow) for row in model.objects.all()]
        """
    )
    assert set(load.acknowledged) <= set(rows)
    assert len(rows) == len(set(rows))
