"""Post-mortems that begin by themselves when their incidents are resolved."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import Any

import pytest
from django.db import transaction
from django.test import Client

from afterword.accounts.models import Membership, Person, TeamRole
from afterword.audit.models import AuditEvent
from afterword.audit.writes import SYSTEM, record
from afterword.catalog.models import IncidentRole
from afterword.drafting.suggestions import writes
from afterword.drafting.suggestions.models import DocumentDraft, DocumentToBegin, OrganisationDrafting
from afterword.drafting.suggestions.writes import work
from afterword.incidents.flow.models import Flow, FlowTask
from afterword.incidents.flow.writes import Step, create_flow
from afterword.incidents.models import Incident, RoleAssignment
from afterword.incidents.privacy.writes import make_private
from afterword.incidents.writes.incidents import resolve_incident
from afterword.lib import clock
from afterword.postmortems.choosing.models import TemplateRule
from afterword.postmortems.models import Postmortem
from afterword.postmortems.writes import create_postmortem
from tests.together import PEOPLE, ask, at_once, several

__all__ = ["several"]

Make = Callable[..., Any]


@pytest.fixture
def switched_on(organisation: Any) -> OrganisationDrafting:
    return OrganisationDrafting.objects.create(pk=1, begins=True)


@pytest.fixture
def post(client: Client, api_headers: Make) -> Make:
    """What the API answers to somebody's program."""

    def send(person: Person, path: str, **body: Any) -> Any:
        answer = client.post(
            f"/api/v1/{path}", body, content_type="application/json", headers=api_headers(person)
        )
        assert answer.status_code == 201, answer.content
        return answer.json()

    return send


def test_minutes_after_the_resolution_the_author_finds_a_draft(
    post: Make, sign_in: Make, alice: Person, bob: Person, charlie: Person, incident: Incident
):
    settings = {"begins": "yes"}
    assert sign_in(bob).post("/settings/drafting", settings).status_code == 403
    assert sign_in(alice).post("/settings/drafting", settings).status_code == 302
    TemplateRule.objects.create(team=incident.service.team, template_key="five-whys")
    post(bob, f"incidents/{incident.number}/resolution")
    assert not Postmortem.objects.exists()
    assert writes.begin_all_waiting() == 1
    made = Postmortem.objects.get()
    task = FlowTask.objects.get(kind="draft")
    assert (made.author, made.owner, task.owner, made.title) == (bob, bob, bob, incident.title)
    assert made.template_name == "Five whys"
    event = AuditEvent.objects.get(action="postmortem.created")
    assert (event.actor_kind, event.actor_name) == ("system", "Afterword")
    assert work.write_all_waiting() == 1
    page = sign_in(bob).get(f"/postmortems/{made.number}/history").content.decode()
    assert "Begun by itself when the incident was resolved" in page
    assert "Somebody who has left" not in page
    assert sign_in(bob).get(f"/postmortems/{made.number}/suggestions").status_code == 200
    outsider = sign_in(charlie)
    assert outsider.get(f"/postmortems/{made.number}").status_code == 404
    assert incident.title not in outsider.get("/postmortems").content.decode()


def test_it_is_off_unless_somebody_turned_it_on(post: Make, bob: Person, incident: Incident):
    post(bob, f"incidents/{incident.number}/resolution")
    assert not DocumentToBegin.objects.exists()
    assert writes.begin_all_waiting() == 0
    assert not Postmortem.objects.exists()


@pytest.mark.parametrize(
    ("organisation_says", "team_says", "incident_says", "begins"),
    [(True, False, None, 0), (None, True, None, 1), (True, True, False, 0), (False, False, True, 1)],
    ids=["team-off", "team-on", "incident-off", "incident-on"],
)
def test_who_is_nearest_decides(
    client: Client,
    alice: Person,
    api_headers: Make,
    incident: Incident,
    organisation_says: bool | None,
    team_says: bool | None,
    incident_says: bool | None,
    begins: int,
):
    headers = api_headers(alice)
    for path, says in (
        ("drafting", organisation_says),
        (f"teams/{incident.service.team.unique_id}/drafting", team_says),
        (f"incidents/{incident.number}/drafting", incident_says),
    ):
        answer = client.patch(
            f"/api/v1/{path}", {"begins": says}, content_type="application/json", headers=headers
        )
        assert answer.json()["begins"] is says
    assert answer.json()["holds"]["begins"] is bool(begins)
    resolve_incident(actor=alice, incident=incident)
    assert writes.begin_all_waiting() == begins
    assert Postmortem.objects.count() == begins


def _reopen(incident: Incident) -> None:
    """As an alert does that comes back."""
    with transaction.atomic():
        Incident.objects.filter(pk=incident.pk).update(status="triggered", resolved_at=None, fixed_at=None)
        record(actor=SYSTEM, action="incident.reopened", subject=Incident.objects.get(pk=incident.pk))


def test_it_begins_once_however_often_it_is_resolved(
    client: Client, post: Make, api_headers: Make, switched_on: Any, bob: Person, incident: Incident
):
    for count in (1, 0):
        post(bob, f"incidents/{incident.number}/resolution")
        assert writes.begin_all_waiting() == count
        _reopen(incident)
    address = f"/api/v1/postmortems/{Postmortem.objects.get().number}"
    # Nobody else wrote in it, so its owner may delete it; it does not come again.
    assert client.delete(address, headers=api_headers(bob)).status_code == 204
    post(bob, f"incidents/{incident.number}/resolution")
    assert writes.begin_all_waiting() == 0


def test_what_became_of_it_meanwhile_counts(
    post: Make, switched_on: OrganisationDrafting, bob: Person, make_incident: Make
):
    again, merged, written = (make_incident(title=title) for title in ("Again", "Merged", "Own"))
    for one in (again, merged, written):
        post(bob, f"incidents/{one.number}/resolution")
    post(bob, f"incidents/{merged.number}/merge", into=str(written.number))
    create_postmortem(actor=bob, incidents=[written], title="By hand")
    _reopen(again)
    assert writes.begin_all_waiting() == 3
    assert [one.title for one in Postmortem.objects.all()] == ["By hand"]
    # It was not begun, so the next resolution asks anew; and what is turned off by then is off.
    post(bob, f"incidents/{again.number}/resolution")
    switched_on.begins = False
    switched_on.save()
    assert writes.begin_all_waiting() == 1
    assert Postmortem.objects.count() == 1


@pytest.mark.parametrize("task", ["none", "skipped"])
def test_without_the_task_to_draft_it_nothing_begins(
    task: str, post: Make, switched_on: Any, bob: Person, incident: Incident
):
    if task == "none":
        Flow.objects.all().delete()
    post(bob, f"incidents/{incident.number}/resolution")
    FlowTask.objects.filter(kind="draft").update(state="skipped", settled_at=clock.now(), reason="Small")
    assert writes.begin_all_waiting() == 1
    assert not Postmortem.objects.exists()


@pytest.mark.parametrize("nearest", ["lead", "manager", "nobody"])
def test_where_nobody_owns_the_task_it_is_the_lead_or_a_manager(
    nearest: str, switched_on: Any, alice: Person, bob: Person, vera: Person, incident: Incident
):
    lead = IncidentRole.objects.get(meaning="lead")
    # Who may only read owns nothing.
    RoleAssignment.objects.create(incident=incident, role=lead, person=vera)
    if nearest == "lead":
        RoleAssignment.objects.create(incident=incident, role=lead, person=bob)
    if nearest == "nobody":
        Membership.objects.filter(role=TeamRole.MANAGER).update(role=TeamRole.MEMBER)
    resolve_incident(actor=alice, incident=incident)
    FlowTask.objects.update(owner=None)
    assert writes.begin_all_waiting() == 1
    owners = [one.owner for one in Postmortem.objects.select_related("owner")]
    assert owners == {"lead": [bob], "manager": [alice], "nobody": []}[nearest]


def test_about_a_private_incident_it_is_as_private(
    sign_in: Make, switched_on: Any, alice: Person, bob: Person, incident: Incident
):
    make_private(actor=alice, incident=incident)
    resolve_incident(actor=alice, incident=incident)
    # Left to somebody who does not see it any more.
    FlowTask.objects.update(owner=bob)
    assert writes.begin_all_waiting() == 1
    made = Postmortem.objects.get()
    assert made.owner == alice
    assert sign_in(alice).get(f"/postmortems/{made.number}").status_code == 200
    teammate = sign_in(bob)
    assert teammate.get(f"/postmortems/{made.number}").status_code == 404
    for page in ("/postmortems", "/search?q=Checkout", "/"):
        assert incident.title not in teammate.get(page).content.decode()


def test_who_begins_one_at_the_same_moment_is_told(
    sign_in: Make, client: Client, api_headers: Make, switched_on: Any, bob: Person, incident: Incident
):
    resolve_incident(actor=bob, incident=incident)
    assert writes.begin_all_waiting() == 1
    made = Postmortem.objects.get()
    typed = {"incident": incident.number, "title": "My own words", "author": str(bob.unique_id)}
    answer = sign_in(bob).post("/postmortems/new", typed)
    assert answer.status_code == 400
    assert "My own words" in answer.content.decode()

    def ask_for_one() -> Any:
        body = {"incidents": [incident.number]}
        headers = api_headers(bob)
        return client.post("/api/v1/postmortems", body, content_type="application/json", headers=headers)

    refused = ask_for_one()
    assert refused.status_code == 409
    assert f"Post-mortem {made.number}" in refused.json()["detail"]
    # Who says that another one is meant, or comes later, gets it.
    assert sign_in(bob).post("/postmortems/new", {**typed, "another": "on"}).status_code == 302
    made.revisions.update(at=clock.now() - timedelta(minutes=2))
    assert ask_for_one().status_code == 201


def test_what_goes_wrong_with_one_holds_up_no_other(
    switched_on: Any, bob: Person, make_incident: Make, monkeypatch: pytest.MonkeyPatch
):
    first, second = make_incident(title="Breaks"), make_incident(title="Fine")
    for one in (first, second):
        resolve_incident(actor=bob, incident=one)
    begin = writes.beginning.begin_by_itself

    def break_one(*, incident: Incident, owner: Person) -> Postmortem | None:
        assert incident != first, "a deliberate failure"
        return begin(incident=incident, owner=owner)

    monkeypatch.setattr(writes.beginning, "begin_by_itself", break_one)
    assert writes.begin_all_waiting() == 2
    assert [one.title for one in Postmortem.objects.all()] == ["Fine"]
    assert DocumentToBegin.objects.get(begun_at__isnull=True).attempts == 1
    monkeypatch.undo()
    DocumentToBegin.objects.update(next_attempt_at=clock.now())
    assert writes.begin_all_waiting() == 1
    assert Postmortem.objects.count() == 2


@pytest.mark.django_db(transaction=True)
def test_of_two_workers_and_a_person_one_begins_it(
    incident: Incident, alice: Person, bob: Person, several: ThreadPoolExecutor
):
    def prepare() -> None:
        OrganisationDrafting.objects.create(pk=1, begins=True)
        Flow.objects.all().delete()
        create_flow(actor=alice, name="One", steps=[Step(title="Draft it", kind="draft")])
        resolve_incident(actor=bob, incident=incident)

    ask(several, prepare)
    turns = iter(range(PEOPLE))

    def act() -> None:
        if next(turns) == 0:
            create_postmortem(actor=bob, incidents=[incident], title="By hand")
        else:
            writes.begin_all_waiting()

    assert "JustBegun" in (results := at_once(several, act)) or results == ["done"] * PEOPLE
    assert ask(several, Postmortem.objects.count) == 1
    assert ask(several, DocumentDraft.objects.count) == 1
