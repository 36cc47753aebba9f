"""Which evidence is still there, and which of it one reader may see, at the moment of reading.

Suggestions and citations keep what their evidence said. Whether that may be told is asked anew each time: a
line may have been folded away since, a service given to another team, an incident made private.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass, field

from django.db.models import Model, QuerySet

from afterword.accounts.models import Person
from afterword.catalog.models import MaintenanceWindow
from afterword.catalog.reads import visible_services
from afterword.drafting.evidence.book import PREFIXES, PieceKind
from afterword.drafting.evidence.sources import StillThere, asks_for
from afterword.drafting.interviews.models import Interview
from afterword.followups.reads import visible_follow_ups
from afterword.incidents.models import Alert, Entry, EntryKind, RoleAssignment, StakeholderMessage
from afterword.incidents.reads import family_of, visible_changes, visible_incidents
from afterword.incidents.related.models import IncidentRelation
from afterword.incidents.timeline.models import Evidence
from afterword.postmortems.models import Postmortem
from afterword.postmortems.reads import incidents_of, visible_postmortems

_KINDS: Mapping[str, PieceKind] = {prefix: kind for kind, prefix in PREFIXES.items()}
KEY_DIGITS_MAX = 18


@dataclass(frozen=True)
class Sight:
    """Ids of evidence."""

    there: frozenset[str] = frozenset()
    """Those that are evidence for everybody who reads the document."""
    seen: frozenset[str] = frozenset()
    """Those of them whose pages the reader may open as well."""


@dataclass
class _Wanted:
    """What is asked about, by the kind of the evidence."""

    ids: dict[PieceKind, dict[int, list[str]]] = field(default_factory=dict)

    def add(self, evidence_id: str) -> None:
        kind = _KINDS.get(evidence_id[:1])
        key, _, name = evidence_id[1:].partition(".")
        if kind is None or not (key.isascii() and key.isdigit() and len(key) <= KEY_DIGITS_MAX):
            return
        if kind == "field":
            # A field is called by its definition and its incident.
            if not (name.isascii() and name.isdigit() and len(name) <= KEY_DIGITS_MAX):
                return
            key = name
        self.ids.setdefault(kind, {}).setdefault(int(key), []).append(evidence_id)


def sight_of(reader: Person, postmortem: Postmortem, evidence_ids: Iterable[str]) -> Sight:
    """What there is of this evidence, and what of it the reader sees: at most a query for each kind and two.

    What belongs to the document's own incidents is its record; anything else counts as there only for those
    who see it.
    """
    wanted = _Wanted()
    for one in dict.fromkeys(evidence_ids):
        wanted.add(one)
    if not wanted.ids:
        return Sight()
    own = {key for incident in incidents_of(postmortem) for key in family_of(incident)}
    open_to_reader = set(visible_incidents(reader).filter(pk__in=own).values_list("pk", flat=True))
    there: set[str] = set()
    seen: set[str] = set()
    for kind, ids in wanted.ids.items():
        if kind == "similar":
            found = _similar(reader, ids)
        elif kind in _BESIDE:
            found = {one for key in _BESIDE[kind](reader, ids) for one in ids[key]}
        else:
            of_record = _OF_RECORD.get(kind) or asks_for(kind)
            assert of_record is not None, f"somebody knows whether a piece of the kind {kind} is still there"
            found = set()
            for key, incident in of_record(ids, own):
                there.update(ids[key])
                if incident in open_to_reader:
                    found.update(ids[key])
        there |= found
        seen |= found
    return Sight(frozenset(there), frozenset(seen))


Ids = Mapping[int, list[str]]
Pairs = Iterable[tuple[int, int]]
"""The key of what there is, and that of its incident."""


def _incidents(ids: Collection[int], own: Collection[int]) -> Pairs:
    return [(key, key) for key in ids if key in own]


def _rows(
    rows: QuerySet[Entry] | QuerySet[Alert] | QuerySet[StakeholderMessage] | QuerySet[RoleAssignment],
) -> Pairs:
    return list(rows.order_by().values_list("pk", "incident"))


_OF_RECORD: Mapping[PieceKind, StillThere] = {
    "incident": _incidents,
    "timestamp": _incidents,
    "field": _incidents,
    "entry": lambda ids, own: _rows(
        Entry.objects.filter(pk__in=list(ids), incident__in=own, hidden_at__isnull=True).exclude(
            kind=EntryKind.EDIT
        )
    ),
    "alert": lambda ids, own: _rows(Alert.objects.filter(pk__in=list(ids), incident__in=own)),
    "message": lambda ids, own: _rows(StakeholderMessage.objects.filter(pk__in=list(ids), incident__in=own)),
    "role": lambda ids, own: _rows(RoleAssignment.objects.filter(pk__in=list(ids), incident__in=own)),
    "attachment": lambda ids, own: list(
        Evidence.objects.filter(
            pk__in=list(ids), entry__incident__in=own, entry__hidden_at__isnull=True, removed_at__isnull=True
        )
        .order_by()
        .values_list("pk", "entry__incident")
    ),
}


def _keys(rows: QuerySet[Model]) -> Iterable[int]:
    return list(rows.order_by().values_list("pk", flat=True))


def _relations(reader: Person, ids: Ids) -> Iterable[int]:
    visible = visible_incidents(reader).order_by().values("pk")
    return _keys(IncidentRelation.objects.filter(pk__in=list(ids), first__in=visible, second__in=visible))


_BESIDE: Mapping[PieceKind, Callable[[Person, Ids], Iterable[int]]] = {
    "change": lambda reader, ids: _keys(visible_changes(reader).filter(pk__in=list(ids))),
    "maintenance": lambda reader, ids: _keys(
        MaintenanceWindow.objects.filter(
            pk__in=list(ids), services__in=visible_services(reader).order_by().values("pk")
        ).distinct()
    ),
    "follow-up": lambda reader, ids: _keys(visible_follow_ups(reader).filter(pk__in=list(ids))),
    "related": _relations,
    "answer": lambda reader, ids: _keys(
        Interview.objects.filter(
            pk__in=list(ids), question__postmortem__in=visible_postmortems(reader).order_by().values("pk")
        )
    ),
}


def _similar(reader: Person, ids: Ids) -> set[str]:
    found: set[str] = set()
    for name, rows in (
        ("incident", visible_incidents(reader)),
        ("postmortem", visible_postmortems(reader)),
    ):
        keys = [key for key, names in ids.items() if any(one.endswith(f".{name}") for one in names)]
        if keys:
            known = set(rows.filter(pk__in=keys).order_by().values_list("pk", flat=True))
            found |= {one for key in known for one in ids[key] if one.endswith(f".{name}")}
    return found
