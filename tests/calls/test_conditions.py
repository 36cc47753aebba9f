"""ETags: what has not changed is not sent again, and what has is not overwritten unseen."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import get_ident
from typing import Any

import pytest
from django.test import Client

from afterword.accounts.models import Person
from afterword.audit.models import AuditEvent
from afterword.catalog.models import Service
from afterword.incidents.models import Incident
from tests.together import PEOPLE, ask, at_once

Headers = Callable[..., dict[str, str]]


def send(client: Client, method: str, path: str, body: Any, **headers: str) -> Any:
    return getattr(client, method)(path, body, content_type="application/json", headers=headers)


@pytest.fixture
def path(service: Service) -> str:
    return f"/api/v1/services/{service.unique_id}"


def test_what_is_known_already_is_not_sent_again(
    client: Client, alice: Person, path: str, api_headers: Headers
) -> None:
    headers = api_headers(alice)
    first = client.get(path, headers=headers)
    tag = first.headers["ETag"]
    assert first.headers["Cache-Control"] == "private, no-cache"
    for known in (tag, f"W/{tag}", f'"other", {tag}', "*"):
        again = client.get(path, headers={**headers, "If-None-Match": known})
        assert (again.status_code, again.content, again.headers["ETag"]) == (304, b"", tag)
    assert client.get(path, headers={**headers, "If-None-Match": '"other"'}).content == first.content
    send(client, "patch", path, {"name": "Basket"}, **headers)
    assert client.get(path, headers={**headers, "If-None-Match": tag}).json()["name"] == "Basket"


def test_a_change_is_made_to_what_was_read_and_says_its_new_tag(
    client: Client, alice: Person, path: str, api_headers: Headers
) -> None:
    headers = api_headers(alice)
    tag = client.get(path, headers=headers).headers["ETag"]
    done = send(client, "patch", path, {"name": "Basket"}, **headers, **{"If-Match": tag})
    assert done.status_code == 200
    assert done.headers["ETag"] == client.get(path, headers=headers).headers["ETag"] != tag
    late = send(client, "patch", path, {"name": "Till"}, **headers, **{"If-Match": tag})
    assert (late.status_code, "Get it again" in late.json()["detail"]) == (412, True)
    assert Service.objects.get().name == "Basket"
    weak = send(
        client, "patch", path, {"name": "Till"}, **headers, **{"If-Match": f"W/{done.headers['ETag']}"}
    )
    assert weak.status_code == 412
    assert send(client, "patch", path, {"name": "Till"}, **headers, **{"If-Match": "*"}).status_code == 200


def test_what_cannot_be_read_is_compared_with_what_stands_above_it(
    client: Client, alice: Person, incident: Incident, api_headers: Headers
) -> None:
    headers, path = api_headers(alice), f"/api/v1/incidents/{incident.number}"
    tag = client.get(path, headers=headers).headers["ETag"]
    body = {"identified": "2026-03-02T14:10:00Z"}
    first = send(client, "patch", f"{path}/timestamps", body, **headers, **{"If-Match": tag})
    second = send(client, "patch", f"{path}/timestamps", body, **headers, **{"If-Match": tag})
    assert (first.status_code, second.status_code) == (200, 412)


def test_conditions_tell_an_outsider_nothing(
    client: Client, alice: Person, charlie: Person, path: str, api_headers: Headers
) -> None:
    tag = client.get(path, headers=api_headers(alice)).headers["ETag"]
    for condition in (tag, '"other"', "*"):
        answer = send(client, "patch", path, {}, **api_headers(charlie), **{"If-Match": condition})
        assert (answer.status_code, answer.json()) == (404, {"detail": "Not found."})
    unknown = client.get(path, headers={**api_headers(charlie), "If-None-Match": tag})
    assert (unknown.status_code, "ETag" in unknown.headers) == (404, False)


def test_a_repeated_request_is_answered_though_its_condition_no_longer_holds(
    client: Client, alice: Person, incident: Incident, api_headers: Headers
) -> None:
    path = f"/api/v1/incidents/{incident.number}"
    headers = api_headers(alice)
    tag = client.get(path, headers=headers).headers["ETag"]
    headers |= {"If-Match": tag, "Idempotency-Key": "a"}
    answers = [send(client, "post", f"{path}/acknowledgement", {}, **headers) for _ in range(2)]
    assert [answer.status_code for answer in answers] == [201, 201]
    late = send(client, "post", f"{path}/resolution", {}, **headers | {"Idempotency-Key": "b"})
    assert late.status_code == 412


def test_a_method_that_is_not_taken_is_refused_in_the_shape_of_every_error(
    client: Client, alice: Person, path: str, api_headers: Headers
) -> None:
    answer = send(client, "put", path, {}, **api_headers(alice))
    assert (answer.status_code, set(answer.json())) == (405, {"detail"})
    assert {"GET", "PATCH"} <= set(answer.headers["Allow"].split(", "))


@pytest.fixture
def alices(alice: Person, incident: Incident, api_headers: Headers) -> dict[str, str]:
    return api_headers(alice)


@pytest.mark.django_db(transaction=True)
def test_of_several_with_the_same_tag_one_wins(
    alices: dict[str, str], path: str, several: ThreadPoolExecutor
) -> None:
    tag = ask(several, lambda: Client().get(path, headers=alices).headers["ETag"])
    statuses = []

    def change() -> None:
        body = {"name": f"Name {get_ident()}"}
        answer = send(Client(), "patch", path, body, **alices, **{"If-Match": tag})
        statuses.append(answer.status_code)

    at_once(several, change)
    assert sorted(statuses) == [200] + [412] * (PEOPLE - 1)
    assert ask(several, AuditEvent.objects.filter(action="service.changed").count) == 1
