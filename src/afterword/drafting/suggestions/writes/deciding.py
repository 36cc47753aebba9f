"""Accepting, rejecting and undoing what a draft suggests."""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Sequence

from django.db import transaction

from afterword.accounts.models import Person
from afterword.accounts.reads import require_write
from afterword.audit.models import AuditEvent
from afterword.documents import plain_text, read_texts
from afterword.drafting.suggestions import reads, rules
from afterword.drafting.suggestions.errors import AlreadyDecided, ChangedSince, NothingToUndo
from afterword.drafting.suggestions.models import (
    RECORD,
    Citation,
    ClaimState,
    Decision,
    SuggestedClaim,
)
from afterword.drafting.suggestions.reads.sight import sight_of
from afterword.drafting.suggestions.writes.recording import lock_waiting, record_in
from afterword.followups.models import TITLE_LENGTH_MAX, FollowUp
from afterword.followups.reads import lock_follow_up
from afterword.followups.writes import create_follow_up, delete_follow_up
from afterword.incidents.models import Incident
from afterword.lib import clock
from afterword.lib.errors import InvalidInput, NotFound
from afterword.lib.text import many_lines
from afterword.postmortems.comments.rules import Anchor, make_anchor, squeeze
from afterword.postmortems.models import Postmortem, Section
from afterword.postmortems.reads import (
    get_section,
    incidents_of,
    incidents_seen_by,
    latest_revision,
    lock_postmortem,
    organisation_zone,
)
from afterword.postmortems.rules import prose_blocks, spans_days
from afterword.postmortems.writes import save_section

EDITED_CHARACTERS_MAX = 4_000
"""Of a suggestion that is accepted with other words."""
WORKED_ON = (
    "Somebody has worked on the follow-up since, so it was left as it is. Delete it by hand if it shall go."
)


@transaction.atomic
def accept_claims(
    *,
    actor: Person,
    postmortem: Postmortem,
    claims: Sequence[SuggestedClaim],
    section: uuid.UUID | None = None,
    text: str | None = None,
) -> Decision:
    """Append what these suggest to a section, the one that they are for or another of the document.

    What stands in the section stays as it is, whoever saved it meanwhile; the revision says who wrote the
    words. `text`, Markdown of at most `EDITED_CHARACTERS_MAX` characters, stands in place of a single one's
    own. Raises AlreadyDecided, InvalidInput, NotAllowed, NotFound.
    """
    require_write(actor, postmortem.team)
    postmortem = lock_postmortem(actor, postmortem)
    rows = lock_waiting(postmortem, claims)
    _require_there(actor, postmortem, rows)
    if text is not None and len(rows) > 1:
        raise InvalidInput(fields={"text": "Other words are for one suggestion at a time."})
    target = _target(postmortem, rows, section)
    words = _words_of(rows, postmortem, text)
    before = target.text
    added = ""
    for key in dict.fromkeys(row.key for row in rows):
        own = [written for row, written in zip(rows, words, strict=True) if row.key == key]
        ours = _own_end(postmortem, target, key)
        added += rules.join_words(before + added, own, key=key, ours=ours)
    decision = Decision.objects.create(
        postmortem=postmortem,
        verdict=ClaimState.ACCEPTED if text is None else ClaimState.EDITED,
        section=target.unique_id,
        section_title=target.title,
        made_at=clock.now(),
        made_by=actor,
    )
    target = save_section(
        actor=actor,
        section=target,
        text=before + added,
        version=target.version,
        note=_note(rows, is_edited=text is not None),
    )
    # What is kept of a text has no empty ends.
    decision.words = target.text[len(before) :] if target.text.startswith(before) else added
    decision.revision = latest_revision(postmortem).number
    decision.save(update_fields=["words", "revision"])
    _settle(rows, decision, decision.verdict)
    _cite(decision, target, rows, words)
    record_in(
        actor,
        "suggestions.accepted",
        postmortem,
        decision,
        section=str(target.unique_id),
        claims=len(rows),
        edited=text is not None,
        revision=decision.revision,
        written_by=_writers(rows),
    )
    return decision


@transaction.atomic
def reject_claims(*, actor: Person, postmortem: Postmortem, claims: Sequence[SuggestedClaim]) -> Decision:
    """Want none of these. Later drafts do not suggest the same again.

    Raises AlreadyDecided, InvalidInput, NotAllowed, NotFound.
    """
    require_write(actor, postmortem.team)
    postmortem = lock_postmortem(actor, postmortem)
    rows = lock_waiting(postmortem, claims)
    decision = Decision.objects.create(
        postmortem=postmortem,
        verdict=ClaimState.REJECTED,
        section=rows[0].section,
        made_at=clock.now(),
        made_by=actor,
    )
    _settle(rows, decision, ClaimState.REJECTED)
    record_in(actor, "suggestions.rejected", postmortem, decision, claims=len(rows))
    return decision


@transaction.atomic
def make_follow_up(
    *,
    actor: Person,
    postmortem: Postmortem,
    claim: SuggestedClaim,
    incident: Incident | None = None,
    title: str | None = None,
) -> FollowUp:
    """Have a proposal become a follow-up of the document's incident: `incident`, or the first that the
    actor may write in. Raises AlreadyDecided, InvalidInput, NotAllowed, NotFound.
    """
    require_write(actor, postmortem.team)
    postmortem = lock_postmortem(actor, postmortem)
    [row] = lock_waiting(postmortem, [claim])
    if row.kind != "proposal":
        raise InvalidInput(fields={"claim": "Only a proposal can become a follow-up."})
    _require_there(actor, postmortem, [row])
    if incident is None:
        seen = [one for one, is_seen in incidents_seen_by(actor, postmortem) if is_seen]
        if not seen:
            raise NotFound
        incident = seen[0]
    whole = plain_text(row.text if title is None else title)
    short = whole if len(whole) <= TITLE_LENGTH_MAX else whole[: TITLE_LENGTH_MAX - 1].rstrip() + "…"
    follow_up = create_follow_up(
        actor=actor,
        incident=incident,
        title=short if title is None else title,
        description=whole if short != whole else "",
    )
    decision = Decision.objects.create(
        postmortem=postmortem,
        verdict=ClaimState.ACCEPTED,
        section=row.section,
        made_at=clock.now(),
        made_by=actor,
    )
    row.follow_up = follow_up
    row.save(update_fields=["follow_up"])
    _settle([row], decision, ClaimState.ACCEPTED)
    record_in(
        actor, "suggestions.accepted", postmortem, decision, claims=1, follow_up=str(follow_up.unique_id)
    )
    return follow_up


@transaction.atomic
def undo_last(*, actor: Person, postmortem: Postmortem, decision: Decision | None = None) -> Decision:
    """Take the last decision back: its suggestions wait again, its words are taken out where they still
    stand as they were put there, the follow-up that it made is deleted where nobody has worked on it. What
    a newer draft does not say any more, or says otherwise, does not wait again: what that says waits.

    `decision` is the one that the actor means: raises ChangedSince when it is not the last any more, or
    when the words or the follow-up were changed; NothingToUndo, NotAllowed, NotFound.
    """
    require_write(actor, postmortem.team)
    postmortem = lock_postmortem(actor, postmortem)
    last = reads.last_decision(postmortem)
    if last is None and decision is None:
        raise NothingToUndo
    if decision is not None and (last is None or decision.pk != last.pk):
        decision.refresh_from_db()
        if decision.undone_at is not None:
            raise ChangedSince("This decision was undone already.")
        raise ChangedSince("Somebody has decided on something else meanwhile. Look at it again.")
    assert last is not None, "it is refused above"
    if last.words and last.section is not None:
        _take_words_out(actor, postmortem, last)
    for made in FollowUp.objects.filter(pk__in=last.claims.values("follow_up")):
        made = lock_follow_up(actor, made)
        if _was_worked_on(made):
            raise ChangedSince(WORKED_ON)
        delete_follow_up(actor=actor, follow_up=made)
    now = clock.now()
    Citation.objects.filter(decision=last, dropped_at__isnull=True).update(dropped_at=now)
    last.claims.filter(outdated_at__isnull=False).update(state=ClaimState.REPLACED)
    last.claims.filter(outdated_at__isnull=True).update(state=ClaimState.WAITING)
    last.claims.update(decision=None, follow_up=None)
    last.undone_at, last.undone_by = now, actor
    last.save(update_fields=["undone_at", "undone_by"])
    record_in(actor, "suggestions.undone", postmortem, last)
    return last


@transaction.atomic
def drop_citation(*, actor: Person, postmortem: Postmortem, citation: Citation) -> None:
    """Take the mark away and leave the words: they are then their writer's own.

    Raises NotAllowed, NotFound.
    """
    require_write(actor, postmortem.team)
    postmortem = lock_postmortem(actor, postmortem)
    citation = reads.get_citation(postmortem, citation.unique_id)
    citation.dropped_at = clock.now()
    citation.save(update_fields=["dropped_at"])
    record_in(actor, "citation.dropped", postmortem, citation, section=str(citation.section))


def _require_there(actor: Person, postmortem: Postmortem, rows: Sequence[SuggestedClaim]) -> None:
    wanted = {one for row in rows for one in row.evidence}
    if not sight_of(actor, postmortem, wanted).there.issuperset(wanted):
        raise AlreadyDecided("Its evidence is not in the record any more. Draft it again.")


def _target(postmortem: Postmortem, rows: Sequence[SuggestedClaim], section: uuid.UUID | None) -> Section:
    if section is None:
        meant = {row.section for row in rows}
        if len(meant) > 1:
            raise InvalidInput(fields={"section": "These are for different sections. Please choose one."})
        section = meant.pop()
    if section is None:
        raise InvalidInput(fields={"section": "Please choose the section that shall have it."})
    try:
        return get_section(postmortem, section)
    except NotFound as error:
        raise InvalidInput(fields={"section": "There is no such section."}) from error


def _words_of(rows: Sequence[SuggestedClaim], postmortem: Postmortem, text: str | None) -> list[str]:
    if text is not None:
        return [many_lines("text", text, characters_max=EDITED_CHARACTERS_MAX, required=True)]
    zone = organisation_zone()
    moments = [row.at for row in rows if row.at is not None]
    moments += [one.started_at for one in incidents_of(postmortem)]
    with_day = spans_days(moments, zone)
    return [rules.write_words(row.key, row.text, row.at, zone, with_day=with_day) for row in rows]


def _own_end(postmortem: Postmortem, section: Section, key: str) -> str:
    """What was last appended to this section from the same part of a draft, without the space before it."""
    last = (
        Decision.objects.filter(postmortem=postmortem, section=section.unique_id, undone_at__isnull=True)
        .exclude(words="")
        .filter(claims__key=key)
        .order_by("-made_at", "-id")
        .first()
    )
    return last.words.strip() if last is not None else ""


def _settle(rows: Iterable[SuggestedClaim], decision: Decision, state: str) -> None:
    SuggestedClaim.objects.filter(pk__in=[row.pk for row in rows]).update(state=state, decision=decision)


def _cite(decision: Decision, section: Section, rows: Sequence[SuggestedClaim], words: Sequence[str]) -> None:
    """Anchor what was appended, as comments are: by the words as they are read, and what stands around."""
    text = squeeze(reads.read_written(section))
    made = []
    for row, written in zip(rows, words, strict=True):
        quote = squeeze("\n".join(read_texts(prose_blocks(written))))
        if not row.evidence or not quote:
            continue
        anchor = _anchor(text, quote)
        if anchor is None:
            continue
        made.append(
            Citation(
                postmortem=decision.postmortem,
                claim=row,
                decision=decision,
                section=section.unique_id,
                section_title=section.title,
                quote=anchor.quote,
                before=anchor.before,
                after=anchor.after,
                made_at=decision.made_at,
            )
        )
    Citation.objects.bulk_create(made)


def _anchor(text: str, quote: str) -> Anchor | None:
    """The last place where it stands: words are appended."""
    start = text.rfind(quote)
    return make_anchor(text, quote, text[max(start - 200, 0) : start]) if start >= 0 else None


def _note(rows: Sequence[SuggestedClaim], *, is_edited: bool) -> str:
    what = "1 suggestion" if len(rows) == 1 else f"{len(rows)} suggestions"
    return f"{_writers(rows)}: {what} accepted{', with other words' if is_edited else ''}"[:200]


def _writers(rows: Iterable[SuggestedClaim]) -> str:
    """Who wrote these, for people: the record, a model by its name."""
    names = dict.fromkeys(row.written_by for row in rows)
    return " and ".join("From the record" if name == RECORD else f"By the model {name}" for name in names)


def _was_worked_on(follow_up: FollowUp) -> bool:
    """Whether it is more than what the proposal made of it: changed, begun, done, taken into a document."""
    events = AuditEvent.objects.filter(subject_kind=follow_up._meta.model_name, subject_id=str(follow_up.pk))
    return events.exclude(action="follow_up.created").exists() or follow_up.in_documents.exists()


def _take_words_out(actor: Person, postmortem: Postmortem, decision: Decision) -> None:
    assert decision.section is not None
    try:
        section = get_section(postmortem, decision.section)
    except NotFound as error:
        raise ChangedSince("The section that got these words was taken out.") from error
    left = rules.take_out(section.text, decision.words)
    if left is None:
        raise ChangedSince
    save_section(
        actor=actor,
        section=section,
        text=left,
        version=section.version,
        note="Undone: what was accepted from a draft",
    )
