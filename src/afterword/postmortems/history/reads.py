"""Everything that is read about revisions. Whoever may read a post-mortem may read all of them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import QuerySet

from afterword.accounts.models import Person
from afterword.documents import DifferenceLine, Effort, Gap, compare_texts
from afterword.incidents.models import Incident
from afterword.lib.errors import NotFound
from afterword.postmortems.history.authorship import Passage, Tracer, passages_of
from afterword.postmortems.history.comparison import (
    CoverDifference,
    Fate,
    SectionDifference,
    compare_covers,
    compare_sections,
)
from afterword.postmortems.models import Postmortem, PostmortemIncident, Revision
from afterword.postmortems.reads import incidents_by_number

REVISION_NUMBER_MAX = 2**31 - 1
NOTES_MAX = 100
"""Saves that were more than writing, of those behind a comparison that are named."""
REVISIONS_SEARCHED_MAX = 20
REVISIONS_TRACED_MAX = 400
"""Revisions that are read to tell who wrote what, the newest of a document. What is older counts as written
in the oldest of them."""
REVISIONS_AT_ONCE = 20


@dataclass(frozen=True)
class Comparison:
    """Two revisions, and what changed from the one to the other."""

    before: Revision
    after: Revision
    sections: list[SectionDifference]
    fields: list[tuple[str, str, str]]
    """Name, value before and value after of each custom field that changed."""
    title: list[DifferenceLine]
    """Nothing where it is the same."""
    cover: CoverDifference
    incidents_added: list[Incident]
    """Of those that the reader sees."""
    incidents_removed: list[Incident]
    summaries: list[tuple[int, Sequence[DifferenceLine | Gap]]]
    """Of incidents that it is about now, and of others that the reader sees."""

    @property
    def changed(self) -> list[SectionDifference]:
        return [section for section in self.sections if section.fate is not Fate.SAME]

    @property
    def has_new_cover(self) -> bool:
        """Whether something else stands on it, beside the title, that the reader may know of."""
        cover = self.cover
        return bool(cover.status_text or cover.people or self.incidents_added or self.incidents_removed)

    @property
    def is_empty(self) -> bool:
        return not (self.changed or self.fields or self.title or self.has_new_cover or self.summaries)


@dataclass(frozen=True)
class SectionWriters:
    """Who wrote what of one section, as it stands."""

    unique_id: str
    title: str
    passages: list[Passage]


@dataclass(frozen=True)
class Writers:
    """Who wrote what of a post-mortem, as it stands."""

    sections: list[SectionWriters]
    """Those in which something is written, in the document's order."""
    revisions: dict[int, Revision]
    """Those that something came with, by number, each with its person, without the texts."""
    oldest: int
    """The number of the oldest one that was read: what came with it may be older than it."""


def revisions_of(postmortem: Postmortem) -> QuerySet[Revision]:
    """Newest first, with who saved it, without the texts."""
    return (
        Revision.objects.filter(postmortem=postmortem)
        .select_related("person")
        .defer("sections", "fields", "cover")
        .order_by("-number")
    )


def parts_changed(postmortem: Postmortem, numbers: Sequence[int]) -> dict[int, list[str]]:
    """By number of each of these revisions, which follow one another: the sections with another text and the
    fields with another value than in the one before, by name, and the title.

    One query, for all texts of all of them, a few at once.
    """
    changed: dict[int, list[str]] = {}
    if not numbers:
        return changed
    rows = Revision.objects.filter(
        postmortem=postmortem, number__gte=min(numbers) - 1, number__lte=max(numbers)
    ).order_by("number")
    before: Revision | None = None
    for revision in rows.defer("cover").iterator(chunk_size=REVISIONS_AT_ONCE):
        if before is not None:
            changed[revision.number] = _parts_changed(before, revision)
        before = revision
    return changed


def _parts_changed(before: Revision, after: Revision) -> list[str]:
    texts = {stored["unique_id"]: stored["text"] for stored in before.sections}
    return [
        *(["Title"] if before.title != after.title else []),
        *(
            str(stored["title"])
            for stored in after.sections
            if stored["text"] != texts.get(stored["unique_id"], stored["text"])
        ),
        *(_name(slug, before, after) for slug in _fields_changed(before, after)),
    ]


def get_revision(postmortem: Postmortem, number: int) -> Revision:
    """The revision with this number, texts included. Raises NotFound."""
    if not 0 < number <= REVISION_NUMBER_MAX:
        raise NotFound
    found = Revision.objects.filter(postmortem=postmortem, number=number).select_related("person").first()
    if found is None:
        raise NotFound
    return found


def writers_of(postmortem: Postmortem) -> Writers:
    """Who wrote what of its sections' present texts: by line, and by word where a line was rewritten.

    Reads at most `REVISIONS_TRACED_MAX` revisions, a few at once.
    """
    revisions = Revision.objects.filter(postmortem=postmortem).order_by("number")
    newest = revisions.last()
    if newest is None:
        return Writers([], {}, 1)
    oldest = max(newest.number - REVISIONS_TRACED_MAX, 0) + 1
    effort = Effort()
    tracers = {str(stored["unique_id"]): Tracer(effort) for stored in newest.sections}
    texts = revisions.filter(number__gte=oldest).values_list("number", "sections")
    for number, sections in texts.iterator(chunk_size=REVISIONS_AT_ONCE):
        for stored in sections:
            tracer = tracers.get(str(stored["unique_id"]))
            if tracer is not None:
                tracer.follow(number, str(stored["text"]))
    found = [
        SectionWriters(key, str(stored["title"]), passages_of(tracers[key].lines))
        for stored in newest.sections
        if (key := str(stored["unique_id"])) and str(stored["text"]).strip()
    ]
    wanted = {number for section in found for one in section.passages for number in one.revisions}
    named = revisions_of(postmortem).filter(number__in=wanted)
    return Writers(found, {revision.number: revision for revision in named}, oldest)


def title_of_section(postmortem: Postmortem, key: str) -> str:
    """What a section that is gone was called, by its unique id; nothing where none of the newest
    `REVISIONS_SEARCHED_MAX` revisions had it."""
    for revision in Revision.objects.filter(postmortem=postmortem).order_by("-number")[
        :REVISIONS_SEARCHED_MAX
    ]:
        for stored in revision.sections:
            if stored["unique_id"] == key:
                return str(stored["title"])
    return ""


def notes_between(before: Revision, after: Revision) -> tuple[list[tuple[int, str]], int]:
    """Number and note of the saves behind the one revision up to the other that were more than writing: the
    first `NOTES_MAX`, and how many more there are."""
    rows = Revision.objects.filter(
        postmortem=after.postmortem_id, number__gt=before.number, number__lte=after.number
    ).exclude(note="")
    notes = list(rows.order_by("number").values_list("number", "note")[:NOTES_MAX])
    return notes, rows.count() - len(notes) if len(notes) == NOTES_MAX else 0


def compare_revisions(reader: Person, before: Revision, after: Revision) -> Comparison:
    """What changed from one revision to another, whichever is the newer one."""
    cover = compare_covers(before.cover, after.cover)
    others = _not_about(after, [number for number, _ in cover.summaries])
    changed = [*cover.incidents_added, *cover.incidents_removed, *others]
    seen = incidents_by_number(reader, changed) if changed else []
    hidden = others.difference(incident.number for incident in seen)
    return Comparison(
        before=before,
        after=after,
        sections=compare_sections(before.sections, after.sections),
        fields=[
            (_name(slug, before, after), _words(before.fields.get(slug)), _words(after.fields.get(slug)))
            for slug in _fields_changed(before, after)
        ],
        title=compare_texts(before.title, after.title) if before.title != after.title else [],
        cover=cover,
        incidents_added=[incident for incident in seen if incident.number in cover.incidents_added],
        incidents_removed=[incident for incident in seen if incident.number in cover.incidents_removed],
        summaries=[(number, lines) for number, lines in cover.summaries if number not in hidden],
    )


def _not_about(revision: Revision, numbers: Sequence[int]) -> set[int]:
    """Which of these incidents the post-mortem is not about any more."""
    about = PostmortemIncident.objects.filter(postmortem=revision.postmortem_id, incident__number__in=numbers)
    return set(numbers).difference(about.values_list("incident__number", flat=True)) if numbers else set()


def _fields_changed(before: Revision, after: Revision) -> list[str]:
    """The custom fields with another value, by slug."""
    slugs = dict.fromkeys([*after.fields, *before.fields])
    return [
        slug
        for slug in slugs
        if before.fields.get(slug, {}).get("items") != after.fields.get(slug, {}).get("items")
    ]


def _name(slug: str, before: Revision, after: Revision) -> str:
    return str((after.fields.get(slug) or before.fields[slug]).get("name", slug))


def _words(kept: Mapping[str, Any] | None) -> str:
    return str(kept.get("words", "")) if kept else ""
