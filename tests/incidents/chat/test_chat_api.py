"""`POST /api/v1/incidents/{reference}/chat`: each message once, and one that is wrong holds up no other."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client

from afterword.accounts.models import Person
from afterword.audit.models import AuditEvent
from afterword.incidents.chat import writes
from afterword.incidents.chat.models import ChatMessage
from afterword.incidents.models import Entry, EntryKind, Incident
from afterword.incidents.privacy.writes import make_private

Headers = Callable[..., dict[str, str]]


def message(key: str, text: str = "It is slow", **more: Any) -> dict[str, Any]:
    return {"id": key, "at": "2026-03-02T14:06:00Z", "author": "ada.l", "text": text, **more}


def post(headers: dict[str, str], incident: Incident, *messages: Any, **more: Any) -> Any:
    given = {"channel": "#inc-42", "source": "slack", "messages": messages, **more}
    path = f"/api/v1/incidents/{incident.number}/chat"
    return Client().post(path, given, headers=headers, content_type="application/json")


def test_messages_come_once_with_what_they_are_in_the_chat(
    api_headers: Headers, bob: Person, incident: Incident
) -> None:
    headers = api_headers(bob)
    told = message("1.1", "*No* <https://x.example|graph>", url="https://chat.example/1", thread="1.0")
    mine = message("1.2", email="BOB@example.com", at="1772460420.000200")
    first = post(headers, incident, told, mine, told)
    assert (first.status_code, first.json()["added"], first.json()["known"]) == (200, 2, 1)
    second = post(headers, incident, told, message("1.3"), channel="inc-42")
    assert (second.json()["added"], second.json()["known"], second.json()["refused"]) == (1, 1, [])
    listed = Client().get(f"/api/v1/incidents/{incident.number}/entries?kind=chat", headers=headers).json()
    one, other = listed["items"][0], listed["items"][2]
    assert (one["text"], one["source"], one["person"]) == ("**No** [graph](https://x.example)", "ada.l", None)
    assert one["chat"] == {
        "channel": "inc-42",
        "id": "1.1",
        "author": "ada.l",
        "url": "https://chat.example/1",
        "thread": "1.0",
    }
    assert (other["source"], other["person"], other["at"]) == (
        "Bob",
        str(bob.unique_id),
        "2026-03-02T14:07:00.000Z",
    )
    events = AuditEvent.objects.filter(action="incident.chat_added").order_by("pk")
    assert [event.data["messages"] for event in events] == [2, 1]


def test_what_is_wrong_is_named_with_its_place_and_the_rest_is_added(
    api_headers: Headers, bob: Person, incident: Incident
) -> None:
    wrong = [
        7,
        message("2", at="2026-03-02T14:06:00"),
        message("3", " "),
        message("4", url="ftp://x"),
        message("5", "x" * 10_001),
        message("6", at="2999-01-01T00:00:00Z"),
        {**message("7"), "colour": "red"},
        message("8", thread=["x"]),
        message("\0"),
    ]
    odd = message("9\0", "odd\0", email="\0", author="a\0", thread="\0")
    answer = post(api_headers(bob), incident, *wrong, odd).json()
    assert (answer["added"], answer["known"]) == (1, 0)
    told = [(one["index"], one["field"]) for one in answer["refused"]]
    fields = ["message", "at", "text", "url", "text", "at", "colour", "thread", "id"]
    assert told == list(enumerate(fields))
    assert all(one["reason"] for one in answer["refused"])


@pytest.mark.parametrize(
    ("given", "field"),
    [({"channel": " "}, "channel"), ({"markup": "html"}, "markup"), ({"source": "x" * 101}, "source")],
    ids=["channel", "markup", "source"],
)
def test_what_is_wrong_for_all_is_refused(
    api_headers: Headers, bob: Person, incident: Incident, given: dict[str, str], field: str
) -> None:
    answer = post(api_headers(bob), incident, message("1"), **given)
    assert answer.status_code == 400
    assert any(field in name for name in answer.json()["fields"])
    assert not Entry.objects.filter(kind=EntryKind.CHAT).exists()


@pytest.mark.once
def test_too_many_are_refused(
    api_headers: Headers, bob: Person, incident: Incident, monkeypatch: pytest.MonkeyPatch
) -> None:
    headers = api_headers(bob)
    assert post(headers, incident, *[message("1")] * 501).status_code == 400
    monkeypatch.setattr(writes, "MESSAGES_OF_INCIDENT_MAX", 1)
    assert "at most 1 chat messages" in str(post(headers, incident, message("1"), message("2")).json())


def test_who_may_only_read_or_is_outside_adds_nothing_and_learns_nothing(
    api_headers: Headers, alice: Person, vera: Person, charlie: Person, bob: Person, incident: Incident
) -> None:
    assert post(api_headers(charlie), incident, message("1")).status_code == 404
    assert post(api_headers(vera), incident, message("1")).status_code == 403
    # Of an address of somebody whom the sender does not see nothing is told.
    post(api_headers(bob), incident, message("1", email="charlie@example.com"))
    assert Entry.objects.get(kind=EntryKind.CHAT).person is None
    make_private(actor=alice, incident=incident)
    assert post(api_headers(charlie), incident, message("2")).status_code == 404


def test_what_came_together_is_hidden_together_and_stays_known(
    api_headers: Headers, bob: Person, charlie: Person, incident: Incident
) -> None:
    headers = api_headers(bob)
    addition = post(headers, incident, message("1"), message("2")).json()["addition"]
    post(headers, incident, message("3"))
    path = f"/api/v1/incidents/{incident.number}/chat/{addition}"

    def hide(hidden: bool, headers: dict[str, str]) -> Any:
        return Client().patch(path, {"hidden": hidden}, headers=headers, content_type="application/json")

    assert hide(True, api_headers(charlie)).status_code == 404
    assert hide(True, headers).json() == {"changed": 2}
    assert hide(True, headers).json() == {"changed": 0}
    shown = Entry.objects.filter(kind=EntryKind.CHAT, hidden_at__isnull=True)
    assert [entry.chat.message_id for entry in shown] == ["3"]
    assert post(headers, incident, message("1")).json()["known"] == 1
    assert shown.all().count() == 1
    assert hide(False, headers).json() == {"changed": 2}
    assert ChatMessage.objects.count() == shown.all().count() == 3
