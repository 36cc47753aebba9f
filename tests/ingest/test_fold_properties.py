"""What must hold of the fold for any alerts in any order: checked with hypothesis."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, NamedTuple

import pytest
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from afterword.catalog.models import Integration, MaintenanceWindow, Service
from afterword.incidents.models import Alert, Incident, IncidentEntity
from afterword.ingest.fold import fold_rows
from afterword.ingest.models import AlertRule, InboxRow, Signal
from afterword.ingest.partitions import partition_of_service
from afterword.ingest.waiting import Line
from tests.ingest.signals import after, receive

EXAMPLES = settings(
    max_examples=30,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)


class Event(NamedTuple):
    """An alert that is sent once, at a time of its own."""

    entity: str
    alert_type: str
    suppressed: bool
    summary: str
    minute: int


events = st.lists(
    st.builds(
        Event,
        entity=st.sampled_from("abc"),
        alert_type=st.sampled_from(["critical", "error", "warning", "info", "acknowledged", "resolved"]),
        suppressed=st.sampled_from([False, False, False, True]),
        summary=st.sampled_from(["", "", "What we know"]),
        minute=st.integers(0, 60),
    ),
    min_size=1,
    max_size=25,
)
batch_sizes = st.lists(st.integers(1, 30), min_size=1, max_size=8)


@contextmanager
def undone() -> Iterator[None]:
    """What is done inside leaves nothing behind."""
    with transaction.atomic():
        yield
        transaction.set_rollback(True)


def fold(integration: Integration, sent: list[Event], sizes: list[int], *, is_apart: bool = False) -> None:
    """Send all, then fold in batches of these sizes, over and over. `is_apart`: of a service in one order."""
    for event in sent:
        receive(
            integration,
            entity_id=event.entity,
            alert_type=event.alert_type,
            suppressed=event.suppressed,
            summary=event.summary or None,
            message=f"{event.alert_type} at {event.minute}",
            at=after(event.minute),
        )
    if is_apart:
        InboxRow.objects.update(partition=partition_of_service(integration.service))
    turn, line = 0, Line()
    while fold_rows(sizes[turn % len(sizes)], line):
        turn += 1


def life_by_entity() -> dict[str, list[Any]]:
    """All that is known of each entity, without numbers and ids."""
    lives: dict[str, list[Any]] = defaultdict(list)
    for incident in Incident.objects.order_by("number"):
        entities = incident.entities.order_by("id").values_list("entity_id", "resolved_at")
        lives[incident.entity_id].append(
            (
                *(
                    incident.title,
                    incident.summary,
                    incident.status,
                    incident.created_at,
                    incident.last_alert_at,
                ),
                *(incident.acknowledged_at, incident.resolved_at, incident.fixed_at),
                list(entities),
                sorted((entry.at, entry.kind, entry.text) for entry in incident.entries.all()),
                [alert.message for alert in incident.alerts.order_by("id")],
            )
        )
    for alert in Alert.objects.filter(incident=None).order_by("id"):
        lives[alert.entity_id].append(alert.message)
    return lives


def assert_all_is_consistent(count: int) -> None:
    assert not InboxRow.objects.exists()
    assert Signal.objects.count() == count
    assert Alert.objects.count() + Signal.objects.exclude(error="").count() == count
    for incident in Incident.objects.all():
        has_open_entity = IncidentEntity.objects.filter(incident=incident, resolved_at=None).exists()
        assert has_open_entity == (not incident.is_resolved)
    open_ones = IncidentEntity.objects.filter(resolved_at=None).values_list("entity_id", flat=True)
    assert len(open_ones) == len(set(open_ones))


def interleaved(sent: list[Event], chance: Any) -> list[Event]:
    """The same events in another order that keeps that of each entity."""
    queues: dict[str, list[Event]] = defaultdict(list)
    for event in sent:
        queues[event.entity].append(event)
    mixed = []
    while queues:
        name = chance.choice(sorted(queues))
        mixed.append(queues[name].pop(0))
        if not queues[name]:
            del queues[name]
    return mixed


@EXAMPLES
@given(
    sent=events, sizes=batch_sizes, chance=st.randoms(use_true_random=False), reopen=st.sampled_from([0, 15])
)
def test_any_interleaving_and_any_batch_size_gives_each_entity_the_same_life(
    integration: Integration, service: Service, sent: list[Event], sizes: list[int], chance: Any, reopen: int
) -> None:
    Service.objects.update(reopen_minutes=reopen)
    with undone():
        fold(integration, sent, [1])
        expected = life_by_entity()
        assert_all_is_consistent(len(sent))
    with undone():
        fold(integration, interleaved(sent, chance), sizes)
        assert life_by_entity() == expected
        assert_all_is_consistent(len(sent))


@EXAMPLES
@given(
    sent=events,
    sizes=batch_sizes,
    minutes=st.fixed_dictionaries(
        {"reopen_minutes": st.sampled_from([0, 15]), "collation_minutes": st.sampled_from([0, 10])}
    ),
    groups=st.booleans(),
    under_maintenance=st.booleans(),
)
def test_grouped_or_not_the_size_of_the_batches_makes_no_difference(
    integration: Integration,
    service: Service,
    sent: list[Event],
    sizes: list[int],
    minutes: dict[str, int],
    groups: bool,
    under_maintenance: bool,
) -> None:
    is_apart = groups or minutes["collation_minutes"] > 0
    with undone():
        Service.objects.update(**minutes)
        if groups:
            action = {"action": "group", "key": "{{alert_type}}", "window_minutes": 20}
            AlertRule.objects.create(
                integration=integration, position=1, name="Group", is_enabled=True, actions=[action]
            )
            Integration.objects.update(revision=2)
        if under_maintenance:
            window = MaintenanceWindow.objects.create(
                team=service.team, name="Upgrade", starts_at=after(20), ends_at=after(30)
            )
            window.services.add(service)
        with undone():
            fold(integration, sent, [1], is_apart=is_apart)
            expected = life_by_entity()
            assert_all_is_consistent(len(sent))
        with undone():
            fold(integration, sent, sizes, is_apart=is_apart)
            assert life_by_entity() == expected
            assert_all_is_consistent(len(sent))
    Integration.objects.update(revision=1)


@pytest.mark.parametrize("times", [2, 3])
@EXAMPLES
@given(sent=events, sizes=batch_sizes)
def test_alerts_that_are_sent_again_change_nothing_but_the_timeline(
    integration: Integration, sent: list[Event], sizes: list[int], times: int
) -> None:
    """Each several times in a row, as senders do that got no answer."""

    def outline() -> list[Any]:
        return [
            (incident.entity_id, incident.title, incident.status, incident.created_at, incident.resolved_at)
            for incident in Incident.objects.order_by("entity_id", "number")
        ]

    with undone():
        fold(integration, sent, [30])
        expected = outline()
    with undone():
        fold(integration, [event for event in sent for _ in range(times)], sizes)
        assert outline() == expected
        assert_all_is_consistent(len(sent) * times)
