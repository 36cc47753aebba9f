"""Every change to comments. Who reads a post-mortem may say something about it, viewers too."""

from __future__ import annotations

import uuid
from collections.abc import Iterable

from django.db import transaction

from afterword.accounts.models import Person
from afterword.accounts.reads import require_write
from afterword.audit.writes import record
from afterword.letters.writes import queue_letters
from afterword.lib import clock
from afterword.lib.errors import InvalidInput, NotAllowed
from afterword.lib.text import many_lines
from afterword.postmortems import composition
from afterword.postmortems import reads as postmortem_reads
from afterword.postmortems.comments import reads, rules
from afterword.postmortems.comments.letters import COMMENTED
from afterword.postmortems.comments.models import COMMENT_LENGTH_MAX, QUOTE_LENGTH_MAX, Comment, CommentThread
from afterword.postmortems.models import Postmortem

THREADS_MAX = 1_000
COMMENTS_PER_THREAD_MAX = 500


@transaction.atomic
def begin_thread(
    *,
    actor: Person,
    postmortem: Postmortem,
    section: uuid.UUID,
    text: str,
    quote: str = "",
    hint: str = "",
) -> Comment:
    """Say something about a section, or about the words `quote` in it, as they are read on the page.

    `hint` is what stands right before the words. Raises InvalidInput when the words do not stand there,
    NotFound.
    """
    postmortem = postmortem_reads.lock_postmortem(actor, postmortem)
    found = postmortem_reads.get_section(postmortem, section)
    if CommentThread.objects.filter(postmortem=postmortem).count() >= THREADS_MAX:
        raise InvalidInput(fields={"text": f"There is no room for more than {THREADS_MAX:,} conversations."})
    anchor = None
    if quote.strip():
        if len(quote) > QUOTE_LENGTH_MAX:
            raise InvalidInput(fields={"quote": f"Please pick at most {QUOTE_LENGTH_MAX:,} characters."})
        shown = composition.read_section(found, reader=actor, postmortem=postmortem)
        anchor = rules.make_anchor(shown, quote, hint)
        if anchor is None:
            raise InvalidInput(
                fields={"quote": "These words do not stand in the section. Copy them as they are read there."}
            )
    text = _usable(text)
    thread = CommentThread.objects.create(
        postmortem=postmortem,
        section=found.unique_id,
        section_title=found.title,
        quote=anchor.quote if anchor else "",
        before=anchor.before if anchor else "",
        after=anchor.after if anchor else "",
        created_at=clock.now(),
    )
    return _say(actor, postmortem, thread, text)


@transaction.atomic
def answer(*, actor: Person, postmortem: Postmortem, thread: CommentThread, text: str) -> Comment:
    """Say something in a thread; a resolved one is open again. Raises InvalidInput, NotFound."""
    postmortem = postmortem_reads.lock_postmortem(actor, postmortem)
    thread = reads.get_thread(postmortem, thread.unique_id)
    if Comment.objects.filter(thread=thread).count() >= COMMENTS_PER_THREAD_MAX:
        raise InvalidInput(fields={"text": "This conversation is full. Begin another one."})
    text = _usable(text)
    if thread.resolved_at is not None:
        thread.resolved_at = thread.resolved_by = None
        thread.save(update_fields=["resolved_at", "resolved_by"])
    return _say(actor, postmortem, thread, text)


@transaction.atomic
def edit_comment(*, actor: Person, postmortem: Postmortem, comment: Comment, text: str) -> Comment:
    """Correct what one said. Nobody is told again but those who are mentioned anew.

    Raises InvalidInput, NotAllowed to anyone but who said it, NotFound.
    """
    postmortem = postmortem_reads.lock_postmortem(actor, postmortem)
    comment = reads.get_comment(postmortem, comment.unique_id)
    if comment.person_id != actor.pk:
        raise NotAllowed("Only who said it can correct it.")
    text = _usable(text)
    if text == comment.text:
        return comment
    comment.text, comment.edited_at = text, clock.now()
    comment.save(update_fields=["text", "edited_at"])
    before = set(comment.mentioned.values_list("pk", flat=True))
    mentioned = _mention(comment, postmortem)
    _tell(comment, [person for person in mentioned if person.pk not in before | {actor.pk}], mentioned=True)
    _record(actor, postmortem, "comment.edited", comment)
    return comment


@transaction.atomic
def delete_comment(*, actor: Person, postmortem: Postmortem, comment: Comment) -> None:
    """Take back what one said; its place stays. A writer may take away what others said, too.

    Raises NotAllowed, NotFound.
    """
    postmortem = postmortem_reads.lock_postmortem(actor, postmortem)
    comment = reads.get_comment(postmortem, comment.unique_id)
    if comment.person_id != actor.pk:
        require_write(actor, postmortem.team)
    comment.text, comment.deleted_at = "", clock.now()
    comment.save(update_fields=["text", "deleted_at"])
    comment.mentioned.clear()
    _record(actor, postmortem, "comment.deleted", comment)


@transaction.atomic
def resolve_thread(
    *, actor: Person, postmortem: Postmortem, thread: CommentThread, is_resolved: bool = True
) -> CommentThread:
    """Call a thread settled, or open it again. Who wrote in it may, and who writes the post-mortem.

    Raises NotAllowed, NotFound.
    """
    postmortem = postmortem_reads.lock_postmortem(actor, postmortem)
    thread = reads.get_thread(postmortem, thread.unique_id)
    if actor.pk not in reads.people_in(thread):
        require_write(actor, postmortem.team)
    if (thread.resolved_at is not None) != is_resolved:
        thread.resolved_at = clock.now() if is_resolved else None
        thread.resolved_by = actor if is_resolved else None
        thread.save(update_fields=["resolved_at", "resolved_by"])
        action = "comment_thread.resolved" if is_resolved else "comment_thread.reopened"
        record(
            actor=actor,
            action=action,
            subject=thread,
            team_id=postmortem.team_id,
            data={"postmortem": postmortem.number},
        )
    return thread


def _say(actor: Person, postmortem: Postmortem, thread: CommentThread, text: str) -> Comment:
    comment = Comment.objects.create(thread=thread, person=actor, text=text, at=clock.now())
    mentioned = [person for person in _mention(comment, postmortem) if person.pk != actor.pk]
    _tell(comment, mentioned, mentioned=True)
    concerned = reads.people_in(thread) | {postmortem.author_id}
    if postmortem.owner_id is not None:
        concerned.add(postmortem.owner_id)
    told = {person.pk for person in mentioned} | {actor.pk}
    _tell(comment, Person.objects.filter(pk__in=concerned - told), mentioned=False)
    _record(actor, postmortem, "comment.made", comment)
    return comment


def _mention(comment: Comment, postmortem: Postmortem) -> list[Person]:
    accounts = rules.mentioned_accounts(comment.text)
    if not accounts:
        comment.mentioned.clear()
        return []
    people = reads.people_to_mention(postmortem)
    meant = rules.match_accounts(accounts, reads.known_accounts(people))
    mentioned = [person for person in people if person.pk in meant]
    comment.mentioned.set(mentioned)
    return mentioned


def _tell(comment: Comment, people: Iterable[Person], *, mentioned: bool) -> None:
    queue_letters(kind=COMMENTED, people=people, about={"comment": comment.pk, "mentioned": mentioned})


def _usable(text: str) -> str:
    return many_lines("text", text, characters_max=COMMENT_LENGTH_MAX, required=True)


def _record(actor: Person, postmortem: Postmortem, action: str, comment: Comment) -> None:
    record(
        actor=actor,
        action=action,
        subject=comment,
        team_id=postmortem.team_id,
        data={"postmortem": postmortem.number, "thread": str(comment.thread.unique_id)},
    )
