"""The API of drafts, of what they suggest, and of what is drafted."""

from __future__ import annotations

import uuid

from django.http import HttpRequest
from ninja import Router, Status

from afterword.accounts.keys import caller_of
from afterword.accounts.models import Person, Team
from afterword.accounts.reads import get_team, require_write
from afterword.drafting.suggestions import reads, rules, writes
from afterword.drafting.suggestions.models import (
    ClaimState,
    Decision,
    DocumentDraft,
)
from afterword.drafting.suggestions.reads.sight import sight_of
from afterword.drafting.suggestions.schemas import (
    ChoiceIn,
    ChoiceOut,
    CitationOut,
    DecisionIn,
    DecisionOut,
    DraftIn,
    DraftOut,
    SuggestionOut,
    SupportOut,
)
from afterword.incidents.models import Incident
from afterword.incidents.reads import get_incident
from afterword.lib.cursors import LIMIT_DEFAULT, CursorParameter, LimitParameter, Listing, Page, paginate
from afterword.lib.errors import InvalidInput
from afterword.postmortems.models import Postmortem
from afterword.postmortems.reads import get_postmortem

router = Router(tags=["Drafts"])
settings = Router(tags=["Drafts"])


@router.get("/{int:number}/drafts", response=Listing[DraftOut], summary="List the drafts of a post-mortem")
def list_drafts(
    request: HttpRequest, number: int, cursor: CursorParameter = None, limit: LimitParameter = LIMIT_DEFAULT
) -> Page[DocumentDraft]:
    """Newest first. For who may write it."""
    _, postmortem = _writer_of(request, number)
    return paginate(reads.drafts_of(postmortem), cursor=cursor, limit=limit, key="-asked_at")


@router.post("/{int:number}/drafts", response={202: DraftOut}, summary="Ask for a draft")
def ask_for_draft(request: HttpRequest, number: int, given: DraftIn) -> Status[DocumentDraft]:
    """It is written in the background. What waits for a decision is replaced by what the record says then."""
    actor, postmortem = _writer_of(request, number)
    draft = writes.ask_for_draft(
        actor=actor, postmortem=postmortem, keys=given.keys, with_model=given.with_model
    )
    return Status(202, draft)


@router.get("/{int:number}/drafts/{uuid:draft}", response=DraftOut, summary="Look how a draft stands")
def get_draft(request: HttpRequest, number: int, draft: uuid.UUID) -> DocumentDraft:
    _, postmortem = _writer_of(request, number)
    return reads.get_draft(postmortem, draft)


@router.get("/{int:number}/suggestions", response=Listing[SuggestionOut], summary="List suggestions")
def list_suggestions(
    request: HttpRequest,
    number: int,
    state: str = ClaimState.WAITING.value,
    cursor: CursorParameter = None,
    limit: LimitParameter = LIMIT_DEFAULT,
) -> Listing[SuggestionOut]:
    """In the order in which they came, narrowed to a state; `state=` for all of them.

    One whose evidence is not there any more for whoever reads the document is left out.
    """
    actor, postmortem = _writer_of(request, number)
    if state and state not in ClaimState.values:
        raise InvalidInput(fields={"state": f"Please use one of: {', '.join(ClaimState.values)}."})
    page = paginate(reads.claims_of(postmortem, state=state), cursor=cursor, limit=limit, key="id")
    sight = sight_of(actor, postmortem, {one for claim in page.items for one in claim.evidence})
    told = [
        SuggestionOut.of(reads.show_claim(claim, sight))
        for claim in page.items
        if sight.there.issuperset(claim.evidence)
    ]
    return Listing[SuggestionOut](items=told, next=page.next)


@router.post(
    "/{int:number}/suggestions/{uuid:suggestion}/draft",
    response={202: DraftOut},
    summary="Have one suggestion written anew",
)
def draft_again(request: HttpRequest, number: int, suggestion: uuid.UUID) -> Status[DocumentDraft]:
    actor, postmortem = _writer_of(request, number)
    claim = reads.get_claim(postmortem, suggestion)
    return Status(202, writes.ask_for_draft(actor=actor, postmortem=postmortem, claim=claim))


@router.post("/{int:number}/decisions", response={201: DecisionOut}, summary="Decide on suggestions")
def decide(request: HttpRequest, number: int, given: DecisionIn) -> Status[Decision]:
    """Accept them into a section, reject them, or have a proposal become a follow-up."""
    actor, postmortem = _writer_of(request, number)
    claims = reads.get_claims(postmortem, _asked_of(given))
    if given.verdict == "accept":
        return Status(
            201,
            writes.accept_claims(
                actor=actor,
                postmortem=postmortem,
                claims=claims,
                section=given.section,
                text=given.text,
            ),
        )
    if given.verdict == "reject":
        return Status(201, writes.reject_claims(actor=actor, postmortem=postmortem, claims=claims))
    if given.verdict == "follow_up":
        if len(claims) != 1:
            raise InvalidInput(fields={"suggestions": "Please name one proposal."})
        writes.make_follow_up(actor=actor, postmortem=postmortem, claim=claims[0], title=given.text)
        made = reads.get_claim(postmortem, claims[0].unique_id).decision
        assert made is not None, "a decision comes with the follow-up"
        return Status(201, made)
    raise InvalidInput(fields={"verdict": "Please use accept, reject or follow_up."})


@router.get("/{int:number}/decisions", response=Listing[DecisionOut], summary="List decisions")
def list_decisions(
    request: HttpRequest, number: int, cursor: CursorParameter = None, limit: LimitParameter = LIMIT_DEFAULT
) -> Page[Decision]:
    """The last first."""
    _, postmortem = _writer_of(request, number)
    return paginate(reads.decisions_of(postmortem), cursor=cursor, limit=limit, key="-made_at")


@router.delete(
    "/{int:number}/decisions/last", response=DecisionOut, summary="Undo the last decision, whichever it is"
)
def undo_last(request: HttpRequest, number: int) -> Decision:
    """As below. Where several people decide, name the one that you mean instead."""
    actor, postmortem = _writer_of(request, number)
    return writes.undo_last(actor=actor, postmortem=postmortem)


@router.delete("/{int:number}/decisions/{uuid:decision}", response=DecisionOut, summary="Undo a decision")
def undo(request: HttpRequest, number: int, decision: uuid.UUID) -> Decision:
    """Its suggestions wait again, and its words are taken out. 409 where it is not the last any more, where
    its words were changed since, and where it was undone already.
    """
    actor, postmortem = _writer_of(request, number)
    meant = reads.get_decision(postmortem, decision)
    return writes.undo_last(actor=actor, postmortem=postmortem, decision=meant)


@router.get("/{int:number}/citations", response=list[CitationOut], summary="List citations")
def list_citations(request: HttpRequest, number: int) -> list[CitationOut]:
    """What stands in the post-mortem because of a draft, with the evidence that you may see."""
    actor = caller_of(request).person
    return [CitationOut.of(one) for one in reads.citations_for(actor, get_postmortem(actor, number))]


@router.delete(
    "/{int:number}/citations/{uuid:citation}", response={204: None}, summary="Take a citation away"
)
def drop_citation(request: HttpRequest, number: int, citation: uuid.UUID) -> Status[None]:
    """The words stay."""
    actor, postmortem = _writer_of(request, number)
    found = reads.get_citation(postmortem, citation)
    writes.drop_citation(actor=actor, postmortem=postmortem, citation=found)
    return Status(204, None)


@router.get("/{int:number}/support", response=SupportOut, summary="Look what the evidence bears out")
def look_at_support(request: HttpRequest, number: int) -> SupportOut:
    actor = caller_of(request).person
    return SupportOut.of(reads.support_of(actor, get_postmortem(actor, number)))


# What may be drafted ---------------------------------------------------------------------------------------


@settings.get("/drafting", response=ChoiceOut, summary="What the organisation has drafted")
def get_organisation(request: HttpRequest) -> ChoiceOut:
    return _told(reads.organisation_choice())


@settings.patch("/drafting", response=ChoiceOut, summary="Say what the organisation has drafted")
def change_organisation(request: HttpRequest, given: ChoiceIn) -> ChoiceOut:
    """For administrators."""
    writes.change_organisation_drafting(
        actor=caller_of(request).person, choice=given.on(reads.organisation_choice())
    )
    return _told(reads.organisation_choice())


@settings.get("/teams/{uuid:unique_id}/drafting", response=ChoiceOut, summary="What a team has drafted")
def get_of_team(request: HttpRequest, unique_id: uuid.UUID) -> ChoiceOut:
    return _told_of_team(get_team(caller_of(request).person, unique_id))


@settings.patch("/teams/{uuid:unique_id}/drafting", response=ChoiceOut, summary="Say what a team has drafted")
def change_of_team(request: HttpRequest, unique_id: uuid.UUID, given: ChoiceIn) -> ChoiceOut:
    """For its managers."""
    actor = caller_of(request).person
    team = get_team(actor, unique_id)
    writes.change_team_drafting(actor=actor, team=team, choice=given.on(reads.team_choice(team)))
    return _told_of_team(team)


@settings.get(
    "/incidents/{reference}/drafting", response=ChoiceOut, summary="What is drafted about an incident"
)
def get_of_incident(request: HttpRequest, reference: str) -> ChoiceOut:
    return _told_of_incident(get_incident(caller_of(request).person, reference))


@settings.patch(
    "/incidents/{reference}/drafting", response=ChoiceOut, summary="Say what is drafted about an incident"
)
def change_of_incident(request: HttpRequest, reference: str, given: ChoiceIn) -> ChoiceOut:
    actor = caller_of(request).person
    incident = get_incident(actor, reference)
    writes.change_incident_drafting(
        actor=actor, incident=incident, choice=given.on(reads.incident_choice(incident))
    )
    return _told_of_incident(incident)


def _asked_of(given: DecisionIn) -> list[uuid.UUID]:
    asked = list(dict.fromkeys(given.suggestions))
    if len(asked) > writes.DECIDED_AT_ONCE_MAX:
        reason = f"Please name at most {writes.DECIDED_AT_ONCE_MAX} at once."
        raise InvalidInput(fields={"suggestions": reason})
    return asked


def _writer_of(request: HttpRequest, number: int) -> tuple[Person, Postmortem]:
    actor = caller_of(request).person
    postmortem = get_postmortem(actor, number)
    require_write(actor, postmortem.team)
    return actor, postmortem


def _told(
    organisation: rules.Choice,
    team: rules.Choice = rules.NOTHING,
    incident: rules.Choice = rules.NOTHING,
    *,
    own: rules.Choice | None = None,
) -> ChoiceOut:
    holds = rules.what_holds(organisation, team, incident)
    return ChoiceOut(**vars(own or organisation), holds=vars(holds))


def _told_of_team(team: Team) -> ChoiceOut:
    choice = reads.team_choice(team)
    return _told(reads.organisation_choice(), choice, own=choice)


def _told_of_incident(incident: Incident) -> ChoiceOut:
    choice = reads.incident_choice(incident)
    team = reads.team_choice(incident.service.team)
    return _told(reads.organisation_choice(), team, choice, own=choice)
