"""What holds for every address of the API, found by walking all of them: those of tomorrow too."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from typing import Any
from uuid import uuid4

import pytest
from django.test import Client

from afterword.accounts.models import Membership, Person, Team
from afterword.audit.models import AuditEvent
from afterword.calls.openapi import BODILESS_STATUSES
from afterword.catalog.models import Integration, Service
from afterword.config.api import api
from afterword.incidents.models import Incident
from tests.architecture.sources import ROOT

WRITING = ("put", "patch", "delete")
LISTS_WITHOUT_PIECES = {
    # Short by nature, or by the shape that another vendor gave it.
    "/api/v1/templates",
    "/api/v1/integrations/{integration_id}/recent-bodies",
    "/api/v1/webhooks/event-types",
}


def operations() -> Iterator[tuple[str, str, dict[str, Any]]]:
    for path, methods in api.get_openapi_schema()["paths"].items():
        for method, operation in methods.items():
            yield path, method, operation


@pytest.fixture
def world(
    client: Client, alice: Person, bob: Person, integration: Integration, incident: Incident, api_headers: Any
) -> dict[str, str]:
    """One of everything, made through the API itself; the headers of its owner."""
    headers: dict[str, str] = api_headers(alice)
    service, team = integration.service, integration.service.team
    numbered, person = f"incidents/{incident.number}", str(bob.unique_id)

    def make(path: str, body: Any) -> dict[str, Any]:
        answer = client.post(f"/api/v1/{path}", body, content_type="application/json", headers=headers)
        assert answer.status_code in (200, 201, 202), (path, answer.content)
        return dict(answer.json())

    its = {"team": str(team.unique_id)}
    for noun, body in {
        "priorities": {"name": "P1"},
        "slas": {"name": "Gold", "acknowledge_minutes": 5},
        "tags": {"name": "database"},
        "escalation-policies": {
            "name": "All",
            "levels": [{"targets": [{"kind": "person", "unique_id": person}]}],
        },
        "maintenance-windows": {
            "name": "Move",
            "services": [str(service.unique_id)],
            "starts_at": "2027-01-01T00:00:00Z",
            "ends_at": "2027-01-01T01:00:00Z",
        },
    }.items():
        make(noun, {**its, **body})
    schedule = make(
        "on-call-schedules", {**its, "name": "Days", "people": [person], "starts_on": "2026-01-05"}
    )
    stand_in = {"person": person, "starts_at": "2027-01-01T00:00:00Z", "ends_at": "2027-01-01T01:00:00Z"}
    make(f"on-call-schedules/{schedule['unique_id']}/overrides", stand_in)
    role = make("incident-roles", {"name": "Scribe"})
    make(f"{numbered}/roles", {"role": role["unique_id"], "person": person})
    entry = make(f"{numbered}/entries", {"text": "We look into it."})
    make(f"{numbered}/entries/{entry['unique_id']}/links", {"url": "https://example.com/graph"})
    make("flows", {"name": "After the worst"})
    make("follow-ups", {"incident": incident.number, "title": "Alert earlier"})
    make("postmortems", {"incidents": [incident.number], "title": "Slow"})
    make("webhooks", {"url": "https://hooks.example.com"})
    return headers


@pytest.mark.once
def test_no_change_is_made_to_what_has_changed_since(
    client: Client, world: dict[str, str], team: Team, service: Service, incident: Incident, bob: Person
) -> None:
    """Every PUT, PATCH and DELETE answers 412 to an ETag that is not the present one, and does nothing."""
    known = {
        "reference": str(incident.number),
        "team": str(team.unique_id),
        "service": str(service.unique_id),
        "role": "Scribe",
        "person": str(bob.unique_id),
    }
    before = AuditEvent.objects.count()
    refused, unknown = 0, []
    for path, method, _ in operations():
        if method in WRITING:
            address = _address(client, world, path, known)
            answer = getattr(client, method)(
                address, {}, content_type="application/json", headers={**world, "If-Match": '"other"'}
            )
            assert answer.status_code in (404, 412), (method, address, answer.status_code)
            refused += answer.status_code == 412
            unknown += [f"{method} {path}"] if answer.status_code == 404 else []
    assert AuditEvent.objects.count() == before
    assert refused > 60, unknown
    assert Membership.objects.count() == 2


def _address(client: Client, headers: dict[str, str], path: str, known: dict[str, str]) -> str:
    """The address of something that is there: the first of the list that stands above it."""
    address = ""
    for part in path.strip("/").split("/"):
        name = re.fullmatch(r"\{(?:\w+:)?(\w+)\}", part)
        if name is None:
            address += f"/{part}"
        elif name[1] in known:
            address += f"/{known[name[1]]}"
        else:
            # Nothing is changed on the way, so that each list is asked for once.
            if address not in known:
                known[address] = _first_of(client, headers, address)
            address += f"/{known[address]}"
    return address + ("/" if path.endswith("/") else "")


def _first_of(client: Client, headers: dict[str, str], address: str) -> str:
    for there in (address, f"{address}/"):
        answer = client.get(there, headers=headers)
        if answer.status_code == 200:
            found = answer.json()
            items = found.get("items", found.get("results", [])) if isinstance(found, dict) else found
            for item in items:
                named = [item.get(key) for key in ("number", "unique_id", "key") if key in item]
                if named:
                    return str(named[0])
    return str(uuid4())


@pytest.mark.pure
def test_the_description_is_made_once() -> None:
    """It takes most of a second, and anybody may ask for it."""
    assert api.get_openapi_schema() is api.get_openapi_schema()


@pytest.mark.pure
def test_every_operation_is_described_in_full() -> None:
    tags = set()
    names = []
    for path, method, operation in operations():
        where = (method, path)
        assert operation.get("summary"), where
        assert operation.get("tags"), where
        tags |= set(operation["tags"])
        names.append(operation["operationId"])
        assert any(200 <= int(status) < 300 for status in operation["responses"]), where
        assert 401 in operation["responses"], where
        for status, response in operation["responses"].items():
            assert response.get("description"), (where, status)
            assert (int(status) in BODILESS_STATUSES) or response.get("content"), (where, status)
        asked = {one["name"] for one in operation["parameters"] if one["in"] == "header"}
        if method == "get":
            assert "If-None-Match" in asked, where
        else:
            assert "If-Match" in asked, where
            assert 412 in operation["responses"], where
        if method == "post":
            assert "Idempotency-Key" in asked, where
            assert 422 in operation["responses"], where
    assert len(names) == len(set(names)), "an operation's id is its own"


@pytest.mark.pure
def test_shapes_of_the_same_name_are_told_apart() -> None:
    """Ours has a name alone, and Zenduty's has more."""
    described = api.get_openapi_schema()
    shapes = described["components"]["schemas"]

    def fields(path: str) -> set[str]:
        body = described["paths"][path]["post"]["requestBody"]["content"]["application/json"]["schema"]
        return set(shapes[body["$ref"].removeprefix("#/components/schemas/")]["properties"])

    assert "text" in fields("/api/v1/incidents/{reference}/entries")
    assert "note" in fields("/api/incidents/{reference}/note/")
    named = re.findall(r"#/components/schemas/([^\"]+)", json.dumps(described, default=str))
    assert set(named) <= set(shapes)


@pytest.mark.pure
def test_every_list_comes_in_pieces() -> None:
    for path, method, operation in operations():
        content = operation["responses"].get(200, {}).get("content", {}).get("application/json", {})
        shape = content.get("schema", {}).get("$ref", "")
        if method == "get" and "Listing" in shape and path not in LISTS_WITHOUT_PIECES:
            asked = {one["name"] for one in operation["parameters"] if one["in"] == "query"}
            assert {"cursor", "limit"} <= asked, path


@pytest.mark.pure
def test_every_address_stands_in_the_reference() -> None:
    """Ours in api.md. The ones of Zenduty's shape have a page of their own, by noun."""
    listed = set(re.findall(r"^\| `(\w+) (\S+)` \|", _page("api.md"), flags=re.M))
    present = {
        (method.upper(), path.removeprefix("/api"))
        for path, method, _ in operations()
        if path.startswith("/api/v1/")
    }
    lines = [f"| `{method} {path}` | {_summary(method, path)} |" for method, path in sorted(present - listed)]
    assert not lines, "please add to docs/reference/api.md:\n" + "\n".join(lines)
    assert not listed - present, "no longer there"


def _page(name: str) -> str:
    return (ROOT / "docs/reference" / name).read_text(encoding="utf-8")


def _summary(method: str, path: str) -> str:
    operation = api.get_openapi_schema()["paths"][f"/api{path}"][method.lower()]
    return str(operation["summary"])


@pytest.mark.once
def test_errors_have_one_shape(client: Client, world: dict[str, str], incident: Incident) -> None:
    def ask(method: str, path: str, body: Any = None, **headers: str) -> Any:
        return getattr(client, method)(
            f"/api/v1{path}", body, content_type="application/json", headers={**world, **headers}
        )

    answers = {
        400: ask("post", "/tags", {"team": "nonsense", "name": 5}),
        401: client.get("/api/v1/tags"),
        404: ask("get", f"/tags/{uuid4()}"),
        405: ask("put", "/tags", {}),
        409: ask("post", f"/incidents/{incident.number}/resolution", {})
        and ask("post", f"/incidents/{incident.number}/resolution", {}),
        412: ask("patch", f"/incidents/{incident.number}", {}, **{"If-Match": '"other"'}),
    }
    for status, answer in answers.items():
        assert answer.status_code == status
        assert set(answer.json()) <= {"detail", "fields"}
        assert isinstance(answer.json()["detail"], str)
    assert answers[400].json()["fields"].keys() == {"team", "name"}
    nowhere = client.get("/api/v1/nowhere", headers=world)
    assert (nowhere.status_code, nowhere.json()) == (404, {"detail": "Not found."})
    broken = client.post("/api/v1/tags", "{", content_type="application/json", headers=world)
    assert (broken.status_code, set(broken.json())) == (400, {"detail", "fields"})
