"""The lines and the alerts of an incident as evidence, however many there are."""

from __future__ import annotations

from collections import Counter, deque
from collections.abc import Sequence
from datetime import datetime
from hashlib import blake2b
from itertools import islice
from typing import Any

from django.db.models import F, Q
from django.db.models.functions import Coalesce, Left

from afterword.drafting.evidence.book import Piece, evidence_id
from afterword.drafting.evidence.labels import labels_of
from afterword.drafting.evidence.limits import NAMES_MAX, Limits, address_of
from afterword.drafting.evidence.parts import Part
from afterword.drafting.quoting import unescaped
from afterword.incidents.chat.models import ChatMessage
from afterword.incidents.chat.reads import messages_of
from afterword.incidents.models import Alert, Entry, EntryKind, Incident

_Row = tuple[Any, ...]


class _Ends:
    """The first and the last of what is added, so that neither beginning nor end is lost."""

    def __init__(self, most: int) -> None:
        self.first: list[_Row] = []
        self.last: deque[_Row] = deque(maxlen=max(most - most // 2, 1))
        self.most_first = most // 2
        self.count = 0

    def add(self, row: _Row) -> None:
        self.count += 1
        if len(self.first) < self.most_first:
            self.first.append(row)
        else:
            self.last.append(row)

    @property
    def kept(self) -> list[_Row]:
        return [*self.first, *self.last]

    @property
    def lost(self) -> int:
        return self.count - len(self.first) - len(self.last)

    @property
    def behind_lost(self) -> list[_Row]:
        """The row that stands just behind those that are lost, where some are."""
        return [self.last[0]] if self.lost else []


TOLD_BY_PEOPLE = (EntryKind.NOTE, EntryKind.STATUS)
DIGESTS_MAX = 20_000
"""Distinct lines of which it is remembered that they were said. Beyond it a line said again counts anew."""


def read_lines(
    incident: Incident,
    family: Sequence[int],
    limits: Limits,
    left_out: Counter[str],
    part: Part | None,
) -> tuple[list[Piece], int, set[str]]:
    """The lines, each that is said again once; how many there are, repetitions too; and the ids of those that
    stand behind some that are left out.

    Lines are read one after the other, and only the book's are kept. Half of the room is for what people
    wrote, marked or starred, so that ten thousand alerts take none of it. What was said in a chat has a room
    of its own, unless somebody marked or starred it.
    """
    rows = (
        Entry.objects.filter(incident__in=family, hidden_at__isnull=True)
        .exclude(kind=EntryKind.EDIT)
        .order_by("at", "id")
        .annotate(start=Left("text", limits.text_characters_max + 1), severity=F("alert__alert_type"))
        .values_list(
            *("pk", "unique_id", "at", "kind", "start", "source", "mark", "starred_at", "person__name"),
            *("severity", "incident__number"),
        )
    )
    spoken, noise = _Ends(limits.entries_max - limits.entries_max // 2), _Ends(limits.entries_max // 2)
    said = _Ends(limits.chat_max)
    repeats: dict[bytes, _Repeats] = {}
    count = told = 0
    cited: list[_Row] = []
    if part is not None:
        told = rows.order_by().count() if part.with_others else 0
        rows = part.of_lines(rows)
    for row in islice(rows.iterator(chunk_size=1_000), limits.rows_read_max):
        pk, _, at, kind, text, source, mark, starred_at, _, severity, _ = row
        count += 1
        is_chat = kind == EntryKind.CHAT
        # Not the text itself: of ten thousand different ones none is kept that the book does not hold.
        # Nor is that an alert is over the alert said again, though many senders use the same words for it.
        said_by = f"{kind}\0{source}\0{severity}\0{text}"
        key = blake2b(said_by.encode(errors="replace"), digest_size=12).digest()
        is_told = bool(mark or starred_at or is_chat or kind in TOLD_BY_PEOPLE)
        if not is_told and (known := repeats.get(key)) is not None:
            known.count += 1
            known.until = at
            continue
        if not is_told and len(repeats) < DIGESTS_MAX:
            repeats[key] = _Repeats(at)
        if not is_told and key in repeats:
            repeats[key].first = pk
        if part is not None and pk in part.keys("entry"):
            cited.append(row)
        else:
            (said if is_chat and not (mark or starred_at) else spoken if is_told else noise).add(row)
    times = {one.first: one for one in repeats.values()}
    left_out["entries"] += spoken.lost + noise.lost
    left_out["chat messages"] += said.lost
    # Of ten thousand lines a tenth become pieces: what a piece takes is not done for the others.
    kept = (*cited, *spoken.kept, *said.kept, *noise.kept)
    messages = messages_of([row[0] for row in kept if row[3] == EntryKind.CHAT])
    lines = [_line(incident, row, times.get(row[0]), messages.get(row[0]), limits) for row in kept]
    ends = (*spoken.behind_lost, *said.behind_lost, *noise.behind_lost)
    return lines, told or count, {evidence_id("entry", row[0]) for row in ends}


def _line(
    incident: Incident, row: _Row, repeats: _Repeats | None, message: ChatMessage | None, limits: Limits
) -> Piece:
    pk, unique_id, at, kind, text, source, mark, starred_at, person, severity, number = row
    is_chat = kind == EntryKind.CHAT
    data = {
        "kind": kind,
        "mark": mark,
        "starred": starred_at is not None,
        "person": person or "",
        "severity": severity or "",
    }
    if is_chat:
        # Everybody can write in a chat: who is no member here is told as somebody from outside.
        data |= {
            "channel": message.channel if message else "",
            "person": person or source,
            "member": person is not None,
            "mentioned": message.mentioned if message else [],
        }
    words = limits.cut(text)
    is_repeated = repeats is not None and repeats.count > 1
    return Piece(
        id=evidence_id("entry", pk),
        kind="entry",
        at=at,
        text=unescaped(words) if is_chat else words,
        source=person or source,
        url=address_of("incidents:entry", incident, unique_id, number=number),
        incident=number,
        data={name: value for name, value in data.items() if value},
        count=repeats.count if repeats is not None else 1,
        until=repeats.until if repeats is not None and is_repeated else None,
    )


class _Repeats:
    """How often something was said, and when for the last time."""

    __slots__ = ("count", "first", "until")

    def __init__(self, at: datetime) -> None:
        self.count = 1
        self.until = at
        self.first = 0
        """The key of the row that said it first."""


def read_alerts(
    incident: Incident,
    family: Sequence[int],
    limits: Limits,
    left_out: Counter[str],
    part: Part | None,
) -> tuple[list[Piece], int]:
    """The alerts, each that is said again once, the first of them with values and labels."""
    rows = (
        Alert.objects.filter(incident__in=family)
        .order_by("received_at", "id")
        .annotate(start=Left("message", limits.text_characters_max + 1))
        .values_list(
            *("pk", "unique_id", "received_at", "alert_type", "entity_id", "start", "integration__name"),
            *("opened_incident", "suppressed"),
        )
    )
    found: dict[tuple[str, str, str], tuple[Any, _Repeats]] = {}
    count = told = 0
    lost = 0
    if part is not None:
        told = rows.order_by().count() if part.with_others else 0
        rows = part.of_alerts(rows)
    for row in islice(rows.iterator(chunk_size=1_000), limits.rows_read_max):
        count += 1
        key = (row[3], row[4], row[5])
        if (known := found.get(key)) is not None:
            known[1].count += 1
            known[1].until = row[2]
        elif len(found) < limits.alerts_max:
            found[key] = row, _Repeats(row[2])
        else:
            lost += 1
    left_out["alerts"] += lost
    keys = [row[0] for row, _ in islice(found.values(), limits.labelled_alerts_max)]
    payloads = dict(Alert.objects.filter(pk__in=keys).order_by().values_list("pk", "payload"))
    pieces = [_alert(incident, row, repeats, payloads.get(row[0]), limits) for row, repeats in found.values()]
    return pieces, told or count


def _alert(incident: Incident, row: _Row, repeats: _Repeats, payload: Any, limits: Limits) -> Piece:
    pk, unique_id, at, alert_type, entity, message, integration, opened, suppressed = row
    data = {
        "type": alert_type,
        "entity": entity,
        "opened": opened,
        "suppressed": suppressed,
        "labels": labels_of(payload),
    }
    return Piece(
        id=evidence_id("alert", pk),
        kind="alert",
        at=at,
        text=limits.cut(message),
        source=integration,
        url=f"{address_of('incidents:alerts', incident)}#alert-{unique_id}",
        incident=incident.number,
        count=repeats.count,
        until=repeats.until if repeats.count > 1 else None,
        data={name: value for name, value in data.items() if value},
    )


def people_in(family: Sequence[int]) -> set[str]:
    """The names of those who wrote lines of a timeline, in a chat members or not."""
    wrote = Q(person__isnull=False) | Q(kind=EntryKind.CHAT)
    lines = Entry.objects.filter(wrote, incident__in=family, hidden_at__isnull=True)
    lines = lines.exclude(kind=EntryKind.EDIT).order_by()
    return set(lines.values_list(Coalesce("person__name", "source"), flat=True).distinct()[:NAMES_MAX])
