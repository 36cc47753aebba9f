"""What an incident in Zenduty's shape tells of its post-mortems."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from django.db.models import QuerySet

from afterword.accounts.models import Person
from afterword.incidents.models import Incident
from afterword.incidents.written import WrittenPostmortem
from afterword.postmortems.reads import visible_postmortems


def find_written(actor: Person, incidents: Sequence[Incident]) -> Mapping[int, Sequence[WrittenPostmortem]]:
    """The visible post-mortems about each of these incidents, by its key, newest first."""
    rows = visible_postmortems(actor).filter(links__incident__in=incidents)
    found: dict[int, list[WrittenPostmortem]] = {}
    for key, unique_id, title, owner, author in rows.values_list(
        "links__incident", "unique_id", "title", "owner__unique_id", "author__unique_id"
    ):
        found.setdefault(key, []).append(WrittenPostmortem(unique_id, title, owner or author))
    return found


def narrow_written(actor: Person, incidents: QuerySet[Incident], has_one: bool) -> QuerySet[Incident]:
    """Those that a visible post-mortem is about, or those that none is about."""
    about = visible_postmortems(actor).filter(incidents__isnull=False).order_by().values("incidents")
    return incidents.filter(pk__in=about) if has_one else incidents.exclude(pk__in=about)
