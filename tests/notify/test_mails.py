"""What a stakeholder finds in the mail box."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest

from afterword.accounts.models import Person
from afterword.incidents.models import DeliveryState, Incident, StakeholderDelivery, StakeholderMessage
from afterword.ingest.formats import FORMATS
from afterword.notify.sending import deliver_due
from tests.ingest.signals import request_of
from tests.notify.conftest import MovableClock
from tests.notify.mail_server import MailServer

Make = Callable[..., StakeholderMessage]


def _text(mail: object) -> str:
    return mail.get_body(("plain",)).get_content()  # type: ignore[attr-defined, no-any-return]


def _html(mail: object) -> str:
    return mail.get_body(("html",)).get_content()  # type: ignore[attr-defined, no-any-return]


def test_each_address_gets_a_mail_of_its_own(mail_server: MailServer, make_message: Make, time: MovableClock):
    message = make_message("mary@example.com", "jane@example.com")
    assert deliver_due() == 2
    assert sorted(mail_server.recipients) == ["jane@example.com", "mary@example.com"]
    assert sorted(mail["To"] for mail in mail_server.mails) == ["jane@example.com", "mary@example.com"]
    assert mail_server.connections == 1
    states = set(message.deliveries.values_list("state", "sent_at", "error", "attempts"))
    assert states == {(DeliveryState.SENT, time.at, "", 1)}
    assert deliver_due() == 0


def test_a_mail_tells_of_the_incident_in_the_asked_time_zone(
    mail_server: MailServer, make_message: Make, incident: Incident, settings: object
):
    message = make_message(time_zone="Europe/Berlin")
    deliver_due()
    (mail,) = mail_server.mails
    assert mail["Subject"] == f"[#{incident.number}] Payments are slow"
    for words in (_text(mail), _html(mail)):
        assert f"#{incident.number} Checkout answers slowly" in words
        assert "Triggered" in words
        assert "2 March 2026, 15:05 CET" in words
        assert f"http://127.0.0.1:8000/incidents/{incident.number}" in words
        assert "Times are in Europe/Berlin." in words
    assert "We are **looking** into it." in _text(mail)
    assert "We are <strong>looking</strong> into it." in _html(mail)
    assert mail["From"] == "Afterword <afterword@mail.example.com>"
    assert mail["Auto-Submitted"] == "auto-generated"
    delivery = StakeholderDelivery.objects.get()
    assert mail["Message-ID"] == f"<{message.unique_id}.{delivery.pk}@mail.example.com>"
    assert mail["Reply-To"] is None


def test_answers_go_to_who_wrote_it(mail_server: MailServer, make_message: Make, bob: Person):
    make_message(created_by=bob)
    deliver_due()
    assert mail_server.mails[0]["Reply-To"] == "bob@example.com"


def test_nobody_answers_to_someone_who_has_left(mail_server: MailServer, make_message: Make, bob: Person):
    Person.objects.update(is_active=False)
    make_message(created_by=bob)
    deliver_due()
    assert mail_server.mails[0]["Reply-To"] is None


def test_a_status_is_told_with_its_time(mail_server: MailServer, make_message: Make, incident: Incident):
    Incident.objects.update(
        status="resolved", resolved_at=incident.created_at + timedelta(minutes=42), acknowledged_at=None
    )
    make_message()
    deliver_due()
    assert "Status: Resolved, 2 March 2026, 14:47 UTC" in _text(mail_server.mails[0])


def test_an_unknown_time_zone_is_said_and_utc_is_used(mail_server: MailServer, make_message: Make):
    make_message(time_zone="Mars/Olympus")
    deliver_due()
    text = _text(mail_server.mails[0])
    assert "2 March 2026, 14:05 UTC" in text
    assert "Times are in UTC. The time zone “Mars/Olympus” is not known." in text


def test_a_subject_that_names_the_incident_does_so_once(
    mail_server: MailServer, make_message: Make, incident: Incident
):
    make_message(subject=f"#{incident.number} is over")
    deliver_due()
    assert mail_server.mails[0]["Subject"] == f"#{incident.number} is over"


@pytest.mark.parametrize(
    ("subject", "body"),
    [
        ("Line\r\nBcc: someone@example.com", "x"),
        ("\u202ereversed", "<script>alert(1)</script><img src=x onerror=alert(1)>"),
        ("Ünïcödé 🙂" * 30, "ä" * 3_000),
        ("Long", "word " * 4_000),
        ("", ".\n.\n..\nFrom here\n.\n"),
    ],
)
def test_hostile_text_stays_text(mail_server: MailServer, make_message: Make, subject: str, body: str):
    make_message(subject=subject, body=body)
    assert deliver_due() == 1
    (mail,) = mail_server.mails
    assert mail["Bcc"] is None
    assert mail_server.recipients == ["mary@example.com"]
    assert "<script" not in _html(mail)
    assert "onerror" not in _html(mail) or "&lt;img" in _html(mail)
    assert body.strip()[:100] in _text(mail).replace("\r\n", "\n")


def test_an_empty_body_still_tells_of_the_incident(mail_server: MailServer, make_message: Make):
    make_message(body="")
    deliver_due()
    assert "Status: Triggered" in _text(mail_server.mails[0])


def test_a_mail_of_ours_that_comes_back_becomes_no_alert(mail_server: MailServer, make_message: Make):
    make_message()
    assert deliver_due() == 1
    (mail,) = mail_server.mails
    request = request_of(mail.as_bytes(), kind="email")
    assert FORMATS["email"].check(request) == ()
    del mail["X-Afterword"]
    assert len(FORMATS["email"].check(request_of(mail.as_bytes(), kind="email"))) == 1
