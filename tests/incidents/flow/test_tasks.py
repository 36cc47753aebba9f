"""What people do with tasks, what ticks itself, and when an incident is closed."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from django.test import Client

from afterword.accounts.models import KeyScope, Person
from afterword.audit.models import AuditEvent
from afterword.followups import writes as follow_ups
from afterword.incidents import writes as incidents
from afterword.incidents.flow import checks, writes
from afterword.incidents.flow.models import Flow, FlowRun, FlowTask, TaskKind, TaskState
from afterword.incidents.flow.writes import Step
from afterword.incidents.models import Entry, Incident
from afterword.lib.errors import AfterwordError, InvalidInput, NotAllowed, NotFound
from afterword.postmortems import writes as postmortems
from afterword.postmortems.models import Postmortem
from afterword.postmortems.review.writes import ask_for_review, take_back_to_draft
from tests.incidents.flow.conftest import MovableClock

TaskOf = Callable[..., FlowTask]
Headers = Callable[..., dict[str, str]]


def _required(incident: Incident) -> list[FlowTask]:
    return list(FlowTask.objects.filter(run__incident=incident, is_required=True))


def test_a_task_is_ticked_and_the_tick_taken_back(looked_back_on: Incident, bob: Person, task_of: TaskOf):
    task = writes.tick_task(actor=bob, task=task_of(looked_back_on, "timeline"))
    assert (task.state, task.settled_by, task.next_reminder_at) == (TaskState.DONE, bob, None)
    with pytest.raises(AfterwordError, match="already"):
        writes.tick_task(actor=bob, task=task)
    task = writes.reopen_task(actor=bob, task=task)
    assert (task.state, task.settled_at, task.settled_by) == (TaskState.OPEN, None, None)
    with pytest.raises(AfterwordError, match="still to be done"):
        writes.reopen_task(actor=bob, task=task)
    actions = AuditEvent.objects.filter(subject_kind="flowtask").order_by("id")
    assert [event.action for event in actions] == ["flow_task.done", "flow_task.reopened"]


def test_not_doing_a_task_needs_a_reason(looked_back_on: Incident, bob: Person, task_of: TaskOf):
    task = task_of(looked_back_on, "debrief")
    for nothing in ("", "  \n", "\u200b"):
        with pytest.raises(InvalidInput) as refusal:
            writes.skip_task(actor=bob, task=task, reason=nothing)
        assert refusal.value.fields == {"reason": "Please say why it is not done."}
    task = writes.skip_task(actor=bob, task=task, reason="All were there.")
    assert (task.state, task.reason) == (TaskState.SKIPPED, "All were there.")
    assert AuditEvent.objects.get(action="flow_task.skipped").data["reason"] == "All were there."
    assert writes.reopen_task(actor=bob, task=task).reason == ""


def test_tasks_are_no_noise_in_the_timeline(looked_back_on: Incident, bob: Person, task_of: TaskOf):
    before = Entry.objects.count()
    task = task_of(looked_back_on, "timeline")
    writes.tick_task(actor=bob, task=task)
    writes.reopen_task(actor=bob, task=task)
    writes.change_task(actor=bob, task=task, owner=None, due_on=None)
    writes.add_task(actor=bob, incident=looked_back_on, title="Tell the customer")
    assert Entry.objects.count() == before


def test_a_task_is_given_to_somebody_of_the_team(
    looked_back_on: Incident, alice: Person, bob: Person, vera: Person, charlie: Person, task_of: TaskOf
):
    task = writes.change_task(actor=bob, task=task_of(looked_back_on, "draft"), owner=alice)
    assert task.owner == alice
    for person in (vera, charlie):
        with pytest.raises(InvalidInput):
            writes.change_task(actor=bob, task=task, owner=person)
    assert writes.change_task(actor=bob, task=task, owner=None).owner is None
    assert AuditEvent.objects.filter(action="flow_task.assigned").count() == 2


def test_a_day_that_somebody_chose_moves_the_reminders(
    looked_back_on: Incident, bob: Person, task_of: TaskOf
):
    task = task_of(looked_back_on, "draft")
    assert task.next_reminder_at is not None
    assert task.next_reminder_at.date() == date(2026, 3, 4)
    task = writes.change_task(actor=bob, task=task, due_on=date(2026, 3, 20))
    assert task.next_reminder_at is not None
    assert (task.next_reminder_at.date(), task.due_days) == (date(2026, 3, 19), None)
    with pytest.raises(InvalidInput):
        writes.change_task(actor=bob, task=task, due_on=date(2099, 1, 1))


def test_a_task_is_added_to_one_incident(looked_back_on: Incident, bob: Person):
    task = writes.add_task(
        actor=bob, incident=looked_back_on, title=" Tell  the customer ", due_on=date(2026, 3, 10)
    )
    assert (task.title, task.rank, task.kind, task.is_required) == ("Tell the customer", 7, "free", False)
    assert task.next_reminder_at is not None
    with pytest.raises(InvalidInput):
        writes.add_task(actor=bob, incident=looked_back_on, title="\u200b")


def test_a_task_is_added_where_no_flow_began(resolved_incident: Incident, bob: Person, incident: Incident):
    assert writes.add_task(actor=bob, incident=resolved_incident, title="Tell the customer").rank == 1
    with pytest.raises(AfterwordError, match="not resolved"):
        writes.add_task(actor=bob, incident=incident, title="Too early")


def test_an_incident_has_a_bounded_number_of_tasks(
    looked_back_on: Incident, bob: Person, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr("afterword.incidents.flow.writes.tasks.TASKS_MAX", 7)
    writes.add_task(actor=bob, incident=looked_back_on, title="One more")
    with pytest.raises(InvalidInput):
        writes.add_task(actor=bob, incident=looked_back_on, title="One too many")


def test_outsiders_find_nothing_and_viewers_change_nothing(
    looked_back_on: Incident, charlie: Person, vera: Person, task_of: TaskOf
):
    task = task_of(looked_back_on, "timeline")
    for person, refusal in ((charlie, NotFound), (vera, NotAllowed)):
        for act in (
            lambda who: writes.tick_task(actor=who, task=task),
            lambda who: writes.skip_task(actor=who, task=task, reason="No"),
            lambda who: writes.reopen_task(actor=who, task=task),
            lambda who: writes.change_task(actor=who, task=task, owner=None),
            lambda who: writes.add_task(actor=who, incident=looked_back_on, title="x"),
            lambda who: writes.close_incident(actor=who, incident=looked_back_on),
            lambda who: writes.withdraw_closing(actor=who, incident=looked_back_on),
        ):
            with pytest.raises(refusal):
                act(person)


def test_an_incident_closes_with_its_last_required_task(
    looked_back_on: Incident, bob: Person, time: MovableClock
):
    first, *others = _required(looked_back_on)
    for task in others:
        writes.tick_task(actor=bob, task=task)
    looked_back_on.refresh_from_db()
    assert looked_back_on.closed_at is None
    time.move(hours=1)
    writes.skip_task(actor=bob, task=first, reason="It says it all already.")
    looked_back_on.refresh_from_db()
    assert (looked_back_on.closed_at, looked_back_on.status) == (time.at, "resolved")
    assert looked_back_on.shown_status == "closed"
    assert FlowRun.objects.get().closed_at == time.at
    assert Entry.objects.order_by("-id")[0].text.startswith("Closed the incident: everything")
    assert AuditEvent.objects.get(action="incident.closed").actor_name == "Post-incident flow"
    assert not FlowTask.objects.filter(next_reminder_at__isnull=False).exists()


def test_what_keeps_an_incident_open_is_said(looked_back_on: Incident, bob: Person):
    with pytest.raises(AfterwordError) as refusal:
        writes.close_incident(actor=bob, incident=looked_back_on)
    assert refusal.value.status == 409
    assert refusal.value.message == (
        "It cannot be closed yet: “Set the key fields”, “Draft the post-mortem” and “Review the follow-ups” "
        "are still to be done, or to be given up with a reason."
    )


def test_an_incident_is_closed_by_hand(looked_back_on: Incident, bob: Person):
    FlowRun.objects.update(closes_itself=False)
    for task in _required(looked_back_on):
        writes.tick_task(actor=bob, task=task)
    looked_back_on.refresh_from_db()
    assert looked_back_on.closed_at is None
    closed = writes.close_incident(actor=bob, incident=looked_back_on)
    assert closed.closed_at is not None
    assert Entry.objects.order_by("-id")[0].person == bob
    with pytest.raises(AfterwordError, match="closed already"):
        writes.close_incident(actor=bob, incident=looked_back_on)


def test_an_incident_without_a_flow_is_closed_by_hand(
    resolved_incident: Incident, incident: Incident, bob: Person
):
    assert writes.close_incident(actor=bob, incident=resolved_incident).closed_at is not None
    with pytest.raises(AfterwordError, match="not resolved"):
        writes.close_incident(actor=bob, incident=incident)


def test_the_closing_is_taken_back(looked_back_on: Incident, bob: Person):
    tasks = _required(looked_back_on)
    for task in tasks:
        writes.tick_task(actor=bob, task=task)
    with pytest.raises(AfterwordError, match="is closed"):
        writes.reopen_task(actor=bob, task=tasks[0])
    with pytest.raises(AfterwordError, match="is closed"):
        writes.add_task(actor=bob, incident=looked_back_on, title="More", is_required=True)
    opened = writes.withdraw_closing(actor=bob, incident=looked_back_on)
    assert (opened.closed_at, opened.status) == (None, "resolved")
    assert FlowTask.objects.get(kind="share").next_reminder_at is None
    writes.reopen_task(actor=bob, task=tasks[0])
    # Who has taken it back closes it by hand.
    writes.tick_task(actor=bob, task=tasks[0])
    opened.refresh_from_db()
    assert opened.closed_at is None
    with pytest.raises(AfterwordError, match="not closed"):
        writes.withdraw_closing(actor=bob, incident=opened)


def test_what_is_not_required_may_be_done_after_the_closing(
    looked_back_on: Incident, bob: Person, task_of: TaskOf
):
    for task in _required(looked_back_on):
        writes.tick_task(actor=bob, task=task)
    share = writes.tick_task(actor=bob, task=task_of(looked_back_on, "share"))
    assert writes.reopen_task(actor=bob, task=share).is_open


def test_where_nothing_is_required_the_last_of_all_counts(incident: Incident, alice: Person, flow: Flow):
    Flow.objects.all().delete()
    steps = [Step(title=title, is_required=False) for title in ("One", "Two")]
    writes.create_flow(actor=alice, name="Light", steps=steps)
    incidents.resolve_incident(actor=alice, incident=incident)
    for task in FlowTask.objects.all():
        incident.refresh_from_db()
        assert incident.closed_at is None
        writes.tick_task(actor=alice, task=task)
    incident.refresh_from_db()
    assert incident.closed_at is not None


# What ticks itself ---------------------------------------------------------------------------------------


def test_the_key_fields_tick_themselves(looked_back_on: Incident, bob: Person, task_of: TaskOf):
    assert checks.missing_key_fields(looked_back_on) == ["a summary"]
    incidents.change_summary(actor=bob, incident=looked_back_on, summary="It was slow.")
    task = task_of(looked_back_on, "key_fields")
    assert (task.state, task.settled_by, task.ticked_itself) == (TaskState.DONE, None, True)
    assert task.settled_name == "summary and key timestamps are there"
    incidents.change_summary(actor=bob, incident=looked_back_on, summary="")
    assert task_of(looked_back_on, "key_fields").is_open


def test_what_is_there_at_the_resolution_is_ticked_from_the_beginning(
    incident: Incident, bob: Person, flow: Flow, task_of: TaskOf
):
    Incident.objects.update(summary="It was slow.")
    incidents.resolve_incident(actor=bob, incident=incident)
    assert task_of(incident, "key_fields").ticked_itself


def test_a_tick_that_somebody_took_back_stays_away(looked_back_on: Incident, bob: Person, task_of: TaskOf):
    incidents.change_summary(actor=bob, incident=looked_back_on, summary="It was slow.")
    writes.reopen_task(actor=bob, task=task_of(looked_back_on, "key_fields"))
    incidents.change_summary(actor=bob, incident=looked_back_on, summary="It was quite slow.")
    assert task_of(looked_back_on, "key_fields").is_open
    task = writes.tick_task(actor=bob, task=task_of(looked_back_on, "key_fields"))
    incidents.change_summary(actor=bob, incident=looked_back_on, summary="")
    task.refresh_from_db()
    assert task.settled_by == bob


def test_the_draft_is_done_when_a_post_mortem_is_in_review(
    looked_back_on: Incident, bob: Person, task_of: TaskOf
):
    postmortems.create_postmortem(actor=bob, incidents=[looked_back_on], title="Slow")
    assert task_of(looked_back_on, "draft").is_open
    assert not writes.recheck(incident=looked_back_on, kinds=[TaskKind.DRAFT])


def test_the_draft_follows_the_status_of_the_post_mortem(
    looked_back_on: Incident, alice: Person, bob: Person, task_of: TaskOf
):
    postmortem = postmortems.create_postmortem(actor=bob, incidents=[looked_back_on], title="Slow")
    ask_for_review(actor=bob, postmortem=postmortem, reviewers=[alice])
    assert task_of(looked_back_on, "draft").ticked_itself
    take_back_to_draft(actor=bob, postmortem=postmortem)
    assert task_of(looked_back_on, "draft").is_open


def test_the_review_of_follow_ups_is_done_when_all_have_owner_and_date(
    looked_back_on: Incident, bob: Person, task_of: TaskOf
):
    made = follow_ups.create_follow_up(actor=bob, incident=looked_back_on, title="Add an index", owner=bob)
    assert task_of(looked_back_on, "follow_ups").is_open
    follow_ups.change_follow_up(
        actor=bob,
        follow_up=made,
        title=made.title,
        description="",
        owner=bob,
        due_on=date(2026, 4, 1),
        priority="P3",
    )
    assert task_of(looked_back_on, "follow_ups").ticked_itself
    follow_ups.create_follow_up(actor=bob, incident=looked_back_on, title="And another one")
    assert task_of(looked_back_on, "follow_ups").is_open


@pytest.fixture
def to_export(incident: Incident, alice: Person, bob: Person, flow: Flow) -> tuple[Postmortem, FlowTask]:
    Flow.objects.all().delete()
    step = Step(title="Export the post-mortem", kind=TaskKind.EXPORT)
    writes.create_flow(actor=alice, name="Export", steps=[step], closes_itself=False)
    incidents.resolve_incident(actor=bob, incident=incident)
    postmortem = postmortems.create_postmortem(actor=bob, incidents=[incident], title="Slow")
    return postmortem, FlowTask.objects.get()


@pytest.mark.once
@pytest.mark.parametrize(("kind", "words"), [("markdown", "Markdown"), ("pdf", "PDF")])
def test_a_download_is_the_export(
    kind: str, words: str, to_export: tuple[Postmortem, FlowTask], sign_in: Any, bob: Person
):
    postmortem, task = to_export
    answer = sign_in(bob).get(f"/postmortems/{postmortem.number}/export/{kind}")
    assert answer.status_code == 200
    task.refresh_from_db()
    assert task.ticked_itself
    assert task.settled_name == f"exported as {words} by Bob"
    assert AuditEvent.objects.get(action="postmortem.exported").data["format"] == words


@pytest.mark.once
@pytest.mark.parametrize("kind", ["markdown", "pdf"])
def test_a_program_exports_too_if_its_key_may_write(
    kind: str, to_export: tuple[Postmortem, FlowTask], client: Client, bob: Person, api_headers: Headers
):
    postmortem, task = to_export
    url = f"/api/v1/postmortems/{postmortem.number}/{kind}"
    assert client.get(url, headers=api_headers(bob, KeyScope.READ)).status_code == 200
    task.refresh_from_db()
    assert task.is_open
    assert client.get(url, headers=api_headers(bob)).status_code == 200
    task.refresh_from_db()
    assert task.ticked_itself


def test_what_a_viewer_downloads_finishes_nothing(
    to_export: tuple[Postmortem, FlowTask], sign_in: Any, vera: Person
):
    postmortem, task = to_export
    assert sign_in(vera).get(f"/postmortems/{postmortem.number}/export/markdown").status_code == 200
    task.refresh_from_db()
    assert task.is_open
    assert AuditEvent.objects.filter(action="postmortem.exported").exists()


def test_what_nobody_did_and_nobody_took_part_in_touches_nothing(resolved_incident: Incident):
    assert writes.recheck(incident=resolved_incident, kinds=TaskKind.values) == 0
    assert writes.tick_by_event(incident=resolved_incident, kind="export", because="x") == 0
