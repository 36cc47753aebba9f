"""Everything that is known of incidents, collected once, for one reader or for the readers of a document.

Who reads decides what there is: `collect_evidence` finds what one person sees, `collect_for_document` what
everybody sees who may read the document. What is another team's or private is in neither.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from itertools import islice
from typing import Any

from django.conf import settings
from django.db.models import Count, Prefetch, Q, QuerySet, Window
from django.db.models.functions import RowNumber

from afterword.accounts.models import Person, Team
from afterword.catalog.maintenance import last_occurrence
from afterword.catalog.models import MaintenanceWindow, Service
from afterword.catalog.reads import Upstream, upstream_of, visible_services
from afterword.drafting.evidence.book import EvidenceBook, Piece, PieceKind, evidence_id
from afterword.drafting.evidence.limits import LIMITS, NAMES_MAX, Limits, address_of
from afterword.drafting.evidence.parts import Part
from afterword.drafting.evidence.reads.lines import people_in, read_alerts, read_lines
from afterword.drafting.evidence.sources import Scope, gather
from afterword.drafting.similar.reads import LIMIT_MAX as SIMILAR_LOOKED_AT
from afterword.drafting.similar.reads import Similar, similar_to_incident
from afterword.followups.models import FollowUpStatus
from afterword.followups.reads import follow_ups_in_document, follow_ups_of
from afterword.incidents.facts import reads as facts
from afterword.incidents.models import (
    Change,
    DeliveryState,
    Incident,
    RoleAssignment,
    StakeholderMessage,
)
from afterword.incidents.reads import family_of, visible_changes, visible_incidents
from afterword.incidents.related.reads import related_to
from afterword.incidents.rules import key_timestamps
from afterword.postmortems.models import Postmortem
from afterword.postmortems.reads import incidents_of, visible_postmortems


@dataclass(frozen=True)
class _Sight:
    """What may be seen by whom the evidence is for. Each is asked for incidents that may be seen already."""

    reader: Person
    only_team: Team | None
    """Where the readers of its documents shall see it as well: of what is similar, only what they all may."""
    services: QuerySet[Service]
    depending: QuerySet[Service]
    """Of these, between which it may be told what depends on what."""
    changes: QuerySet[Change]
    family: Callable[[Incident], list[int]]
    fields: Callable[[Incident], list[Any]]
    affected: Callable[[Incident], QuerySet[Service]]
    follow_ups: Callable[[Incident], QuerySet[Any]]
    related: Callable[[Incident], list[Any]]
    documents: QuerySet[Postmortem]


def collect_evidence(
    actor: Person, incidents: Sequence[Incident], *, now: datetime, limits: Limits = LIMITS
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
        depending=visible_services(actor),
        changes=visible_changes(actor),
        family=lambda incident: _seen_family(actor, incident),
        fields=lambda incident: facts.values_in(actor, incident),
        affected=lambda incident: facts.affected_services(actor, incident),
        follow_ups=lambda incident: follow_ups_of(actor, incident).select_related("owner"),
        related=lambda incident: related_to(actor, incident),
        documents=visible_postmortems(actor),
    )
    return _collect(sight, chosen, now, limits)


def collect_for_document(
    postmortem: Postmortem, *, now: datetime, limits: Limits = LIMITS, part: Part | None = None
) -> EvidenceBook:
    """What everybody may see who reads this post-mortem: the records of its incidents, as it draws them, and
    beside them only what is the document's team's or of its incidents' services themselves: of an incident of
    another team its readers know that service, and nothing else of that team. Only a `part` of it, where one
    is named: its pieces say what they say in the whole book.
    """
    incidents = incidents_of(postmortem)
    of_team = Service.objects.filter(team=postmortem.team_id)
    services = of_team | Service.objects.filter(pk__in=[incident.service_id for incident in incidents])
    in_document = follow_ups_in_document(postmortem)
    sight = _Sight(
        reader=postmortem.author,
        only_team=postmortem.team,
        services=services,
        depending=of_team,
        changes=Change.objects.filter(service__in=services.order_by().values("pk")),
        family=family_of,
        fields=facts.all_values,
        affected=_affected,
        follow_ups=lambda incident: in_document.filter(incident__in=family_of(incident)),
        related=lambda incident: [],
        documents=Postmortem.objects.filter(pk=postmortem.pk),
    )
    return _collect(sight, incidents, now, limits, part) if incidents else EvidenceBook(())


def _collect(
    sight: _Sight, incidents: Sequence[Incident], now: datetime, limits: Limits, part: Part | None = None
) -> EvidenceBook:
    needs = part.needs if part is not None else _everything
    is_named = part is None or part.with_others
    left_out: Counter[str] = Counter()
    about: list[Piece] = []
    others: list[Piece] = []
    names: set[str] = set()
    behind: set[str] = set()
    if is_named:
        names |= set(sight.services.order_by().values_list("name", flat=True)[:NAMES_MAX])
    for incident in incidents:
        end = incident.resolved_at or now
        family = sight.family(incident)
        affected = list(sight.affected(incident)[: limits.others_max])
        alerts, alerts_count = read_alerts(incident, family, limits, left_out, part)
        entries, entries_count, gaps = read_lines(incident, family, limits, left_out, part)
        behind |= gaps
        # What it depends on is said of the incident itself, too.
        services = _services(incident, affected) if _needs_services(needs) else []
        upstream = upstream_of(sight.depending, services) if services else {}
        counts = {"alerts": alerts_count, "entries": entries_count}
        joined = _joined(sight, services, (incident.service, *affected))
        about.append(_about(incident, affected, joined, upstream.values(), counts, limits))
        about += _timestamps(incident)
        about += _fields(sight, incident, limits) if needs("field") else ()
        about += _roles(incident, family, limits) if needs("role") else ()
        others += entries + alerts
        if needs("change"):
            others += _changes(sight, incident, services, upstream, end, limits, left_out)
        if needs("maintenance"):
            others += _maintenance(sight, incident, services, upstream, end, limits)
        others += _messages(incident, family, limits, left_out) if needs("message") else ()
        others += _follow_ups(sight, incident, limits, left_out) if needs("follow-up") else ()
        others += _related(sight, incident, limits) if needs("related") else ()
        others += _similar(sight, incident, now, limits) if needs("similar") else ()
        others += _further(sight, incident, family, limits, left_out, needs)
        names |= {incident.service.name, incident.service.team.name, *(one.name for one in affected)}
        names |= {one.name for one in upstream.values()}
        if part is not None and is_named:
            names |= people_in(family)
    names |= {name for piece in (*about, *others) if (name := str(piece.data.get("person") or ""))}
    # A change upstream of one incident may be to the service of another: that is nearer.
    others.sort(key=lambda piece: -int(piece.data.get("upstream", 0)))
    unique = {piece.id: piece for piece in others}
    ordered = sorted(unique.values(), key=lambda piece: (piece.at or EARLY, _place(piece.id)))
    return EvidenceBook((*about, *ordered), dict(left_out), frozenset(filter(None, names)), frozenset(behind))


def _everything(kind: PieceKind) -> bool:
    return True


EARLY = datetime.min.replace(tzinfo=UTC)


def _place(evidence: str) -> tuple[str, int]:
    letter = evidence.rstrip("0123456789")
    return letter, int(evidence[len(letter) :] or 0)


# What it is about --------------------------------------------------------------------------------------


def _about(
    incident: Incident,
    affected: Sequence[Service],
    joined: Sequence[str],
    upstream: Iterable[Upstream],
    counts: Mapping[str, int],
    limits: Limits,
) -> Piece:
    needed = [one.name for one in upstream if one.path == (incident.service.name,)]
    known = {
        "title": incident.title,
        "service": incident.service.name,
        "team": incident.service.team.name,
        "affected": [service.name for service in affected],
        "joined": list(joined),
        "severity": incident.severity.name if incident.severity else "",
        "type": incident.incident_type.name if incident.incident_type else "",
        "priority": incident.priority.name if incident.priority else "",
        "status": incident.get_status_display(),
        "by_alert": incident.integration is not None,
        "integration": incident.integration.name if incident.integration else "",
        "summary": limits.cut(incident.summary),
        "private": incident.is_private,
        "promised_acknowledgement": incident.acknowledge_due_at,
        "promised_resolution": incident.resolve_due_at,
        "acknowledgement_too_late": incident.acknowledge_breached_at,
        "resolution_too_late": incident.resolve_breached_at,
        **counts,
        "depends_on": needed[: limits.others_max],
    }
    return Piece(
        id=evidence_id("incident", incident.pk),
        kind="incident",
        at=incident.started_at,
        until=incident.resolved_at,
        text=f"Incident #{incident.number}: {incident.title}",
        source="Record",
        url=address_of("incidents:page", incident),
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
        url=address_of("incidents:page", incident),
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
            text=limits.cut(f"{name}: {value.words}"),
            source="Custom field",
            url=address_of("incidents:page", incident),
            incident=incident.number,
            data={"name": name, "value": limits.cut(value.words)},
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
            url=address_of("incidents:page", incident),
            incident=incident.number,
            data={"person": str(one.person), "role": one.role.name, "meaning": one.role.meaning},
        )


def _services(incident: Incident, affected: Iterable[Service]) -> list[int]:
    """Its own first, then those whose alerts joined it and those that it affects."""
    joined = incident.entities.order_by().values_list("integration__service", flat=True)[:NAMES_MAX]
    return list(dict.fromkeys([incident.service_id, *(one.pk for one in affected), *sorted(set(joined))]))


def _needs_services(needs: Callable[[PieceKind], bool]) -> bool:
    return any(needs(kind) for kind in ("change", "incident", "maintenance"))


def _joined(sight: _Sight, services: Sequence[int], known: Iterable[Service]) -> list[str]:
    """Of its services those that neither are its own nor that it affects, by name."""
    others = set(services) - {service.pk for service in known}
    if not others:
        return []
    return list(sight.services.filter(pk__in=others).order_by("name").values_list("name", flat=True))


# What happened -----------------------------------------------------------------------------------------


def _changes(
    sight: _Sight,
    incident: Incident,
    services: Sequence[int],
    upstream: Mapping[int, Upstream],
    end: datetime,
    limits: Limits,
    left_out: Counter[str],
) -> list[Piece]:
    """The changes to its services and upstream of them, from before its start to its end.

    Each of the two has room of its own, so that a busy service upstream hides nothing of the incident's; half
    of it is kept for what was before the start, so that what was done about it hides none of that.
    """
    since = incident.started_at - timedelta(hours=limits.changes_before_hours)
    around = sight.changes.filter(at__gte=since, at__lte=end).select_related("service", "integration")
    place = Window(RowNumber(), partition_by="is_before", order_by=["-at", "-pk"])
    around = around.annotate(is_before=Q(at__lte=incident.started_at))
    pieces: list[Piece] = []
    for keys, most in ((services, limits.changes_max), (upstream, limits.upstream_changes_max)):
        if not keys:
            continue
        rows = around.filter(service__in=list(keys))
        found = list(rows.annotate(place=place).filter(place__lte=most).order_by("-at", "-id"))
        before = [one for one in found if one.at <= incident.started_at]
        during = found[: len(found) - len(before)]
        before = before[: max(most - most // 2, most - len(during))]
        kept = [*during[: most - len(before)], *before]
        if len(found) >= most:
            left_out["changes"] += rows.order_by().count() - len(kept)
        pieces += (_change(incident, one, upstream.get(one.service_id), limits) for one in kept)
    return pieces


def _change(incident: Incident, change: Change, upstream: Upstream | None, limits: Limits) -> Piece:
    known = {
        "kind": change.get_kind_display(),
        "service": change.service.name,
        "own_service": change.service_id == incident.service_id,
        "upstream": upstream.steps if upstream else None,
        "needed_through": list(upstream.path) if upstream else None,
        "relation": upstream.described if upstream else "",
        "before_start": change.at <= incident.started_at,
        "summary": limits.cut(change.summary),
        "version": change.version,
        "person": change.author,
        "environment": change.environment,
        "state": change.state,
    }
    return Piece(
        id=evidence_id("change", change.pk),
        kind="change",
        at=change.at,
        text=limits.cut(change.title),
        source=change.integration.name if change.integration else (change.author or "Record"),
        url=f"{address_of('incidents:changes', incident)}#change-{change.unique_id}",
        incident=incident.number,
        data={name: value for name, value in known.items() if value or value is False},
    )


def _maintenance(
    sight: _Sight,
    incident: Incident,
    services: Sequence[int],
    upstream: Mapping[int, Upstream],
    end: datetime,
    limits: Limits,
) -> Iterator[Piece]:
    """The windows of its services, and of what these depend on, that were active between the day before its
    start and its end.
    """
    others = sight.services.filter(pk__in=[*services, *upstream]).order_by().values("pk")
    seen = Service.objects.filter(Q(pk=incident.service_id) | Q(pk__in=others))
    windows = MaintenanceWindow.objects.filter(services__in=seen.values("pk"), starts_at__lte=end).distinct()
    windows = windows.prefetch_related(Prefetch("services", queryset=seen, to_attr="seen"))
    since = incident.started_at - timedelta(hours=limits.changes_before_hours)
    for window in windows.order_by("-starts_at", "-pk")[: limits.others_max]:
        occurrence = last_occurrence(window, end)
        if occurrence is None or occurrence.ends_at < since:
            continue
        names = {one.pk: one.name for one in window.seen}
        own = names.keys() - upstream.keys()
        # Of what is upstream the nearest alone, and nothing where its own services are maintained.
        nearest = [] if own else [key for key in upstream if key in names][:1]
        way = upstream[nearest[0]] if nearest else None
        known = {
            "name": window.name,
            "services": sorted(names[key] for key in own or nearest),
            "upstream": way.steps if way else None,
            "needed_through": list(way.path) if way else None,
        }
        yield Piece(
            id=evidence_id("maintenance", window.pk),
            kind="maintenance",
            at=occurrence.starts_at,
            until=occurrence.ends_at,
            text=f"Maintenance: {limits.cut(window.name)}",
            source="Record",
            url=address_of("incidents:page", incident),
            incident=incident.number,
            data={name: value for name, value in known.items() if value},
        )


def _messages(
    incident: Incident, family: Sequence[int], limits: Limits, left_out: Counter[str]
) -> Iterator[Piece]:
    rows = StakeholderMessage.objects.filter(incident__in=family).order_by("created_at", "id")
    counted = rows.annotate(
        sent=Count("deliveries", filter=Q(deliveries__state=DeliveryState.SENT)),
        failed=Count("deliveries", filter=Q(deliveries__state=DeliveryState.FAILED)),
    )
    found = list(counted.select_related("created_by")[: limits.others_max])
    if len(found) == limits.others_max:
        left_out["messages"] += rows.count() - len(found)
    for message in found:
        yield Piece(
            id=evidence_id("message", message.pk),
            kind="message",
            at=message.created_at,
            text=limits.cut(message.subject),
            source=str(message.created_by) if message.created_by else "Alert rule",
            url=address_of("incidents:page", incident),
            incident=incident.number,
            data={
                "body": limits.cut(message.body),
                # How many people it reached; to whom is nobody's business here.
                **{name: count for name in ("sent", "failed") if (count := getattr(message, name))},
            },
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
            text=limits.cut(follow_up.title),
            source=str(follow_up.owner) if follow_up.owner else "Record",
            url=address_of("incidents:page", incident),
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
            text=limits.cut(f"Incident #{one.incident.number}: {one.incident.title}{reason}"),
            source="Record",
            url=address_of("incidents:page", one.incident),
            incident=incident.number,
            data={"number": one.incident.number, "title": one.incident.title, "reason": one.relation.reason},
        )


def _similar(sight: _Sight, incident: Incident, now: datetime, limits: Limits) -> Iterator[Piece]:
    """What was seen before it began, with what is still open of it."""
    found = similar_to_incident(sight.reader, incident, now=now, limit=SIMILAR_LOOKED_AT)
    earlier = (one for one in found if one.at < incident.started_at and _is_for_all(sight.only_team, one))
    for one in islice(earlier, limits.similar_max):
        shown = one.postmortem or one.incident
        if shown is None:
            continue
        noun = "post-mortem" if one.postmortem is not None else "incident"
        known = evidence_id("similar", shown.pk, noun.replace("-", ""))
        yield Piece(
            id=known,
            kind="similar",
            at=one.at,
            text=limits.cut(f"{noun.capitalize()} {shown.number}: {one.title}"),
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
                text=limits.cut(follow_up.title),
                source=f"{noun.capitalize()} {shown.number}",
                url=f"{settings.PUBLIC_URL}{one.url}",
                incident=incident.number,
                data={"is_open": True, "of_similar": known},
            )


def _further(
    sight: _Sight,
    incident: Incident,
    family: Sequence[int],
    limits: Limits,
    left_out: Counter[str],
    needs: Callable[[PieceKind], bool],
) -> Iterator[Piece]:
    """What other rooms and packages know of it."""
    scope = Scope(incident, family, sight.documents, limits.others_max, limits.text_characters_max)
    for kind, found in gather(scope, needs):
        left_out[f"{kind}s"] += found.left_out
        yield from found.pieces


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
