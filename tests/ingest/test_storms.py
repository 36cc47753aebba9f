"""A storm of alerts about one thing is folded in its order, and does not hold up the others."""

from __future__ import annotations

import random
import uuid

import pytest
from django.db import transaction

from afterword.catalog.models import Integration, Service
from afterword.incidents.models import Alert
from afterword.ingest.fold import fold_rows
from afterword.ingest.models import InboxRow
from afterword.ingest.partitions import partition_of_entity, partition_of_service
from afterword.ingest.waiting import Line
from tests.ingest.signals import receive

BATCH_ROWS = 20
STORM_ROWS = 600


def put(integration: Integration, *entities: str, partition: int | None = None) -> None:
    """Rows in this order, quickly; each tells its number in its message."""
    first = InboxRow.objects.count() + Alert.objects.count()
    receive(integration, entity_id=entities[0], message=f"{first}")
    template = InboxRow.objects.latest("pk")
    if partition is not None:
        InboxRow.objects.filter(pk=template.pk).update(partition=partition)
    InboxRow.objects.bulk_create(
        [
            InboxRow(
                trace_id=uuid.uuid4(),
                integration_id=integration.pk,
                partition=partition_of_entity(entity) if partition is None else partition,
                entity_id=entity,
                body=template.body.replace(f'"{first}"', f'"{number}"'),
                received_at=template.received_at,
            )
            for number, entity in enumerate(entities[1:], start=first + 1)
        ]
    )


def fold_all(line: Line) -> int:
    batches = 0
    while fold_rows(BATCH_ROWS, line):
        batches += 1
    return batches


def assert_each_entity_is_in_order() -> None:
    found: dict[str, list[int]] = {}
    for entity, message in Alert.objects.order_by("id").values_list("entity_id", "message"):
        found.setdefault(entity, []).append(int(message))
    assert all(numbers == sorted(numbers) for numbers in found.values()), found


def entity_in_partition_of(entity: str) -> str:
    """Another entity that shares the partition: the hardest case."""
    wanted = partition_of_entity(entity)
    return next(f"calm {n}" for n in range(1_000) if partition_of_entity(f"calm {n}") == wanted)


def test_the_others_go_past_a_storm(integration: Integration) -> None:
    line = Line()
    neighbour = entity_in_partition_of("storm")
    put(integration, *["storm"] * STORM_ROWS, neighbour, "calm")
    for _ in range(4):
        fold_rows(BATCH_ROWS, line)
    assert Alert.objects.filter(entity_id__in=[neighbour, "calm"]).count() == 2
    assert InboxRow.objects.filter(entity_id="storm").count() > STORM_ROWS / 2
    # Also those who come while it goes on.
    put(integration, *["storm"] * STORM_ROWS, "late", neighbour)
    for _ in range(6):
        fold_rows(BATCH_ROWS, line)
    assert Alert.objects.filter(entity_id="late").exists()
    assert Alert.objects.filter(entity_id=neighbour).count() == 2
    fold_all(line)
    assert_each_entity_is_in_order()
    assert Alert.objects.count() == STORM_ROWS * 2 + 4


def test_a_service_that_is_kept_in_one_order_is_a_storm_as_a_whole(
    integration: Integration, service: Service
) -> None:
    line = Line()
    other = Integration.objects.create(service=service, name="Another")
    partition = partition_of_service(service)
    Service.objects.update(collation_minutes=1)
    put(integration, *(str(number % 50) for number in range(STORM_ROWS)), partition=partition)
    put(other, "calm", partition=partition)
    for _ in range(4):
        fold_rows(BATCH_ROWS, line)
    assert Alert.objects.filter(entity_id="calm").exists()
    recorded = list(Alert.objects.exclude(entity_id="calm").order_by("id").values_list("message", flat=True))
    assert recorded == [str(number) for number in range(len(recorded))]
    assert len(recorded) < STORM_ROWS


@pytest.mark.parametrize("seed", range(4))
def test_whatever_storms_there_are_nothing_is_lost_and_each_stays_in_order(
    integration: Integration, seed: int
) -> None:
    chance = random.Random(seed)
    line = Line()
    names = [f"entity {number}" for number in range(30)]
    sent = 0
    for _ in range(6):
        storms = chance.sample(names, chance.randint(1, 3))
        burst = [
            chance.choice(storms) if chance.random() < 0.9 else chance.choice(names)
            for _ in range(chance.randint(1, 150))
        ]
        put_after(integration, burst, sent)
        sent += len(burst)
        for _ in range(chance.randint(0, 6)):
            fold_rows(BATCH_ROWS, line)
        if chance.random() < 0.3:
            line.forget()
    fold_all(line)
    assert Alert.objects.count() == sent
    assert_each_entity_is_in_order()


def put_after(integration: Integration, entities: list[str], first: int) -> None:
    for number, entity in enumerate(entities, start=first):
        receive(integration, entity_id=entity, message=str(number))


def test_a_batch_that_fails_is_taken_again_in_order(integration: Integration) -> None:
    line = Line()
    put(integration, *["storm"] * 100, "calm", *["storm"] * 100, "calm")
    fold_rows(BATCH_ROWS, line)

    class Refused(Exception):
        pass

    def fold_and_fail() -> None:
        with transaction.atomic():
            fold_rows(BATCH_ROWS, line)
            raise Refused

    with pytest.raises(Refused):
        fold_and_fail()
    line.forget()  # as `fold_rows` itself does when its own transaction fails
    fold_all(line)
    assert Alert.objects.count() == 202
    assert_each_entity_is_in_order()
