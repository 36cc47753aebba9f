"""A stream that was begun ends soon after its reader has no right to it any more."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping
from typing import Any

import pytest
from django.contrib.sessions.backends.base import SessionBase
from django.db import connection

from afterword.accounts.models import Membership, Person
from afterword.incidents.models import Incident
from afterword.incidents.timeline.watching import WatchApplication

DEADLINE_SECONDS = 60.0
HEARTBEAT = ": \n\n"

pytestmark = pytest.mark.django_db(transaction=True)


class Watching:
    """An open page of a person, as the server sees it."""

    def __init__(self, session: SessionBase, number: int) -> None:
        self.scope = {
            "type": "http",
            "method": "GET",
            "path": f"/incidents/{number}/events",
            "query_string": b"",
            "headers": [(b"host", b"testserver"), (b"cookie", f"sessionid={session.session_key}".encode())],
        }
        self.begun, self.ended = asyncio.Event(), asyncio.Event()
        self.status = 0
        self.text = ""

    async def receive(self) -> Mapping[str, Any]:
        await asyncio.Event().wait()
        raise AssertionError("the reader never goes by itself")

    async def send(self, message: Mapping[str, Any]) -> None:
        if message["type"] == "http.response.start":
            self.status = message["status"]
            return
        self.text += message["body"].decode()
        self.begun.set()
        if not message.get("more_body"):
            self.ended.set()


def _leave_the_team(person: Person, session: SessionBase) -> None:
    Membership.objects.filter(person=person).delete()


def _sign_out(person: Person, session: SessionBase) -> None:
    session.delete()


def _lose_the_account(person: Person, session: SessionBase) -> None:
    Person.objects.filter(pk=person.pk).update(is_active=False)


@pytest.mark.parametrize(
    "lose", [_leave_the_team, _sign_out, _lose_the_account], ids=lambda one: one.__name__
)
def test_who_loses_the_right_hears_no_more_and_the_others_do(
    alice: Person,
    bob: Person,
    incident: Incident,
    sign_in: Callable[[Person], Any],
    settings: Any,
    lose: Callable[[Person, SessionBase], None],
):
    settings.ALLOWED_HOSTS = ["testserver"]
    sessions = {person.pk: sign_in(person).session for person in (alice, bob)}

    async def watch() -> tuple[Watching, Watching]:
        app = WatchApplication(watchers_max=10, poll_seconds=0.02, heartbeat_seconds=0.1, recheck_seconds=0.1)
        his = Watching(sessions[bob.pk], incident.number)
        hers = Watching(sessions[alice.pk], incident.number)
        running = [asyncio.create_task(app(one.scope, one.receive, one.send)) for one in (his, hers)]
        async with asyncio.timeout(DEADLINE_SECONDS):
            await his.begun.wait()
            await hers.begun.wait()
            # As long as nothing changes they are asked for their rights again and again, and go on.
            while his.text.count(HEARTBEAT) < 3:
                await asyncio.sleep(0.01)
            assert not his.ended.is_set()
            await asyncio.to_thread(_and_close, lose, bob, sessions[bob.pk])
            await his.ended.wait()
        assert not hers.ended.is_set()
        await app.drain()
        await asyncio.gather(*running)
        return his, hers

    his, hers = asyncio.run(watch())
    assert his.status == hers.status == 200
    assert "event: version" in his.text


def _and_close(lose: Callable[[Person, SessionBase], None], person: Person, session: SessionBase) -> None:
    lose(person, session)
    connection.close()
