"""The questions of a post-mortem: what was asked and answered, what a draft would ask, and asking."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from dataclasses import dataclass

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from afterword.accounts.models import Person
from afterword.accounts.reads import require_write
from afterword.drafting.claims import Claim
from afterword.drafting.evidence.book import Piece
from afterword.drafting.evidence.reads import collect_for_document
from afterword.drafting.interviews import reads, rules, writes
from afterword.drafting.interviews.errors import QuestionWithdrawn
from afterword.drafting.interviews.forms import PeopleForm, QuestionForm
from afterword.drafting.interviews.models import Interview, InterviewState, Question
from afterword.drafting.interviews.near import questions_of_draft
from afterword.language import Finding, Kind, Severity, Target
from afterword.lib import clock
from afterword.lib.forms import refusals_on
from afterword.postmortems import reads as postmortem_reads
from afterword.postmortems.models import Postmortem
from afterword.postmortems.views.reading import reader_of
from afterword.wording.checking import find_once
from afterword.wording.reads import options_for

DRAFT_QUESTIONS_SHOWN_MAX = 30
ANSWERS_ON_PANEL_MAX = 3
LOOKED_AT_MAX = reads.QUESTIONS_MAX


@dataclass(frozen=True)
class ShownQuestion:
    """A question as its page shows it."""

    question: Question
    interviews: list[Interview]
    evidence: list[Piece]
    can_ask_others: bool
    people_form: PeopleForm | None
    """To ask others, where somebody wants to: a page with all people below each question would be huge."""

    @property
    def waits(self) -> bool:
        """Whether anybody still has to answer it."""
        return self.question.withdrawn_at is None and any(one.is_open for one in self.interviews)


@require_safe
def show(request: HttpRequest, number: int) -> HttpResponse:
    """The whole page, or for the document's page only what was answered."""
    actor = reader_of(request)
    postmortem = postmortem_reads.get_postmortem(actor, number)
    if request.headers.get("HX-Request") == "true":
        return _show_panel(request, actor, postmortem)
    return _show(request, actor, postmortem)


@require_http_methods(["GET", "HEAD", "POST"])
def ask(request: HttpRequest, number: int) -> HttpResponse:
    """Ask what a draft asks (`?claim=KEY`), or something else."""
    actor = reader_of(request)
    postmortem = postmortem_reads.get_postmortem(actor, number)
    require_write(actor, postmortem.team)
    posted = request.method == "POST"
    key = (request.POST if posted else request.GET).get("claim", "")
    claim, suggested = _claim_of(postmortem, key)
    form = QuestionForm(
        request.POST if posted else None,
        actor=actor,
        # Whoever asks does not know.
        suggested=[one for one in suggested if one.person.pk != actor.pk],
        others=reads.people_to_ask(postmortem),
        text=claim.text if claim is not None else "",
    )
    findings: list[Finding] = []
    if posted and form.is_valid():
        if not form.cleaned_data["as_is"]:
            findings = blame_in(form.cleaned_data["text"], postmortem)
        if not findings:
            with refusals_on(form):
                writes.ask(
                    actor,
                    document=postmortem,
                    text=form.cleaned_data["text"],
                    people=list(form.cleaned_data["people"]),
                    claim=claim,
                )
                messages.success(request, "It is asked. You get a mail when there is an answer.")
                return redirect("drafting:questions", number)
    context = {
        "postmortem": postmortem,
        "form": form,
        "claim_key": key if claim is not None else "",
        "is_gone": bool(key) and claim is None,
        "findings": findings,
        "hint": rules.HINT,
    }
    status = 400 if form.errors or findings else 200
    return render(request, "drafting/interviews/ask.html", context, status=status)


@require_POST
def ask_others(request: HttpRequest, number: int, unique_id: uuid.UUID) -> HttpResponse:
    """Ask further people the same."""
    actor = reader_of(request)
    postmortem = postmortem_reads.get_postmortem(actor, number)
    question = reads.get_question(actor, postmortem, unique_id)
    form = PeopleForm(request.POST, actor=actor, suggested=[], others=reads.people_to_ask(postmortem))
    if form.is_valid():
        try:
            with refusals_on(form):
                writes.ask_others(actor=actor, question=question, people=list(form.cleaned_data["people"]))
                messages.success(request, "They are asked too.")
                return redirect("drafting:questions", number)
        except QuestionWithdrawn as refusal:
            form.add_error(None, refusal.message)
    return _show(request, actor, postmortem, forms={question.pk: form})


@require_POST
def withdraw(request: HttpRequest, number: int, unique_id: uuid.UUID) -> HttpResponse:
    """Nobody has to answer it any more."""
    actor = reader_of(request)
    postmortem = postmortem_reads.get_postmortem(actor, number)
    writes.withdraw(actor=actor, question=reads.get_question(actor, postmortem, unique_id))
    messages.success(request, "The question is taken back. What was answered stays.")
    return redirect("drafting:questions", number)


def _show(
    request: HttpRequest,
    actor: Person,
    postmortem: Postmortem,
    *,
    forms: dict[int, PeopleForm] | None = None,
) -> HttpResponse:
    may_write = postmortem_reads.may_write(actor, postmortem)
    questions = list(reads.questions_of(actor, postmortem)[:LOOKED_AT_MAX])
    book = collect_for_document(postmortem, now=clock.now())
    people = reads.people_to_ask(postmortem) if may_write else []
    shown = []
    for question in questions:
        interviews = list(question.interviews.all())
        asked = {one.person_id for one in interviews}
        left = [one for one in people if one.pk not in asked]
        form = (forms or {}).get(question.pk)
        can_ask_others = bool(left) and question.withdrawn_at is None
        if form is None and can_ask_others and request.GET.get("ask") == str(question.unique_id):
            form = PeopleForm(actor=actor, suggested=[], others=left)
        evidence = [one for one in book.cited(question.evidence) if one.kind != "incident"]
        shown.append(ShownQuestion(question, interviews, evidence, can_ask_others, form))
    of_draft = []
    for one in questions_of_draft(postmortem, now=clock.now(), book=book) if may_write else []:
        of_draft.append((one, [who.person for who in one.people if who.person.pk != actor.pk]))
    context = {
        "postmortem": postmortem,
        "may_write": may_write,
        "questions": shown,
        "counts": reads.count_answers(postmortem),
        "of_draft": of_draft[:DRAFT_QUESTIONS_SHOWN_MAX],
        "actor": actor,
    }
    refused = any(form.errors for form in (forms or {}).values())
    return render(request, "drafting/interviews/questions.html", context, status=400 if refused else 200)


def _show_panel(request: HttpRequest, actor: Person, postmortem: Postmortem) -> HttpResponse:
    questions = list(reads.questions_of(actor, postmortem)[:LOOKED_AT_MAX])
    answers = [
        (question, one)
        for question in questions
        for one in question.interviews.all()
        if one.state == InterviewState.ANSWERED
    ]
    answers.sort(key=lambda pair: (pair[1].settled_at, pair[1].pk), reverse=True)
    context = {
        "postmortem": postmortem,
        "answers": answers[:ANSWERS_ON_PANEL_MAX],
        "counts": reads.count_answers(postmortem),
        "may_write": postmortem_reads.may_write(actor, postmortem),
    }
    return render(request, "drafting/interviews/_panel.html", context)


def _claim_of(postmortem: Postmortem, key: str) -> tuple[Claim | None, Sequence[reads.Suggested]]:
    """The question of a draft that a key stands for now, and who could answer it."""
    if key:
        for one in questions_of_draft(postmortem, now=clock.now()):
            if one.key == key:
                return one.claim, one.people
    return None, reads.suggest_people(postmortem)


def blame_in(text: str, postmortem: Postmortem) -> list[Finding]:
    """What the language check hears as blame in a question about a post-mortem, and what asks its reader for
    a justification: the check is about what is told, and does not hear that.
    """
    found = [one for one in find_once(text, options_for(postmortem)) if one.kind == Kind.BLAME]
    for start, end in rules.asks_to_justify(text):
        if all(one.end <= start or end <= one.start for one in found):
            found.append(
                Finding(
                    Kind.BLAME,
                    "second_guess",
                    Severity.WARNING,
                    Target.PERSON,
                    start,
                    end,
                    text[start:end],
                    "This asks for a justification.",
                    question=rules.ASKS_INSTEAD,
                )
            )
    return sorted(found, key=lambda one: one.start)
