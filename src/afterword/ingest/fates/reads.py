"""What became of signals, and how integrations fare, as far as the actor may see them."""

from __future__ import annotations

import uuid
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import connection
from django.db.models import Count, Exists, Max, OuterRef, QuerySet, Sum

from afterword.accounts import reads as accounts
from afterword.accounts.models import Person
from afterword.catalog.models import Integration, Service
from afterword.catalog.reads import get_integration
from afterword.incidents.models import Alert, Change
from afterword.incidents.privacy.reads import is_hidden_from
from afterword.incidents.reads import visible_incidents
from afterword.ingest.fates.rules import (
    DAY_MINUTES,
    MINUTES_SHOWN,
    SILENCE_DAYS_LOOKED_AT,
    Fate,
    Figures,
    Hearing,
    Minute,
    Tally,
    Waiting,
    fate_of,
    may_be_silent,
)
from afterword.ingest.models import Failure, InboxRow, MinuteCount, RecentBody, Signal
from afterword.ingest.reads import is_about_hidden
from afterword.ingest.writes.reruns import trace_id_of_rerun
from afterword.lib.cursors import Page, paginate
from afterword.lib.errors import InvalidInput, NotFound

STATES = ("failed", "waiting", "maintenance")
"""What a list of signals can be narrowed to."""
WAITING_LOOKED_AT_MAX = 10_000
"""Of the oldest rows in the inbox: it has no index by integration, so that the way in pays for none."""
WAITING_SHOWN_MAX = 20
"""Above the signals that have a fate already."""
COUNTED_MAX = 10_000
"""Failed signals are counted up to here."""
FAILING_HOURS = 24
"""So long after a failure services and integrations carry a warning, unless it was run again."""


@dataclass(frozen=True)
class SeenSignal:
    """A signal as it is shown: what it said, and what became of it."""

    trace_id: uuid.UUID
    received_at: datetime
    folded_at: datetime | None
    fate: Fate
    entity_id: str = ""
    message: str = ""
    """Of its alert, or the title of its change."""
    alert_type: str = ""
    alert_id: str = ""
    change_id: str = ""
    remarks: tuple[str, ...] = ()
    error: str = ""
    failure: str = ""
    retried_at: datetime | None = None
    incident_number: int | None = None
    """Only of an incident that the reader may see."""
    has_incident: bool = False

    @property
    def took_milliseconds(self) -> int | None:
        """From acceptance to fold; None while it waits."""
        if self.folded_at is None:
            return None
        return max(round((self.folded_at - self.received_at).total_seconds() * 1000), 0)

    @property
    def rerun_trace_id(self) -> uuid.UUID | None:
        """Of the signal as which it was run again."""
        return trace_id_of_rerun(self.trace_id) if self.retried_at else None


@dataclass(frozen=True)
class SeenPage:
    """Some signals, newest first, and the cursor to those before them."""

    items: list[SeenSignal]
    next: str | None


def list_signals(
    actor: Person, integration: Integration, *, state: str = "", cursor: str | None = None, limit: int
) -> SeenPage:
    """Those that have a fate, newest first; `failed` and `maintenance` narrow them, `waiting` are the others.

    Raises InvalidInput for an unknown state or cursor, NotFound to an outsider.
    """
    integration = get_integration(actor, integration.unique_id)
    if state == "waiting":
        rows = paginate(_waiting_of(integration), cursor=cursor, limit=limit, key="id")
        return SeenPage([_seen_waiting(row) for row in rows.items], rows.next)
    signals: Page[Signal] = paginate(
        _decided(integration, state), cursor=cursor, limit=limit, key="-received_at"
    )
    return SeenPage(_seen(actor, signals.items), signals.next)


def first_waiting(actor: Person, integration: Integration) -> list[SeenSignal]:
    """The newest of the signals that wait, as far as they are looked at, newest first."""
    integration = get_integration(actor, integration.unique_id)
    rows = _waiting_of(integration).order_by("-pk")[:WAITING_SHOWN_MAX]
    return [_seen_waiting(row) for row in rows]


def get_signal(actor: Person, integration: Integration, trace_id: uuid.UUID) -> SeenSignal:
    """Raises NotFound for a signal that is not there, no longer kept, or not the actor's to see."""
    integration = get_integration(actor, integration.unique_id)
    signal = _find_signal(integration, trace_id)
    if signal is None:
        row = _inbox(integration).filter(trace_id=trace_id).first()
        if row is not None:
            return _seen_waiting(row)
        # Between the two looks it may have been folded.
        signal = _find_signal(integration, trace_id)
    if signal is None:
        raise NotFound
    return _seen(actor, [signal])[0]


def find_body(actor: Person, integration: Integration, trace_id: uuid.UUID) -> str | None:
    """What was sent, while it is kept. None too for those who may only read: it may hold secrets.

    And for those who are no members of the private incident that it was about.
    """
    integration = get_integration(actor, integration.unique_id)
    if not accounts.writable_teams(actor).filter(pk=integration.service.team_id).exists():
        return None
    failed = Signal.objects.filter(integration_id=integration.pk, trace_id=trace_id).exclude(body="")
    recent = RecentBody.objects.filter(integration=integration, trace_id=trace_id)
    recent = recent.exclude(is_about_hidden(actor))
    waiting = _inbox(integration).filter(trace_id=trace_id)
    for rows in (failed, recent, waiting):
        body: str | None = rows.values_list("body", flat=True).first()
        if body is not None:
            return body
    return None


def count_to_rerun(actor: Person, integration: Integration, *, failure: str = "") -> int:
    """The failed signals that were not run again yet, up to `COUNTED_MAX`."""
    integration = get_integration(actor, integration.unique_id)
    failed = _decided(integration, "failed").filter(retried_at__isnull=True)
    if failure:
        failed = failed.filter(failure=failure)
    return failed.order_by("received_at").values("pk")[:COUNTED_MAX].count()


def figures_of(actor: Person, integrations: Sequence[Integration], *, now: datetime) -> dict[int, Figures]:
    """Rates, lag and waiting signals of integrations that the actor may see, by primary key."""
    seen = [integration.pk for integration in _visible_among(actor, integrations)]
    this_minute = now.replace(second=0, microsecond=0)
    since_hour = this_minute - timedelta(minutes=MINUTES_SHOWN - 1)
    since_day = this_minute - timedelta(minutes=DAY_MINUTES - 1)
    days = _tallies(seen, since_day)
    minutes: dict[int, dict[datetime, Tally]] = defaultdict(dict)
    counts = MinuteCount.objects.filter(integration__in=seen, minute__gte=since_hour, minute__lte=this_minute)
    for pk, minute, *numbers in counts.values_list("integration_id", "minute", *_NUMBERS):
        minutes[pk][minute] = Tally(*numbers)
    waiting = _count_waiting()
    return {
        pk: Figures(
            minutes=_minute_by_minute(minutes[pk], since_hour),
            hour=sum(minutes[pk].values(), Tally()),
            day=days.get(pk, Tally()),
            waiting=Waiting(waiting.by_integration.get(pk, 0), waiting.is_more),
        )
        for pk in seen
    }


def hearings_of(actor: Person, integrations: Sequence[Integration], *, now: datetime) -> dict[int, Hearing]:
    """When integrations that the actor may see were last heard.

    And how long they had paused before that, of those that may be silent: to know it, every minute of a
    week is looked at.
    """
    seen = _visible_among(actor, integrations)
    last = {integration.pk: _last_heard(integration) for integration in seen}
    pauses = _pauses([integration for integration in seen if may_be_silent(last[integration.pk], now)])
    return {pk: Hearing(at, pauses.get(pk)) for pk, at in last.items()}


def integrations_by_trouble(actor: Person, *, now: datetime) -> QuerySet[Integration]:
    """Every integration for administrators: those whose signals failed today first, then by service.

    Raises NotAllowed.
    """
    accounts.require_admin(actor)
    return (
        Integration.objects.select_related("service__team")
        .annotate(is_failing=_is_failing(now))
        .order_by("-is_failing", "service__name", "name", "id")
    )


def failing_services(actor: Person, services: Iterable[Service], *, now: datetime) -> set[int]:
    """The primary keys of those whose signals have failed in the last hours and were not run again."""
    pks = [service.pk for service in services]
    found = Integration.objects.filter(
        service__in=pks, service__team__in=accounts.visible_teams(actor).values("pk")
    )
    return set(found.filter(_is_failing(now)).values_list("service_id", flat=True))


def failing_integrations(actor: Person, *, now: datetime, integrations_max: int) -> list[Integration]:
    """Some of those that the actor may see and whose signals have failed, by name."""
    found = Integration.objects.filter(service__team__in=accounts.visible_teams(actor).values("pk"))
    found = found.filter(_is_failing(now)).select_related("service__team")
    return list(found.order_by("name", "id")[:integrations_max])


DAY_SECONDS = 24 * 60 * 60
_NUMBERS = ("folded", "suppressed", "failed", "lag_milliseconds", "lag_milliseconds_max")


def _decided(integration: Integration, state: str) -> QuerySet[Signal]:
    signals = Signal.objects.filter(integration_id=integration.pk).defer("body")
    if state == "failed":
        return signals.exclude(error="")
    if state == "maintenance":
        return signals.exclude(error="").filter(failure=Failure.MAINTENANCE)
    if state:
        raise InvalidInput(fields={"state": f"Please use one of: {', '.join(STATES)}."})
    return signals


def _inbox(integration: Integration) -> QuerySet[InboxRow]:
    return InboxRow.objects.filter(integration_id=integration.pk)


def _waiting_of(integration: Integration) -> QuerySet[InboxRow]:
    return _inbox(integration).filter(pk__in=_oldest_rows()).defer("body")


def _oldest_rows() -> QuerySet[InboxRow, int]:
    return InboxRow.objects.order_by("pk").values_list("pk", flat=True)[:WAITING_LOOKED_AT_MAX]


def _find_signal(integration: Integration, trace_id: uuid.UUID) -> Signal | None:
    return _decided(integration, "").filter(trace_id=trace_id).first()


def _seen_waiting(row: InboxRow) -> SeenSignal:
    return SeenSignal(row.trace_id, row.received_at, None, Fate.WAITING, _said(row.entity_id, row.trace_id))


def _seen(actor: Person, signals: Sequence[Signal]) -> list[SeenSignal]:
    trace_ids = [signal.trace_id for signal in signals if not signal.error]
    alerts = {
        alert.trace_id: alert
        for alert in Alert.objects.filter(trace_id__in=trace_ids).defer("payload", "urls", "images")
    }
    told = {signal.change_unique_id for signal in signals if signal.change_unique_id}
    titles = dict(Change.objects.filter(unique_id__in=told).values_list("unique_id", "title"))
    numbers = {signal.incident_number for signal in signals if signal.incident_number}
    # A rule may have sent the alert on to a service of a team that the reader is not in.
    visible = set(visible_incidents(actor).filter(number__in=numbers).values_list("number", flat=True))
    hidden = is_hidden_from(actor, [alert.incident_id for alert in alerts.values() if alert.incident_id])
    return [
        _with_alert(
            signal, alerts.get(signal.trace_id), titles.get(signal.change_unique_id, ""), visible, hidden
        )
        for signal in signals
    ]


def _with_alert(
    signal: Signal, alert: Alert | None, title: str, visible: set[int], hidden: set[int]
) -> SeenSignal:
    number = signal.incident_number if signal.incident_number in visible else None
    is_secret = alert is not None and alert.incident_id in hidden
    return SeenSignal(
        trace_id=signal.trace_id,
        received_at=signal.received_at,
        folded_at=signal.folded_at,
        fate=fate_of(
            failure=signal.failure or (Failure.FAULT if signal.error else ""),
            is_rerun=signal.retried_at is not None,
            is_change=bool(signal.change_unique_id),
            suppressed=signal.suppressed,
            has_incident=bool(signal.incident_unique_id),
            opened=signal.is_incident_created,
        ),
        # What was said about a private incident is for its members; that something came is no secret.
        entity_id="" if is_secret else _said(alert.entity_id if alert else signal.entity_id, signal.trace_id),
        message="" if is_secret else alert.message if alert else title,
        alert_type=alert.alert_type if alert else "",
        alert_id=signal.alert_unique_id,
        change_id=signal.change_unique_id,
        remarks=tuple(str(remark) for remark in alert.remarks) if alert and not is_secret else (),
        error=signal.error,
        failure=signal.failure,
        retried_at=signal.retried_at,
        incident_number=number,
        has_incident=bool(signal.incident_unique_id),
    )


def _said(entity_id: str, trace_id: uuid.UUID) -> str:
    """The entity as its sender named it: without one, an alert stands for itself under its trace id."""
    return "" if entity_id.replace("-", "") == trace_id.hex else entity_id


def _visible_among(actor: Person, integrations: Sequence[Integration]) -> list[Integration]:
    if accounts.sees_all_teams(actor):
        return list(integrations)
    teams = set(accounts.visible_teams(actor).values_list("pk", flat=True))
    return [integration for integration in integrations if integration.service.team_id in teams]


def _tallies(integrations: Sequence[int], since: datetime) -> dict[int, Tally]:
    counts = MinuteCount.objects.filter(integration__in=integrations, minute__gte=since).order_by()
    sums = counts.values_list("integration_id").annotate(
        *(Sum(name) for name in _NUMBERS[:-1]), Max(_NUMBERS[-1])
    )
    return {pk: Tally(*numbers) for pk, *numbers in sums}


def _minute_by_minute(tallies: Mapping[datetime, Tally], since: datetime) -> list[Minute]:
    found = (tallies.get(since + timedelta(minutes=place), Tally()) for place in range(MINUTES_SHOWN))
    return [Minute(tally.total, tally.failed) for tally in found]


@dataclass(frozen=True)
class _WaitingRows:
    by_integration: Mapping[int, int]
    is_more: bool


def _count_waiting() -> _WaitingRows:
    counts = InboxRow.objects.filter(pk__in=_oldest_rows()).order_by()
    found = dict(counts.values_list("integration_id").annotate(count=Count("pk")))
    return _WaitingRows(found, sum(found.values()) >= WAITING_LOOKED_AT_MAX)


def _is_failing(now: datetime) -> Exists:
    failed = Signal.objects.filter(
        integration_id=OuterRef("pk"),
        received_at__gte=now - timedelta(hours=FAILING_HOURS),
        retried_at__isnull=True,
    )
    # Held back by maintenance is what somebody asked for.
    return Exists(failed.exclude(error="").exclude(failure=Failure.MAINTENANCE))


def _last_heard(integration: Integration) -> datetime | None:
    """Fates are pruned by age, recent bodies by number: one of them knows."""
    signals = Signal.objects.filter(integration_id=integration.pk).order_by("-received_at")
    bodies = RecentBody.objects.filter(integration=integration).order_by("-received_at")
    last = [rows.values_list("received_at", flat=True).first() for rows in (signals, bodies)]
    return max((at for at in last if at is not None), default=None)


def _pauses(integrations: Sequence[Integration]) -> dict[int, timedelta]:
    """The longest pause of each in the days before its last signal, from the counted minutes."""
    pks = [integration.pk for integration in integrations]
    if not pks:
        return {}
    seconds = (
        "CAST(strftime('%%s', minute) AS INTEGER)"
        if connection.vendor == "sqlite"
        else "EXTRACT(EPOCH FROM minute)::bigint"
    )
    marks = ", ".join(["%s"] * len(pks))
    with connection.cursor() as cursor:
        # The pause from one counted minute to the next, of the last seven days that were counted at all.
        cursor.execute(
            "WITH counted AS ("  # noqa: S608 - constants of this file and placeholders
            f" SELECT integration_id, {seconds} AS at FROM ingest_minutecount"
            f" WHERE integration_id IN ({marks})),"
            " placed AS (SELECT integration_id, at,"
            " LAG(at) OVER (PARTITION BY integration_id ORDER BY at) AS before,"
            " MAX(at) OVER (PARTITION BY integration_id) AS last FROM counted)"
            " SELECT integration_id, MIN(at), MAX(last),"
            " MAX(CASE WHEN before >= last - %s THEN at - before END) FROM placed"
            " WHERE at >= last - %s GROUP BY integration_id",
            [*pks, SILENCE_DAYS_LOOKED_AT * DAY_SECONDS, SILENCE_DAYS_LOOKED_AT * DAY_SECONDS],
        )
        rows = cursor.fetchall()
    born = {integration.pk: integration.created_at.timestamp() for integration in integrations}
    found = {}
    for pk, first, last, between in rows:
        # A pause that began before these days counts from their start, or from the integration's.
        began = max(last - SILENCE_DAYS_LOOKED_AT * DAY_SECONDS, born[pk])
        found[pk] = timedelta(seconds=max(between or 0, first - began, 0))
    return found
