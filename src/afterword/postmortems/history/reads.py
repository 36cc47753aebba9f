"""Everything that is read about revisions. Whoever may read a post-mortem may read all of them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.db.models import QuerySet

from afterword.lib.errors import NotFound
from afterword.postmortems.history.comparison import Fate, SectionDifference, compare_sections
from afterword.postmortems.models import Postmortem, Revision

REVISION_NUMBER_MAX = 2**31 - 1


@dataclass(frozen=True)
class Comparison:
    """Two revisions, and what changed from the one to the other."""

    before: Revision
    after: Revision
    sections: list[SectionDifference]
    fields: list[tuple[str, str, str]]
    """Name, value before and value after of each custom field that changed."""

    @property
    def changed(self) -> list[SectionDifference]:
        return [section for section in self.sections if section.fate is not Fate.SAME]

    @property
    def is_renamed(self) -> bool:
        return self.before.title != self.after.title

    @property
    def is_empty(self) -> bool:
        return not (self.changed or self.fields or self.is_renamed)


def revisions_of(postmortem: Postmortem) -> QuerySet[Revision]:
    """Newest first, with who saved it, without the texts."""
    return (
        Revision.objects.filter(postmortem=postmortem)
        .select_related("person")
        .defer("sections", "fields")
        .order_by("-number")
    )


def get_revision(postmortem: Postmortem, number: int) -> Revision:
    """The revision with this number, texts included. Raises NotFound."""
    if not 0 < number <= REVISION_NUMBER_MAX:
        raise NotFound
    found = Revision.objects.filter(postmortem=postmortem, number=number).select_related("person").first()
    if found is None:
        raise NotFound
    return found


def compare_revisions(before: Revision, after: Revision) -> Comparison:
    """What changed from one revision to another, whichever is the newer one."""
    slugs = dict.fromkeys([*after.fields, *before.fields])
    return Comparison(
        before=before,
        after=after,
        sections=compare_sections(before.sections, after.sections),
        fields=[
            (_name(slug, before, after), _words(before.fields.get(slug)), _words(after.fields.get(slug)))
            for slug in slugs
            if before.fields.get(slug, {}).get("items") != after.fields.get(slug, {}).get("items")
        ],
    )


def _name(slug: str, before: Revision, after: Revision) -> str:
    return str((after.fields.get(slug) or before.fields[slug]).get("name", slug))


def _words(kept: Mapping[str, Any] | None) -> str:
    return str(kept.get("words", "")) if kept else ""
