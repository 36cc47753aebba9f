"""GitHub's webhooks: what of them is a change, and that nobody else can send them."""

from __future__ import annotations

import hashlib
import hmac
import json
from datetime import UTC, datetime
from typing import Any
from urllib.parse import urlencode

import pytest

from tests.ingest.reading import ReadSignal, read, refusal, sample, sample_json

pytestmark = pytest.mark.pure
KIND = "github"
SECRET = "It's a Secret to Everybody"


def signed(body: bytes, event: str, **headers: str) -> dict[str, Any]:
    digest = hmac.new(SECRET.encode(), body, hashlib.sha256).hexdigest()
    return {
        "secret": SECRET,
        "headers": {"X-GitHub-Event": event, "X-Hub-Signature-256": f"sha256={digest}", **headers},
    }


def received(event: str, body: bytes | dict[str, Any] | None = None) -> list[ReadSignal]:
    if body is None:
        body = sample(f"github/{event}.json")
    sent = body if isinstance(body, bytes) else json.dumps(body).encode()
    return read(KIND, sent, **signed(sent, event))


def test_githubs_own_example_of_a_signature_fits() -> None:
    body = b"Hello, World!"
    expected = "sha256=757107ea0eb2509fc211221cce984b8a37570b6d7586c22c46f4379c8b043e17"
    assert signed(body, "ping")["headers"]["X-Hub-Signature-256"] == expected


def test_a_deployment_is_a_change_and_its_status_is_about_the_same() -> None:
    (made,) = received("deployment")
    (done,) = received("deployment_status")
    assert made.entity_id == done.entity_id == "deployment:326191728" == made.change.source_id
    assert made.change.title == done.change.title == "Deploy acme/checkout main to production"
    assert (made.change.state, done.change.state) == ("created", "success")
    assert made.change.at == datetime(2026, 3, 2, 13, 59, 29, tzinfo=UTC)
    assert done.change.at == datetime(2026, 3, 2, 14, 2, 10, tzinfo=UTC)
    assert (done.change.version, done.change.author, done.change.environment) == (
        "f95f852bd8fc",
        "octo-acme",
        "production",
    )
    assert [link["link_text"] for link in done.change.links] == ["Log", "Environment", "Commit"]


def test_a_deployment_that_another_has_replaced_is_no_news() -> None:
    body = sample_json("github/deployment_status.json")
    body["deployment_status"]["state"] = "inactive"
    assert received("deployment_status", body) == []


def test_a_push_to_the_default_branch_is_a_change_and_to_another_is_not() -> None:
    (found,) = received("push")
    assert found.change.kind == "other"
    assert found.change.title == "Push to acme/checkout main: Retry the payment provider"
    assert found.change.summary == "- Retry the payment provider"
    assert found.change.at == datetime(2026, 3, 2, 13, 55, 2, tzinfo=UTC)
    assert [link["link_text"] for link in found.change.links] == ["Compare", "Commit"]
    body = sample_json("github/push.json")
    assert received("push", {**body, "ref": "refs/heads/feature"}) == []
    assert received("push", {**body, "ref": "refs/tags/main"}) == []
    assert received("push", {**body, "deleted": True}) == []


def test_a_release_is_a_change_once_it_is_published() -> None:
    (found,) = received("release")
    assert found.change.title == "Release acme/checkout v2.3.0: The retrying one"
    assert (found.change.version, found.change.source_id) == ("v2.3.0", "release:11248810")
    body = sample_json("github/release.json")
    assert received("release", {**body, "action": "created"}) == []


def test_a_ping_and_what_we_do_not_know_are_accepted() -> None:
    assert received("ping") == []
    assert received("star", b"{}") == []


def test_the_payload_may_come_as_a_form() -> None:
    body = urlencode({"payload": sample("github/push.json").decode()}).encode()
    headers = signed(body, "push", **{"Content-Type": "application/x-www-form-urlencoded"})
    assert len(read(KIND, body, **headers)) == 1


def test_a_wrong_signature_is_forbidden_and_a_missing_one_unauthorised() -> None:
    body = sample("github/push.json")
    fitting = signed(body, "push")
    assert refusal(KIND, body + b" ", **fitting).status == 403
    assert refusal(KIND, body, **{**fitting, "secret": "another"}).status == 403
    assert refusal(KIND, body, **signed(body, "push", **{"X-Hub-Signature-256": "sha256=é"})).status == 403
    assert refusal(KIND, body, secret=SECRET, headers={"X-GitHub-Event": "push"}).status == 401


def test_without_a_secret_nothing_is_taken() -> None:
    body = sample("github/ping.json")
    empty = hmac.new(b"", body, hashlib.sha256).hexdigest()
    headers = {"X-GitHub-Event": "ping", "X-Hub-Signature-256": f"sha256={empty}"}
    assert refusal(KIND, body, secret="", headers=headers).status == 403
