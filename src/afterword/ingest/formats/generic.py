"""The generic payload: the table of Zenduty's generic integration guide, field by field."""

from __future__ import annotations

import re
from typing import Any

import msgspec

from afterword.incidents.alert_rules import ALERT_TYPES
from afterword.incidents.models import ENTITY_ID_LENGTH_MAX
from afterword.ingest.formats.signal import BadSignal, CheckedSignal, SignalContent

KIND = "generic"
NESTING_LEVELS_MAX = 64
"""Objects and arrays within one another, in `payload` and `urls`."""
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
TOO_DEEP = f"It is nested more than {NESTING_LEVELS_MAX} levels deep."
NO_NULL_CHARACTER = "It contains a NUL character."
REPLACEMENT = "\N{REPLACEMENT CHARACTER}"
NOTHING = msgspec.Raw(b"null")
_USUAL_ALERT_TYPES = frozenset(ALERT_TYPES)
_BYTE_ORDER_MARK = b"\xef\xbb\xbf"
_WORDS_FOR_BOOLEANS = {"true": True, "false": False}
_PATH = re.compile(r" - at `\$\.([A-Za-z0-9_]+)")
_MISSING = re.compile(r"missing required field `([A-Za-z0-9_]+)`")


class GenericBody(msgspec.Struct):
    """The fields that mean something to us today; what else the body holds is let through.

    `payload` and `urls` are kept as they were sent: the fold reads them.
    """

    message: str
    summary: str | None = None
    alert_type: str | None = None
    suppressed: bool | str | None = None
    entity_id: str | int | float | None = None
    payload: msgspec.Raw = NOTHING
    urls: msgspec.Raw = NOTHING


_body_decoder = msgspec.json.Decoder(GenericBody)
_any_decoder = msgspec.json.Decoder()


class GenericFormat:
    """`POST /integration/{org}/generic/{key}/`."""

    def check(self, body: bytes) -> CheckedSignal:
        if body.startswith(_BYTE_ORDER_MARK):
            body = body[len(_BYTE_ORDER_MARK) :]
        try:
            text = body.decode()
        except UnicodeDecodeError as error:
            raise BadSignal(
                {"body": f"The body is not UTF-8: byte {error.start} is out of place."}
            ) from error
        if "\0" in text:
            raise BadSignal({"body": NO_NULL_CHARACTER})
        signal = _decode(body)
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
        # Only a body with so many brackets can be too deep: most need not be looked through.
        may_be_deep = text.count("[") + text.count("{") > NESTING_LEVELS_MAX
        if signal.payload is not NOTHING:
            _read_nested("payload", signal.payload, may_be_deep, errors)
        if signal.urls is not NOTHING:
            urls = _read_nested("urls", signal.urls, may_be_deep, errors)
            if urls is not None and (not isinstance(urls, list) or len(urls) > URLS_MAX):
                errors["urls"] = REASONS["urls"]
        if errors:
            raise BadSignal(errors)
        return CheckedSignal(text, entity_id)

    def read(self, text: str) -> SignalContent:
        signal = _decode(text.encode())
        alert_type, suppressed = _alert_type(signal), _suppressed(signal)
        payload, urls = _any_decoder.decode(signal.payload), _any_decoder.decode(signal.urls)
        if alert_type is None or suppressed is None:
            raise BadSignal({"alert_type": REASONS["alert_type"]})
        message, summary = signal.message, signal.summary or ""
        if "\\u0000" in text:
            # Written as an escape it is JSON, but no database keeps it in a text.
            message, summary, payload, urls = _without_nulls([message, summary, payload, urls])
        return SignalContent(
            alert_type=alert_type,
            message=message,
            summary=summary,
            payload=payload,
            urls=urls or [],
            suppressed=suppressed,
        )


FORMAT = GenericFormat()


def _decode(body: bytes) -> GenericBody:
    try:
        return _body_decoder.decode(body)
    except msgspec.ValidationError as error:
        raise BadSignal(_explain(str(error))) from error
    except RecursionError as error:
        raise BadSignal({"body": TOO_DEEP}) from error
    except msgspec.DecodeError as error:
        raise BadSignal({"body": f"The body is not valid JSON: {_malformed(str(error))}."}) from error
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


def _malformed(message: str) -> str:
    return message.removeprefix("JSON is malformed: ").removesuffix(".").lower()


def _alert_type(signal: GenericBody) -> str | None:
    given = signal.alert_type
    if given is None:
        return DEFAULT_ALERT_TYPE
    if given in ALERT_TYPES:
        return given
    given = given.strip().lower()
    return given if given in ALERT_TYPES else None


def _suppressed(signal: GenericBody) -> bool | None:
    given = signal.suppressed
    if given is None:
        return False
    return given if isinstance(given, bool) else _WORDS_FOR_BOOLEANS.get(given.strip().lower())


def _entity_id(signal: GenericBody) -> str:
    given = signal.entity_id
    if given is None:
        return ""
    if not isinstance(given, str):
        return str(given)
    given = given.strip()
    return given.replace("\0", REPLACEMENT) if "\0" in given else given


def _read_nested(field: str, raw: msgspec.Raw, may_be_deep: bool, errors: dict[str, str]) -> Any:
    """The value; None, and the reason in `errors`, when it cannot be used."""
    try:
        value = _any_decoder.decode(raw)
    except RecursionError:
        errors[field] = TOO_DEEP
        return None
    except msgspec.MsgspecError as error:
        errors[field] = f"The value cannot be used: {_malformed(str(error))}."
        return None
    if may_be_deep and _is_deeper(value, NESTING_LEVELS_MAX):
        errors[field] = TOO_DEEP
        return None
    return value


def _is_deeper(value: Any, levels_max: int) -> bool:
    level = [value]
    for _ in range(levels_max):
        level = [
            child
            for parent in level
            if isinstance(parent, list | dict)
            for child in (parent.values() if isinstance(parent, dict) else parent)
        ]
        if not level:
            return False
    return any(isinstance(child, list | dict) for child in level)


def _without_nulls(value: Any) -> Any:
    if isinstance(value, str):
        return value.replace("\0", REPLACEMENT)
    if isinstance(value, list):
        return [_without_nulls(item) for item in value]
    if isinstance(value, dict):
        return {_without_nulls(key): _without_nulls(item) for key, item in value.items()}
    return value
