"""Priority, SLA, policy, tags, roles, notes and messages: from the alert, its rules, its service."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest

from afterword.accounts.models import Person, Team
from afterword.catalog.models import EscalationPolicy, IncidentRole, Integration, Priority, Service, Sla, Tag
from afterword.incidents.models import (
    Alert,
    DeliveryState,
    EntryKind,
    Incident,
    RoleAssignment,
    StakeholderDelivery,
    StakeholderMessage,
)
from afterword.ingest.models import AlertRule
from afterword.ingest.worker import fold_once
from afterword.lib import clock
from tests.cast import STARTED
from tests.ingest.signals import DETAILED, after, receive

STRANGER = "7e44896b-36c3-4fa2-b145-c292f543d8dc"


@pytest.fixture
def priority(team: Team) -> Priority:
    return Priority.objects.create(team=team, name="P1")


@pytest.fixture
def sla(team: Team) -> Sla:
    return Sla.objects.create(team=team, name="Gold", acknowledge_minutes=5, resolve_minutes=60)


@pytest.fixture
def policy(team: Team) -> EscalationPolicy:
    return EscalationPolicy.objects.create(team=team, name="Day and night")


@pytest.fixture
def tag(team: Team) -> Tag:
    return Tag.objects.create(team=team, name="billing")


@pytest.fixture
def lead(db: None) -> IncidentRole:
    return IncidentRole.objects.create(name="First on call")


def fold(integration: Integration, **changes: Any) -> Alert:
    trace_id = receive(integration, **changes)
    fold_once()
    return Alert.objects.get(trace_id=trace_id)


def add_rule(integration: Integration, *actions: dict[str, object]) -> None:
    AlertRule.objects.create(
        integration=integration, position=1, name="Rule", is_enabled=True, actions=list(actions)
    )
    integration.revision += 1
    integration.save()


def texts(incident: Incident, kind: EntryKind) -> list[str]:
    return [entry.text for entry in incident.entries.filter(kind=kind)]


# Ids ---------------------------------------------------------------------------------------------------


def test_an_incident_gets_what_its_alert_names(
    integration: Integration, priority: Priority, sla: Sla, policy: EscalationPolicy, tag: Tag
) -> None:
    alert = fold(
        integration,
        priority=str(priority.unique_id),
        sla=str(sla.unique_id),
        escalation_policy=str(policy.unique_id),
        tags=[str(tag.unique_id)],
    )
    incident = Incident.objects.get()
    assert (incident.priority, incident.sla, incident.escalation_policy) == (priority, sla, policy)
    assert list(incident.tags.all()) == [tag]
    assert incident.acknowledge_due_at == after(5)
    assert incident.resolve_due_at == after(60)
    assert alert.remarks == []


def test_the_unknown_ids_of_the_detailed_example_are_ignored_and_told(integration: Integration) -> None:
    receive(integration, DETAILED)
    fold_once()
    incident, alert = Incident.objects.get(), Alert.objects.get()
    assert (incident.priority, incident.sla, incident.escalation_policy) == (None, None, None)
    assert not incident.tags.exists()
    assert (
        "There is no priority with the id b535c8c0-7c75-4911-a9c6-27a3be2f2da9 in the team: ignored."
        in alert.remarks
    )
    assert (
        "There is no SLA with the id cfb927ec-8316-4464-8770-deca07f75b49 in the team: ignored."
        in alert.remarks
    )
    assert len([remark for remark in alert.remarks if remark.startswith("There is no tag with")]) == 2
    assert "There is no person with the id 85e1569d-79a4-4205-850f-a: ignored." in alert.remarks


def test_what_belongs_to_another_team_or_is_archived_is_ignored(
    integration: Integration, other_team: Team, priority: Priority, sla: Sla, tag: Tag
) -> None:
    theirs = Priority.objects.create(team=other_team, name="P1")
    Sla.objects.update(is_active=False)
    Tag.objects.update(archived_at=clock.now())
    alert = fold(
        integration, priority=str(theirs.unique_id), sla=str(sla.unique_id), tags=[str(tag.unique_id)]
    )
    incident = Incident.objects.get()
    assert (incident.priority, incident.sla, list(incident.tags.all())) == (None, None, [])
    assert len(alert.remarks) == 3


@pytest.mark.parametrize(
    "odd", [5, True, None, [], {}, ["x"], {"x": 1}, "", "not an id", "x" * 5_000, "\\u0000", 1e300]
)
def test_odd_values_are_no_reason_to_lose_an_alert(integration: Integration, odd: object) -> None:
    names = ("priority", "sla", "escalation_policy", "tags", "stakeholders", "stakeholders_comms")
    fold(integration, **dict.fromkeys(names, odd))
    comms = {"subject": odd, "body": "x", "timezone": odd, "created_by": odd}
    lists = {"users": odd, "teams": [odd], "emails": [odd, odd]}
    fold(integration, tags=[odd], stakeholders=lists, stakeholders_comms=comms)
    assert Incident.objects.get().alerts.count() == 2


def test_what_no_alert_names_comes_from_the_service(
    integration: Integration, service: Service, priority: Priority, sla: Sla, policy: EscalationPolicy
) -> None:
    Service.objects.update(priority=priority, sla=sla, escalation_policy=policy)
    fold(integration)
    incident = Incident.objects.get()
    assert (incident.priority, incident.sla, incident.escalation_policy) == (priority, sla, policy)
    assert incident.resolve_due_at == STARTED + timedelta(hours=1)


def test_a_later_alert_changes_the_priority_and_no_other_promise(
    integration: Integration, priority: Priority, sla: Sla, team: Team
) -> None:
    worst = Priority.objects.create(team=team, name="P0")
    other_sla = Sla.objects.create(team=team, name="Silver", resolve_minutes=600)
    fold(integration, priority=str(priority.unique_id), sla=str(sla.unique_id))
    fold(integration, priority=str(worst.unique_id), sla=str(other_sla.unique_id), at=after(1))
    fold(integration, at=after(2))
    incident = Incident.objects.get()
    assert (incident.priority, incident.sla) == (worst, sla)
    assert texts(incident, EntryKind.EDIT) == ["Changed the priority from “P1” to “P0”."]


def test_a_later_alert_brings_what_there_was_not(
    integration: Integration, priority: Priority, sla: Sla, policy: EscalationPolicy, tag: Tag
) -> None:
    fold(integration)
    for _ in range(2):
        fold(
            integration,
            priority=str(priority.unique_id),
            sla=str(sla.unique_id),
            escalation_policy=str(policy.unique_id),
            tags=[str(tag.unique_id)],
            at=after(1),
        )
    incident = Incident.objects.get()
    assert (incident.priority, incident.sla, incident.escalation_policy) == (priority, sla, policy)
    assert incident.acknowledge_due_at == after(5)
    assert list(incident.tags.all()) == [tag]
    assert texts(incident, EntryKind.EDIT) == [
        "Set the priority to “P1”.",
        "Set the SLA to “Gold”.",
        "Set the escalation policy to “Day and night”.",
    ]


def test_a_suppressed_alert_changes_none_of_it(
    integration: Integration, priority: Priority, tag: Tag
) -> None:
    fold(integration)
    fold(integration, priority=str(priority.unique_id), tags=[str(tag.unique_id)], suppressed=True)
    incident = Incident.objects.get()
    assert incident.priority is None
    assert not incident.tags.exists()


# Rules -------------------------------------------------------------------------------------------------


def test_a_rule_wins_over_the_alert(
    integration: Integration, priority: Priority, tag: Tag, team: Team, sla: Sla
) -> None:
    other = Priority.objects.create(team=team, name="P2")
    add_rule(
        integration,
        {"action": "set_priority", "priority": str(other.unique_id)},
        {"action": "set_sla", "sla": str(sla.unique_id)},
        {"action": "add_tags", "tags": [str(tag.unique_id)]},
    )
    alert = fold(integration, priority=str(priority.unique_id))
    incident = Incident.objects.get()
    assert (incident.priority, incident.sla, list(incident.tags.all())) == (other, sla, [tag])
    assert alert.remarks == ["Alert rule that matched: “Rule”."]


def test_a_rule_gives_a_role_once(integration: Integration, lead: IncidentRole, bob: Person) -> None:
    add_rule(
        integration,
        {"action": "assign_role", "role": str(lead.unique_id), "person": str(bob.unique_id)},
    )
    fold(integration)
    fold(integration, at=after(1))
    incident = Incident.objects.get()
    assert texts(incident, EntryKind.ASSIGNMENT) == ["Bob has the role “First on call”."]
    assert [(one.role, one.person) for one in RoleAssignment.objects.all()] == [(lead, bob)]


def test_who_has_left_gets_no_role(integration: Integration, lead: IncidentRole, bob: Person) -> None:
    Person.objects.filter(pk=bob.pk).update(is_active=False)
    add_rule(
        integration,
        {"action": "assign_role", "role": str(lead.unique_id), "person": str(bob.unique_id)},
    )
    alert = fold(integration)
    assert not RoleAssignment.objects.exists()
    assert f"There is no person with the id {bob.unique_id}: ignored." in alert.remarks


def test_the_notes_of_rules_stand_in_the_timeline(integration: Integration) -> None:
    add_rule(integration, {"action": "add_note", "value": "See the runbook of {{payload.project}}."})
    fold(integration)
    assert texts(Incident.objects.get(), EntryKind.NOTE) == ["See the runbook of kubeprod."]


def test_a_rule_that_cannot_be_read_is_left_out_and_told(integration: Integration) -> None:
    add_rule(integration, {"action": "of another version"})
    alert = fold(integration)
    assert alert.incident is not None
    assert alert.remarks == ["The alert rule “Rule” cannot be read and was left out."]


# Messages ----------------------------------------------------------------------------------------------


@pytest.fixture
def ask(integration: Integration) -> Callable[..., Alert]:
    def send(stakeholders: object, comms: object, **changes: Any) -> Alert:
        return fold(integration, stakeholders=stakeholders, stakeholders_comms=comms, **changes)

    return send


def test_stakeholders_are_written_to_each_once(
    ask: Callable[..., Alert], alice: Person, bob: Person, team: Team
) -> None:
    alert = ask(
        {
            "users": [str(bob.unique_id), STRANGER],
            "teams": [str(team.unique_id)],
            "emails": ["Mary@example.com", "mary@example.com", "BOB@example.com", "no address"],
        },
        {
            "subject": "Billing\nis down",
            "body": "We know.",
            "timezone": "Europe/Berlin",
            "created_by": str(bob.unique_id),
        },
    )
    message = StakeholderMessage.objects.get()
    assert (message.subject, message.body, message.time_zone) == (
        "Billing is down",
        "We know.",
        "Europe/Berlin",
    )
    assert (message.created_by, message.incident, message.alert) == (bob, Incident.objects.get(), alert)
    assert [(one.email, one.person) for one in message.deliveries.all()] == [
        ("bob@example.com", bob),
        ("alice@example.com", alice),
        ("mary@example.com", None),
    ]
    assert {one.state for one in StakeholderDelivery.objects.all()} == {DeliveryState.WAITING}
    assert alert.remarks == [
        f"There is no person with the id {STRANGER}: ignored.",
        "“no address” is no email address: ignored.",
    ]


def test_without_a_subject_it_has_that_of_the_incident(ask: Callable[..., Alert]) -> None:
    ask({"emails": ["mary@example.com"]}, {"body": "We know."})
    incident = Incident.objects.get()
    assert StakeholderMessage.objects.get().subject == f"#{incident.number} {incident.title}"


def test_without_words_or_recipients_nothing_is_written(ask: Callable[..., Alert]) -> None:
    ask({"emails": ["mary@example.com"]}, {"subject": " ", "timezone": "UTC"})
    alert = ask({"emails": []}, {"subject": "Billing is down"})
    assert not StakeholderMessage.objects.exists()
    assert alert.remarks == ["The stakeholder message has no recipient that is known: it was not written."]


def test_a_storm_of_the_same_words_is_written_once(ask: Callable[..., Alert]) -> None:
    to, comms = {"emails": ["mary@example.com"]}, {"subject": "Billing is down", "body": "We know."}
    ask(to, comms)
    again = ask(to, comms, at=after(1))
    ask(to, {**comms, "body": "It is over."}, at=after(2))
    assert [message.body for message in StakeholderMessage.objects.all()] == ["We know.", "It is over."]
    assert again.remarks == [
        "The stakeholder message stands in this incident already and was not written again."
    ]


def test_stakeholders_without_a_message_are_told_of(ask: Callable[..., Alert]) -> None:
    told = ["It names stakeholders and has no message for them: nobody was written to."]
    assert ask({"emails": ["mary@example.com"]}, None).remarks == told
    assert ask({"users": ["unknown"]}, {"timezone": "UTC"}).remarks == told
    assert ask({"emails": []}, None).remarks == []


def test_a_message_needs_an_incident(ask: Callable[..., Alert]) -> None:
    to, comms = {"emails": ["mary@example.com"]}, {"subject": "Billing is down"}
    without = ask(to, comms, alert_type="info")
    muted = ask(to, comms, suppressed=True)
    assert not StakeholderMessage.objects.exists()
    assert without.remarks == muted.remarks
    assert without.remarks == ["No stakeholder message was written, for the alert belongs to no incident."]


def test_an_unknown_time_zone_is_told(ask: Callable[..., Alert]) -> None:
    alert = ask({"emails": ["mary@example.com"]}, {"subject": "Down", "timezone": "Mars/North"})
    assert StakeholderMessage.objects.get().time_zone == "UTC"
    assert alert.remarks == ["There is no time zone “Mars/North”: the message tells times in UTC."]


def test_more_recipients_than_may_be_are_left_out(ask: Callable[..., Alert]) -> None:
    alert = ask({"emails": [f"{n}@example.com" for n in range(300)]}, {"subject": "Down"})
    assert StakeholderDelivery.objects.count() == 200
    assert any("at most 200" in remark for remark in alert.remarks)
