"""Every query of the way in and of the fold."""

from __future__ import annotations

import math
import secrets
import uuid
from collections.abc import Collection, Sequence
from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.db import connection
from django.db.models import Exists, Max, Model, OuterRef, QuerySet, Sum

from afterword.accounts.keys import SCHEMES
from afterword.accounts.models import Membership, Person
from afterword.accounts.reads import find_caller, organisation
from afterword.catalog import reads as catalog
from afterword.catalog.models import (
    EscalationPolicy,
    IncidentRole,
    Integration,
    MaintenanceWindow,
    Priority,
    Service,
    Sla,
    Tag,
)
from afterword.incidents.models import Alert, Incident
from afterword.incidents.privacy.reads import hidden_incidents
from afterword.ingest.formats.opsgenie.format import ProcessedRequest
from afterword.ingest.keys import KeyTable, KnownIntegration
from afterword.ingest.metrics import InboxState
from afterword.ingest.models import AlertRule, Heartbeat, InboxRow, Mapping, MinuteCount, RecentBody, Signal
from afterword.ingest.partitions import partition_of_service
from afterword.ingest.rules import moves_alerts
from afterword.lib import bulk
from afterword.lib.errors import NotFound

RECENT_BODIES_MAX = 100
"""So many of an integration are kept."""
STATUS_MINUTES_MAX = 60
"""So long after acceptance the status of a signal can be asked for, as Zenduty promises it."""
FOLD = "fold"
HEARTBEAT_AGE_SECONDS_MAX = 10


def read_key_table() -> KeyTable:
    """Every enabled integration under the paths of its webhook, and under its kind and key."""
    acme = organisation()
    if acme is None:
        return {}
    integrations = list(Integration.objects.filter(is_enabled=True).select_related("service"))
    moving = _moving(integrations)
    mapped = set(Mapping.objects.filter(is_enabled=True).values_list("integration_id", flat=True))
    table = {}
    for integration in integrations:
        is_mapped = integration.pk in mapped
        is_apart = is_mapped or integration.pk in moving or integration.service.collation_minutes > 0
        known = KnownIntegration(
            pk=integration.pk,
            kind=integration.kind,
            secret=integration.secret,
            is_mapped=is_mapped,
            # Only the fold knows which entity, incident or service such an alert belongs to: all of a
            # service are kept in one order.
            partition=partition_of_service(integration.service) if is_apart else None,
            per_minute_max=_per_minute_max(integration.signals_per_minute_max),
        )
        name = f"{integration.kind}/{integration.key}"
        path = f"/integration/{acme.slug}/{name}"
        table[path] = table[f"{path}/"] = table[name] = known
    return table


def shared_partition(integration: Integration) -> int | None:
    """Of all rows of an integration, as the key table has it; None: each has that of its entity."""
    is_mapped = Mapping.objects.filter(integration=integration, is_enabled=True).exists()
    is_apart = is_mapped or integration.service.collation_minutes > 0 or bool(_moving([integration]))
    return partition_of_service(integration.service) if is_apart else None


_known_moving: dict[uuid.UUID, tuple[int, bool]] = {}
"""By integration: of which revision it is known, and whether its rules move alerts. The table is read every
second, and the rules of all integrations would be most of it."""


def _moving(integrations: Sequence[Integration]) -> set[int]:
    """Those that have a rule which changes the entity, the service or the group of alerts."""
    unknown = (0, False)
    stale = [one for one in integrations if _known_moving.get(one.unique_id, unknown)[0] != one.revision]
    if stale:
        rules = AlertRule.objects.filter(is_enabled=True, integration__in=stale)
        movers = {
            pk for pk, actions in rules.values_list("integration_id", "actions") if moves_alerts(actions)
        }
        _known_moving.update({one.unique_id: (one.revision, one.pk in movers) for one in stale})
    return {one.pk for one in integrations if _known_moving[one.unique_id][1]}


def _per_minute_max(own: int | None) -> int:
    return settings.ENV.signals_per_minute_max if own is None else own


def read_status(trace_id: uuid.UUID, *, at: datetime) -> dict[str, Any] | None:
    """What became of a signal, as the status endpoint answers; None when it is unknown or too old."""
    earliest = at - timedelta(minutes=STATUS_MINUTES_MAX)
    signal = _find_signal(trace_id, earliest)
    if signal is None and InboxRow.objects.filter(trace_id=trace_id, received_at__gt=earliest).exists():
        return {"status": "queued"}
    # Between the two looks it may have been folded.
    signal = signal or _find_signal(trace_id, earliest)
    if signal is None:
        return None
    if signal.error:
        return {"status": "failed", "error": signal.error}
    incident = None
    if signal.incident_unique_id and not _is_private(signal.incident_unique_id):
        # Who has the integration's key need not be a member.
        incident = {"incident_number": signal.incident_number, "unique_id": signal.incident_unique_id}
    name = Integration.objects.filter(pk=signal.integration_id).values_list("name", flat=True).first()
    return {
        "incident": incident,
        "alert": signal.alert_unique_id,
        "integration": {"name": name or ""},
        "status": "completed",
        "is_incident_created": signal.is_incident_created,
        "suppressed": signal.suppressed,
    }


def _is_private(unique_id: str) -> bool:
    return Incident.objects.filter(unique_id=unique_id, is_private=True).exists()


def read_opsgenie_request(trace_id: uuid.UUID, *, at: datetime) -> ProcessedRequest | None:
    """What became of a signal, for clients of Opsgenie; None when it is unknown, too old, or waits."""
    signal = _find_signal(trace_id, at - timedelta(minutes=STATUS_MINUTES_MAX))
    if signal is None:
        return None
    alert = Alert.objects.filter(unique_id=signal.alert_unique_id).first() if signal.alert_unique_id else None
    integration = Integration.objects.filter(pk=signal.integration_id).values_list("unique_id", flat=True)
    return ProcessedRequest(
        alert_type=alert.alert_type if alert else "",
        entity_id=alert.entity_id if alert else "",
        error=signal.error,
        processed_at=signal.folded_at,
        integration=str(integration.first() or ""),
    )


def _find_signal(trace_id: uuid.UUID, earliest: datetime) -> Signal | None:
    return Signal.objects.filter(trace_id=trace_id, received_at__gt=earliest).first()


def has_waiting_rows() -> bool:
    """Whether anything waits for the fold."""
    connection.ensure_connection()
    return bool(bulk.fetch("SELECT 1 FROM ingest_inbox LIMIT 1", []))


def newest_row() -> int:
    """The key of the row that was accepted last; it grows by one with each. On PostgreSQL."""
    return int(bulk.fetch("SELECT last_value FROM ingest_inbox_id_seq", [])[0][0])


def fold_is_alive(at: datetime) -> bool:
    """Whether something has folded, or looked for something to fold, in the last seconds."""
    earliest = at - timedelta(seconds=HEARTBEAT_AGE_SECONDS_MAX)
    return Heartbeat.objects.filter(part=FOLD, at__gt=earliest).exists()


def integrations_with_services(pks: Collection[int]) -> dict[int, Integration]:
    """By primary key, each with its service, the service's SLA and its team."""
    return Integration.objects.select_related("service__sla", "service__team").in_bulk(list(pks))


def maintenance_windows(service_pks: Collection[int]) -> list[tuple[int, MaintenanceWindow]]:
    """Each window of these services with the service's primary key."""
    through = MaintenanceWindow.services.through
    links = through._default_manager.filter(service__in=list(service_pks))
    return [(link.service_id, link.maintenancewindow) for link in links.select_related("maintenancewindow")]


def enabled_mappings(integration_pks: Collection[int]) -> QuerySet[Mapping]:
    return Mapping.objects.filter(integration__in=integration_pks, is_enabled=True)


def enabled_rules(integration_pks: Collection[int]) -> QuerySet[AlertRule]:
    """In the order in which they run."""
    rules = AlertRule.objects.filter(integration__in=integration_pks, is_enabled=True)
    return rules.order_by("position", "pk")


def active_memberships(team_pks: Collection[int]) -> QuerySet[Membership]:
    """Of active people, by their names."""
    members = Membership.objects.filter(team__in=team_pks, person__is_active=True)
    return members.select_related("person").order_by("person__name", "person_id")


def usable(model: type[Model]) -> QuerySet[Any]:
    """What alerts and rules may name: what is neither archived nor switched off."""
    if model is Person:
        return Person.objects.filter(is_active=True)
    if model is Sla:
        return Sla.objects.filter(is_active=True, archived_at__isnull=True)
    if model is Service:
        return Service.objects.select_related("sla", "team")
    if model in (Priority, Tag, EscalationPolicy, IncidentRole):
        return model._default_manager.filter(archived_at__isnull=True)
    return model._default_manager.all()


def find_mapping(actor: Person, integration: Integration) -> Mapping | None:
    """How the bodies of an integration are mapped; None before anybody said so. Raises NotFound."""
    catalog.get_integration(actor, integration.unique_id)
    return Mapping.objects.filter(integration=integration).first()


def alert_rules(actor: Person, integration: Integration) -> QuerySet[AlertRule]:
    """The rules of an integration in the order in which they run. Raises NotFound to an outsider."""
    catalog.get_integration(actor, integration.unique_id)
    rules = AlertRule.objects.filter(integration=integration)
    return rules.select_related("integration__service__team").order_by("position", "id")


def get_alert_rule(actor: Person, integration: Integration, unique_id: uuid.UUID) -> AlertRule:
    """Raises NotFound for a rule that is not there or not the actor's to see."""
    rule = alert_rules(actor, integration).filter(unique_id=unique_id).first()
    if rule is None:
        raise NotFound
    return rule


def recent_bodies(actor: Person, integration: Integration, *, with_text: bool = True) -> list[RecentBody]:
    """The last bodies that an integration got, the newest first. Raises NotFound to an outsider.

    Left out is what was about a private incident of which the actor is no member.
    Without their text each reads its own when it is asked for it.
    """
    catalog.get_integration(actor, integration.unique_id)
    bodies = RecentBody.objects.filter(integration=integration).order_by("-received_at", "-pk")
    bodies = bodies.exclude(is_about_hidden(actor))
    return list((bodies if with_text else bodies.defer("body"))[:RECENT_BODIES_MAX])


def is_about_hidden(actor: Person) -> Exists:
    """A condition on rows with a `trace_id`: an alert of a private incident that the actor does not see."""
    return Exists(
        Alert.objects.filter(trace_id=OuterRef("trace_id"), incident__in=hidden_incidents(actor)).order_by()
    )


def measure_inbox(at: datetime) -> InboxState:
    """How the fold keeps up, for `/metrics`."""
    first = InboxRow.objects.order_by("pk").values_list("received_at", flat=True).first()
    this_minute = at.replace(second=0, microsecond=0)
    minute = MinuteCount.objects.filter(minute=this_minute - timedelta(minutes=1)).aggregate(
        folded=Sum("folded", default=0),
        suppressed=Sum("suppressed", default=0),
        failed=Sum("failed", default=0),
        lag=Sum("lag_milliseconds", default=0),
        lag_max=Max("lag_milliseconds_max", default=0),
    )
    beat = Heartbeat.objects.filter(part=FOLD).values_list("at", flat=True).first()
    return InboxState(
        waiting=InboxRow.objects.count(),
        oldest_seconds=max((at - first).total_seconds(), 0.0) if first else 0.0,
        # Counted apart from one another, told as a part of the whole.
        folded=minute["folded"] + minute["suppressed"],
        suppressed=minute["suppressed"],
        failed=minute["failed"],
        lag_seconds=minute["lag"] / 1000 / max(minute["folded"] + minute["suppressed"] + minute["failed"], 1),
        lag_seconds_max=minute["lag_max"] / 1000,
        fold_silent_seconds=(at - beat).total_seconds() if beat else math.inf,
    )


def may_read_metrics(authorization: str) -> bool:
    """Whether this header has the token of the settings or the API key of an administrator."""
    if is_metrics_token(authorization):
        return True
    caller = find_caller(_token_of(authorization))
    return caller is not None and caller.person.is_admin


def is_metrics_token(authorization: str) -> bool:
    """Whether it is the token of the settings; asks no database."""
    known = settings.ENV.metrics_token.get_secret_value()
    return bool(known) and secrets.compare_digest(_token_of(authorization).encode(), known.encode())


def _token_of(authorization: str) -> str:
    scheme, _, token = authorization.partition(" ")
    return token.strip() if scheme.lower() in SCHEMES else ""
