"""The record that a post-mortem is held against, and what its sections say otherwise."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta

from django.db.models import Q
from django.urls import reverse
from django.utils import timezone

from afterword.accounts.models import Person
from afterword.catalog.reads import (
    directly_upstream_of,
    visible_priorities,
    visible_services,
    visible_severities,
)
from afterword.drafting.record.facts import NAMES_MAX, Deployed, Moment, Record, RecordFinding
from afterword.drafting.record.rules import check_record
from afterword.followups.reads import FOLLOW_UPS_SHOWN_MAX, follow_ups_in_document, follow_ups_shown
from afterword.incidents.facts.models import AffectedService
from afterword.incidents.models import Incident
from afterword.incidents.reads import CHANGES_BEFORE_HOURS, family_of, visible_changes
from afterword.lib import clock
from afterword.postmortems.models import Postmortem, Section, SectionKind
from afterword.postmortems.reads import alert_counts_of, incidents_seen_by, sections_of

CHANGES_READ_MAX = 100
_MOMENTS = {
    "started": ("impact_started_at", "the start of the impact"),
    "opened": ("created_at", "the beginning of the incident"),
    "detected": ("detected_at", "the detection"),
    "reported": ("reported_at", "the report"),
    "acknowledged": ("acknowledged_at", "the acknowledgement"),
    "identified": ("identified_at", "the identification of the cause"),
    "fixed": ("fixed_at", "the fix"),
    "resolved": ("resolved_at", "the resolution"),
    "closed": ("closed_at", "the closing"),
}


@dataclass(frozen=True)
class SectionRecord:
    """A section, and what it says otherwise than the record."""

    section: Section
    findings: list[RecordFinding]


def record_of(actor: Person, postmortem: Postmortem) -> Record:
    """What is known of the incidents of a post-mortem that the actor reads, in a fixed number of queries.

    Times are told in the reader's zone. Addresses lead only to incidents that the actor sees. Names of
    other services, by which a text can be wrong, are those that the actor sees.
    """
    told = incidents_seen_by(actor, postmortem)
    if not told:
        return Record()
    incidents = [one for one, _ in told]
    seen = {one.pk for one, is_seen in told if is_seen}
    keys = [key for one in incidents for key in family_of(one)]
    severities = [one.severity.name for one in incidents if one.severity is not None]
    priorities = [one.priority.name for one in incidents if one.priority is not None]
    services = {one.service_id: one.service.name for one in incidents}
    services |= dict(
        AffectedService.objects.filter(incident__in=keys).values_list("service_id", "service__name")
    )
    known = [
        *(visible_severities(actor).values_list("name", flat=True)[:NAMES_MAX] if severities else ()),
        *(visible_priorities(actor).values_list("name", flat=True)[:NAMES_MAX] if priorities else ()),
    ]
    first = incidents[0]
    return Record(
        moments=_moments(incidents, seen),
        counts={
            "alerts": sum(alert_counts_of(tuple(incidents)).values()),
            "services": len(services),
            "follow-ups": _count_follow_ups(postmortem),
        },
        severities=[*severities, *priorities],
        priorities=priorities,
        known_severities=list(dict.fromkeys(known)),
        services=list(services.values()),
        known_services=list(
            visible_services(actor).order_by("pk").values_list("name", flat=True)[:NAMES_MAX]
        ),
        versions=_versions(actor, incidents, list(services), seen),
        zone=timezone.get_current_timezone(),
        url=reverse("incidents:page", args=[first.number]) if first.pk in seen else "",
    )


def _count_follow_ups(postmortem: Postmortem) -> int:
    shown = follow_ups_shown(postmortem)
    if len(shown) <= FOLLOW_UPS_SHOWN_MAX:
        return len(shown)
    return follow_ups_in_document(postmortem).order_by().count()


def findings_of(actor: Person, postmortem: Postmortem) -> list[SectionRecord]:
    """What the sections that people wrote say otherwise, section by section; those without are left out."""
    written = [(one, one.text) for one in sections_of(postmortem) if one.kind == SectionKind.PROSE]
    record = record_of(actor, postmortem)
    return [part for part in findings_in(record, written) if part.findings]


def findings_in(record: Record, texts: Sequence[tuple[Section, str]]) -> list[SectionRecord]:
    """The same of texts as somebody has them before them, saved or not."""
    return [SectionRecord(section, check_record(text, record)) for section, text in texts]


def _moments(incidents: Sequence[Incident], seen: set[int]) -> Mapping[str, Sequence[Moment]]:
    found: dict[str, list[Moment]] = {}
    for one in incidents:
        url = reverse("incidents:page", args=[one.number]) if one.pk in seen else ""
        for key, (column, label) in _MOMENTS.items():
            if (at := getattr(one, column)) is not None:
                found.setdefault(key, []).append(Moment(label, at, url))
        if one.impact_started_at is None:
            # Nobody said since when: people take what they heard first for the start.
            found.setdefault("started", []).append(Moment("the start", one.created_at, url))
    return found


def _versions(
    actor: Person, incidents: Sequence[Incident], services: Sequence[int], seen: set[int]
) -> list[Deployed]:
    """Of the changes that the actor sees: a service may be another team's."""
    around = Q()
    for one in incidents:
        since = one.started_at - timedelta(hours=CHANGES_BEFORE_HOURS)
        around |= Q(at__gte=since, at__lte=one.resolved_at or clock.now())
    # A version of what these depend on, deployed just before, is as true as one of theirs.
    upstream = directly_upstream_of(visible_services(actor), services)
    whose = Q(service__in=services) | Q(service__in=upstream)
    rows = visible_changes(actor).filter(around, whose).exclude(version="").order_by("-at")
    first = incidents[0]
    url = reverse("incidents:changes", args=[first.number]) if first.pk in seen else ""
    return [
        Deployed(version, name, url)
        for version, name in rows.values_list("version", "service__name")[:CHANGES_READ_MAX]
    ]
