"""How people are paged is theirs alone: pages, codes, tests, and the API."""

from __future__ import annotations

import json
import re
from datetime import time as clock_time
from typing import Any

import pytest
from django.core.cache import cache
from django.test import Client

from afterword.accounts.models import Person
from afterword.audit.models import AuditEvent
from afterword.notify.contact import rules
from afterword.notify.models import ContactMethod
from tests.notify.conftest import MovableClock
from tests.notify.mail_server import MailServer
from tests.notify.receiver import Receiver

HERE = "/profile/contact-methods"
API = "/api/v1/contact-methods"


@pytest.fixture(autouse=True)
def _near(settings: Any) -> None:
    settings.ALLOW_PRIVATE_ADDRESSES = True


def add(client: Client, receiver: Receiver) -> ContactMethod:
    answer = client.post(HERE, {"kind": "webhook", "address": receiver.url, "label": "My phone"})
    assert answer.status_code == 200, answer.content
    return ContactMethod.objects.get(kind="webhook")


def code_in(receiver: Receiver) -> str:
    return str(json.loads(receiver.requests[-1].body)["code"])


def test_everyone_has_their_mail_address(sign_in: Any, bob: Person):
    shown = sign_in(bob).get(HERE).content.decode()
    assert "bob@example.com" in shown
    assert ContactMethod.objects.get().verified_at is not None
    assert HERE in sign_in(bob).get("/profile").content.decode()


def test_a_webhook_is_used_once_its_code_was_given_back(
    sign_in: Any, bob: Person, receiver: Receiver, time: MovableClock
):
    client = sign_in(bob)
    method = add(client, receiver)
    assert method.verified_at is None
    wrong = client.post(f"{HERE}/{method.unique_id}/verification", {"code": "nonsense"})
    assert wrong.status_code == 400
    right = client.post(f"{HERE}/{method.unique_id}/verification", {"code": code_in(receiver)})
    assert right.status_code == 302
    method.refresh_from_db()
    assert method.verified_at == time.at
    assert AuditEvent.objects.filter(action="contact_method.verified").count() == 1


def test_the_secret_is_shown_once_and_the_address_never(sign_in: Any, bob: Person, receiver: Receiver):
    client = sign_in(bob)
    first = client.post(HERE, {"kind": "webhook", "address": receiver.url + "?key=hidden-away"})
    assert re.search(rb"whs_[\w-]{30}", first.content)
    for answer in (first, client.get(HERE)):
        assert b"hidden-away" not in answer.content
    assert b"whs_" not in client.get(HERE).content


def test_a_code_grows_old_and_is_tried_a_few_times_only(
    sign_in: Any, bob: Person, receiver: Receiver, time: MovableClock
):
    client = sign_in(bob)
    method = add(client, receiver)
    code, there = code_in(receiver), f"{HERE}/{method.unique_id}/verification"
    for _ in range(rules.CODE_TRIES_MAX):
        client.post(there, {"code": "00000000x"})
    assert b"too many tries" in client.post(there, {"code": code}).content
    cache.clear()
    client.post(f"{HERE}/{method.unique_id}/code")
    time.move(minutes=rules.CODE_MINUTES_MAX, seconds=1)
    assert b"too old" in client.post(there, {"code": code_in(receiver)}).content


def test_a_test_is_sent_and_its_failure_is_told(sign_in: Any, bob: Person, mail_server: MailServer):
    client = sign_in(bob)
    client.get(HERE)
    there = f"{HERE}/{ContactMethod.objects.get().unique_id}/test"
    client.post(there)
    assert mail_server.mails[0]["Subject"] == "A test from Afterword"
    assert b"Please wait" in client.post(there, follow=True).content
    cache.clear()
    mail_server.answer_to_recipient = "550 No such user"
    assert b"550 No such user" in client.post(there, follow=True).content


@pytest.mark.parametrize(
    ("kind", "address"),
    [
        ("webhook", "ftp://example.com/"),
        ("webhook", "https://"),
        ("webhook", "https://user:password@example.com/"),
        ("apprise", "nonsense"),
        ("apprise", "nothing-known://example.com"),
        ("apprise", "syslog://"),
        ("email", "https://example.com/"),
    ],
)
def test_what_is_no_address_is_refused(sign_in: Any, bob: Person, kind: str, address: str):
    answer = sign_in(bob).post(HERE, {"kind": kind, "address": address})
    assert answer.status_code == 400
    assert not ContactMethod.objects.exclude(kind="email").exists()


def test_without_leave_only_https_is_taken(settings: Any, sign_in: Any, bob: Person, receiver: Receiver):
    settings.ALLOW_PRIVATE_ADDRESSES = False
    assert sign_in(bob).post(HERE, {"kind": "webhook", "address": receiver.url}).status_code == 400


def test_quiet_hours_are_saved_with_both_ends_or_not_at_all(sign_in: Any, bob: Person):
    client = sign_in(bob)
    client.get(HERE)
    method = ContactMethod.objects.get()
    given = {
        "label": "Mail",
        "delay_minutes": "5",
        "quiet_from": "22:00",
        "quiet_until": "",
        "breaks_quiet": "",
    }
    there = f"{HERE}/{method.unique_id}"
    assert client.post(there, given).status_code == 400
    assert client.post(there, {**given, "quiet_until": "07:00"}).status_code == 302
    method.refresh_from_db()
    assert (method.delay_minutes, method.quiet_from, method.quiet_until, method.breaks_quiet) == (
        5,
        clock_time(22),
        clock_time(7),
        False,
    )


def test_the_mail_address_stays_and_others_go(sign_in: Any, bob: Person, receiver: Receiver):
    client = sign_in(bob)
    method = add(client, receiver)
    email = ContactMethod.objects.get(kind="email")
    client.post(f"{HERE}/{method.unique_id}/place", {"place": "up"})
    assert list(ContactMethod.objects.order_by("position")) == [method, email]
    client.post(f"{HERE}/{email.unique_id}/removal")
    client.post(f"{HERE}/{method.unique_id}/removal")
    assert list(ContactMethod.objects.all()) == [email]


def test_nobody_reaches_another_s(sign_in: Any, bob: Person, alice: Person, receiver: Receiver):
    method = add(sign_in(bob), receiver)
    owner = sign_in(alice)
    for part in ("", "/verification", "/code", "/test", "/place", "/removal"):
        assert owner.post(f"{HERE}/{method.unique_id}{part}").status_code == 404
    assert str(method.unique_id) not in owner.get(HERE).content.decode()


def test_the_api_adds_verifies_changes_and_removes(
    client: Client, api_headers: Any, bob: Person, alice: Person, receiver: Receiver
):
    headers, others = api_headers(bob), api_headers(alice)

    def call(method: str, path: str, given: Any = None, by: Any = headers) -> Any:
        return getattr(client, method)(path, given, content_type="application/json", headers=by)

    made = call("post", API, {"kind": "webhook", "address": receiver.url})
    assert made.status_code == 201, made.content
    assert made.json()["secret"].startswith("whs_")
    one = f"{API}/{made.json()['unique_id']}"
    assert call("put", f"{one}/verification", {"code": "1"}).status_code == 400
    assert call("put", f"{one}/verification", {"code": code_in(receiver)}).json()["verified_at"]
    changed = call("patch", one, {"quiet_from": "22:00", "quiet_until": "07:00"}).json()
    assert (changed["quiet_from"], changed["delay_minutes"]) == ("22:00:00", 0)
    cache.clear()
    assert call("post", f"{one}/test").status_code == 204
    for method, path, given in (
        ("patch", one, {}),
        ("delete", one, None),
        ("post", f"{one}/test", None),
        ("post", f"{one}/code", None),
        ("put", f"{one}/verification", {"code": "1"}),
    ):
        assert call(method, path, given, by=others).status_code == 404
    listed = client.get(API, headers=headers)
    assert {item["kind"] for item in listed.json()["items"]} == {"email", "webhook"}
    assert receiver.url not in listed.content.decode()
    assert len(client.get(API, headers=others).json()["items"]) == 1
    assert call("delete", one).status_code == 204
