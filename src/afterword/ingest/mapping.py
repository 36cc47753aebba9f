"""Custom mapping: how a body of any shape becomes the fields of an alert. Pure; compiled once.

As JSON a mapping is::

    {
      "message": "{{payload.title}}",                       a text; its placeholders lead into the body
      "summary": "{{payload.description}}",
      "entity_id": "{{payload.id}}",
      "alert_type": {"path": "payload.status", "values": {"Open": "critical"}, "default": "info"},
      "blocks": [
        {"when": {"path": "payload.env", "operator": "equals", "value": "test"},
         "set": {"message": "Test: {{payload.title}}", "alert_type": {"default": "info"}}}
      ]
    }

The blocks run in order, and a later one overrides what an earlier one has set. Only the message is
required. The shape of conditions is that of `ingest.rules.conditions`, without times.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from typing import Any, NamedTuple

from afterword.incidents.alert_rules import ALERT_TYPES, UNTITLED
from afterword.ingest.paths import BadPath, Path, look_up, parse_path
from afterword.ingest.rules.conditions import Holds, parse_condition
from afterword.ingest.rules.faults import Faults, join, read_object, require_storable
from afterword.ingest.texts import BadText, Text, as_key, text_of, without_nulls
from afterword.lib.liquid import TemplateError

BODY = "payload"
"""The name of the body in paths and placeholders."""
ROOTS = (BODY,)
BLOCKS_MAX = 20
VALUES_MAX = 100
"""In the table of alert types."""
VALUE_CHARACTERS_MAX = 200
DEFAULT_ALERT_TYPE = "info"
TEXT_FIELDS = ("message", "summary", "entity_id")
FIELDS = (*TEXT_FIELDS, "alert_type")
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


class MappedFields(NamedTuple):
    """What a mapping found in a body."""

    message: str
    """Never empty."""
    summary: str
    entity_id: str
    """At most 255 characters; empty when the mapping names none."""
    alert_type: str
    """One of those that are known."""
    problems: list[str]
    """What could not be mapped, each as a sentence."""


Find = Callable[[Mapping[str, Any], list[str]], str]
"""The value of one field for a body; what cannot be done is added to the problems."""


class MappingDefinition(NamedTuple):
    """A mapping, ready to be applied."""

    direct: tuple[tuple[str, Find], ...]
    blocks: tuple[tuple[Holds, tuple[tuple[str, Find], ...]], ...]

    def apply(self, body: Any) -> MappedFields:
        """The fields of the alert that `body`, any JSON, stands for. Never raises."""
        variables = {BODY: body}
        problems: list[str] = []
        chosen = dict(self.direct)
        for holds, settings in self.blocks:
            if holds(variables, _EPOCH):
                chosen.update(settings)
        # Only what is chosen in the end is filled in.
        found = {field: find(variables, problems) for field, find in chosen.items()}
        message = found["message"]
        if not message:
            problems.append("The mapping found no message in this body.")
        return MappedFields(
            message or UNTITLED,
            found.get("summary", ""),
            found.get("entity_id", ""),
            found.get("alert_type", DEFAULT_ALERT_TYPE),
            problems,
        )


def payload_of(body: Any, fields: MappedFields) -> dict[str, Any]:
    """The payload of a mapped alert, in which rules find the body under `payload.payload`.

    A body that has a `payload` of its own, as the generic format has, stays as it is, so that rules that
    said `payload.source` say `payload.payload.source` whichever shape the body has.
    """
    mapped = {name: getattr(fields, name) for name in FIELDS}
    if isinstance(body, dict) and BODY in body:
        return mapped | body
    return {BODY: body} | mapped


def parse(definition: Any) -> MappingDefinition:
    """Compile a mapping. Raises InvalidInput: each fault with its path, as in `blocks.0.when.value`."""
    faults = Faults()
    require_storable(definition, "", faults)
    given = read_object(definition, "", (*FIELDS, "blocks"), faults)
    if "definition" in faults:
        faults.raise_any()
    direct = _settings(given, "", faults)
    if not given.get("message"):
        faults.add("message", "A mapping always needs a message.")
    blocks = given.get("blocks", [])
    if not isinstance(blocks, list) or len(blocks) > BLOCKS_MAX:
        faults.add("blocks", f"A list of at most {BLOCKS_MAX} blocks is expected.")
        blocks = []
    compiled = tuple(_block(block, join("blocks", place), faults) for place, block in enumerate(blocks))
    faults.raise_any()
    return MappingDefinition(direct, compiled)


def _block(given: Any, at: str, faults: Faults) -> tuple[Holds, tuple[tuple[str, Find], ...]]:
    block = read_object(given, at, ("when", "set"), faults)
    holds = parse_condition(
        block.get("when"), roots=ROOTS, faults=faults, at=join(at, "when"), with_times=False
    )
    settings = read_object(block.get("set"), join(at, "set"), FIELDS, faults)
    if isinstance(block.get("set"), dict) and not any(settings.get(field) for field in FIELDS):
        faults.add(join(at, "set"), "A block sets at least one field.")
    return holds, _settings(settings, join(at, "set"), faults)


def _settings(given: dict[str, Any], at: str, faults: Faults) -> tuple[tuple[str, Find], ...]:
    settings: list[tuple[str, Find]] = []
    for field in TEXT_FIELDS:
        if given.get(field) not in (None, ""):
            settings.append((field, _text(field, given[field], join(at, field), faults)))
    if given.get("alert_type") not in (None, {}):
        settings.append(("alert_type", _alert_type(given["alert_type"], join(at, "alert_type"), faults)))
    return tuple(settings)


def _text(field: str, given: Any, at: str, faults: Faults) -> Find:
    if isinstance(given, int | float) and not isinstance(given, bool):
        given = text_of(given)
    if not isinstance(given, str):
        faults.add(at, "A text is expected.")
        return _nothing
    try:
        text = Text(given, roots=ROOTS)
    except BadText as error:
        faults.add(at, str(error))
        return _nothing
    words = field.replace("_", " ")

    def find(variables: Mapping[str, Any], problems: list[str]) -> str:
        try:
            filled = without_nulls(text.fill(variables)).strip()
        except TemplateError as error:
            problems.append(f"The mapping could not make the {words}: {error.message}")
            return ""
        return as_key(filled) if field == "entity_id" else filled

    return find


def _alert_type(given: Any, at: str, faults: Faults) -> Find:
    told = read_object(given, at, ("path", "values", "default"), faults)
    default = told.get("default") or DEFAULT_ALERT_TYPE
    if default not in ALERT_TYPES:
        faults.add(join(at, "default"), f"One of these is expected: {', '.join(ALERT_TYPES)}.")
        return _nothing
    table = _table(told.get("values") or {}, join(at, "values"), faults)
    if told.get("path") in (None, ""):
        return lambda variables, problems: str(default)
    steps: Path = ()
    try:
        steps = parse_path(str(told["path"]), roots=ROOTS)
    except BadPath as error:
        faults.add(join(at, "path"), str(error))

    def find(variables: Mapping[str, Any], problems: list[str]) -> str:
        word = text_of(look_up(variables, steps)).strip().casefold()
        return table.get(word) or (word if word in ALERT_TYPES else default)

    return find


def _table(given: Any, at: str, faults: Faults) -> dict[str, str]:
    if not isinstance(given, dict) or len(given) > VALUES_MAX:
        faults.add(at, f"An object is expected: at most {VALUES_MAX} values, each with its alert type.")
        return {}
    for value, alert_type in given.items():
        if len(value) > VALUE_CHARACTERS_MAX:
            faults.add(at, f"A value has at most {VALUE_CHARACTERS_MAX} characters.")
        elif alert_type not in ALERT_TYPES:
            faults.add(join(at, value[:40]), f"One of these is expected: {', '.join(ALERT_TYPES)}.")
    return {str(value).strip().casefold(): alert_type for value, alert_type in given.items()}


def _nothing(variables: Mapping[str, Any], problems: list[str]) -> str:
    return ""
