"""Which rows are kept in one order: those of an entity, or of a service where only the fold knows more."""

from __future__ import annotations

from typing import Any

import pytest

from afterword.catalog.models import Integration
from afterword.ingest.keys import KnownIntegration
from afterword.ingest.models import AlertRule, Mapping
from afterword.ingest.partitions import (
    ENTITY_PARTITIONS_COUNT,
    is_of_service,
    partition_of_entity,
    partition_of_service,
)
from afterword.ingest.reads import read_key_table

pytestmark = pytest.mark.django_db


def known(integration: Integration) -> KnownIntegration:
    return read_key_table()[f"{integration.kind}/{integration.key}"]


def add_rule(integration: Integration, action: dict[str, Any], *, is_enabled: bool = True) -> None:
    AlertRule.objects.create(
        integration=integration, position=1, name="Rule", is_enabled=is_enabled, actions=[action]
    )
    integration.revision += 1
    integration.save()


def test_rows_usually_have_the_partition_of_their_entity(integration: Integration) -> None:
    assert known(integration).partition is None
    assert {partition_of_entity(str(number)) for number in range(1000)} == set(range(ENTITY_PARTITIONS_COUNT))
    assert not any(is_of_service(number) for number in range(ENTITY_PARTITIONS_COUNT))


@pytest.mark.parametrize(
    ("action", "moves"),
    [
        ({"action": "set_entity_id", "value": "x"}, True),
        ({"action": "route", "service": "x"}, True),
        ({"action": "group", "key": "x", "window_minutes": 5}, True),
        ({"action": "set_summary", "value": "x"}, False),
        ({"action": "suppress"}, False),
    ],
)
def test_rules_that_move_alerts_keep_a_service_together(
    integration: Integration, action: dict[str, Any], moves: bool
) -> None:
    assert known(integration).partition is None
    add_rule(integration, action)
    expected = partition_of_service(integration.service) if moves else None
    assert known(integration).partition == expected


def test_a_rule_that_is_switched_off_does_not(integration: Integration) -> None:
    add_rule(integration, {"action": "route", "service": "x"}, is_enabled=False)
    assert known(integration).partition is None


def test_a_mapping_does_and_lets_any_body_in(integration: Integration) -> None:
    mapping = Mapping.objects.create(integration=integration, is_enabled=False)
    assert known(integration).partition is None
    assert not known(integration).is_mapped
    mapping.is_enabled = True
    mapping.save()
    assert known(integration).partition == partition_of_service(integration.service)
    assert known(integration).is_mapped


def test_collation_does(integration: Integration) -> None:
    integration.service.collation_minutes = 5
    integration.service.save()
    assert known(integration).partition == partition_of_service(integration.service)


def test_a_limit_of_its_own_goes_before_that_of_the_settings(integration: Integration) -> None:
    assert known(integration).per_minute_max == 0
    integration.signals_per_minute_max = 100
    integration.save()
    assert known(integration).per_minute_max == 100


def test_a_disabled_integration_is_in_no_table(integration: Integration) -> None:
    integration.is_enabled = False
    integration.save()
    assert read_key_table() == {}
