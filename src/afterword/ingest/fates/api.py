"""The API of signals."""

from __future__ import annotations

import uuid
from typing import Annotated, Any

from django.http import HttpRequest
from ninja import Query, Router, Status

from afterword.accounts.keys import caller_of
from afterword.accounts.models import Person
from afterword.catalog.reads import get_integration
from afterword.ingest.fates import reads
from afterword.ingest.fates.reads import SeenSignal
from afterword.ingest.fates.schemas import RerunOut, SignalDetailOut, SignalOut
from afterword.ingest.writes import reruns
from afterword.lib.cursors import LIMIT_DEFAULT, LIMIT_MAX, CursorParameter, LimitParameter, Listing
from afterword.lib.errors import InvalidInput

SIGNALS = "/integrations/{uuid:integration_id}/signals"
SIGNAL = f"{SIGNALS}/{{uuid:trace_id}}"

StateParameter = Annotated[
    str,
    Query(
        description="`failed`, `maintenance` (held back by it; also among the failed) or `waiting` "
        "(oldest first). Left out: all that do not wait, newest first."
    ),
]

router = Router(tags=["Signals"])


@router.get(SIGNALS, response=Listing[SignalOut], summary="The last signals of an integration")
def list_signals(
    request: HttpRequest,
    integration_id: uuid.UUID,
    state: StateParameter = "",
    cursor: CursorParameter = None,
    limit: LimitParameter = LIMIT_DEFAULT,
) -> Listing[SignalOut]:
    actor = _actor(request)
    if not 1 <= limit <= LIMIT_MAX:
        raise InvalidInput(fields={"limit": f"Please ask for 1 to {LIMIT_MAX} items."})
    integration = get_integration(actor, integration_id)
    page = reads.list_signals(actor, integration, state=state, cursor=cursor, limit=limit)
    return Listing(items=[SignalOut(**_describe(signal)) for signal in page.items], next=page.next)


@router.get(SIGNAL, response=SignalDetailOut, summary="One signal")
def get_signal(request: HttpRequest, integration_id: uuid.UUID, trace_id: uuid.UUID) -> SignalDetailOut:
    actor = _actor(request)
    integration = get_integration(actor, integration_id)
    signal = reads.get_signal(actor, integration, trace_id)
    return SignalDetailOut(
        **_describe(signal),
        remarks=list(signal.remarks),
        body=reads.find_body(actor, integration, trace_id),
    )


@router.post(f"{SIGNAL}/rerun", response={202: RerunOut}, summary="Run a failed signal again")
def rerun_signal(request: HttpRequest, integration_id: uuid.UUID, trace_id: uuid.UUID) -> Status[RerunOut]:
    """For the managers of the team. 409 for one that has not failed, or was run again already."""
    actor = _actor(request)
    integration = get_integration(actor, integration_id)
    new = reruns.rerun_signal(actor=actor, integration=integration, trace_id=trace_id)
    return Status(202, RerunOut(trace_id=new))


def _actor(request: HttpRequest) -> Person:
    return caller_of(request).person


def _describe(signal: SeenSignal) -> dict[str, Any]:
    return {
        "trace_id": signal.trace_id,
        "state": signal.fate,
        "received_at": signal.received_at,
        "folded_at": signal.folded_at,
        "took_milliseconds": signal.took_milliseconds,
        "entity_id": signal.entity_id,
        "message": signal.message,
        "alert_type": signal.alert_type,
        "alert": signal.alert_id,
        "change": signal.change_id,
        "incident_number": signal.incident_number,
        "error": signal.error,
        "failure": signal.failure,
        "retried_at": signal.retried_at,
        "rerun_trace_id": signal.rerun_trace_id,
    }
