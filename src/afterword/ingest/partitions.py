"""Which rows of the inbox are kept in one order.

A row usually stands in the partition of its entity. Where only the fold knows to which entity, incident or
service an alert belongs (a mapping, a rule that moves alerts, a service that collates), all rows of the
service stand in one partition. The two kinds have numbers of their own, so that a row tells under which
rule it was let in.
"""

from __future__ import annotations

import zlib

from afterword.catalog.models import Service

ENTITY_PARTITIONS_COUNT = 16
"""From 0. Stands in every row of the inbox: rows that wait keep the partition that they were given."""
SERVICE_PARTITIONS_COUNT = 16
"""Behind those of the entities."""
PARTITIONS_COUNT = ENTITY_PARTITIONS_COUNT + SERVICE_PARTITIONS_COUNT


def partition_of_entity(entity_id: str) -> int:
    """The partition of the rows of this entity."""
    return zlib.crc32(entity_id.encode()) % ENTITY_PARTITIONS_COUNT


def partition_of_service(service: Service) -> int:
    """The partition of all rows of a service that are kept in one order."""
    return ENTITY_PARTITIONS_COUNT + zlib.crc32(str(service.unique_id).encode()) % SERVICE_PARTITIONS_COUNT


def is_of_service(partition: int) -> bool:
    """Whether a row was let in as one of a service that is kept in one order."""
    return partition >= ENTITY_PARTITIONS_COUNT
