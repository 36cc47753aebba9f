"""The shapes are those of incident.io's API reference, "Alert Events V2: Create HTTP"."""

from __future__ import annotations

import json
import uuid
from collections.abc import Mapping, Sequence
from typing import Any

from afterword.ingest.formats.bodies import read_object, read_row
from afterword.ingest.formats.fields import entity_of, link, object_in, text_in, write_json
from afterword.ingest.formats.severities import first_known
from afterword.ingest.formats.signal import Answer, BadSignal, CheckedSignal, SignalContent, SignalRequest

KIND = "incident-io"
ALERT_EVENTS_PATH = "/v2/alert_events/http/"
ACCEPTED, UNPROCESSABLE, SERVER_ERRORS = 202, 422, 500
ERROR_TYPES = {
    401: "authentication_error",
    404: "not_found",
    405: "method_not_allowed",
    408: "request_timeout",
    413: "payload_too_large",
    422: "validation_error",
    429: "too_many_requests",
}
STATUSES = ("firing", "resolved")
SEVERITY_FIELDS = ("severity", "priority", "level")


class IncidentIoFormat:
    """`POST /v2/alert_events/http/{id}` with our key as the token, and the usual way."""

    def check(self, request: SignalRequest) -> Sequence[CheckedSignal]:
        body = read_object(request.body)
        _check(body)
        return (CheckedSignal(write_json(body), entity_of(text_in(body, "deduplication_key"))),)

    def read(self, text: str) -> SignalContent:
        body = read_row(text)
        _check(body)
        metadata = object_in(body, "metadata")
        is_resolved = text_in(body, "status").lower() == "resolved"
        return SignalContent(
            alert_type="resolved" if is_resolved else first_known(*map(metadata.get, SEVERITY_FIELDS)),
            message=text_in(body, "title"),
            summary=text_in(body, "description"),
            payload=body,
            urls=link(body.get("source_url"), "Source"),
        )

    def accepted(self, signals: Sequence[CheckedSignal], trace_ids: Sequence[str]) -> Answer:
        body = {
            "status": "success",
            "message": "Event accepted for processing",
            "deduplication_key": signals[0].entity_id or trace_ids[0],
        }
        return Answer(ACCEPTED, json.dumps(body, ensure_ascii=False).encode())

    def refused(self, status: int, message: str, errors: Mapping[str, str]) -> bytes:
        kind = ERROR_TYPES.get(status, "invalid_request_error" if status < SERVER_ERRORS else "api_error")
        found: list[dict[str, Any]] = [
            {"code": "is_required" if "required" in reason else "invalid_value", "message": reason}
            | ({} if field == "body" else {"source": {"field": field, "pointer": f"/{field}"}})
            for field, reason in errors.items()
        ]
        body = {
            "type": kind,
            "status": status,
            "request_id": str(uuid.uuid4()),
            "errors": found or [{"code": kind, "message": message}],
        }
        return json.dumps(body, ensure_ascii=False).encode()


FORMAT = IncidentIoFormat()


def _check(body: Mapping[str, Any]) -> None:
    errors: dict[str, str] = {}
    if not text_in(body, "title"):
        errors["title"] = "This field is required."
    if text_in(body, "status").lower() not in STATUSES:
        errors["status"] = f"One of these is expected: {', '.join(STATUSES)}."
    if errors:
        raise BadSignal(errors, status=UNPROCESSABLE)
