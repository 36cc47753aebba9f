"""*Add chat*: a conversation is pasted or uploaded, looked at, and what matters comes onto the timeline."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from afterword.accounts.models import Person
from afterword.incidents.chat import pages
from afterword.incidents.chat.messages import Said
from afterword.incidents.chat.writes import add_chat
from afterword.incidents.models import Entry, EntryKind, Incident
from afterword.lib import clock
from afterword.lib.errors import InvalidInput
from tests.cast import STARTED

SignIn = Callable[[Person], Client]

TEXT = """[2026-03-02 13:10] ada: before it began
[2026-03-02 14:06] ada: <b>It</b> is slow
[2026-03-02 14:07] Bob: rolled back
[2026-03-02 16:00] ada: long after"""


def given(**more: Any) -> dict[str, Any]:
    return {"text": TEXT, "channel": "#inc-42", "day": "2026-03-02", "zone": "UTC", "step": "read", **more}


def chat_of(incident: Incident) -> list[Entry]:
    return list(Entry.objects.filter(incident=incident, kind=EntryKind.CHAT).order_by("at", "pk"))


def ticked_in(page: str) -> list[str]:
    return re.findall(r'name="message" value="(\d+)" checked', page)


def test_a_pasted_conversation_is_looked_at_and_then_added_and_taken_back(
    sign_in: SignIn, bob: Person, resolved_incident: Incident
) -> None:
    client, path = sign_in(bob), f"/incidents/{resolved_incident.number}/chat"
    assert f'href="{path}"' in client.get(f"/incidents/{resolved_incident.number}").text
    assert 'value="2026-03-02"' in client.get(path).text
    page = client.post(path, given()).text
    assert ticked_in(page) == ["1", "2"]
    assert "&lt;b&gt;It&lt;/b&gt; is slow" in page
    assert 'name="person-1" value="bob@example.com"' in page
    assert 'name="person-0" value=""' in page
    assert not chat_of(resolved_incident)
    chosen = given(step="add", message=["0", "2"], **{"person-0": "alice@example.com", "person-1": ""})
    refused = client.post(path, chosen)
    assert refused.status_code == 400
    assert "Nobody here has this address." in refused.text
    assert ticked_in(refused.text) == ["0", "2"]
    assert 'value="alice@example.com"' in refused.text
    chosen["person-0"], chosen["person-1"] = "", "bob@example.com"
    done = client.post(path, chosen, follow=True)
    assert "2 messages are added." in done.text
    assert "Hide what I just added" in done.text
    first, second = chat_of(resolved_incident)
    assert (first.source, first.person, first.chat.channel) == ("ada", None, "inc-42")
    assert (second.source, second.person) == ("Bob", bob)
    timeline = client.get(f"/incidents/{resolved_incident.number}?kind=chat").text
    assert "in #inc-42" in timeline
    assert "rolled back" in timeline
    assert "in #inc-42" in client.get(f"/incidents/{resolved_incident.number}/entries/{first.unique_id}").text
    again = client.post(path, given()).text
    assert ticked_in(again) == ["1"]
    assert again.count("On the timeline already") == 2
    undo = re.findall(r'action="(/incidents/\d+/chat/[^"]+/visibility)"', done.text)[0]
    assert "2 messages are hidden." in client.post(undo, {"hidden": "1"}, follow=True).text
    assert all(entry.hidden_at for entry in chat_of(resolved_incident))
    back = client.post(path, given(step="add", message=["1", "2"]), follow=True).text
    assert "1 message is added. 1 message is back on the timeline." in back


def test_an_upload_is_carried_on_without_being_chosen_again(
    sign_in: SignIn, bob: Person, resolved_incident: Incident
) -> None:
    client, path = sign_in(bob), f"/incidents/{resolved_incident.number}/chat"
    rows = [
        {
            "ts": "1772460360.000100",
            "user": "U1",
            "text": "It is *slow*",
            "user_profile": {"real_name": "Ada"},
        }
    ]
    rows.append({"ts": "1772460361.000100", "user": "U2", "text": "joined", "subtype": "channel_join"})
    rows.append({"ts": "never"})
    file = SimpleUploadedFile("2026-03-02.json", json.dumps(rows).encode())
    page = client.post(path, given(text="", file=file)).text
    assert ticked_in(page) == ["0"]
    assert "Automatic" in page
    assert "<dd>Slack export</dd>" in page
    assert "<dd>1 line</dd>" in page
    carried = re.search(r'<textarea name="text" hidden>\n(.*?)</textarea>', page, re.DOTALL)
    assert carried is not None
    text = carried[1].replace("&quot;", '"')
    client.post(path, given(text=text, step="add", message=["0"]))
    (entry,) = chat_of(resolved_incident)
    assert (entry.text, entry.chat.message_id) == ("It is **slow**", "1772460360.000100")
    assert entry.chat.addition.origin == "Slack export"


@pytest.mark.once
def test_what_was_said_today_stays_on_its_day_when_it_is_added_after_midnight(
    sign_in: SignIn, bob: Person, resolved_incident: Incident, monkeypatch: pytest.MonkeyPatch
) -> None:
    client, path = sign_in(bob), f"/incidents/{resolved_incident.number}/chat"
    text = "Ada  Today at 14:06\nIt is slow"
    late = clock.now().replace(hour=23, minute=59)
    monkeypatch.setattr(clock, "now", lambda: late)
    (read_at,) = re.findall(r'name="read_at" value="([^"]+)"', client.post(path, given(text=text)).text)
    monkeypatch.setattr(clock, "now", lambda: late + timedelta(minutes=2))
    client.post(path, given(text=text, step="add", message=["0"], read_at=read_at))
    assert chat_of(resolved_incident)[0].at == late.replace(hour=14, minute=6, second=0, microsecond=0)


def test_two_of_one_name_are_told_apart_in_their_order_and_an_emptied_field_stays_empty(
    sign_in: SignIn, alice: Person, bob: Person, vera: Person, resolved_incident: Incident
) -> None:
    people = [alice, bob, vera]
    rows = [
        {"id": str(place), "at": STARTED.isoformat(), "author": "Alex", "email": one.email, "text": "ok"}
        for place, one in enumerate(people)
    ]
    client, path = sign_in(alice), f"/incidents/{resolved_incident.number}/chat"
    text = json.dumps(rows)
    offered = re.findall(r'name="(person-\d)" value="([^"]*)"', client.post(path, given(text=text)).text)
    assert sorted(value for _, value in offered) == sorted(one.email for one in people)
    chosen = {name: "" if value == vera.email else value for name, value in offered}
    client.post(path, given(text=text, step="add", message=["0", "1", "2"], **chosen))
    assert [entry.person for entry in chat_of(resolved_incident)] == [alice, bob, None]


def test_what_was_hidden_comes_back_only_where_it_is_ticked(
    sign_in: SignIn, bob: Person, resolved_incident: Incident
) -> None:
    client, path = sign_in(bob), f"/incidents/{resolved_incident.number}/chat"
    client.post(path, given(step="add", message=["1", "2"]))
    first, _ = chat_of(resolved_incident)
    Entry.objects.filter(pk=first.pk).update(hidden_at=STARTED, hidden_by=bob)
    page = client.post(path, given()).text
    assert ticked_in(page) == []
    assert 'name="message" value="1"' in page
    client.post(path, given(step="add", message=["0"]))
    first.refresh_from_db()
    assert first.hidden_at


def test_of_a_long_message_the_preview_shows_the_beginning_and_the_timeline_all(
    sign_in: SignIn, bob: Person, resolved_incident: Incident
) -> None:
    client, path = sign_in(bob), f"/incidents/{resolved_incident.number}/chat"
    text = "[2026-03-02 14:06] ada: " + "long " * 1_000 + "end"
    page = client.post(path, given(text=text, step="read")).text
    (row,) = re.findall(r'<div class="document document--note">(.*?)</div>', page, re.DOTALL)
    assert "end" not in row
    assert "…" in row
    client.post(path, given(text=text, step="add", message=["0"]))
    assert chat_of(resolved_incident)[0].text.endswith("long end")


@pytest.mark.once
def test_of_very_much_text_the_rest_is_shown_as_it_is_written(
    sign_in: SignIn, bob: Person, resolved_incident: Incident, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(pages, "MARKDOWN_SHOWN_CHARACTERS_MAX", 20)
    rows = [
        {"id": str(place), "at": STARTED.isoformat(), "author": "ada", "text": "*&lt;b&gt;* slow"}
        for place in range(2)
    ]
    path = f"/incidents/{resolved_incident.number}/chat"
    page = sign_in(bob).post(path, given(text=json.dumps(rows))).text
    shown = re.findall(r'<div class="document document--note">(.*?)</div>', page, re.DOTALL)
    assert [one.strip() for one in shown] == [
        "<p><strong>&lt;b&gt;</strong> slow</p>",
        "<p>**\\&lt;b&gt;** slow</p>",
    ]


@pytest.mark.once
@pytest.mark.parametrize("year", ["0001-01-01T00:30", "2999-01-01T00:30"], ids=["the first", "one to come"])
def test_a_moment_that_cannot_have_been_is_never_added(
    bob: Person, resolved_incident: Incident, year: str
) -> None:
    said = Said("1", datetime.fromisoformat(f"{year}+00:00"), "ada", "hello")
    with pytest.raises(InvalidInput) as refusal:
        add_chat(actor=bob, incident=resolved_incident, channel="c", messages=[said])
    assert set(refusal.value.fields) == {"messages"}


@pytest.mark.once
@pytest.mark.parametrize(
    ("wrong", "reason"),
    [
        ({"text": ""}, "Please paste a conversation, or choose a file."),
        ({"text": "only prose that stays"}, "No message was recognised."),
        ({"text": "[10:02] ada: stays", "day": ""}, "Please say on which day it begins"),
        ({"channel": " # "}, "Please fill this in."),
        ({"zone": "Mars/Olympus"}, "Select a valid choice."),
        ({"step": "add", "message": []}, "Please choose at least one message."),
        ({"step": "add", "message": ["9999", "-1", "x" * 99]}, "Please choose at least one message."),
        ({"step": "add", "message": ["1"], "person-0": "a\0b"}, "Nobody here has this address."),
    ],
    ids=["nothing", "prose", "no day", "no channel", "no zone", "none ticked", "odd ticks", "an odd address"],
)
def test_what_is_wrong_is_said_and_what_was_typed_stays(
    sign_in: SignIn, bob: Person, resolved_incident: Incident, wrong: dict[str, Any], reason: str
) -> None:
    path = f"/incidents/{resolved_incident.number}/chat"
    answer = sign_in(bob).post(path, given(**wrong))
    assert answer.status_code == 400
    assert reason in answer.text
    typed = str(wrong.get("text", "long after"))
    assert typed in answer.text
    assert not chat_of(resolved_incident)


def test_what_was_given_can_be_changed_from_the_preview(
    sign_in: SignIn, bob: Person, resolved_incident: Incident
) -> None:
    answer = sign_in(bob).post(f"/incidents/{resolved_incident.number}/chat", given(step="again"))
    assert answer.status_code == 200
    assert "Look at it first" in answer.text
    assert "long after" in answer.text


def test_others_see_no_way_in(
    sign_in: SignIn, bob: Person, vera: Person, charlie: Person, resolved_incident: Incident
) -> None:
    path = f"/incidents/{resolved_incident.number}/chat"
    added = add_chat(
        actor=bob,
        incident=resolved_incident,
        channel="secret-channel",
        messages=[Said("1", STARTED, "ada", "hello")],
    )
    assert added.addition is not None
    undo = f"{path}/{added.addition.unique_id}/visibility"
    for person, status in ((vera, 403), (charlie, 404)):
        client = sign_in(person)
        for answer in (client.get(path), client.post(path, given()), client.post(undo, {"hidden": "1"})):
            assert answer.status_code == status
            assert "secret-channel" not in answer.text
    assert 'href="{path}"' not in sign_in(vera).get(f"/incidents/{resolved_incident.number}").text
    assert not any(entry.hidden_at for entry in chat_of(resolved_incident))


@pytest.mark.once
def test_many_messages_cost_the_same_queries(
    sign_in: SignIn, bob: Person, resolved_incident: Incident, django_assert_max_num_queries: Any
) -> None:
    client, path = sign_in(bob), f"/incidents/{resolved_incident.number}/chat"
    start = datetime(2026, 3, 2, 14, 5, tzinfo=UTC)
    text = "\n".join(
        f"[{start + timedelta(seconds=place):%Y-%m-%d %H:%M:%S}] person{place % 40}: line {place}"
        for place in range(1_700)
    )
    with django_assert_max_num_queries(25):
        page = client.post(path, given(text=text)).text
    assert len(ticked_in(page)) == 1_500
    assert "200 later ones are not shown." in page
    ticks = [str(place) for place in range(1_500)]
    with django_assert_max_num_queries(60):
        client.post(path, given(text=text, step="add", message=ticks))
    assert len(chat_of(resolved_incident)) == 1_500
    with django_assert_max_num_queries(30):
        client.get(f"/incidents/{resolved_incident.number}?kind=chat")
