"""Trace ids."""

from __future__ import annotations

import time
import uuid

import pytest

from afterword.ingest.trace_ids import TraceIds

pytestmark = pytest.mark.pure


def test_trace_ids_are_uuids_of_version_7_that_grow() -> None:
    trace_ids = TraceIds()
    made = [trace_ids.new() for _ in range(20_000)]
    assert made == sorted(set(made))
    for text in made[::500]:
        parsed = uuid.UUID(text)
        assert str(parsed) == text
        assert (parsed.version, parsed.variant) == (7, uuid.RFC_4122)
        assert abs((parsed.int >> 80) / 1000 - time.time()) < 60


def test_two_makers_do_not_make_the_same() -> None:
    first, second = TraceIds(), TraceIds()
    assert not {first.new() for _ in range(5_000)} & {second.new() for _ in range(5_000)}
