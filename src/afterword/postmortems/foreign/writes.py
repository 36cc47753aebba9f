"""What clients of other products change in a way that no page of ours does."""

from __future__ import annotations

from collections.abc import Sequence

from django.db import transaction

from afterword.accounts.models import Person, Team
from afterword.accounts.reads import require_write, writable_teams
from afterword.audit.writes import record
from afterword.incidents.models import Incident
from afterword.lib import clock
from afterword.lib.errors import Conflict, InvalidInput
from afterword.postmortems import reads as postmortem_reads
from afterword.postmortems import writes as postmortem_writes
from afterword.postmortems.foreign import reads, rules
from afterword.postmortems.importing.markdown import FILE_BYTES_MAX, GuessedSection, guess_sections
from afterword.postmortems.importing.writes import make_document, usable_section
from afterword.postmortems.models import Postmortem, PostmortemStatus, Section, SectionKind
from afterword.postmortems.publishing.errors import NotApproved
from afterword.postmortems.publishing.models import Audience
from afterword.postmortems.publishing.writes import publish
from afterword.postmortems.review.rules import AUTHOR_CHANGED
from afterword.postmortems.review.writes import ask_for_review, take_back_to_draft


def move_to(*, actor: Person, postmortem: Postmortem, status: str) -> Postmortem:
    """Bring it to a status by the steps that people take: ask for a review, take back, publish for the team.

    A word of another product approves nothing: raises NotApproved where approvals are missing, Conflict for
    what is published, NotReady, NotAllowed, NotFound.
    """
    require_write(actor, postmortem.team)
    if status == postmortem.status:
        return postmortem
    if postmortem.status == PostmortemStatus.PUBLISHED:
        if status == PostmortemStatus.APPROVED:
            return postmortem
        raise Conflict("It is published: withdraw the publications first.")
    if status == PostmortemStatus.DRAFT:
        return take_back_to_draft(actor=actor, postmortem=postmortem)
    is_enough = status == PostmortemStatus.IN_REVIEW
    if postmortem.status == PostmortemStatus.DRAFT:
        postmortem = ask_for_review(
            actor=actor, postmortem=postmortem, unless_approved=None if is_enough else NotApproved
        )
    if not is_enough and postmortem.status != PostmortemStatus.APPROVED:
        raise NotApproved
    if status == PostmortemStatus.PUBLISHED:
        publish(actor=actor, postmortem=postmortem, audience=Audience.TEAM)
    return postmortem_reads.get_postmortem(actor, postmortem.number)


@transaction.atomic
def set_status_word(*, actor: Person, postmortem: Postmortem, word: str) -> Postmortem:
    """A status in somebody's words: one that we know moves it, any other is its free status text.

    All of it happens or nothing. Raises what `move_to` raises, and InvalidInput.
    """
    status = rules.status_of_word(word)
    if status is None:
        return _set_status_text(actor, postmortem, word) if word.strip() else postmortem
    if postmortem.status_text and postmortem.status in (
        PostmortemStatus.APPROVED,
        PostmortemStatus.PUBLISHED,
    ):
        postmortem = _clear_status_text(actor, postmortem)
    elif postmortem.status_text:
        postmortem = _set_status_text(actor, postmortem, "")
    return move_to(actor=actor, postmortem=postmortem, status=status)


@transaction.atomic
def create_from_text(
    *,
    actor: Person,
    team: Team,
    author: Person,
    incidents: Sequence[Incident],
    title: str,
    text: str | None,
) -> Postmortem:
    """Begin a post-mortem of a team with one text for all sections, or with the template where there is none.

    About incidents it has the sections of the template, and what the text says under its headings stands in
    those of the same title. Raises InvalidInput, NotFound, NotAllowed.
    """
    require_write(actor, team)
    if incidents:
        postmortem = postmortem_writes.create_postmortem(
            actor=actor, incidents=incidents, title=title, author=author
        )
        return rewrite_text(actor=actor, postmortem=postmortem, text=text) if text else postmortem
    if not writable_teams(author).filter(pk=team.pk).exists():
        raise InvalidInput(fields={"author": f"The author must be someone who may write in the team {team}."})
    postmortem = make_document(
        actor=actor,
        team=team,
        title=title,
        author=author,
        sections=_sections_in(text or ""),
        note="By a program",
    )
    record(
        actor=actor,
        action="postmortem.created",
        subject=postmortem,
        team_id=team.pk,
        data={"incidents": [], "template": postmortem.template_name},
    )
    return postmortem


@transaction.atomic
def rewrite_text(*, actor: Person, postmortem: Postmortem, text: str) -> Postmortem:
    """Make its sections say what one text says under its headings; what stood there stays in the history.

    A section with a heading of the same title takes the text. New headings become sections behind the others.
    A section that the text does not name is emptied, and goes where only a text like this had made it. Raises
    InvalidInput, NotAllowed, NotFound.
    """
    require_write(actor, postmortem.team)
    postmortem = postmortem_reads.lock_postmortem(actor, postmortem)
    present = postmortem_reads.sections_of(postmortem)
    if text == rules.one_text((section.title, section.text) for section in present):
        return postmortem
    wanted = _sections_in(text)
    by_title: dict[str, list[Section]] = {}
    for section in present:
        by_title.setdefault(section.title.casefold(), []).append(section)
    first: list[Section] = []
    last: list[Section] = []
    named: set[int] = set()
    for new in wanted:
        same = by_title.get(new.title.casefold(), [])
        if same:
            section = same.pop(0)
            named.add(section.pk)
            _put(section, new.text)
            continue
        made = Section(postmortem=postmortem, title=new.title, kind=SectionKind.PROSE, text=new.text)
        # What has no heading in the text stands before what has one.
        (first if new.title in rules.OUR_TITLES else last).append(made)
    kept = []
    for section in present:
        if section.pk not in named:
            if not (section.kind == SectionKind.LIVE or section.help_text or section.field_names):
                section.delete()
                continue
            _put(section, "")
        kept.append(section)
    for position, section in enumerate([*first, *kept, *last]):
        section.position = position
        section.save()
    now = clock.now()
    postmortem.updated_at = now
    postmortem.save(update_fields=["updated_at"])
    revision = postmortem_writes.keep_revision(postmortem, actor, now, note="The whole text, by a program")
    record(
        actor=actor,
        action="postmortem.rewritten",
        subject=postmortem,
        at=now,
        team_id=postmortem.team_id,
        data={"revision": revision.number},
    )
    return postmortem


@transaction.atomic
def change_author(*, actor: Person, postmortem: Postmortem, author: Person) -> Postmortem:
    """Name somebody else as its author. Raises InvalidInput, NotAllowed, NotFound."""
    require_write(actor, postmortem.team)
    postmortem = postmortem_reads.lock_postmortem(actor, postmortem)
    before = postmortem.author
    if author == before:
        return postmortem
    if not author.is_active or not writable_teams(author).filter(pk=postmortem.team_id).exists():
        reason = f"The author must be someone who may write in the team {postmortem.team}."
        raise InvalidInput(fields={"author": reason})
    now = clock.now()
    postmortem.author, postmortem.updated_at = author, now
    postmortem.save(update_fields=["author", "updated_at"])
    revision = postmortem_writes.keep_revision(postmortem, actor, now, note=AUTHOR_CHANGED)
    record(
        actor=actor,
        action="postmortem.changed",
        subject=postmortem,
        at=now,
        team_id=postmortem.team_id,
        data={
            "before": {"author": str(before)},
            "after": {"author": str(author)},
            "authors": [str(before.unique_id), str(author.unique_id)],
            "revision": revision.number,
        },
    )
    return postmortem


@transaction.atomic
def delete_postmortem(*, actor: Person, postmortem: Postmortem) -> None:
    """Delete a draft that nobody else wrote in, for good; a file that it was imported from may come again.

    Raises Conflict for one in review or beyond, one that was published, and one in which somebody else
    saved, said or judged something: their work is not the actor's to delete. NotAllowed, NotFound.
    """
    require_write(actor, postmortem.team)
    postmortem = postmortem_reads.lock_postmortem(actor, postmortem)
    require_deletable(actor, postmortem)
    record(
        actor=actor,
        action="postmortem.deleted",
        subject=postmortem,
        team_id=postmortem.team_id,
        data={"incidents": [incident.number for incident in postmortem_reads.incidents_of(postmortem)]},
    )
    postmortem.delete()


def require_deletable(actor: Person, postmortem: Postmortem) -> None:
    """Raises Conflict, with the reason, where `delete_postmortem` would."""
    if postmortem.status != PostmortemStatus.DRAFT or reads.was_published(postmortem):
        raise Conflict("Only a draft that was never published can be deleted.")
    if reads.others_in(actor, postmortem):
        raise Conflict("Somebody else wrote in it too: what they wrote is not deleted.")


def _set_status_text(actor: Person, postmortem: Postmortem, text: str) -> Postmortem:
    return postmortem_writes.change_cover(actor=actor, postmortem=postmortem, status_text=text)


def _clear_status_text(actor: Person, postmortem: Postmortem) -> Postmortem:
    """Without a revision: nobody changed a word of the document, and what is approved shall stay so."""
    require_write(actor, postmortem.team)
    postmortem = postmortem_reads.lock_postmortem(actor, postmortem)
    before, now = postmortem.status_text, clock.now()
    postmortem.status_text, postmortem.updated_at = "", now
    postmortem.save(update_fields=["status_text", "updated_at"])
    record(
        actor=actor,
        action="postmortem.changed",
        subject=postmortem,
        at=now,
        team_id=postmortem.team_id,
        data={"before": {"status_text": before}, "after": {"status_text": ""}},
    )
    return postmortem


def _sections_in(text: str) -> list[GuessedSection]:
    if len(text.encode(errors="replace")) > FILE_BYTES_MAX:
        raise InvalidInput(fields={"postmortem_data": f"At most {FILE_BYTES_MAX // 1024} KB."})
    return [usable_section(section) for section in guess_sections(text)]


def _put(section: Section, text: str) -> None:
    if section.text != text:
        section.text = text
        section.version += 1
        section.save(update_fields=["text", "version"])
