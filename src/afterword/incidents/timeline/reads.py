"""What is read of timelines: pages of entries, and what belongs to each."""

from __future__ import annotations

import uuid
from collections.abc import Collection
from dataclasses import dataclass

from django.db.models import Prefetch, Q, QuerySet

from afterword.accounts.models import Person
from afterword.incidents.chat.models import ChatMessage
from afterword.incidents.chat.reads import messages_of
from afterword.incidents.models import Entry, EntryKind, EntryMark, Incident
from afterword.incidents.reads import entries_of, visible_incidents
from afterword.incidents.timeline.models import EntryRevision, Evidence
from afterword.lib.errors import InvalidInput, NotFound

ENTRIES_PER_PAGE = 100
NOT_ON_A_PAGE = ("alert__payload", "alert__summary", "alert__urls", "alert__images", "alert__remarks")
PEOPLE_MAX = 200
"""In the choice of whose entries to see."""


@dataclass(frozen=True)
class TimelineFilter:
    """What a timeline is narrowed to. Nothing given leaves out only what is hidden."""

    kind: str = ""
    """One of `EntryKind`."""
    person: uuid.UUID | None = None
    mark: str = ""
    """One of `EntryMark`."""
    starred: bool = False
    hidden: bool = False
    """Show those that are hidden too."""

    @property
    def narrows(self) -> bool:
        return bool(self.kind or self.person or self.mark or self.starred)


@dataclass(frozen=True)
class Place:
    """Where in a timeline to read: the unique id of an entry that stands next to the page, or on it."""

    before: uuid.UUID | None = None
    """The entry that follows the page."""
    after: uuid.UUID | None = None
    """The entry that the page follows."""
    around: uuid.UUID | None = None
    """An entry on the page."""


@dataclass(frozen=True)
class TimelinePage:
    """Some entries in their order, and whether there are others before and behind them."""

    entries: list[Entry]
    has_earlier: bool
    has_later: bool
    evidence: dict[int, list[Evidence]]
    """What is attached to them, by the key of the entry. Most have nothing."""
    corrected: dict[int, EntryRevision]
    """The last correction of each, by the key of the entry."""
    chat: dict[int, ChatMessage]
    """What those of the kind `chat` are in the chat, by the key of the entry."""


def find_entries(actor: Person, incident: Incident, wanted: TimelineFilter) -> QuerySet[Entry]:
    """The entries that fit, earliest first. Raises InvalidInput for an unknown kind or mark."""
    found = entries_of(actor, incident)
    if wanted.kind not in ("", *EntryKind.values):
        raise InvalidInput(fields={"kind": f"Please use one of: {', '.join(EntryKind.values)}."})
    if wanted.mark not in ("", *EntryMark.values):
        raise InvalidInput(fields={"mark": f"Please use one of: {', '.join(EntryMark.values)}."})
    if wanted.kind:
        found = found.filter(kind=wanted.kind)
    if wanted.person:
        found = found.filter(person__unique_id=wanted.person)
    if wanted.mark:
        found = found.filter(mark=wanted.mark)
    if wanted.starred:
        found = found.filter(starred_at__isnull=False)
    if not wanted.hidden:
        found = found.filter(hidden_at__isnull=True)
    return found


def with_parts(entries: QuerySet[Entry]) -> QuerySet[Entry]:
    """Each with its evidence, its revisions and what it is in a chat, in a query for all of them."""
    return entries.select_related("chat").prefetch_related(
        Prefetch("evidence", Evidence.objects.filter(removed_at__isnull=True)), "revisions"
    )


def read_page(
    actor: Person,
    incident: Incident,
    wanted: TimelineFilter,
    where: Place = Place(),
    *,
    from_end: bool = False,
    limit: int = ENTRIES_PER_PAGE,
) -> TimelinePage:
    """A page of at most `limit` entries, found by one that is next to it and never by counting.

    Without a place, or with an entry that is not there, it is the first page, or the last with `from_end`.
    An entry that is hidden can still be gone on from.
    """
    # Who wrote a line stands in the line itself, and of its alert it shows only how grave that was.
    found = find_entries(actor, incident, wanted).select_related(None)
    found = found.select_related("alert", *(["incident"] if incident.merges else [])).defer(*NOT_ON_A_PAGE)
    place = _find(actor, incident, where.before or where.after or where.around)
    if place is not None and where.before is not None:
        return _read_back(found.filter(_earlier(place)), found, limit)
    if place is not None and where.after is not None:
        return _read_on(found.filter(_later(place)), found, limit)
    if place is not None:
        earlier = found.filter(_earlier(place)).order_by("-at", "-id")
        first = list(earlier[: limit // 3])[-1:]
        begin = first[0] if first else place
        return _read_on(found.filter(_later(begin) | Q(pk=begin.pk)), found, limit)
    if from_end:
        return _read_back(found, None, limit)
    return _read_on(found, None, limit)


def get_entry(actor: Person, incident: Incident, unique_id: uuid.UUID) -> Entry:
    """One entry of the incident, with its parts. Raises NotFound, also to outsiders."""
    entry = with_parts(entries_of(actor, incident)).filter(unique_id=unique_id).first()
    if entry is None:
        raise NotFound
    if entry.incident_id == incident.pk:
        entry.incident = incident
    return entry


def revisions_of(actor: Person, entry: Entry) -> QuerySet[EntryRevision]:
    """What it said before, the latest first, each with who corrected it."""
    found = EntryRevision.objects.filter(entry__in=entries_of(actor, entry.incident).filter(pk=entry.pk))
    return found.select_related("corrected_by").order_by("-edition")


def get_evidence(actor: Person, incident: Incident, unique_id: uuid.UUID) -> Evidence:
    """Raises NotFound for what is not attached to this incident, or taken away, and to outsiders."""
    found = Evidence.objects.filter(
        unique_id=unique_id, removed_at__isnull=True, entry__in=entries_of(actor, incident).order_by()
    )
    evidence = found.select_related("entry__incident__service__team").first()
    if evidence is None:
        raise NotFound
    return evidence


def find_evidence(actor: Person, unique_id: uuid.UUID) -> Evidence:
    """The same, of any incident that the actor sees."""
    found = Evidence.objects.filter(
        unique_id=unique_id,
        removed_at__isnull=True,
        entry__incident__in=visible_incidents(actor).order_by().values("pk"),
    ).first()
    if found is None:
        raise NotFound
    return found


def attached_to(incidents: Collection[int]) -> QuerySet[Evidence]:
    """What is attached to the lines of these incidents that are not hidden, in the order of the lines.

    For who may see them.
    """
    found = Evidence.objects.filter(
        removed_at__isnull=True, entry__incident__in=incidents, entry__hidden_at__isnull=True
    )
    return found.select_related("entry__incident", "added_by").order_by("entry__at", "entry", "pk")


def people_in(actor: Person, incident: Incident) -> list[Person]:
    """Those who did or wrote something in it, by name."""
    wrote = entries_of(actor, incident).filter(person__isnull=False).order_by().values("person")
    return list(Person.objects.filter(pk__in=wrote).order_by("name", "id")[:PEOPLE_MAX])


def repeated_alerts(actor: Person, incident: Incident) -> list[uuid.UUID]:
    """The alerts that say again, word for word, what an alert before them said: noise, as a rule.

    Not what is hidden already, nor what somebody starred, marked or gave evidence for.
    """
    alerts = find_entries(actor, incident, TimelineFilter(kind=EntryKind.ALERT))
    seen: set[tuple[str, str]] = set()
    repeated = []
    rows = alerts.values_list("unique_id", "source", "text", "mark", "starred_at", "evidence")
    for unique_id, source, text, mark, starred_at, evidence in rows:
        if (source, text) in seen and not (mark or starred_at or evidence):
            repeated.append(unique_id)
        seen.add((source, text))
    return repeated


def versions_of(keys: list[int]) -> dict[int, int]:
    """The versions of these incidents, in one query. Asks for no rights: a number tells nothing."""
    return dict(Incident.objects.filter(pk__in=keys).order_by().values_list("pk", "version"))


def _find(actor: Person, incident: Incident, unique_id: uuid.UUID | None) -> Entry | None:
    if unique_id is None:
        return None
    return entries_of(actor, incident).select_related(None).filter(unique_id=unique_id).first()


def _read_on(found: QuerySet[Entry], whole: QuerySet[Entry] | None, limit: int) -> TimelinePage:
    """`whole` is None where nothing can come before."""
    entries = list(found.order_by("at", "id")[: limit + 1])
    shown = entries[:limit]
    has_earlier = bool(shown) and whole is not None and whole.filter(_earlier(shown[0])).exists()
    return _with_their_parts(shown, has_earlier, len(entries) > limit)


def _read_back(found: QuerySet[Entry], whole: QuerySet[Entry] | None, limit: int) -> TimelinePage:
    entries = list(found.order_by("-at", "-id")[: limit + 1])
    shown = entries[:limit][::-1]
    has_later = bool(shown) and whole is not None and whole.filter(_later(shown[-1])).exists()
    return _with_their_parts(shown, len(entries) > limit, has_later)


def _with_their_parts(entries: list[Entry], has_earlier: bool, has_later: bool) -> TimelinePage:
    # Not by prefetching: that makes two managers and two lists for each entry, and few have either.
    keys = [entry.pk for entry in entries]
    evidence: dict[int, list[Evidence]] = {}
    for one in Evidence.objects.filter(entry__in=keys, removed_at__isnull=True) if keys else ():
        evidence.setdefault(one.entry_id, []).append(one)
    revisions = EntryRevision.objects.filter(entry__in=keys).order_by("edition") if keys else ()
    corrected = {revision.entry_id: revision for revision in revisions}
    chat = messages_of([entry.pk for entry in entries if entry.kind == EntryKind.CHAT])
    return TimelinePage(entries, has_earlier, has_later, evidence, corrected, chat)


def _earlier(entry: Entry) -> Q:
    return Q(at__lt=entry.at) | Q(at=entry.at, pk__lt=entry.pk)


def _later(entry: Entry) -> Q:
    return Q(at__gt=entry.at) | Q(at=entry.at, pk__gt=entry.pk)
