"""Writing drafts in the background, one after the other, for the worker.

A draft is taken for `LEASE_SECONDS`, which each step renews. Who is killed in the middle leaves nothing but
the row: when the time is over, the next worker writes it from the beginning. All suggestions of a draft
come in one transaction with its end, so that they come once.
"""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.conf import settings
from django.db import DatabaseError, connection, transaction
from django.db.models import Q
from django.urls import reverse

from afterword.audit.writes import SYSTEM, record
from afterword.drafting.claims import CLAIM_CHARACTERS_MAX, SECTION_KEYS, Claim, Draft
from afterword.drafting.deterministic.drafter import write_draft
from afterword.drafting.evidence.book import EvidenceBook
from afterword.drafting.evidence.reads import collect_for_document
from afterword.drafting.model.configured import model_settings
from afterword.drafting.model.outcomes import MODEL_KEYS, ModelDraft, SectionOutcome
from afterword.drafting.model.writing import write_with_model
from afterword.drafting.suggestions import reads, rules
from afterword.drafting.suggestions.models import (
    REASON_LENGTH_MAX,
    RECORD,
    WRITER_LENGTH_MAX,
    ClaimState,
    DocumentDraft,
    DraftState,
    SuggestedClaim,
)
from afterword.lib import clock
from afterword.postmortems.models import Postmortem
from afterword.postmortems.reads import incidents_of, organisation_zone, sections_of

LEASE_SECONDS = 60
"""How long a worker that says nothing has a draft for itself; a model's time comes on top."""
ATTEMPTS_MAX = 3
AGAIN_AFTER_SECONDS = 10
LOOKED_EVERY_SECONDS = 1.0
READY_AFTER_SECONDS = 20.0
PIECE_CHARACTERS_MAX = 300
"""Kept of what a piece of evidence says."""
CLAIMS_KEPT_MAX = 5_000
"""Of one post-mortem, whatever became of them. Beyond it those that were replaced go."""

logger = logging.getLogger("afterword.worker")


@dataclass
class Taken:
    """The right to write one draft, until `until`."""

    draft: DocumentDraft
    until: datetime


class Lost(Exception):
    """Another worker has the draft by now."""


def run_drafting(stop: threading.Event) -> None:
    """Write what waits until `stop`. For the worker."""
    ready_at = time.monotonic() + READY_AFTER_SECONDS
    while not stop.is_set():
        if ready_at and time.monotonic() > ready_at:
            # Addresses need all pages and the whole API, which take a second to load: not when somebody
            # waits for the first draft, and not while a process starts.
            reverse("home")
            ready_at = 0.0
        try:
            if write_next():
                continue
        except DatabaseError as error:
            logger.warning("The drafts have to wait: %s", error)
            connection.close()
        stop.wait(LOOKED_EVERY_SECONDS)
    connection.close()


def write_all_waiting() -> int:
    """Write until nothing is due; how many were."""
    count = 0
    while write_next():
        count += 1
    return count


def write_next() -> bool:
    """Write the draft that is due longest; whether there was one. What goes wrong is noted with it."""
    taken = take_draft(at=clock.now())
    if taken is None:
        return False
    try:
        _write(taken)
    except Lost:
        logger.warning("A draft took too long, and is somebody else's now.")
    except DatabaseError:
        raise
    except Exception:
        # Whatever is in one record must not keep all others from being drafted.
        logger.exception("The draft of post-mortem %s failed", taken.draft.postmortem.number)
        _put_off(taken)
    return True


@transaction.atomic
def take_draft(*, at: datetime) -> Taken | None:
    """Take the draft that is due longest; None when none is. Of several workers one gets it."""
    due = DocumentDraft.objects.filter(
        state__in=[DraftState.WAITING, DraftState.WORKING], next_attempt_at__lte=at
    )
    locked = due.select_for_update(of=("self",), skip_locked=True).select_related("postmortem__team")
    draft = locked.order_by("next_attempt_at", "id").first()
    if draft is None:
        return None
    if draft.attempts >= ATTEMPTS_MAX:
        draft.state, draft.finished_at = DraftState.FAILED, at
        draft.failure = "The worker ended each time while it was written."
        draft.save(update_fields=["state", "finished_at", "failure"])
        return None
    until = at + timedelta(seconds=LEASE_SECONDS)
    draft.state, draft.started_at, draft.next_attempt_at = DraftState.WORKING, at, until
    draft.attempts += 1
    draft.steps_done, draft.steps, draft.notes = 0, 0, {}
    draft.save(
        update_fields=[
            *("state", "started_at", "next_attempt_at", "attempts", "steps_done", "steps", "notes"),
        ]
    )
    return Taken(draft, until)


def _write(taken: Taken) -> None:
    draft = taken.draft
    postmortem = draft.postmortem
    zone = organisation_zone()
    book = collect_for_document(postmortem, now=clock.now())
    base = _wanted(write_draft(book, zone=zone), draft)
    model = model_settings() if draft.wants_model and reads.may_use_model(postmortem) else None
    _step(taken, steps=len(base.sections) + 1, seconds_more=model.seconds_max if model else 0)
    if model is None:
        written = ModelDraft(base, tuple(SectionOutcome(section) for section in base.sections))
    else:
        allowed = reads.allowed_for(incidents_of(postmortem))
        written = write_with_model(
            book,
            base,
            settings=model,
            keys=draft.keys or None,
            on_section=lambda outcome: _step(taken, seconds_more=model.seconds_max),
            document=postmortem,
            allow_private=allowed.model_private,
            zone=zone,
        )
    _keep(taken, book, written)


def _wanted(base: Draft, draft: DocumentDraft) -> Draft:
    if not draft.keys:
        return base
    return Draft(tuple(section for section in base.sections if section.key in draft.keys))


def _step(taken: Taken, *, steps: int = 0, seconds_more: float = 0) -> None:
    """Tell how far it is, and have the draft for longer. Raises Lost."""
    until = clock.now() + timedelta(seconds=LEASE_SECONDS + seconds_more)
    draft = taken.draft
    draft.steps = steps or draft.steps
    draft.steps_done += 1
    held = DocumentDraft.objects.filter(pk=draft.pk, state=DraftState.WORKING, next_attempt_at=taken.until)
    if not held.update(next_attempt_at=until, steps=draft.steps, steps_done=draft.steps_done):
        raise Lost
    taken.until = until


@transaction.atomic
def _put_off(taken: Taken) -> None:
    draft = taken.draft
    is_last = draft.attempts >= ATTEMPTS_MAX
    now = clock.now()
    held = DocumentDraft.objects.filter(pk=draft.pk, state=DraftState.WORKING, next_attempt_at=taken.until)
    held.update(
        state=DraftState.FAILED if is_last else DraftState.WAITING,
        finished_at=now if is_last else None,
        next_attempt_at=now + timedelta(seconds=AGAIN_AFTER_SECONDS),
        failure="Something in the record could not be drafted. The log says what."[:REASON_LENGTH_MAX],
    )


@transaction.atomic
def _keep(taken: Taken, book: EvidenceBook, written: ModelDraft) -> None:
    """Bring the suggestions into the document, and end the draft."""
    draft = taken.draft
    # Before anything else, so that nobody decides on what is replaced here, and two drafts come in turn.
    postmortem = Postmortem.objects.select_for_update(of=("self",)).filter(pk=draft.postmortem_id).first()
    held = DocumentDraft.objects.filter(pk=draft.pk, state=DraftState.WORKING, next_attempt_at=taken.until)
    if postmortem is None or not held.exists():
        raise Lost
    fresh = _rows(draft, book, written)
    known = list(SuggestedClaim.objects.filter(postmortem=postmortem).order_by("id"))
    if draft.claim_id is not None:
        new = _replace_one(draft, fresh, known)
    else:
        keys = {outcome.section.key for outcome in written.outcomes} if draft.keys else None
        new = _replace(fresh, known, keys=set(draft.keys) if draft.keys else keys)
    SuggestedClaim.objects.bulk_create(new, batch_size=200)
    _forget_old(postmortem)
    names = dict.fromkeys(outcome.written_by for outcome in written.outcomes if outcome.written_by != RECORD)
    held.update(
        state=DraftState.DONE,
        finished_at=clock.now(),
        steps_done=max(draft.steps, 1),
        steps=max(draft.steps, 1),
        written_by=", ".join(names)[:WRITER_LENGTH_MAX] or RECORD,
        notes={
            one.section.key: one.why_not
            for one in written.outcomes
            if one.why_not and one.section.key in MODEL_KEYS
        },
        failure="",
        evidence_count=len(book.pieces),
        left_out={kind: count for kind, count in book.left_out.items() if count},
        claims_new=len(new),
    )
    record(
        actor=SYSTEM,
        action="draft.written",
        subject=draft,
        team_id=postmortem.team_id,
        data={
            "postmortem": postmortem.number,
            "suggestions": len(new),
            "written_by": ", ".join(names) or RECORD,
        },
    )


def _rows(draft: DocumentDraft, book: EvidenceBook, written: ModelDraft) -> list[SuggestedClaim]:
    """The draft as rows, each for the section of the document that it fits."""
    places = reads.places_of(sections_of(draft.postmortem))
    rows = []
    for outcome in written.outcomes:
        section = rules.find_place(outcome.section.key, places)
        drawn = places[section].live_name if section is not None else ""
        for place, claim in enumerate(outcome.section.claims):
            if drawn and claim.drawn_in == drawn:
                continue
            is_by_model = outcome.written_by != RECORD and place in outcome.by_model
            rows.append(
                SuggestedClaim(
                    postmortem=draft.postmortem,
                    draft=draft,
                    key=outcome.section.key,
                    position=_position(outcome.section.key, place),
                    section=section,
                    kind=claim.kind,
                    text=claim.text[:CLAIM_CHARACTERS_MAX],
                    support=claim.support,
                    confidence=claim.confidence,
                    at=claim.at,
                    asked=list(claim.asked),
                    action=claim.action or "",
                    evidence=list(claim.evidence),
                    snapshot=_snapshot(claim, book),
                    written_by=outcome.written_by[:WRITER_LENGTH_MAX] if is_by_model else RECORD,
                )
            )
    return rows


def _position(key: str, place: int) -> int:
    return list(SECTION_KEYS).index(key) * 1_000 + place


def _snapshot(claim: Claim, book: EvidenceBook) -> list[dict[str, str]]:
    kept = []
    for piece in book.cited(claim.evidence)[: reads.PIECES_SHOWN_MAX]:
        told = {
            "id": piece.id,
            "kind": piece.kind,
            "at": piece.at.isoformat() if piece.at else "",
            "source": piece.source[:PIECE_CHARACTERS_MAX],
            "text": piece.text[:PIECE_CHARACTERS_MAX],
            "url": piece.url.removeprefix(settings.PUBLIC_URL),
        }
        kept.append({name: value for name, value in told.items() if value})
    return kept


def _same(row: SuggestedClaim) -> tuple[str, str, str, tuple[str, ...]]:
    return row.key, row.kind, row.text, tuple(row.evidence)


def _replace(
    fresh: Sequence[SuggestedClaim], known: Sequence[SuggestedClaim], *, keys: set[str] | None
) -> list[SuggestedClaim]:
    """Which of these are new. What still waits and is not said any more is replaced; what was decided on is
    not suggested again."""
    said = {_same(row): row for row in known if row.state != ClaimState.REPLACED}
    now = {_same(row): row for row in fresh}
    at = clock.now()
    moved = []
    for row in known:
        if row.state == ClaimState.REPLACED or (keys is not None and row.key not in keys):
            continue
        twin = now.get(_same(row))
        if row.state != ClaimState.WAITING:
            if (twin is None) != (row.outdated_at is not None):
                row.outdated_at = at if twin is None else None
                moved.append(row)
            continue
        if twin is None:
            row.state = ClaimState.REPLACED
        else:
            row.position, row.section, row.snapshot = twin.position, twin.section, twin.snapshot
            row.written_by, row.support = twin.written_by, twin.support
        moved.append(row)
    SuggestedClaim.objects.bulk_update(
        moved,
        ["state", "position", "section", "snapshot", "written_by", "support", "outdated_at"],
        batch_size=200,
    )
    return [row for same, row in now.items() if same not in said]


def _replace_one(
    draft: DocumentDraft, fresh: Sequence[SuggestedClaim], known: Sequence[SuggestedClaim]
) -> list[SuggestedClaim]:
    """The one that says now what the claim said, where it says it otherwise."""
    old = next((row for row in known if row.pk == draft.claim_id), None)
    if old is None or old.state != ClaimState.WAITING:
        return []
    cited = set(old.evidence)
    others = {_same(row) for row in known if row.pk != old.pk and row.state != ClaimState.REPLACED}
    rated = [
        (len(cited & set(row.evidence)) / (len(cited | set(row.evidence)) or 1), -place, row)
        for place, row in enumerate(fresh)
        if row.kind == old.kind and _same(row) not in others
    ]
    if not rated:
        SuggestedClaim.objects.filter(pk=old.pk).update(state=ClaimState.REPLACED)
        return []
    likeness, _, best = max(rated, key=lambda rate: rate[:2])
    if _same(best) == _same(old) or not (likeness or not cited):
        return []
    best.position, best.section = old.position, old.section
    SuggestedClaim.objects.filter(pk=old.pk).update(state=ClaimState.REPLACED)
    return [best]


def _forget_old(postmortem: Postmortem) -> None:
    """Delete what was replaced where a document has very many."""
    found = SuggestedClaim.objects.filter(Q(postmortem=postmortem))
    more = found.count() - CLAIMS_KEPT_MAX
    if more > 0:
        old = list(found.filter(state=ClaimState.REPLACED).order_by("id").values_list("pk", flat=True)[:more])
        # The drafts that wrote these anew stay, with all that came of them.
        DocumentDraft.objects.filter(claim__in=old).update(claim=None)
        SuggestedClaim.objects.filter(pk__in=old).delete()
