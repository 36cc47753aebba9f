"""What was seen before that is like an incident or a text, starting from who reads."""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from django.db.models import Q, QuerySet
from django.urls import reverse

from afterword.accounts.models import Person
from afterword.catalog.reads import visible_services
from afterword.drafting.similar import embeddings
from afterword.drafting.similar.matching import keys_with_words
from afterword.drafting.similar.models import ConfirmedRepeat, SeenText, SeenWord
from afterword.drafting.similar.rules import (
    CLOSENESS_MIN,
    LIKENESS_MIN,
    Candidate,
    Corpus,
    Likeness,
    choose_words,
    compare,
    cosine,
    fuse,
    likely_nearest,
    signs_of,
)
from afterword.drafting.similar.sources import (
    NOTE_WEIGHT,
    SUMMARY_WEIGHT,
    TEXT_WEIGHT,
    TITLE_WEIGHT,
    Source,
    facts_from_json,
)
from afterword.drafting.similar.words import name_key, written_forms
from afterword.fields.kinds import FieldKind
from afterword.followups.models import DocumentFollowUp, FollowUp, FollowUpStatus
from afterword.followups.reads import visible_follow_ups
from afterword.incidents.facts.models import AffectedService, IncidentFieldItem
from afterword.incidents.models import Alert, Entry, EntryKind, Incident
from afterword.incidents.reads import family_of, visible_incidents
from afterword.lib.errors import InvalidInput, NotFound
from afterword.postmortems.fields.models import PostmortemFieldItem
from afterword.postmortems.models import Postmortem, PostmortemIncident, Section
from afterword.postmortems.reads import visible_postmortems

TEXT_CHARACTERS_MAX = 20_000
"""Of what somebody asks for."""
SHOWN_MAX = 5
LIMIT_MAX = 20
HITS_READ_MAX = 60
"""Of the candidates: an incident and its post-mortem are one answer."""
ALERTS_READ_MAX = 20
"""Of one incident, the first ones."""
NOTES_READ_MAX = 40
SERVICES_NAMED_MAX = 1_000
EMBEDDED_READ_MAX = 3_000
"""The newest that the reader sees, whose embeddings are compared by their signs."""
COMPARED_MAX = 600
"""Of those, number by number."""
CLOSE_MAX = 30
FOLLOW_UPS_SHOWN_MAX = 3
FOLLOW_UPS_READ_MAX = 200
WORDS_NAMED_MIN = 2
"""One word in common is no reason to look at something."""


@dataclass
class Similar:
    """Something that was seen before: an incident, the post-mortem about it, or both."""

    incident: Incident | None
    postmortem: Postmortem | None
    reasons: list[str]
    """In words, what it has in common with what was asked for."""
    follow_ups: list[FollowUp] = field(default_factory=list)
    """Those that are still open, the most urgent ones."""
    more_follow_ups: int = 0
    repeat: ConfirmedRepeat | None = None
    """Where somebody has said that the cause is the same."""

    @property
    def title(self) -> str:
        shown = self.postmortem or self.incident
        assert shown is not None
        return shown.title

    @property
    def url(self) -> str:
        if self.postmortem is not None:
            return reverse("postmortems:read", args=[self.postmortem.number])
        assert self.incident is not None
        return reverse("incidents:page", args=[self.incident.number])

    @property
    def at(self) -> datetime:
        if self.incident is not None:
            return self.incident.started_at
        assert self.postmortem is not None
        return self.postmortem.created_at


def similar_to_incident(
    actor: Person, incident: Incident, *, now: datetime, limit: int = SHOWN_MAX
) -> list[Similar]:
    """What the actor sees that is like this incident: what a person confirmed first, then the likest.

    Asks the database a fixed number of times and nobody else: where there are embeddings, the one that the
    worker has fetched for the incident is used. The actor sees the incident.
    """
    _require_limit(limit)
    family = family_of(incident)
    source = sources_of_incidents([incident.pk])[incident.pk]
    own = SeenText.objects.filter(incident=incident).values_list("embedding", flat=True).first()
    hits = _find(actor, source, bytes(own) if own else None, without=family, now=now)
    return _assemble(actor, hits, source, repeats=repeats_of(actor, incident), without=family, limit=limit)


def similar_to_text(actor: Person, text: str, *, now: datetime, limit: int = SHOWN_MAX) -> list[Similar]:
    """What the actor sees that is like a text: words of an alert, a symptom, a sentence.

    Where an endpoint for embeddings is set it is asked, and waited for as long as the setting says; what it
    does not answer is done without. Raises InvalidInput.
    """
    _require_limit(limit)
    text = text.replace("\0", "").strip()
    if not text:
        raise InvalidInput(fields={"text": "Please say what you look for."})
    if len(text) > TEXT_CHARACTERS_MAX:
        raise InvalidInput(fields={"text": f"Please use at most {TEXT_CHARACTERS_MAX:,} characters."})
    source = Source(at=now)
    source.add(text, TITLE_WEIGHT)
    for line in text.splitlines()[:ALERTS_READ_MAX]:
        if key := name_key(line):
            source.alerts.setdefault(key, line.strip())
    said = f" {name_key(text[:TEXT_CHARACTERS_MAX])} "
    for service, name in visible_services(actor).values_list("pk", "name")[:SERVICES_NAMED_MAX]:
        if f" {name_key(name)} " in said:
            source.services[service] = name
    own = None
    if embeddings.is_on():
        try:
            own = embeddings.embed([source.text])[0]
        except embeddings.NoEmbedding:
            own = None
    return _assemble(actor, _find(actor, source, own, without=(), now=now), source, limit=limit)


def seen_by(actor: Person) -> QuerySet[SeenText]:
    """What is indexed of what the actor may see."""
    incidents = visible_incidents(actor).filter(merged_into__isnull=True).order_by().values("pk")
    postmortems = visible_postmortems(actor).order_by().values("pk")
    return SeenText.objects.filter(Q(incident__in=incidents) | Q(postmortem__in=postmortems))


# Confirmed repeats --------------------------------------------------------------------------------------


def confirmed_repeats(actor: Person) -> QuerySet[ConfirmedRepeat]:
    """Every repeat that a person confirmed and of which the actor sees both sides, the newest first."""
    incidents = visible_incidents(actor).order_by().values("pk")
    postmortems = visible_postmortems(actor).order_by().values("pk")
    return ConfirmedRepeat.objects.filter(
        Q(earlier_incident__in=incidents) | Q(earlier_postmortem__in=postmortems), incident__in=incidents
    ).select_related("incident", "earlier_incident", "earlier_postmortem", "confirmed_by")


def repeats_of(actor: Person, incident: Incident) -> list[ConfirmedRepeat]:
    """What the incident repeats, and what repeats it, as people confirmed it and the actor sees it."""
    return list(_repeats(actor, incident)[:LIMIT_MAX])


def get_repeat(actor: Person, incident: Incident, unique_id: uuid.UUID) -> ConfirmedRepeat:
    """Raises NotFound, also where the actor does not see both sides."""
    found = _repeats(actor, incident).filter(unique_id=unique_id).first()
    if found is None:
        raise NotFound
    return found


def _repeats(actor: Person, incident: Incident) -> QuerySet[ConfirmedRepeat]:
    return confirmed_repeats(actor).filter(Q(incident=incident) | Q(earlier_incident=incident))


# What is indexed. For the program itself, which asks for no rights ----------------------------------------


def sources_of_incidents(keys: Sequence[int]) -> dict[int, Source]:
    """By the keys of incidents; an alert is known by its rule, of a field of people nothing."""
    found = {
        one.pk: one for one in Incident.objects.filter(pk__in=keys).select_related("service", "incident_type")
    }
    sources = {}
    for key, one in found.items():
        source = sources[key] = Source(at=one.started_at, is_private=one.is_private)
        source.services[one.service_id] = one.service.name
        source.add(one.title, TITLE_WEIGHT)
        source.add(one.summary, SUMMARY_WEIGHT)
        source.add(one.service.name, TEXT_WEIGHT)
        if one.incident_type is not None:
            source.add(one.incident_type.name, TEXT_WEIGHT)
        alerts = Alert.objects.filter(incident=key).order_by("received_at", "id")
        for message, payload in alerts.values_list("message", "payload")[:ALERTS_READ_MAX]:
            source.add_alert(message, payload)
        notes = Entry.objects.filter(incident=key, kind=EntryKind.NOTE, hidden_at__isnull=True)
        for text in notes.order_by("at", "id").values_list("text", flat=True)[:NOTES_READ_MAX]:
            source.add(text, NOTE_WEIGHT)
    affected = AffectedService.objects.filter(incident__in=keys).values_list(
        "incident_id", "service_id", "service__name"
    )
    for key, service, name in affected:
        if key in sources:
            sources[key].services[service] = name
    items = IncidentFieldItem.objects.filter(owner__in=keys).exclude(field__kind=FieldKind.PERSON)
    for key, name, text in items.order_by("field_id", "position").values_list(
        "owner_id", "field__name", "text"
    ):
        if key in sources:
            sources[key].add_value(name, text)
    return sources


def sources_of_postmortems(keys: Sequence[int]) -> dict[int, Source]:
    """By the keys of post-mortems: what people wrote, and by which alerts and services they came about."""
    sources = {}
    for one in Postmortem.objects.filter(pk__in=keys):
        sources[one.pk] = source = Source(at=one.created_at)
        source.add(one.title, TITLE_WEIGHT)
    sections = Section.objects.filter(postmortem__in=keys).order_by("position", "id")
    for key, title, text in sections.values_list("postmortem_id", "title", "text"):
        if text and key in sources:
            sources[key].add(f"{title}\n{text}", TEXT_WEIGHT)
    items = PostmortemFieldItem.objects.filter(owner__in=keys).exclude(field__kind=FieldKind.PERSON)
    for key, name, text in items.order_by("field_id", "position").values_list(
        "owner_id", "field__name", "text"
    ):
        if key in sources:
            sources[key].add_value(name, text)
    links = list(
        PostmortemIncident.objects.filter(postmortem__in=keys)
        .order_by("position", "id")
        .values_list("postmortem_id", "incident_id")
    )
    incidents = sources_of_incidents(list(dict.fromkeys(incident for _, incident in links)))
    is_first = set(sources)
    for key, incident in links:
        if incident not in incidents or key not in sources:
            # Deleted since it was read.
            continue
        behind, source = incidents[incident], sources[key]
        source.services |= behind.services
        source.alerts |= behind.alerts
        source.is_private |= behind.is_private
        if key in is_first:
            is_first.discard(key)
            source.at = behind.at
    return sources


# Finding --------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class _Hit:
    incident: int | None
    postmortem: int | None
    likeness: Likeness | None
    is_close: bool


def _find(
    actor: Person, source: Source, own: bytes | None, *, without: Sequence[int], now: datetime
) -> list[_Hit]:
    among = seen_by(actor)
    if without:
        told = PostmortemIncident.objects.filter(incident__in=without).order_by().values("postmortem")
        # Not by exclude(): it would ask for each row whether the column is null.
        among = among.filter(
            (Q(incident__isnull=False) & ~Q(incident__in=list(without)))
            | (Q(postmortem__isnull=False) & ~Q(postmortem__in=told))
        )
    terms = source.terms
    corpus = _corpus(terms)
    wanted = choose_words(terms, corpus)
    keys = keys_with_words(list(wanted), among)
    rows = {one.pk: one for one in SeenText.objects.filter(pk__in=keys).defer("embedding", "digest")}
    likenesses = compare(wanted, source.facts, map(_candidate, rows.values()), corpus, now=now)
    by_key = {one.key: one for one in likenesses if _is_worth_a_look(one)}
    order, close = list(by_key), []
    if own and embeddings.is_on():
        close = _closest(among, own)
        order = fuse(order, close)
    unread = [key for key in close if key not in rows]
    rows |= (
        {one.pk: one for one in SeenText.objects.filter(pk__in=unread).defer("embedding")} if unread else {}
    )
    return [
        _Hit(rows[key].incident_id, rows[key].postmortem_id, by_key.get(key), key in set(close))
        for key in order[:HITS_READ_MAX]
        if key in rows
    ]


def _corpus(terms: Iterable[str]) -> Corpus:
    rows = {one.word: one for one in SeenWord.objects.filter(word__in=["", *terms])}
    total = rows.pop("", None)
    counts = {word: one.texts for word, one in rows.items() if one.texts > 0}
    return Corpus(total.texts if total else 0, total.weight if total else 0.0, counts)


def _candidate(row: SeenText) -> Candidate:
    return Candidate(row.pk, row.terms, row.weight, facts_from_json(row.facts), row.at)


def _is_worth_a_look(one: Likeness) -> bool:
    if one.alerts or one.causes:
        return True
    return one.share >= LIKENESS_MIN and len(one.words) >= WORDS_NAMED_MIN


def _closest(among: QuerySet[SeenText], own: bytes) -> list[int]:
    """The keys of those whose embeddings point nearly the same way, the nearest first."""
    wanted = embeddings.numbers_of(own)
    newest = among.filter(embedding_signs__isnull=False).order_by("-pk").values_list("pk", "embedding_signs")
    likely = likely_nearest(
        signs_of(wanted),
        ((key, bytes(signs or b"")) for key, signs in newest[:EMBEDDED_READ_MAX]),
        count=COMPARED_MAX,
    )
    rated = [
        (cosine(wanted, embeddings.numbers_of(bytes(stored))), key)
        for key, stored in SeenText.objects.filter(pk__in=likely).values_list("pk", "embedding")
        if stored
    ]
    rated = [one for one in rated if one[0] >= CLOSENESS_MIN]
    return [key for _, key in sorted(rated, reverse=True)[:CLOSE_MAX]]


def _assemble(
    actor: Person,
    hits: Sequence[_Hit],
    source: Source,
    *,
    repeats: Sequence[ConfirmedRepeat] = (),
    without: Sequence[int] = (),
    limit: int,
) -> list[Similar]:
    """What was found, as it is shown: an incident and its post-mortem once, all as the actor sees it."""
    confirmed = {one: _other_side(one, without) for one in repeats}
    things = [*confirmed.values(), *((one.incident, one.postmortem) for one in hits)]
    shelf = _Shelf(actor, things, without)
    forms = written_forms(text for text, _ in source.parts)
    by_thing = {(one.incident, one.postmortem): one for one in hits}
    for repeat, thing in confirmed.items():
        hit = by_thing.get(thing)
        one = shelf.show(thing, _reasons(hit, source, forms) if hit else [])
        if one is not None:
            one.repeat = repeat
    for hit in hits:
        if len(shelf.shown) >= max(limit, len(repeats)):
            break
        shelf.show((hit.incident, hit.postmortem), _reasons(hit, source, forms))
    _add_follow_ups(actor, shelf.shown, shelf.about)
    return shelf.shown


_Thing = tuple[int | None, int | None]
"""The keys of an incident and of a post-mortem; one of them may be unknown."""


class _Shelf:
    """The incidents and post-mortems that the actor sees, each with its other half, and which are shown."""

    def __init__(self, actor: Person, things: Sequence[_Thing], without: Sequence[int]) -> None:
        incident_keys = {incident for incident, _ in things if incident is not None}
        postmortem_keys = {postmortem for _, postmortem in things if postmortem is not None}
        about_them = Q(incident__in=incident_keys) | Q(postmortem__in=postmortem_keys)
        links = PostmortemIncident.objects.filter(about_them).order_by("position", "id")
        pairs = list(links.values_list("postmortem_id", "incident_id"))
        incident_keys |= {incident for _, incident in pairs}
        postmortem_keys |= {postmortem for postmortem, _ in pairs}
        self._incidents = visible_incidents(actor).in_bulk(list(incident_keys))
        self._postmortems = visible_postmortems(actor).in_bulk(list(postmortem_keys))
        self.shown: list[Similar] = []
        self.about: dict[int, list[int]] = {}
        """The incidents of each post-mortem."""
        self._told: dict[int, list[int]] = {}
        self._taken: set[tuple[str, int]] = set()
        for postmortem, incident in pairs:
            if postmortem in self._postmortems and incident in self._incidents and incident not in without:
                self.about.setdefault(postmortem, []).append(incident)
                self._told.setdefault(incident, []).append(postmortem)

    def show(self, thing: _Thing, reasons: list[str]) -> Similar | None:
        """Add it with its other half, unless one of the two is there or neither is seen."""
        incident, postmortem = thing
        if incident is not None and postmortem is None:
            postmortem = max(self._told.get(incident, [0])) or None
        if postmortem is not None and incident is None:
            incident = next(iter(self.about.get(postmortem, ())), None)
        names = {("incident", incident or 0), ("postmortem", postmortem or 0)}
        names = {(kind, key) for kind, key in names if key}
        one = Similar(self._incidents.get(incident or 0), self._postmortems.get(postmortem or 0), reasons)
        if names & self._taken or (one.incident is None and one.postmortem is None):
            return None
        self._taken |= names
        self.shown.append(one)
        return one


def _other_side(repeat: ConfirmedRepeat, own: Sequence[int]) -> _Thing:
    """The keys of the incident or the post-mortem that a repeat joins with one of these incidents."""
    if repeat.incident_id not in own:
        return repeat.incident_id, None
    return repeat.earlier_incident_id, repeat.earlier_postmortem_id


def _reasons(hit: _Hit, source: Source, forms: Mapping[str, str]) -> list[str]:
    """What it has in common with what was asked for, what says most first."""
    reasons = []
    if (one := hit.likeness) is not None:
        reasons += [f"the same alert “{source.alerts[key]}”" for key in sorted(one.alerts)[:2]]
        reasons += [f"the same cause “{source.causes[key]}”" for key in sorted(one.causes)[:2]]
        if one.services:
            names = sorted(source.services[key] for key in one.services)
            reasons.append(f"the same service, {names[0]}")
        reasons += [f"{source.values[key]}" for key in sorted(one.values)[:2]]
        words = list(dict.fromkeys(forms.get(word, word) for word in one.words))
        if len(words) >= WORDS_NAMED_MIN:
            reasons.append(f"the words {', '.join(words)}")
    if hit.is_close:
        reasons.append("close in meaning")
    return reasons


def _add_follow_ups(actor: Person, shown: Sequence[Similar], about: Mapping[int, Sequence[int]]) -> None:
    """The open follow-ups of each, in two queries for all."""
    postmortems = [one.postmortem.pk for one in shown if one.postmortem is not None]
    decisions = list(
        DocumentFollowUp.objects.filter(postmortem__in=postmortems, is_shown=True).values_list(
            "postmortem_id", "follow_up_id"
        )
    )
    taken_in: dict[int, set[int]] = {}
    for postmortem, follow_up in decisions:
        taken_in.setdefault(postmortem, set()).add(follow_up)
    incidents_of = {
        id(one): {
            *([one.incident.pk] if one.incident is not None else []),
            *(about.get(one.postmortem.pk, ()) if one.postmortem is not None else ()),
        }
        for one in shown
    }
    found = list(
        visible_follow_ups(actor)
        .filter(
            Q(incident__in={key for keys in incidents_of.values() for key in keys})
            | Q(pk__in=[follow_up for _, follow_up in decisions])
        )
        .exclude(status=FollowUpStatus.COMPLETED)[:FOLLOW_UPS_READ_MAX]
    )
    for one in shown:
        extra = taken_in.get(one.postmortem.pk, set()) if one.postmortem is not None else set()
        its = [each for each in found if each.incident_id in incidents_of[id(one)] or each.pk in extra]
        one.follow_ups = its[:FOLLOW_UPS_SHOWN_MAX]
        one.more_follow_ups = len(its) - len(one.follow_ups)


def _require_limit(limit: int) -> None:
    if not 1 <= limit <= LIMIT_MAX:
        raise InvalidInput(fields={"limit": f"Please ask for 1 to {LIMIT_MAX}."})
