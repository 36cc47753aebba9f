"""Open pages learn of changes without a reload, from a server with several parts."""

from __future__ import annotations

import socket
import threading
from collections.abc import Iterator
from contextlib import suppress
from typing import Any
from urllib.parse import urlsplit

import pytest
import requests

from tests.ingest.installs import Install, running_install
from tests.servers import wait_until

pytestmark = pytest.mark.server

MAKE = """
from importlib import import_module
from django.conf import settings
from afterword.accounts.models import Membership, Person, Team
from afterword.incidents import writes
other = Team.objects.create(name="Search")
keys = {}
for name, of in (("Bob", service.team), ("Charlie", other)):
    person = Person(name=name, email=f"{name.lower()}@example.com")
    person.set_unusable_password(); person.save()
    Membership.objects.create(team=of, person=person)
    session = import_module(settings.SESSION_ENGINE).SessionStore()
    session["_auth_user_id"] = str(person.pk)
    session["_auth_user_backend"] = settings.AUTHENTICATION_BACKENDS[0]
    session["_auth_user_hash"] = person.get_session_auth_hash()
    session.save()
    keys[name] = session.session_key
bob = Person.objects.get(name="Bob")
incident = writes.create_incident(actor=bob, service=service, title="Slow")
result = {**keys, "number": incident.number, "entry": str(incident.entries.get().unique_id)}
"""
WRITE = """
from afterword.accounts.models import Person
from afterword.incidents import writes
from afterword.incidents.models import Incident
bob = Person.objects.get(name="Bob")
writes.add_note(actor=bob, incident=Incident.objects.get(), text="News")
result = None
"""


@pytest.fixture(scope="module")
def install(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Install]:
    with running_install(tmp_path_factory.mktemp("watching"), watchers_max="30") as install:
        yield install


@pytest.fixture(scope="module")
def made(install: Install) -> dict[str, Any]:
    return dict(install.run(MAKE))


class Stream:
    """One open page, as bytes on a socket, so that it can go away at once."""

    def __init__(self, install: Install, made: dict[str, Any], last_event: str = "") -> None:
        address = urlsplit(install.url)
        self._socket = socket.create_connection((address.hostname or "", address.port or 0), timeout=60)
        head = [
            f"GET /incidents/{made['number']}/events HTTP/1.1",
            f"Host: {address.netloc}",
            f"Cookie: sessionid={made['Bob']}",
            *([f"Last-Event-ID: {last_event}"] if last_event else []),
        ]
        self._socket.sendall("\r\n".join([*head, "", ""]).encode())
        self._file = self._socket.makefile("r", encoding="latin-1", newline="\n")
        self.status = int(self._file.readline().split()[1])
        self.lines: list[str] = []
        self.has_ended = False
        threading.Thread(target=self._read, daemon=True).start()

    def _read(self) -> None:
        # A server that ends at once may reset a connection as well as close it.
        with self._file, suppress(OSError):
            for line in self._file:
                self.lines.append(line.strip())
        self.has_ended = True

    def close(self) -> None:
        with suppress(OSError):
            self._socket.shutdown(socket.SHUT_RDWR)
        self._socket.close()

    @property
    def versions(self) -> list[str]:
        return [line.removeprefix("data: ") for line in self.lines if line.startswith("data: ")]


def test_several_streams_are_told_what_another_process_wrote(install: Install, made: dict[str, Any]) -> None:
    streams = [Stream(install, made) for _ in range(3)]
    wait_until(lambda: all(stream.versions for stream in streams), "nobody was greeted")
    assert "content-type: text/event-stream; charset=utf-8" in streams[0].lines
    first = streams[0].versions[0]
    install.run(WRITE)
    wait_until(lambda: all(len(stream.versions) > 1 for stream in streams), "nobody was told")
    assert streams[0].versions[1] != first
    again = Stream(install, made, last_event=streams[0].versions[1])
    install.run(WRITE)
    wait_until(lambda: bool(again.versions), "who came back was not told")
    assert again.versions[0] not in (first, streams[0].versions[1])
    for stream in [*streams, again]:
        stream.close()


@pytest.mark.parametrize("who", ["Charlie", "nobody"])
def test_an_outsider_is_told_nothing(install: Install, made: dict[str, Any], who: str) -> None:
    cookies = {"sessionid": made.get(who, "made-up")}
    url = f"{install.url}/incidents/{made['number']}/events"
    answer = requests.get(url, cookies=cookies, timeout=60)
    assert (answer.status_code, answer.content) == (204, b"")
    assert requests.post(url, cookies=cookies, timeout=60).status_code == 405
    strange = requests.get(
        url, cookies={"sessionid": made["Bob"]}, headers={"Host": "evil.example"}, timeout=60
    )
    assert strange.status_code == 204


def test_one_person_has_only_so_many_streams(install: Install, made: dict[str, Any]) -> None:
    # Those of the test before are noticed to be gone first.
    streams: list[Stream] = []

    def is_full() -> bool:
        streams.append(Stream(install, made))
        return streams[-1].status == 503

    wait_until(is_full, "there was no end to the streams of one person")
    assert sum(stream.status == 200 for stream in streams) <= 20
    wait_until(lambda: "retry-after: 60" in streams[-1].lines, "nobody said when to come again")
    page = f"{install.url}/incidents/{made['number']}"
    assert requests.get(page, cookies={"sessionid": made["Bob"]}, timeout=60).status_code == 200
    for stream in streams:
        stream.close()


def test_a_file_of_a_hundred_megabytes_is_answered_with_the_form(
    install: Install, made: dict[str, Any]
) -> None:
    browser = requests.Session()
    browser.cookies.set("sessionid", made["Bob"])
    page = f"{install.url}/incidents/{made['number']}"
    token = browser.get(page, timeout=60).text.split('name="csrfmiddlewaretoken" value="')[1].split('"')[0]
    answer = browser.post(
        f"{page}/notes",
        data={"csrfmiddlewaretoken": token, "text": "Typed with care"},
        files={"file": ("dump.log", b"x" * (100 * 1024 * 1024))},
        headers={"Referer": page},
        timeout=60,
    )
    assert answer.status_code == 413
    assert "Typed with care" in answer.text
    assert "This file is too large: at most 10 MB are taken." in answer.text
    assert "Typed with care" not in browser.get(page, timeout=60).text


def test_streams_end_when_the_server_stops(install: Install, made: dict[str, Any]) -> None:
    streams: list[Stream] = []

    def watches() -> bool:
        streams.append(Stream(install, made))
        return bool(streams[-1].status == 200)

    wait_until(watches, "there was no room for a stream")
    assert install.running.stop() == 0
    # It did not wait for the streams until its patience ended, of which uvicorn complains.
    assert "graceful shutdown exceeded" not in install.running.log.read_text()
    wait_until(lambda: streams[-1].has_ended, "the stream has not ended")
    for stream in streams:
        stream.close()
