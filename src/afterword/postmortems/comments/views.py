"""What is said about a post-mortem: the conversations, section by section."""

from __future__ import annotations

import uuid
from dataclasses import dataclass, field

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.safestring import SafeString, mark_safe
from django.views.decorators.http import require_http_methods, require_POST

from afterword.accounts.models import Person
from afterword.documents import parse_markdown, render_html
from afterword.lib.forms import refusals_on
from afterword.postmortems import composition
from afterword.postmortems import reads as postmortem_reads
from afterword.postmortems.comments import reads, rules, writes
from afterword.postmortems.comments.forms import AnswerForm, CommentForm
from afterword.postmortems.comments.models import Comment, CommentThread
from afterword.postmortems.models import Postmortem, Section
from afterword.postmortems.views.reading import reader_of

NAMED_MAX = 5
"""Of those who were called in vain, so many are named."""


@dataclass(frozen=True)
class ShownComment:
    comment: Comment
    html: SafeString
    is_own: bool


@dataclass
class ShownThread:
    """A conversation, and whether the words that it is about still stand there."""

    thread: CommentThread
    comments: list[ShownComment]
    is_found: bool
    may_resolve: bool


@dataclass
class Talk:
    """A section with what is said about it."""

    section: Section | None
    title: str
    threads: list[ShownThread] = field(default_factory=list)


@require_http_methods(["GET", "HEAD", "POST"])
def show(request: HttpRequest, number: int) -> HttpResponse:
    """The conversations; POST begins one. `?section=...&quote=...` fills in the form."""
    actor = reader_of(request)
    postmortem = postmortem_reads.get_postmortem(actor, number)
    sections = postmortem_reads.sections_of(postmortem)
    form = CommentForm(
        request.POST if request.method == "POST" else None, sections=sections, given=request.GET
    )
    if form.is_valid():
        with refusals_on(form):
            comment = writes.begin_thread(actor=actor, postmortem=postmortem, **form.cleaned_data)
            _say_who_was_not_called(request, postmortem, comment)
            return _to_thread(postmortem, comment.thread)
    return _show(request, actor, postmortem, sections, form=form)


@require_POST
def answer(request: HttpRequest, number: int, unique_id: uuid.UUID) -> HttpResponse:
    actor = reader_of(request)
    postmortem = postmortem_reads.get_postmortem(actor, number)
    thread = reads.get_thread(postmortem, unique_id)
    form = AnswerForm(request.POST)
    if form.is_valid():
        with refusals_on(form):
            comment = writes.answer(
                actor=actor, postmortem=postmortem, thread=thread, text=form.cleaned_data["text"]
            )
            _say_who_was_not_called(request, postmortem, comment)
            return _to_thread(postmortem, thread)
    sections = postmortem_reads.sections_of(postmortem)
    return _show(request, actor, postmortem, sections, answers={thread.pk: form})


@require_POST
def resolve(request: HttpRequest, number: int, unique_id: uuid.UUID) -> HttpResponse:
    actor = reader_of(request)
    postmortem = postmortem_reads.get_postmortem(actor, number)
    thread = writes.resolve_thread(
        actor=actor,
        postmortem=postmortem,
        thread=reads.get_thread(postmortem, unique_id),
        is_resolved="again" not in request.POST,
    )
    return _to_thread(postmortem, thread)


@require_http_methods(["GET", "HEAD", "POST"])
def edit(request: HttpRequest, number: int, unique_id: uuid.UUID) -> HttpResponse:
    """Correct or take back what one said."""
    actor = reader_of(request)
    postmortem = postmortem_reads.get_postmortem(actor, number)
    comment = reads.get_comment(postmortem, unique_id)
    if request.method == "POST" and "delete" in request.POST:
        writes.delete_comment(actor=actor, postmortem=postmortem, comment=comment)
        messages.success(request, "The comment is gone.")
        return _to_thread(postmortem, comment.thread)
    form = AnswerForm(request.POST if request.method == "POST" else None, initial={"text": comment.text})
    if form.is_valid():
        with refusals_on(form):
            comment = writes.edit_comment(
                actor=actor, postmortem=postmortem, comment=comment, text=form.cleaned_data["text"]
            )
            _say_who_was_not_called(request, postmortem, comment)
            return _to_thread(postmortem, comment.thread)
    people = reads.callable_people(actor, postmortem)
    context = {"postmortem": postmortem, "comment": comment, "form": form, "people": people}
    return render(request, "postmortems/comment.html", context, status=400 if form.errors else 200)


def _show(
    request: HttpRequest,
    actor: Person,
    postmortem: Postmortem,
    sections: list[Section],
    *,
    form: CommentForm | None = None,
    answers: dict[int, AnswerForm] | None = None,
) -> HttpResponse:
    wanted = "resolved" if request.GET.get("show") == "resolved" else "open"
    found = reads.threads_of(postmortem, are_resolved=wanted == "resolved", also=answers or {})
    threads = found[: reads.THREADS_SHOWN_MAX]
    may_write = postmortem_reads.may_write(actor, postmortem)
    talks = {section.unique_id: Talk(section, section.title) for section in sections}
    texts: dict[uuid.UUID, str] = {}
    for thread in threads:
        talk = talks.setdefault(thread.section, Talk(None, thread.section_title))
        talk.threads.append(_shown(actor, postmortem, talk, thread, texts, may_write))
    context = {
        "postmortem": postmortem,
        "talks": [talk for talk in talks.values() if talk.threads],
        "form": form or CommentForm(None, sections=sections, given=request.GET),
        "answers": answers or {},
        "counts": reads.count_threads(postmortem),
        "wanted": wanted,
        "people": reads.callable_people(actor, postmortem),
    }
    refused = bool((form and form.errors) or answers)
    return render(request, "postmortems/comments.html", context, status=400 if refused else 200)


def _shown(
    actor: Person,
    postmortem: Postmortem,
    talk: Talk,
    thread: CommentThread,
    texts: dict[uuid.UUID, str],
    may_write: bool,
) -> ShownThread:
    is_found = talk.section is not None
    if talk.section is not None and thread.quote:
        if thread.section not in texts:
            texts[thread.section] = composition.read_section(
                talk.section, reader=actor, postmortem=postmortem
            )
        anchor = rules.Anchor(thread.quote, thread.before, thread.after)
        is_found = rules.find_anchor(texts[thread.section], anchor) is not None
    comments = [
        ShownComment(comment, _html(comment), comment.person_id == actor.pk)
        for comment in thread.comments.all()
    ]
    may_resolve = may_write or any(one.is_own for one in comments)
    return ShownThread(thread, comments, is_found, may_resolve)


def _html(comment: Comment) -> SafeString:
    html = render_html(
        parse_markdown(comment.text), heading_offset=3, id_prefix=f"comment-{comment.unique_id.hex[:8]}"
    )
    return mark_safe(html)  # noqa: S308 - cleaned by the renderer


def _say_who_was_not_called(request: HttpRequest, postmortem: Postmortem, comment: Comment) -> None:
    """It is said all the same: an @ may be meant for something else."""
    if "@" in comment.text and (accounts := reads.called_in_vain(postmortem, comment.text)):
        named = ", ".join(f"@{account}" for account in accounts[:NAMED_MAX])
        messages.warning(
            request, f"Nobody who can read this post-mortem is called {named}, so nobody got a mail for it."
        )


def _to_thread(postmortem: Postmortem, thread: CommentThread) -> HttpResponse:
    page = reverse("postmortems:comments", args=[postmortem.number])
    show = "?show=resolved" if thread.resolved_at is not None else ""
    return redirect(f"{page}{show}#thread-{thread.unique_id}")
