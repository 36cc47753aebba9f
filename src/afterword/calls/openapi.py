"""The description of the API, made complete: what holds for every operation is said of each."""

from __future__ import annotations

from typing import Any

ERROR = "#/components/schemas/Error"
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


def complete(schema: dict[str, Any]) -> dict[str, Any]:
    """Add to an OpenAPI document the errors, headers and parameters that every operation has."""
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
    return schema


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
