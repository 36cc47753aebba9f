"""What is attached to the lines of a timeline, as evidence: names, sizes, and what small text files say."""

from __future__ import annotations

from django.conf import settings
from django.urls import reverse

from afterword.drafting.evidence.book import Piece, evidence_id
from afterword.drafting.evidence.sources import Gathered, Scope
from afterword.incidents.timeline.files import read_file
from afterword.incidents.timeline.models import Evidence, EvidenceKind
from afterword.incidents.timeline.reads import attached_to
from afterword.lib.errors import NotFound

TEXT_BYTES_MAX = 64 * 1024
"""Of a file whose text is read."""
TEXTS_READ_MAX = 20
TEXT_TYPES = frozenset({"text/plain", "text/csv", "application/json"})


def gather_attachments(scope: Scope) -> Gathered:
    """The files and links of the lines that are not hidden, in the order of the lines."""
    rows = attached_to(scope.family)
    found = list(rows[: scope.pieces_max + 1])
    left_out = rows.order_by().count() - scope.pieces_max if len(found) > scope.pieces_max else 0
    pieces, texts_read = [], 0
    for one in found[: scope.pieces_max]:
        text = ""
        if one.media_type.partition(";")[0] in TEXT_TYPES and one.byte_count <= TEXT_BYTES_MAX:
            text = _text_of(one, scope) if texts_read < TEXTS_READ_MAX else ""
            texts_read += 1
        pieces.append(_piece(one, text, scope))
    return Gathered(pieces, left_out)


def _piece(one: Evidence, content: str, scope: Scope) -> Piece:
    entry, number = one.entry, one.entry.incident.number
    name = one.file_name or one.title or one.url
    size = f" ({one.media_type}, {one.byte_count:,} bytes)" if one.digest else ""
    title = f": {one.title}" if one.title and one.title != name else ""
    known = {
        "kind": EvidenceKind(one.kind).label,
        "name": one.file_name,
        "title": one.title,
        "media_type": one.media_type,
        "bytes": one.byte_count,
        "link": one.url,
        "entry": evidence_id("entry", entry.pk),
        "person": str(one.added_by or ""),
        "content": content,
    }
    path: str = reverse("incidents:entry", args=[number, entry.unique_id])
    return Piece(
        id=evidence_id("attachment", one.pk),
        kind="attachment",
        at=entry.at,
        text=scope.cut(f"{name}{size}{title}"),
        source=str(one.added_by or "Record"),
        url=f"{settings.PUBLIC_URL}{path}",
        incident=number,
        data={name: value for name, value in known.items() if value},
    )


def _text_of(one: Evidence, scope: Scope) -> str:
    try:
        data = read_file(one.digest)
    except NotFound:
        return ""
    return scope.cut(data.decode(errors="replace").replace("\0", "�").strip())
