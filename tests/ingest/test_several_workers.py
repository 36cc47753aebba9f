"""Several workers on PostgreSQL share the partitions, and one that dies loses nothing but its turn."""

from __future__ import annotations

import os
import random
import signal
import subprocess
import sys
import textwrap
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from django.conf import settings
from django.db import connection

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
]

TAKE_OVER_SECONDS_MAX = 5.0
TYPES = ["critical", "error", "info", "acknowledged", "resolved"]
WORKER = """
import django
django.setup()
import threading
from afterword.ingest import fold, worker
if {stop_after}:
    finish = fold.finish_rows
    turns = 0
    def finish_and_stop(**arguments):
        global turns
        finish(**arguments)
        turns += 1
        if turns == {stop_after}:
            print("inside", flush=True)
            threading.Event().wait()
    fold.finish_rows = finish_and_stop
worker.fold_rows = lambda rows_max: fold.fold_rows(min(rows_max, 50))
worker.run_fold(threading.Event())
"""


@contextmanager
def worker(*, stop_after: int = 0) -> Iterator[subprocess.Popen[str]]:
    """A worker as a process of its own. `stop_after`: it halts inside that batch, before the commit."""
    database = connection.settings_dict
    address = (
        f"postgresql://{database['USER']}:{database['PASSWORD']}@/{connection.settings_dict['NAME']}"
        f"?host={database['HOST'] or database['OPTIONS'].get('host', '')}"
    )
    environment = {
        **os.environ,
        "AFTERWORD_DATABASE_URL": address,
        "AFTERWORD_SECRET_KEY": settings.SECRET_KEY,
        "DJANGO_SETTINGS_MODULE": "afterword.config.settings",
        "PYTHONPATH": str(ROOT / "src"),
    }
    code = textwrap.dedent(WORKER).format(stop_after=stop_after)
    process = subprocess.Popen(
        [sys.executable, "-c", code], env=environment, stdout=subprocess.PIPE, text=True
    )
    try:
        yield process
    finally:
        process.kill()
        process.communicate()


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


def test_several_workers_fold_everything_once_and_in_order(integration: Integration) -> None:
    with worker(), worker(), worker():
        send(integration, 600)
        wait_until_folded(600)
    assert_each_once_and_in_order(600)


def test_a_worker_that_is_killed_inside_a_batch_hands_over_at_once(integration: Integration) -> None:
    send(integration, 300)
    with worker(stop_after=2) as doomed:
        assert doomed.stdout is not None
        assert doomed.stdout.readline() == "inside\n"
        folded = Alert.objects.count()
        assert 0 < folded < 300
        os.kill(doomed.pid, signal.SIGKILL)
        doomed.wait()
    began = time.monotonic()
    with worker():
        wait_until_folded(300)
    assert time.monotonic() - began < TAKE_OVER_SECONDS_MAX
    assert_each_once_and_in_order(300)


def test_what_one_worker_holds_another_leaves_alone(integration: Integration) -> None:
    receive(integration, entity_id="held")
    with worker(stop_after=1) as busy:
        assert busy.stdout is not None
        assert busy.stdout.readline() == "inside\n"
        receive(integration, entity_id="held", alert_type="resolved")
        assert fold_once() == 0
        assert InboxRow.objects.count() == 2


@pytest.mark.parametrize("switched_on", [True, False])
def test_the_order_holds_across_a_change_of_rule(integration: Integration, switched_on: bool) -> None:
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


def test_a_row_under_an_older_rule_is_waited_for(integration: Integration) -> None:
    receive(integration, entity_id="web", message="0")
    with worker(stop_after=1) as busy:
        assert busy.stdout is not None
        assert busy.stdout.readline() == "inside\n"
        Service.objects.update(collation_minutes=5)
        trace_id = receive(integration, entity_id="web", alert_type="resolved", message="1")
        InboxRow.objects.filter(trace_id=trace_id).update(partition=partition_of_service(integration.service))
        folding = threading.Thread(target=_fold_here)
        folding.start()
        folding.join(0.5)
        assert folding.is_alive()
        os.kill(busy.pid, signal.SIGKILL)
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
    """An integration of another service whose alerts a rule routes to `service`."""
    elsewhere = Service.objects.create(team=service.team, name=name)
    routed = Integration.objects.create(service=elsewhere, name="Routed")
    action = {"action": "route", "service": str(service.unique_id)}
    AlertRule.objects.create(integration=routed, position=1, name="Route", is_enabled=True, actions=[action])
    return routed


def test_who_groups_alerts_of_a_service_keeps_others_from_it(
    integration: Integration, service: Service
) -> None:
    Service.objects.update(collation_minutes=60)
    routed = route_to(service, "Elsewhere")
    Service.objects.exclude(pk=service.pk).update(collation_minutes=0)
    trace_id = receive(routed, entity_id="db")
    InboxRow.objects.filter(trace_id=trace_id).update(partition=partition_of_service(routed.service))
    with worker(stop_after=1) as busy:
        assert busy.stdout is not None
        assert busy.stdout.readline() == "inside\n"
        trace_id = receive(integration, entity_id="web")
        InboxRow.objects.filter(trace_id=trace_id).update(partition=partition_of_service(service))
        folding = threading.Thread(target=_fold_here)
        folding.start()
        folding.join(0.5)
        assert folding.is_alive()
        os.kill(busy.pid, signal.SIGKILL)
        folding.join(TAKE_OVER_SECONDS_MAX)
        assert not folding.is_alive()
    while fold_once():
        pass
    assert Incident.objects.get().entities.count() == 2


def test_alerts_of_one_service_are_grouped_once_by_several_workers(
    integration: Integration, service: Service
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
