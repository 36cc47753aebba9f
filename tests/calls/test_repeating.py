"""A POST with an Idempotency-Key is done once, however often it is sent."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from afterword.accounts.models import ApiKey, KeyScope, Person, Team
from afterword.audit.models import AuditEvent
from afterword.calls.models import KeptAnswer
from afterword.calls.writes import (
    ANSWER_BYTES_MAX,
    ANSWERING_SECONDS_MAX,
    KEPT_HOURS,
    Claim,
    ClaimLost,
    begin_answer,
    keep_answer,
    prune_answers,
)
from afterword.catalog.models import Integration, Service
from afterword.incidents.models import Incident
from afterword.incidents.timeline.models import Evidence
from afterword.lib import clock

Headers = Callable[..., dict[str, str]]


def post(client: Client, headers: dict[str, str], body: Any, key: str = "a", path: str = "teams") -> Any:
    return client.post(
        f"/api/v1/{path}",
        body,
        content_type="application/json",
        headers={**headers, "Idempotency-Key": key},
    )


def test_the_same_again_is_answered_as_before_and_not_done_again(
    client: Client, alice: Person, api_headers: Headers
) -> None:
    headers = api_headers(alice)
    first = post(client, headers, {"name": "Data"}, '"8e03978e-40d5"')
    again = post(client, headers, {"name": "Data"}, "8e03978e-40d5")
    assert (first.status_code, again.status_code) == (201, 201)
    assert (again.content, again.headers["Content-Type"]) == (first.content, first.headers["Content-Type"])
    assert ("Idempotency-Replayed" in first.headers, again.headers["Idempotency-Replayed"]) == (False, "true")
    assert Team.objects.filter(name="Data").count() == 1
    assert AuditEvent.objects.filter(action="team.created").count() == 1


def test_another_request_with_the_same_key_is_a_mistake(
    client: Client, alice: Person, api_headers: Headers, team: Team
) -> None:
    headers = api_headers(alice)
    post(client, headers, {"name": "Data"})
    for answer in (
        post(client, headers, {"name": "Dato"}),
        post(client, headers, {"name": "Data"}, path="services"),
    ):
        assert answer.status_code == 422
        assert "new key" in answer.json()["detail"]
    assert Team.objects.count() == 2


def test_what_was_refused_may_be_sent_again_with_the_same_key(
    client: Client, alice: Person, api_headers: Headers
) -> None:
    headers = api_headers(alice)
    assert post(client, headers, {"name": ""}).status_code == 400
    assert post(client, headers, {"name": "Data"}).status_code == 201


def test_a_key_belongs_to_one_token(client: Client, alice: Person, api_headers: Headers) -> None:
    post(client, api_headers(alice), {"name": "Data"})
    answer = post(client, api_headers(alice), {"name": "Other"})
    assert answer.status_code == 201
    assert "Idempotency-Replayed" not in answer.headers


def test_nobody_gets_an_answer_without_their_right(
    client: Client, alice: Person, api_headers: Headers
) -> None:
    headers = api_headers(alice)
    post(client, headers, {"name": "Data"})
    ApiKey.objects.update(revoked_at=clock.now())
    assert post(client, headers, {"name": "Data"}).status_code == 401
    assert post(client, api_headers(alice, KeyScope.READ), {"name": "Data"}).status_code == 403
    assert KeptAnswer.objects.count() == 1


@pytest.mark.parametrize("key", ["", '""', "é", "x" * 256], ids=["none", "quotes", "letter", "long"])
def test_a_key_that_cannot_be_used_is_named(
    client: Client, alice: Person, api_headers: Headers, key: str
) -> None:
    answer = post(client, api_headers(alice), {"name": "Data"}, key)
    assert (answer.status_code, set(answer.json()["fields"])) == (400, {"Idempotency-Key"})
    assert not Team.objects.filter(name="Data").exists()


def test_while_the_first_is_answered_the_second_is_told_to_wait(
    client: Client, alice: Person, api_headers: Headers, monkeypatch: pytest.MonkeyPatch
) -> None:
    headers = api_headers(alice)
    inner = []
    from afterword.accounts import api, writes

    def create_team(**fields: Any) -> Team:
        inner.append(post(client, headers, {"name": "Data"}))
        return writes_create_team(**fields)

    writes_create_team = writes.create_team
    monkeypatch.setattr(api.writes, "create_team", create_team)
    assert post(client, headers, {"name": "Data"}).status_code == 201
    assert (inner[0].status_code, len(inner)) == (409, 1)


def test_who_was_taken_for_dead_cannot_finish(
    alice: Person,
    api_headers: Headers,
) -> None:
    api_headers(alice)
    key, now = ApiKey.objects.get(), clock.now()
    first = begin_answer(api_key=key, key="a", fingerprint="f", at=now)
    later = now + timedelta(seconds=ANSWERING_SECONDS_MAX + 1)
    second = begin_answer(api_key=key, key="a", fingerprint="f", at=later)
    assert isinstance(first, Claim)
    assert isinstance(second, Claim)
    with pytest.raises(ClaimLost):
        keep_answer(claim=first, status=201, content_type="application/json", body=b"{}")
    keep_answer(claim=second, status=201, content_type="application/json", body=b"{}")
    assert isinstance(begin_answer(api_key=key, key="a", fingerprint="f", at=later), KeptAnswer)


def test_what_breaks_leaves_nothing_behind(
    client: Client, alice: Person, api_headers: Headers, monkeypatch: pytest.MonkeyPatch
) -> None:
    from afterword.calls import repeating

    headers = api_headers(alice)

    def break_down(**fields: Any) -> None:
        raise RuntimeError("the disk is full")

    with monkeypatch.context() as broken:
        broken.setattr(repeating.writes, "keep_answer", break_down)
        client.raise_request_exception = False
        assert post(client, headers, {"name": "Data"}).status_code == 500
    assert not Team.objects.filter(name="Data").exists()
    assert post(client, headers, {"name": "Data"}).status_code == 201


def test_answers_are_sealed_bounded_and_pruned(
    client: Client, alice: Person, integration: Integration, api_headers: Headers
) -> None:
    headers = api_headers(alice)
    path = f"integrations/{integration.unique_id}/key"
    first = post(client, headers, {}, path=path)
    kept = KeptAnswer.objects.get()
    assert first.json()["unique_id"] not in kept.sealed_body
    assert post(client, headers, {}, path=path).content == first.content
    claim = begin_answer(api_key=kept.api_key, key="b", fingerprint="f", at=clock.now())
    assert isinstance(claim, Claim)
    keep_answer(claim=claim, status=201, content_type="text/plain", body=b"x" * (ANSWER_BYTES_MAX + 1))
    assert KeptAnswer.objects.get(key="b").sealed_body == ""
    KeptAnswer.objects.update(sealed_body="")
    assert post(client, headers, {}, path=path).status_code == 409
    assert prune_answers(at=clock.now()) == 0
    assert prune_answers(at=clock.now() + timedelta(hours=KEPT_HOURS, minutes=1)) == 2


def test_a_key_is_free_again_after_a_day(
    client: Client, alice: Person, api_headers: Headers, monkeypatch: pytest.MonkeyPatch
) -> None:
    headers = api_headers(alice)
    post(client, headers, {"name": "Data"})
    KeptAnswer.objects.update(begun_at=clock.now() - timedelta(hours=KEPT_HOURS, seconds=1))
    assert post(client, headers, {"name": "Other"}).status_code == 201


def test_a_file_is_attached_once(
    client: Client, alice: Person, incident: Incident, service: Service, api_headers: Headers
) -> None:
    """Programs choose another boundary each time; the parts are the same."""
    headers = {**api_headers(alice), "Idempotency-Key": "a"}
    entry = incident.entries.get()
    path = f"/api/v1/incidents/{incident.number}/entries/{entry.unique_id}/evidence"

    def send(text: bytes, boundary: str) -> Any:
        from django.test.client import encode_multipart

        body = encode_multipart(boundary, {"file": SimpleUploadedFile("a.txt", text, "text/plain")})
        return client.post(
            path, body, content_type=f"multipart/form-data; boundary={boundary}", headers=headers
        )

    assert [send(b"one", "AaB").status_code, send(b"one", "BbC").status_code] == [201, 201]
    assert send(b"two", "AaB").status_code == 422
    assert Evidence.objects.count() == 1


def test_what_waits_for_other_systems_keeps_nobody_from_writing(
    client: Client, bob: Person, api_headers: Headers, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It is not done in a transaction, and repeated it is still done once."""
    from django.db import connection

    from afterword.notify.contact import writes

    within = []
    monkeypatch.setattr(writes, "_send", lambda *others: within.append(len(connection.savepoint_ids)))
    outside = len(connection.savepoint_ids)
    headers = api_headers(bob)
    body = {"kind": "webhook", "address": "https://hooks.example.com/a"}
    answers = [post(client, headers, body, path="contact-methods") for _ in range(2)]
    assert [answer.status_code for answer in answers] == [201, 201]
    assert answers[0].content == answers[1].content
    assert within == [outside]
