"""`/api/v1`: timelines, evidence and key timestamps for programs."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from afterword.accounts.models import Person
from afterword.incidents.models import Entry, Incident
from afterword.incidents.writes import add_note, attach_file
from tests.cast import STARTED
from tests.incidents.timeline.test_evidence import png

Headers = Callable[..., dict[str, str]]


@pytest.fixture(autouse=True)
def _own_folder(settings: Any, tmp_path: Path) -> None:
    settings.DATA_FOLDER = tmp_path


class Program:
    def __init__(self, headers: dict[str, str], incident: Incident) -> None:
        self.client, self.headers = Client(), headers
        self.base = f"/api/v1/incidents/{incident.number}"

    def __call__(self, method: str, path: str, given: Any = None) -> Any:
        send = getattr(self.client, method)
        return send(self.base + path, given, headers=self.headers, content_type="application/json")


@pytest.fixture
def note(bob: Person, incident: Incident) -> Entry:
    return add_note(actor=bob, incident=incident, text="First", at=STARTED)


def test_entries_are_added_changed_hidden_and_listed(
    api_headers: Headers, bob: Person, incident: Incident
) -> None:
    program = Program(api_headers(bob), incident)
    given = {"text": "Rolled back", "at": "2026-03-02T14:12:00Z", "mark": "mitigation", "starred": True}
    made = program("post", "/entries", given)
    assert made.status_code == 201
    told = made.json()
    assert (told["mark"], told["starred"], told["edition"]) == ("mitigation", True, 1)
    path = f"/entries/{told['unique_id']}"
    assert program("get", "/entries?starred=true&mark=mitigation").json()["items"] == [told]
    changed = program(
        "patch", path, {"text": "Rolled back twice", "edition": 1, "mark": "", "starred": False}
    )
    assert (changed.json()["text"], changed.json()["edition"]) == ("Rolled back twice", 2)
    assert program("patch", path, {"text": "Late", "edition": 1}).status_code == 409
    assert program("get", f"{path}/revisions").json()["items"][0]["text"] == "Rolled back"
    assert program("delete", path).status_code == 204
    assert len(program("get", "/entries").json()["items"]) == 1
    assert len(program("get", "/entries?hidden=true").json()["items"]) == 2
    assert program("patch", path, {"hidden": False}).json()["hidden"] is False


@pytest.mark.parametrize(
    "given", [{"text": " "}, {"text": "x", "at": "2099-01-01T00:00:00Z"}, {"text": "x", "mark": "blame"}]
)
def test_an_entry_that_makes_no_sense_is_refused(
    api_headers: Headers, bob: Person, incident: Incident, given: dict[str, Any]
) -> None:
    answer = Program(api_headers(bob), incident)("post", "/entries", given)
    assert answer.status_code == 400
    assert answer.json()["fields"]
    assert incident.entries.count() == 1


def test_a_file_goes_up_and_comes_down(api_headers: Headers, bob: Person, note: Entry) -> None:
    program = Program(api_headers(bob), note.incident)
    path = f"{program.base}/entries/{note.unique_id}/evidence"
    upload = {"title": "Latency", "file": SimpleUploadedFile("a.bin", png())}
    answer = program.client.post(path, upload, headers=program.headers)
    assert answer.status_code == 201
    told = answer.json()
    assert (told["kind"], told["media_type"], told["title"]) == ("image", "image/png", "Latency")
    down = program.client.get(told["url"], headers=program.headers)
    assert (down.content, down["X-Content-Type-Options"]) == (png(), "nosniff")
    listed = program("get", f"/entries/{note.unique_id}").json()["evidence"]
    assert listed == [told]
    snapshot = {**upload, "url": "https://graphs.example/1", "file": SimpleUploadedFile("a.bin", png())}
    shot = program.client.post(path, snapshot, headers=program.headers).json()
    assert (shot["kind"], shot["source_url"]) == ("snapshot", "https://graphs.example/1")
    assert program.client.get(shot["url"], headers=program.headers).content == png()
    log = {"url": "https://graphs.example/1", "file": SimpleUploadedFile("a.log", b"one line")}
    refused = program.client.post(path, log, headers=program.headers)
    assert (refused.status_code, "url" in str(refused.json())) == (400, True)
    removal = f"/entries/{note.unique_id}/evidence/{told['unique_id']}"
    assert program("delete", removal).status_code == 204
    assert program.client.get(told["url"], headers=program.headers).status_code == 404


def test_files_that_are_refused_say_why(
    api_headers: Headers, bob: Person, note: Entry, settings: Any
) -> None:
    settings.UPLOAD_BYTES_MAX = 1024
    program = Program(api_headers(bob), note.incident)
    path = f"{program.base}/entries/{note.unique_id}/evidence"
    for data, status in ((b"<svg/>", 415), (b"x" * 1025, 413), (None, 400)):
        upload = {"file": SimpleUploadedFile("a.png", data)} if data else {"title": "x"}
        answer = program.client.post(path, upload, headers=program.headers)
        assert answer.status_code == status
        assert answer.json()["detail"]


def test_a_link_is_attached(api_headers: Headers, bob: Person, note: Entry) -> None:
    program = Program(api_headers(bob), note.incident)
    path = f"/entries/{note.unique_id}/links"
    assert program("post", path, {"url": "https://graphs.example/1"}).json()["kind"] == "link"
    assert program("post", path, {"url": "javascript:alert(1)"}).status_code == 400


def test_key_timestamps_are_set(api_headers: Headers, bob: Person, incident: Incident) -> None:
    program = Program(api_headers(bob), incident)
    answer = program("patch", "/timestamps", {"identified": "2026-03-02T14:15:00Z", "detected": None})
    names = [timestamp["name"] for timestamp in answer.json()["key_timestamps"]]
    assert names == ["impact_started", "identified"]
    refused = program("patch", "/timestamps", {"fixed": "2026-03-02T14:14:00Z"})
    assert refused.json()["fields"] == {"fixed": "“Fixed” cannot be before “Identified”."}


@pytest.mark.once
def test_an_outsider_finds_nothing_and_a_viewer_changes_nothing(
    api_headers: Headers, bob: Person, charlie: Person, vera: Person, note: Entry
) -> None:
    file = attach_file(actor=bob, entry=note, data=b"x", file_name="a.log")
    entry = f"/entries/{note.unique_id}"
    reading = ["/entries", entry, f"{entry}/revisions"]
    writing = [
        ("post", "/entries", {"text": "x"}),
        ("patch", entry, {"text": "x"}),
        ("patch", entry, {"starred": True}),
        ("patch", entry, {"mark": "decision"}),
        ("patch", entry, {"hidden": True}),
        ("delete", entry, None),
        ("post", f"{entry}/links", {"url": "https://a.example/"}),
        ("delete", f"{entry}/evidence/{file.unique_id}", None),
        ("patch", "/timestamps", {"detected": None}),
    ]
    for person, reads, writes in ((charlie, 404, 404), (vera, 200, 403)):
        program = Program(api_headers(person), note.incident)
        for path in reading:
            assert program("get", path).status_code == reads, path
        down = program.client.get(f"/api/v1/evidence/{file.unique_id}", headers=program.headers)
        assert down.status_code == reads
        for method, path, given in writing:
            assert program(method, path, given).status_code == writes, path
        upload = {"file": SimpleUploadedFile("a.log", b"y")}
        path = f"{program.base}{entry}/evidence"
        assert program.client.post(path, upload, headers=program.headers).status_code == writes
    assert note.evidence.count() == 1
