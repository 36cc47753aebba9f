"""Two people who do the same thing at the same moment."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest
from django.db import connection, connections

from afterword.accounts.models import Person
from afterword.audit.models import AuditEvent
from afterword.incidents import writes
from afterword.incidents.errors import AlreadyAcknowledged, AlreadyResolved
from afterword.incidents.models import Incident
from afterword.lib.errors import AfterwordError

pytestmark = pytest.mark.django_db(transaction=True)

PEOPLE = 4


@pytest.fixture
def several(
    incident: Incident, bob: Person, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Iterator[ThreadPoolExecutor]:
    """Threads that each have a connection of their own to one database.

    The tests' SQLite is in memory, where connections wait for nobody; these go to a copy of it in a file,
    opened as an install opens its own.
    """
    if connection.vendor == "sqlite":
        copy = str(tmp_path / "copy.sqlite3")
        with connection.cursor() as cursor:
            cursor.execute("VACUUM INTO %s", [copy])
        monkeypatch.setitem(connections.settings["default"], "NAME", copy)
    with ThreadPoolExecutor(PEOPLE) as pool:
        yield pool


def ask(pool: ThreadPoolExecutor, question: Callable[[], Any]) -> Any:
    """The answer to a question about the database that the threads share."""

    def run() -> Any:
        try:
            return question()
        finally:
            connection.close()

    return pool.submit(run).result(30)


def at_once(pool: ThreadPoolExecutor, act: Callable[[], object]) -> list[str]:
    """What became of it for each of `PEOPLE` people: the name of the refusal, or "done"."""
    start = threading.Barrier(PEOPLE)

    def run() -> str:
        try:
            start.wait(10)
            act()
        except AfterwordError as refusal:
            return type(refusal).__name__
        finally:
            connection.close()
        return "done"

    return sorted(future.result(30) for future in [pool.submit(run) for _ in range(PEOPLE)])


@pytest.mark.parametrize(
    ("write", "refusal", "action"),
    [
        (writes.resolve_incident, AlreadyResolved, "incident.resolved"),
        (writes.acknowledge_incident, AlreadyAcknowledged, "incident.acknowledged"),
    ],
)
def test_it_happens_once(
    several: ThreadPoolExecutor,
    bob: Person,
    incident: Incident,
    write: Callable[..., Incident],
    refusal: type[AfterwordError],
    action: str,
) -> None:
    results = at_once(several, lambda: write(actor=bob, incident=incident))
    assert results == [refusal.__name__] * (PEOPLE - 1) + ["done"]
    assert ask(several, AuditEvent.objects.filter(action=action).count) == 1
    assert ask(several, incident.entries.count) == 2


def test_numbers_have_no_twins_and_no_gaps(
    several: ThreadPoolExecutor, bob: Person, incident: Incident
) -> None:
    at_once(
        several, lambda: writes.create_incident(actor=bob, service=incident.service, title="Tills are down")
    )
    numbers = ask(several, lambda: sorted(Incident.objects.values_list("number", flat=True)))
    assert numbers == [1, 2, 3, 4, 5]
