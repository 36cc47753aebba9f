"""Asking for a draft: by hand, and by itself."""

from __future__ import annotations

from collections.abc import Collection, Sequence

from django.db import transaction

from afterword.accounts.models import Person
from afterword.accounts.reads import require_write
from afterword.drafting.claims import SECTION_KEYS
from afterword.drafting.suggestions import reads
from afterword.drafting.suggestions.models import (
    BlankDocument,
    DocumentDraft,
    DraftReason,
    DraftState,
    SuggestedClaim,
)
from afterword.drafting.suggestions.writes.recording import lock_waiting, record_in
from afterword.lib import clock
from afterword.lib.errors import InvalidInput
from afterword.postmortems.models import Postmortem, PostmortemStatus
from afterword.postmortems.reads import (
    incidents_of,
    lock_postmortem,
)

DRAFTS_WAITING_MAX = 10
"""Of one post-mortem."""
POSTMORTEMS_MAX = 100
"""About the incidents that are resolved at once."""


@transaction.atomic
def ask_for_draft(
    *,
    actor: Person,
    postmortem: Postmortem,
    keys: Collection[str] = (),
    claim: SuggestedClaim | None = None,
    with_model: bool = False,
) -> DocumentDraft:
    """Have a draft written soon, of all of it or only of the parts `keys`, or one claim anew.

    What waits for a decision is replaced by what the record says then; what was decided on stays. The same
    that waits already is not asked twice. Raises InvalidInput, AlreadyDecided, NotAllowed, NotFound.
    """
    require_write(actor, postmortem.team)
    postmortem = lock_postmortem(actor, postmortem)
    if strange := [key for key in keys if key not in SECTION_KEYS]:
        raise InvalidInput(
            fields={"keys": f"There is no part {strange[0][:40]!r}. Use: {', '.join(SECTION_KEYS)}."}
        )
    if claim is not None:
        claim = lock_waiting(postmortem, [claim])[0]
        keys = [claim.key]
    if with_model and not reads.may_use_model(postmortem):
        raise InvalidInput(
            fields={"with_model": "No model is set up, or it may not write about this incident."}
        )
    return _queue(
        postmortem,
        actor=actor,
        reason=DraftReason.ASKED,
        keys=[key for key in SECTION_KEYS if key in keys],
        claim=claim,
        with_model=with_model,
    )


def queue_by_itself(postmortems: Sequence[Postmortem]) -> None:
    """Have these drafted because their incident is resolved, where that is wanted. For the program itself,
    in the transaction of the resolution or of the document's creation.

    One that is in review or further, that began blank, or about an incident that is still open, is not. It
    refuses nothing, however many drafts wait already: no incident stays open because of that.
    """
    blank = set(BlankDocument.objects.filter(postmortem__in=postmortems).values_list("postmortem", flat=True))
    for postmortem in postmortems:
        if postmortem.status != PostmortemStatus.DRAFT or postmortem.pk in blank:
            continue
        incidents = incidents_of(postmortem)
        if not incidents or not all(one.is_resolved for one in incidents):
            continue
        if reads.allowed_for(incidents).automatic:
            _queue(
                postmortem,
                actor=None,
                reason=DraftReason.RESOLVED,
                with_model=reads.may_use_model(postmortem),
            )


def queue_for_incidents(incidents: Collection[int]) -> None:
    """The same for the post-mortems about incidents that were just resolved, by their keys."""
    about = Postmortem.objects.filter(links__incident__in=incidents, status=PostmortemStatus.DRAFT).distinct()
    queue_by_itself(list(about.select_related("team").order_by("-number")[:POSTMORTEMS_MAX]))


def note_blank(postmortem: Postmortem) -> None:
    """Have nothing drafted for it by itself. For the program itself, in the transaction of its creation."""
    BlankDocument.objects.get_or_create(postmortem=postmortem)


def _queue(
    postmortem: Postmortem,
    *,
    actor: Person | None,
    reason: DraftReason,
    with_model: bool,
    keys: Sequence[str] = (),
    claim: SuggestedClaim | None = None,
) -> DocumentDraft:
    waiting = DocumentDraft.objects.filter(postmortem=postmortem, state=DraftState.WAITING)
    twin = waiting.filter(keys=list(keys), claim=claim, wants_model=with_model).first()
    if twin is not None:
        return twin
    # What comes by itself is one draft of everything, and so has a twin from the second time on.
    if actor is not None and waiting.count() >= DRAFTS_WAITING_MAX:
        raise InvalidInput(f"{DRAFTS_WAITING_MAX} drafts are waiting already. They come one by one.")
    now = clock.now()
    draft = DocumentDraft.objects.create(
        postmortem=postmortem,
        reason=reason,
        asked_by=actor,
        wants_model=with_model,
        keys=list(keys),
        claim=claim,
        asked_at=now,
        next_attempt_at=now,
    )
    if actor is not None:
        record_in(actor, "draft.asked", postmortem, draft, keys=list(keys), with_model=with_model)
    return draft
