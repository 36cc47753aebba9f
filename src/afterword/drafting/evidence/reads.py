"""Everything that is known of incidents, collected once, for one reader or for the readers of a document.

Who reads decides what there is: `collect_evidence` finds what one person sees, `collect_for_document` what
everybody sees who may read the document. What is another team's or private is in neither.
"""

from __future__ import annotations

from collections import Counter, deque
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from hashlib import blake2b
from itertools import islice
from typing import Any

from django.conf import settings
from django.db.models import F, QuerySet
from django.db.models.functions import Left
from django.urls import reverse

from afterword.accounts.models import Person, Team
from afterword.catalog.maintenance import last_occurrence
from afterword.catalog.models import MaintenanceWindow, Service
from afterword.catalog.reads import visible_services
from afterword.drafting.evidence.book import EvidenceBook, Piece, evidence_id
from afterword.drafting.evidence.labels import labels_of
from afterword.drafting.similar.reads import Similar, similar_to_incident
from afterword.followups.models import FollowUpStatus
from afterword.followups.reads import follow_ups_in_document, follow_ups_of
from afterword.incidents.facts import reads as facts
from afterword.incidents.models import (
    Alert,
    Change,
    Entry,
    EntryKind,
    Incident,
    RoleAssignment,
    StakeholderMessage,
)
from afterword.incidents.reads import family_of, visible_changes, visible_incidents
from afterword.incidents.related.reads import related_to
from afterword.incidents.rules import key_timestamps
from afterword.postmortems.models import Postmortem
from afterword.postmortems.reads import incidents_of


@dataclass(frozen=True)
class Limits:
    """How much a book holds at most, of all incidents together where nothing else is said."""

    entries_max: int = 1_000
    """Distinct lines of timelines. A line that is said again counts once."""
    alerts_max: int = 200
    """Distinct alerts."""
    labelled_alerts_max: int = 50
    """Of these the first, whose values and labels are read."""
    changes_max: int = 50
    changes_before_hours: int = 24
    rows_read_max: int = 100_000
    """Lines, and as many alerts, that are looked at."""
    others_max: int = 50
    """Of each further kind."""
    similar_max: int = 5
    text_characters_max: int = 1_000
    """Of one piece."""


@dataclass(frozen=True)
class _Sight:
    """What may be seen by whom the evidence is for. Each is asked for incidents that may be seen already."""

    reader: Person
    only_team: Team | None
    """Where the readers of its documents shall see it as well: of what is similar, only what they all may."""
    services: QuerySet[Service]
    changes: QuerySet[Change]
    family: Callable[[Incident], list[int]]
    fields: Callable[[Incident], list[Any]]
    affected: Callable[[Incident], QuerySet[Service]]
    follow_ups: Callable[[Incident], QuerySet[Any]]
    related: Callable[[Incident], list[Any]]


def collect_evidence(
    actor: Person, incidents: Sequence[Incident], *, now: datetime, limits: Limits = Limits()
) -> EvidenceBook:
    """What is known of these incidents, as far as the actor may see it. Those that are not seen are left out.

    Lines that people folded away and edits of the record itself are no evidence. However much there is, the
    book holds at most what `limits` allow, and says how much it leaves out.
    """
    seen = {one.pk: one for one in visible_incidents(actor).filter(pk__in=[one.pk for one in incidents])}
    chosen = [seen[one.pk] for one in incidents if one.pk in seen]
    if not chosen:
        return EvidenceBook(())
    sight = _Sight(
        reader=actor,
        only_team=None,
        services=visible_services(actor),
        changes=visible_changes(actor),
        family=lambda incident: _seen_family(actor, incident),
        fields=lambda incident: facts.values_in(actor, incident),
        affected=lambda incident: facts.affected_services(actor, incident),
        follow_ups=lambda incident: follow_ups_of(actor, incident).select_related("owner"),
        related=lambda incident: related_to(actor, incident),
    )
    return _collect(sight, chosen, now, limits)


def collect_for_document(postmortem: Postmortem, *, now: datetime, limits: Limits = Limits()) -> EvidenceBook:
    """What everybody may see who reads this post-mortem: the records of its incidents, as it draws them, and
    beside them only what is the document's team's or its incidents' own.
    """
    incidents = incidents_of(postmortem)
    teams = {postmortem.team_id, *(incident.service.team_id for incident in incidents)}
    services = Service.objects.filter(team__in=teams)
    in_document = follow_ups_in_document(postmortem)
    sight = _Sight(
        reader=postmortem.author,
        only_team=postmortem.team,
        services=services,
        changes=Change.objects.filter(service__in=services.order_by().values("pk")),
        family=family_of,
        fields=facts.all_values,
        affected=_affected,
        follow_ups=lambda incident: in_document.filter(incident__in=family_of(incident)),
        related=lambda incident: [],
    )
    return _collect(sight, incidents, now, limits) if incidents else EvidenceBook(())


def _collect(sight: _Sight, incidents: Sequence[Incident], now: datetime, limits: Limits) -> EvidenceBook:
    left_out: Counter[str] = Counter()
    about: list[Piece] = []
    others: list[Piece] = []
    names: set[str] = set(sight.services.order_by().values_list("name", flat=True)[:NAMES_MAX])
    for incident in incidents:
        end = incident.resolved_at or now
        family = sight.family(incident)
        affected = list(sight.affected(incident)[: limits.others_max])
        alerts, alerts_count = _alerts(incident, family, limits, left_out)
        entries, entries_count = _entries(incident, family, limits, left_out)
        about.append(_about(incident, affected, {"alerts": alerts_count, "entries": entries_count}, limits))
        about += _timestamps(incident)
        about += _fields(sight, incident, limits)
        about += _roles(incident, family, limits)
        others += entries + alerts
        others += _changes(sight, incident, affected, end, limits, left_out)
        others += _maintenance(incident, affected, end, limits)
        others += _messages(incident, family, limits, left_out)
        others += _follow_ups(sight, incident, limits, left_out)
        others += _related(sight, incident, limits)
        others += _similar(sight, incident, now, limits)
        names |= {incident.service.name, incident.service.team.name, *(one.name for one in affected)}
    names |= {name for piece in (*about, *others) if (name := str(piece.data.get("person") or ""))}
    unique = {piece.id: piece for piece in others}
    ordered = sorted(unique.values(), key=lambda piece: (piece.at or EARLY, _place(piece.id)))
    return EvidenceBook((*about, *ordered), dict(left_out), frozenset(filter(None, names)))


NAMES_MAX = 2_000
EARLY = datetime.min.replace(tzinfo=UTC)


def _place(evidence: str) -> tuple[str, int]:
    letter = evidence.rstrip("0123456789")
    return letter, int(evidence[len(letter) :] or 0)


# What it is about --------------------------------------------------------------------------------------


def _about(
    incident: Incident, affected: Sequence[Service], counts: Mapping[str, int], limits: Limits
) -> Piece:
    known = {
        "title": incident.title,
        "service": incident.service.name,
        "team": incident.service.team.name,
        "affected": [service.name for service in affected],
        "severity": incident.severity.name if incident.severity else "",
        "type": incident.incident_type.name if incident.incident_type else "",
        "priority": incident.priority.name if incident.priority else "",
        "status": incident.get_status_display(),
        "by_alert": incident.integration is not None,
        "integration": incident.integration.name if incident.integration else "",
        "summary": _cut(incident.summary, limits),
        "private": incident.is_private,
        "promised_acknowledgement": incident.acknowledge_due_at,
        "promised_resolution": incident.resolve_due_at,
        "acknowledgement_too_late": incident.acknowledge_breached_at,
        "resolution_too_late": incident.resolve_breached_at,
        **counts,
    }
    return Piece(
        id=evidence_id("incident", incident.pk),
        kind="incident",
        at=incident.started_at,
        until=incident.resolved_at,
        text=f"Incident #{incident.number}: {incident.title}",
        source="Record",
        url=_address("incidents:page", incident),
        incident=incident.number,
        data={name: value for name, value in known.items() if value not in ("", None, [])},
    )


def _timestamps(incident: Incident) -> Iterator[Piece]:
    known = key_timestamps(incident)
    if not any(one.name == "impact_started" for one in known):
        yield _timestamp(incident, "opened", "Opened", incident.created_at)
    for one in known:
        yield _timestamp(incident, one.name, one.label, one.at)


def _timestamp(incident: Incident, name: str, label: str, at: datetime) -> Piece:
    return Piece(
        id=evidence_id("timestamp", incident.pk, name),
        kind="timestamp",
        at=at,
        text=label,
        source="Record",
        url=_address("incidents:page", incident),
        incident=incident.number,
        data={"name": name},
    )


def _fields(sight: _Sight, incident: Incident, limits: Limits) -> Iterator[Piece]:
    for value in sight.fields(incident)[: limits.others_max]:
        if value.is_empty:
            continue
        name = value.definition.name
        yield Piece(
            id=f"{evidence_id('field', value.definition.pk)}.{incident.pk}",
            kind="field",
            text=_cut(f"{name}: {value.words}", limits),
            source="Custom field",
            url=_address("incidents:page", incident),
            incident=incident.number,
            data={"name": name, "value": _cut(value.words, limits)},
        )


def _roles(incident: Incident, family: Sequence[int], limits: Limits) -> Iterator[Piece]:
    rows = RoleAssignment.objects.filter(incident__in=family).select_related("role", "person")
    for one in rows.order_by("role__rank", "role__name", "pk")[: limits.others_max]:
        yield Piece(
            id=evidence_id("role", one.pk),
            kind="role",
            at=one.assigned_at,
            text=f"{one.role.name}: {one.person}",
            source="Record",
            url=_address("incidents:page", incident),
            incident=incident.number,
            data={"person": str(one.person), "role": one.role.name, "meaning": one.role.meaning},
        )


# What happened -----------------------------------------------------------------------------------------


class _Ends:
    """The first and the last of what is added, so that neither beginning nor end is lost."""

    def __init__(self, most: int) -> None:
        self.first: list[Piece] = []
        self.last: deque[Piece] = deque(maxlen=max(most - most // 2, 1))
        self.most_first = most // 2
        self.count = 0

    def add(self, piece: Piece) -> None:
        self.count += 1
        if len(self.first) < self.most_first:
            self.first.append(piece)
        else:
            self.last.append(piece)

    @property
    def kept(self) -> list[Piece]:
        return [*self.first, *self.last]

    @property
    def lost(self) -> int:
        return self.count - len(self.first) - len(self.last)


TOLD_BY_PEOPLE = (EntryKind.NOTE, EntryKind.STATUS)
DIGESTS_MAX = 20_000
"""Distinct lines of which it is remembered that they were said. Beyond it a line said again counts anew."""


def _entries(
    incident: Incident, family: Sequence[int], limits: Limits, left_out: Counter[str]
) -> tuple[list[Piece], int]:
    """The lines, each that is said again once; and how many there are, repetitions too.

    Lines are read one after the other, and only the book's are kept. Half of the room is for what people
    wrote, marked or starred, so that ten thousand alerts take none of it.
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
    repeats: dict[bytes, _Repeats] = {}
    count = 0
    for row in islice(rows.iterator(chunk_size=1_000), limits.rows_read_max):
        pk, unique_id, at, kind, text, source, mark, starred_at, person, severity, number = row
        count += 1
        # Not the text itself: of ten thousand different ones none is kept that the book does not hold.
        key = blake2b(f"{kind}\0{source}\0{text}".encode(errors="replace"), digest_size=12).digest()
        is_told = bool(mark or starred_at or kind in TOLD_BY_PEOPLE)
        if not is_told and (known := repeats.get(key)) is not None:
            known.count += 1
            known.until = at
            continue
        if not is_told and len(repeats) < DIGESTS_MAX:
            repeats[key] = _Repeats(at)
        data = {
            "kind": kind,
            "mark": mark,
            "starred": starred_at is not None,
            "person": person or "",
            "severity": severity or "",
        }
        piece = Piece(
            id=evidence_id("entry", pk),
            kind="entry",
            at=at,
            text=_cut(text, limits),
            source=person or source,
            url=_address("incidents:entry", incident, unique_id, number=number),
            incident=number,
            data={name: value for name, value in data.items() if value},
        )
        (spoken if is_told else noise).add(piece)
        if not is_told and key in repeats:
            repeats[key].piece = piece.id
    times = {one.piece: one for one in repeats.values()}
    left_out["entries"] += spoken.lost + noise.lost
    return [_repeated(piece, times.get(piece.id)) for piece in (*spoken.kept, *noise.kept)], count


class _Repeats:
    """How often something was said, and when for the last time."""

    __slots__ = ("count", "piece", "until")

    def __init__(self, at: datetime) -> None:
        self.count = 1
        self.until = at
        self.piece = ""


def _repeated(piece: Piece, repeats: _Repeats | None) -> Piece:
    if repeats is None or repeats.count == 1:
        return piece
    return Piece(
        id=piece.id,
        kind=piece.kind,
        at=piece.at,
        text=piece.text,
        source=piece.source,
        url=piece.url,
        incident=piece.incident,
        data=piece.data,
        count=repeats.count,
        until=repeats.until,
    )


def _alerts(
    incident: Incident, family: Sequence[int], limits: Limits, left_out: Counter[str]
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
    count = 0
    lost = 0
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
    pieces = []
    for row, repeats in found.values():
        pk, unique_id, at, alert_type, entity, message, integration, opened, suppressed = row
        known_of_it = {
            "type": alert_type,
            "entity": entity,
            "opened": opened,
            "suppressed": suppressed,
            "labels": labels_of(payloads.get(pk)),
        }
        pieces.append(
            Piece(
                id=evidence_id("alert", pk),
                kind="alert",
                at=at,
                text=_cut(message, limits),
                source=integration,
                url=f"{_address('incidents:alerts', incident)}#alert-{unique_id}",
                incident=incident.number,
                count=repeats.count,
                until=repeats.until if repeats.count > 1 else None,
                data={name: value for name, value in known_of_it.items() if value},
            )
        )
    return pieces, count


def _changes(
    sight: _Sight,
    incident: Incident,
    affected: Iterable[Service],
    end: datetime,
    limits: Limits,
    left_out: Counter[str],
) -> list[Piece]:
    """The changes to its services and to those whose alerts joined it, from before its start to its end."""
    joined = set(incident.entities.order_by().values_list("integration__service", flat=True)[:NAMES_MAX])
    own = {incident.service_id}
    services = own | joined | {service.pk for service in affected}
    rows = sight.changes.filter(
        service__in=services,
        at__gte=incident.started_at - timedelta(hours=limits.changes_before_hours),
        at__lte=end,
    ).select_related("service", "integration")
    found = list(rows.order_by("-at", "-id")[: limits.changes_max + 1])
    if len(found) > limits.changes_max:
        left_out["changes"] += rows.order_by().count() - limits.changes_max
    pieces = []
    for change in found[: limits.changes_max]:
        known = {
            "kind": change.get_kind_display(),
            "service": change.service.name,
            "own_service": change.service_id in own,
            "before_start": change.at <= incident.started_at,
            "summary": _cut(change.summary, limits),
            "version": change.version,
            "person": change.author,
            "environment": change.environment,
            "state": change.state,
        }
        pieces.append(
            Piece(
                id=evidence_id("change", change.pk),
                kind="change",
                at=change.at,
                text=_cut(change.title, limits),
                source=change.integration.name if change.integration else (change.author or "Record"),
                url=f"{_address('incidents:changes', incident)}#change-{change.unique_id}",
                incident=incident.number,
                data={name: value for name, value in known.items() if value or value is False},
            )
        )
    return pieces


def _maintenance(
    incident: Incident, affected: Iterable[Service], end: datetime, limits: Limits
) -> Iterator[Piece]:
    """The windows of its services that were active between the day before its start and its end."""
    services = [incident.service_id, *(service.pk for service in affected)]
    windows = MaintenanceWindow.objects.filter(services__in=services, starts_at__lte=end).distinct()
    since = incident.started_at - timedelta(hours=limits.changes_before_hours)
    for window in windows.order_by("-starts_at", "-pk")[: limits.others_max]:
        occurrence = last_occurrence(window, end)
        if occurrence is None or occurrence.ends_at < since:
            continue
        yield Piece(
            id=evidence_id("maintenance", window.pk),
            kind="maintenance",
            at=occurrence.starts_at,
            until=occurrence.ends_at,
            text=f"Maintenance: {_cut(window.name, limits)}",
            source="Record",
            url=_address("incidents:page", incident),
            incident=incident.number,
            data={"name": window.name},
        )


def _messages(
    incident: Incident, family: Sequence[int], limits: Limits, left_out: Counter[str]
) -> Iterator[Piece]:
    rows = StakeholderMessage.objects.filter(incident__in=family).order_by("created_at", "id")
    found = list(rows.select_related("created_by")[: limits.others_max])
    if len(found) == limits.others_max:
        left_out["messages"] += rows.count() - len(found)
    for message in found:
        yield Piece(
            id=evidence_id("message", message.pk),
            kind="message",
            at=message.created_at,
            text=_cut(message.subject, limits),
            source=str(message.created_by) if message.created_by else "Alert rule",
            url=_address("incidents:page", incident),
            incident=incident.number,
            data={"body": _cut(message.body, limits)},
        )


def _follow_ups(sight: _Sight, incident: Incident, limits: Limits, left_out: Counter[str]) -> Iterator[Piece]:
    rows = sight.follow_ups(incident)
    found = list(rows[: limits.others_max])
    if len(found) == limits.others_max:
        left_out["follow-ups"] += rows.order_by().count() - len(found)
    for follow_up in found:
        known = {
            "status": follow_up.get_status_display(),
            "is_open": follow_up.status != FollowUpStatus.COMPLETED,
            "priority": follow_up.priority,
            "person": str(follow_up.owner) if follow_up.owner else "",
            "due_on": follow_up.due_on.isoformat() if follow_up.due_on else "",
        }
        yield Piece(
            id=evidence_id("follow-up", follow_up.pk),
            kind="follow-up",
            at=follow_up.created_at,
            text=_cut(follow_up.title, limits),
            source=str(follow_up.owner) if follow_up.owner else "Record",
            url=_address("incidents:page", incident),
            incident=incident.number,
            data={name: value for name, value in known.items() if value not in ("", None)},
        )


def _related(sight: _Sight, incident: Incident, limits: Limits) -> Iterator[Piece]:
    for one in sight.related(incident)[: limits.others_max]:
        reason = f" ({one.relation.reason})" if one.relation.reason else ""
        yield Piece(
            id=evidence_id("related", one.relation.pk),
            kind="related",
            at=one.incident.started_at,
            text=_cut(f"Incident #{one.incident.number}: {one.incident.title}{reason}", limits),
            source="Record",
            url=_address("incidents:page", one.incident),
            incident=incident.number,
            data={"number": one.incident.number, "title": one.incident.title, "reason": one.relation.reason},
        )


def _similar(sight: _Sight, incident: Incident, now: datetime, limits: Limits) -> Iterator[Piece]:
    """What was seen before, with what is still open of it."""
    found = similar_to_incident(sight.reader, incident, now=now, limit=limits.similar_max)
    for one in found:
        shown = one.postmortem or one.incident
        if shown is None or not _is_for_all(sight.only_team, one):
            continue
        noun = "post-mortem" if one.postmortem is not None else "incident"
        known = evidence_id("similar", shown.pk, noun.replace("-", ""))
        yield Piece(
            id=known,
            kind="similar",
            at=one.at,
            text=_cut(f"{noun.capitalize()} {shown.number}: {one.title}", limits),
            source="Record",
            url=f"{settings.PUBLIC_URL}{one.url}",
            incident=incident.number,
            data={"noun": noun, "number": shown.number, "title": one.title, "reasons": list(one.reasons)},
        )
        for follow_up in one.follow_ups:
            if sight.only_team is not None and follow_up.team != sight.only_team:
                continue
            yield Piece(
                id=evidence_id("follow-up", follow_up.pk),
                kind="follow-up",
                at=follow_up.created_at,
                text=_cut(follow_up.title, limits),
                source=f"{noun.capitalize()} {shown.number}",
                url=f"{settings.PUBLIC_URL}{one.url}",
                incident=incident.number,
                data={"is_open": True, "of_similar": known},
            )


def _is_for_all(team: Team | None, one: Similar) -> bool:
    """Whether everybody who reads the documents of the team may see it; None stands for one reader alone."""
    if team is None:
        return True
    if one.incident is not None and (one.incident.is_private or one.incident.service.team != team):
        return False
    return one.postmortem is None or (
        one.postmortem.team_id == team.pk
        and not any(incident.is_private for incident in incidents_of(one.postmortem))
    )


#  ------------------------------------------------------------------------------------------------------


def _seen_family(actor: Person, incident: Incident) -> list[int]:
    family = family_of(incident)
    if len(family) == 1:
        return family
    return list(visible_incidents(actor).filter(pk__in=family).order_by("pk").values_list("pk", flat=True))


def _affected(incident: Incident) -> QuerySet[Service]:
    rows = incident.affected_services.order_by().values("service")
    return Service.objects.filter(pk__in=rows).order_by("name", "pk")


def _address(name: str, incident: Incident, *more: Any, number: int | None = None) -> str:
    path: str = reverse(name, args=[number or incident.number, *more])
    return f"{settings.PUBLIC_URL}{path}"


def _cut(text: str, limits: Limits) -> str:
    if len(text) <= limits.text_characters_max:
        return text
    return text[: limits.text_characters_max - 1].rstrip() + "…"
