"""The shapes are those of PagerDuty's documentation, "Send an Alert Event" and "Send a Change Event"."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import Any

from afterword.incidents.models import (
    CHANGE_TITLE_LENGTH_MAX,
    CHANGE_WORD_LENGTH_MAX,
    ENTITY_ID_LENGTH_MAX,
    ChangeKind,
)
from afterword.ingest.formats.bodies import read_object, read_row
from afterword.ingest.formats.fields import (
    LINKS_MAX,
    entity_of,
    image,
    joined,
    link,
    object_in,
    objects_in,
    text_in,
    text_of,
    time_of,
    write_json,
)
from afterword.ingest.formats.signal import (
    Answer,
    BadSignal,
    ChangeContent,
    CheckedSignal,
    SignalContent,
    SignalRequest,
)

KIND = "pagerduty"
ALERT_PATH = "/v2/enqueue"
CHANGE_PATH = "/v2/change/enqueue"
IMAGES_MAX = 20
DETAILS_MAX = 30
DETAIL_CHARACTERS_MAX = 300

ACCEPTED, TOO_MANY = 202, 429
EVENT, CHANGE = "event", "change"
"""Under which a row has the body: so it says itself which of the two it is."""
ACTIONS = ("trigger", "acknowledge", "resolve")
SEVERITIES = ("critical", "error", "warning", "info")
"""Each is the alert type of the same name."""
DESCRIBING_FIELDS = ("source", "component", "group", "class")
CHANGE_FIELDS = {
    "version": ("version", "revision", "build_number", "commit", "sha", "tag"),
    "author": ("author", "user", "actor", "deployed_by"),
    "environment": ("environment", "env"),
    "state": ("build_state", "state", "status"),
}
"""`custom_details` has no fixed fields: these are the names that senders use."""


class PagerDutyFormat:
    """`POST /v2/enqueue` and `/v2/change/enqueue` with our key as the routing key, and the usual way."""

    def check(self, request: SignalRequest) -> Sequence[CheckedSignal]:
        body = read_object(request.body)
        # The key is found already, and has no place in what people get to see.
        body.pop("routing_key", None)
        if request.path.startswith(CHANGE_PATH):
            _check_change(body)
            return (CheckedSignal(write_json({CHANGE: body}), ""),)
        _check_event(body)
        return (CheckedSignal(write_json({EVENT: body}), entity_of(text_in(body, "dedup_key"))),)

    def read(self, text: str) -> SignalContent | ChangeContent:
        row = read_row(text)
        return _change(object_in(row, CHANGE)) if CHANGE in row else _alert(object_in(row, EVENT))

    def accepted(self, signals: Sequence[CheckedSignal], trace_ids: Sequence[str]) -> Answer:
        if signals[0].text.startswith(f'{{"{CHANGE}"'):
            return _answer(ACCEPTED, status="success", message="Change event processed")
        dedup_key = signals[0].entity_id or trace_ids[0]
        return _answer(ACCEPTED, status="success", message="Event processed", dedup_key=dedup_key)

    def refused(self, status: int, message: str, errors: Mapping[str, str]) -> bytes:
        reasons = [reason if field == "body" else f"'{field}': {reason}" for field, reason in errors.items()]
        if status == TOO_MANY:
            title, text = "throttle exceeded", "Requests for this service are arriving too quickly."
        elif status > TOO_MANY:
            title, text = "internal error", "The event was not stored."
        else:
            title, text = "invalid event", "Event object is invalid"
        return _answer(status, status=title, message=text, errors=reasons or [message]).body


FORMAT = PagerDutyFormat()


def _check_event(body: Mapping[str, Any]) -> None:
    errors: dict[str, str] = {}
    action = body.get("event_action")
    dedup_key = text_in(body, "dedup_key")
    if action not in ACTIONS:
        errors["event_action"] = f"One of these is expected: {', '.join(ACTIONS)}."
    if len(dedup_key) > ENTITY_ID_LENGTH_MAX:
        errors["dedup_key"] = f"It takes at most {ENTITY_ID_LENGTH_MAX} characters."
    elif not dedup_key and action != "trigger":
        errors["dedup_key"] = "This field is required."
    if action == "trigger":
        payload = object_in(body, "payload")
        for name in ("summary", "source"):
            if not text_in(payload, name):
                errors[f"payload.{name}"] = "This field is required."
        if text_in(payload, "severity").lower() not in SEVERITIES:
            errors["payload.severity"] = f"One of these is expected: {', '.join(SEVERITIES)}."
    if errors:
        raise BadSignal(errors)


def _check_change(body: Mapping[str, Any]) -> None:
    if not text_in(object_in(body, "payload"), "summary"):
        raise BadSignal({"payload.summary": "This field is required."})


def _alert(event: Mapping[str, Any]) -> SignalContent:
    _check_event(event)
    payload = object_in(event, "payload")
    action = event["event_action"]
    if action == "acknowledge":
        alert_type, words = "acknowledged", "Acknowledged"
    elif action == "resolve":
        alert_type, words = "resolved", "Resolved"
    else:
        alert_type, words = text_in(payload, "severity").lower(), ""
    message = text_in(payload, "summary") or joined([words, text_in(event, "client")], " by ")
    described = [f"{name}: {text}" for name in DESCRIBING_FIELDS if (text := text_in(payload, name))]
    return SignalContent(
        alert_type=alert_type,
        message=message,
        summary=joined([*described, *_details(object_in(payload, "custom_details"))], "\n"),
        payload=dict(event),
        urls=_links(event) + link(event.get("client_url"), text_in(event, "client")),
        images=[
            found
            for given in objects_in(event, "images", count_max=IMAGES_MAX)
            for found in image(given.get("src"), href=given.get("href"), alt=given.get("alt"))
        ],
    )


def _change(change: Mapping[str, Any]) -> ChangeContent:
    _check_change(change)
    payload = object_in(change, "payload")
    details = object_in(payload, "custom_details")
    return ChangeContent(
        kind=ChangeKind.DEPLOY.value,
        title=text_in(payload, "summary")[:CHANGE_TITLE_LENGTH_MAX],
        at=time_of(payload.get("timestamp")),
        summary=joined([*_source(payload), *_details(details)], "\n"),
        **{
            field: text_in(details, *names)[:CHANGE_WORD_LENGTH_MAX] for field, names in CHANGE_FIELDS.items()
        },
        links=_links(change),
        details=details or None,
    )


def _source(payload: Mapping[str, Any]) -> list[str]:
    source = text_in(payload, "source")
    return [f"source: {source}"] if source else []


def _details(details: Mapping[str, Any]) -> list[str]:
    lines = [
        f"{name[:DETAIL_CHARACTERS_MAX]}: {text[:DETAIL_CHARACTERS_MAX]}"
        for name, value in details.items()
        if (text := text_of(value))
    ]
    return lines[:DETAILS_MAX]


def _links(body: Mapping[str, Any]) -> list[dict[str, str]]:
    return [
        found
        for given in objects_in(body, "links", count_max=LINKS_MAX)
        for found in link(given.get("href"), text_in(given, "text"))
    ]


def _answer(status_code: int, **body: Any) -> Answer:
    return Answer(status_code, json.dumps(body, ensure_ascii=False).encode())
