"""What is read of post-mortems for clients of other products."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from dataclasses import dataclass

from django.db.models import Prefetch, Q, QuerySet

from afterword.accounts.models import Person, Team
from afterword.lib.errors import NotFound
from afterword.postmortems.comments.models import Comment
from afterword.postmortems.models import BEGUN_BY_ITSELF, Postmortem, PostmortemIncident, Revision
from afterword.postmortems.publishing.models import Publication
from afterword.postmortems.publishing.reads import public_publications
from afterword.postmortems.reads import visible_postmortems
from afterword.postmortems.review.models import Review


def postmortems_of_team(actor: Person, team: Team) -> QuerySet[Postmortem]:
    """The visible post-mortems of a team, newest first, with their sections and incidents."""
    links = PostmortemIncident.objects.select_related("incident")
    return (
        visible_postmortems(actor)
        .filter(team=team)
        .prefetch_related("sections", Prefetch("links", queryset=links))
    )


def documents(actor: Person, *, incident: str = "", newest_first: bool = True) -> QuerySet[Postmortem]:
    """The visible post-mortems by when they were written, with their incidents."""
    links = PostmortemIncident.objects.select_related("incident")
    found = visible_postmortems(actor).prefetch_related(Prefetch("links", queryset=links))
    if incident:
        found = found.filter(links__incident__unique_id=incident.replace("\0", ""))
    return found.order_by("-created_at", "-pk") if newest_first else found.order_by("created_at", "pk")


def behind(found: QuerySet[Postmortem], last: Postmortem, *, newest_first: bool) -> QuerySet[Postmortem]:
    """Those that come after `last` in the order of `documents`."""
    if newest_first:
        later = Q(created_at__lt=last.created_at) | Q(created_at=last.created_at, pk__lt=last.pk)
    else:
        later = Q(created_at__gt=last.created_at) | Q(created_at=last.created_at, pk__gt=last.pk)
    return found.filter(later)


def get_by_id(actor: Person, unique_id: uuid.UUID) -> Postmortem:
    """Raises NotFound, also to outsiders."""
    found = documents(actor).filter(unique_id=unique_id).first()
    if found is None:
        raise NotFound
    return found


@dataclass(frozen=True)
class Surroundings:
    """What is told with some post-mortems, by their primary keys."""

    editors: dict[int, list[Person]]
    public_slugs: dict[int, str]


def surroundings_of(postmortems: Sequence[Postmortem]) -> Surroundings:
    """Who saved them, the first one first, and where the public reads them: two queries."""
    keys = [postmortem.pk for postmortem in postmortems]
    editors: dict[int, list[Person]] = {key: [] for key in keys}
    saved = Revision.objects.filter(postmortem__in=keys, person__isnull=False).order_by("number")
    for revision in saved.select_related("person").only("postmortem_id", "number", "person"):
        if revision.person is not None and revision.person not in editors[revision.postmortem_id]:
            editors[revision.postmortem_id].append(revision.person)
    public = public_publications().filter(postmortem__in=keys)
    slugs = public.values_list("postmortem_id", "postmortem__public_address__slug")
    return Surroundings(editors, {key: slug for key, slug in slugs if slug})


def others_in(actor: Person, postmortem: Postmortem) -> bool:
    """Whether somebody else saved, said or judged something in it. For the write that deletes it."""
    return any(
        rows.exclude(person=actor).exists()
        for rows in (
            Revision.objects.filter(postmortem=postmortem).exclude(person=None, note=BEGUN_BY_ITSELF),
            Review.objects.filter(postmortem=postmortem),
            Comment.objects.filter(thread__postmortem=postmortem),
        )
    )


def was_published(postmortem: Postmortem) -> bool:
    """Whether there ever was a publication of it."""
    return Publication.objects.filter(postmortem=postmortem).exists()
