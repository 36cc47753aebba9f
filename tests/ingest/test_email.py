"""Mails, as they are read: what they say, what they are about, and which are no alerts."""

from __future__ import annotations

import contextlib

import pytest

from afterword.ingest.formats import BadSignal
from afterword.ingest.formats.email.format import LOOP_HEADER
from afterword.ingest.formats.email.messages import NESTED_PARTS_MAX, PARTS_LINES_MAX, TEXT_CHARACTERS_MAX
from tests.ingest.reading import ReadSignal, read, refusal, sample
from tests.pace import within

pytestmark = pytest.mark.pure
KIND = "email"
READING_SECONDS_MAX = 3.0


def mail(subject: str, text: str = "text", **headers: str) -> bytes:
    lines = [
        f"Subject: {subject}",
        "From: mon@example.com",
        *(f"{name}: {value}" for name, value in headers.items()),
    ]
    return "\r\n".join([*lines, "", text]).encode()


def one(raw: bytes) -> ReadSignal:
    (found,) = read(KIND, raw)
    return found


def test_a_mail_becomes_an_alert() -> None:
    found = one(sample("email/problem.eml"))
    assert found.alert.alert_type == "critical"
    assert found.alert.message == "** PROBLEM Service Alert: web1/HTTP is CRITICAL **"
    assert found.alert.summary.endswith("Additional Info:\n\nConnection refused")
    assert found.alert.payload["from"] == "Nagios <nagios@mon.example.com>"
    assert found.alert.payload["message_id"] == "<20260302140500.A1B2@mon.example.com>"


def test_its_recovery_is_about_the_same() -> None:
    problem, recovery = one(sample("email/problem.eml")), one(sample("email/recovery.eml"))
    assert recovery.alert.alert_type == "resolved"
    assert problem.entity_id == recovery.entity_id == "subject:service web1 http is"


def test_words_in_other_charsets_and_in_html_become_text() -> None:
    found = one(sample("email/html.eml"))
    assert found.alert.message == "Warnung: WARNING für Köln"
    assert found.alert.alert_type == "warning"
    assert found.alert.payload["from"] == "Überwachung <mon@example.com>"
    assert found.alert.summary == "Grüße & mehr\nZweite Zeile\n\nHost köln-1"


def test_attachments_are_named_and_not_kept() -> None:
    found = one(sample("email/html.eml"))
    assert found.alert.payload["attachments"] == ["graph.png"]
    assert "iVBORw0KGgo" not in str(found.alert.payload)


@pytest.mark.parametrize(
    ("subject", "alert_type"),
    [
        ("[FIRING:1] CheckoutLatency (critical)", "critical"),
        ("[RESOLVED] CheckoutLatency (critical)", "resolved"),
        ('ALARM: "HighCPU" in EU (Ireland)', "error"),
        ('OK: "HighCPU" in EU (Ireland)', "resolved"),
        ("Problem: Disk is full on db1", "error"),
        ("Resolved in 5m 3s: Disk is full on db1", "resolved"),
        ("Monitor is DOWN: Shop", "critical"),
        ("Monitor is UP: Shop", "resolved"),
        ("[Recovered] p99 of checkout", "resolved"),
        ("** ACKNOWLEDGEMENT Service Alert: web1/HTTP is CRITICAL **", "acknowledged"),
        ("Warning: certificate ends soon", "warning"),
        ("info: backup done", "info"),
        ("CRITICAL: 3 of 5 nodes OK", "critical"),
        ("Resolved: CRITICAL disk", "resolved"),
        ("Re: Fwd: RESOLVED disk", "resolved"),
        ("Something else happened to the ok button", "error"),
        ("Nightly job did not run", "error"),
        ("", "error"),
    ],
)
def test_the_subject_tells_how_it_stands(subject: str, alert_type: str) -> None:
    assert one(mail(subject)).alert.alert_type == alert_type


@pytest.mark.parametrize(
    ("one_subject", "other_subject"),
    [
        ("[FIRING:2] Latency prod", "[RESOLVED] Latency prod"),
        ("Problem: High CPU on web1", "Resolved in 5m 3s: High CPU on web1"),
        ('ALARM: "HighCPU" in EU', 'OK: "HighCPU" in EU'),
        ("Monitor is DOWN: Shop", "Monitor is UP: Shop"),
        ("disk full", "RE: AW: Disk full"),
        ("[#db-1] disk at 91 %", "all is well again on db-1 [#db-1]"),
    ],
)
def test_two_subjects_about_the_same_have_one_entity(one_subject: str, other_subject: str) -> None:
    assert one(mail(one_subject)).entity_id == one(mail(other_subject)).entity_id


def test_subjects_about_different_things_have_different_entities() -> None:
    subjects = ["Disk full on db1", "Disk full on db2", "CRITICAL", "WARNING", "[#a] x", "[#b] x"]
    assert len({one(mail(subject)).entity_id for subject in subjects}) == len(subjects)


def test_a_tag_in_the_subject_is_the_entity() -> None:
    assert one(mail("RESOLVED [#checkout/p99] all good")).entity_id == "checkout/p99"


def test_a_thread_that_the_sender_names_is_the_entity_whatever_the_subject() -> None:
    thread = {"References": "<incident-7@mon.example.com> <x@y>", "In-Reply-To": "<x@y>"}
    first, second = one(mail("Disk full", **thread)), one(mail("RESOLVED: more room", **thread))
    assert first.entity_id == second.entity_id == "thread:<incident-7@mon.example.com>"
    answered = mail("Re: Disk full", **thread)
    assert one(answered).entity_id == one(mail("Disk full")).entity_id


@pytest.mark.parametrize("name", ["bounce", "vacation"])
def test_bounces_and_automatic_answers_are_no_alerts(name: str) -> None:
    assert read(KIND, sample(f"email/{name}.eml")) == []


def test_our_own_mails_and_those_that_go_in_circles_are_no_alerts() -> None:
    assert read(KIND, mail("Incident 7", **{LOOP_HEADER: "incident 7"})) == []
    circles = b"Received: from a by b\r\n" * 60 + mail("Disk full")
    assert read(KIND, circles) == []
    assert len(read(KIND, b"Received: from a by b\r\n" * 6 + mail("Disk full"))) == 1


def test_what_programs_send_of_themselves_is_an_alert() -> None:
    assert (
        len(read(KIND, mail("Disk full", **{"Auto-Submitted": "auto-generated", "Precedence": "bulk"}))) == 1
    )


def test_without_a_subject_the_first_line_is_the_message() -> None:
    found = one(b"From: a@example.com\nMessage-ID: <1@example.com>\n\nThe disk is full.\nReally.\n")
    assert found.alert.message == "The disk is full."
    assert found.entity_id == "<1@example.com>"


@pytest.mark.parametrize(
    "content_type",
    [
        "text/plain; charset=nonsense",
        "text/plain; charset=utf-8",
        "text/plain",
        "text/plain; charset=us-ascii",
    ],
)
def test_a_wrong_charset_costs_no_mail(content_type: str) -> None:
    raw = f"Subject: x\nContent-Type: {content_type}\n\n".encode() + "Grüße".encode("cp1252")
    assert one(raw).alert.summary == "Grüße"


def test_a_long_text_is_cut() -> None:
    assert len(one(mail("x", "words" * 100_000)).alert.summary) == TEXT_CHARACTERS_MAX


def nested(levels: int) -> bytes:
    parts = [
        b'Content-Type: multipart/mixed; boundary="b%d"\n\n--b%d\n' % (level, level)
        for level in range(levels)
    ]
    return b"".join(parts) + b"Content-Type: text/plain\n\nhello"


@pytest.mark.parametrize(
    "raw", [b"", b"\r\n\r\n", b"\n--b" * (PARTS_LINES_MAX + 2), nested(NESTED_PARTS_MAX + 1)]
)
def test_what_is_no_mail_is_refused(raw: bytes) -> None:
    assert list(refusal(KIND, raw).errors) == ["body"]


@pytest.mark.parametrize(
    "raw",
    [
        b"Content-Type: text/plain" + b";a=b" * 100_000 + b"\n\nhi",
        b"From: " + b"a@b," * 100_000 + b"\n\nhi",
        b"From: " + b"(" * 100_000 + b"\n\nhi",
        b"Subject: " + b"=?utf-8?q?a?= " * 30_000 + b"\n\nhi",
        b"References: " + b"<a@b> " * 60_000 + b"\n\nhi",
        b"a: b\n" * 100_000 + b"\nhi",
        nested(50),
        nested(2_000),
        b"Content-Type: multipart/mixed; boundary=b\n\n" + b"--b\n\nx\n" * 4_900,
        b"Content-Type: text/html\n\n" + b"<div>" * 100_000,
        b"Content-Type: text/html\n\n" + b"<br" * 150_000,
        b"Content-Type: text/html\n\n" + b"<!--" * 100_000,
        b"Content-Type: text/html\n\n" + b"<script>" * 60_000,
        b"Content-Type: text/html\n\n" + b"&" * 400_000,
        b"Content-Type: text/plain; charset=utf-16\n\n" + b"\xd8" * 100_001,
        b"Content-Transfer-Encoding: base64\n\n" + b"=" * 100_000,
        b"Subject: " + b"[" * 100_000 + b"\n\n",
        b"Subject: " + b"Re: " * 100_000 + b"\n\n",
        b"Subject: =?x?b?" + b"A" * 100 + b"?=\n\n",
        b"Subject: a\x00b\x01\xff\xfe\n\nc\x00d",
    ],
)
def test_hostile_mails_are_read_or_refused_in_bounded_time(raw: bytes) -> None:
    with within(READING_SECONDS_MAX), contextlib.suppress(BadSignal):
        assert "\0" not in str(read(KIND, raw))
