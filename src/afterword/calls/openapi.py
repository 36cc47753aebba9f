"""The description of the API, made complete: what holds for every operation is said of each."""

from __future__ import annotations

import json
from typing import Any

from ninja import NinjaAPI
from ninja.openapi.schema import OpenAPISchema

COMPONENTS = "#/components/schemas/"
ERROR = f"{COMPONENTS}Error"
BODILESS_STATUSES = (204, 304)
WRITING = ("post", "put", "patch", "delete")
FILES = {"/pdf": "application/pdf", "/markdown": "text/markdown"}
REASONS = {
    304: "You have it already: `If-None-Match` names its ETag.",
    400: "Some of what was sent cannot be used: `fields` says what and why.",
    401: "There is no key, or it does not work.",
    403: "The key, or the person it acts for, may not do this.",
    404: "It is not there, or not yours to see.",
    409: "It stands against what is there; or the first request with this Idempotency-Key is still answered.",
    412: "It has changed since you read it: `If-Match` names another ETag.",
    413: "The body is too large.",
    422: "The Idempotency-Key was used with another request.",
}
IF_NONE_MATCH = (
    "If-None-Match",
    "The ETag that you have: when it is still the same, the answer is 304 without a body.",
)
IF_MATCH = (
    "If-Match",
    "Do it only if a GET of this address, or of the nearest one above it that can be read, still has this "
    "ETag.",
)
IDEMPOTENCY_KEY = (
    "Idempotency-Key",
    "Up to 255 characters of your choice, another for each thing to be done. The same request with the same "
    "key within 24 hours is done once and answered as before.",
)


class Description(OpenAPISchema):
    """An OpenAPI document in which two shapes that have the same name are told apart.

    Ninja names a shape after its class, and of several it keeps the last: the description of a request
    would be that of another one. Here the second is `Name2`, in the order of the addresses.
    """

    def __init__(self, api: NinjaAPI, path_prefix: str) -> None:
        self._names: dict[tuple[str, str], str] = {}
        super().__init__(api, path_prefix)
        _complete(self)

    def _create_schema_from_model(self, *args: Any, **wishes: Any) -> tuple[dict[str, Any], bool]:
        known, self.schemas = self.schemas, {}
        schema, required = super()._create_schema_from_model(*args, **wishes)
        new, self.schemas = self.schemas, known
        names = {name: self._name(name, new) for name in new}
        known.update({names[name]: _renamed(definition, names) for name, definition in new.items()})
        return _renamed(schema, names), required

    def _name(self, name: str, definitions: dict[str, Any]) -> str:
        within = {one: definitions[one] for one in _reached_from(name, definitions)}
        key = (name, json.dumps(within, sort_keys=True, default=str))
        if key not in self._names:
            count = 1 + sum(other == name for other, _ in self._names)
            self._names[key] = name if count == 1 else f"{name}{count}"
        return self._names[key]


def _reached_from(name: str, definitions: dict[str, Any]) -> set[str]:
    found, waiting = set(), [name]
    while waiting:
        one = waiting.pop()
        if one not in found:
            found.add(one)
            waiting += [other for other in _references(definitions[one]) if other in definitions]
    return found


def _references(part: Any) -> list[str]:
    if isinstance(part, dict):
        own = [part["$ref"].removeprefix(COMPONENTS)] if isinstance(part.get("$ref"), str) else []
        return own + [name for value in part.values() for name in _references(value)]
    return [name for value in part for name in _references(value)] if isinstance(part, list) else []


def _renamed(part: Any, names: dict[str, str]) -> Any:
    if isinstance(part, dict):
        renamed = {key: _renamed(value, names) for key, value in part.items()}
        if isinstance(part.get("$ref"), str):
            name = part["$ref"].removeprefix(COMPONENTS)
            renamed["$ref"] = COMPONENTS + names.get(name, name)
        return renamed
    return [_renamed(value, names) for value in part] if isinstance(part, list) else part


def _complete(schema: dict[str, Any]) -> None:
    """Add the errors, headers and parameters that every operation has."""
    schema["components"]["schemas"]["Error"] = {
        "title": "Error",
        "type": "object",
        "required": ["detail"],
        "properties": {
            "detail": {"type": "string", "description": "What is wrong, in a sentence for people."},
            "fields": {
                "type": "object",
                "additionalProperties": {"type": "string"},
                "description": "The reason by the name of each part of the request that cannot be used.",
            },
        },
    }
    for path, operations in schema["paths"].items():
        for method, operation in operations.items():
            _complete_operation(path, method, operation)


def _complete_operation(path: str, method: str, operation: dict[str, Any]) -> None:
    responses = operation["responses"]
    for status, response in responses.items():
        if int(status) not in BODILESS_STATUSES and not response.get("content"):
            response["content"] = {_media_type(path): {"schema": {}}}
        if method == "get" and int(status) == 200:
            response.setdefault("headers", {})["ETag"] = {"schema": {"type": "string"}}
    parameters = operation.setdefault("parameters", [])
    for name, description in _headers(method):
        schema = {"type": "string"}
        parameters.append(
            {"in": "header", "name": name, "required": False, "schema": schema, "description": description}
        )
    for status in _refusals(path, method, operation):
        if status not in responses:
            responses[status] = {"description": REASONS[status]}
            if status not in BODILESS_STATUSES:
                responses[status]["content"] = {"application/json": {"schema": {"$ref": ERROR}}}


def _headers(method: str) -> list[tuple[str, str]]:
    if method not in WRITING:
        return [IF_NONE_MATCH]
    return [IF_MATCH, IDEMPOTENCY_KEY] if method == "post" else [IF_MATCH]


def _refusals(path: str, method: str, operation: dict[str, Any]) -> list[int]:
    statuses = [401]
    if "requestBody" in operation or any(one["in"] == "query" for one in operation["parameters"]):
        statuses.append(400)
    if "requestBody" in operation:
        statuses.append(413)
    if "{" in path:
        statuses.append(404)
    if method in WRITING:
        statuses += [403, 409, 412]
    else:
        statuses += [304, 403]
    if method == "post":
        statuses += [400, 422]
    return sorted(set(statuses))


def _media_type(path: str) -> str:
    return next((kind for ending, kind in FILES.items() if path.endswith(ending)), "application/json")
