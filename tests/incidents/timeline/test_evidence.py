"""Links and files beside an entry: what is taken, what is refused, and where files lie."""

from __future__ import annotations

import hashlib
import struct
import zlib
from pathlib import Path
from typing import Any

import pytest

from afterword.accounts.models import Person
from afterword.audit.models import AuditEvent
from afterword.incidents.models import Entry, Incident
from afterword.incidents.timeline.content import detect
from afterword.incidents.timeline.errors import FileRefused, FileTooLarge
from afterword.incidents.timeline.files import read_file, uploads_folder
from afterword.incidents.timeline.models import Evidence
from afterword.incidents.timeline.reads import get_evidence
from afterword.incidents.writes import attach_file, attach_link, remove_evidence
from afterword.lib.errors import InvalidInput, NotAllowed, NotFound


def png(width: int = 3, height: int = 2) -> bytes:
    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    head = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    rows = zlib.compress(b"".join(b"\0" + b"\x40\x80\xc0" * width for _ in range(height)))
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", rows) + chunk(b"IEND", b"")


GIF = b"GIF89a" + struct.pack("<HH", 4, 5) + b"\0\0\0;"
JPEG = (
    b"\xff\xd8\xff\xe0\x00\x10JFIF"
    + b"\0" * 10
    + b"\xff\xc0\x00\x11\x08"
    + struct.pack(">HH", 7, 6)
    + b"\3" * 12
)
WEBP = b"RIFF\0\0\0\0WEBPVP8X\x0a\0\0\0\0\0\0\0" + (9).to_bytes(3, "little") + (8).to_bytes(3, "little")


@pytest.fixture
def entry(incident: Incident) -> Entry:
    return incident.entries.get()


@pytest.fixture(autouse=True)
def _own_folder(settings: Any, tmp_path: Path) -> None:
    settings.DATA_FOLDER = tmp_path


@pytest.mark.parametrize(
    ("data", "file_name", "name", "size"),
    [
        (png(), "graph.txt", "png", (3, 2)),
        (GIF, "a", "gif", (4, 5)),
        (JPEG, "photo.png", "jpeg", (6, 7)),
        (WEBP, "", "webp", (10, 9)),
        (b"%PDF-1.7\n...", "a.svg", "pdf", (None, None)),
        (b'{"a": [1]}', "a.csv", "json", (None, None)),
        (b"a,b\n1,2\n", "a.csv", "csv", (None, None)),
        ("ä\x1b[31m\n".encode(), "a.log", "log", (None, None)),
        (b"[" * 100_000, "a.json", "text", (None, None)),
        (b"<- not a drawing", "a.svg", "text", (None, None)),
    ],
)
def test_what_a_file_is_is_told_by_its_content(
    data: bytes, file_name: str, name: str, size: tuple[int | None, int | None]
) -> None:
    found = detect(data, file_name)
    assert (found.name, (found.width, found.height)) == (name, size)


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (b"", "empty"),
        (b'<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>', "SVG"),
        (b'\xef\xbb\xbf <?xml version="1.0"?>\n<!-- x --><s:svg onload="alert(1)"/>', "SVG"),
        (b"<!DOCTYPE html><script>alert(1)</script>", "HTML"),
        (b"MZ\x90\x00\x03", "neither"),
        (b"PK\x03\x04\x00", "neither"),
        (b"\xff\xfe\x00", "neither"),
        (b"\x89PNG\r\n\x1a\n", "damaged"),
        (png()[:16] + struct.pack(">II", 60_000, 60_000) + b"\0" * 9, "pixels"),
    ],
)
def test_a_file_that_is_none_of_these_is_refused(data: bytes, reason: str) -> None:
    with pytest.raises(FileRefused, match=reason):
        detect(data, "graph.png")


def test_a_file_is_kept_under_its_hash_once(bob: Person, entry: Entry, tmp_path: Path) -> None:
    data = png()
    first = attach_file(actor=bob, entry=entry, data=data, file_name="C:\\x\\a.png", title="Latency")
    again = attach_file(actor=bob, entry=entry, data=data, file_name="a.png", title="Latency")
    other = attach_file(actor=bob, entry=entry, data=data, file_name="a.png", title="Seen again")
    assert (first, first.file_name, first.kind) == (again, "a.png", "image")
    assert other.digest == first.digest == hashlib.sha256(data).hexdigest()
    assert read_file(first.digest) == data
    assert [path.name for path in uploads_folder().rglob("*") if path.is_file()] == [first.digest]
    assert AuditEvent.objects.filter(action="evidence.attached").count() == 2


def test_an_image_says_what_it_shows(bob: Person, entry: Entry) -> None:
    with pytest.raises(InvalidInput) as refusal:
        attach_file(actor=bob, entry=entry, data=png(), file_name="a.png")
    assert "title" in refusal.value.fields
    assert attach_file(actor=bob, entry=entry, data=b"text", file_name="a.log").kind == "file"


def test_a_file_above_the_limit_is_refused(bob: Person, entry: Entry, settings: Any) -> None:
    settings.UPLOAD_BYTES_MAX = 1024
    with pytest.raises(FileTooLarge, match="at most 1 KB"):
        attach_file(actor=bob, entry=entry, data=b"x" * 1025, file_name="a.log")
    attach_file(actor=bob, entry=entry, data=b"x" * 1024, file_name="a.log")


def test_a_type_that_the_settings_leave_out_is_refused(bob: Person, entry: Entry, settings: Any) -> None:
    settings.UPLOAD_TYPES = ("png",)
    with pytest.raises(FileRefused, match="only these are taken here: png"):
        attach_file(actor=bob, entry=entry, data=b"text", file_name="a.png")


def test_names_of_files_are_made_harmless(bob: Person, entry: Entry) -> None:
    hostile = '../../etc/pass"wd\u202egnp.\r\n.log'
    assert attach_file(actor=bob, entry=entry, data=b"x", file_name=hostile).file_name == "passwdgnp..log"
    assert attach_file(actor=bob, entry=entry, data=b"y", file_name="..").file_name == "file"
    long = attach_file(actor=bob, entry=entry, data=b"z", file_name="x" * 500 + ".log").file_name
    assert (len(long), long[-4:]) == (200, ".log")


@pytest.mark.parametrize(
    "url",
    ["", "javascript:alert(1)", "graphs.example", "ftp://a.example/x", "https://", "https://a:b@c.example/"],
)
def test_a_link_that_is_not_safe_is_refused(bob: Person, entry: Entry, url: str) -> None:
    with pytest.raises(InvalidInput) as refusal:
        attach_link(actor=bob, entry=entry, url=url)
    assert "url" in refusal.value.fields


def test_a_link_that_is_sent_twice_is_one(bob: Person, entry: Entry) -> None:
    for _ in range(2):
        attach_link(actor=bob, entry=entry, url=" https://graphs.example/d/1 ", title="Latency")
    assert Evidence.objects.get().url == "https://graphs.example/d/1"


def test_what_is_taken_away_stays_in_the_record(bob: Person, entry: Entry) -> None:
    evidence = attach_link(actor=bob, entry=entry, url="https://graphs.example/")
    assert remove_evidence(actor=bob, evidence=evidence).removed_by == bob
    with pytest.raises(NotFound):
        get_evidence(bob, entry.incident, evidence.unique_id)
    with pytest.raises(NotFound):
        remove_evidence(actor=bob, evidence=evidence)
    assert Evidence.objects.filter(pk=evidence.pk).exists()


def test_an_outsider_and_a_viewer_attach_and_take_nothing(
    bob: Person, charlie: Person, vera: Person, entry: Entry
) -> None:
    evidence = attach_link(actor=bob, entry=entry, url="https://graphs.example/")
    for who, refusal in ((charlie, NotFound), (vera, NotAllowed)):
        with pytest.raises(refusal):
            attach_link(actor=who, entry=entry, url="https://graphs.example/2")
        with pytest.raises(refusal):
            attach_file(actor=who, entry=entry, data=b"x", file_name="a.log")
        with pytest.raises(refusal):
            remove_evidence(actor=who, evidence=evidence)
    with pytest.raises(NotFound):
        get_evidence(charlie, entry.incident, evidence.unique_id)
    assert get_evidence(vera, entry.incident, evidence.unique_id) == evidence
    assert not uploads_folder().exists()
