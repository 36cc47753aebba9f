"""The reference of events says what is sent."""

from __future__ import annotations

import json
import re

import pytest

from afterword.webhooks.events import EVENT_TYPES, NAMES, PING
from tests.architecture.sources import ROOT

pytestmark = pytest.mark.pure

PAGE = ROOT / "docs/reference/outgoing-webhooks.md"
DATA = {
    "incident": {"id", "number", "title", "status", "url", "service", "team", "changed"},
    "postmortem": {"id", "number", "title", "status", "url", "incidents", "team", "changed"},
    "follow_up": {"id", "title", "status", "url", "incident", "team", "changed"},
    "ping": {"endpoint"},
}


def test_every_event_is_listed_and_has_an_example_in_its_shape() -> None:
    text = PAGE.read_text(encoding="utf-8")
    listed = dict(re.findall(r"^\| `([a-z_.]+)` \| (.+) \|$", text, flags=re.M))
    examples = dict(re.findall(r"^### (\S+)\n\n```json\n(.+?)\n```$", text, flags=re.M | re.S))
    assert set(examples) == {*NAMES, PING}
    assert {one.name: one.when for one in EVENT_TYPES}.items() <= listed.items()
    for name, example in examples.items():
        body = json.loads(example)
        assert (set(body), body["type"]) == ({"type", "timestamp", "data"}, name)
        assert set(body["data"]) == DATA[name.partition(".")[0]]
