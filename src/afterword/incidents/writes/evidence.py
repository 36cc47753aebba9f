"""Links and files that show what a line of the timeline tells."""

from __future__ import annotations

import unicodedata
from pathlib import PurePosixPath, PureWindowsPath

from django.conf import settings
from django.db import transaction

from afterword.accounts.models import Person
from afterword.accounts.reads import require_write
from afterword.audit.writes import record
from afterword.fields.kinds import usable_link
from afterword.incidents.models import Entry, Incident, touch_incidents
from afterword.incidents.reads import lock_incident
from afterword.incidents.timeline import content, files
from afterword.incidents.timeline.errors import FileRefused, FileTooLarge
from afterword.incidents.timeline.models import (
    EVIDENCE_TITLE_LENGTH_MAX,
    FILE_NAME_LENGTH_MAX,
    URL_CHARACTERS_MAX,
    Evidence,
    EvidenceKind,
)
from afterword.lib import clock
from afterword.lib.errors import InvalidInput, NotFound
from afterword.lib.text import one_line

EVIDENCE_OF_ENTRY_MAX = 20
UNNAMED = "file"


@transaction.atomic
def attach_link(*, actor: Person, entry: Entry, url: str, title: str = "") -> Evidence:
    """Attach an address, as of a graph or a discussion. Raises InvalidInput, NotAllowed, NotFound."""
    url = usable_link(url, characters_max=URL_CHARACTERS_MAX)
    title = _usable_title(title)
    incident = _lock(actor, entry)
    twin = Evidence.objects.filter(
        entry=entry, url=url, title=title, digest="", removed_at__isnull=True
    ).first()
    if twin is not None:
        return twin
    return _attach(actor, incident, Evidence(entry=entry, kind=EvidenceKind.LINK, url=url, title=title))


def attach_file(
    *, actor: Person, entry: Entry, data: bytes, file_name: str, title: str = "", url: str = ""
) -> Evidence:
    """Attach an image, a PDF or text: `prepare_file` and `attach_prepared` in one.

    Raises InvalidInput for an address with what is no picture, too.
    """
    prepared = prepare_file(
        actor=actor, incident=entry.incident, data=data, file_name=file_name, title=title, url=url
    )
    if url and not prepared.url:
        raise InvalidInput(fields={"url": "Only a picture can be a snapshot. Please attach the link apart."})
    return attach_prepared(actor=actor, entry=entry, evidence=prepared)


def prepare_file(
    *, actor: Person, incident: Incident, data: bytes, file_name: str, title: str = "", url: str = ""
) -> Evidence:
    """Look at a file and keep its bytes, outside of any transaction, for the disk may be slow.

    What it is, is told by its content. A picture with an address is a snapshot of the graph that is there;
    with anything else the address is left to the caller. A file that is kept and then attached to nothing
    does no harm. Raises FileTooLarge, FileRefused for a type that the settings do not allow, InvalidInput
    for an image without a word of what it shows, NotAllowed, NotFound.
    """
    require_write(actor, incident.service.team)
    if len(data) > settings.UPLOAD_BYTES_MAX:
        raise file_too_large()
    name = _usable_name(file_name)
    found = content.detect(data, name)
    if found.name not in settings.UPLOAD_TYPES:
        allowed = ", ".join(settings.UPLOAD_TYPES)
        raise FileRefused(f"This is {found.name}, and only these are taken here: {allowed}.")
    title = _usable_title(title)
    if found.is_image and not title:
        reason = "Please say what the image shows, for those who cannot see it."
        raise InvalidInput(fields={"title": reason})
    kind = EvidenceKind.IMAGE if found.is_image else EvidenceKind.FILE
    if found.is_image and url:
        kind, url = EvidenceKind.SNAPSHOT, usable_link(url, characters_max=URL_CHARACTERS_MAX)
    return Evidence(
        kind=kind,
        title=title,
        url=url if kind == EvidenceKind.SNAPSHOT else "",
        file_name=name,
        media_type=found.media_type,
        byte_count=len(data),
        digest=files.keep_file(data),
        width=found.width,
        height=found.height,
    )


@transaction.atomic
def attach_prepared(*, actor: Person, entry: Entry, evidence: Evidence) -> Evidence:
    """Attach a file that was prepared; the same again is the one that is there.

    Raises InvalidInput for too many, NotAllowed, NotFound.
    """
    incident = _lock(actor, entry)
    evidence.entry = entry
    twin = Evidence.objects.filter(
        entry=entry,
        digest=evidence.digest,
        title=evidence.title,
        url=evidence.url,
        removed_at__isnull=True,
    ).first()
    return twin or _attach(actor, incident, evidence)


@transaction.atomic
def remove_evidence(*, actor: Person, evidence: Evidence) -> Evidence:
    """Take it from the page. It stays in the record and its file on the disk. Raises NotAllowed, NotFound."""
    incident = _lock(actor, evidence.entry)
    present = Evidence.objects.filter(pk=evidence.pk, removed_at__isnull=True).first()
    if present is None:
        raise NotFound
    present.removed_at, present.removed_by = clock.now(), actor
    present.save(update_fields=["removed_at", "removed_by"])
    touch_incidents({incident.pk})
    _record(actor, "evidence.removed", incident, present)
    return present


def file_too_large() -> FileTooLarge:
    """The refusal of a file above the limit of the settings, in words."""
    return FileTooLarge(
        f"This file is too large: at most {describe_bytes(settings.UPLOAD_BYTES_MAX)} are taken."
    )


def describe_bytes(count: int) -> str:
    """A size in words: 812 B, 44 KB, 9.8 MB."""
    if count < 1024:
        return f"{count} B"
    if count < 1024 * 1024:
        return f"{count // 1024} KB"
    return f"{count / (1024 * 1024):.1f} MB".replace(".0 ", " ")


def _attach(actor: Person, incident: Incident, evidence: Evidence) -> Evidence:
    if (
        Evidence.objects.filter(entry=evidence.entry_id, removed_at__isnull=True).count()
        >= EVIDENCE_OF_ENTRY_MAX
    ):
        raise InvalidInput(f"An entry takes at most {EVIDENCE_OF_ENTRY_MAX} links and files.")
    evidence.added_by = actor
    evidence.save(force_insert=True)
    touch_incidents({incident.pk})
    _record(actor, "evidence.attached", incident, evidence)
    return evidence


def _lock(actor: Person, entry: Entry) -> Incident:
    incident = lock_incident(actor, entry.incident)
    if not Entry.objects.filter(pk=entry.pk, incident=incident).exists():
        raise NotFound
    return incident


def _usable_title(title: str) -> str:
    return one_line("title", title, characters_max=EVIDENCE_TITLE_LENGTH_MAX, required=False)


def _usable_name(file_name: str) -> str:
    """The name without folders, controls and what turns letters around; its ending stays if it is long."""
    name = PurePosixPath(PureWindowsPath(file_name[-4_000:]).as_posix()).name
    kept = "".join(
        letter for letter in name if unicodedata.category(letter)[0] != "C" and letter not in '"\\/'
    )
    kept = kept.strip(" .")
    path = PurePosixPath(kept or UNNAMED)
    return (
        path.name
        if len(path.name) <= FILE_NAME_LENGTH_MAX
        else (path.stem[: FILE_NAME_LENGTH_MAX - len(path.suffix[:20])] + path.suffix[:20])
    )


def _record(actor: Person, action: str, incident: Incident, evidence: Evidence) -> None:
    record(
        actor=actor,
        action=action,
        subject=evidence,
        team_id=incident.service.team_id,
        data={
            "incident": incident.number,
            "kind": evidence.kind,
            "digest": evidence.digest,
            "bytes": evidence.byte_count,
        },
    )
