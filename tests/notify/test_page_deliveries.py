"""What becomes of a page when mail servers, webhooks and services refuse, hang up, are slow or away."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import UTC, datetime
from datetime import time as clock_time
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from afterword.accounts.models import Person
from afterword.catalog.writes import Level
from afterword.incidents.models import Entry, EntryKind, Incident
from afterword.incidents.writes import resolve_incident
from afterword.lib import outgoing
from afterword.lib.sealing import open_sealed, seal
from afterword.notify.models import ContactMethod, Page, PageAttempt, PageDelivery
from afterword.notify.paging import channels, rules
from afterword.notify.paging.sending import MAILS, deliver_other_pages, deliver_page_mails
from afterword.notify.paging.writes import deliveries
from afterword.notify.paging.writes.engine import run_due_steps
from tests.notify.conftest import MovableClock
from tests.notify.mail_server import MailServer, send_to
from tests.notify.receiver import Receiver
from tests.servers import free_port

SECRET = "whs_only-for-tests"


@pytest.fixture
def paged(trigger: Any, make_policy: Any, bob: Person, time: MovableClock) -> Callable[[], Incident]:
    """Bob is paged by all that he has."""

    def page() -> Incident:
        incident: Incident = trigger(make_policy(Level(0, people=(bob,))))
        run_due_steps(at=time.at)
        return incident

    return page


@pytest.fixture
def add_method(bob: Person, time: MovableClock) -> Callable[..., ContactMethod]:
    def add(kind: str, address: str, **fields: Any) -> ContactMethod:
        return ContactMethod.objects.create(
            person=bob,
            kind=kind,
            label=f"My {kind}",
            sealed_address=seal(address),
            sealed_secret=seal(SECRET),
            verified_at=time.at,
            **fields,
        )

    return add


@pytest.fixture
def near(settings: Any) -> None:
    settings.ALLOW_PRIVATE_ADDRESSES = True


def entries() -> list[str]:
    found = Entry.objects.filter(kind=EntryKind.PAGE).order_by("pk")
    return list(found.values_list("text", flat=True))


def states() -> dict[str, str]:
    return dict(PageDelivery.objects.values_list("kind", "state"))


def test_a_mail_server_that_is_away_is_tried_again_and_told_of_once(
    settings: Any, paged: Any, bob: Person, time: MovableClock
):
    send_to(settings, free_port())
    incident = paged()
    for _ in range(3):
        assert deliver_page_mails() == 0
        time.move(minutes=3)
    assert PageAttempt.objects.count() == 3
    assert len(entries()) == 1
    assert "did not go out and is tried again" in entries()[0]
    resolve_incident(actor=bob, incident=incident)
    assert states() == {"email": "dropped"}


def test_a_page_that_could_not_be_written_is_tried_again(
    paged: Any, mail_server: MailServer, time: MovableClock, monkeypatch: pytest.MonkeyPatch
):
    def fail(_: PageDelivery) -> None:
        raise KeyError("something of ours")

    paged()
    with monkeypatch.context() as broken:
        broken.setattr("afterword.notify.paging.sending.write_page_mail", fail)
        assert deliver_page_mails() == 0
    time.move(minutes=1)
    assert deliver_page_mails() == 1


def test_after_the_last_attempt_it_has_failed(settings: Any, paged: Any, time: MovableClock):
    send_to(settings, free_port())
    paged()
    for _ in range(rules.ATTEMPTS_MAX + 2):
        deliver_page_mails()
        time.move(minutes=15)
    assert PageAttempt.objects.count() == rules.ATTEMPTS_MAX
    assert states() == {"email": "failed"}
    assert "failed." in entries()[-1]


def test_a_worker_that_was_killed_in_the_middle_mails_nobody_twice(
    paged: Any, mail_server: MailServer, time: MovableClock
):
    paged()
    assert deliveries.claim_page(MAILS, at=time.at) is not None
    time.move(seconds=deliveries.HANDOVER_SECONDS_MAX + 1)
    assert deliver_page_mails() == 0
    assert mail_server.texts == 0
    assert PageDelivery.objects.get().error == deliveries.CUT_OFF


def test_a_webhook_gets_signed_json(paged: Any, add_method: Any, receiver: Receiver, near: None):
    add_method("webhook", receiver.url)
    incident = paged()
    assert deliver_other_pages() == 1
    request = receiver.requests[0]
    assert request.headers["X-Afterword-Signature"] == channels.sign(request.body, SECRET)
    body = json.loads(request.body)
    assert body["incident"]["number"] == incident.number
    assert "/ack/" in body["page"]["acknowledge_url"]
    assert request.headers["X-Afterword-Delivery"] == body["delivery"]


@pytest.mark.parametrize(
    ("status", "state"), [(500, "waiting"), (429, "waiting"), (410, "failed"), (302, "failed")]
)
def test_what_a_webhook_answers_counts(
    paged: Any, add_method: Any, receiver: Receiver, near: None, status: int, state: str
):
    receiver.status, receiver.location = status, receiver.url
    add_method("webhook", receiver.url)
    paged()
    deliver_other_pages()
    assert states()["webhook"] == state
    assert len(receiver.requests) == 1


def test_a_webhook_that_hangs_up_is_tried_again(
    paged: Any, add_method: Any, receiver: Receiver, near: None, time: MovableClock
):
    receiver.hangs_up = True
    add_method("webhook", receiver.url)
    paged()
    deliver_other_pages()
    assert states()["webhook"] == "waiting"
    receiver.hangs_up = False
    time.move(minutes=1)
    assert deliver_other_pages() == 1
    assert entries()[-1] == "Paged Bob by “My webhook”, level 1, at attempt 2."


def test_a_webhook_that_is_slow_is_given_up_in_time(
    paged: Any, add_method: Any, receiver: Receiver, near: None, monkeypatch: pytest.MonkeyPatch
):
    import threading

    defaults = {**(outgoing.post.__kwdefaults__ or {}), "allow_private": False, "seconds_max": 0.3}
    monkeypatch.setattr(outgoing.post, "__kwdefaults__", defaults)
    gate = threading.Event()
    receiver.before_answer = lambda: gate.wait(10) and None
    add_method("webhook", receiver.url)
    paged()
    deliver_other_pages()
    gate.set()
    assert PageDelivery.objects.get(kind="webhook").error == "The webhook did not answer in time."


@pytest.mark.once
@pytest.mark.parametrize(
    "host", ["127.0.0.1", "localhost", "[::1]", "10.0.0.1", "169.254.169.254", "[::ffff:10.0.0.1]", "0.0.0.0"]
)
def test_a_webhook_into_a_private_network_is_refused(
    paged: Any, add_method: Any, receiver: Receiver, host: str
):
    add_method("webhook", f"http://{host}:{receiver.port}/")
    paged()
    deliver_other_pages()
    delivery = PageDelivery.objects.get(kind="webhook")
    assert (delivery.state, delivery.error) == (
        "failed",
        "The webhook's address leads into a private network.",
    )
    assert receiver.requests == []


def test_apprise_notifies(paged: Any, add_method: Any, receiver: Receiver, near: None):
    add_method("apprise", f"json://127.0.0.1:{receiver.port}/page")
    incident = paged()
    assert deliver_other_pages() == 1
    body = json.loads(receiver.requests[0].body)
    assert body["title"].startswith(f"[#{incident.number}] Page:")
    assert "/ack/" in body["message"]


def test_apprise_reaches_no_private_address(paged: Any, add_method: Any, receiver: Receiver):
    add_method("apprise", f"json://localhost:{receiver.port}/page")
    paged()
    deliver_other_pages()
    assert receiver.requests == []
    assert PageDelivery.objects.get(kind="apprise").error == "Its address leads into a private network."


def test_what_was_sealed_with_another_key_is_said_and_nothing_breaks(
    settings: Any, paged: Any, add_method: Any
):
    add_method("webhook", "https://example.com/")
    settings.SECRET_KEY = "another-key-" * 5
    paged()
    deliver_other_pages()
    assert PageDelivery.objects.get(kind="webhook").error == channels.UNREADABLE


def test_the_address_is_not_readable_in_the_database(add_method: Any):
    method = add_method("webhook", "https://example.com/very-secret")
    assert "secret" not in method.sealed_address
    assert open_sealed(method.sealed_address) == "https://example.com/very-secret"


def test_quiet_hours_hold_back_and_critical_pages_break_through(
    trigger: Any, make_policy: Any, integration: Any, bob: Person, time: MovableClock, add_method: Any
):
    # It is 15:05 in UTC.
    add_method(
        "webhook", "https://example.com/", quiet_from=clock_time(15), quiet_until=clock_time(7), position=2
    )
    policy = make_policy(Level(0, people=(bob,)))
    trigger(policy, integration=integration)
    run_due_steps(at=time.at)
    held = PageDelivery.objects.get(kind="webhook")
    assert (held.is_quiet, held.next_attempt_at) == (True, datetime(2026, 3, 3, 7, tzinfo=UTC))
    # What a person reported is critical.
    trigger(policy)
    run_due_steps(at=time.at)
    through = PageDelivery.objects.filter(kind="webhook").latest("pk")
    assert (through.is_quiet, through.next_attempt_at) == (False, time.at)


def test_a_method_waits_for_its_delay(paged: Any, add_method: Any, time: MovableClock):
    add_method("webhook", "https://example.com/", delay_minutes=5)
    paged()
    page = Page.objects.get()
    assert (page.deliveries.get(kind="webhook").next_attempt_at - page.at).seconds == 300


@given(
    st.datetimes(datetime(2020, 1, 1), datetime(2030, 1, 1), timezones=st.just(UTC)),
    st.times(),
    st.times(),
    st.sampled_from(["UTC", "Europe/Berlin", "America/New_York", "Asia/Kathmandu"]),
)
def test_quiet_hours_end_within_a_day_and_are_never_before_the_moment(
    moment: datetime, start: clock_time, end: clock_time, zone: str
):
    from datetime import timedelta
    from zoneinfo import ZoneInfo

    later = rules.after_quiet(moment, ZoneInfo(zone), start, end)
    assert timedelta(0) <= later - moment <= timedelta(hours=25)
