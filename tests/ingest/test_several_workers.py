"""Several workers on PostgreSQL share the partitions, and one that dies loses nothing but its turn."""

from __future__ import annotations

import os
import random
import signal
import subprocess
import sys
import threading
import uuid
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager, suppress
from dataclasses import dataclass
from itertools import count
from pathlib import Path

import pytest
from django.conf import settings
from django.db import DEFAULT_DB_ALIAS, connection, connections

from afterword.catalog.models import Integration, Service
from afterword.incidents.models import Alert, Incident, IncidentEntity
from afterword.ingest.fold import fold_rows
from afterword.ingest.models import AlertRule, InboxRow, Signal
from afterword.ingest.partitions import partition_of_service
from afterword.ingest.worker import fold_once
from tests.conftest import ON_POSTGRESQL
from tests.ingest.signals import receive
from tests.servers import ROOT, wait_until

pytestmark = [
    pytest.mark.skipif(not ON_POSTGRESQL, reason="on SQLite the thread that writes folds alone"),
    pytest.mark.django_db(transaction=True),
    # They share a process, and so run on one worker of xdist.
    pytest.mark.server,
]

TAKE_OVER_SECONDS_MAX = 60.0
TYPES = ["critical", "error", "info", "acknowledged", "resolved"]
NURSERY = """
import os, signal, sys, threading
import django
django.setup()
from afterword.ingest import fold, waiting, worker

def begin(stop_after, path):
    # Who takes over sooner was not let in by PostgreSQL's patience with one who says nothing.
    waiting.IDLE_SECONDS_MAX = 600.0
    said = open(path, "w")
    def say(word):
        said.write(word)
        said.flush()
    if stop_after:
        finish = fold.finish_rows
        turns = 0
        def finish_and_stop(**arguments):
            nonlocal turns
            finish(**arguments)
            turns += 1
            if turns == stop_after:
                say("inside")
                threading.Event().wait()
        fold.finish_rows = finish_and_stop
    worker.fold_rows = lambda rows_max: fold.fold_rows(min(rows_max, 50))
    say("begun")
    worker.run_fold(threading.Event())

# Who has ended is gone, and nobody needs to wait for it.
signal.signal(signal.SIGCHLD, signal.SIG_IGN)
for line in sys.stdin:
    stop_after, path = line.split()
    process = os.fork()
    if process == 0:
        try:
            begin(int(stop_after), path)
        finally:
            os._exit(1)
    print(process, flush=True)
"""


@dataclass
class Worker:
    """A process that folds."""

    process: int
    said: Path

    def wait_for(self, word: str) -> None:
        wait_until(lambda: self.said.exists() and word in self.said.read_text(), f"it never said {word}")

    def kill(self) -> None:
        with suppress(ProcessLookupError):
            os.kill(self.process, signal.SIGKILL)
        wait_until(lambda: not Path(f"/proc/{self.process}").exists(), "it does not end")


Begin = Callable[..., AbstractContextManager[Worker]]


@pytest.fixture(scope="module")
def nursery(django_db_setup: None) -> Iterator[subprocess.Popen[str]]:
    """A process that has loaded everything, and makes workers of itself: to load it takes seconds each."""
    database = connections[DEFAULT_DB_ALIAS].settings_dict
    address = (
        f"postgresql://{database['USER']}:{database['PASSWORD']}@/{database['NAME']}"
        f"?host={database['HOST'] or database['OPTIONS'].get('host', '')}"
    )
    environment = {
        **os.environ,
        "AFTERWORD_DATABASE_URL": address,
        "AFTERWORD_SECRET_KEY": settings.SECRET_KEY,
        "DJANGO_SETTINGS_MODULE": "afterword.config.settings",
        "PYTHONPATH": str(ROOT / "src"),
    }
    process = subprocess.Popen(
        [sys.executable, "-c", NURSERY],
        env=environment,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    with process:
        yield process
        process.kill()


@pytest.fixture
def worker(transactional_db: None, nursery: subprocess.Popen[str], tmp_path: Path) -> Begin:
    """Begin a worker as a process of its own. `stop_after`: it halts inside that batch, before the commit."""
    numbers = count()

    @contextmanager
    def begin(*, stop_after: int = 0) -> Iterator[Worker]:
        said = tmp_path / f"said-{next(numbers)}"
        assert nursery.stdin is not None
        assert nursery.stdout is not None
        nursery.stdin.write(f"{stop_after} {said}\n")
        nursery.stdin.flush()
        begun = Worker(int(nursery.stdout.readline()), said)
        try:
            yield begun
        finally:
            begun.kill()

    return begin


def send(integration: Integration, count: int, *, entities: int = 20, seed: int = 1) -> None:
    chance = random.Random(seed)
    for number in range(count):
        receive(
            integration,
            entity_id=f"entity {chance.randrange(entities)}",
            alert_type=chance.choice(TYPES),
            message=str(number),
        )


def wait_until_folded(count: int) -> None:
    wait_until(lambda: Alert.objects.count() == count, "not all was folded")


def assert_each_once_and_in_order(count: int) -> None:
    assert not InboxRow.objects.exists()
    assert Alert.objects.count() == Signal.objects.filter(error="").count() == count
    found: dict[str, list[int]] = {}
    for entity, message in Alert.objects.order_by("id").values_list("entity_id", "message"):
        found.setdefault(entity, []).append(int(message))
    assert all(numbers == sorted(numbers) for numbers in found.values())
    for incident in Incident.objects.all():
        assert incident.is_resolved != incident.entities.filter(resolved_at=None).exists()


def test_several_workers_fold_everything_once_and_in_order(worker: Begin, integration: Integration) -> None:
    with worker(), worker(), worker():
        send(integration, 600)
        wait_until_folded(600)
    assert_each_once_and_in_order(600)


def test_a_worker_that_is_killed_inside_a_batch_hands_over_at_once(
    worker: Begin, integration: Integration
) -> None:
    send(integration, 300)
    with worker(stop_after=2) as doomed:
        doomed.wait_for("inside")
        folded = Alert.objects.count()
        assert 0 < folded < 300
        doomed.kill()
    with worker() as next_one:
        next_one.wait_for("begun")
        wait_until_folded(300)
    assert_each_once_and_in_order(300)


def test_what_one_worker_holds_another_leaves_alone(worker: Begin, integration: Integration) -> None:
    receive(integration, entity_id="held")
    with worker(stop_after=1) as busy:
        busy.wait_for("inside")
        receive(integration, entity_id="held", alert_type="resolved")
        assert fold_once() == 0
        assert InboxRow.objects.count() == 2


@pytest.mark.parametrize("switched_on", [True, False])
def test_the_order_holds_across_a_change_of_rule(
    worker: Begin, integration: Integration, switched_on: bool
) -> None:
    apart = partition_of_service(integration.service)
    rule = AlertRule.objects.create(
        integration=integration,
        position=1,
        name="Rule",
        is_enabled=switched_on,
        actions=[{"action": "set_entity_id", "value": "{{entity_id}}"}],
    )
    assert rule.is_enabled is switched_on
    Integration.objects.update(revision=2)
    chance = random.Random(7)
    with worker(), worker():
        for number in range(300):
            trace_id = receive(integration, entity_id=f"entity {chance.randrange(9)}", message=str(number))
            # While the doors learn of it, rows go to partitions of both kinds.
            if chance.random() < number / 300 if switched_on else chance.random() > number / 300:
                InboxRow.objects.filter(trace_id=trace_id).update(partition=apart)
        wait_until_folded(300)
    assert_each_once_and_in_order(300)


def test_a_row_under_an_older_rule_is_waited_for(worker: Begin, integration: Integration) -> None:
    receive(integration, entity_id="web", message="0")
    with worker(stop_after=1) as busy:
        busy.wait_for("inside")
        Service.objects.update(collation_minutes=5)
        trace_id = receive(integration, entity_id="web", alert_type="resolved", message="1")
        InboxRow.objects.filter(trace_id=trace_id).update(partition=partition_of_service(integration.service))
        folding = threading.Thread(target=_fold_here)
        folding.start()
        folding.join(0.5)
        assert folding.is_alive()
        busy.kill()
        folding.join(TAKE_OVER_SECONDS_MAX)
        assert not folding.is_alive()
    assert_each_once_and_in_order(2)


def _fold_here() -> None:
    try:
        while fold_rows():
            pass
    finally:
        connection.close()


def route_to(service: Service, name: str) -> Integration:
    """An integration of another service, of another partition, whose alerts a rule routes to `service`."""
    elsewhere = Service(team=service.team, name=name)
    while partition_of_service(elsewhere) == partition_of_service(service):
        elsewhere.unique_id = uuid.uuid4()
    elsewhere.save()
    routed = Integration.objects.create(service=elsewhere, name="Routed")
    action = {"action": "route", "service": str(service.unique_id)}
    AlertRule.objects.create(integration=routed, position=1, name="Route", is_enabled=True, actions=[action])
    return routed


def test_who_groups_alerts_of_a_service_keeps_others_from_it(
    worker: Begin, integration: Integration, service: Service
) -> None:
    Service.objects.update(collation_minutes=60)
    routed = route_to(service, "Elsewhere")
    Service.objects.exclude(pk=service.pk).update(collation_minutes=0)
    trace_id = receive(routed, entity_id="db")
    InboxRow.objects.filter(trace_id=trace_id).update(partition=partition_of_service(routed.service))
    with worker(stop_after=1) as busy:
        busy.wait_for("inside")
        trace_id = receive(integration, entity_id="web")
        InboxRow.objects.filter(trace_id=trace_id).update(partition=partition_of_service(service))
        folding = threading.Thread(target=_fold_here)
        folding.start()
        folding.join(0.5)
        assert folding.is_alive()
        busy.kill()
        folding.join(TAKE_OVER_SECONDS_MAX)
        assert not folding.is_alive()
    while fold_once():
        pass
    assert Incident.objects.get().entities.count() == 2


def test_alerts_of_one_service_are_grouped_once_by_several_workers(
    worker: Begin, integration: Integration, service: Service
) -> None:
    Service.objects.update(collation_minutes=60)
    others = [Integration.objects.create(service=service, name=f"Another {number}") for number in range(3)]
    routed = route_to(service, "Elsewhere")
    with worker(), worker(), worker():
        for number in range(200):
            sender = [integration, *others, routed][number % 5]
            receive(sender, entity_id=f"entity {number % 40}", message=str(number))
        wait_until_folded(200)
    assert Incident.objects.count() == 1
    assert IncidentEntity.objects.count() == 40
