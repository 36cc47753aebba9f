"""Which incidents enter a flow, and what happens when they are open again."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import date, timedelta
from typing import Any

import pytest

from afterword.accounts.models import Organisation, Person, Team
from afterword.audit.models import AuditEvent
from afterword.catalog.models import IncidentRole, Integration, Priority, Service
from afterword.incidents import writes as incidents
from afterword.incidents.flow import writes
from afterword.incidents.flow.models import Flow, FlowRun, FlowTask, OwnerRule, TaskKind, TaskState
from afterword.incidents.flow.writes import Step
from afterword.incidents.models import Alert, Incident, IncidentStatus, RoleAssignment
from afterword.lib.errors import AfterwordError
from tests.cast import STARTED
from tests.incidents.flow.conftest import MovableClock
from tests.together import ask, at_once

Make = Callable[..., Incident]


@pytest.fixture
def alone(transactional_db: None, alice: Person) -> None:
    """Tests that need whole transactions begin without what the migrations made."""
    Flow.objects.all().delete()
    writes.create_flow(actor=alice, name="One", steps=[Step(title="Talk"), Step(title="Write")])


def _titles(incident: Incident) -> list[str]:
    return list(FlowTask.objects.filter(run__incident=incident).values_list("title", flat=True))


def _reopen(incident: Incident) -> None:
    """As an alert does it."""
    from django.db import transaction

    from afterword.audit.writes import SYSTEM, record

    Incident.objects.filter(pk=incident.pk).update(
        status=IncidentStatus.TRIGGERED, resolved_at=None, fixed_at=None, closed_at=None
    )
    with transaction.atomic():
        record(actor=SYSTEM, action="incident.reopened", subject=Incident.objects.get(pk=incident.pk))


def test_an_incident_that_somebody_resolved_gets_the_first_tasks(looked_back_on: Incident, flow: Flow):
    assert _titles(looked_back_on) == list(flow.steps.values_list("title", flat=True))
    run = FlowRun.objects.get()
    assert (run.flow, run.flow_name, run.resolved_on) == (flow, flow.name, date(2026, 3, 2))
    events = AuditEvent.objects.filter(action="flow.started")
    assert [(event.actor_name, event.data["tasks"]) for event in events] == [("Post-incident flow", 6)]


def test_tasks_are_due_on_working_days(looked_back_on: Incident, task_of: Callable[..., FlowTask]):
    assert task_of(looked_back_on, "key_fields").due_on == date(2026, 3, 3)
    assert task_of(looked_back_on, "debrief").due_on == date(2026, 3, 9)
    assert task_of(looked_back_on, "share").due_on == date(2026, 3, 11)


def test_days_are_counted_where_the_organisation_is(
    organisation: Organisation, incident: Incident, bob: Person, time: MovableClock, task_of: Any
):
    Organisation.objects.update(time_zone="Pacific/Auckland")
    resolved = incidents.resolve_incident(actor=bob, incident=incident)
    # There it is Tuesday already.
    assert task_of(resolved, "key_fields").due_on == date(2026, 3, 4)


def test_what_resolved_itself_before_anybody_looked_enters_no_flow(
    make_incident: Make, integration: Integration, flow: Flow
):
    incident = make_incident(integration=integration, resolved_after=timedelta(minutes=3))
    assert writes.enter_flows(incidents=[incident], resolvers={}) == 0
    assert not FlowRun.objects.exists()


def test_an_incident_that_is_still_open_enters_no_flow(incident: Incident, flow: Flow):
    Flow.objects.update(conditions={})
    assert writes.enter_flows(incidents=[incident], resolvers={}) == 0


def test_the_first_flow_that_fits_counts(
    incident: Incident, alice: Person, bob: Person, flow: Flow, team: Team
):
    Flow.objects.update(conditions={"minutes": 60 * 24 * 300})
    second = writes.create_flow(
        actor=alice, name="Second", conditions={"team": [str(team.unique_id)]}, steps=[Step(title="Talk")]
    )
    writes.create_flow(actor=alice, name="Third", steps=[Step(title="Never")])
    resolved = incidents.resolve_incident(
        actor=bob, incident=incident, at=incident.created_at + timedelta(minutes=42)
    )
    assert _titles(resolved) == ["Talk"]
    assert FlowRun.objects.get().flow == second


def test_a_flow_that_is_off_is_not_asked(incident: Incident, bob: Person, flow: Flow):
    Flow.objects.update(is_enabled=False)
    incidents.resolve_incident(actor=bob, incident=incident)
    assert not FlowRun.objects.exists()


@pytest.mark.parametrize(
    ("conditions", "enters"),
    [
        ({"minutes": 42}, True),
        ({"minutes": 43}, False),
        ({"way_in": ["manual"]}, False),
        ({"way_in": ["integration"]}, True),
        ({"priority": ["p1"]}, True),
        ({"priority": ["p2", "p3"]}, False),
        ({"severity": ["error"]}, True),
        ({"severity": ["critical", "warning"]}, False),
        ({"people": ["none"]}, False),
        ({"people": ["some"], "severity": ["error"]}, True),
        ({"something": ["else"]}, False),
    ],
)
def test_conditions_ask_for_facts(
    conditions: dict[str, Any],
    enters: bool,
    make_incident: Make,
    integration: Integration,
    team: Team,
    bob: Person,
    flow: Flow,
):
    Flow.objects.update(conditions=conditions)
    priority = Priority.objects.create(team=team, name="P1")
    incident = make_incident(integration=integration, priority=priority)
    for number, said in enumerate(("warning", "error", "resolved")):
        Alert.objects.create(
            trace_id=f"00000000-0000-0000-0000-00000000000{number}",
            integration=integration,
            incident=incident,
            alert_type=said,
            entity_id="x",
            message="x",
            received_at=STARTED,
        )
    incidents.resolve_incident(actor=bob, incident=incident, at=STARTED + timedelta(minutes=42))
    assert FlowRun.objects.exists() is enters


def test_a_condition_asks_for_services(
    incident: Incident, make_incident: Make, team: Team, bob: Person, flow: Flow
):
    other = make_incident(on=Service.objects.create(team=team, name="Refunds"))
    Flow.objects.update(conditions={"service": [str(incident.service.unique_id)]})
    for one in (incident, other):
        incidents.resolve_incident(actor=bob, incident=one)
    assert [run.incident for run in FlowRun.objects.all()] == [incident]


def test_an_incident_resolved_again_goes_on_where_it_was(
    looked_back_on: Incident, bob: Person, time: MovableClock, task_of: Any
):
    writes.tick_task(actor=bob, task=task_of(looked_back_on, "timeline"))
    writes.change_task(actor=bob, task=task_of(looked_back_on, "share"), due_on=date(2026, 4, 1))
    time.move(days=1)
    _reopen(looked_back_on)
    assert FlowRun.objects.get().paused_at == time.at
    assert not FlowTask.objects.filter(next_reminder_at__isnull=False).exists()
    time.move(days=7)
    incident = incidents.resolve_incident(actor=bob, incident=looked_back_on)
    run = FlowRun.objects.get()
    assert (run.paused_at, run.resolved_on) == (None, date(2026, 3, 10))
    assert FlowTask.objects.count() == 6
    assert task_of(incident, "timeline").state == TaskState.DONE
    assert task_of(incident, "draft").due_on == date(2026, 3, 13)
    assert task_of(incident, "share").due_on == date(2026, 4, 1)
    actions = AuditEvent.objects.filter(action__startswith="flow.").order_by("id")
    assert [event.action for event in actions] == ["flow.started", "flow.paused", "flow.resumed"]


def test_of_another_flow_that_fits_now_only_what_is_missing_is_added(
    looked_back_on: Incident, alice: Person, bob: Person, flow: Flow, task_of: Any
):
    writes.create_flow(
        actor=alice,
        name="Long ones",
        steps=[
            Step(title="Draft it", kind="draft"),
            Step(title="Tell the board"),
            Step(title="Export", kind="export"),
        ],
    )
    Flow.objects.filter(pk=flow.pk).update(is_enabled=False)
    before = set(FlowTask.objects.values_list("pk", flat=True))
    _reopen(looked_back_on)
    incidents.resolve_incident(actor=bob, incident=looked_back_on)
    added = FlowTask.objects.exclude(pk__in=before).values_list("title", flat=True)
    assert sorted(added) == ["Export", "Tell the board"]
    assert FlowRun.objects.get().flow_name == "Long ones"


def test_tasks_stay_where_no_flow_fits_any_more(looked_back_on: Incident, bob: Person, flow: Flow):
    flow.delete()
    _reopen(looked_back_on)
    incidents.resolve_incident(actor=bob, incident=looked_back_on)
    assert FlowTask.objects.count() == 6
    assert FlowRun.objects.get().paused_at is None


@pytest.mark.django_db(transaction=True)
def test_of_two_people_who_resolve_at_once_one_begins_the_flow(
    alone: None, several: ThreadPoolExecutor, incident: Incident, bob: Person
):
    results = at_once(several, lambda: incidents.resolve_incident(actor=bob, incident=incident))
    assert results.count("done") == 1
    assert ask(several, FlowRun.objects.count) == 1
    assert ask(several, FlowTask.objects.count) == 2


def _only(alice: Person, **step: Any) -> None:
    Flow.objects.all().delete()
    writes.create_flow(actor=alice, name="One", steps=[Step(title="Talk", **step)])


def test_a_task_goes_to_who_has_the_role(incident: Incident, alice: Person, bob: Person, flow: Flow):
    lead = IncidentRole.objects.get(name="Incident lead")
    RoleAssignment.objects.create(incident=incident, role=lead, person=alice)
    incidents.resolve_incident(actor=bob, incident=incident)
    assert set(FlowTask.objects.values_list("owner", flat=True)) == {alice.pk}


def test_where_nobody_has_the_role_it_goes_to_who_resolved_it(looked_back_on: Incident, bob: Person):
    assert set(FlowTask.objects.values_list("owner", flat=True)) == {bob.pk}


def test_a_role_that_is_given_later_brings_its_tasks(
    make_incident: Make, alice: Person, bob: Person, flow: Flow
):
    Flow.objects.update(conditions={})
    incident = make_incident(resolved_after=timedelta(minutes=3))
    writes.enter_flows(incidents=[incident], resolvers={})
    assert set(FlowTask.objects.values_list("owner", flat=True)) == {None}
    lead = IncidentRole.objects.get(name="Incident lead")
    incidents.assign_role(actor=alice, incident=incident, role=lead, person=bob)
    assert set(FlowTask.objects.values_list("owner", flat=True)) == {bob.pk}


def test_a_task_goes_to_who_reported_it(service: Service, alice: Person, bob: Person, flow: Flow):
    _only(alice, owner_rule=OwnerRule.REPORTER)
    incident = incidents.create_incident(actor=bob, service=service, title="Slow")
    incidents.resolve_incident(actor=alice, incident=incident)
    assert FlowTask.objects.get().owner == bob


def test_a_task_goes_to_a_manager(incident: Incident, alice: Person, bob: Person, flow: Flow):
    _only(alice, owner_rule=OwnerRule.MANAGER)
    incidents.resolve_incident(actor=bob, incident=incident)
    assert FlowTask.objects.get().owner == alice


def test_a_task_goes_to_the_same_person_if_they_may_see_it(
    incident: Incident, make_incident: Make, alice: Person, bob: Person, charlie: Person, flow: Flow
):
    _only(alice, owner_rule=OwnerRule.PERSON, owner_person=charlie)
    incidents.resolve_incident(actor=bob, incident=incident)
    assert FlowTask.objects.get().owner is None
    _only(alice, owner_rule=OwnerRule.PERSON, owner_person=bob)
    second = incidents.resolve_incident(actor=alice, incident=make_incident())
    assert FlowTask.objects.get(run__incident=second).owner == bob


def test_who_only_reads_owns_nothing(
    incident: Incident, alice: Person, bob: Person, vera: Person, flow: Flow
):
    _only(alice, owner_rule=OwnerRule.PERSON, owner_person=vera)
    incidents.resolve_incident(actor=bob, incident=incident)
    assert FlowTask.objects.get().owner is None


def test_a_flow_is_begun_by_hand_where_it_did_not_begin_by_itself(
    make_incident: Make, bob: Person, vera: Person, charlie: Person, flow: Flow
):
    incident = make_incident(resolved_after=timedelta(minutes=3))
    for person in (vera, charlie):
        with pytest.raises(AfterwordError):
            writes.start_flow(actor=person, incident=incident, flow=flow)
    run = writes.start_flow(actor=bob, incident=incident, flow=flow)
    assert run.tasks.count() == 6
    with pytest.raises(AfterwordError, match="already"):
        writes.start_flow(actor=bob, incident=incident, flow=flow)


def test_a_flow_is_not_begun_before_the_end(incident: Incident, bob: Person, flow: Flow):
    with pytest.raises(AfterwordError, match="not resolved"):
        writes.start_flow(actor=bob, incident=incident, flow=flow)


def test_every_kind_fits_where_it_is_kept():
    field = FlowTask._meta.get_field("kind")
    assert max(map(len, TaskKind.values)) <= (field.max_length or 0)
