"""Whatever JSON comes, a format takes it or refuses it: it never fails in any other way."""

from __future__ import annotations

import hashlib
import hmac
import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from afterword.incidents.models import CHANGE_TITLE_LENGTH_MAX, ENTITY_ID_LENGTH_MAX
from afterword.ingest.formats import FORMATS, BadSignal, ChangeContent
from afterword.ingest.formats.bodies import NESTING_LEVELS_MAX
from afterword.ingest.formats.github.format import READINGS
from tests.examples import examples
from tests.ingest.reading import SAMPLES
from tests.ingest.signals import request_of

pytestmark = pytest.mark.pure
SECRET = "s"
WAYS: list[tuple[str, dict[str, Any]]] = [
    ("alertmanager", {}),
    ("grafana", {}),
    ("pagerduty", {"path": "/v2/enqueue"}),
    ("pagerduty", {"path": "/v2/change/enqueue"}),
    ("opsgenie", {"path": "/v2/alerts"}),
    ("opsgenie", {"path": "/v2/alerts/x\0y/close"}),
    ("incident-io", {}),
    ("changes", {}),
    *(("github", {"event": event}) for event in READINGS),
]
FOLDERS = {"incident-io": "incident_io"}

words = st.text(max_size=8) | st.sampled_from(
    [
        "firing",
        "resolved",
        "trigger",
        "resolve",
        "P1",
        "critical",
        "https://example.com",
        "0001-01-01T00:00:00Z",
    ]
)
leaves = st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | words
anything = st.recursive(
    leaves,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(words, inner, max_size=3),
    max_leaves=8,
)


def bodies_of(kind: str) -> list[Any]:
    folder = SAMPLES / FOLDERS.get(kind, kind)
    return [json.loads(path.read_text()) for path in sorted(folder.glob("*.json"))]


def changed(value: Any, draw: Any) -> Any:
    """The value with some of its parts replaced by anything, wherever they stand."""
    if draw(st.integers(0, 9)) == 0:
        return draw(anything)
    if isinstance(value, dict):
        return {name: changed(item, draw) for name, item in value.items() if draw(st.integers(0, 19))}
    if isinstance(value, list):
        return [changed(item, draw) for item in value]
    return value


def send(kind: str, way: dict[str, Any], body: bytes) -> None:
    """Through door and fold; fails when it fails in any other way than as it may."""
    way = dict(way)
    if event := way.pop("event", ""):
        digest = hmac.new(SECRET.encode(), body, hashlib.sha256).hexdigest()
        way["headers"] = {"X-GitHub-Event": event, "X-Hub-Signature-256": f"sha256={digest}"}
    request = request_of(body, kind=kind, secret=SECRET, **way)
    try:
        checked = FORMATS[kind].check(request)
    except BadSignal as error:
        json.loads(FORMATS[kind].refused(error.status, error.message, error.errors))
        return
    for signal in checked:
        assert "\0" not in signal.text + signal.entity_id
        assert "\\u0000" not in signal.text
        assert len(signal.entity_id) <= ENTITY_ID_LENGTH_MAX
        signal.text.encode()
        # What was let in is never refused later.
        content = FORMATS[kind].read(signal.text)
        if isinstance(content, ChangeContent):
            assert content.title
            assert len(content.title) <= CHANGE_TITLE_LENGTH_MAX
            assert content.source_id == signal.entity_id
        else:
            assert isinstance(content.message, str)
            assert isinstance(content.summary, str)
    if checked:
        json.loads(FORMATS[kind].accepted(checked, [f"t{number}" for number in range(len(checked))]).body)


@pytest.mark.parametrize(("kind", "way"), WAYS)
@examples(150)
@given(body=anything)
def test_any_json_is_taken_or_refused(kind: str, way: dict[str, Any], body: Any) -> None:
    send(kind, way, json.dumps(body).encode())


@pytest.mark.parametrize(("kind", "way"), WAYS)
@examples(150)
@given(data=st.data())
def test_a_real_body_with_wrong_parts_is_taken_or_refused(kind: str, way: dict[str, Any], data: Any) -> None:
    real = data.draw(st.sampled_from(bodies_of(kind)))
    send(kind, way, json.dumps(changed(real, data.draw)).encode())


@pytest.mark.parametrize(("kind", "way"), [*WAYS, ("email", {})])
@examples(100)
@given(body=st.binary(max_size=200))
def test_any_bytes_are_taken_or_refused(kind: str, way: dict[str, Any], body: bytes) -> None:
    send(kind, way, body)


HOSTILE = [
    b"[" * 100_000,
    b'{"a":' * 100_000,
    b'{"alerts": [' + b"[" * 70 + b"]" * 70 + b"]}",
    b'{"title": 1e999}',
    b'{"title": ' + b"9" * 10_000 + b"}",
    b'{"title": "\\ud800", "status": "firing"}',
    b'{"title": "a\\u0000b", "status": "firing", "message": "\\u0000", "deduplication_key": "\\u0000"}',
    b'{"id": "\\u0000", "title": "x", "at": 1e308}',
    b'{"title": "x", "at": -1e18}',
    b'{"title": "x", "at": "9999-12-31T23:59:59-23:59"}',
    b"{" + b",".join(b'"k%d": 1' % number for number in range(50_000)) + b"}",
    b"\xff\xfe",
    b"\xef\xbb\xbf{}",
    b"null",
    b"",
]


@pytest.mark.parametrize(("kind", "way"), WAYS)
@pytest.mark.parametrize("body", HOSTILE)
def test_hostile_json_is_taken_or_refused(kind: str, way: dict[str, Any], body: bytes) -> None:
    send(kind, way, body)


@pytest.mark.parametrize(("kind", "way"), WAYS)
@pytest.mark.parametrize("levels", [NESTING_LEVELS_MAX - 1, NESTING_LEVELS_MAX])
def test_what_is_just_not_too_deep_is_not_so_later_either(
    kind: str, way: dict[str, Any], levels: int
) -> None:
    deep: Any = "x"
    for _ in range(levels):
        deep = [deep]
    for real in bodies_of(kind):
        send(kind, way, json.dumps({**real, "further": deep}).encode())
