"""From a row of the inbox to an alert or a change: format, mapping, rules, maintenance, ids.

Nothing is written here. A row that becomes nothing becomes a reason, and the others go on.
"""

from __future__ import annotations

import logging
import uuid
from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple
from zoneinfo import ZoneInfo

import msgspec

from afterword.accounts.models import Person, Team
from afterword.catalog.models import EscalationPolicy, IncidentRole, Priority, Service, Sla, Tag
from afterword.documents import clean_text, plain_text
from afterword.incidents.models import MESSAGE_BODY_LENGTH_MAX, MESSAGE_SUBJECT_LENGTH_MAX
from afterword.incidents.writes.alerts import NewAlert
from afterword.incidents.writes.changes import NewChange
from afterword.incidents.writes.messages import NewMessage
from afterword.ingest.configuration import UNUSABLE_MAPPING, Configuration, Maintenance
from afterword.ingest.formats import BadSignal, ChangeContent, SignalContent, format_of
from afterword.ingest.mapping import payload_of
from afterword.ingest.models import Failure
from afterword.ingest.references import References, listed
from afterword.ingest.rules import AlertFacts, RuleOutcome, run
from afterword.ingest.waiting import WaitingRow
from afterword.lib.errors import AfterwordError

INTEGRATION_IS_GONE = "The integration no longer exists."
KIND_IS_UNKNOWN = "Alerts of this kind of integration cannot be read."
UNDER_MAINTENANCE = "Your service is under maintenance"
"""In the words of Zenduty's status endpoint."""
TIME_ZONE_LENGTH_MAX = 64
TAGS_MAX = 100
RECIPIENTS = ("users", "teams", "emails")

logger = logging.getLogger(__name__)


class Failed(NamedTuple):
    """Why a row became nothing."""

    failure: Failure
    reason: str


def read_rows(
    rows: Sequence[WaitingRow], configurations: Mapping[int, Configuration]
) -> list[NewAlert | NewChange | Failed]:
    """What each row says, in their order, with all that it asks for looked up."""
    references = References()
    read = [_read_safely(row, configurations.get(row.integration_pk), references) for row in rows]
    references.read()
    services = {one.row.pk: _service_of(one, references) for one in read if isinstance(one, _ReadAlert)}
    maintenance = Maintenance({service.pk for service in services.values()})
    return [
        _finish_safely(one, services[one.row.pk], references, maintenance)
        if isinstance(one, _ReadAlert)
        else one
        for one in read
    ]


def fault_of(error: Exception, trace_id: str) -> Failed:
    """How a fault of ours is told to the sender: what it says may quote others, so only its kind."""
    if isinstance(error, AfterwordError):
        return Failed(Failure.FAULT, error.message)
    logger.error("Signal %s cannot be folded and is set aside", uuid.UUID(trace_id), exc_info=error)
    text = f"Afterword could not record this alert ({type(error).__name__}). The server's log says more."
    return Failed(Failure.FAULT, text)


class _ReadAlert(msgspec.Struct, eq=False):
    """An alert after its rules were run."""

    row: WaitingRow
    configuration: Configuration
    content: SignalContent
    outcome: RuleOutcome
    remarks: list[str]


def _read_safely(
    row: WaitingRow, configuration: Configuration | None, references: References
) -> _ReadAlert | NewChange | Failed:
    try:
        one = _read(row, configuration)
        if isinstance(one, _ReadAlert):
            _want(one, references)
        return one
    except BadSignal as error:
        return Failed(Failure.REFUSED, error.message)
    except Exception as error:
        return fault_of(error, row.trace_id)


def _read(row: WaitingRow, configuration: Configuration | None) -> _ReadAlert | NewChange:
    if configuration is None:
        raise BadSignal({"body": INTEGRATION_IS_GONE})
    compiled, integration = configuration.compiled, configuration.integration
    format = format_of(integration.kind, is_mapped=compiled.is_mapped)
    if format is None:
        raise BadSignal({"body": KIND_IS_UNKNOWN})
    content = format.read(row.body)
    if isinstance(content, ChangeContent):
        return _change(row, configuration, content)
    remarks = [*content.remarks, *compiled.remarks]
    message, summary, alert_type = content.message, content.summary, content.alert_type
    payload = content.payload
    entity_id = "" if row.entity_id.replace("-", "") == row.trace_id else row.entity_id
    if compiled.is_mapped:
        if compiled.mapping is None:
            raise AfterwordError(UNUSABLE_MAPPING)
        fields = compiled.mapping.apply(payload)
        message, summary, alert_type = fields.message, fields.summary, fields.alert_type
        entity_id = fields.entity_id or entity_id
        payload = payload_of(payload, fields)
        remarks += fields.problems
    facts = AlertFacts(
        message=message,
        summary=summary,
        entity_id=entity_id,
        alert_type=alert_type,
        payload=payload,
        urls=content.urls,
        suppressed=content.suppressed,
        priority=content.priority,
        integration=integration.name,
    )
    outcome = run(compiled.rules, facts, row.received_at)
    if outcome.matched:
        remarks.append(_matched(outcome.matched))
        remarks += outcome.remarks
    return _ReadAlert(row, configuration, content, outcome, remarks)


def _matched(names: Sequence[str]) -> str:
    noun = "Alert rule" if len(names) == 1 else "Alert rules"
    return f"{noun} that matched: {', '.join(f'“{name}”' for name in names)}."


def _change(row: WaitingRow, configuration: Configuration, content: ChangeContent) -> NewChange:
    return NewChange(
        trace_id=row.trace_id,
        integration=configuration.integration,
        kind=content.kind,
        title=content.title,
        received_at=row.received_at,
        at=content.at,
        summary=content.summary,
        version=content.version,
        author=content.author,
        environment=content.environment,
        state=content.state,
        links=content.links,
        source_id=content.source_id,
        service=content.service,
        details=content.details,
    )


def _want(one: _ReadAlert, references: References) -> None:
    content, outcome = one.content, one.outcome
    if outcome.service:
        references.want(Service, [outcome.service])
    if outcome.priority:
        references.want(Priority, [outcome.priority])
    elif content.priority_name:
        references.want_priority_named(content.priority_name)
    if outcome.sla or content.sla:
        references.want(Sla, [outcome.sla or content.sla])
    if outcome.escalation_policy or content.escalation_policy:
        references.want(EscalationPolicy, [outcome.escalation_policy or content.escalation_policy])
    if outcome.tags or content.tags:
        references.want(Tag, [*content.tags[:TAGS_MAX], *outcome.tags])
    if outcome.roles:
        references.want(IncidentRole, [role for role, _ in outcome.roles])
        references.want(Person, [person for _, person in outcome.roles])
    if _has_words(content.stakeholders_comms):
        references.want(Person, listed(content.stakeholders, "users"))
        references.want(Person, [content.stakeholders_comms.get("created_by")])
        references.want(Team, listed(content.stakeholders, "teams"))


def _service_of(one: _ReadAlert, references: References) -> Service:
    chosen = references.of_organisation(Service, one.outcome.service, one.remarks)
    return chosen or one.configuration.integration.service


def _finish_safely(
    one: _ReadAlert, service: Service, references: References, maintenance: Maintenance
) -> NewAlert | Failed:
    try:
        return _finish(one, service, references, maintenance)
    except Exception as error:
        return fault_of(error, one.row.trace_id)


def _finish(one: _ReadAlert, service: Service, references: References, maintenance: Maintenance) -> NewAlert:
    row, content, outcome, remarks = one.row, one.content, one.outcome, one.remarks
    team_pk = service.team_id
    alert = NewAlert(
        trace_id=row.trace_id,
        integration=one.configuration.integration,
        service=service,
        alert_type=outcome.alert_type,
        entity_id=outcome.entity_id or row.entity_id,
        message=outcome.message,
        summary=outcome.summary,
        payload=outcome.payload,
        urls=outcome.urls,
        images=content.images,
        remarks=remarks,
        suppressed=outcome.suppressed,
        received_at=row.received_at,
        is_held_back=maintenance.covers(service, row.received_at),
        notes=outcome.notes,
    )
    if outcome.priority:
        alert.priority = references.of_team(Priority, outcome.priority, team_pk, remarks)
    elif content.priority_name:
        alert.priority = references.priority_named(content.priority_name, team_pk)
    if outcome.sla or content.sla:
        alert.sla = references.of_team(Sla, outcome.sla or content.sla, team_pk, remarks)
    if outcome.escalation_policy or content.escalation_policy:
        wanted = outcome.escalation_policy or content.escalation_policy
        alert.escalation_policy = references.of_team(EscalationPolicy, wanted, team_pk, remarks)
    if outcome.tags or content.tags:
        tags = (
            references.of_team(Tag, given, team_pk, remarks)
            for given in [*content.tags[:TAGS_MAX], *outcome.tags]
        )
        alert.tag_pks = [tag.pk for tag in tags if tag is not None]
    if outcome.roles:
        alert.roles = list(_roles(outcome.roles, references, remarks))
    if outcome.group is not None:
        alert.group_key, alert.group_minutes = outcome.group
    if _has_words(content.stakeholders_comms):
        alert.message_to_stakeholders = _message(content, references, remarks)
    elif content.stakeholders and any(listed(content.stakeholders, name) for name in RECIPIENTS):
        remarks.append("It names stakeholders and has no message for them: nobody was written to.")
    return alert


def _roles(
    given: Sequence[tuple[str, str]], references: References, remarks: list[str]
) -> list[tuple[IncidentRole, Person]]:
    pairs = (
        (
            references.of_organisation(IncidentRole, role, remarks),
            references.of_organisation(Person, person, remarks),
        )
        for role, person in given
    )
    return [(role, person) for role, person in pairs if role is not None and person is not None]


def _has_words(comms: Any) -> bool:
    return isinstance(comms, dict) and any(
        isinstance(comms.get(name), str) and comms[name].strip() for name in ("subject", "body")
    )


def _message(content: SignalContent, references: References, remarks: list[str]) -> NewMessage | None:
    comms: dict[str, Any] = content.stakeholders_comms
    recipients = references.recipients(content.stakeholders, remarks)
    created_by = references.of_organisation(Person, comms.get("created_by"), remarks)
    if not recipients:
        remarks.append("The stakeholder message has no recipient that is known: it was not written.")
        return None
    subject, body = comms.get("subject"), comms.get("body")
    return NewMessage(
        subject=plain_text(subject)[:MESSAGE_SUBJECT_LENGTH_MAX] if isinstance(subject, str) else "",
        body=clean_text(body).strip()[:MESSAGE_BODY_LENGTH_MAX] if isinstance(body, str) else "",
        time_zone=_time_zone(comms.get("timezone"), remarks),
        created_by=created_by,
        recipients=recipients,
    )


def _time_zone(given: Any, remarks: list[str]) -> str:
    if given is None or given == "":
        return "UTC"
    name = str(given).strip()[:TIME_ZONE_LENGTH_MAX]
    try:
        ZoneInfo(name)
    except (KeyError, ValueError, OSError):
        # Not every odd name is answered with "not found".
        remarks.append(f"There is no time zone “{name}”: the message tells times in UTC.")
        return "UTC"
    return name
