"""What the buttons beside suggestions say: `accept:ID`, `accept-all:SECTION`, `draft`, `undo:ID`."""

from __future__ import annotations

import uuid
from collections.abc import Mapping, Sequence
from typing import Any

from afterword.accounts.models import Person
from afterword.drafting.suggestions import reads, writes
from afterword.drafting.suggestions.models import SuggestedClaim
from afterword.drafting.suggestions.reads import ShownClaim
from afterword.lib.errors import InvalidInput, NotFound
from afterword.postmortems.models import Postmortem

DEEDS = (
    *("accept", "edit", "reject", "follow-up", "again"),
    *("accept-all", "reject-all", "again-all"),
    *("draft", "draft-model", "undo", "drop"),
)

REWORDED = " What a newer draft says otherwise waits in its words."


def do(*, actor: Person, postmortem: Postmortem, deed: str, data: Mapping[str, Any]) -> str:
    """Do what a button said; what was done, in words.

    `edit` takes its words from `suggested-ID`, what has no section one from `into-ID`; `accept-all` and its
    like are about what waits for a section. Raises AlreadyDecided, ChangedSince, NothingToUndo, InvalidInput,
    NotAllowed, NotFound.
    """
    verb, _, key = deed.partition(":")
    if verb not in DEEDS:
        raise InvalidInput(fields={"suggestion": "There is no such thing to do with suggestions."})
    if verb in ("draft", "draft-model"):
        writes.ask_for_draft(actor=actor, postmortem=postmortem, with_model=verb == "draft-model")
        return "A draft is on its way."
    if verb == "undo":
        meant = reads.get_decision(postmortem, read_id(key)) if key else reads.last_decision(postmortem)
        is_outdated = meant is not None and meant.claims.filter(outdated_at__isnull=False).exists()
        writes.undo_last(actor=actor, postmortem=postmortem, decision=meant)
        return f"The last decision is undone.{REWORDED if is_outdated else ''}"
    if verb == "drop":
        citation = reads.get_citation(postmortem, read_id(key))
        writes.drop_citation(actor=actor, postmortem=postmortem, citation=citation)
        return "The mark is gone. The words stand there as before."
    if verb.endswith("-all"):
        return _do_all(actor, postmortem, verb, read_id(key))
    return _do_one(actor, postmortem, verb, reads.get_claim(postmortem, read_id(key)), data)


def _do_one(
    actor: Person, postmortem: Postmortem, verb: str, claim: SuggestedClaim, data: Mapping[str, Any]
) -> str:
    if verb == "reject":
        writes.reject_claims(actor=actor, postmortem=postmortem, claims=[claim])
        return "Rejected."
    if verb == "again":
        writes.ask_for_draft(
            actor=actor,
            postmortem=postmortem,
            claim=claim,
            with_model=claim.written_by != "record" and reads.may_use_model(postmortem),
        )
        return "It is being written anew."
    if verb == "follow-up":
        made = writes.make_follow_up(actor=actor, postmortem=postmortem, claim=claim)
        return f"“{made.title}” is a follow-up now."
    into = str(data.get(f"into-{claim.unique_id}", ""))
    decision = writes.accept_claims(
        actor=actor,
        postmortem=postmortem,
        claims=[claim],
        section=read_id(into) if into else None,
        text=str(data.get(f"suggested-{claim.unique_id}", "")) if verb == "edit" else None,
    )
    return f"Accepted into “{decision.section_title}”."


def _do_all(actor: Person, postmortem: Postmortem, verb: str, section: uuid.UUID) -> str:
    waiting = waiting_in(actor, postmortem, section)
    claims = [one.claim for one in waiting][: writes.DECIDED_AT_ONCE_MAX]
    if verb == "again-all":
        keys = {claim.key for claim in claims}
        if not keys:
            raise InvalidInput(fields={"suggestion": "Nothing is suggested for this section."})
        writes.ask_for_draft(
            actor=actor,
            postmortem=postmortem,
            keys=keys,
            with_model=any(one.written_by != "record" for one in claims) and reads.may_use_model(postmortem),
        )
        return "This section is being drafted anew."
    if verb == "reject-all":
        decision = writes.reject_claims(actor=actor, postmortem=postmortem, claims=claims)
        return f"Rejected: {len(claims)}."
    # Questions are there to be asked, proposals to become follow-ups, and what is drawn stands there already.
    facts = [one.claim for one in waiting if one.claim.kind == "fact" and not one.is_drawn]
    wanted = facts[: writes.DECIDED_AT_ONCE_MAX]
    if not wanted:
        raise InvalidInput(
            fields={"suggestion": "No fact is suggested for this section that it does not show by itself."}
        )
    decision = writes.accept_claims(actor=actor, postmortem=postmortem, claims=wanted)
    count = len(wanted)
    return f"Accepted {count} suggestion{'s' if count > 1 else ''} into “{decision.section_title}”."


def waiting_in(actor: Person, postmortem: Postmortem, section: uuid.UUID) -> Sequence[ShownClaim]:
    """What the actor sees waiting for a section."""
    found = reads.suggestions_for(actor, postmortem).by_section.get(section, [])
    if not found:
        raise InvalidInput(fields={"suggestion": "Nothing is suggested for this section."})
    return found


def read_id(text: str) -> uuid.UUID:
    """Raises NotFound for what is no id."""
    try:
        return uuid.UUID(text)
    except ValueError as error:
        raise NotFound from error
