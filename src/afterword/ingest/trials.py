"""What a mapping or a rule would have made of alerts that came in. Pure: nothing is written."""

from __future__ import annotations

import time
import uuid
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, NamedTuple, Protocol

from afterword.ingest import mapping
from afterword.ingest.formats import BadSignal, SignalContent, format_of
from afterword.ingest.mapping import MappedFields, MappingDefinition
from afterword.ingest.rules import AlertFacts, Rule, RuleOutcome, run

TRIAL_SECONDS_MAX = 5.0
"""Of processor time for all alerts of a trial: a page waits for it, and others wait behind that page."""


class StoredBody(Protocol):
    """A body as it was kept: `ingest.models.RecentBody`, or one that someone has pasted."""

    @property
    def trace_id(self) -> uuid.UUID: ...
    @property
    def entity_id(self) -> str: ...
    @property
    def body(self) -> str: ...
    @property
    def received_at(self) -> datetime: ...


class TriedAlert(NamedTuple):
    """An alert, and what the rules would have made of it."""

    trace_id: uuid.UUID
    received_at: datetime
    before: AlertFacts
    after: RuleOutcome
    matched: bool
    """Whether the rule on trial would have been reached, and would have held."""


class Trial(NamedTuple):
    """What would have become of alerts."""

    alerts: list[TriedAlert]
    unreadable: int
    """Bodies that are no alerts as the integration is set up now."""
    left_out: int = 0
    """Those at the end that were not tried, for the time was up."""

    @property
    def matched(self) -> list[TriedAlert]:
        return [tried for tried in self.alerts if tried.matched]


class MappedBody(NamedTuple):
    """What a mapping makes of one body, and the rules of that."""

    fields: MappedFields
    payload: dict[str, Any]
    """As rules see it."""
    after: RuleOutcome


def read_alert(
    body: StoredBody, *, kind: str, mapped: MappingDefinition | None, integration: str
) -> AlertFacts:
    """The alert that a stored body is, as rules see it. Raises BadSignal for one that is none."""
    form = format_of(kind, is_mapped=mapped is not None)
    content = form.read(body.body) if form is not None else None
    if not isinstance(content, SignalContent):
        raise BadSignal({"body": "This is no alert."})
    # A signal whose sender named no entity was accepted under its own trace id.
    entity_id = "" if body.entity_id.replace("-", "") == body.trace_id.hex else body.entity_id
    if mapped is not None:
        fields = mapped.apply(content.payload)
        return AlertFacts(
            message=fields.message,
            summary=fields.summary,
            entity_id=fields.entity_id or entity_id,
            alert_type=fields.alert_type,
            payload=mapping.payload_of(content.payload, fields),
            integration=integration,
        )
    return AlertFacts(
        message=content.message,
        summary=content.summary,
        entity_id=entity_id,
        alert_type=content.alert_type,
        payload=content.payload,
        urls=content.urls,
        suppressed=content.suppressed,
        priority=content.priority,
        integration=integration,
    )


def try_rules(
    bodies: Sequence[StoredBody],
    rules: Sequence[Rule],
    on_trial: Rule,
    *,
    kind: str,
    mapped: MappingDefinition | None,
    integration: str,
) -> Trial:
    """What these rules would have made of the alerts, in the order given; `on_trial` is one of the rules."""
    tried: list[TriedAlert] = []
    unreadable = 0
    held: list[bool] = []

    def holds(fields: Mapping[str, Any], at: datetime) -> bool:
        held.append(on_trial.holds(fields, at))
        return held[-1]

    # Whether it is reached and holds is noted by itself: two rules may have the same name.
    rules = [rule._replace(holds=holds) if rule is on_trial else rule for rule in rules]
    deadline = time.thread_time() + TRIAL_SECONDS_MAX
    for place, body in enumerate(bodies):
        if time.thread_time() > deadline:
            return Trial(tried, unreadable, len(bodies) - place)
        try:
            facts = read_alert(body, kind=kind, mapped=mapped, integration=integration)
        except BadSignal:
            unreadable += 1
            continue
        held.clear()
        after = run(rules, facts, body.received_at)
        tried.append(TriedAlert(body.trace_id, body.received_at, facts, after, any(held)))
    return Trial(tried, unreadable)


def try_mapping(
    body: Any, mapped: MappingDefinition, rules: Sequence[Rule], *, integration: str, at: datetime
) -> MappedBody:
    """What a mapping, and the rules after it, make of a body."""
    fields = mapped.apply(body)
    payload = mapping.payload_of(body, fields)
    facts = AlertFacts(
        message=fields.message,
        summary=fields.summary,
        entity_id=fields.entity_id,
        alert_type=fields.alert_type,
        payload=payload,
        integration=integration,
    )
    return MappedBody(fields, payload, run(rules, facts, at))
