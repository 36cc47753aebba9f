"""What a body of a call may be."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import Any, get_args

from django.http import HttpRequest
from ninja.parser import Parser
from ninja.types import DictStrAny
from pydantic import BaseModel

from afterword.lib.bodies import unknown_name
from afterword.lib.errors import InvalidInput

NO_OBJECT = 'It must be a JSON object, as in {"title": "…"}.'


class ObjectParser(Parser):
    """Reads a body as JSON: an object, for every operation that takes a body takes one.

    Ninja would look for the object's names on whatever was sent: a list has none of them, which then is a
    change of nothing, and a text has methods that are called like some of them.
    """

    def parse_body(self, request: HttpRequest) -> DictStrAny:
        """Raises InvalidInput, also for `null`: where there need not be a body, none is sent."""
        try:
            body = super().parse_body(request)
        except (ValueError, RecursionError) as error:
            raise InvalidInput(fields={"body": "It cannot be read as JSON."}) from error
        if not isinstance(body, dict):
            raise InvalidInput(fields={"body": NO_OBJECT})
        return body


def why_unknown(bodies: Iterable[type[BaseModel]], place: Sequence[str | int]) -> str:
    """Why the name at a place of a body is refused, with the names that could stand there."""
    *way, name = place
    models: list[Any] = list(bodies)
    for step in way:
        inside = [_fields_of(model)[step] for model in models if step in _fields_of(model)]
        # What names no field is the index of a list, or one of several shapes.
        models = [model for part in inside for model in _models_in(part)] or models
    return unknown_name(str(name), {str(known) for model in models for known in _fields_of(model)})


def _fields_of(model: type[BaseModel]) -> dict[str | int, Any]:
    return {field.alias or name: field.annotation for name, field in model.model_fields.items()}


def _models_in(annotation: Any) -> Iterator[type[BaseModel]]:
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        yield annotation
    for part in get_args(annotation):
        yield from _models_in(part)
