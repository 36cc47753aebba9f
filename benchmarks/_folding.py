"""The process that `fold.py` measures: it fills an inbox and folds it. Not to be called by itself."""

from __future__ import annotations

import json
import os
import resource
import statistics
import sys
import time
import uuid
from pathlib import Path
from typing import Any

ENTITIES = 1_000
BATCH_ROWS = 1_000
END_EVERY = 41
"""With turnover. Shares no divisor with the entities: each has its turn to end."""
CALM_PER_SECOND = 100
WARM_UP_ROWS = 1_000
"""Of the steady load: folded before the others are sent, for statements to be prepared and caches filled."""
WARM_UP_SECONDS_MAX = 120.0
MAPPING = {
    "message": "{{payload.title}} on {{payload.host}}",
    "summary": "{{payload.description}}",
    "entity_id": "{{payload.id}}",
    "alert_type": {
        "path": "payload.state",
        "values": {"firing": "critical", "ok": "resolved"},
        "default": "info",
    },
}


def body_of(number: int, entity: str = "", *, turnover: bool = True) -> str:
    """About 400 bytes. With turnover one in `END_EVERY` ends its incident; the next one opens another."""
    return json.dumps(
        {
            "title": "Checkout answers slowly",
            "host": f"web-{number % 7}",
            "description": "The 99th percentile of checkout is over its limit in eu-west since five minutes.",
            "id": entity or f"checkout-latency-{number * 7 % ENTITIES}",
            "state": "ok" if turnover and number % END_EVERY == END_EVERY - 1 else "firing",
            "value": 2.31,
            "labels": {"severity": "1", "project": "kubeprod"},
            "url": "https://grafana.example.com/d/checkout/latency",
        }
    )


def main(what: str, count: int, way: str) -> dict[str, Any]:
    import django

    django.setup()
    if what == "lags":
        return read_lags(count)
    if what == "warm":
        return wait_until_warm()
    from django.core.management import call_command

    call_command("migrate", verbosity=0)
    sender = Sender(turnover=what != "speed")
    if what == "prepare":
        return {"path": sender.path}
    if way == "orm":
        use_the_orm()
    sender.send(2 * ENTITIES)
    fold_all()
    measure = {
        "speed": measure_speed,
        "turnover": measure_speed,
        "storm": measure_storm,
        "memory": measure_memory,
    }
    return measure[what](sender, count)


class Sender:
    """An integration with a mapping and three rules, and a short way into its inbox."""

    def __init__(self, *, turnover: bool) -> None:
        from afterword.accounts.models import Organisation, Team
        from afterword.catalog.models import Integration, Priority, Service, Tag
        from afterword.ingest.models import AlertRule, Mapping
        from afterword.ingest.partitions import partition_of_service
        from afterword.ingest.stores import make_store
        from afterword.ingest.trace_ids import TraceIds

        acme = Organisation.objects.create(id=1, name="Acme", slug="acme-0a1b2c")
        team = Team.objects.create(name="Payments")
        service = Service.objects.create(team=team, name="Checkout")
        self.integration = Integration.objects.create(service=service, name="Generic", revision=2)
        self.path = f"/integration/{acme.slug}/generic/{self.integration.key}/"
        Mapping.objects.create(integration=self.integration, is_enabled=True, definition=MAPPING)
        priority = Priority.objects.create(team=team, name="P1")
        tag = Tag.objects.create(team=team, name="kubernetes")
        rules: list[tuple[dict[str, Any], dict[str, Any]]] = [
            (
                {"path": "payload.payload.labels.severity", "operator": "equals", "value": "1"},
                {"action": "set_priority", "priority": str(priority.unique_id)},
            ),
            (
                {"path": "message", "operator": "contains", "value": "checkout"},
                {"action": "add_tags", "tags": [str(tag.unique_id)]},
            ),
            (
                {
                    "all": [
                        {
                            "path": "payload.payload.labels.project",
                            "operator": "starts_with",
                            "value": "kube",
                        },
                        {"path": "payload.payload.value", "operator": "greater", "value": 2},
                    ]
                },
                {"action": "set_summary", "value": "{{summary}} ({{payload.payload.labels.project}})"},
            ),
        ]
        for position, (conditions, action) in enumerate(rules, start=1):
            AlertRule.objects.create(
                integration=self.integration,
                position=position,
                name=f"Rule {position}",
                is_enabled=True,
                conditions=conditions,
                actions=[action],
            )
        self.partition = partition_of_service(service)
        self._turnover = turnover
        self._trace_ids = TraceIds()
        self._store = make_store()

    def send(self, count: int, *, entity: str = "") -> list[str]:
        from afterword.ingest.inbox import InboxEntry
        from afterword.lib import clock

        sent = []
        for first in range(0, count, 500):
            rows = []
            for number in range(first, min(first + 500, count)):
                trace_id = self._trace_ids.new()
                body = body_of(number, entity, turnover=self._turnover)
                rows.append(
                    InboxEntry(trace_id, self.integration.pk, self.partition, trace_id, body, clock.now())
                )
                sent.append(trace_id)
            self._store.insert(rows)
        return sent


def fold_all() -> int:
    from afterword.ingest.fold import fold_rows
    from afterword.ingest.waiting import Line

    line, folded = Line(), 0
    while count := fold_rows(line=line):
        folded += count
    return folded


def measure_speed(sender: Sender, count: int) -> dict[str, Any]:
    from afterword.incidents.models import Alert

    last = Alert.objects.latest("pk").pk
    sender.send(count)
    began, used, served = time.perf_counter(), time.process_time(), server_seconds()
    folded = fold_all()
    took, used = time.perf_counter() - began, time.process_time() - used
    served = server_seconds() - served
    assert folded == count
    assert_all_is_well()
    return {
        "per_second": count / took,
        "processor_microseconds": used / count * 1e6,
        "server_processor_microseconds": served / count * 1e6,
        "floor_per_second": count / copy_by_sql(sender, count, last),
    }


def server_seconds() -> float:
    """Of processor time that PostgreSQL has used for this connection; it runs on the same machine."""
    from django.db import connection

    if connection.vendor == "sqlite":
        return 0.0
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_backend_pid()")
        (pid,) = cursor.fetchone()
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def copy_by_sql(sender: Sender, count: int, last: int) -> float:
    """The seconds that the database takes for the same rows without any of our work."""
    from django.db import connection, transaction

    from afterword.incidents.models import Alert, Entry
    from afterword.ingest.models import Signal

    tables = [model._meta.db_table for model in (Alert, Entry, Signal)]
    keys = ["id", "alert_id", "alert_unique_id"]
    sender.send(count)
    with connection.cursor() as cursor:
        for table in tables:
            copy_table(cursor, table)
        cursor.execute(f"SELECT id, unique_id FROM {tables[0]} WHERE id > %s ORDER BY id", [last])
        alerts = cursor.fetchall()
        cursor.execute("SELECT id FROM ingest_inbox ORDER BY id")
        waiting = [pk for (pk,) in cursor.fetchall()]
    began = time.perf_counter()
    for first in range(0, count, BATCH_ROWS):
        batch = alerts[first : first + BATCH_ROWS]
        with transaction.atomic(), connection.cursor() as cursor:
            for table, key in zip(tables, keys, strict=True):
                low, high = (batch[0][0], batch[-1][0]) if key != "alert_unique_id" else (None, None)
                if low is not None:
                    cursor.execute(
                        f"INSERT INTO copy_{table} SELECT * FROM {table} WHERE {key} BETWEEN %s AND %s",
                        [low, high],
                    )
            cursor.execute(
                f"INSERT INTO copy_{tables[2]} SELECT s.* FROM {tables[0]} a JOIN {tables[2]} s"
                " ON s.trace_id = a.trace_id WHERE a.id BETWEEN %s AND %s",
                [batch[0][0], batch[-1][0]],
            )
            rows = waiting[first : first + BATCH_ROWS]
            cursor.execute("DELETE FROM ingest_inbox WHERE id BETWEEN %s AND %s", [rows[0], rows[-1]])
    return time.perf_counter() - began


def copy_table(cursor: Any, table: str) -> None:
    """An empty table with the same columns and indexes."""
    from django.db import connection

    if connection.vendor == "postgresql":
        cursor.execute(f"CREATE TABLE copy_{table} (LIKE {table} INCLUDING ALL)")
        # The floor has no entry to look up by its alert: that takes an index.
        if table == "incidents_entry":
            cursor.execute("CREATE INDEX entry_by_alert ON incidents_entry (alert_id)")
        return
    cursor.execute(
        "SELECT sql FROM sqlite_master WHERE tbl_name = %s AND sql IS NOT NULL ORDER BY type DESC", [table]
    )
    for (statement,) in cursor.fetchall():
        copied = statement.replace(f'"{table}"', f'"copy_{table}"')
        if copied.startswith("CREATE TABLE"):
            cursor.execute(copied)
        else:
            before, name, rest = copied.split('"', 2)
            cursor.execute(f'{before}"copy_{name}"{rest}')
    if table == "incidents_entry":
        cursor.execute("CREATE INDEX entry_by_alert ON incidents_entry (alert_id)")


def measure_storm(sender: Sender, count: int) -> dict[str, Any]:
    from afterword.ingest.fold import fold_rows
    from afterword.ingest.partitions import partition_of_entity
    from afterword.ingest.waiting import Line

    forget_rules(sender)
    sender.partition = partition_of_entity("storm")
    storm = StormSender(sender)
    storm.send(count, "storm")
    line = Line()
    began, calm, done = time.perf_counter(), [], 0
    while True:
        due = int((time.perf_counter() - began) * CALM_PER_SECOND)
        while len(calm) < due:
            calm += storm.send(1, f"calm {len(calm) % 50}")
        folded = fold_rows(BATCH_ROWS, line)
        done += folded
        if done - len(calm) >= count - BATCH_ROWS:
            break
    took = time.perf_counter() - began
    lags = lags_of(calm[: -CALM_PER_SECOND // 2])
    return {
        "others_p50_ms": percentile(lags, 50),
        "others_p99_ms": percentile(lags, 99),
        "others_max_ms": max(lags),
        "per_second": done / took,
    }


def forget_rules(sender: Sender) -> None:
    """Rows in the partitions of their entities, where a storm hits its neighbours hardest."""
    from afterword.catalog.models import Integration
    from afterword.ingest.models import AlertRule, Mapping

    Mapping.objects.all().delete()
    AlertRule.objects.all().delete()
    Integration.objects.update(revision=3)


class StormSender:
    """Sends bodies of the generic format under their own entity, all into one partition."""

    def __init__(self, sender: Sender) -> None:
        self._sender = sender

    def send(self, count: int, entity: str) -> list[str]:
        from afterword.ingest.inbox import InboxEntry
        from afterword.lib import clock

        body = json.dumps(
            {
                "message": "Checkout answers slowly",
                "alert_type": "critical",
                "entity_id": entity,
                "summary": "The 99th percentile of checkout is over its limit in eu-west since five minutes.",
                "payload": {"value": 2.31, "severity": "1", "project": "kubeprod"},
            }
        )
        sender, sent = self._sender, []
        for first in range(0, count, 500):
            rows = [
                InboxEntry(
                    sender._trace_ids.new(),
                    sender.integration.pk,
                    sender.partition,
                    entity,
                    body,
                    clock.now(),
                )
                for _ in range(min(500, count - first))
            ]
            sender._store.insert(rows)
            sent += [row.trace_id for row in rows]
        return sent


def measure_memory(sender: Sender, count: int) -> dict[str, Any]:
    chunk = 10_000
    figures = []
    for _ in range(0, count, chunk):
        sender.send(chunk)
        fold_all()
        figures.append(resident_kilobytes() / 1024)
    assert_all_is_well()
    return {
        "signals": count,
        "megabytes_after_a_tenth": figures[max(len(figures) // 10 - 1, 0)],
        "megabytes_at_the_end": figures[-1],
        "megabytes_at_most": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024,
    }


def resident_kilobytes() -> int:
    lines = Path("/proc/self/status").read_text().splitlines()
    return int(next(line for line in lines if line.startswith("VmRSS")).split()[1])


def wait_until_warm() -> dict[str, Any]:
    """Until the first rows have been folded, by the program that is running."""
    from afterword.ingest.models import InboxRow, Signal

    deadline = time.monotonic() + WARM_UP_SECONDS_MAX
    while InboxRow.objects.exists() or Signal.objects.count() < WARM_UP_ROWS:
        assert time.monotonic() < deadline, "the first rows were not folded"
        time.sleep(0.2)
    return {}


def read_lags(count: int) -> dict[str, Any]:
    """Once all is folded; the process that folds has ended, so what it left is folded here."""
    from afterword.ingest.models import Signal

    fold_all()
    found = Signal.objects.order_by("received_at").values_list("received_at", "folded_at")
    lags = [(folded - received).total_seconds() * 1000 for received, folded in found]
    assert len(lags) == count, (len(lags), count)
    lags = lags[WARM_UP_ROWS:]
    assert_all_is_well()
    return {"p50_ms": percentile(lags, 50), "p99_ms": percentile(lags, 99), "max_ms": max(lags)}


def lags_of(trace_ids: list[str]) -> list[float]:
    from afterword.ingest.models import Signal

    keys = [uuid.UUID(trace_id) for trace_id in trace_ids]
    times = []
    for first in range(0, len(keys), 500):
        found = Signal.objects.filter(pk__in=keys[first : first + 500])
        times += [
            (folded - received).total_seconds() * 1000
            for received, folded in found.values_list("received_at", "folded_at")
        ]
    assert len(times) == len(keys), "some of the others still wait"
    return times


def percentile(values: list[float], number: int) -> float:
    return statistics.quantiles(values, n=100)[number - 1]


def assert_all_is_well() -> None:
    from afterword.ingest.models import Signal

    failed = Signal.objects.exclude(error="").first()
    assert failed is None, failed.error


def use_the_orm() -> None:
    """Put Django's own ways in the place of our statements."""
    from django.db import models

    from afterword.lib import bulk

    def object_of(table: bulk.Table, row: bulk.Row) -> models.Model:
        values = {}
        for field, value in zip(table.fields, row, strict=True):
            if value is not None and isinstance(field, models.UUIDField):
                value = uuid.UUID(value)
            elif value is not None and isinstance(field, models.JSONField):
                value = json.loads(value)
            values[field.attname] = value
        return table.model(**values)

    def insert(table: bulk.Table, rows: Any, *, skip_twins: bool = False) -> None:
        objects = [object_of(table, row) for row in rows]
        table.model._default_manager.bulk_create(objects, ignore_conflicts=skip_twins)

    def update(table: bulk.Table, rows: Any) -> None:
        if rows:
            names = [field.name for field in table.fields[1:]]
            objects = [object_of(table, row) for row in rows]
            table.model._default_manager.bulk_update(objects, names, batch_size=100)

    bulk.Table.insert = insert  # type: ignore[method-assign]
    bulk.Table.stream = lambda table, rows: insert(table, list(rows))  # type: ignore[method-assign]
    bulk.Table.update = update  # type: ignore[method-assign]


if __name__ == "__main__":
    print(json.dumps(main(sys.argv[1], int(sys.argv[2]), sys.argv[3])))
