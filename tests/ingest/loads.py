"""Senders that hardly rest, and the count of what was acknowledged to them against what is there."""

from __future__ import annotations

import threading
from collections import Counter
from itertools import count

import requests

from tests.ingest.installs import Install

SENDERS = 6
PAUSE_SECONDS = 0.005
REFUSED_SECONDS = 0.05


_NUMBERS = count(1)


class Load:
    """Senders that post almost without a pause, and remember what was acknowledged to them.

    No two loads have a sender in common: the messages of each are numbered.
    """

    def __init__(self, install: Install) -> None:
        self.install = install
        self.name = f"load {next(_NUMBERS)}"
        self.acknowledged: list[str] = []
        self.refused: Counter[int] = Counter()
        """Other answers, by status."""
        self.retry_after: set[str] = set()
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
                "entity_id": f"{self.name}, sender {sender}",
                "payload": {"number": number},
            }
            try:
                response = session.post(self.install.webhook_url, json=content, timeout=30)
            except requests.RequestException:
                self.stop.wait(REFUSED_SECONDS)
                continue
            self.stop.wait(PAUSE_SECONDS if response.status_code == 200 else REFUSED_SECONDS)
            if response.status_code == 200:
                self.acknowledged.append(response.json()["trace_id"])
            else:
                self.refused[response.status_code] += 1
                self.retry_after.add(response.headers.get("retry-after", ""))

    def wait_for_more(self, count: int = 20) -> None:
        """Until so many more were acknowledged than now."""
        start = len(self.acknowledged)
        self.install.wait_until(lambda: len(self.acknowledged) >= start + count)


def assert_each_is_there_once(install: Install, acknowledged: list[str]) -> None:
    for trace_id in acknowledged[-SENDERS * 2 :]:
        assert install.wait_for_status(trace_id)["status"] == "completed"
    # What was stored and whose sender never heard of it may still wait. Nothing moves any more after it, and
    # what is asked below in several questions is one answer.
    install.wait_until(lambda: not install.run(WAITING))
    found = install.run(RECORD)
    recorded = Counter(found["alerts"])
    assert len(acknowledged) == len(set(acknowledged)) > SENDERS * 5
    assert {trace_id: recorded[trace_id] for trace_id in acknowledged} == dict.fromkeys(acknowledged, 1)
    assert set(recorded.values()) == {1}
    assert set(found["fates"]) == set(recorded)
    assert set(found["fates"].values()) == {""}
    assert found["out_of_order"] == []


WAITING = """
from afterword.ingest.models import InboxRow
result = InboxRow.objects.count()
"""
RECORD = """
from afterword.incidents.models import Alert, Incident
from afterword.ingest.models import Signal
out_of_order = []
for sender in {alert.entity_id for alert in Alert.objects.all()}:
    numbers = [alert.payload["number"] for alert in Alert.objects.filter(entity_id=sender).order_by("id")]
    if numbers != sorted(numbers) or Incident.objects.filter(entity_id=sender, resolved_at=None).count() > 1:
        out_of_order.append(sender)
result = {
    "alerts": [str(alert.trace_id) for alert in Alert.objects.all()],
    "fates": {str(signal.trace_id): signal.error for signal in Signal.objects.all()},
    "out_of_order": out_of_order,
}
"""
