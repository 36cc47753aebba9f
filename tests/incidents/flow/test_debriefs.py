"""Debriefs: who leads, who is invited, and what their calendars are told."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from django.test import Client
from icalendar import Calendar

from afterword.accounts.models import Membership, OrganisationRole, Person
from afterword.audit.models import AuditEvent
from afterword.catalog.models import IncidentRole
from afterword.incidents import writes as incidents
from afterword.incidents.flow import reads, writes
from afterword.incidents.flow.calendar import Guest, Meeting, write_calendar
from afterword.incidents.flow.models import Debrief, FlowTask
from afterword.incidents.models import Incident
from afterword.letters.models import Letter
from afterword.lib.errors import AfterwordError, InvalidInput, NotFound
from afterword.notify.letter_sending import deliver_letters
from tests.cast import _make_person
from tests.incidents.flow.conftest import MovableClock
from tests.notify.mail_server import MailServer, running_mail_server

SignIn = Callable[[Person], Client]
THURSDAY = datetime(2026, 3, 5, 14, 0, tzinfo=UTC)


@pytest.fixture
def task(looked_back_on: Incident, task_of: Callable[..., FlowTask]) -> FlowTask:
    return task_of(looked_back_on, "debrief")


@pytest.fixture
def mail_server(settings: Any) -> Iterator[MailServer]:
    with running_mail_server(settings) as server:
        yield server


def _plan(actor: Person, task: FlowTask, **changes: Any) -> Debrief:
    given: dict[str, Any] = {"starts_at": THURSDAY, "minutes": 45, "place": "Room 3", **changes}
    return writes.plan_debrief(actor=actor, task=task, **given)


def _event(letter: Letter) -> Any:
    (event,) = Calendar.from_ical(letter.about["calendar"]).walk("VEVENT")
    return event


def _mails() -> list[tuple[str, str]]:
    found = Letter.objects.exclude(kind="flow.reminder").select_related("person").order_by("pk")
    return sorted((str(mail.person), mail.kind.removeprefix("flow.")) for mail in found)


def test_who_was_not_involved_is_suggested_to_lead(
    looked_back_on: Incident, alice: Person, bob: Person, vera: Person, charlie: Person, time: MovableClock
):
    # Bob resolved it, Vera only reads, Charlie does not see it.
    assert list(reads.suggest_facilitators(bob, looked_back_on, now=time.at)) == [alice]
    lead = IncidentRole.objects.get(name="Incident lead")
    incidents.assign_role(actor=bob, incident=looked_back_on, role=lead, person=alice)
    assert list(reads.suggest_facilitators(bob, looked_back_on, now=time.at)) == []


def test_the_team_is_asked_before_administrators_and_who_led_least_before_others(
    looked_back_on: Incident, task: FlowTask, alice: Person, bob: Person, team: Any, time: MovableClock
):
    people = {}
    for name, role in (("Dora", "responder"), ("Emil", "responder"), ("Ada", "admin")):
        people[name] = _make_person(name, OrganisationRole(role))
    for name in ("Dora", "Emil"):
        Membership.objects.create(team=team, person=people[name])
    Membership.objects.filter(person=alice).delete()
    found = reads.suggest_facilitators(alice, looked_back_on, now=time.at)
    assert [str(one) for one in found] == ["Dora", "Emil", "Ada"]
    _plan(alice, task, facilitator=people["Dora"])
    found = reads.suggest_facilitators(alice, looked_back_on, now=time.at)
    assert [str(one) for one in found] == ["Emil", "Dora", "Ada"]
    # Bob does not know Ada, and is not told of her.
    assert people["Ada"] not in reads.suggest_facilitators(bob, looked_back_on, now=time.at)


def test_everybody_gets_an_invitation_for_their_calendar(
    task: FlowTask, alice: Person, bob: Person, mail_server: MailServer
):
    Person.objects.filter(pk=alice.pk).update(time_zone="Europe/Berlin")
    debrief = _plan(bob, task, facilitator=alice, people=[bob])
    assert _mails() == [("Alice", "invitation"), ("Bob", "invitation")]
    assert deliver_letters() == 2
    mail = next(one for one in mail_server.mails if one["To"] == "alice@example.com")
    assert mail["Subject"] == "Debrief: #1 Checkout answers slowly"
    assert mail["Reply-To"] == "bob@example.com"
    body = mail.get_body(("plain",))
    assert body is not None
    text = body.get_content()
    assert "5 March 2026, 15:00 CET, 45 min" in text
    assert "You lead through it." in text
    assert "Where: Room 3" in text
    (attached,) = mail.iter_attachments()
    assert attached.get_filename() == "debrief.ics"
    assert attached.get_content_type() == "text/calendar"
    assert attached.get_param("method") == "REQUEST"
    content = attached.get_content()
    data = content.encode() if isinstance(content, str) else content
    calendar = Calendar.from_ical(data)
    (event,) = calendar.walk("VEVENT")
    assert calendar["METHOD"] == "REQUEST"
    assert str(event["UID"]).startswith(str(debrief.unique_id))
    assert event.decoded("DTSTART") == THURSDAY
    assert event.decoded("DTEND") == THURSDAY + timedelta(minutes=45)
    assert (event["SEQUENCE"], event["LOCATION"], event["STATUS"]) == (0, "Room 3", "CONFIRMED")
    assert event["ORGANIZER"] == "mailto:bob@example.com"
    assert sorted(event["ATTENDEE"]) == ["mailto:alice@example.com", "mailto:bob@example.com"]


def test_a_change_tells_everybody_and_who_is_left_out(task: FlowTask, alice: Person, bob: Person):
    first = _plan(bob, task, people=[alice, bob])
    Letter.objects.all().delete()
    assert _plan(bob, task, people=[bob, alice]).sequence == 0
    assert _mails() == []
    second = _plan(bob, task, starts_at=THURSDAY + timedelta(hours=1), people=[bob])
    assert (second.pk, second.sequence) == (first.pk, 1)
    assert _mails() == [("Alice", "cancellation"), ("Bob", "invitation")]
    cancelled = Letter.objects.get(kind="flow.cancellation")
    assert "METHOD:CANCEL" in cancelled.about["calendar"]
    assert (_event(cancelled)["STATUS"], _event(cancelled)["SEQUENCE"]) == ("CANCELLED", 1)
    actions = AuditEvent.objects.filter(action__startswith="debrief.").order_by("id")
    assert [event.action for event in actions] == ["debrief.planned", "debrief.changed"]


def test_a_task_that_was_due_earlier_is_due_with_the_meeting(task: FlowTask, bob: Person):
    _plan(bob, task)
    task.refresh_from_db()
    assert task.due_on == date(2026, 3, 9)
    _plan(bob, task, starts_at=THURSDAY + timedelta(days=14))
    task.refresh_from_db()
    assert (task.due_on, task.due_days) == (date(2026, 3, 19), None)


def test_a_debrief_is_called_off(task: FlowTask, alice: Person, bob: Person, mail_server: MailServer):
    _plan(bob, task, people=[alice])
    writes.cancel_debrief(actor=bob, task=task)
    assert _mails() == [("Alice", "cancellation"), ("Alice", "invitation")]
    # Nobody is invited to what is off already.
    assert deliver_letters() == 1
    assert mail_server.mails[0]["Subject"].startswith("Called off: #1")
    assert reads.debrief_of(task) is None
    with pytest.raises(NotFound):
        writes.cancel_debrief(actor=bob, task=task)
    again = _plan(alice, task, people=[bob])
    assert (again.sequence, again.organiser, Debrief.objects.count()) == (2, alice, 1)


def test_nobody_hears_of_a_debrief_that_is_over(
    task: FlowTask, alice: Person, bob: Person, time: MovableClock
):
    _plan(bob, task, people=[alice])
    Letter.objects.all().delete()
    time.move(days=30)
    writes.cancel_debrief(actor=bob, task=task)
    assert _mails() == []


def test_who_left_the_team_is_not_invited_any_more_but_hears_that_it_is_off(
    task: FlowTask, alice: Person, bob: Person, mail_server: MailServer
):
    _plan(alice, task, people=[bob])
    Membership.objects.filter(person=bob).delete()
    assert deliver_letters() == 0
    writes.cancel_debrief(actor=alice, task=task)
    assert deliver_letters() == 1


def test_only_who_may_see_the_incident_is_asked(task: FlowTask, bob: Person, charlie: Person, vera: Person):
    for wrong in ({"people": [charlie]}, {"facilitator": charlie}):
        with pytest.raises(InvalidInput):
            _plan(bob, task, **wrong)
    assert _plan(bob, task, people=[vera]).people.count() == 1


@pytest.mark.once
@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"starts_at": THURSDAY - timedelta(days=10)}, "starts_at"),
        ({"starts_at": THURSDAY + timedelta(days=9000)}, "starts_at"),
        ({"minutes": 0}, "minutes"),
        ({"minutes": 481}, "minutes"),
        ({"place": "x" * 501}, "place"),
    ],
)
def test_a_debrief_that_makes_no_sense_is_refused(
    wrong: dict[str, Any], field: str, task: FlowTask, bob: Person
):
    with pytest.raises(InvalidInput) as refusal:
        _plan(bob, task, **wrong)
    assert list(refusal.value.fields) == [field]
    assert not Debrief.objects.exists()


def test_only_the_task_of_a_debrief_has_one(
    looked_back_on: Incident, task_of: Callable[..., FlowTask], bob: Person, charlie: Person, vera: Person
):
    with pytest.raises(NotFound):
        _plan(bob, task_of(looked_back_on, "draft"))
    task = task_of(looked_back_on, "debrief")
    for person in (charlie, vera):
        with pytest.raises(AfterwordError):
            _plan(person, task)


def test_a_debrief_is_planned_on_its_page(
    task: FlowTask, alice: Person, bob: Person, vera: Person, sign_in: SignIn
):
    url = f"/incidents/1/tasks/{task.unique_id}/debrief"
    browser = sign_in(bob)
    page = browser.get(url).content.decode()
    assert '<optgroup label="Not involved">' in page
    assert f'<option value="{alice.unique_id}" selected>Alice</option>' in page
    starts_at = datetime.now(UTC) + timedelta(days=2)
    given = {
        "starts_at": starts_at.strftime("%Y-%m-%dT%H:%M"),
        "minutes": "45",
        "place": "https://meet.example.com/x",
        "facilitator": str(alice.unique_id),
        "people": [str(bob.unique_id), str(vera.unique_id)],
    }
    answer = browser.post(url, given, follow=True).content.decode()
    assert "3 people get a mail." in answer
    assert "led by Alice" in answer
    assert 'href="https://meet.example.com/x"' in answer
    assert browser.get(url).status_code == 200
    assert browser.post(url, {**given, "minutes": "3"}).status_code == 400
    assert browser.post(url, {**given, "people": ["nobody"]}).status_code == 400
    answer = browser.post(f"{url}/cancellation", follow=True).content.decode()
    assert "The debrief is called off." in answer
    assert browser.post(f"{url}/cancellation").status_code == 404


def test_the_file_for_a_calendar_names_nobody_who_comes(
    task: FlowTask, alice: Person, bob: Person, vera: Person, sign_in: SignIn
):
    url = f"/incidents/1/tasks/{task.unique_id}/debrief.ics"
    assert sign_in(vera).get(url).status_code == 404
    _plan(bob, task, people=[alice])
    answer = sign_in(vera).get(url)
    assert answer["Content-Type"].startswith("text/calendar")
    assert answer["Content-Disposition"] == 'attachment; filename="debrief-1.ics"'
    text = answer.content.decode()
    assert "METHOD:PUBLISH" in text
    assert "ATTENDEE" not in text


def test_what_people_write_stays_inside_its_line():
    hostile = 'x\r\nATTENDEE:mailto:evil@example.com\n;,:"\\ ' + "é" * 100
    meeting = Meeting(
        uid="1@example.com",
        sequence=0,
        title=hostile,
        text=hostile,
        place=hostile,
        url="https://example.com/incidents/1",
        starts_at=THURSDAY,
        minutes=30,
        organiser=Guest('A "quoted"\nname;X=y', "a@example.com"),
        guests=[Guest("", "b@example.com")],
    )
    text = write_calendar(meeting, method="REQUEST", at=THURSDAY)
    lines = text.split("\r\n")
    assert all(len(line.encode()) <= 75 for line in lines)
    assert not any(line.startswith("ATTENDEE:mailto:evil") for line in lines)
    (event,) = Calendar.from_ical(text).walk("VEVENT")
    assert event["ATTENDEE"] == "mailto:b@example.com"
    assert "evil@example.com" in event["SUMMARY"]


def test_without_an_organiser_it_is_only_told():
    meeting = Meeting("1@x", 0, "t", "t", "", "https://example.com", THURSDAY, 30, None, [])
    assert "METHOD:PUBLISH" in write_calendar(meeting, method="REQUEST", at=THURSDAY)
