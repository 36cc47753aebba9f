"""What the API says of mappings and alert rules."""

from __future__ import annotations

import uuid
from datetime import datetime
from typing import Annotated, Any

from ninja import Field, Schema

from afterword.ingest.models import RULE_NAME_LENGTH_MAX
from afterword.ingest.rules import AlertFacts, RuleOutcome
from afterword.ingest.trials import MappedBody, Trial, TriedAlert
from afterword.lib.bodies import Body

Definition = Annotated[
    dict[str, Any],
    Field(
        description="The shape stands in the reference of mapping and alert rules.",
        examples=[
            {
                "message": "{{payload.title}}",
                "entity_id": "{{payload.id}}",
                "alert_type": {
                    "path": "payload.status",
                    "values": {"Open": "critical", "Closed": "resolved"},
                    "default": "info",
                },
                "blocks": [],
            }
        ],
    ),
]
Conditions = Annotated[
    dict[str, Any],
    Field(
        description="When the rule holds. `{}` is every alert.",
        examples=[{"all": [{"path": "payload.severity", "operator": "equals", "value": "high"}]}],
    ),
]
Actions = Annotated[
    list[dict[str, Any]],
    Field(
        description="What is done, in order.",
        examples=[[{"action": "set_alert_type", "value": "critical"}, {"action": "suppress"}]],
    ),
]


class MappingOut(Schema):
    """How the bodies of an integration are mapped."""

    is_enabled: bool
    definition: dict[str, Any] | None = Field(description="Null before one was saved.")
    changed_at: datetime | None


class MappingIn(Body):
    definition: Definition
    rewrite_rules: bool = Field(
        False, description="Also rewrite rules that look for the payload in the wrong place."
    )


class MappingSwitchIn(Body):
    is_enabled: bool
    rewrite_rules: bool = Field(
        False,
        description="Rules that say `payload.x` say `payload.payload.x` once mapping is on, and back.",
    )


class MappingTryIn(Body):
    body: Any = Field(description="Any JSON, as a sender would send it.")
    definition: Definition | None = Field(None, description="Left out: the one that is saved.")


class AlertOut(Schema):
    """An alert before the rules."""

    message: str
    summary: str
    entity_id: str
    alert_type: str
    suppressed: bool
    payload: Any

    @classmethod
    def of(cls, facts: AlertFacts) -> AlertOut:
        return cls(
            message=facts.message,
            summary=facts.summary,
            entity_id=facts.entity_id,
            alert_type=facts.alert_type,
            suppressed=facts.suppressed,
            payload=facts.payload,
        )


class RoleOut(Schema):
    role: str
    person: str


class GroupOut(Schema):
    key: str
    window_minutes: int


class OutcomeOut(Schema):
    """An alert after the rules. Ids that no rule set are empty."""

    message: str
    summary: str
    entity_id: str
    alert_type: str
    suppressed: bool
    priority: str
    sla: str
    escalation_policy: str
    tags: list[str]
    roles: list[RoleOut]
    notes: list[str]
    service: str | None
    group: GroupOut | None
    remarks: list[str] = Field(description="What could not be done.")
    matched: list[str] = Field(description="The names of the rules that held, in order.")

    @classmethod
    def of(cls, outcome: RuleOutcome) -> OutcomeOut:
        group = outcome.group
        return cls(
            message=outcome.message,
            summary=outcome.summary,
            entity_id=outcome.entity_id,
            alert_type=outcome.alert_type,
            suppressed=outcome.suppressed,
            priority=outcome.priority,
            sla=outcome.sla,
            escalation_policy=outcome.escalation_policy,
            tags=outcome.tags,
            roles=[RoleOut(role=role, person=person) for role, person in outcome.roles],
            notes=outcome.notes,
            service=outcome.service,
            group=GroupOut(key=group[0], window_minutes=group[1]) if group else None,
            remarks=outcome.remarks,
            matched=outcome.matched,
        )


class MappingTryOut(Schema):
    """What a mapping makes of a body."""

    message: str
    summary: str
    entity_id: str = Field(description="Empty: each alert gets one of its own.")
    alert_type: str
    problems: list[str]
    payload: dict[str, Any] = Field(description="As rules see it.")
    after_rules: OutcomeOut

    @classmethod
    def of(cls, tried: MappedBody) -> MappingTryOut:
        fields = tried.fields
        return cls(
            message=fields.message,
            summary=fields.summary,
            entity_id=fields.entity_id,
            alert_type=fields.alert_type,
            problems=fields.problems,
            payload=tried.payload,
            after_rules=OutcomeOut.of(tried.after),
        )


class RecentBodyOut(Schema):
    trace_id: uuid.UUID
    received_at: datetime
    body: str = Field(description="As it was accepted; of a request with several alerts, the part of one.")


class RuleOut(Schema):
    """An alert rule."""

    unique_id: uuid.UUID
    name: str
    position: int
    is_enabled: bool
    conditions: dict[str, Any]
    actions: list[Any]
    stops: bool
    created_at: datetime


class RuleIn(Body):
    name: str = Field(description=f"At most {RULE_NAME_LENGTH_MAX} characters.")
    conditions: Conditions = {}
    actions: Actions = []
    stops: bool = Field(False, description="No later rule is looked at when this one holds.")
    is_enabled: bool = False


class RuleChangeIn(Body):
    """What is left out stays as it is."""

    name: str | None = None
    conditions: Conditions | None = None
    actions: Actions | None = None
    stops: bool | None = None
    is_enabled: bool | None = None


class RulePositionIn(Body):
    position: int = Field(description="From 1. Beyond the end is the end.")


class RuleTryIn(Body):
    conditions: Conditions = {}
    actions: Actions = []
    stops: bool = False
    rule: uuid.UUID | None = Field(
        None, description="The rule that this would replace. Left out: it would stand behind the others."
    )


class TriedAlertOut(Schema):
    trace_id: uuid.UUID
    received_at: datetime
    matched: bool
    before: AlertOut
    after: OutcomeOut

    @classmethod
    def of(cls, tried: TriedAlert) -> TriedAlertOut:
        return cls(
            trace_id=tried.trace_id,
            received_at=tried.received_at,
            matched=tried.matched,
            before=AlertOut.of(tried.before),
            after=OutcomeOut.of(tried.after),
        )


class RuleTryOut(Schema):
    """What would have become of the last alerts, with the other enabled rules in their places."""

    tried: int
    matched: int
    unreadable: int = Field(description="Bodies that are no alerts as the integration is set up now.")
    left_out: int = Field(description="The oldest, where trying all of them would have taken too long.")
    items: list[TriedAlertOut] = Field(description="The newest first.")

    @classmethod
    def of(cls, trial: Trial) -> RuleTryOut:
        return cls(
            tried=len(trial.alerts),
            matched=len(trial.matched),
            unreadable=trial.unreadable,
            left_out=trial.left_out,
            items=[TriedAlertOut.of(tried) for tried in trial.alerts],
        )
