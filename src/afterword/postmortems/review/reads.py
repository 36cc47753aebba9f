"""Everything that is read about reviews, starting from who reads."""

from __future__ import annotations

import uuid
from collections.abc import Collection, Iterable
from dataclasses import dataclass

from django.db.models import Exists, Max, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce

from afterword.accounts.models import Membership, OrganisationRole, Person, Team, TeamRole
from afterword.accounts.reads import get_team, managed_teams, visible_people, visible_teams
from afterword.audit.models import AuditEvent
from afterword.catalog.models import Service
from afterword.lib.errors import NotFound
from afterword.postmortems import reads as postmortem_reads
from afterword.postmortems.models import Postmortem, PostmortemStatus, Revision
from afterword.postmortems.review.models import Review, ReviewPolicy, ReviewRequest, Verdict
from afterword.postmortems.review.rules import (
    AUTHOR_CHANGED,
    COVER_CHANGED,
    Demand,
    Opinion,
    Standing,
    combine_demands,
    tell_without_access,
    weigh,
)

STAND_INS_SHOWN_MAX = 20


@dataclass(frozen=True)
class Reviewer:
    """Somebody on the page of a review: asked, or heard, or both."""

    person: Person
    request: ReviewRequest | None
    review: Review | None
    is_required: bool
    is_stale: bool
    is_counted: bool
    may_be_asked_again: bool
    """Whether it was edited since they asked for changes, and nobody has asked them since to look again."""

    @property
    def was_asked_again(self) -> bool:
        """Whether they asked for changes, and were asked since to look again."""
        return was_asked_again(self.review, self.request)


@dataclass(frozen=True)
class ReviewState:
    """A review as a whole."""

    demand: Demand
    standing: Standing
    reviewers: list[Reviewer]
    newest: Revision
    authors: frozenset[int]
    """Whose approval is their own: the author, and who was it before and wrote in it."""


def review_of(postmortem: Postmortem) -> ReviewState:
    """Where the review of a post-mortem that was read before stands."""
    newest, authors = _newest_and_authors(postmortem)
    demand = demand_on(postmortem)
    requests = {one.person_id: one for one in _requests(postmortem)}
    reviews = {one.person_id: one for one in standing_reviews(postmortem)}
    standing = weigh(
        demand,
        [
            Opinion(one.person_id, one.revision.number, one.verdict == Verdict.APPROVED)
            for one in reviews.values()
        ],
        newest=newest.number,
        authors=authors,
        asked=len(requests),
        stand_ins=_stand_ins(postmortem, reviews) if demand.without_access else (),
    )
    people = {pk: one.person for pk, one in requests.items()} | {
        pk: one.person for pk, one in reviews.items()
    }
    # Who has no access may be of another team: not everybody who reads this knows them by name.
    if missing := demand.approvers - demand.without_access - people.keys():
        people |= {person.pk: person for person in Person.objects.filter(pk__in=missing)}
    return ReviewState(
        demand=demand,
        standing=standing,
        reviewers=[
            Reviewer(
                person=person,
                request=requests.get(pk),
                review=reviews.get(pk),
                is_required=pk in demand.approvers,
                is_stale=pk in standing.stale,
                is_counted=pk in standing.counted,
                may_be_asked_again=_may_be_asked_again(reviews.get(pk), requests.get(pk), newest),
            )
            for pk, person in people.items()
        ],
        newest=newest,
        authors=authors,
    )


def _may_be_asked_again(review: Review | None, request: ReviewRequest | None, newest: Revision) -> bool:
    if review is None or review.verdict != Verdict.CHANGES_REQUESTED:
        return False
    return review.revision_id != newest.pk and not was_asked_again(review, request)


def was_asked_again(review: Review | None, request: ReviewRequest | None) -> bool:
    """Whether somebody was asked, after they asked for changes, to look at it again."""
    if review is None or request is None or review.verdict != Verdict.CHANGES_REQUESTED:
        return False
    return request.asked_at > review.at


def _newest_and_authors(postmortem: Postmortem) -> tuple[Revision, frozenset[int]]:
    """The newest revision, and whose approval of it is their own: one query where there was one author."""
    revisions = Revision.objects.filter(postmortem=postmortem)
    changes = Revision.objects.filter(postmortem=OuterRef("postmortem"), note=AUTHOR_CHANGED).order_by()
    found = revisions.annotate(had_another_author=Exists(changes)).select_related("person")
    newest = found.latest("number")
    authors = {postmortem.author_id}
    if newest.had_another_author:
        # Who began it for somebody else, and handed it over as it was, wrote nothing in it. A first revision
        # with a note is a text that somebody brought along.
        wrote = revisions.exclude(number=1, note="").exclude(note__in=[AUTHOR_CHANGED, COVER_CHANGED])
        writers = Person.objects.filter(pk__in=wrote.order_by().values("person"))
        known = _all_authors(postmortem)
        authors |= {one.pk for one in writers if str(one.unique_id) in known or str(one) in known}
    return newest, frozenset(authors)


def _all_authors(postmortem: Postmortem) -> set[str]:
    """Who was ever named as its author, by the audit log: the unique ids, and in older events the names."""
    events = AuditEvent.objects.filter(
        subject_kind="postmortem",
        subject_id=str(postmortem.pk),
        action="postmortem.changed",
        data__before__has_key="author",
    )
    found: set[str] = set()
    for data in events.order_by().values_list("data", flat=True):
        found |= set(data.get("authors") or (data["before"]["author"], data["after"]["author"]))
    return found


def demand_on(postmortem: Postmortem) -> Demand:
    """What its team and the services of its incidents ask of a review: services ask for more, never less.

    Of a team without a policy the default is asked.
    """
    services = Service.objects.filter(incidents__links__postmortem=postmortem).values("pk")
    policies = ReviewPolicy.objects.filter(Q(team=postmortem.team_id) | Q(service__in=services))
    with_people = policies.select_related("service").prefetch_related("approvers__memberships")
    demands = [_demand(policy) for policy in with_people]
    if all(policy.team_id is None for policy in with_people):
        demands.append(Demand())
    demand = combine_demands(demands)
    if not demand.approvers:
        return demand
    named = {person.pk: person for policy in with_people for person in policy.approvers.all()}
    # It may be about a private incident, or a service's policy name somebody of another team.
    able = [pk for pk in demand.approvers if sees_postmortem(named[pk], postmortem)]
    return tell_without_access(demand, able)


def standing_reviews(postmortem: Postmortem) -> QuerySet[Review]:
    """What each person said last and did not take back, with person and revision, oldest first."""
    return (
        Review.objects.filter(postmortem=postmortem, withdrawn_at__isnull=True)
        .select_related("person", "revision")
        .order_by("at", "id")
    )


def all_reviews(postmortem: Postmortem) -> QuerySet[Review]:
    """Everything that was ever said, newest first."""
    return Review.objects.filter(postmortem=postmortem).select_related("person", "revision")


def is_approved(postmortem: Postmortem) -> bool:
    """Whether the newest revision has every approval that is asked for. For the program itself."""
    return review_of(postmortem).standing.is_approved


def names_without_access(actor: Person, demand: Demand) -> list[str]:
    """Whom a policy names and who cannot read it: those whom the actor knows by name, the others counted."""
    if not demand.without_access:
        return []
    known = [str(person) for person in visible_people(actor).filter(pk__in=demand.without_access).distinct()]
    others = len(demand.without_access) - len(known)
    return [*sorted(known), *([f"{others} more"] if others and known else ["Somebody"] if others else [])]


def possible_stand_ins(actor: Person, postmortem: Postmortem, authors: Collection[int]) -> list[Person]:
    """Whose approval counts in the place of those who have no access, as far as the actor knows them: they
    can read it now, and are none of its authors. At most `STAND_INS_SHOWN_MAX`, by name."""
    found = visible_people(actor).filter(_may_stand_in(postmortem), is_active=True).distinct()
    named = found.exclude(role=OrganisationRole.VIEWER).order_by("name", "id")[:STAND_INS_SHOWN_MAX]
    return [one for one in named if one.pk not in authors and sees_postmortem(one, postmortem)]


def _stand_ins(postmortem: Postmortem, people: Iterable[int]) -> list[int]:
    found = Person.objects.filter(_may_stand_in(postmortem), pk__in=list(people), is_active=True)
    return list(found.values_list("pk", flat=True))


def _may_stand_in(postmortem: Postmortem) -> Q:
    """Administrators, and who manages the team: they answer for its policy."""
    managers = Membership.objects.filter(team=postmortem.team_id, role=TeamRole.MANAGER).values("person")
    return Q(role__in=[OrganisationRole.OWNER, OrganisationRole.ADMIN]) | Q(pk__in=managers)


def own_review(actor: Person, postmortem: Postmortem) -> Review | None:
    """What the actor said last."""
    return standing_reviews(postmortem).filter(person=actor).first()


def possible_reviewers(actor: Person, postmortem: Postmortem) -> QuerySet[Person]:
    """Whom the actor may ask: people they can see who may see the post-mortem and write, by name."""
    may_see = Q(memberships__team=postmortem.team_id) | Q(
        role__in=[OrganisationRole.OWNER, OrganisationRole.ADMIN]
    )
    return (
        visible_people(actor)
        .filter(may_see, is_active=True)
        .exclude(role=OrganisationRole.VIEWER)
        .distinct()
        .order_by("name", "id")
    )


def sees_postmortem(person: Person, postmortem: Postmortem) -> bool:
    """Whether the person may read it now. For letters, which go out later than they were begun."""
    return person.is_active and postmortem_reads.visible_postmortems(person).filter(pk=postmortem.pk).exists()


def may_review(actor: Person, postmortem: Postmortem) -> bool:
    """Whether the actor may say what they think of it, for pages that offer it."""
    return actor.may_write and sees_postmortem(actor, postmortem)


def reviews_waiting_for(actor: Person) -> QuerySet[Postmortem]:
    """Post-mortems of which the actor was asked and has not judged the newest revision.

    They are in review, or published and edited since. Who asked for changes waits for these, until they are
    asked again.
    """
    newest = (
        Revision.objects.filter(postmortem=OuterRef("postmortem"))
        .order_by()
        .values("postmortem")
        .annotate(newest=Max("number"))
        .values("newest")
    )
    asked = ReviewRequest.objects.filter(postmortem=OuterRef("postmortem"), person=actor).order_by()
    judged = Review.objects.filter(postmortem=OuterRef("pk"), person=actor, withdrawn_at__isnull=True).filter(
        Q(revision__number=Subquery(newest))
        | Q(verdict=Verdict.CHANGES_REQUESTED, at__gte=Subquery(asked.values("asked_at")[:1]))
    )
    return (
        postmortem_reads.visible_postmortems(actor)
        .filter(
            Q(status=PostmortemStatus.IN_REVIEW)
            | Q(status=PostmortemStatus.PUBLISHED, review_requests__again_since__isnull=False),
            review_requests__person=actor,
        )
        .filter(~Exists(judged))
        .annotate(asked_at=Coalesce("review_requests__again_since", "review_requests__asked_at"))
        .order_by("asked_at", "pk")
    )


def is_waiting_for(actor: Person, postmortem: Postmortem) -> bool:
    """Whether this post-mortem waits for the actor's judgement."""
    return reviews_waiting_for(actor).filter(pk=postmortem.pk).exists()


def waits_for_answer(request: ReviewRequest) -> bool:
    """Whether it is in review, or published and edited since. For the program itself."""
    status = request.postmortem.status
    return status == PostmortemStatus.IN_REVIEW or (
        status == PostmortemStatus.PUBLISHED and request.again_since is not None
    )


def find_request(pk: int) -> ReviewRequest | None:
    """What a letter is about, if it is still there. For the program itself."""
    found = ReviewRequest.objects.filter(pk=pk).select_related("postmortem__team", "asked_by")
    return found.first()


def find_review(pk: int) -> Review | None:
    """What a letter is about, if it is still there. For the program itself."""
    found = Review.objects.filter(pk=pk).select_related("postmortem__team", "person", "revision")
    return found.first()


def _requests(postmortem: Postmortem) -> QuerySet[ReviewRequest]:
    return ReviewRequest.objects.filter(postmortem=postmortem).select_related("person", "asked_by")


# Policies ----------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class PolicyRow:
    """A team or a service with what it asks; without a policy of its own, `policy` is None."""

    subject: Team | Service
    policy: ReviewPolicy | None
    may_change: bool = False


def team_policies(actor: Person) -> list[PolicyRow]:
    """Every team that the actor may see, by name."""
    teams = visible_teams(actor).distinct().order_by("name", "id")
    found = {
        policy.team_id: policy
        for policy in ReviewPolicy.objects.filter(team__in=teams.values("pk")).prefetch_related("approvers")
    }
    managed = set(managed_teams(actor).values_list("pk", flat=True))
    return [PolicyRow(team, found.get(team.pk), team.pk in managed) for team in teams]


def service_policies(actor: Person) -> list[PolicyRow]:
    """The services that the actor may see that ask for something of their own, by name."""
    policies = ReviewPolicy.objects.filter(service__team__in=visible_teams(actor).values("pk"))
    rows = policies.select_related("service__team").prefetch_related("approvers")
    return [PolicyRow(one.service, one) for one in rows.order_by("service__name", "pk") if one.service]


def get_policy_of_team(actor: Person, unique_id: uuid.UUID) -> PolicyRow:
    """Raises NotFound to an outsider."""
    team = get_team(actor, unique_id)
    return PolicyRow(team, ReviewPolicy.objects.filter(team=team).first())


def get_policy_of_service(actor: Person, unique_id: uuid.UUID) -> PolicyRow:
    """Raises NotFound to an outsider."""
    service = (
        Service.objects.filter(unique_id=unique_id, team__in=visible_teams(actor).values("pk"))
        .select_related("team")
        .first()
    )
    if service is None:
        raise NotFound
    return PolicyRow(service, ReviewPolicy.objects.filter(service=service).first())


def possible_approvers(actor: Person, team: Team) -> QuerySet[Person]:
    """Whom a policy of the team may name: its active members who may write, and administrators."""
    may_see = Q(memberships__team=team) | Q(role__in=[OrganisationRole.OWNER, OrganisationRole.ADMIN])
    return (
        visible_people(actor)
        .filter(may_see, is_active=True)
        .exclude(role=OrganisationRole.VIEWER)
        .distinct()
        .order_by("name", "id")
    )


def _may_still(person: Person, policy: ReviewPolicy) -> bool:
    team = policy.team_id or (policy.service.team_id if policy.service else None)
    return (person.is_active and person.may_write) and (
        person.role in (OrganisationRole.OWNER, OrganisationRole.ADMIN)
        or any(membership.team_id == team for membership in person.memberships.all())
    )


def _demand(policy: ReviewPolicy) -> Demand:
    return Demand(
        approvals_min=policy.approvals_min,
        # Somebody who has left can approve nothing: waiting for them would keep it back for ever.
        approvers=frozenset(person.pk for person in policy.approvers.all() if _may_still(person, policy)),
        may_approve_own=policy.may_approve_own,
        wants_tickets=policy.wants_tickets,
        remind_every_days=policy.remind_every_days,
    )
