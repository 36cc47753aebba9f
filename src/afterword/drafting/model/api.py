"""The API of the calls of a model."""

from __future__ import annotations

from django.http import HttpRequest
from ninja import Router

from afterword.accounts.keys import caller_of
from afterword.drafting.model import reads
from afterword.drafting.model.schemas import ModelCallOut
from afterword.lib.cursors import LIMIT_DEFAULT, CursorParameter, LimitParameter, Listing, paginate

router = Router(tags=["Drafting"])


@router.get("/model-calls", response=Listing[ModelCallOut], summary="List calls of a model")
def list_model_calls(
    request: HttpRequest, cursor: CursorParameter = None, limit: LimitParameter = LIMIT_DEFAULT
) -> Listing[ModelCallOut]:
    """The newest first, for owners and administrators: when a model was called, and what it took."""
    actor = caller_of(request).person
    page = paginate(reads.model_calls(actor), cursor=cursor, limit=limit, key="-at")
    return Listing(items=[_shown(one) for one in reads.tell_calls(actor, page.items)], next=page.next)


def _shown(told: reads.ToldCall) -> ModelCallOut:
    call = told.call
    return ModelCallOut(
        at=call.at,
        postmortem=told.document.number if told.document else None,
        incident=told.incident.number if told.incident else None,
        section=call.section,
        attempt=call.attempt,
        provider=call.provider,
        model=call.model,
        outcome=call.outcome,
        status=call.status,
        tokens_sent=call.tokens_sent,
        tokens_answered=call.tokens_answered,
        is_estimated=call.is_estimated,
        ms=call.ms,
        money=call.money,
        claims_kept=call.claims_kept,
        claims_refused=call.claims_refused,
    )
