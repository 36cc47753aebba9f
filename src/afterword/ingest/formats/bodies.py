"""What every JSON body has to be, whoever sends it: UTF-8, one value, and not too deep."""

from __future__ import annotations

from typing import Any

import msgspec

from afterword.ingest.formats.signal import BadSignal

NESTING_LEVELS_MAX = 64
"""Objects and arrays within one another."""
TOO_DEEP = f"It is nested more than {NESTING_LEVELS_MAX} levels deep."
NO_OBJECT = "A JSON object is expected."
NO_NULL_CHARACTER = "It contains a NUL character."
REPLACEMENT = "\N{REPLACEMENT CHARACTER}"
_BYTE_ORDER_MARK = b"\xef\xbb\xbf"

_decoder = msgspec.json.Decoder()


def read_text(body: bytes) -> str:
    """The body as text, without a byte order mark. Raises BadSignal."""
    if body.startswith(_BYTE_ORDER_MARK):
        body = body[len(_BYTE_ORDER_MARK) :]
    try:
        text = body.decode()
    except UnicodeDecodeError as error:
        raise BadSignal({"body": f"The body is not UTF-8: byte {error.start} is out of place."}) from error
    if "\0" in text:
        raise BadSignal({"body": NO_NULL_CHARACTER})
    return text


def read_json(text: str) -> Any:
    """The value, at most `NESTING_LEVELS_MAX` deep, with numbers that a computer holds. Raises BadSignal."""
    value = _decode(text)
    if may_be_deep(text) and is_deep(value):
        raise BadSignal({"body": TOO_DEEP})
    return value


def read_body(body: bytes) -> tuple[str, Any]:
    """The text of a body, fit for a text column of any database, and its value. Raises BadSignal."""
    text = read_text(body)
    return text, read_json(text)


def read_object(body: bytes) -> dict[str, Any]:
    """The object that a body has to be. Raises BadSignal."""
    return _as_object(read_json(read_text(body)))


def read_row(text: str) -> dict[str, Any]:
    """The object that a row of the inbox holds. Raises BadSignal.

    How deep it is was looked at when it came in, and a format may have wrapped it since.
    """
    return _as_object(_decode(text))


def may_be_deep(text: str) -> bool:
    """Whether a text has as many brackets as it takes: most need not be looked through."""
    return text.count("[") + text.count("{") > NESTING_LEVELS_MAX


def is_deep(value: Any) -> bool:
    """Whether a value is nested too deeply."""
    level = [value]
    for _ in range(NESTING_LEVELS_MAX):
        level = [
            child
            for parent in level
            if isinstance(parent, list | dict)
            for child in (parent.values() if isinstance(parent, dict) else parent)
        ]
        if not level:
            return False
    return any(isinstance(child, list | dict) for child in level)


def malformed(message: str) -> str:
    """What msgspec says of a text that is no JSON, to stand within a sentence."""
    return message.removeprefix("JSON is malformed: ").removesuffix(".").lower()


def without_nulls(value: Any) -> Any:
    """The value without NUL characters, which as an escape are JSON, but no database keeps in a text."""
    if isinstance(value, str):
        return value.replace("\0", REPLACEMENT)
    if isinstance(value, list):
        return [without_nulls(item) for item in value]
    if isinstance(value, dict):
        return {without_nulls(key): without_nulls(item) for key, item in value.items()}
    return value


def _decode(text: str) -> Any:
    try:
        return _decoder.decode(text)
    except RecursionError as error:
        raise BadSignal({"body": TOO_DEEP}) from error
    except (msgspec.MsgspecError, UnicodeError) as error:
        raise BadSignal({"body": f"The body is not valid JSON: {malformed(str(error))}."}) from error


def _as_object(value: Any) -> dict[str, Any]:
    if not isinstance(value, dict):
        raise BadSignal({"body": NO_OBJECT})
    return value
