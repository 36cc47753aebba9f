"""Many post-mortems as one zip, sent document by document: nothing of it is kept, here or in memory."""

from __future__ import annotations

import asyncio
import io
import logging
import time
import zipfile
from collections.abc import AsyncIterator, Callable, Sequence
from typing import Any

from asgiref.sync import sync_to_async
from django.http import StreamingHttpResponse

from afterword.accounts.models import Person
from afterword.documents import PdfBusy, Table, inlines, render_markdown_blocks
from afterword.lib import clock
from afterword.lib.errors import AfterwordError, InvalidInput, NotFound
from afterword.postmortems import composition, reads, writes
from afterword.postmortems.models import Postmortem
from afterword.postmortems.reports import write_report

EXPORTED_MAX = 200
EXPORT_SECONDS_MAX = 120.0
"""After so long no further document of an export is begun."""
FORMATS = {"pdf": "PDF", "markdown": "Markdown"}
EXTENSIONS = {"pdf": "pdf", "markdown": "md"}
INDEX_NAME = "index.md"
LEFT_OUT = "Left out."
TRIES_MAX = 5
"""How often a PDF is tried when the machine has too many to make."""
WAITED_SECONDS = 1.0
TOO_LATE = f"The export had taken {EXPORT_SECONDS_MAX:.0f} seconds already. Please export it by itself."
UNEXPECTED = "It could not be made. The server's log says why."

log = logging.getLogger(__name__)

File = tuple[str, bytes, list[str]]
"""A name, what is in it, and its row of the index."""
Make = Callable[[int], File]


def export(
    *, actor: Person, postmortems: Sequence[Postmortem], file_format: str, may_write: bool = True
) -> StreamingHttpResponse:
    """A download with a file for each, and an index of them. Every document is noted as exported.

    It is sent as it is made. What cannot be made when its turn comes, is no longer the actor's to see, or
    would be begun after `EXPORT_SECONDS_MAX`, is named in the index with the reason. Raises InvalidInput
    for another format, for none and for more than `EXPORTED_MAX`.
    """
    if file_format not in FORMATS:
        raise InvalidInput(fields={"format": f"Please use one of: {', '.join(FORMATS)}."})
    if not postmortems:
        raise InvalidInput("There is nothing to export.", fields={"number": "Please choose at least one."})
    if len(postmortems) > EXPORTED_MAX:
        reason = f"At most {EXPORTED_MAX} post-mortems at a time: please narrow the list."
        raise InvalidInput(reason, fields={"number": reason})
    numbers = [one.number for one in postmortems]

    def make(number: int) -> File:
        return _make_file(actor, number, file_format, may_write)

    response = StreamingHttpResponse(_zip(numbers, make), content_type="application/zip")
    name = f"post-mortems-{clock.now():%Y-%m-%d}.zip"
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    response["Cache-Control"] = "private, no-cache"
    return response


async def _zip(numbers: Sequence[int], make: Make) -> AsyncIterator[bytes]:
    buffer = _Buffer()
    rows: list[list[str]] = []
    deadline = time.monotonic() + EXPORT_SECONDS_MAX
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for number in numbers:
            late = time.monotonic() >= deadline
            name, data, row = _left_out(number, TOO_LATE) if late else await _made(number, make)
            rows.append(row)
            if name:
                archive.writestr(name, data)
                yield buffer.take()
        # Always the last: who finds it has the whole archive.
        archive.writestr(INDEX_NAME, _index(rows))
    yield buffer.take()


async def _made(number: int, make: Make) -> File:
    reason = ""
    for attempt in range(TRIES_MAX):
        try:
            return await sync_to_async(make)(number)
        except PdfBusy as error:
            reason = error.message
            if attempt + 1 < TRIES_MAX:
                await asyncio.sleep(WAITED_SECONDS)
        except NotFound:
            reason = "It is not there any more."
            break
        except AfterwordError as error:
            reason = error.message
            break
        except Exception:  # One document must not cut off the archive of the others.
            log.exception("post-mortem %s could not be exported", number)
            reason = UNEXPECTED
            break
    return _left_out(number, reason)


def _left_out(number: int, reason: str) -> File:
    return "", b"", [f"#{number}", "", "", "", "", f"{LEFT_OUT} {reason}"]


def _make_file(actor: Person, number: int, file_format: str, may_write: bool) -> File:
    postmortem = reads.get_postmortem(actor, number)
    if file_format == "pdf":
        data = write_report(reader=actor, postmortem=postmortem)
    else:
        data = composition.write_markdown(reader=actor, postmortem=postmortem).encode()
    writes.record_export(
        actor=actor, postmortem=postmortem, file_format=FORMATS[file_format], may_write=may_write
    )
    name, _ = composition.postmortem_file_names(postmortem, EXTENSIONS[file_format])
    row = [
        f"#{number}",
        postmortem.title,
        postmortem.get_status_display(),
        postmortem.team.name,
        str(postmortem.author),
        name,
    ]
    return name, data, row


def _index(rows: Sequence[Sequence[str]]) -> str:
    head = ["Number", "Title", "Status", "Team", "Author", "File"]
    table = Table(tuple(map(inlines, head)), tuple(tuple(map(inlines, row)) for row in rows))
    missing = sum(1 for row in rows if row[-1].startswith(LEFT_OUT))
    note = f"{missing} of them could not be exported: the last column says why.\n\n" if missing else ""
    return f"# {len(rows)} post-mortems\n\n{note}{render_markdown_blocks([table])}"


class _Buffer(io.RawIOBase):
    """What an archive writes, to be taken away piece by piece."""

    def __init__(self) -> None:
        self.pieces: list[bytes] = []

    def writable(self) -> bool:
        return True

    def write(self, data: Any) -> int:
        self.pieces.append(bytes(data))
        return len(data)

    def take(self) -> bytes:
        taken, self.pieces = b"".join(self.pieces), []
        return taken
