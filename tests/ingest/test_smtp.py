"""Mails by SMTP and by command, into a real server."""

from __future__ import annotations

import contextlib
import os
import signal
import smtplib
import socket
import sqlite3
import subprocess
from email.message import EmailMessage

import pytest

from tests.ingest.installs import MAIL_BYTES_MAX, Install
from tests.ingest.reading import sample
from tests.servers import command_line, free_port

pytestmark = [pytest.mark.server, pytest.mark.once]
SECONDS_MAX = 30
MAKE_INTEGRATIONS = """
from afterword.catalog.models import Integration
result = [
    str(Integration.objects.create(service=service, name=f"Mails {number}", kind="email").key)
    for number in range(2)
]
"""


MAKE_QUESTION = """
from afterword.accounts.models import Person
from afterword.drafting.interviews.models import Interview
from afterword.drafting.interviews.replies import write_token
from afterword.drafting.interviews.writes import ask
from afterword.incidents.writes import create_incident
from afterword.lib import clock
from afterword.postmortems.writes import create_postmortem
owner = Person.objects.create(name="Asked", email="asked@example.com", role="owner")
incident = create_incident(actor=owner, service=service, title="Asked about")
document = create_postmortem(actor=owner, incidents=[incident], title="Asked about")
question = ask(owner, document=document, text="What ended it?", people=[owner])
found = Interview.objects.get(question=question)
result = [write_token(found.unique_id, clock.now()), owner.email, found.pk]
"""


class MailInstall:
    """An install that takes mails, with two integrations for them."""

    def __init__(self, install: Install, port: int) -> None:
        self.install = install
        self.port = port
        self.key, self.other_key = install.run(MAKE_INTEGRATIONS)

    def connect(self) -> smtplib.SMTP:
        return smtplib.SMTP("127.0.0.1", self.port, timeout=SECONDS_MAX)

    def incidents(self, title: str) -> list[str]:
        """The statuses of the incidents with this title."""
        return list(
            self.install.run(
                f"""
                from afterword.incidents.models import Incident
                result = list(Incident.objects.filter(title={title!r}).values_list("status", flat=True))
                """
            )
        )

    def stored(self, subject: str) -> int:
        """How many signals there are of mails with this subject, folded or not.

        In one statement: with two, a signal that is folded between them would count twice.
        """
        return int(
            self.install.run(
                f"""
                from afterword.incidents.models import Alert
                from afterword.ingest.models import InboxRow
                waiting = InboxRow.objects.filter(body__contains={subject!r}).order_by()
                folded = Alert.objects.filter(message={subject!r}).order_by()
                result = waiting.values_list("pk").union(folded.values_list("pk"), all=True).count()
                """
            )
        )


@pytest.fixture(scope="module")
def mails(install: Install) -> MailInstall:
    port = int(install.running.environment["AFTERWORD_SMTP_BIND"].rpartition(":")[2])
    install.wait_until(lambda: _answers(port))
    return MailInstall(install, port)


def _answers(port: int) -> bool:
    try:
        with socket.create_connection(("127.0.0.1", port), timeout=SECONDS_MAX):
            return True
    except OSError:
        return False


def message(subject: str, text: str = "It is full.") -> EmailMessage:
    made = EmailMessage()
    made["Subject"], made["From"], made["To"] = subject, "mon@example.com", "alerts@example.com"
    made.set_content(text)
    return made


def test_a_mail_opens_an_incident_and_its_recovery_resolves_it(mails: MailInstall) -> None:
    title = "PROBLEM Service Alert: web1/HTTP is CRITICAL"
    with mails.connect() as sender:
        sender.sendmail("mon@example.com", [f"{mails.key}@alerts.example.com"], sample("email/problem.eml"))
        mails.install.wait_until(lambda: mails.incidents(f"** {title} **") == ["triggered"])
        hexadecimal = mails.key.replace("-", "").upper()
        sender.sendmail("mon@example.com", [f"afterword+{hexadecimal}@x"], sample("email/recovery.eml"))
    mails.install.wait_until(lambda: mails.incidents(f"** {title} **") == ["resolved"])


def test_what_was_answered_with_250_is_stored(mails: MailInstall) -> None:
    with mails.connect() as sender:
        sender.send_message(message("Disk full at once"), to_addrs=f"{mails.key}@x")
    assert mails.stored("Disk full at once") == 1


def test_each_key_among_the_recipients_gets_it_once(mails: MailInstall) -> None:
    with mails.connect() as sender:
        recipients = [f"{mails.key}@x", f"{mails.other_key}@x", f"me+{mails.key}@y"]
        sender.send_message(message("Disk full for two"), to_addrs=recipients)
    assert mails.stored("Disk full for two") == 2


def test_an_unknown_recipient_is_refused_for_good(mails: MailInstall) -> None:
    generic = mails.install.key
    for recipient in ("7e44896b-36c3-4fa2-b145-c292f543d8dc@x", "postmaster@x", "@", f"{generic}@x"):
        with mails.connect() as sender, pytest.raises(smtplib.SMTPRecipientsRefused) as refused:
            sender.send_message(message("Lost"), to_addrs=recipient)
        assert {code for code, _ in refused.value.recipients.values()} <= {550, 553}
    assert mails.stored("Lost") == 0


def test_an_automatic_answer_is_taken_and_not_kept(mails: MailInstall) -> None:
    with mails.connect() as sender:
        sender.sendmail("someone@example.com", [f"{mails.key}@x"], sample("email/vacation.eml"))
    assert mails.stored("Out of office: Re: disk full") == 0


def test_a_reply_to_a_question_is_its_answer(mails: MailInstall) -> None:
    token, email, key = mails.install.run(MAKE_QUESTION)
    reply = message("Re: What ended it?", "A restart.\n\nOn 2 March 2026, Alice wrote:\n> What ended it?")
    with mails.connect() as sender:
        with pytest.raises(smtplib.SMTPDataError) as refused:
            sender.send_message(reply, to_addrs=f"answer+{token}@x")
        assert b"from the address that the question was sent to" in refused.value.smtp_error
        with pytest.raises(smtplib.SMTPRecipientsRefused) as unknown:
            sender.send_message(reply, to_addrs=f"answer+{token[:-1]}@x")
        assert b"This question is not open" in str(unknown.value.recipients).encode()
        reply.replace_header("From", email)
        for name, mark in (("Auto-Submitted", "auto-generated"), ("Precedence", "bulk")):
            away = message("Automatic reply: What ended it?", "I am on holiday.")
            away.replace_header("From", email)
            away[name] = mark
            sender.send_message(away, to_addrs=f"answer+{token}@x")
        away = message("What ended it?", "I am still on holiday.")
        away.replace_header("From", email)
        sender.send_message(away, from_addr="", to_addrs=f"answer+{token}@x")
        sender.send_message(reply, to_addrs=f"answer+{token}@x")
        # What is sent to an integration as well is an alert too.
        reply.replace_header("Subject", "The pool is full")
        sender.send_message(reply, to_addrs=[f"answer+{token}@x", f"{mails.key}@x"])
    answered = mails.install.run(
        f"""
        from afterword.drafting.interviews.models import Interview
        result = Interview.objects.get(pk={key}).text
        """
    )
    assert answered == "A restart."
    assert mails.stored("Re: What ended it?") == 0
    assert mails.stored("The pool is full") == 1


def test_a_mail_that_is_too_large_is_refused_and_the_next_is_taken(mails: MailInstall) -> None:
    with mails.connect() as sender:
        assert sender.ehlo()[0] == 250
        assert sender.esmtp_features["size"] == str(MAIL_BYTES_MAX)
        sender.esmtp_features.pop("size")
        with pytest.raises(smtplib.SMTPDataError) as refused:
            sender.send_message(message("Enormous", "word " * 30_000), to_addrs=f"{mails.key}@x")
        assert refused.value.smtp_code == 552
        sender.send_message(message("Small after large"), to_addrs=f"{mails.key}@x")
    assert (mails.stored("Enormous"), mails.stored("Small after large")) == (0, 1)


def test_long_lines_are_taken(mails: MailInstall) -> None:
    raw = b"Subject: A long line\r\nContent-Type: text/html\r\n\r\n<p>" + b"word " * 8_000 + b"</p>\r\n"
    with mails.connect() as sender:
        sender.sendmail("mon@example.com", [f"{mails.key}@x"], raw)
    assert mails.stored("A long line") == 1


def test_a_sender_that_never_ends_is_cut_off(mails: MailInstall) -> None:
    with mails.connect() as sender:
        sender.ehlo()
        sender.docmd("MAIL", "FROM:<mon@example.com>")
        sender.docmd("RCPT", f"TO:<{mails.key}@x>")
        sender.docmd("DATA")
        assert sender.sock is not None
        with contextlib.suppress(OSError):
            for _ in range(1_000):
                sender.sock.sendall(b"x" * 10_000)
            pytest.fail("ten megabytes were taken")
        sender.close()
    with mails.connect() as sender:
        assert sender.noop()[0] == 250


def test_the_key_is_not_in_the_log(mails: MailInstall) -> None:
    with mails.connect() as sender:
        sender.send_message(message("Secret address"), to_addrs=f"{mails.key}@x")
    log = mails.install.running.log.read_text()
    assert "Taking mails at" in log
    assert mails.key not in log


@pytest.mark.skipif(os.environ.get("AFTERWORD_TEST_DATABASE") == "postgresql", reason="locks a file")
def test_a_busy_database_makes_the_sender_try_again(mails: MailInstall) -> None:
    lock = sqlite3.connect(mails.install.running.data / "afterword.sqlite3", isolation_level=None)
    lock.execute("BEGIN IMMEDIATE")
    try:
        with mails.connect() as sender, pytest.raises(smtplib.SMTPDataError) as refused:
            sender.send_message(message("While busy"), to_addrs=f"{mails.key}@x")
        assert refused.value.smtp_code == 451
    finally:
        lock.close()
    with mails.connect() as sender:
        sender.send_message(message("While busy"), to_addrs=f"{mails.key}@x")
    assert mails.stored("While busy") == 1


def receive(
    mails: MailInstall, raw: bytes, key: str, **environment: str
) -> subprocess.CompletedProcess[bytes]:
    return subprocess.run(
        command_line("receive-email", "--key", key),
        input=raw,
        env={**mails.install.running.environment, **environment},
        capture_output=True,
        timeout=SECONDS_MAX,
        check=False,
    )


def test_a_mail_by_command_is_stored_and_exits_with_0(mails: MailInstall) -> None:
    for key in (mails.key, f"{mails.key.replace('-', '')}@alerts.example.com"):
        ended = receive(mails, bytes(message(f"By command {key}")), key)
        assert (ended.returncode, ended.stdout, ended.stderr) == (0, b"", b"")
        assert mails.stored(f"By command {key}") == 1


@pytest.mark.parametrize(
    ("raw", "code"),
    [(b"", 65), (b"Subject: x\r\n\r\n" + b"x" * MAIL_BYTES_MAX, 65)],
    ids=["empty", "too large"],
)
def test_a_mail_that_cannot_be_read_exits_with_65(mails: MailInstall, raw: bytes, code: int) -> None:
    assert receive(mails, raw, mails.key).returncode == code


@pytest.mark.parametrize("key", ["7e44896b-36c3-4fa2-b145-c292f543d8dc", "no key"])
def test_an_unknown_key_exits_with_69(mails: MailInstall, key: str) -> None:
    ended = receive(mails, bytes(message("Lost")), key)
    assert (ended.returncode, ended.stderr) == (
        69,
        b"afterword: No integration takes mails at this address.\n",
    )


def test_a_database_that_is_away_exits_with_75(mails: MailInstall) -> None:
    away = f"postgresql://nobody@127.0.0.1:{free_port()}/nothing"
    ended = receive(mails, bytes(message("Later")), mails.key, AFTERWORD_DATABASE_URL=away)
    assert ended.returncode == 75


def test_the_server_for_mails_is_started_again_when_it_was_killed(mails: MailInstall) -> None:
    (old,) = mails.install.running.pids("smtp")
    os.kill(old, signal.SIGKILL)
    mails.install.wait_until(lambda: mails.install.running.pids("smtp") not in ([], [old]))
    mails.install.wait_until(lambda: _answers(mails.port))
    with mails.connect() as sender:
        sender.send_message(message("After the kill"), to_addrs=f"{mails.key}@x")
    assert mails.stored("After the kill") == 1


def test_without_an_address_it_is_not_started(mails: MailInstall) -> None:
    environment = {**mails.install.running.environment, "AFTERWORD_SMTP_BIND": ""}
    ended = subprocess.run(
        command_line("smtp"), env=environment, capture_output=True, timeout=SECONDS_MAX, check=False
    )
    assert ended.returncode == 2
    assert ended.stderr == b"afterword: Say where to listen, with AFTERWORD_SMTP_BIND or --bind.\n"
