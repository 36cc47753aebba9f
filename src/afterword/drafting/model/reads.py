"""Whom a model must not hear of, and the calls that were made."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal

from django.db.models import Count, F, Q, QuerySet, Sum

from afterword.accounts.models import Person
from afterword.accounts.reads import require_admin
from afterword.drafting.claims import SECTION_KEYS
from afterword.drafting.model.models import ModelCall
from afterword.drafting.model.outcomes import CallOutcome
from afterword.incidents.models import Incident
from afterword.incidents.reads import visible_incidents
from afterword.postmortems.models import Postmortem
from afterword.postmortems.publishing import reads as publishing
from afterword.postmortems.reads import visible_postmortems

TOTALS_DAYS = 30


@dataclass(frozen=True)
class ToldCall:
    """A call, with what it was about as far as the reader may see that."""

    call: ModelCall
    document: Postmortem | None
    incident: Incident | None

    @property
    def is_about_hidden(self) -> bool:
        """Whether it was about something that the reader may not see."""
        about_document = self.call.document_id is not None and self.document is None
        return about_document or (self.call.incident_id is not None and self.incident is None)

    @property
    def section(self) -> str:
        return SECTION_KEYS.get(self.call.section, self.call.section)

    @property
    def is_written(self) -> bool:
        return self.call.outcome == CallOutcome.WRITTEN


@dataclass(frozen=True)
class Totals:
    """What calls took together."""

    calls: int
    written: int
    tokens: int
    money: Decimal


def model_calls(actor: Person) -> QuerySet[ModelCall]:
    """Every call, the newest first. Raises NotAllowed to anyone but owners and administrators."""
    require_admin(actor)
    return ModelCall.objects.order_by("-at", "-pk")


def tell_calls(actor: Person, calls: Sequence[ModelCall]) -> list[ToldCall]:
    """The calls with the documents and incidents that the actor sees; of private ones nothing is told."""
    about_documents = {call.document_id for call in calls if call.document_id is not None}
    about_incidents = {call.incident_id for call in calls if call.incident_id is not None}
    documents = visible_postmortems(actor).filter(pk__in=about_documents)
    incidents = visible_incidents(actor).filter(pk__in=about_incidents)
    by_document = {one.pk: one for one in documents}
    by_incident = {one.pk: one for one in incidents}
    return [
        ToldCall(call, by_document.get(call.document_id or 0), by_incident.get(call.incident_id or 0))
        for call in calls
    ]


def totals_of_calls(actor: Person, *, now: datetime) -> Totals:
    """What the calls of the last `TOTALS_DAYS` days took. Raises NotAllowed."""
    found = model_calls(actor).filter(at__gte=now - timedelta(days=TOTALS_DAYS)).order_by()
    told = found.aggregate(
        calls=Count("pk"),
        written=Count("pk", filter=Q(outcome=CallOutcome.WRITTEN)),
        tokens=Sum(F("tokens_sent") + F("tokens_answered")),
        money=Sum("money"),
    )
    return Totals(told["calls"], told["written"], told["tokens"] or 0, told["money"] or Decimal(0))


def names_of_people() -> list[tuple[str, str]]:
    """Name and mail address of everybody, those who have left too."""
    return [(name, email) for _, name, email in publishing.names_of_people()]
