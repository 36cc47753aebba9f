"""What people and other workers do while something is read for the index."""

from __future__ import annotations

import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection, transaction

from afterword.accounts.models import Person
from afterword.drafting.similar import sources
from afterword.drafting.similar.models import ConfirmedRepeat, SeenText, WaitingText
from afterword.drafting.similar.writes import (
    confirm_repeat,
    index_all_waiting,
    index_waiting,
    queue_for_index,
    reindex,
)
from afterword.incidents.models import Incident
from afterword.postmortems.foreign.writes import delete_postmortem
from afterword.postmortems.models import Postmortem, Section
from afterword.postmortems.reads import lock_postmortem
from tests.cast import STARTED
from tests.conftest import ON_POSTGRESQL

Make = Callable[..., Any]
of_several = pytest.mark.skipif(not ON_POSTGRESQL, reason="SQLite has one writer at a time by itself")


@pytest.fixture
def on_cutting(monkeypatch: pytest.MonkeyPatch) -> Callable[[Callable[[], object]], None]:
    """Have this done each time that a text is cut into words."""

    def set_up(act: Callable[[], object]) -> None:
        def weigh(parts: Any) -> dict[str, float]:
            act()
            return weigh_words(parts)

        weigh_words = sources.weigh_words
        monkeypatch.setattr(sources, "weigh_words", weigh)

    return set_up


def terms_of(incident: Incident) -> set[str]:
    return set(SeenText.objects.get(incident=incident).terms)


def test_texts_are_cut_while_nobody_waits_for_the_index(
    seen: Make, told: Make, on_cutting: Callable[[Callable[[], object]], None]
) -> None:
    depths: set[int] = set()
    on_cutting(lambda: depths.add(len(connection.savepoint_ids)))
    told("Outage of 2019", "The connection pool ran dry.", seen("Connection pool ran dry"))
    reindex(lambda done, every: None)
    assert depths == {0}, "the test's own transaction has no savepoints"


def test_what_another_worker_has_indexed_meanwhile_is_not_overwritten(
    seen: Make, on_cutting: Callable[[Callable[[], object]], None]
) -> None:
    incident = seen("Late mail")
    Incident.objects.filter(pk=incident.pk).update(title="Zeppelin at the fibre")
    queue_for_index(incidents=[incident.pk])

    def change() -> None:
        if not is_changed:
            is_changed.append(True)
            Incident.objects.filter(pk=incident.pk).update(title="Certificate is too old")
            queue_for_index(incidents=[incident.pk])
            assert index_waiting() == 2

    is_changed: list[bool] = []
    on_cutting(change)
    index_all_waiting()
    assert "certificat" in terms_of(incident)
    assert "zeppelin" not in terms_of(incident)
    assert not WaitingText.objects.exists()


def test_what_changes_while_all_is_made_anew_is_indexed_as_it_is_in_the_end(
    seen: Make, on_cutting: Callable[[Callable[[], object]], None]
) -> None:
    incident = seen("Late mail")

    def change() -> None:
        if not is_changed:
            is_changed.append(True)
            Incident.objects.filter(pk=incident.pk).update(title="Certificate is too old")
            queue_for_index(incidents=[incident.pk])
            assert index_waiting() == 1

    is_changed: list[bool] = []
    on_cutting(change)
    assert reindex(lambda done, every: None) == 1
    assert "certificat" in terms_of(incident)
    assert "mail" not in terms_of(incident)


def test_what_is_deleted_meanwhile_is_not_indexed(
    told: Make, alice: Person, on_cutting: Callable[[Callable[[], object]], None]
) -> None:
    postmortem = told("Late mail")
    SeenText.objects.all().delete()
    queue_for_index(postmortems=[postmortem.pk])
    on_cutting(lambda: Postmortem.objects.filter(pk=postmortem.pk).delete())
    index_waiting()
    index_all_waiting()
    assert not SeenText.objects.exists()
    assert not WaitingText.objects.exists()


@of_several
@pytest.mark.django_db(transaction=True)
def test_a_deletion_and_the_first_indexing_do_not_wait_for_each_other(told: Make, alice: Person) -> None:
    postmortem = told("Late mail")
    SeenText.objects.all().delete()
    Section.objects.all().delete()
    queue_for_index(postmortems=[postmortem.pk])
    is_held, is_indexed = threading.Event(), threading.Event()

    def delete() -> None:
        try:
            with transaction.atomic():
                lock_postmortem(alice, postmortem)
                is_held.set()
                is_indexed.wait(20)
                delete_postmortem(actor=alice, postmortem=postmortem)
        finally:
            connection.close()

    with ThreadPoolExecutor(1) as pool:
        deletion = pool.submit(delete)
        assert is_held.wait(60)
        assert index_waiting() == 0, "it is left for later"
        is_indexed.set()
        deletion.result(60)
    index_all_waiting()
    assert not SeenText.objects.exists()
    assert not WaitingText.objects.exists()


@of_several
@pytest.mark.django_db(transaction=True)
def test_two_people_say_of_either_side_that_the_cause_was_the_same(
    seen: Make, alice: Person, bob: Person
) -> None:
    earlier, later = seen("Late mail"), seen("Late mail again", started=STARTED + timedelta(hours=1))
    together = threading.Barrier(2)

    def confirm(actor: Person, one: Incident, other: Incident) -> int:
        try:
            together.wait(60)
            return confirm_repeat(actor=actor, incident=one, earlier_incident=other).pk
        finally:
            connection.close()

    with ThreadPoolExecutor(2) as pool:
        for _ in range(5):
            ConfirmedRepeat.objects.all().delete()
            said = [pool.submit(confirm, alice, later, earlier), pool.submit(confirm, bob, earlier, later)]
            assert len({one.result(60) for one in said}) == 1
