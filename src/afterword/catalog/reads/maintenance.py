"""Maintenance windows, as far as the actor may see them, and what is under maintenance now."""

from __future__ import annotations

import uuid
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Prefetch, Q, QuerySet

from afterword.accounts.models import Person, Team
from afterword.catalog.maintenance import Occurrence, occurrence_at
from afterword.catalog.models import MaintenanceWindow, Repeat, Service
from afterword.catalog.reads.owned import narrowed, of_visible_teams, one_of


@dataclass(frozen=True)
class ActiveWindow:
    """A window that is active for a service now, and until when."""

    window: MaintenanceWindow
    occurrence: Occurrence


def visible_maintenance_windows(actor: Person, *, team: Team | None = None) -> QuerySet[MaintenanceWindow]:
    """Those of the actor's teams, each with its services, by team and the latest first start."""
    rows = narrowed(of_visible_teams(actor, MaintenanceWindow.objects.all()), team=team)
    services = Prefetch("services", Service.objects.order_by("name", "id"))
    return rows.prefetch_related(services).order_by("team__name", "team", "-starts_at", "-id")


def get_maintenance_window(actor: Person, unique_id: uuid.UUID) -> MaintenanceWindow:
    """Raises NotFound for one that is not there or not the actor's to see."""
    return one_of(visible_maintenance_windows(actor), unique_id)


def active_windows(services: Iterable[Service], at: datetime) -> dict[int, list[ActiveWindow]]:
    """The windows that are active for these services, by the services' primary keys, in two queries.

    Whoever was given the services may see this. A service without an active window has no key.
    """
    keys = {service.pk for service in services}
    if not keys:
        return {}
    may_be_active = Q(starts_at__lte=at) & (Q(ends_at__gt=at) | ~Q(repeats=Repeat.ONCE))
    links = MaintenanceWindow.services.through.objects.filter(service__in=keys)
    windows = {
        window.pk: window
        for window in MaintenanceWindow.objects.filter(
            may_be_active, pk__in=links.values("maintenancewindow")
        )
    }
    if not windows:
        return {}
    found: dict[int, list[ActiveWindow]] = {}
    for service_key, window_key in links.values_list("service", "maintenancewindow").order_by("pk"):
        window = windows.get(window_key)
        occurrence = occurrence_at(window, at) if window else None
        if window is not None and occurrence is not None:
            found.setdefault(service_key, []).append(ActiveWindow(window, occurrence))
    return found
