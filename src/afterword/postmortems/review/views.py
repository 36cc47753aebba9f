"""The review of a post-mortem, and what teams and services ask of reviews."""

from __future__ import annotations

import uuid

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from afterword.accounts.models import Person, Team
from afterword.accounts.reads import get_person, require_manager
from afterword.lib.errors import Conflict, InvalidInput
from afterword.lib.forms import refusals_on
from afterword.postmortems import reads as postmortem_reads
from afterword.postmortems.models import Postmortem, PostmortemStatus
from afterword.postmortems.remarks import draw_review_remarks
from afterword.postmortems.review import reads, writes
from afterword.postmortems.review.checks import Step, find_obstacles
from afterword.postmortems.review.forms import AskForm, PolicyForm, ReviewForm
from afterword.postmortems.review.models import Verdict
from afterword.postmortems.review.reads import PolicyRow
from afterword.postmortems.views.reading import reader_of

VERDICTS = {"approve": Verdict.APPROVED, "request_changes": Verdict.CHANGES_REQUESTED}
PAST_REVIEWS_SHOWN_MAX = 50


@require_safe
def show(request: HttpRequest, number: int) -> HttpResponse:
    actor = reader_of(request)
    return _show(request, actor, postmortem_reads.get_postmortem(actor, number))


@require_POST
def ask(request: HttpRequest, number: int) -> HttpResponse:
    """Ask for a review, or ask further people."""
    actor = reader_of(request)
    postmortem = postmortem_reads.get_postmortem(actor, number)
    form = AskForm(request.POST, actor=actor, postmortem=postmortem)
    if form.is_valid():
        with refusals_on(form):
            writes.ask_for_review(
                actor=actor, postmortem=postmortem, reviewers=list(form.cleaned_data["reviewers"])
            )
            messages.success(request, "It is in review. Whoever was asked gets a mail.")
            return redirect("postmortems:review", number)
    return _show(request, actor, postmortem, ask_form=form, status=400)


@require_POST
def ask_again(request: HttpRequest, number: int, person: uuid.UUID) -> HttpResponse:
    """Ask somebody who asked for changes to look at what was changed."""
    actor = reader_of(request)
    postmortem = postmortem_reads.get_postmortem(actor, number)
    reviewer = get_person(actor, person)
    try:
        writes.ask_for_review(actor=actor, postmortem=postmortem, reviewers=[reviewer])
    except InvalidInput as refusal:
        messages.warning(request, " ".join([refusal.message, *refusal.fields.values()]))
    else:
        messages.success(request, f"{reviewer} is asked to look at it again, and gets a mail.")
    return redirect("postmortems:review", number)


@require_POST
def judge(request: HttpRequest, number: int) -> HttpResponse:
    """Approve the revision that was read, or ask for changes."""
    actor = reader_of(request)
    postmortem = postmortem_reads.get_postmortem(actor, number)
    form = ReviewForm(request.POST)
    verdict = VERDICTS.get(request.POST.get("verdict", ""))
    if verdict is None:
        form.add_error(None, "Please approve it or ask for changes.")
    if form.is_valid() and verdict is not None:
        with refusals_on(form):
            writes.give_review(
                actor=actor,
                postmortem=postmortem,
                revision=form.cleaned_data["revision"],
                verdict=verdict,
                note=form.cleaned_data["note"],
            )
            messages.success(
                request, "You approved it." if verdict == Verdict.APPROVED else "The author is told."
            )
            return redirect("postmortems:review", number)
    return _show(request, actor, postmortem, review_form=form, status=400)


@require_POST
def take_back(request: HttpRequest, number: int) -> HttpResponse:
    """Take back what one said, or, by a writer, the whole post-mortem to a draft."""
    actor = reader_of(request)
    postmortem = postmortem_reads.get_postmortem(actor, number)
    if request.POST.get("what") == "draft":
        writes.take_back_to_draft(actor=actor, postmortem=postmortem)
        messages.success(request, "It is in progress again. What reviewers said is kept.")
        return redirect("postmortems:review", number)
    try:
        writes.take_back_review(actor=actor, postmortem=postmortem)
    except Conflict as refusal:
        messages.info(request, refusal.message)
    else:
        messages.success(request, "What you said is taken back.")
    return redirect("postmortems:review", number)


@require_POST
def remove_reviewer(request: HttpRequest, number: int, person: uuid.UUID) -> HttpResponse:
    actor = reader_of(request)
    postmortem = postmortem_reads.get_postmortem(actor, number)
    reviewer = get_person(actor, person)
    writes.remove_reviewer(actor=actor, postmortem=postmortem, reviewer=reviewer)
    messages.success(request, f"{reviewer} is not asked any more.")
    return redirect("postmortems:review", number)


def _show(
    request: HttpRequest,
    actor: Person,
    postmortem: Postmortem,
    *,
    ask_form: AskForm | None = None,
    review_form: ReviewForm | None = None,
    status: int = 200,
) -> HttpResponse:
    state = reads.review_of(postmortem)
    may_write = postmortem_reads.may_write(actor, postmortem)
    own = next((one.review for one in state.reviewers if one.person.pk == actor.pk), None)
    context = {
        "postmortem": postmortem,
        "state": state,
        "own": own,
        "may_be_asked_again": any(one.may_be_asked_again for one in state.reviewers),
        "was_asked_again": any(one.was_asked_again for one in state.reviewers),
        "is_draft": postmortem.status == PostmortemStatus.DRAFT,
        "is_open": postmortem.status in writes.UNDER_REVIEW,
        "may_ask": may_write and postmortem.status != PostmortemStatus.DRAFT,
        "without_access": reads.names_without_access(actor, state.demand),
        "is_stood_in": not state.demand.without_access & state.standing.approvers_missing,
        "stand_ins": (
            reads.possible_stand_ins(actor, postmortem, state.authors) if state.demand.without_access else []
        ),
        "may_write": may_write,
        "may_judge": reads.may_review(actor, postmortem) and postmortem.status != PostmortemStatus.DRAFT,
        "may_approve": state.demand.may_approve_own or actor.pk not in state.authors,
        "is_author": actor.pk == postmortem.author_id,
        "obstacles": find_obstacles(postmortem, Step.REVIEW) if may_write else [],
        "obstacles_later": find_obstacles(postmortem, Step.APPROVAL) if may_write else [],
        "remarks": draw_review_remarks(actor=actor, postmortem=postmortem),
        "ask_form": ask_form or AskForm(actor=actor, postmortem=postmortem),
        "review_form": review_form or ReviewForm(initial={"revision": state.newest.number}),
        "said": reads.all_reviews(postmortem)[:PAST_REVIEWS_SHOWN_MAX],
    }
    return render(request, "postmortems/review.html", context, status=status)


# Policies ----------------------------------------------------------------------------------------------


@require_safe
def show_policies(request: HttpRequest) -> HttpResponse:
    actor = reader_of(request)
    context = {"teams": reads.team_policies(actor), "services": reads.service_policies(actor)}
    return render(request, "postmortems/review_policies.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def edit_team_policy(request: HttpRequest, unique_id: uuid.UUID) -> HttpResponse:
    actor = reader_of(request)
    return _edit_policy(request, actor, reads.get_policy_of_team(actor, unique_id))


@require_http_methods(["GET", "HEAD", "POST"])
def edit_service_policy(request: HttpRequest, unique_id: uuid.UUID) -> HttpResponse:
    actor = reader_of(request)
    return _edit_policy(request, actor, reads.get_policy_of_service(actor, unique_id))


def _edit_policy(request: HttpRequest, actor: Person, row: PolicyRow) -> HttpResponse:
    team = row.subject if isinstance(row.subject, Team) else row.subject.team
    require_manager(actor, team)
    if request.method == "POST" and "drop" in request.POST:
        writes.drop_policy(actor=actor, subject=row.subject)
        messages.success(request, f"{row.subject} asks for nothing of its own any more.")
        return redirect("postmortems:review_policies")
    data = request.POST if request.method == "POST" else None
    form = PolicyForm(data, actor=actor, subject=row.subject, policy=row.policy)
    if form.is_valid():
        with refusals_on(form):
            writes.set_policy(actor=actor, subject=row.subject, **form.cleaned_data)
            messages.success(request, f"Saved what {row.subject} asks of reviews.")
            return redirect("postmortems:review_policies")
    context = {"form": form, "row": row, "is_team": isinstance(row.subject, Team)}
    return render(request, "postmortems/review_policy.html", context, status=400 if form.errors else 200)
