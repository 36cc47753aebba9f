"""Forgotten and changed passwords."""

from __future__ import annotations

import re
import threading
from collections.abc import Callable, Sequence
from typing import Any

import pytest
from django.core import mail
from django.core.mail.backends.base import BaseEmailBackend
from django.core.mail.message import EmailMessage
from django.test import Client

from afterword.accounts.models import Person
from afterword.accounts.writes import deactivate_person
from afterword.audit.models import AuditEvent
from tests.cast import PASSWORD

pytestmark = pytest.mark.once

NEW = "another long sentence"


def _link() -> str:
    found = re.search(r"^http://127\.0\.0\.1:8000(/password/reset/\S+)$", str(mail.outbox[-1].body), re.M)
    assert found, mail.outbox[-1].body
    return found[1]


def _choose(client: Client, link: str, first: str = NEW, second: str = NEW) -> Any:
    form = client.get(link).headers["Location"]
    return client.post(form, {"password1": first, "password2": second})


@pytest.mark.parametrize("host", ["testserver", "localhost"])
def test_a_link_to_the_public_address_comes_by_mail(bob: Person, settings: Any, host: str) -> None:
    settings.ALLOWED_HOSTS = [host]
    response = Client().post("/password/reset", {"email": "Bob@example.com"}, headers={"Host": host})
    assert response.headers["Location"] == "/password/reset/sent"
    [message] = mail.outbox
    assert message.to == ["bob@example.com"]
    assert message.subject == "Set a new password for Afterword"
    assert _link()


def test_the_link_sets_the_password_once(bob: Person) -> None:
    other = Client()
    other.force_login(bob)
    Client().post("/password/reset", {"email": bob.email})
    client = Client()
    response = _choose(client, _link())
    assert client.get(response.headers["Location"]).headers["Location"] == "/sign-in"
    assert "Your password was saved." in client.get("/sign-in").text
    bob.refresh_from_db()
    assert bob.check_password(NEW)
    assert other.get("/profile").status_code == 302
    assert "This link no longer works" in Client().get(_link()).text
    assert AuditEvent.objects.filter(action="person.password_changed", actor_id=str(bob.pk)).count() == 1


def test_whoever_tried_too_often_signs_in_after_the_reset(bob: Person) -> None:
    for guess in range(5 + 30):
        place = "127.0.0.1" if guess < 5 else f"192.0.2.{guess}"
        Client(REMOTE_ADDR=place).post("/sign-in", {"login": bob.email, "password": "wrong"})
    Client().post("/password/reset", {"email": bob.email})
    _choose(Client(), _link())
    assert Client().post("/sign-in", {"login": bob.email, "password": NEW}).status_code == 302


@pytest.mark.parametrize(
    ("first", "second"), [("short", "short"), (NEW, "something else"), ("1234567890", "1234567890")]
)
def test_a_password_that_is_weak_or_typed_twice_differently_is_refused(
    bob: Person, first: str, second: str
) -> None:
    Client().post("/password/reset", {"email": bob.email})
    assert _choose(Client(), _link(), first, second).status_code == 400
    bob.refresh_from_db()
    assert bob.check_password(PASSWORD)


def test_an_unknown_and_a_deactivated_address_get_the_same_answer_and_no_mail(
    alice: Person, bob: Person
) -> None:
    deactivate_person(actor=alice, person=bob)
    for email in (bob.email, "nobody@example.com"):
        assert (
            Client().post("/password/reset", {"email": email}).headers["Location"] == "/password/reset/sent"
        )
    assert mail.outbox == []


def test_a_mail_server_that_is_away_does_not_tell_who_is_known(bob: Person, settings: Any) -> None:
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT, settings.EMAIL_TIMEOUT = "127.0.0.1", 1, 1
    assert (
        Client().post("/password/reset", {"email": bob.email}).headers["Location"] == "/password/reset/sent"
    )


def test_many_mails_to_one_address_are_refused(bob: Person) -> None:
    answers = [Client().post("/password/reset", {"email": bob.email}).status_code for _ in range(6)]
    assert answers == [302] * 5 + [429]
    assert len(mail.outbox) == 5


@pytest.mark.parametrize("path", ["/password/reset/1-made-up", "/password/reset/zzzzzzzzzzzzzzz-x-y"])
def test_a_made_up_link_says_so(bob: Person, path: str) -> None:
    response = Client().get(path)
    assert "This link no longer works" in response.text


def test_changing_ones_password_keeps_this_session_and_ends_the_others(
    bob: Person, sign_in: Callable[[Person], Client]
) -> None:
    here, elsewhere = sign_in(bob), sign_in(bob)
    wrong = here.post("/password/change", {"oldpassword": "wrong", "password1": NEW, "password2": NEW})
    assert (wrong.status_code, set(wrong.context["form"].errors)) == (400, {"oldpassword"})
    right = here.post("/password/change", {"oldpassword": PASSWORD, "password1": NEW, "password2": NEW})
    assert right.headers["Location"] == "/profile"
    assert here.get("/profile").status_code == 200
    assert elsewhere.get("/profile").status_code == 302


class SlowMailServer(BaseEmailBackend):
    """Takes a mail only when it is told to."""

    may_take = threading.Event()
    has_taken = threading.Event()

    def send_messages(self, email_messages: Sequence[EmailMessage]) -> int:
        assert self.may_take.wait(30), "nobody told it to"
        self.has_taken.set()
        return len(email_messages)


def test_a_slow_mail_server_tells_nobody_which_addresses_are_known(bob: Person, settings: Any) -> None:
    settings.MAIL_CONSOLE = False
    settings.EMAIL_BACKEND = f"{__name__}.SlowMailServer"
    try:
        answers = [
            Client().post("/password/reset", {"email": email}) for email in (bob.email, "nobody@example.com")
        ]
        assert not SlowMailServer.has_taken.is_set()
        assert {answer.headers["Location"] for answer in answers} == {"/password/reset/sent"}
    finally:
        SlowMailServer.may_take.set()
    assert SlowMailServer.has_taken.wait(30)
