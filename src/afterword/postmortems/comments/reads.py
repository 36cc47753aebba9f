"""Everything that is read about comments. Whoever may read a post-mortem reads what is said about it."""

from __future__ import annotations

import uuid
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass

from django.db.models import Count, Prefetch, Q, QuerySet

from afterword.accounts.models import OrganisationRole, Person
from afterword.incidents.models import Incident
from afterword.incidents.privacy.reads import is_member
from afterword.lib.errors import NotFound
from afterword.postmortems.comments import rules
from afterword.postmortems.comments.models import Comment, CommentThread
from afterword.postmortems.models import Postmortem

THREADS_SHOWN_MAX = 500
PEOPLE_OFFERED_MAX = 500


@dataclass(frozen=True)
class ThreadCounts:
    """How many conversations there are."""

    open: int
    resolved: int


def threads_of(
    postmortem: Postmortem, *, are_resolved: bool | None = None, also: Collection[int] = ()
) -> QuerySet[CommentThread]:
    """The conversations about a post-mortem that was read before, oldest first, with their comments.

    `are_resolved` narrows to the open or the settled ones, and those whose primary keys are in `also`.
    """
    comments = Comment.objects.select_related("person").order_by("at", "id")
    wanted = Q() if are_resolved is None else Q(resolved_at__isnull=not are_resolved) | Q(pk__in=also)
    return (
        CommentThread.objects.filter(wanted, postmortem=postmortem)
        .select_related("resolved_by")
        .prefetch_related(Prefetch("comments", queryset=comments))
    )


def every_thread_of(postmortem: Postmortem) -> QuerySet[CommentThread]:
    """All conversations about a post-mortem that was read before, with their comments, for programs."""
    comments = Comment.objects.select_related("person").order_by("at", "id")
    threads = CommentThread.objects.filter(postmortem=postmortem).select_related("resolved_by")
    return threads.prefetch_related(Prefetch("comments", queryset=comments))


def count_threads(postmortem: Postmortem) -> ThreadCounts:
    """In one query."""
    counted = CommentThread.objects.filter(postmortem=postmortem).aggregate(
        open=Count("pk", filter=Q(resolved_at__isnull=True)),
        resolved=Count("pk", filter=Q(resolved_at__isnull=False)),
    )
    return ThreadCounts(counted["open"], counted["resolved"])


def get_thread(postmortem: Postmortem, unique_id: uuid.UUID) -> CommentThread:
    """Raises NotFound for a thread about another post-mortem."""
    thread = CommentThread.objects.filter(postmortem=postmortem, unique_id=unique_id).first()
    if thread is None:
        raise NotFound
    return thread


def get_comment(postmortem: Postmortem, unique_id: uuid.UUID) -> Comment:
    """Raises NotFound for a comment on another post-mortem, and for one that was deleted."""
    comment = (
        Comment.objects.filter(thread__postmortem=postmortem, unique_id=unique_id, deleted_at__isnull=True)
        .select_related("thread", "person")
        .first()
    )
    if comment is None:
        raise NotFound
    return comment


def find_comment(pk: int) -> Comment | None:
    """What a letter is about, if it is still there. For the program itself."""
    return (
        Comment.objects.filter(pk=pk, deleted_at__isnull=True)
        .select_related("person", "thread__postmortem__team")
        .first()
    )


def people_to_mention(postmortem: Postmortem) -> Sequence[Person]:
    """Who may see the post-mortem, by name: nobody else can be called to it."""
    team = Q(memberships__team=postmortem.team_id)
    admins = Q(role__in=[OrganisationRole.OWNER, OrganisationRole.ADMIN])
    found = Person.objects.filter(team | admins, is_active=True).distinct().order_by("name", "id")
    # Each private one by itself: its members are told in the query, and there are few.
    for incident in Incident.objects.filter(links__postmortem=postmortem, is_private=True):
        found = found.filter(is_member(incident))
    return list(found)


def callable_people(actor: Person, postmortem: Postmortem) -> list[tuple[str, Person]]:
    """Whom the actor can call to it, by name, each with the word behind the @ that calls them alone. At most
    `PEOPLE_OFFERED_MAX`."""
    people = people_to_mention(postmortem)
    accounts = rules.accounts_of(known_accounts(people))
    others = [person for person in people if person.pk in accounts and person.pk != actor.pk]
    return [(accounts[person.pk], person) for person in others[:PEOPLE_OFFERED_MAX]]


def called_in_vain(postmortem: Postmortem, text: str) -> list[str]:
    """The words behind an @ in a comment that name nobody who may see the post-mortem."""
    return rules.unknown_accounts(text, known_accounts(people_to_mention(postmortem)))


def known_accounts(people: Iterable[Person]) -> list[rules.KnownAccount]:
    """What tells by which words these people are called."""
    return [(person.pk, person.name, person.email) for person in people]


def people_in(thread: CommentThread) -> set[int]:
    """The primary keys of those who wrote in a thread."""
    wrote = Comment.objects.filter(thread=thread, person__isnull=False).order_by()
    return set(wrote.values_list("person", flat=True))
