"""A short way through a format: what of a request gets in, and what the fold then reads."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any, NamedTuple

import pytest

from afterword.ingest.formats import FORMATS, BadSignal, ChangeContent, SignalContent
from tests.ingest.signals import request_of

SAMPLES = Path(__file__).with_name("samples")


class ReadSignal(NamedTuple):
    """One alert or change: its entity, and what it says."""

    entity_id: str
    content: SignalContent | ChangeContent

    @property
    def alert(self) -> SignalContent:
        assert isinstance(self.content, SignalContent)
        return self.content

    @property
    def change(self) -> ChangeContent:
        assert isinstance(self.content, ChangeContent)
        return self.content


def sample(name: str) -> bytes:
    """A body as a vendor sends it: `alertmanager/firing.json`."""
    return (SAMPLES / name).read_bytes()


def sample_json(name: str) -> dict[str, Any]:
    return dict(json.loads(sample(name)))


def read(kind: str, body: bytes | dict[str, Any], **request: Any) -> list[ReadSignal]:
    """Through the door and through the fold."""
    sent = body if isinstance(body, bytes) else json.dumps(body).encode()
    checked = FORMATS[kind].check(request_of(sent, kind=kind, **request))
    return [ReadSignal(signal.entity_id, FORMATS[kind].read(signal.text)) for signal in checked]


def refusal(kind: str, body: bytes | dict[str, Any], **request: Any) -> BadSignal:
    """How the door refuses this body."""
    with pytest.raises(BadSignal) as refused:
        read(kind, body, **request)
    return refused.value


def answer(kind: str, body: bytes | dict[str, Any], trace_ids: list[str], **request: Any) -> tuple[int, Any]:
    """What the sender reads once the body is stored."""
    sent = body if isinstance(body, bytes) else json.dumps(body).encode()
    checked = FORMATS[kind].check(request_of(sent, kind=kind, **request))
    status, content = FORMATS[kind].accepted(checked, trace_ids)
    return status, json.loads(content)
