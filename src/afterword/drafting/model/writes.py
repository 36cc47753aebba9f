"""The log of calls: what each was for and took, never what was sent or answered."""

from __future__ import annotations

from datetime import datetime, timedelta
from decimal import Decimal

from django.conf import settings as installed

from afterword.drafting.evidence.book import EvidenceBook
from afterword.drafting.model.models import MODEL_LENGTH_MAX, ModelCall
from afterword.drafting.model.outcomes import CallNote, ModelSettings
from afterword.incidents.models import Incident
from afterword.postmortems.models import Postmortem

MONEY_MAX = Decimal(10**11)
"""More than this no row holds."""
PRUNED_ROWS_MAX = 5_000


def log_call(
    call: CallNote, *, settings: ModelSettings, document: Postmortem | None, book: EvidenceBook
) -> ModelCall:
    """Keep that a model was called."""
    number = next((piece.incident for piece in book.of_kind("incident")), None)
    incident = Incident.objects.filter(number=number).first() if number is not None else None
    return ModelCall.objects.create(
        at=call.at,
        document=document,
        incident=incident,
        section=call.section,
        attempt=call.attempt,
        provider=settings.provider,
        model=settings.model[:MODEL_LENGTH_MAX],
        outcome=call.outcome,
        status=call.status,
        tokens_sent=call.usage.tokens_sent,
        tokens_answered=call.usage.tokens_answered,
        is_estimated=call.is_estimated,
        ms=call.usage.ms,
        money=min(call.usage.money, MONEY_MAX),
        claims_kept=call.claims_kept,
        claims_refused=call.claims_refused,
    )


def prune_calls(*, at: datetime) -> int:
    """Delete calls that were made before the days for which they are kept; how many, some at a time."""
    old = ModelCall.objects.filter(at__lt=at - timedelta(days=installed.AI_CALL_DAYS_KEPT))
    pks = list(old.order_by("at").values_list("pk", flat=True)[:PRUNED_ROWS_MAX])
    ModelCall.objects.filter(pk__in=pks).delete()
    return len(pks)
