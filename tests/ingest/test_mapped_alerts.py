"""Mapping all the way: any body is let in, becomes an alert, and the rules find what they look for."""

from __future__ import annotations

import json
import uuid
from typing import Any

from afterword.accounts.models import Person
from afterword.catalog.models import Integration
from afterword.incidents.models import Alert, Incident
from afterword.ingest.formats import format_of
from afterword.ingest.models import InboxRow, RecentBody
from afterword.ingest.worker import fold_once
from afterword.ingest.writes import save_mapping, switch_mapping
from tests.cast import STARTED
from tests.ingest.rule_things import BODY, DEFINITION, HIGH, keep_body, make_mapping, make_rule
from tests.ingest.signals import SAMPLE, request_of


def send(integration: Integration, body: Any, *, is_mapped: bool = True) -> Alert:
    """Let a body in at the door, fold it, and find the alert."""
    form = format_of(integration.kind, is_mapped=is_mapped)
    assert form is not None
    (checked,) = form.check(request_of(json.dumps(body).encode(), integration))
    trace_id = uuid.uuid4()
    InboxRow.objects.create(
        trace_id=trace_id,
        integration_id=integration.pk,
        partition=0,
        entity_id=checked.entity_id or str(trace_id),
        body=checked.text,
        received_at=STARTED,
    )
    fold_once()
    return Alert.objects.get(trace_id=trace_id)


def test_a_body_of_any_shape_becomes_an_incident(integration: Integration) -> None:
    make_mapping(integration)
    alert = send(integration, BODY)
    assert (alert.message, alert.entity_id, alert.alert_type) == ("Disk full on web-12", "11", "critical")
    assert alert.payload["payload"] == BODY
    assert Incident.objects.get().title == "Disk full on web-12"
    assert send(integration, {**BODY, "status": "resolved"}).incident == alert.incident
    assert Incident.objects.get().status == "resolved"


def test_even_a_body_that_is_no_object_is_let_in(integration: Integration) -> None:
    make_mapping(integration, message="Item {{payload.0}}", entity_id="")
    alert = send(integration, ["first", 2])
    assert alert.message == "Item first"
    assert alert.payload["payload"] == ["first", 2]
    # Without an entity of its own each alert stands alone.
    assert alert.entity_id == str(alert.trace_id)


def test_what_the_mapping_could_not_find_is_told_on_the_alert(integration: Integration) -> None:
    make_mapping(integration, message="{{payload.no.such.key}}")
    alert = send(integration, BODY)
    assert alert.message == "Alert without words"
    assert "The mapping found no message in this body." in alert.remarks


def test_rules_win_over_the_mapping(integration: Integration) -> None:
    make_mapping(integration)
    make_rule(
        integration,
        conditions={"all": [{"path": "payload.payload.host", "operator": "equals", "value": "web-12"}]},
        actions=[
            {"action": "set_message", "value": "{{payload.payload.labels.team}}: {{message}}"},
            {"action": "set_entity_id", "value": "{{payload.payload.host}}"},
        ],
    )
    alert = send(integration, BODY)
    assert (alert.message, alert.entity_id) == ("payments: Disk full on web-12", "web-12")


def test_a_sender_of_the_generic_format_and_its_rules_survive_the_switch(
    alice: Person, integration: Integration
) -> None:
    """The guide: rules that said payload.source say payload.payload.source, for the very same bodies."""
    note = {"action": "set_summary", "value": "Project {{payload.project}}"}
    rule = make_rule(integration, conditions=HIGH, actions=[note])
    before = send(integration, SAMPLE, is_mapped=False)
    assert before.summary == "Project kubeprod"
    generic = {"message": "{{payload.message}}", "alert_type": {"path": "payload.alert_type"}}
    save_mapping(actor=alice, integration=integration, definition=generic)
    switch_mapping(actor=alice, integration=integration, on=True, rewrite_rules=True)
    rule.refresh_from_db()
    assert rule.actions[0]["value"] == "Project {{payload.payload.project}}"
    after = send(integration, SAMPLE)
    assert (after.message, after.summary) == (before.message, "Project kubeprod")


def test_a_change_of_the_mapping_counts_for_the_next_alert(alice: Person, integration: Integration) -> None:
    make_mapping(integration)
    assert send(integration, BODY).message == "Disk full on web-12"
    changed = {**DEFINITION, "message": "Changed"}
    save_mapping(actor=alice, integration=integration, definition=changed)
    assert send(integration, BODY).message == "Changed"


def test_the_bodies_to_build_with_are_kept_with_their_entity(integration: Integration) -> None:
    make_mapping(integration)
    keep_body(integration)
    alert = send(integration, BODY)
    kept = RecentBody.objects.get(trace_id=alert.trace_id)
    assert json.loads(kept.body) == BODY
    assert kept.entity_id == ""
