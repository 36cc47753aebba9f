"""Every address there is, asked by an administrator who is no member: none tells of a private incident."""

from __future__ import annotations

import itertools
import re
from collections import defaultdict
from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver

from afterword.accounts.models import OrganisationRole, Person
from afterword.audit.models import AuditEvent
from afterword.catalog.models import IncidentRole, Integration
from afterword.followups.models import FollowUp
from afterword.followups.writes import create_follow_up
from afterword.incidents import writes
from afterword.incidents.flow.models import Flow, FlowTask
from afterword.incidents.flow.writes import start_flow
from afterword.incidents.models import Alert, Entry, Incident
from afterword.incidents.privacy.audited import paths_to_incidents
from afterword.incidents.privacy.writes import make_private
from afterword.incidents.related.writes import link_incidents
from afterword.ingest.models import RecentBody
from afterword.ingest.worker import fold_once
from afterword.lib import clock
from afterword.notify.paging.writes.engine import page_person
from afterword.notify.writes import write_message
from afterword.postmortems.models import Postmortem, Section
from afterword.postmortems.writes import create_postmortem
from tests.conftest import ON_POSTGRESQL
from tests.ingest.signals import receive

SECRET = "zanzibar"
TITLE = "Zanzibar opening is forced"
SEARCHED = "opening forced"
"""Other words of the title: what is searched for is shown again."""
PARAMETER = re.compile(r"<(?:(\w+):)?(\w+)>")
NOT_ASKED = re.compile(r"sign-out|/events$|sign-in|ack/|static/|media/|password|setup|invitation")
"""Streams, which are no pages, and what is about the reader's own account."""

Kinds = dict[str, list[Any]]


@pytest.fixture
def kinds(bob: Person, alice: Person, integration: Integration, make_incident: Any) -> Kinds:
    """A private incident of Bob's with all that can belong to one; the values of addresses by their kinds."""
    trace_id = receive(
        integration, entity_id="zanzibar-door", message=TITLE, summary="At Zanzibar", at=clock.now()
    )
    fold_once()
    incident = Incident.objects.get()
    RecentBody.objects.get_or_create(
        trace_id=trace_id,
        defaults={
            "integration": integration,
            "body": f'{{"message": "{TITLE}"}}',
            "received_at": clock.now(),
        },
    )
    make_private(actor=bob, incident=incident)
    note = writes.add_note(actor=bob, incident=incident, text="Zanzibar has a window")
    evidence = writes.attach_link(actor=bob, entry=note, url="https://zanzibar.example/", title="Zanzibar")
    role = IncidentRole.objects.create(name="Scribe", rank=90)
    writes.assign_role(actor=bob, incident=incident, role=role, person=bob)
    page = page_person(actor=bob, incident=incident, person=bob)
    message = write_message(actor=bob, incident=incident, subject="Zanzibar", body="Zanzibar", people=[bob])
    public = make_incident(title="Known to all")
    link_incidents(actor=bob, incident=incident, other=public, reason="Zanzibar again")
    writes.resolve_incident(actor=bob, incident=incident)
    flow = Flow.objects.order_by("pk").first()
    if not FlowTask.objects.filter(run__incident=incident).exists():
        assert flow is not None
        start_flow(actor=bob, incident=incident, flow=flow)
    follow_up = create_follow_up(
        actor=bob, incident=incident, title="Lock Zanzibar", owner=None, due_on=None, priority="P1"
    )
    postmortem = create_postmortem(actor=bob, title="The Zanzibar story", incidents=[incident])
    # One number is both, so that fewer addresses need to be tried.
    assert (incident.number, postmortem.number, public.number) == (1, 1, 2)
    section = Section.objects.filter(postmortem=postmortem)[0]
    task = FlowTask.objects.filter(run__incident=incident)[0]
    return {
        "int": [1],
        "str": ["1"],
        "reference": ["1", incident.unique_id],
        "entry": [note.unique_id],
        "note": [note.unique_id],
        "evidence": [evidence.unique_id],
        "message": [message.unique_id],
        "page": [page.unique_id],
        "task": [task.unique_id],
        "section": [section.unique_id],
        "person": [bob.unique_id],
        "trace_id": [trace_id],
        "integration_id": [integration.unique_id],
        "uuid": [follow_up.unique_id, integration.unique_id, integration.service.unique_id],
    }


def routes(patterns: list[URLPattern | URLResolver], before: str = "") -> Iterator[str]:
    for one in patterns:
        route = before + str(one.pattern).lstrip("^")
        if isinstance(one, URLResolver):
            yield from routes(one.url_patterns, route)
        else:
            yield route.rstrip("$")


def addresses(kinds: Kinds) -> Iterator[str]:
    """Every address of the program with every value that it could take, and its search for the title."""
    for route in sorted(set(routes(get_resolver().url_patterns))):
        if "(?P" in route or NOT_ASKED.search(route):
            continue
        found = PARAMETER.findall(route)
        values = [kinds.get(name, kinds.get(kind, kinds["str"])) for kind, name in found]
        for chosen in itertools.product(*values):
            filled = iter(chosen)
            address = "/" + PARAMETER.sub(lambda _: str(next(filled)), route)  # noqa: B023 - used at once
            yield address
            if not found:
                yield f"{address}?text={SEARCHED}&q={SEARCHED}"


def told(client: Client, kinds: Kinds, headers: dict[str, str]) -> set[str]:
    """The addresses whose answers have the secret in them."""
    found = set()
    for address in addresses(kinds):
        sent = headers if address.startswith("/api/") else {}
        answer = client.get(address, headers=sent)
        assert answer.status_code < 500, address
        body = answer.getvalue() if answer.streaming else answer.content
        if SECRET in body.decode(errors="replace").lower() or SECRET in str(answer.headers).lower():
            found.add(address)
    return found


@pytest.mark.once
def test_no_address_tells_an_administrator_who_is_no_member(
    client: Client, alice: Person, bob: Person, kinds: Kinds, api_headers: Callable[..., dict[str, str]]
) -> None:
    client.force_login(alice)
    assert told(client, kinds, api_headers(alice)) == set()


@pytest.mark.once
def test_a_member_sees_what_the_others_do_not(
    client: Client, bob: Person, kinds: Kinds, api_headers: Callable[..., dict[str, str]]
) -> None:
    """Otherwise the walk above would prove nothing."""
    client.force_login(bob)
    known, headers = set(addresses(kinds)), api_headers(bob)
    for address in (
        "/incidents",
        f"/incidents?text={SEARCHED}&q={SEARCHED}",
        "/incidents/1",
        "/incidents/1/alerts",
        "/postmortems",
        "/postmortems/1",
        "/postmortems/1/export/markdown",
        "/follow-ups",
        "/api/v1/incidents",
        "/api/v1/incidents/1",
        "/api/v1/follow-ups",
        "/api/v1/postmortems/1",
        "/api/incidents/1/",
    ):
        assert address in known
        answer = client.get(address, headers=headers if address.startswith("/api/") else {})
        assert SECRET in answer.content.decode().lower(), address


@pytest.mark.skipif(not ON_POSTGRESQL, reason="on SQLite every page has tests of its own")
def test_every_page_asks_in_a_way_that_postgresql_understands(
    client: Client, bob: Person, kinds: Kinds
) -> None:
    """It is stricter. The tests that look at one page each are marked `once`, and so do not ask it."""
    Person.objects.filter(pk=bob.pk).update(role=OrganisationRole.ADMIN)
    client.force_login(bob)
    answered = [
        client.get(address).status_code
        for address in addresses(kinds)
        if not address.startswith(("/api/", "/integration/"))
    ]
    assert max(answered) < 500
    assert answered.count(200) > 100


@pytest.mark.once
def test_an_outsider_posts_nothing_to_it(client: Client, alice: Person, kinds: Kinds) -> None:
    client.force_login(alice)
    before = Entry.objects.count(), AuditEvent.objects.count()
    asked = defaultdict(set)
    for address in addresses(kinds):
        if re.match(r"/(incidents|postmortems)/1(/|$)", address):
            asked[client.post(address, {"text": "x", "title": "x"}).status_code].add(address)
    assert set(asked) <= {404, 405}, {status: sorted(asked[status])[:3] for status in asked}
    assert (Entry.objects.count(), AuditEvent.objects.count()) == before


def test_counts_tell_nothing_either(
    client: Client, alice: Person, kinds: Kinds, api_headers: Callable[..., dict[str, str]]
) -> None:
    headers = api_headers(alice)
    numbers = [one["number"] for one in client.get("/api/v1/incidents", headers=headers).json()["items"]]
    assert numbers == [2]
    for address in ("/api/v1/follow-ups", "/api/v1/postmortems", "/api/v1/incidents/2/related"):
        answer = client.get(address, headers=headers).json()
        assert (answer["items"] if isinstance(answer, dict) else answer) == []


def test_the_audit_log_conceals_every_kind_of_thing_that_belongs_to_incidents() -> None:
    known = paths_to_incidents()
    for model in (Incident, Entry, Alert, FlowTask, FollowUp, Postmortem, Section):
        assert model._meta.label_lower in known
    # Nothing that incidents belong to.
    assert not {"accounts.person", "accounts.team", "catalog.service", "catalog.tag"} & set(known)


def test_the_status_of_a_signal_tells_only_that_an_incident_was_opened(
    client: Client, bob: Person, integration: Integration
) -> None:
    from afterword.ingest.reads import read_status

    trace_id = receive(integration, message=TITLE, at=clock.now())
    fold_once()
    at = clock.now() + timedelta(seconds=1)
    status = read_status(trace_id, at=at)
    assert status is not None
    assert status["incident"] is not None
    make_private(actor=bob, incident=Incident.objects.get())
    status = read_status(trace_id, at=at)
    assert status is not None
    assert (status["incident"], status["is_incident_created"]) == (None, True)
