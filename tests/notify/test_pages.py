"""Writing to stakeholders from the incident's page and from programs."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client

from afterword.accounts.models import Membership, Person, Team
from afterword.audit.models import AuditEvent
from afterword.incidents.models import Entry, EntryKind, Incident, StakeholderDelivery, StakeholderMessage
from afterword.lib.errors import InvalidInput
from afterword.notify.sending import deliver_due
from afterword.notify.writes import write_message
from tests.notify.conftest import MovableClock
from tests.notify.mail_server import MailServer

pytestmark = pytest.mark.once

SignIn = Callable[[Person], Client]
Headers = Callable[..., dict[str, str]]
Make = Callable[..., StakeholderMessage]


def _given(**more: Any) -> dict[str, Any]:
    return {"subject": "Payments are slow", "body": "We **look**.", "time_zone": "Europe/Berlin", **more}


def _addresses() -> list[str]:
    return sorted(StakeholderDelivery.objects.values_list("email", flat=True))


def test_a_message_goes_to_people_teams_and_addresses_once_each(
    sign_in: SignIn, alice: Person, bob: Person, team: Team, incident: Incident
):
    given = _given(
        people=[str(bob.unique_id)],
        teams=[str(team.unique_id)],
        emails="desk@example.com, DESK@example.com\nALICE@example.com",
    )
    browser = sign_in(bob)
    page = f"/incidents/{incident.number}/messages"
    answer = browser.post(page, given)
    assert (answer.status_code, answer["Location"]) == (302, page)
    assert _addresses() == ["alice@example.com", "bob@example.com", "desk@example.com"]
    message = StakeholderMessage.objects.get()
    assert (message.created_by, message.time_zone) == (bob, "Europe/Berlin")
    entry = Entry.objects.get(kind=EntryKind.MESSAGE)
    assert entry.text == (
        "Wrote “Payments are slow” to bob@example.com, alice@example.com and desk@example.com."
    )
    assert entry.person == bob
    assert AuditEvent.objects.filter(action="message.written", actor_name="Bob").count() == 1
    shown = browser.get(page).content.decode()
    for words in ("Payments are slow", "<strong>look</strong>", "desk@example.com", "Waiting"):
        assert words in shown


def test_a_preview_shows_the_mail_and_sends_nothing(sign_in: SignIn, bob: Person, incident: Incident):
    given = _given(emails="desk@example.com", preview="1")
    answer = sign_in(bob).post(f"/incidents/{incident.number}/messages", given)
    assert answer.status_code == 200
    shown = answer.content.decode()
    for words in (
        f"[#{incident.number}] Payments are slow",
        "desk@example.com",
        "Times are in Europe/Berlin.",
    ):
        assert words in shown
    assert 'value="Payments are slow"' in shown, "what was typed is still there"
    assert StakeholderMessage.objects.count() == 0


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"subject": ""}, "This field is required"),
        ({"subject": "\u200b"}, "Please fill this in."),
        ({"body": ""}, "This field is required"),
        ({"emails": "nobody"}, "“nobody” is no email address."),
        ({"emails": ""}, "Please choose somebody to write to."),
        ({"time_zone": "Mars/Olympus"}, "Select a valid choice"),
        ({"people": [str(uuid.uuid4())]}, "Select a valid choice"),
        ({"emails": " ".join(f"{number}@example.com" for number in range(501))}, "at most 500"),
    ],
)
def test_what_cannot_be_sent_is_told_and_kept(
    sign_in: SignIn, bob: Person, incident: Incident, change: dict[str, Any], words: str
):
    given = {**_given(emails="desk@example.com"), **change}
    answer = sign_in(bob).post(f"/incidents/{incident.number}/messages", given)
    assert answer.status_code == 400
    assert words in answer.content.decode()
    assert StakeholderMessage.objects.count() == 0


def test_a_failed_mail_is_tried_again_from_the_page(
    sign_in: SignIn, bob: Person, incident: Incident, mail_server: MailServer, make_message: Make
):
    mail_server.answer_to_recipient = "550 No such user"
    make_message()
    deliver_due()
    browser = sign_in(bob)
    page = browser.get(f"/incidents/{incident.number}/messages").content.decode()
    for words in ("Failed", "550 No such user", "Try again"):
        assert words in page
    delivery = StakeholderDelivery.objects.get()
    for _ in range(2):
        answer = browser.post(f"/incidents/{incident.number}/deliveries/{delivery.pk}/retry")
        assert answer.status_code == 302
    mail_server.answer_to_recipient = "250 OK"
    assert deliver_due() == 1


def test_a_viewer_reads_and_does_not_write(
    sign_in: SignIn, vera: Person, incident: Incident, make_message: Make
):
    delivery = make_message().deliveries.get()
    browser = sign_in(vera)
    page = f"/incidents/{incident.number}/messages"
    shown = browser.get(page).content.decode()
    assert "mary@example.com" in shown
    assert "Write to stakeholders" not in shown
    assert browser.post(page, _given(emails="desk@example.com")).status_code == 403
    retry = f"/incidents/{incident.number}/deliveries/{delivery.pk}/retry"
    assert browser.post(retry).status_code == 403


def test_an_outsider_gets_not_found(
    sign_in: SignIn,
    client: Client,
    charlie: Person,
    incident: Incident,
    make_message: Make,
    api_headers: Headers,
):
    message = make_message()
    delivery = message.deliveries.get()
    browser = sign_in(charlie)
    page = f"/incidents/{incident.number}/messages"
    assert browser.get(page).status_code == 404
    assert browser.post(page, _given(emails="desk@example.com")).status_code == 404
    assert browser.post(f"/incidents/{incident.number}/deliveries/{delivery.pk}/retry").status_code == 404
    headers, api = api_headers(charlie), f"/api/v1/incidents/{incident.number}"
    assert client.get(f"{api}/messages", headers=headers).status_code == 404
    assert client.get(f"{api}/messages/{message.unique_id}", headers=headers).status_code == 404
    assert client.post(f"{api}/deliveries/{delivery.pk}/retry", headers=headers).status_code == 404
    given = {"subject": "x", "body": "x", "emails": ["desk@example.com"]}
    answer = client.post(f"{api}/messages", given, content_type="application/json", headers=headers)
    assert answer.status_code == 404


def test_a_delivery_of_another_incident_is_not_there(
    sign_in: SignIn, bob: Person, make_incident: Callable[..., Incident], make_message: Make
):
    delivery = make_message().deliveries.get()
    other = make_incident()
    assert sign_in(bob).post(f"/incidents/{other.number}/deliveries/{delivery.pk}/retry").status_code == 404


def test_nobody_writes_to_people_whom_they_do_not_see(
    sign_in: SignIn, bob: Person, charlie: Person, incident: Incident, other_team: Team
):
    browser = sign_in(bob)
    page = f"/incidents/{incident.number}/messages"
    shown = browser.get(page).content.decode()
    assert "Charlie" not in shown
    assert str(other_team.unique_id) not in shown
    assert browser.post(page, _given(people=[str(charlie.unique_id)])).status_code == 400
    assert browser.post(page, _given(teams=[str(other_team.unique_id)])).status_code == 400


def test_a_program_writes_and_reads(
    client: Client, alice: Person, bob: Person, team: Team, incident: Incident, api_headers: Headers
):
    api, headers = f"/api/v1/incidents/{incident.number}/messages", api_headers(bob)
    given = {
        "subject": "Payments are slow",
        "body": "We look.",
        "time_zone": "Asia/Tokyo",
        "people": [str(bob.unique_id)],
        "teams": [str(team.unique_id)],
        "emails": ["desk@example.com"],
    }
    answer = client.post(api, given, content_type="application/json", headers=headers)
    assert answer.status_code == 201, answer.content
    made = answer.json()
    assert {(one["email"], one["state"]) for one in made["deliveries"]} == {
        ("alice@example.com", "waiting"),
        ("bob@example.com", "waiting"),
        ("desk@example.com", "waiting"),
    }
    assert client.get(api, headers=headers).json()["items"] == [made]
    assert client.get(f"{api}/{made['unique_id']}", headers=headers).json() == made
    delivery = made["deliveries"][0]["id"]
    retry = f"/api/v1/incidents/{incident.number}/deliveries/{delivery}/retry"
    assert client.post(retry, headers=headers).status_code == 409


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"subject": " "}, "subject"),
        ({"body": ""}, "body"),
        ({"time_zone": "Mars/Olympus"}, "time_zone"),
        ({"emails": ["x"]}, "emails"),
        ({"emails": []}, "emails"),
        ({"people": [str(uuid.uuid4())]}, "people"),
        ({"teams": [str(uuid.uuid4())]}, "teams"),
    ],
)
def test_what_a_program_cannot_send_is_named(
    client: Client,
    bob: Person,
    incident: Incident,
    api_headers: Headers,
    change: dict[str, Any],
    field: str,
):
    given = {"subject": "x", "body": "x", "emails": ["desk@example.com"], **change}
    answer = client.post(
        f"/api/v1/incidents/{incident.number}/messages",
        given,
        content_type="application/json",
        headers=api_headers(bob),
    )
    assert (answer.status_code, list(answer.json()["fields"])) == (400, [field])
    assert StakeholderMessage.objects.count() == 0


def test_people_who_have_left_get_nothing(
    sign_in: SignIn, alice: Person, bob: Person, team: Team, incident: Incident, time: MovableClock
):
    gone = Person.objects.create(name="Gone", email="gone@example.com", is_active=False)
    Membership.objects.create(team=team, person=gone)
    sign_in(bob).post(f"/incidents/{incident.number}/messages", _given(teams=[str(team.unique_id)]))
    assert _addresses() == ["alice@example.com", "bob@example.com"]


def test_a_form_that_is_sent_twice_is_one_message(
    sign_in: SignIn, bob: Person, incident: Incident, time: MovableClock
):
    browser, page = sign_in(bob), f"/incidents/{incident.number}/messages"
    for _ in range(2):
        assert browser.post(page, _given(emails="desk@example.com")).status_code == 302
    assert StakeholderMessage.objects.count() == 1
    browser.post(page, _given(emails="other@example.com"))
    assert StakeholderMessage.objects.count() == 2
    time.move(minutes=2)
    browser.post(page, _given(emails="desk@example.com"))
    assert StakeholderMessage.objects.count() == 3


def test_the_write_itself_knows_whom_one_may_write_to(
    bob: Person, charlie: Person, other_team: Team, incident: Incident
):
    for person in (charlie, Person.objects.create(name="Gone", email="gone@example.com", is_active=False)):
        with pytest.raises(InvalidInput):
            write_message(actor=bob, incident=incident, subject="x", body="x", people=[person])
    with pytest.raises(InvalidInput):
        write_message(actor=bob, incident=incident, subject="x", body="x", teams=[other_team])
    assert StakeholderDelivery.objects.count() == 0


def test_without_a_mail_server_the_page_says_where_mails_go(
    sign_in: SignIn, bob: Person, incident: Incident, settings: Any
):
    page = f"/incidents/{incident.number}/messages"
    assert "No mail server is set up" in sign_in(bob).get(page).content.decode()
    settings.MAIL_CONSOLE = False
    assert "No mail server is set up" not in sign_in(bob).get(page).content.decode()
