"""What a body of a call may be."""

from __future__ import annotations

from django.http import HttpRequest
from ninja.parser import Parser
from ninja.types import DictStrAny

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
