"""The generic payload: the table of Zenduty's generic integration guide, field by field."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any, TypeVar

import msgspec

from afterword.incidents.alert_rules import ALERT_TYPES
from afterword.incidents.models import ENTITY_ID_LENGTH_MAX
from afterword.ingest.formats.answers import ZendutyAnswers
from afterword.ingest.formats.bodies import (
    REPLACEMENT,
    TOO_DEEP,
    is_deep,
    malformed,
    may_be_deep,
    read_text,
    without_nulls,
)
from afterword.ingest.formats.signal import BadSignal, CheckedSignal, SignalContent, SignalRequest

KIND = "generic"
URLS_MAX = 100
DEFAULT_ALERT_TYPE = "info"
"""The table calls alert_type required and gives it this default: without one, the default holds."""

REASONS = {
    "message": "A text is expected.",
    "summary": "A text is expected.",
    "alert_type": f"One of these is expected: {', '.join(ALERT_TYPES)}.",
    "suppressed": "True or false is expected.",
    "entity_id": "A text or a number is expected.",
    "urls": f"An array of at most {URLS_MAX} links is expected.",
}
UNUSABLE = "The value cannot be used."
NOTHING = msgspec.Raw(b"null")
Body = TypeVar("Body", bound="CheckedBody")
_USUAL_ALERT_TYPES = frozenset(ALERT_TYPES)
_WORDS_FOR_BOOLEANS = {"true": True, "false": False}
_PATH = re.compile(r" - at `\$\.([A-Za-z0-9_]+)")
_MISSING = re.compile(r"missing required field `([A-Za-z0-9_]+)`")


class CheckedBody(msgspec.Struct):
    """The fields that are looked at when a body comes in. What else it holds is let through."""

    message: str
    summary: str | None = None
    alert_type: str | None = None
    suppressed: bool | str | None = None
    entity_id: str | int | float | None = None
    payload: msgspec.Raw = NOTHING
    urls: msgspec.Raw = NOTHING


class GenericBody(CheckedBody):
    """All fields that mean something to us."""

    sla: msgspec.Raw = NOTHING
    escalation_policy: msgspec.Raw = NOTHING
    priority: msgspec.Raw = NOTHING
    tags: msgspec.Raw = NOTHING
    stakeholders: msgspec.Raw = NOTHING
    stakeholders_comms: msgspec.Raw = NOTHING
    stakeholder_comms: msgspec.Raw = NOTHING
    """The same, as the table's second spelling."""


_door_decoder = msgspec.json.Decoder(CheckedBody)
_body_decoder = msgspec.json.Decoder(GenericBody)
_any_decoder = msgspec.json.Decoder()


class GenericFormat(ZendutyAnswers):
    """`POST /integration/{org}/generic/{key}/`, and Zenduty's `POST /api/events/{key}/`."""

    def check(self, request: SignalRequest) -> Sequence[CheckedSignal]:
        text = read_text(request.body)
        signal = _decode(_door_decoder, text)
        errors: dict[str, str] = {}
        if not signal.message or signal.message.isspace():
            errors["message"] = "It must not be empty."
        if signal.alert_type not in _USUAL_ALERT_TYPES and _alert_type(signal) is None:
            errors["alert_type"] = REASONS["alert_type"]
        if signal.suppressed is not None and _suppressed(signal) is None:
            errors["suppressed"] = REASONS["suppressed"]
        entity_id = _entity_id(signal)
        if len(entity_id) > ENTITY_ID_LENGTH_MAX:
            errors["entity_id"] = f"It takes at most {ENTITY_ID_LENGTH_MAX} characters."
        looks_deep = may_be_deep(text)
        if signal.payload is not NOTHING:
            _check_nested("payload", signal.payload, looks_deep, errors)
        if signal.urls is not NOTHING:
            urls = _check_nested("urls", signal.urls, looks_deep, errors)
            if urls is not None and (not isinstance(urls, list) or len(urls) > URLS_MAX):
                errors["urls"] = REASONS["urls"]
        if errors:
            raise BadSignal(errors)
        return (CheckedSignal(text, entity_id),)

    def read(self, text: str) -> SignalContent:
        signal = _decode(_body_decoder, text)
        alert_type, suppressed = _alert_type(signal), _suppressed(signal)
        if alert_type is None or suppressed is None:
            raise BadSignal({"alert_type": REASONS["alert_type"]})
        content: dict[str, Any] = {
            "message": signal.message,
            "summary": signal.summary or "",
            "payload": _any_decoder.decode(signal.payload),
            "urls": _any_decoder.decode(signal.urls) or [],
            "sla": _as_id(signal.sla),
            "escalation_policy": _as_id(signal.escalation_policy),
            "priority": _as_id(signal.priority),
            "tags": _as_list(signal.tags),
            "stakeholders": _as_it_is(signal.stakeholders),
            "stakeholders_comms": _as_it_is(signal.stakeholders_comms) or _as_it_is(signal.stakeholder_comms),
        }
        if "\\u0000" in text:
            content = without_nulls(content)
        return SignalContent(alert_type=alert_type, suppressed=suppressed, **content)


FORMAT = GenericFormat()


def _decode(decoder: msgspec.json.Decoder[Body], text: str) -> Body:
    try:
        return decoder.decode(text)
    except msgspec.ValidationError as error:
        raise BadSignal(_explain(str(error))) from error
    except RecursionError as error:
        raise BadSignal({"body": TOO_DEEP}) from error
    except msgspec.DecodeError as error:
        raise BadSignal({"body": f"The body is not valid JSON: {malformed(str(error))}."}) from error
    except UnicodeDecodeError as error:
        raise BadSignal({"body": "The body is not UTF-8."}) from error


def _explain(message: str) -> dict[str, str]:
    missing = _MISSING.search(message)
    if missing:
        return {missing[1]: "This field is required."}
    path = _PATH.search(message)
    if path is None:
        return {"body": "A JSON object is expected."}
    return {path[1]: REASONS.get(path[1], UNUSABLE)}


def _alert_type(signal: CheckedBody) -> str | None:
    given = signal.alert_type
    if given is None:
        return DEFAULT_ALERT_TYPE
    if given in ALERT_TYPES:
        return given
    given = given.strip().lower()
    return given if given in ALERT_TYPES else None


def _suppressed(signal: CheckedBody) -> bool | None:
    given = signal.suppressed
    if given is None:
        return False
    return given if isinstance(given, bool) else _WORDS_FOR_BOOLEANS.get(given.strip().lower())


def _entity_id(signal: CheckedBody) -> str:
    given = signal.entity_id
    if given is None:
        return ""
    if not isinstance(given, str):
        return str(given)
    given = given.strip()
    return given.replace("\0", REPLACEMENT) if "\0" in given else given


def _check_nested(field: str, raw: msgspec.Raw, looks_deep: bool, errors: dict[str, str]) -> Any:
    """The value; None, and the reason in `errors`, when it cannot be used."""
    try:
        value = _any_decoder.decode(raw)
    except RecursionError:
        errors[field] = TOO_DEEP
        return None
    except msgspec.MsgspecError as error:
        errors[field] = f"The value cannot be used: {malformed(str(error))}."
        return None
    if looks_deep and is_deep(value):
        errors[field] = TOO_DEEP
        return None
    return value


def _as_it_is(raw: msgspec.Raw) -> Any:
    """The value, or its text where it cannot be read: no such field is a reason to refuse an alert."""
    if raw is NOTHING:
        return None
    try:
        return _any_decoder.decode(raw)
    except (RecursionError, msgspec.MsgspecError):
        return bytes(raw).decode()


def _as_id(raw: msgspec.Raw) -> str:
    value = _as_it_is(raw)
    if value is None or isinstance(value, str):
        return (value or "").strip()
    return bytes(raw).decode()


def _as_list(raw: msgspec.Raw) -> list[Any]:
    value = _as_it_is(raw)
    if value is None:
        return []
    return value if isinstance(value, list) else [value]
