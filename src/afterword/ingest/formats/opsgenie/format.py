"""The shapes are those of Opsgenie's documentation, "Alert API" and "Response"."""

from __future__ import annotations

import json
import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, NamedTuple
from urllib.parse import parse_qs

from afterword.ingest.formats.bodies import read_object, read_row
from afterword.ingest.formats.fields import (
    entity_of,
    joined,
    object_in,
    text_in,
    text_of,
    texts_in,
    write_json,
)
from afterword.ingest.formats.signal import Answer, BadSignal, CheckedSignal, SignalContent, SignalRequest

KIND = "opsgenie"
ALERTS_PATH = "/v2/alerts"
REQUESTS_PATH = f"{ALERTS_PATH}/requests/"
DETAILS_MAX = 30
DETAIL_CHARACTERS_MAX = 300
TAGS_MAX = 20
QUERY_FIELDS_MAX = 50

OK, ACCEPTED, UNAUTHENTICATED, NOT_FOUND, UNPROCESSABLE, TOO_MANY = 200, 202, 401, 404, 422, 429
CREATE = "create"
ACTIONS = {"acknowledge": "acknowledged", "close": "resolved", "notes": "info"}
"""The alert type of what is asked for an alert that is there."""
DONE = {"acknowledged": ("Acknowledge", "Acknowledged alert"), "resolved": ("Close", "Closed alert")}
DONE_BY_DEFAULT = ("Create", "Created alert")
WORDS = {"acknowledge": "Acknowledged", "close": "Closed", "notes": "Note"}
PRIORITIES = {"P1": "critical", "P2": "error", "P3": "error", "P4": "warning", "P5": "info"}
DEFAULT_PRIORITY = "P3"
"""As Opsgenie takes it when none is given."""
IDENTIFIER_TYPES = ("id", "alias")
NO_TINY_IDS = "Afterword gives no tiny ids: use the alias, or the id that the request's status tells."


@dataclass(frozen=True, kw_only=True)
class ProcessedRequest:
    """What became of a request that was accepted."""

    alert_type: str
    entity_id: str
    """Id and alias of its alert. Empty for one that failed."""
    error: str
    processed_at: datetime
    integration: str
    """Its unique id."""


class OpsgenieFormat:
    """`POST /v2/alerts` and `/v2/alerts/{id}/acknowledge|close|notes`, and the usual way, which creates.

    The id of an alert is its alias; without one, the id of the request that created it.
    """

    def check(self, request: SignalRequest) -> Sequence[CheckedSignal]:
        target = _target(request)
        body = read_object(request.body or b"{}")
        row = {"action": target.action, "body": body}
        if target.action == CREATE:
            _check_create(body)
            return (CheckedSignal(write_json(row), entity_of(text_in(body, "alias"))),)
        if not target.identifier:
            raise BadSignal({"identifier": "Identifier can not be empty."}, status=UNPROCESSABLE)
        return (CheckedSignal(write_json(row), entity_of(target.identifier)),)

    def read(self, text: str) -> SignalContent:
        row = read_row(text)
        action, body = text_in(row, "action"), object_in(row, "body")
        return _created(body) if action == CREATE else _acted(action, body)

    def accepted(self, signals: Sequence[CheckedSignal], trace_ids: Sequence[str]) -> Answer:
        body = {"result": "Request will be processed", "took": 0.0, "requestId": trace_ids[0]}
        return Answer(ACCEPTED, json.dumps(body).encode())

    def refused(self, status: int, message: str, errors: Mapping[str, str]) -> bytes:
        if status == UNAUTHENTICATED:
            message = "Could not authenticate"
        elif status == UNPROCESSABLE:
            message = "Request body is not processable. Please check the errors."
        elif status == TOO_MANY:
            message = "You are making too many requests!"
        body: dict[str, Any] = {"message": message}
        if errors:
            body["errors"] = dict(errors)
        return json.dumps(body | {"took": 0.0, "requestId": str(uuid.uuid4())}, ensure_ascii=False).encode()


FORMAT = OpsgenieFormat()


def request_status(request_id: str, processed: ProcessedRequest | None) -> Answer:
    """The answer to `GET /v2/alerts/requests/{id}`; None: it is not known, or waits to be processed."""
    if processed is None:
        text = "Request not found. It might not be processed, yet."
        return Answer(NOT_FOUND, FORMAT.refused(NOT_FOUND, text, {}))
    action, done = DONE.get(processed.alert_type, DONE_BY_DEFAULT)
    data = {
        "success": not processed.error,
        "isSuccess": not processed.error,
        "action": action,
        "status": processed.error or done,
        "processedAt": processed.processed_at.isoformat(timespec="milliseconds").replace("+00:00", "Z"),
        "integrationId": processed.integration,
        "alertId": processed.entity_id,
        "alias": processed.entity_id,
    }
    body = {"data": data, "took": 0.0, "requestId": request_id}
    return Answer(OK, json.dumps(body, ensure_ascii=False).encode())


class _Target(NamedTuple):
    action: str
    identifier: str


def _target(request: SignalRequest) -> _Target:
    path = request.path.rstrip("/")
    if path == ALERTS_PATH or not path.startswith(ALERTS_PATH):
        return _Target(CREATE, "")
    identifier, _, action = path.removeprefix(f"{ALERTS_PATH}/").rpartition("/")
    if action not in ACTIONS:
        reason = f"Only these are taken here: create, {', '.join(ACTIONS)}."
        raise BadSignal({"body": reason}, status=NOT_FOUND)
    if _identifier_type(request.query) not in IDENTIFIER_TYPES:
        raise BadSignal({"identifierType": NO_TINY_IDS}, status=UNPROCESSABLE)
    return _Target(action, identifier)


def _identifier_type(query: bytes) -> str:
    try:
        fields = parse_qs(query.decode("latin-1"), max_num_fields=QUERY_FIELDS_MAX)
    except ValueError:
        return ""
    return fields.get("identifierType", ["id"])[0].lower()


def _check_create(body: Mapping[str, Any]) -> None:
    errors: dict[str, str] = {}
    if not text_in(body, "message"):
        errors["message"] = "Message can not be empty."
    priority = body.get("priority")
    if priority is not None and text_of(priority).upper() not in PRIORITIES:
        errors["priority"] = "Priority should be one of P1, P2, P3, P4, P5."
    if errors:
        raise BadSignal(errors, status=UNPROCESSABLE)


def _created(body: Mapping[str, Any]) -> SignalContent:
    _check_create(body)
    given = text_in(body, "priority").upper()
    details = object_in(body, "details")
    lines = [
        f"{name[:DETAIL_CHARACTERS_MAX]}: {text[:DETAIL_CHARACTERS_MAX]}"
        for name, value in [("entity", body.get("entity")), ("source", body.get("source")), *details.items()]
        if (text := text_of(value))
    ]
    tags = texts_in(body, "tags", count_max=TAGS_MAX)
    if tags:
        lines.append(f"tags: {', '.join(tag[:DETAIL_CHARACTERS_MAX] for tag in tags)}")
    return SignalContent(
        alert_type=PRIORITIES[given or DEFAULT_PRIORITY],
        message=text_in(body, "message"),
        summary=joined([text_in(body, "description"), text_in(body, "note"), "\n".join(lines[:DETAILS_MAX])]),
        payload=dict(body),
        priority_name=given,
    )


def _acted(action: str, body: Mapping[str, Any]) -> SignalContent:
    if action not in ACTIONS:
        raise BadSignal({"action": "The action is not known."})
    who = text_in(body, "user", "source")
    words = f"{WORDS[action]} by {who}" if who else WORDS[action]
    return SignalContent(
        alert_type=ACTIONS[action], message=joined([words, text_in(body, "note")], ": "), payload=dict(body)
    )
