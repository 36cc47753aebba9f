"""What of the post-mortems fits a filter, in which order, and where in each the words stand."""

from __future__ import annotations

import uuid
from collections.abc import Mapping, Sequence
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass, field, replace
from datetime import datetime
from functools import cached_property
from typing import NamedTuple

from django.db.models import Exists, F, OuterRef, Q, QuerySet
from django.db.models.functions import Coalesce

from afterword.accounts.models import Person
from afterword.accounts.reads import visible_teams
from afterword.incidents.models import Incident
from afterword.incidents.reads import IncidentFilter, find_incidents
from afterword.lib.errors import InvalidInput, NotFound
from afterword.postmortems import reads as postmortem_reads
from afterword.postmortems.fields.models import PostmortemFieldItem
from afterword.postmortems.fields.reads import narrow
from afterword.postmortems.models import Postmortem, PostmortemIncident, PostmortemStatus, Section
from afterword.postmortems.publishing.models import Publication
from afterword.postmortems.searching.matching import by_the_index, has_words, keys_by_relevance
from afterword.postmortems.searching.models import SavedView
from afterword.postmortems.searching.rules import (
    SEARCH_CHARACTERS_MAX,
    Excerpt,
    SearchQuery,
    find_excerpt,
    mark_words,
    parse_query,
)

RELEVANCE, NEWEST, TITLE = "relevance", "newest", "title"
SORTS = (RELEVANCE, NEWEST, TITLE)
PHRASE_KEYS_MAX = 1_000
"""So many documents with a phrase are remembered between counting and reading them."""
FOUND_OF_EACH_MAX = 5
"""How many incidents and follow-ups stand beside the post-mortems of a search."""


class Span(NamedTuple):
    """From a moment on, and before another; None leaves an end open."""

    since: datetime | None = None
    before: datetime | None = None

    def __bool__(self) -> bool:
        return self.since is not None or self.before is not None


EVER = Span()


@dataclass(frozen=True)
class PostmortemFilter:
    """What a list is narrowed to. Nothing given narrows nothing."""

    text: str = ""
    """Words, "a phrase", -without: in the title, a section or a field; or a number, as in 7 and #7.

    Signs alone are looked for in the title.
    """
    team: uuid.UUID | None = None
    service: uuid.UUID | None = None
    """Of one of its incidents."""
    status: str = ""
    author: uuid.UUID | None = None
    owner: uuid.UUID | None = None
    severity: str = ""
    """The name or the unique id of the severity of one of its incidents."""
    incident_type: str = ""
    created: Span = EVER
    published: Span = EVER
    """When a revision of it was published, for any audience."""
    incident: Span = EVER
    """When one of its incidents began."""
    fields: Mapping[str, str] = field(default_factory=dict)
    """What custom fields are, by their slugs."""

    @property
    def narrows(self) -> bool:
        return replace(self, text=self.text.strip()) != PostmortemFilter()


def find_postmortems(actor: Person, wanted: PostmortemFilter) -> QuerySet[Postmortem]:
    """The visible post-mortems that fit, newest first. Raises InvalidInput.

    What is asked of incidents is asked of those that the actor sees: a filter tells nothing about others.
    """
    found = postmortem_reads.visible_postmortems(actor)
    if wanted.status not in ("", *PostmortemStatus.values):
        raise InvalidInput(fields={"status": f"Please use one of: {', '.join(PostmortemStatus.values)}."})
    if wanted.team:
        found = found.filter(team__unique_id=wanted.team)
    if wanted.status:
        found = found.filter(status=wanted.status)
    if wanted.author:
        found = found.filter(author__unique_id=wanted.author)
    if wanted.owner:
        found = found.filter(owner__unique_id=wanted.owner)
    found = found.filter(_within("created_at", wanted.created))
    if wanted.published:
        published = Publication.objects.filter(_within("published_at", wanted.published))
        found = found.filter(pk__in=published.order_by().values("postmortem"))
    if wanted.service or wanted.severity or wanted.incident_type or wanted.incident:
        about = PostmortemIncident.objects.filter(incident__in=_incidents(actor, wanted))
        found = found.filter(pk__in=about.order_by().values("postmortem"))
    return narrow(found, wanted.fields).filter(_has_text(wanted.text))


class Found:
    """What fits a filter, in an order, for a paginator: it reads what is on a page."""

    def __init__(self, actor: Person, wanted: PostmortemFilter | None, sort: str = "") -> None:
        """None, for a filter that makes no sense, finds nothing.

        By relevance the one with the number that was typed stands before those that have it as a word.
        """
        self.actor = actor
        self.query = parse_query(wanted.text if wanted else "")
        self.rows = find_postmortems(actor, wanted) if wanted else Postmortem.objects.none()
        self.number = _number(wanted.text) if wanted else None
        if sort not in ("", *SORTS):
            raise InvalidInput(fields={"sort": f"Please use one of: {', '.join(SORTS)}."})
        self.sort = sort or (RELEVANCE if self.query.wanted else NEWEST)

    def __len__(self) -> int:
        with self._looking():
            if self._phrase_keys is not None:
                return len(self._phrase_keys)
            return self.rows.order_by().select_related(None).count()

    def __getitem__(self, wanted: slice) -> list[Postmortem]:
        with self._looking():
            return self._read(wanted.start or 0, wanted.stop)

    @cached_property
    def _phrase_keys(self) -> list[int] | None:
        """Of the documents with a phrase; None for other words, and for more documents than are remembered.

        Whether words stand one behind the other takes unpacking them: once is enough to count and to read.
        """
        if not any(len(term.words) > 1 for term in self.query.terms):
            return None
        bare = self.rows.order_by().select_related(None)
        keys = list(bare.values_list("pk", flat=True)[: PHRASE_KEYS_MAX + 1])
        return keys if len(keys) <= PHRASE_KEYS_MAX else None

    def _looking(self) -> AbstractContextManager[None]:
        return by_the_index() if self.query.terms else nullcontext()

    def _read(self, start: int, stop: int) -> list[Postmortem]:
        rows = self.rows
        if self._phrase_keys is not None:
            if not self._phrase_keys:
                return []
            rows = postmortem_reads.visible_postmortems(self.actor).filter(pk__in=self._phrase_keys)
        if self.sort == TITLE:
            return list(rows.order_by("search_text__title", "-number")[start:stop])
        if self.sort == RELEVANCE and self.query.wanted:
            keys = self._keys_by_relevance(rows, start, stop)
            seen = postmortem_reads.visible_postmortems(self.actor).filter(pk__in=keys)
            found = {one.pk: one for one in seen}
            return [found[key] for key in keys if key in found]
        return list(rows[start:stop])

    def _keys_by_relevance(self, rows: QuerySet[Postmortem], start: int, stop: int) -> list[int]:
        first: list[int] = []
        if self.number is not None:
            numbered = rows.order_by().filter(number=self.number)
            first = list(numbered.values_list("pk", flat=True))
            rows = rows.exclude(number=self.number)
        ahead = len(first)
        start_behind, stop_behind = max(0, start - ahead), max(0, stop - ahead)
        behind = keys_by_relevance(rows, self.query, start_behind, stop_behind) if stop_behind else []
        return first[start:stop] + behind


class FoundText(NamedTuple):
    """Where the words stand in one document."""

    title: str
    """As HTML, the words in <mark>."""
    excerpt: Excerpt | None


def excerpts_of(query: SearchQuery, postmortems: Sequence[Postmortem]) -> dict[int, FoundText]:
    """The title with what was looked for marked, and a passage, by the document's key, in two queries."""
    if not query.wanted:
        return {}
    texts: dict[int, list[tuple[str, str]]] = {one.pk: [] for one in postmortems}
    sections = Section.objects.filter(postmortem__in=list(texts)).order_by("position", "id")
    for key, title, text in sections.values_list("postmortem_id", "title", "text"):
        texts[key].append((title, text))
    items = PostmortemFieldItem.objects.filter(owner__in=list(texts)).order_by("field_id", "position")
    for key, title, text in items.values_list("owner_id", "field__name", "text"):
        texts[key].append((title, text))
    return {
        one.pk: FoundText(mark_words(query, one.title), find_excerpt(query, texts[one.pk]))
        for one in postmortems
    }


# Saved views -----------------------------------------------------------------------------------------------


def views_of(actor: Person) -> list[SavedView]:
    """The actor's own views, and those of their teams, by name."""
    return list(_visible_views(actor).select_related("team", "person"))


def get_view(actor: Person, unique_id: uuid.UUID) -> SavedView:
    """Raises NotFound."""
    view = _visible_views(actor).select_related("team", "person").filter(unique_id=unique_id).first()
    if view is None:
        raise NotFound
    return view


def possible_owners(actor: Person) -> QuerySet[Person]:
    """Who owns a post-mortem that the actor can see, by name."""
    owned = postmortem_reads.visible_postmortems(actor).select_related(None).order_by()
    return Person.objects.filter(Exists(owned.filter(owner=OuterRef("pk")))).order_by("name", "id")


def _visible_views(actor: Person) -> QuerySet[SavedView]:
    mine = Q(person=actor, team__isnull=True)
    return SavedView.objects.filter(mine | Q(team__in=visible_teams(actor).order_by().values("pk")))


def _within(column: str, span: Span) -> Q:
    condition = Q()
    if span.since is not None:
        condition &= Q(**{f"{column}__gte": span.since})
    if span.before is not None:
        condition &= Q(**{f"{column}__lt": span.before})
    return condition


def _incidents(actor: Person, wanted: PostmortemFilter) -> QuerySet[Incident, int]:
    found = find_incidents(
        actor,
        IncidentFilter(service=wanted.service, severity=wanted.severity, incident_type=wanted.incident_type),
    )
    if wanted.incident:
        found = found.annotate(began=Coalesce(F("impact_started_at"), F("created_at")))
        found = found.filter(_within("began", wanted.incident))
    return found.prefetch_related(None).order_by().values_list("pk", flat=True)


def _has_text(text: str) -> Q:
    if len(text) > SEARCH_CHARACTERS_MAX:
        raise InvalidInput(fields={"text": f"Please use at most {SEARCH_CHARACTERS_MAX} characters."})
    if not text.strip():
        return Q()
    number = _number(text)
    return has_words(text) if number is None else has_words(text) | Q(number=number)


def _number(text: str) -> int | None:
    digits = text.strip().removeprefix("#")
    if digits.isascii() and digits.isdigit() and int(digits) <= postmortem_reads.NUMBER_MAX:
        return int(digits)
    return None
