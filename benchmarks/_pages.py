"""The process that `pages.py` measures: it fills a database and asks for pages. Not to be called alone."""

from __future__ import annotations

import json
import sys
import time
from collections.abc import Callable, Iterable, Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

from _folding import server_seconds

FEW = 1_000
STARTED = datetime(2026, 1, 5, 8, 0, tzinfo=UTC)
SERVICES = 20
PEOPLE = 100
BATCH_ROWS = 5_000
SMALL_ENTRIES, SMALL_ALERTS = 10, 2
LARGE_ENTRIES, LARGE_ALERTS = 1_000, 200
TITLES = (
    "Checkout answers slowly",
    "The mail queue grows",
    "Search finds nothing",
    "The disk is nearly full",
)


def main(many: int, rounds: int) -> dict[str, Any]:
    import django

    django.setup()
    from django.conf import settings
    from django.core.management import call_command
    from django.test import Client

    call_command("migrate", verbosity=0)
    settings.ALLOWED_HOSTS = ["testserver"]
    world = World()
    world.fill(0, FEW)
    analyse()
    clients = {}
    for name, person in (("", world.administrator), (", as a member", world.member)):
        clients[name] = Client()
        clients[name].force_login(person)
    lists = {
        "incidents": "/incidents",
        "incidents, open": "/incidents?status=open",
        "incidents, one service": f"/incidents?service={world.services[3].unique_id}",
        "incidents, a word in the title": "/incidents?text=queue",
        "incidents, page 20": "/incidents?page=20",
        "post-mortems": "/postmortems",
        "follow-ups": "/follow-ups",
        "home": "/",
    }
    pages = {f"{page}{who}": (clients[who], path) for page, path in lists.items() for who in clients}
    pages["audit log"] = (clients[""], "/settings/audit")
    few = {name: measure(client, path, rounds) for name, (client, path) in pages.items()}
    world.fill(FEW, many)
    small, large = (
        world.incident_with(SMALL_ENTRIES, SMALL_ALERTS),
        world.incident_with(LARGE_ENTRIES, LARGE_ALERTS),
    )
    analyse()
    found = {
        name: {**measure(client, path, rounds), "before": few[name]["ms"]}
        for name, (client, path) in pages.items()
    }
    for tab, path in (("", ""), (", alerts", "/alerts"), (", paging", "/paging")):
        for who, client in clients.items():
            before = measure(client, f"/incidents/{small}{path}", rounds)
            after = measure(client, f"/incidents/{large}{path}", rounds)
            found[f"incident{tab}{who}"] = {**after, "before": before["ms"]}
    return found


def measure(client: Any, path: str, rounds: int) -> dict[str, float]:
    """Medians of the time from the request to the whole answer, without the network."""
    import statistics

    from django.db import connection

    queries = 0

    def count(execute: Callable[..., Any], *arguments: Any) -> Any:
        nonlocal queries
        queries += 1
        return execute(*arguments)

    with connection.execute_wrapper(count):
        answer = client.get(path)
    assert answer.status_code == 200, (path, answer.status_code)
    times = []
    used, served = time.process_time(), server_seconds()
    for _ in range(rounds):
        began = time.perf_counter()
        client.get(path)
        times.append((time.perf_counter() - began) * 1e3)
    used = time.process_time() - used + server_seconds() - served
    return {
        "ms": statistics.median(times),
        "slowest_ms": max(times),
        "processor_ms": used / rounds * 1e3,
        "queries": queries,
        "kilobytes": len(answer.content) / 1e3,
    }


def analyse() -> None:
    """As the databases do by themselves some time after so many rows."""
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")
        if connection.vendor == "postgresql":
            cursor.execute("VACUUM")


class World:
    """An organisation with two people and as many incidents as one asks for."""

    def __init__(self) -> None:
        from afterword.accounts.models import Membership, Organisation, OrganisationRole, Person, Team
        from afterword.catalog.models import Integration, Priority, Service, Tag

        Organisation.objects.create(id=1, name="Acme", slug="acme-0a1b2c")
        self.team = Team.objects.create(name="Payments")
        self.administrator = Person.objects.create(
            name="Alice", email="alice@example.com", role=OrganisationRole.OWNER
        )
        self.member = Person.objects.create(
            name="Bob", email="bob@example.com", role=OrganisationRole.RESPONDER
        )
        other = Team.objects.create(name="Search")
        for person in (self.administrator, self.member):
            Membership.objects.create(team=self.team, person=person)
        self.people = [self.administrator, self.member]
        for number in range(2, PEOPLE):
            person = Person.objects.create(name=f"Person {number}", email=f"person-{number}@example.com")
            Membership.objects.create(team=self.team, person=person)
            self.people.append(person)
        # The member sees all but every tenth incident.
        self.services = [
            Service.objects.create(team=other if number % 10 == 9 else self.team, name=f"Service {number}")
            for number in range(SERVICES)
        ]
        self.integration = Integration.objects.create(service=self.services[0], name="Prometheus")
        self.priority = Priority.objects.create(team=self.team, name="P1")
        self.tag = Tag.objects.create(team=self.team, name="kubernetes")
        self.count = 0

    def fill(self, since: int, until: int) -> None:
        """Incidents of which every hundredth is open, each with an entry; and for every tenth a post-mortem,
        three follow-ups, and ten events in the audit log."""
        from afterword.audit.models import AuditEvent
        from afterword.followups.models import FollowUp
        from afterword.incidents.models import Entry, Incident
        from afterword.postmortems.models import Postmortem, PostmortemIncident

        for first in range(since, until, BATCH_ROWS):
            numbers = range(first + 1, min(first + BATCH_ROWS, until) + 1)
            incidents = Incident.objects.bulk_create(self._incident(number) for number in numbers)
            through = Incident.tags.through
            through.objects.bulk_create(
                through(incident_id=one.pk, tag_id=self.tag.pk) for one in incidents if one.number % 5 == 0
            )
            # Past the manager that counts versions, which is no part of what is measured.
            Entry._base_manager.bulk_create(self._entries(incidents, 1))
            AuditEvent.objects.bulk_create(self._events(incidents))
            learned = [one for one in incidents if one.number % 10 == 0]
            documents = Postmortem.objects.bulk_create(
                Postmortem(
                    number=one.number // 10,
                    team_id=one.service.team_id,
                    title=f"What made it slow, {one.number}",
                    author=self.people[one.number // 10 % PEOPLE],
                    template_name="Standard",
                )
                for one in learned
            )
            PostmortemIncident.objects.bulk_create(
                PostmortemIncident(postmortem=document, incident=one)
                for document, one in zip(documents, learned, strict=True)
            )
            FollowUp.objects.bulk_create(
                FollowUp(
                    incident=one,
                    title=f"Watch the pool of connections, {one.number}.{number}",
                    owner=self.people[one.number // 10 % PEOPLE] if number else None,
                    due_on=STARTED.date() + timedelta(days=one.number % 300),
                )
                for one in learned
                for number in range(3)
            )
        self.count = until

    def incident_with(self, entries: int, alerts: int) -> int:
        """The number of an open incident with so many entries, of which the first ones tell of alerts."""
        import uuid

        from afterword.incidents.models import Alert, AlertType, Entry, EntryKind

        self.count += 1
        incident = self._incident(self.count)
        incident.status, incident.resolved_at = "triggered", None
        incident.service = self.services[0]
        incident.save(force_insert=True)
        made = Alert.objects.bulk_create(
            Alert(
                trace_id=uuid.uuid4(),
                integration=self.integration,
                incident=incident,
                alert_type=AlertType.CRITICAL,
                entity_id="checkout",
                message=f"Checkout answers slowly, the {number}th time",
                payload={"host": f"web-{number}", "labels": {"severity": "high", "region": "eu-west"}},
                received_at=incident.created_at + timedelta(seconds=number),
            )
            for number in range(alerts)
        )
        lines = list(self._entries([incident], entries))
        for line, alert in zip(lines, made, strict=False):
            line.kind, line.alert = EntryKind.ALERT, alert
        Entry._base_manager.bulk_create(lines)
        return incident.number

    def _incident(self, number: int) -> Any:
        from afterword.incidents.models import Incident

        started = STARTED + timedelta(minutes=number)
        is_open = number % 100 == 0
        return Incident(
            number=number,
            service=self.services[number % SERVICES],
            entity_id=f"entity-{number}",
            title=f"{TITLES[number % len(TITLES)]} ({number})",
            summary="The 99th percentile of checkout was over its limit in eu-west.",
            priority=self.priority if number % 3 == 0 else None,
            status="triggered" if is_open else "resolved",
            created_at=started,
            impact_started_at=started,
            detected_at=started,
            resolved_at=None if is_open else started + timedelta(minutes=40),
        )

    def _entries(self, incidents: Iterable[Any], count: int) -> Iterator[Any]:
        from afterword.incidents.models import Entry, EntryKind

        kinds: list[Callable[[int], dict[str, Any]]] = [
            lambda number: {
                "kind": EntryKind.NOTE,
                "text": f"**Look {number}**: the pool is full, see `pool.size` and [the graph](https://example.com/g).",
                "person": self.member,
                "source": "Bob",
            },
            lambda number: {
                "kind": EntryKind.STATUS,
                "text": f"Something changed, {number}.",
                "source": "Program",
            },
        ]
        for incident in incidents:
            for number in range(count):
                at = incident.created_at + timedelta(seconds=number)
                yield Entry(incident=incident, at=at, created_at=at, **kinds[number % 2](number))

    def _events(self, incidents: Iterable[Any]) -> Iterator[Any]:
        from afterword.audit.models import AuditEvent

        for incident in incidents:
            yield AuditEvent(
                at=incident.created_at,
                action="incident.triggered",
                actor_kind="system",
                actor_name="Afterword",
                subject_kind="incident",
                subject_id=str(incident.pk),
                subject_name=incident.title,
                team_id=incident.service.team_id,
            )


if __name__ == "__main__":
    print(json.dumps(main(int(sys.argv[1]), int(sys.argv[2]))))
