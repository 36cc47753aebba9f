"""What becomes of a message when the mail server refuses, hangs up, is slow or is not there."""

from __future__ import annotations

import smtplib
import socket
import threading
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest

from afterword.accounts.models import Person
from afterword.audit.models import AuditEvent
from afterword.incidents.models import (
    DeliveryState,
    Entry,
    EntryKind,
    StakeholderDelivery,
    StakeholderMessage,
)
from afterword.lib.errors import NotAllowed, NotFound
from afterword.notify import rules, smtp, writes
from afterword.notify.errors import NotFailed
from afterword.notify.sending import deliver_due
from tests.notify.conftest import MovableClock
from tests.notify.mail_server import Gate, MailServer, send_to
from tests.servers import free_port

Make = Callable[..., StakeholderMessage]


def _delivery() -> StakeholderDelivery:
    return StakeholderDelivery.objects.get()


def _message_entries() -> list[str]:
    return list(Entry.objects.filter(kind=EntryKind.MESSAGE).values_list("text", flat=True))


def test_what_is_refused_for_good_fails_at_once(
    mail_server: MailServer, make_message: Make, time: MovableClock
):
    mail_server.answer_to_recipient = "550 5.1.1 No such user here"
    make_message()
    assert deliver_due() == 0
    delivery = _delivery()
    assert (delivery.state, delivery.attempts) == (DeliveryState.FAILED, 1)
    assert delivery.error == "The mail server answered: 550 5.1.1 No such user here"
    assert _message_entries() == [
        "The message “Payments are slow” did not reach mary@example.com. "
        "The mail server answered: 550 5.1.1 No such user here"
    ]
    assert AuditEvent.objects.filter(action="message.failed").count() == 1


def test_a_text_that_is_refused_for_good_fails_at_once(mail_server: MailServer, make_message: Make):
    mail_server.answer_to_text = "554 5.7.1 Looks like spam"
    make_message()
    deliver_due()
    assert (_delivery().state, mail_server.texts) == (DeliveryState.FAILED, 1)


def test_what_is_refused_for_now_is_tried_again_later_and_later(
    mail_server: MailServer, make_message: Make, time: MovableClock
):
    mail_server.answer_to_recipient = "451 4.7.1 Greylisted, come back"
    make_message()
    waited = []
    for _ in range(rules.ATTEMPTS_MAX - 1):
        deliver_due()
        delivery = _delivery()
        assert delivery.state == DeliveryState.WAITING
        waited.append((delivery.next_attempt_at - time.at).total_seconds())
        assert deliver_due() == 0, "nothing is due before its time"
        assert _delivery().attempts == delivery.attempts
        time.at = delivery.next_attempt_at
    assert tuple(waited) == rules.RETRY_AFTER_SECONDS
    assert _message_entries() == []
    deliver_due()
    assert (_delivery().state, _delivery().attempts) == (DeliveryState.FAILED, rules.ATTEMPTS_MAX)
    assert "451 4.7.1 Greylisted" in _message_entries()[0]


def test_a_later_attempt_carries_the_same_message_id(
    mail_server: MailServer, make_message: Make, time: MovableClock
):
    seen: list[str] = []
    mail_server.answer_to_text = "451 Try again"
    make_message()
    deliver_due()
    mail_server.answer_to_text = "250 OK"
    time.move(minutes=1)
    assert deliver_due() == 1
    seen = [mail["Message-ID"] for mail in mail_server.mails]
    assert seen == [f"<{_delivery().message.unique_id}.{_delivery().pk}@mail.example.com>"]
    assert (_delivery().state, _delivery().attempts, _delivery().error) == (DeliveryState.SENT, 2, "")


def test_a_server_that_hangs_up_before_the_text_is_asked_again(
    mail_server: MailServer, make_message: Make, time: MovableClock
):
    mail_server.hangs_up_at = "MAIL"
    make_message()
    deliver_due()
    delivery = _delivery()
    assert (delivery.state, delivery.handed_over_at) == (DeliveryState.WAITING, None)
    mail_server.hangs_up_at = ""
    time.move(minutes=1)
    assert deliver_due() == 1


def test_a_server_that_hangs_up_after_the_text_is_not_given_it_twice(
    mail_server: MailServer, make_message: Make, time: MovableClock
):
    mail_server.hangs_up_at = "TEXT"
    make_message()
    deliver_due()
    assert (_delivery().state, _delivery().error) == (DeliveryState.FAILED, rules.MAY_HAVE_ARRIVED)
    mail_server.hangs_up_at = ""
    time.move(days=1)
    assert deliver_due() == 0
    assert mail_server.texts == 1
    assert rules.MAY_HAVE_ARRIVED in _message_entries()[0]


def test_one_refusal_keeps_nobody_else_waiting(mail_server: MailServer, make_message: Make):
    message = make_message("broken@example.com", "jane@example.com")
    message.deliveries.filter(email="broken@example.com").update(email="no address at all\n")
    assert deliver_due() == 1
    assert mail_server.recipients == ["jane@example.com"]
    assert set(message.deliveries.values_list("state", flat=True)) == {
        DeliveryState.SENT,
        DeliveryState.FAILED,
    }


def test_without_a_mail_server_all_that_is_due_waits_together(
    settings: Any, make_message: Make, time: MovableClock
):
    send_to(settings, free_port())
    message = make_message("mary@example.com", "jane@example.com")
    assert deliver_due() == 0
    found = set(message.deliveries.values_list("state", "attempts", "handed_over_at", "next_attempt_at"))
    assert found == {(DeliveryState.WAITING, 1, None, time.at + timedelta(seconds=30))}
    assert "refuses the connection" in message.deliveries.first().error  # type: ignore[union-attr]


def test_what_was_cut_off_is_shown_and_not_sent_again(
    mail_server: MailServer, make_message: Make, time: MovableClock
):
    make_message()
    assert writes.claim_delivery(at=time.at) is not None  # and then the worker is gone
    assert deliver_due() == 0
    assert _delivery().state == DeliveryState.WAITING
    time.move(seconds=writes.deliveries.HANDOVER_SECONDS_MAX)
    assert deliver_due() == 0
    assert mail_server.texts == 0
    assert (_delivery().state, _delivery().error) == (DeliveryState.FAILED, rules.MAY_HAVE_ARRIVED)


def test_an_answer_that_comes_after_all_is_believed(make_message: Make, time: MovableClock):
    make_message()
    claim = writes.claim_delivery(at=time.at)
    assert claim is not None
    time.move(hours=1)
    assert writes.claim_delivery(at=time.at) is None
    assert _delivery().state == DeliveryState.FAILED
    writes.record_sent(claim=claim, at=time.at)
    assert _delivery().state == DeliveryState.SENT


def test_a_person_has_it_tried_again(
    mail_server: MailServer, make_message: Make, time: MovableClock, bob: Person
):
    mail_server.answer_to_recipient = "550 No"
    make_message()
    deliver_due()
    mail_server.answer_to_recipient = "250 OK"
    writes.retry_delivery(actor=bob, delivery=_delivery())
    assert deliver_due() == 1
    with pytest.raises(NotFailed):
        writes.retry_delivery(actor=bob, delivery=_delivery())
    assert AuditEvent.objects.filter(action="message.retried", actor_name="Bob").count() == 1


def test_only_people_who_may_write_have_it_tried_again(
    mail_server: MailServer, make_message: Make, vera: Person, charlie: Person
):
    mail_server.answer_to_recipient = "550 No"
    make_message()
    deliver_due()
    with pytest.raises(NotAllowed):
        writes.retry_delivery(actor=vera, delivery=_delivery())
    with pytest.raises(NotFound):
        writes.retry_delivery(actor=charlie, delivery=_delivery())
    assert _delivery().state == DeliveryState.FAILED


@pytest.mark.pure
@pytest.mark.parametrize(
    ("error", "is_permanent", "reason"),
    [
        (TimeoutError("timed out"), False, "The mail server did not answer in time."),
        (OSError(113, "No route to host"), False, "The mail server cannot be reached: No route to host."),
        (ValueError("bad"), True, "The message cannot be written: bad."),
    ],
)
def test_a_failure_is_told_in_words(error: Exception, is_permanent: bool, reason: str):
    assert rules.read_failure(error) == rules.Refusal(reason, is_permanent)


def test_a_slow_server_is_waited_for(mail_server: MailServer, make_message: Make, settings: Any):
    # Long enough for a busy machine to take every step before the last within it.
    settings.EMAIL_TIMEOUT = 2
    opened = threading.Event()

    def think() -> None:
        threading.Timer(2.5, opened.set).start()
        assert opened.wait(60)

    mail_server.before_answer = think
    make_message()
    assert deliver_due() == 1


def test_a_server_that_never_answers_is_given_up_and_not_asked_again(
    mail_server: MailServer, make_message: Make, time: MovableClock, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(smtp, "ANSWER_SECONDS_MAX", 0.2)
    gate = Gate()
    mail_server.before_answer = gate
    make_message()
    assert deliver_due() == 0
    # The server may hear of it later than we give up.
    assert gate.reached.wait(60)
    gate.opened.set()
    assert (_delivery().state, _delivery().error) == (DeliveryState.FAILED, rules.MAY_HAVE_ARRIVED)
    time.move(days=1)
    assert deliver_due() == 0
    assert mail_server.texts == 1


def test_a_server_that_does_not_greet_is_asked_again_later(
    settings: Any, make_message: Make, time: MovableClock
):
    with socket.create_server(("127.0.0.1", 0)) as silent:
        send_to(settings, silent.getsockname()[1])
        settings.EMAIL_TIMEOUT = 0.2
        make_message()
        assert deliver_due() == 0
    delivery = _delivery()
    assert (delivery.state, delivery.attempts, delivery.handed_over_at) == (DeliveryState.WAITING, 1, None)
    assert delivery.error == "The mail server did not answer in time."


def test_a_refused_sign_in_is_told_and_tried_again(
    settings: Any, mail_server: MailServer, make_message: Make
):
    # aiosmtpd offers no sign-in without encryption: the server refuses what it does not know.
    settings.EMAIL_HOST_USER, settings.EMAIL_HOST_PASSWORD = "afterword", "wrong"
    make_message()
    assert deliver_due() == 0
    assert _delivery().handed_over_at is None
    assert _delivery().error
    assert _delivery().state == DeliveryState.WAITING


def test_a_wrong_password_is_no_fault_of_the_message():
    error = smtplib.SMTPAuthenticationError(535, b"5.7.8 Wrong password")
    assert rules.read_no_way(error) == rules.Refusal(
        "The mail server answered: 535 5.7.8 Wrong password", is_permanent=False
    )
