"""Every change to reviews: asking, judging, taking back; and what an edit does to approvals."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime

from django.db import transaction
from django.db.models import Q

from afterword.accounts.models import Person, Team
from afterword.accounts.reads import require_manager, require_write
from afterword.audit.writes import Actor, record
from afterword.catalog.models import Service
from afterword.letters.models import Letter, LetterState
from afterword.letters.writes import queue_letters, remind_all
from afterword.lib import clock
from afterword.lib.errors import AfterwordError, Conflict, InvalidInput, NotAllowed, NotFound
from afterword.lib.text import many_lines
from afterword.postmortems import reads as postmortem_reads
from afterword.postmortems.models import Postmortem, PostmortemStatus
from afterword.postmortems.review import reads, rules
from afterword.postmortems.review.checks import Ahead, Step, do_checked, find_obstacles
from afterword.postmortems.review.errors import NotInReview, NotReady, RevisionPassed
from afterword.postmortems.review.letters import ASKED, REMINDER, REVIEWED, STALE, STALE_AFTER
from afterword.postmortems.review.models import (
    APPROVALS_MAX,
    NOTE_LENGTH_MAX,
    REMIND_DAYS_MAX,
    Review,
    ReviewPolicy,
    ReviewRequest,
    Verdict,
)

REVIEWERS_MAX = 20
REMINDED_ROWS_MAX = 500
SETTLED_MAX = 200
"""Post-mortems in review whose status follows a changed policy at once; others follow their next save."""
UNDER_REVIEW = (PostmortemStatus.IN_REVIEW, PostmortemStatus.APPROVED)


def ask_for_review(
    *,
    actor: Person,
    postmortem: Postmortem,
    reviewers: Sequence[Person] = (),
    unless_approved: type[AfterwordError] | None = None,
) -> Postmortem:
    """Have a draft reviewed, by the people the policy names and by `reviewers`, who get a mail.

    Of a post-mortem in review it asks further people, and again those of `reviewers` who asked for changes
    and were not asked to look since it was edited; of a draft, all of these.

    Raises NotReady with everything that must be done first; StillChanging, InvalidInput, NotAllowed,
    NotFound. With `unless_approved` that is raised, and nobody is asked, where it is not approved by asking
    alone.
    """
    return do_checked(
        postmortem,
        lambda ahead: _ask_for_review(actor, postmortem, reviewers, unless_approved, ahead=ahead),
    )


@transaction.atomic
def _ask_for_review(
    actor: Person,
    postmortem: Postmortem,
    reviewers: Sequence[Person],
    unless_approved: type[AfterwordError] | None,
    *,
    ahead: Ahead,
) -> Postmortem:
    require_write(actor, postmortem.team)
    postmortem = postmortem_reads.lock_postmortem(actor, postmortem)
    if obstacles := find_obstacles(postmortem, Step.REVIEW, ahead=ahead):
        raise NotReady(obstacles)
    now, before = clock.now(), postmortem.status
    demand = reads.demand_on(postmortem)
    named = Person.objects.filter(pk__in=demand.approvers - demand.without_access)
    objecting = _to_ask_again(postmortem)
    back = objecting if before == PostmortemStatus.DRAFT else []
    _ask(actor, postmortem, [*named, *reviewers, *back], now, demand, objecting)
    if postmortem.status == PostmortemStatus.DRAFT:
        _change_status(actor, postmortem, PostmortemStatus.IN_REVIEW, now)
    settle(actor=actor, postmortem=postmortem, at=now)
    # Where nobody's approval is asked for, asking was the last step before it.
    at_once = postmortem.status == PostmortemStatus.APPROVED != before
    if at_once and (obstacles := find_obstacles(postmortem, Step.APPROVAL, ahead=ahead)):
        raise NotReady(obstacles)
    if unless_approved is not None and postmortem.status != PostmortemStatus.APPROVED:
        raise unless_approved
    return postmortem


@transaction.atomic
def remove_reviewer(*, actor: Person, postmortem: Postmortem, reviewer: Person) -> None:
    """Ask somebody no more, and let what they said not count. Raises NotAllowed, NotFound.

    Nothing happens to somebody who was not asked. Who is named by the policy stays asked for by it.
    """
    require_write(actor, postmortem.team)
    postmortem = postmortem_reads.lock_postmortem(actor, postmortem)
    now = clock.now()
    asked, _ = ReviewRequest.objects.filter(postmortem=postmortem, person=reviewer).delete()
    said = _withdraw(postmortem, reviewer, now)
    if not (asked or said):
        return
    record(
        actor=actor,
        action="postmortem.reviewer_removed",
        subject=postmortem,
        at=now,
        team_id=postmortem.team_id,
        data={"reviewer": str(reviewer.unique_id)},
    )
    settle(actor=actor, postmortem=postmortem, at=now)


@transaction.atomic
def take_back_to_draft(*, actor: Person, postmortem: Postmortem) -> Postmortem:
    """Write on before others look at it. What reviewers said stays said. Raises NotAllowed, NotFound."""
    require_write(actor, postmortem.team)
    postmortem = postmortem_reads.lock_postmortem(actor, postmortem)
    if postmortem.status in UNDER_REVIEW:
        now = clock.now()
        ReviewRequest.objects.filter(postmortem=postmortem).update(next_reminder_at=None)
        _change_status(actor, postmortem, PostmortemStatus.DRAFT, now)
    return postmortem


def give_review(
    *, actor: Person, postmortem: Postmortem, revision: int, verdict: Verdict, note: str = ""
) -> Review:
    """Approve the revision with this number, or ask for changes of it; it stands in the place of what the
    actor said before.

    Raises RevisionPassed when the document was saved since, NotInReview, InvalidInput (changes are asked
    for with a note of at most `NOTE_LENGTH_MAX` characters), NotReady where something has to be done before
    anybody approves it, StillChanging, NotAllowed, NotFound.
    """
    return do_checked(
        postmortem,
        lambda ahead: _give_review(actor, postmortem, revision, verdict, note, ahead=ahead),
    )


@transaction.atomic
def _give_review(
    actor: Person, postmortem: Postmortem, revision: int, verdict: Verdict, note: str, *, ahead: Ahead
) -> Review:
    postmortem = postmortem_reads.lock_postmortem(actor, postmortem)
    if not actor.may_write:
        raise NotAllowed("You can read this, but not review it.")
    state = reads.review_of(postmortem)
    if postmortem.status == PostmortemStatus.DRAFT:
        raise NotInReview
    if revision != state.newest.number:
        raise RevisionPassed
    note = many_lines("note", note, characters_max=NOTE_LENGTH_MAX)
    if verdict == Verdict.CHANGES_REQUESTED and not note:
        raise InvalidInput(fields={"note": "Please say what should change, so that it can be acted on."})
    own = actor.pk in state.authors
    if verdict == Verdict.APPROVED and own and not state.demand.may_approve_own:
        if actor.pk == postmortem.author_id:
            raise NotAllowed("The team asks for the approval of somebody other than the author.")
        raise NotAllowed(
            "You were its author before and wrote in it: the team asks for the approval of somebody else."
        )
    if verdict == Verdict.APPROVED and (obstacles := find_obstacles(postmortem, Step.APPROVAL, ahead=ahead)):
        raise NotReady(obstacles)
    now = clock.now()
    _withdraw(postmortem, actor, now)
    review = Review.objects.create(
        postmortem=postmortem, revision=state.newest, person=actor, verdict=verdict, note=note, at=now
    )
    ReviewRequest.objects.filter(postmortem=postmortem, person=actor).update(next_reminder_at=None)
    record(
        actor=actor,
        action=f"postmortem.{verdict}",
        subject=postmortem,
        at=now,
        team_id=postmortem.team_id,
        data={"revision": revision, "review": str(review.unique_id)},
    )
    queue_letters(
        kind=REVIEWED,
        people=[person for person in _minders(postmortem) if person.pk != actor.pk],
        about={"review": review.pk},
    )
    settle(actor=actor, postmortem=postmortem, at=now)
    return review


@transaction.atomic
def take_back_review(*, actor: Person, postmortem: Postmortem) -> None:
    """Say nothing any more. Raises Conflict when nothing was said; NotFound."""
    postmortem = postmortem_reads.lock_postmortem(actor, postmortem)
    now = clock.now()
    if not _withdraw(postmortem, actor, now):
        raise Conflict("You have not said anything about this post-mortem that could be taken back.")
    record(
        actor=actor,
        action="postmortem.review_withdrawn",
        subject=postmortem,
        at=now,
        team_id=postmortem.team_id,
    )
    settle(actor=actor, postmortem=postmortem, at=now)


def note_new_revision(*, actor: Person, postmortem: Postmortem, at: datetime) -> None:
    """After a save, in its transaction: approvals of what stood there before are stale now.

    Who approved the revision before this one gets a letter a while later, once for many saves.
    """
    newest = postmortem_reads.latest_revision(postmortem)
    passed = [
        review
        for review in reads.standing_reviews(postmortem)
        if review.verdict == Verdict.APPROVED and review.revision.number == newest.number - 1
    ]
    for review in passed:
        waiting = Letter.objects.filter(
            kind=STALE, person=review.person, state=LetterState.WAITING, about={"review": review.pk}
        )
        if review.person_id != actor.pk and not waiting.exists():
            queue_letters(
                kind=STALE, people=[review.person], about={"review": review.pk}, not_before=at + STALE_AFTER
            )
    settle(actor=actor, postmortem=postmortem, at=at)


def settle(*, actor: Actor, postmortem: Postmortem, at: datetime) -> None:
    """Bring the status of a post-mortem under review in line with its approvals.

    One that is published stays so; what was edited since waits for its reviewers again.
    """
    if postmortem.status not in (*UNDER_REVIEW, PostmortemStatus.PUBLISHED):
        return
    state = reads.review_of(postmortem)
    approved = state.standing.is_approved
    if approved:
        _ask_no_more_again(postmortem)
    if postmortem.status == PostmortemStatus.PUBLISHED:
        if not approved:
            _ask_again(postmortem, state.demand, at)
        return
    wanted = PostmortemStatus.APPROVED if approved else PostmortemStatus.IN_REVIEW
    if wanted != postmortem.status:
        _change_status(actor, postmortem, wanted, at)


def _ask_again(postmortem: Postmortem, demand: rules.Demand, at: datetime) -> None:
    waiting = ReviewRequest.objects.filter(postmortem=postmortem, again_since__isnull=True)
    waiting.update(again_since=at, next_reminder_at=rules.next_reminder(at, demand.remind_every_days))


def _ask_no_more_again(postmortem: Postmortem) -> None:
    waiting = ReviewRequest.objects.filter(postmortem=postmortem, again_since__isnull=False)
    waiting.update(again_since=None, next_reminder_at=None)


def queue_review_reminders(*, at: datetime) -> int:
    """Queue a letter for every reviewer who has waited long enough; how many. For the worker."""
    return remind_all(lambda: _remind(at), rows_max=REMINDED_ROWS_MAX)


@transaction.atomic
def _remind(at: datetime) -> tuple[int, int]:
    due = (
        ReviewRequest.objects.filter(next_reminder_at__lte=at)
        .select_related("person", "postmortem__team")
        .select_for_update(of=("self",), skip_locked=True)
        .order_by("next_reminder_at", "pk")
    )
    requests, queued = list(due[:REMINDED_ROWS_MAX]), 0
    for request in requests:
        postmortem = request.postmortem
        request.next_reminder_at = None
        if reads.waits_for_answer(request) and reads.sees_postmortem(request.person, postmortem):
            state = reads.review_of(postmortem)
            again = {one.person.pk for one in state.reviewers if one.was_asked_again}
            heard = state.standing.counted | state.standing.objecting
            if request.person_id not in heard - again:
                queue_letters(kind=REMINDER, people=[request.person], about={"request": request.pk})
                queued += 1
            request.next_reminder_at = rules.next_reminder(at, state.demand.remind_every_days)
        request.save(update_fields=["next_reminder_at"])
    return len(requests), queued


def _ask(
    actor: Person,
    postmortem: Postmortem,
    people: Iterable[Person],
    now: datetime,
    demand: rules.Demand,
    objecting: Sequence[Person],
) -> None:
    """Ask these people, and of those who asked for changes, `objecting`, the ones among them again."""
    asked = set(ReviewRequest.objects.filter(postmortem=postmortem).values_list("person_id", flat=True))
    wanted = {person.pk: person for person in people}
    if len(asked | wanted.keys()) > REVIEWERS_MAX:
        raise InvalidInput(fields={"reviewers": f"A review has at most {REVIEWERS_MAX} reviewers."})
    for person in wanted.values():
        if not person.may_write or not reads.sees_postmortem(person, postmortem):
            raise InvalidInput(
                fields={"reviewers": f"{person} cannot review this: they have no access to the team's work."}
            )
    remind_at = rules.next_reminder(now, demand.remind_every_days)
    new = [person for pk, person in wanted.items() if pk not in asked]
    again = [person for person in objecting if person.pk in asked & wanted.keys()]
    ReviewRequest.objects.filter(postmortem=postmortem, next_reminder_at__isnull=True).update(
        next_reminder_at=remind_at
    )
    for person in new:
        request = ReviewRequest.objects.create(
            postmortem=postmortem, person=person, asked_by=actor, asked_at=now, next_reminder_at=remind_at
        )
        if person.pk != actor.pk:
            queue_letters(kind=ASKED, people=[person], about={"request": request.pk})
    for request in ReviewRequest.objects.filter(postmortem=postmortem, person__in=again):
        request.asked_by, request.asked_at, request.next_reminder_at = actor, now, remind_at
        request.save(update_fields=["asked_by", "asked_at", "next_reminder_at"])
        queue_letters(kind=ASKED, people=[request.person], about={"request": request.pk})
    if new or again:
        record(
            actor=actor,
            action="postmortem.review_asked",
            subject=postmortem,
            at=now,
            team_id=postmortem.team_id,
            data={"reviewers": [str(person.unique_id) for person in [*new, *again]]},
        )


def _to_ask_again(postmortem: Postmortem) -> list[Person]:
    """Who asked for changes, can read it still, and was not asked since to look at them."""
    return [
        one.person
        for one in reads.review_of(postmortem).reviewers
        if one.may_be_asked_again and one.person.may_write and reads.sees_postmortem(one.person, postmortem)
    ]


def _minders(postmortem: Postmortem) -> list[Person]:
    """Who wants to know what reviewers say: the author and the owner."""
    minders = {postmortem.author_id: postmortem.author}
    if postmortem.owner is not None:
        minders[postmortem.owner.pk] = postmortem.owner
    return list(minders.values())


def _withdraw(postmortem: Postmortem, person: Person, now: datetime) -> int:
    standing = Review.objects.filter(postmortem=postmortem, person=person, withdrawn_at__isnull=True)
    return standing.update(withdrawn_at=now)


def _change_status(actor: Actor, postmortem: Postmortem, status: PostmortemStatus, now: datetime) -> None:
    before = postmortem.status
    postmortem.status = status
    postmortem.save(update_fields=["status"])
    record(
        actor=actor,
        action="postmortem.status_changed",
        subject=postmortem,
        at=now,
        team_id=postmortem.team_id,
        data={"before": before, "after": str(status)},
    )


# Policies ----------------------------------------------------------------------------------------------


@transaction.atomic
def set_policy(
    *,
    actor: Person,
    subject: Team | Service,
    approvals_min: int,
    approvers: Sequence[Person] = (),
    may_approve_own: bool = False,
    wants_tickets: bool = False,
    remind_every_days: int | None = rules.REMIND_EVERY_DAYS_BY_DEFAULT,
) -> ReviewPolicy:
    """Say what a team or a service asks of reviews. What is in review is weighed anew at its next change.

    Raises InvalidInput, NotAllowed to those who do not manage the team, NotFound.
    """
    team = subject if isinstance(subject, Team) else subject.team
    require_manager(actor, team)
    _check_policy(approvals_min, approvers, remind_every_days, set(reads.possible_approvers(actor, team)))
    now = clock.now()
    key = {"team": subject} if isinstance(subject, Team) else {"service": subject}
    policy, _ = ReviewPolicy.objects.update_or_create(
        **key,
        defaults={
            "approvals_min": approvals_min,
            "may_approve_own": may_approve_own,
            "wants_tickets": wants_tickets,
            "remind_every_days": remind_every_days,
            "updated_at": now,
        },
    )
    policy.approvers.set(approvers)
    _settle_all(actor, subject, now)
    record(
        actor=actor,
        action="review_policy.changed",
        subject=policy,
        at=now,
        team_id=team.pk,
        data={
            "approvals_min": approvals_min,
            "may_approve_own": may_approve_own,
            "wants_tickets": wants_tickets,
        },
    )
    return policy


@transaction.atomic
def drop_policy(*, actor: Person, subject: Team | Service) -> None:
    """Ask what is asked without a policy. Raises NotAllowed, NotFound."""
    team = subject if isinstance(subject, Team) else subject.team
    require_manager(actor, team)
    if isinstance(subject, Team):
        policy = ReviewPolicy.objects.filter(team=subject).first()
    else:
        policy = ReviewPolicy.objects.filter(service=subject).first()
    if policy is None:
        raise NotFound
    record(actor=actor, action="review_policy.dropped", subject=policy, team_id=team.pk)
    policy.delete()
    _settle_all(actor, subject, clock.now())


def _settle_all(actor: Person, subject: Team | Service, at: datetime) -> None:
    """What another policy makes of what is in review now: it may be approved by it, or not any more."""
    about = Q(team=subject) if isinstance(subject, Team) else Q(incidents__service=subject)
    under_review = Postmortem.objects.filter(about, status__in=UNDER_REVIEW).order_by("pk")
    found = under_review.values_list("pk", flat=True).distinct()[:SETTLED_MAX]
    for postmortem in Postmortem.objects.select_for_update(of=("self",)).filter(pk__in=list(found)):
        settle(actor=actor, postmortem=postmortem, at=at)


def _check_policy(
    approvals_min: int,
    approvers: Sequence[Person],
    remind_every_days: int | None,
    possible: set[Person],
) -> None:
    faults: dict[str, str] = {}
    if not 0 <= approvals_min <= APPROVALS_MAX:
        faults["approvals_min"] = f"Please ask for 0 to {APPROVALS_MAX} approvals."
    if len(set(approvers)) > APPROVALS_MAX:
        faults["approvers"] = f"Please name at most {APPROVALS_MAX} people."
    elif outsiders := [person for person in approvers if person not in possible]:
        faults["approvers"] = f"{outsiders[0]} may not read and write what this team writes."
    if remind_every_days is not None and not 1 <= remind_every_days <= REMIND_DAYS_MAX:
        faults["remind_every_days"] = f"Please give 1 to {REMIND_DAYS_MAX} days, or none."
    if faults:
        raise InvalidInput(fields=faults)
