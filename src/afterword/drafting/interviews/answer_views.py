"""Where people answer: the page behind the link of a mail, the same for who is signed in, and their list.

GET changes nothing: scanners follow links.
"""

from __future__ import annotations

import uuid
from dataclasses import dataclass, field
from http import HTTPStatus

from allauth.core.internal import ratelimit
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.cache import patch_cache_control
from django.views.decorators.http import require_http_methods, require_safe

from afterword.accounts.models import Person
from afterword.drafting.interviews import reads, rules, writes
from afterword.drafting.interviews.errors import AnswerChanged, QuestionWithdrawn
from afterword.drafting.interviews.forms import AnswerForm, DeclineForm
from afterword.drafting.interviews.letters import told_in
from afterword.drafting.interviews.models import ANSWER_CHARACTERS_MAX, Interview, InterviewState
from afterword.drafting.interviews.near import evidence_near
from afterword.lib import clock
from afterword.lib.errors import NotFound
from afterword.lib.forms import refusals_on
from afterword.postmortems.rules import text_digest
from afterword.postmortems.views.reading import reader_of

RATES = {"answer_question": "60/m/ip"}
TEMPLATE = "drafting/interviews/answer.html"
SHOWN_MAX = 100


@login_not_required
@require_http_methods(["GET", "HEAD", "POST"])
def answer_by_link(request: HttpRequest, token: str) -> HttpResponse:
    """Answer as whoever was asked. The token is the right to, and to nothing else."""
    allowed = ratelimit.consume(
        request, app="afterword.drafting", action="answer_question", config=RATES, limit_get=True
    )
    if allowed is None:
        response = render(request, "429.html", status=HTTPStatus.TOO_MANY_REQUESTS)
    else:
        response = _answer(request, reads.find_interview_of_link(token), by_link=True)
    patch_cache_control(response, private=True, no_store=True)
    # The address is a secret: no other site that is opened from here gets to know it. With `no-referrer`
    # browsers would say of the form as well that it comes from nowhere, and it would be refused.
    response["Referrer-Policy"] = "same-origin"
    response["X-Robots-Tag"] = "noindex"
    return response


@require_http_methods(["GET", "HEAD", "POST"])
def answer(request: HttpRequest, unique_id: uuid.UUID) -> HttpResponse:
    """The same for somebody who is signed in, of what they themselves were asked."""
    return _answer(request, reads.get_own_interview(reader_of(request), unique_id), by_link=False)


@require_safe
def show_own(request: HttpRequest) -> HttpResponse:
    """Questions for me: those that wait, and what I said before."""
    actor = reader_of(request)
    settled = reads.own_interviews(actor).exclude(state=InterviewState.WAITING)
    context = {
        "waiting": reads.open_interviews(actor)[:SHOWN_MAX],
        "settled": settled.order_by("-settled_at", "-pk")[:SHOWN_MAX],
    }
    return render(request, "drafting/interviews/own.html", context)


@dataclass
class _Shown:
    """What the page shows of a question: as it is, or after what was sent."""

    interview: Interview
    state: str
    form: AnswerForm
    decline_form: DeclineForm = field(default_factory=DeclineForm)
    stands: str = ""
    """What was answered meanwhile, where somebody else's answer would be lost."""
    status: HTTPStatus = HTTPStatus.OK


def _answer(request: HttpRequest, interview: Interview | None, *, by_link: bool) -> HttpResponse:
    # What was typed is given back, also where it is not taken any more.
    typed = request.POST.get("text", "").strip()[:ANSWER_CHARACTERS_MAX]
    expired = {"state": "expired", "typed": typed}
    if interview is None or interview.person is None:
        return render(request, TEMPLATE, expired, status=HTTPStatus.NOT_FOUND)
    person = interview.person
    shown = _Shown(interview, _state_of(interview), AnswerForm(initial=_from(interview)))
    if request.method == "POST":
        try:
            _take(request, shown, person, "link" if by_link else "signed in", typed)
        except NotFound:
            return render(request, TEMPLATE, expired, status=HTTPStatus.NOT_FOUND)
    question = shown.interview.question
    context = {
        "interview": shown.interview,
        "question": question,
        "person": person,
        "state": shown.state,
        "form": shown.form,
        "decline_form": shown.decline_form,
        "hint": rules.HINT,
        "by_link": by_link,
        "typed": typed,
        "stands": shown.stands,
    }
    if shown.state != "withdrawn":
        context["near"] = told_in(evidence_near(question, person, now=clock.now()), person)
    with timezone.override(reads.zone_of(person)):
        return render(request, TEMPLATE, context, status=shown.status)


def _take(request: HttpRequest, shown: _Shown, person: Person, by: writes.Way, typed: str) -> None:
    """Do what was sent, and show what became of it. Raises NotFound."""
    try:
        if "decline" in request.POST:
            _take_no(request, shown, person, by)
        else:
            _take_answer(request, shown, person, by)
    except AnswerChanged as refusal:
        shown.interview = reads.find_asked_still(shown.interview.unique_id) or shown.interview
        shown.stands, shown.status = shown.interview.text, HTTPStatus.CONFLICT
        # Who sends again has seen what stands there now.
        shown.form = AnswerForm({"text": typed, "base": text_digest(shown.interview.text)})
        shown.form.add_error(None, refusal.message)
    except QuestionWithdrawn:
        shown.state, shown.status = "withdrawn", HTTPStatus.CONFLICT
    else:
        if shown.form.errors or shown.decline_form.errors:
            shown.status = HTTPStatus.BAD_REQUEST


def _take_no(request: HttpRequest, shown: _Shown, person: Person, by: writes.Way) -> None:
    form = shown.decline_form = DeclineForm(request.POST)
    if not form.is_valid():
        return
    with refusals_on(form):
        shown.interview = writes.decline(
            actor=person, interview=shown.interview, note=form.cleaned_data["note"], by=by
        )
        shown.state = "declined"


def _take_answer(request: HttpRequest, shown: _Shown, person: Person, by: writes.Way) -> None:
    form = shown.form = AnswerForm(request.POST)
    if not form.is_valid():
        return
    with refusals_on(form):
        shown.interview = writes.answer(
            actor=person,
            interview=shown.interview,
            text=form.cleaned_data["text"],
            by=by,
            base=form.cleaned_data["base"] or None,
        )
        shown.state, shown.form = "thanks", AnswerForm(initial=_from(shown.interview))


def _from(interview: Interview) -> dict[str, str]:
    return {"text": interview.text, "base": text_digest(interview.text)}


def _state_of(interview: Interview) -> str:
    if interview.state == InterviewState.ANSWERED:
        return "answered"
    if interview.question.withdrawn_at is not None:
        return "withdrawn"
    return "declined" if interview.state == InterviewState.DECLINED else "open"
