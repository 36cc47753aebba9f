"""Our own format for changes."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest

from tests.ingest.reading import read, refusal, sample

pytestmark = pytest.mark.pure
KIND = "changes"


def test_a_change_is_read_whole() -> None:
    (found,) = read(KIND, sample("changes/deploy.json"))
    change = found.change
    assert found.entity_id == change.source_id == "run-81"
    assert (change.kind, change.title, change.service) == ("deploy", "Deploy checkout 2026.3.2", "Checkout")
    assert (change.version, change.author, change.environment, change.state) == (
        "2026.3.2",
        "deploy-bot",
        "production",
        "success",
    )
    assert change.at == datetime(2026, 3, 2, 14, 1, tzinfo=UTC)
    assert change.summary == (
        "Retries to the payment provider\n\n3 files changed, 41 insertions(+), 7 deletions(-)"
    )
    assert change.links == [
        {"link_url": "https://ci.example.com/runs/81", "link_text": "Run 81"},
        {"link_url": "https://git.example.com/compare/a..b", "link_text": ""},
    ]
    assert change.details == {"cluster": "eu-1"}


def test_a_title_is_enough() -> None:
    (found,) = read(KIND, {"title": "Rotated the keys"})
    assert (found.entity_id, found.change.kind, found.change.at) == ("", "deploy", None)


@pytest.mark.parametrize(
    "at", ["2026-03-02T14:05:00Z", "2026-03-02T15:05:00+01:00", "2026-03-02 14:05", 1772460300, 1772460300000]
)
def test_a_time_may_be_written_in_several_ways(at: Any) -> None:
    (found,) = read(KIND, {"title": "t", "at": at})
    assert found.change.at == datetime(2026, 3, 2, 14, 5, tzinfo=UTC)


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("title", None),
        ("title", " "),
        ("title", "t" * 301),
        ("title", 7 * ["x"]),
        ("service", {}),
        ("service", True),
        ("kind", "party"),
        ("at", "yesterday"),
        ("at", "0001-01-01T00:00:00Z"),
        ("at", 1e300),
        ("version", "v" * 201),
        ("links", "https://example.com"),
        ("links", ["javascript:alert(1)"]),
        ("links", ["https://example.com"] * 21),
        ("links", [{"link_text": "no address"}]),
        ("id", "i" * 256),
        ("diff_summary", []),
    ],
)
def test_what_cannot_be_used_is_refused_by_field(field: str, value: Any) -> None:
    assert list(refusal(KIND, {"title": "t", field: value}).errors) == [field]


def test_every_fault_is_told_at_once() -> None:
    assert set(refusal(KIND, {"kind": 1, "at": [], "author": {}}).errors) == {"title", "kind", "at", "author"}
