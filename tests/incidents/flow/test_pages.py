"""The Post-incident tab, the settings of flows, my tasks on the home page, the list's filter."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pytest
from django.test import Client
from pytest_django.fixtures import DjangoAssertNumQueries

from afterword.accounts.models import Organisation, Person
from afterword.catalog.models import IncidentRole, Service
from afterword.incidents import writes as incidents
from afterword.incidents.flow import writes
from afterword.incidents.flow.models import Flow, FlowRun, FlowStep, FlowTask, TaskKind
from afterword.incidents.flow.writes import Step
from afterword.incidents.models import Incident
from tests.incidents.flow.conftest import MovableClock

pytestmark = pytest.mark.once

SignIn = Callable[[Person], Client]
TaskOf = Callable[..., FlowTask]
HTMX = {"HX-Request": "true"}


def _tab(incident: Incident) -> str:
    return f"/incidents/{incident.number}/post-incident"


def _task_url(task: FlowTask, end: str = "") -> str:
    return f"/incidents/{task.run.incident.number}/tasks/{task.unique_id}{end}"


def test_the_tab_shows_what_is_to_be_done(looked_back_on: Incident, sign_in: SignIn, bob: Person):
    page = sign_in(bob).get(_tab(looked_back_on)).content.decode()
    assert "0 of 6 done" in page
    assert page.count('class="flow__task"') == 6
    assert "Not known yet: a summary." in page
    assert f"/postmortems/new?incident={looked_back_on.number}" in page
    assert "3 required tasks left" in page


def test_before_the_end_the_tab_only_says_what_will_begin(incident: Incident, sign_in: SignIn, bob: Person):
    page = sign_in(bob).get(_tab(incident)).content.decode()
    assert "This begins when the incident is resolved" in page
    assert "Close the incident" not in page


def test_an_incident_that_entered_no_flow_says_why(
    resolved_incident: Incident, flow: Flow, sign_in: SignIn, bob: Person, vera: Person
):
    page = sign_in(bob).get(_tab(resolved_incident)).content.decode()
    assert "“Learning from incidents” asks for this: Response: somebody took part" in page
    assert "Begin the flow" not in sign_in(vera).get(_tab(resolved_incident)).content.decode()
    url = f"/incidents/{resolved_incident.number}/flow"
    assert sign_in(bob).post(url, {"flow": str(flow.unique_id)}).status_code == 302
    assert FlowRun.objects.get().incident == resolved_incident


def test_a_flow_that_is_not_there_cannot_be_begun(
    resolved_incident: Incident, flow: Flow, sign_in: SignIn, bob: Person
):
    Flow.objects.update(is_enabled=False)
    url = f"/incidents/{resolved_incident.number}/flow"
    for wrong in (str(flow.unique_id), "", "x" * 99):
        assert sign_in(bob).post(url, {"flow": wrong}).status_code == 404


def test_tasks_are_ticked_and_unticked_without_script(
    looked_back_on: Incident, sign_in: SignIn, bob: Person, task_of: TaskOf
):
    task, browser = task_of(looked_back_on, "timeline"), sign_in(bob)
    answer = browser.post(_task_url(task, "/completion"), follow=True)
    assert answer.redirect_chain == [(_tab(looked_back_on), 302)]
    assert "“Review the timeline” is done." in answer.content.decode()
    again = browser.post(_task_url(task, "/completion"), follow=True).content.decode()
    assert "Nothing was changed." in again
    assert "1 of 6 done" in again
    browser.post(_task_url(task, "/reopening"))
    assert task_of(looked_back_on, "timeline").is_open


def test_with_script_only_the_flow_comes_back(
    looked_back_on: Incident, sign_in: SignIn, bob: Person, task_of: TaskOf
):
    task = task_of(looked_back_on, "timeline")
    answer = sign_in(bob).post(_task_url(task, "/completion"), headers=HTMX)
    body = answer.content.decode()
    assert body.startswith('\n<section class="section" id="flow"')
    assert "<html" not in body
    assert "is done." in body
    assert "HX-Request" in answer["Vary"]


def test_with_the_last_tick_the_whole_page_is_new(
    looked_back_on: Incident, sign_in: SignIn, bob: Person, task_of: TaskOf
):
    for kind in ("key_fields", "draft"):
        writes.tick_task(actor=bob, task=task_of(looked_back_on, kind))
    url = _task_url(task_of(looked_back_on, "follow_ups"), "/completion")
    answer = sign_in(bob).post(url, headers=HTMX)
    assert (answer.status_code, answer["HX-Redirect"]) == (204, _tab(looked_back_on))
    page = sign_in(bob).get(_tab(looked_back_on)).content.decode()
    assert "The incident is closed" in page
    assert "Closed" in page
    answer = sign_in(bob).post(_task_url(task_of(looked_back_on, "share"), "/completion"), headers=HTMX)
    assert answer.status_code == 200


def test_giving_up_asks_for_a_reason_and_keeps_the_page(
    looked_back_on: Incident, sign_in: SignIn, bob: Person, task_of: TaskOf
):
    url = _task_url(task_of(looked_back_on, "debrief"), "/omission")
    answer = sign_in(bob).post(url, {"reason": ""})
    assert answer.status_code == 400
    assert "Please say why it is not done." in answer.content.decode()
    assert sign_in(bob).post(url, {"reason": "\u200b"}).status_code == 400
    page = sign_in(bob).post(url, {"reason": "All <were> there."}, follow=True).content.decode()
    assert "Not doing: All &lt;were&gt; there." in page


def test_owner_and_date_are_changed(
    looked_back_on: Incident, sign_in: SignIn, alice: Person, bob: Person, task_of: TaskOf
):
    task, browser = task_of(looked_back_on, "draft"), sign_in(bob)
    assert browser.get(_task_url(task)).status_code == 200
    answer = browser.post(_task_url(task), {"owner": str(alice.unique_id), "due_on": "2026-03-20"})
    assert answer.status_code == 302
    task.refresh_from_db()
    assert (task.owner, task.due_on) == (alice, date(2026, 3, 20))
    assert browser.post(_task_url(task), {"owner": "nobody", "due_on": "20.3."}).status_code == 400
    answer = browser.post(_task_url(task), {"owner": "", "due_on": "2099-01-01"})
    assert answer.status_code == 400
    assert "within 5 years" in answer.content.decode()


def test_an_owner_who_has_left_may_stay_on_the_form(
    looked_back_on: Incident, sign_in: SignIn, alice: Person, bob: Person, task_of: TaskOf
):
    Person.objects.filter(pk=bob.pk).update(is_active=False)
    task = task_of(looked_back_on, "draft")
    answer = sign_in(alice).post(_task_url(task), {"owner": str(bob.unique_id), "due_on": "2026-03-20"})
    assert answer.status_code == 302


def test_a_form_that_is_sent_twice_adds_one_task(looked_back_on: Incident, sign_in: SignIn, bob: Person):
    url, given = f"/incidents/{looked_back_on.number}/tasks/new", {"title": "Tell the customer"}
    assert sign_in(bob).get(url).status_code == 200
    for _ in range(2):
        assert sign_in(bob).post(url, given).status_code == 302
    assert FlowTask.objects.filter(kind="free").count() == 1
    assert sign_in(bob).post(url, {"title": ""}).status_code == 400


def test_an_incident_is_closed_and_opened_again_by_hand(
    looked_back_on: Incident, sign_in: SignIn, bob: Person
):
    browser, url = sign_in(bob), f"/incidents/{looked_back_on.number}/closing"
    page = browser.post(url, follow=True).content.decode()
    assert "It cannot be closed yet: “Set the key fields”" in page
    FlowTask.objects.update(is_required=False)
    assert "The incident is closed." in browser.post(url, follow=True).content.decode()
    assert "closed already" in browser.post(url, follow=True).content.decode()
    page = browser.post(f"{url}/withdrawal", follow=True).content.decode()
    assert "The closing is taken back." in page
    assert "not closed" in browser.post(f"{url}/withdrawal", follow=True).content.decode()


def test_a_paused_flow_says_so(looked_back_on: Incident, sign_in: SignIn, bob: Person):
    Incident.objects.update(status="triggered", resolved_at=None)
    writes.pause_flows(incidents=[Incident.objects.get()])
    page = sign_in(bob).get(_tab(looked_back_on)).content.decode()
    assert "It waits until the incident is resolved again" in page


@pytest.fixture
def addresses(looked_back_on: Incident, task_of: TaskOf) -> list[tuple[str, str]]:
    task, debrief = task_of(looked_back_on, "draft"), task_of(looked_back_on, "debrief")
    number = looked_back_on.number
    return [
        ("get", _tab(looked_back_on)),
        ("get", _task_url(task)),
        ("get", f"/incidents/{number}/tasks/new"),
        ("get", _task_url(debrief, "/debrief")),
        ("get", _task_url(debrief, "/debrief.ics")),
        ("post", _task_url(task)),
        ("post", _task_url(task, "/completion")),
        ("post", _task_url(task, "/omission")),
        ("post", _task_url(task, "/reopening")),
        ("post", _task_url(debrief, "/debrief")),
        ("post", _task_url(debrief, "/debrief/cancellation")),
        ("post", f"/incidents/{number}/tasks/new"),
        ("post", f"/incidents/{number}/flow"),
        ("post", f"/incidents/{number}/closing"),
        ("post", f"/incidents/{number}/closing/withdrawal"),
    ]


def test_an_outsider_finds_nothing(addresses: list[tuple[str, str]], sign_in: SignIn, charlie: Person):
    browser = sign_in(charlie)
    for method, url in addresses:
        answer = getattr(browser, method)(url, {"reason": "x", "title": "x", "flow": "x"})
        assert answer.status_code == 404, (method, url)


def test_a_viewer_reads_and_changes_nothing(
    addresses: list[tuple[str, str]],
    looked_back_on: Incident,
    sign_in: SignIn,
    bob: Person,
    vera: Person,
    task_of: TaskOf,
):
    writes.plan_debrief(
        actor=bob,
        task=task_of(looked_back_on, "debrief"),
        starts_at=looked_back_on.created_at + timedelta(days=3),
    )
    browser = sign_in(vera)
    before = list(FlowTask.objects.order_by("pk").values())
    for method, url in addresses:
        answer = getattr(browser, method)(url, {"reason": "x", "title": "x", "flow": "x"})
        may_read = method == "get" and (url.endswith(("/post-incident", ".ics")))
        refused = (403, 404) if url.endswith("/flow") else (403,)
        assert answer.status_code in ((200,) if may_read else refused), (method, url)
    page = browser.get(_tab(looked_back_on)).content.decode()
    for offered in ("Add a task", "Not doing<", "Close the incident", "/completion"):
        assert offered not in page
    assert list(FlowTask.objects.order_by("pk").values()) == before


def test_a_task_of_another_incident_is_not_found(
    looked_back_on: Incident, resolved_incident: Incident, sign_in: SignIn, bob: Person, task_of: TaskOf
):
    task = task_of(looked_back_on, "draft")
    url = f"/incidents/{resolved_incident.number}/tasks/{task.unique_id}"
    assert sign_in(bob).get(url).status_code == 404
    assert sign_in(bob).post(f"{url}/completion").status_code == 404
    # Only the debrief has one.
    assert sign_in(bob).get(_task_url(task, "/debrief")).status_code == 404


def test_more_tasks_need_no_more_queries(
    looked_back_on: Incident,
    sign_in: SignIn,
    bob: Person,
    django_assert_max_num_queries: DjangoAssertNumQueries,
):
    browser = sign_in(bob)
    for number in range(40):
        writes.add_task(actor=bob, incident=looked_back_on, title=f"Task {number}", due_on=date(2026, 3, 20))
    with django_assert_max_num_queries(22):
        browser.get(_tab(looked_back_on))
    with django_assert_max_num_queries(22):
        browser.get("/")


# My work and the list ------------------------------------------------------------------------------------


def test_my_tasks_stand_on_the_home_page(
    looked_back_on: Incident, sign_in: SignIn, alice: Person, bob: Person, time: MovableClock, task_of: TaskOf
):
    page = sign_in(bob).get("/").content.decode()
    assert "My tasks after incidents" in page
    assert "Draft the post-mortem" in page
    assert "Overdue" not in page
    assert "Draft the post-mortem" not in sign_in(alice).get("/").content.decode()
    time.move(days=2)
    assert "Overdue" in sign_in(bob).get("/").content.decode()
    for task in FlowTask.objects.all():
        writes.tick_task(actor=bob, task=task)
    assert "Draft the post-mortem" not in sign_in(bob).get("/").content.decode()


def test_tasks_of_a_team_that_was_left_are_gone_from_home(
    looked_back_on: Incident, sign_in: SignIn, bob: Person
):
    bob.memberships.all().delete()
    assert "Draft the post-mortem" not in sign_in(bob).get("/").content.decode()


def test_the_list_shows_where_something_is_left_to_be_done(
    looked_back_on: Incident, make_incident: Any, sign_in: SignIn, bob: Person
):
    make_incident(title="Left alone", resolved_after=timedelta(minutes=1))
    browser = sign_in(bob)
    page = browser.get("/incidents?status=post_incident").content.decode()
    assert "Checkout answers slowly" in page
    assert "Left alone" not in page
    FlowTask.objects.update(is_required=False)
    writes.close_incident(actor=bob, incident=looked_back_on)
    assert "Nothing matches" in browser.get("/incidents?status=post_incident").content.decode()
    assert "Checkout answers slowly" in browser.get("/incidents?status=closed").content.decode()


# Settings --------------------------------------------------------------------------------------------------

FLOWS = "/settings/post-incident-flows"
GIVEN = {"name": "Big ones", "weekdays": ["1", "2", "3"], "is_enabled": "on", "if_minutes": "60"}


def test_an_administrator_adds_and_changes_a_flow(
    flow: Flow, service: Service, sign_in: SignIn, alice: Person
):
    browser = sign_in(alice)
    assert "Learning from incidents" in browser.get(FLOWS).content.decode()
    assert browser.get(f"{FLOWS}/new").status_code == 200
    team = str(service.team.unique_id)
    assert browser.post(f"{FLOWS}/new", {**GIVEN, "if_team": [team]}).status_code == 302
    made = Flow.objects.get(name="Big ones")
    assert made.conditions == {"minutes": 60, "team": [team]}
    assert (made.weekdays, made.closes_itself, made.is_enabled) == ("123", False, True)
    page = browser.get(FLOWS).content.decode()
    assert "Team: Payments" in page
    assert "Lasted at least 60 min" in page
    url = f"{FLOWS}/{made.unique_id}"
    assert browser.post(url, {**GIVEN, "name": "Huge ones", "closes_itself": "on"}).status_code == 302
    made.refresh_from_db()
    assert (made.name, made.closes_itself, made.conditions) == ("Huge ones", True, {"minutes": 60})


@pytest.mark.parametrize(
    ("wrong", "words"),
    [
        ({"name": "learning FROM incidents"}, "There is a flow called"),
        ({"name": "\u200b"}, "Please fill this in."),
        ({"weekdays": []}, "Please choose at least one working day."),
        ({"if_minutes": "0"}, "greater than or equal to 1"),
        ({"if_team": ["x"]}, "not one of the available choices"),
    ],
)
def test_a_flow_that_makes_no_sense_is_refused(
    wrong: dict[str, Any], words: str, flow: Flow, service: Service, sign_in: SignIn, alice: Person
):
    answer = sign_in(alice).post(f"{FLOWS}/new", {**GIVEN, **wrong})
    assert answer.status_code == 400
    assert words in answer.content.decode()


def test_a_condition_on_a_team_that_is_gone_can_be_kept_and_dropped(
    flow: Flow, sign_in: SignIn, alice: Person
):
    Flow.objects.update(conditions={"team": ["gone"]})
    url = f"{FLOWS}/{flow.unique_id}"
    assert "gone (gone)" in sign_in(alice).get(url).content.decode()
    sign_in(alice).post(url, {**GIVEN, "if_team": ["gone"]})
    assert Flow.objects.get().conditions == {"minutes": 60, "team": ["gone"]}


def test_flows_and_their_tasks_are_put_in_order(flow: Flow, sign_in: SignIn, alice: Person):
    browser = sign_in(alice)
    second = writes.create_flow(actor=alice, name="Second")
    browser.post(f"{FLOWS}/{second.unique_id}/place", {"place": "up"})
    assert list(Flow.objects.values_list("name", flat=True)) == ["Second", flow.name]
    first = flow.steps.all()[0]
    browser.post(f"{FLOWS}/{flow.unique_id}/tasks/{first.unique_id}/place", {"place": "down"})
    assert list(flow.steps.all())[1] == first
    browser.post(f"{FLOWS}/{flow.unique_id}/tasks/{first.unique_id}/place", {"place": "up"})
    assert list(flow.steps.all())[0] == first


def test_a_task_of_a_flow_is_added_changed_and_deleted(
    flow: Flow, sign_in: SignIn, alice: Person, bob: Person
):
    browser, url = sign_in(alice), f"{FLOWS}/{flow.unique_id}/tasks"
    role = IncidentRole.objects.get(name="Reporter")
    given = {
        "kind": "export",
        "owner_rule": "role",
        "owner_role": str(role.unique_id),
        "due_days": "4",
        "is_required": "on",
        "remind_before_days": "0",
        "remind_every_days": "3",
    }
    assert browser.get(f"{url}/new").status_code == 200
    assert browser.post(f"{url}/new", given).status_code == 302
    step = FlowStep.objects.get(kind=TaskKind.EXPORT)
    assert (step.title, step.owner_role, step.due_days, step.rank) == ("Export the post-mortem", role, 4, 7)
    assert (step.remind_before_days, step.remind_every_days) == (0, 3)
    page = f"{url}/{step.unique_id}"
    assert "Export the post-mortem" in browser.get(page).content.decode()
    changed = {**given, "owner_rule": "person", "owner_person": str(bob.unique_id), "title": "Export it"}
    assert browser.post(page, changed).status_code == 302
    step.refresh_from_db()
    assert (step.title, step.owner_role, step.owner_person) == ("Export it", None, bob)
    assert browser.post(f"{page}/deletion").status_code == 302
    assert not FlowStep.objects.filter(pk=step.pk).exists()


@pytest.mark.parametrize(
    ("wrong", "words"),
    [
        ({"kind": "dance"}, "Select a valid choice"),
        ({"kind": "free", "title": ""}, "Please fill this in."),
        ({"owner_rule": "role"}, "Please choose the role."),
        ({"owner_rule": "person"}, "Please choose somebody who is here."),
        ({"due_days": "366"}, "less than or equal to 365"),
        ({"due_days": "", "remind_before_days": "1"}, "Set when it is due."),
    ],
)
def test_a_task_that_makes_no_sense_is_refused(
    wrong: dict[str, Any], words: str, flow: Flow, sign_in: SignIn, alice: Person
):
    given = {"kind": "share", "owner_rule": "nobody", "due_days": "1", **wrong}
    answer = sign_in(alice).post(f"{FLOWS}/{flow.unique_id}/tasks/new", given)
    assert answer.status_code == 400
    assert words in answer.content.decode()


def test_a_flow_that_is_deleted_leaves_the_tasks_of_incidents(
    looked_back_on: Incident, flow: Flow, sign_in: SignIn, alice: Person
):
    assert sign_in(alice).post(f"{FLOWS}/{flow.unique_id}/deletion").status_code == 302
    assert FlowTask.objects.count() == 6
    assert sign_in(alice).get(_tab(looked_back_on)).status_code == 200
    assert "No flow yet" in sign_in(alice).get(FLOWS).content.decode()


def test_flows_are_for_administrators(
    flow: Flow, organisation: Organisation, sign_in: SignIn, bob: Person, charlie: Person, vera: Person
):
    step = flow.steps.all()[0]
    one, task = f"{FLOWS}/{flow.unique_id}", f"{FLOWS}/{flow.unique_id}/tasks/{step.unique_id}"
    for person in (bob, charlie, vera):
        browser = sign_in(person)
        for url in (FLOWS, f"{FLOWS}/new", one, f"{one}/tasks/new", task):
            assert browser.get(url).status_code == 403, url
        for url in (
            *(f"{FLOWS}/new", one, f"{one}/place", f"{one}/deletion", f"{one}/tasks/new", task),
            *(f"{task}/place", f"{task}/deletion"),
        ):
            assert browser.post(url, GIVEN).status_code == 403, url
        assert "Post-incident flows" not in browser.get("/settings").content.decode()
    assert Flow.objects.get().steps.count() == 6


def test_a_flow_without_tasks_has_nothing_to_do(incident: Incident, flow: Flow, alice: Person, bob: Person):
    Flow.objects.all().delete()
    writes.create_flow(actor=alice, name="Empty")
    incidents.resolve_incident(actor=bob, incident=incident)
    incident.refresh_from_db()
    assert incident.closed_at is None
    writes.create_flow(actor=alice, name="Late", steps=[Step(title="x")])
