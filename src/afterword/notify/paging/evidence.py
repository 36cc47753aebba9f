"""Whom an incident called, and how that went, as evidence. The addresses of people are none of it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable

from django.conf import settings
from django.urls import reverse

from afterword.drafting.evidence.book import Piece, evidence_id
from afterword.drafting.evidence.sources import Gathered, Scope, register_source
from afterword.notify.paging.models import Escalation, Page, PageState
from afterword.notify.paging.reads import escalations_in, pages_in


def register_sources() -> None:
    """In AppConfig.ready()."""
    register_source("page", gather_pages, still_there=find_pages)
    register_source("escalation", gather_escalations, still_there=find_escalations)


def gather_pages(scope: Scope) -> Gathered:
    """Who was paged, by what, whether it arrived, and when they answered."""
    rows = pages_in(scope.family)
    found = list(rows[: scope.pieces_max + 1])
    left_out = rows.order_by().count() - scope.pieces_max if len(found) > scope.pieces_max else 0
    return Gathered([_page(one) for one in found[: scope.pieces_max]], left_out)


def gather_escalations(scope: Scope) -> Gathered:
    """Which policies called people, until when, and why they called nobody any more."""
    rows = escalations_in(scope.family)
    found = list(rows[: scope.pieces_max + 1])
    left_out = rows.order_by().count() - scope.pieces_max if len(found) > scope.pieces_max else 0
    return Gathered([_escalation(one) for one in found[: scope.pieces_max]], left_out)


def find_pages(keys: Collection[int], incidents: Collection[int]) -> Iterable[tuple[int, int]]:
    """Those with these keys that the incidents called, each with its incident."""
    found = pages_in(list(incidents)).filter(pk__in=list(keys)).order_by()
    return list(found.values_list("pk", "incident"))


def find_escalations(keys: Collection[int], incidents: Collection[int]) -> Iterable[tuple[int, int]]:
    """The same of escalations."""
    found = escalations_in(list(incidents)).filter(pk__in=list(keys)).order_by()
    return list(found.values_list("pk", "incident"))


def _page(page: Page) -> Piece:
    deliveries = list(page.deliveries.all())
    states = Counter(one.state for one in deliveries)
    ways = [f"{one.get_kind_display().lower()}: {one.get_state_display().lower()}" for one in deliveries]
    by = str(page.escalation.policy) if page.escalation is not None else str(page.paged_by or "")
    known = {
        "person": str(page.person),
        "by": by,
        "level": page.level,
        "round": page.round if page.round > 1 else 0,
        "answered_at": page.answered_at,
        "by_link": page.answered_at is not None,
        "sent": states[PageState.SENT],
        "failed": states[PageState.FAILED],
    }
    return Piece(
        id=evidence_id("page", page.pk),
        kind="page",
        at=page.at,
        until=page.answered_at,
        text=f"{page.person} was paged" + (f" ({', '.join(ways)})" if ways else ""),
        source=by or "Record",
        url=_address(page.incident.number),
        incident=page.incident.number,
        data={name: value for name, value in known.items() if value},
    )


def _escalation(escalation: Escalation) -> Piece:
    known = {
        "policy": str(escalation.policy),
        "started_by": str(escalation.started_by or ""),
        "level": escalation.level,
        "round": escalation.round if escalation.round > 1 else 0,
        "ending": escalation.get_ending_display() if escalation.ending else "",
    }
    ending = f": {known['ending']}" if known["ending"] else ""
    return Piece(
        id=evidence_id("escalation", escalation.pk),
        kind="escalation",
        at=escalation.started_at,
        until=escalation.ended_at,
        text=f"Escalation by {escalation.policy}{ending}",
        source=str(escalation.started_by or "Record"),
        url=_address(escalation.incident.number),
        incident=escalation.incident.number,
        data={name: value for name, value in known.items() if value},
    )


def _address(number: int) -> str:
    path: str = reverse("notify:paging", args=[number])
    return f"{settings.PUBLIC_URL}{path}"
