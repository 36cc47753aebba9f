"""What a post-mortem says otherwise than its record: below the boxes, on a page, for programs."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from afterword.accounts.models import Person, Team
from afterword.catalog.models import Service, ServiceDependency, Severity
from afterword.drafting.record.reads import record_of
from afterword.incidents.facts.writes.services import change_affected_services
from afterword.incidents.models import Alert, AlertType, Change, Incident
from afterword.lib import ids
from afterword.postmortems.models import PostmortemIncident, Section
from afterword.postmortems.writes import create_postmortem
from tests.cast import STARTED

Make = Callable[..., Any]
SignIn = Callable[[Person], Client]
TEXT = "The incident started at 14:25 UTC and was resolved at 14:47 UTC. Two alerts fired."


@pytest.fixture
def section(alice: Person, resolved_incident: Incident) -> Section:
    postmortem = create_postmortem(actor=alice, incidents=[resolved_incident], title="Checkout was slow")
    found = Section.objects.filter(postmortem=postmortem, kind="prose").order_by("position")[0]
    Section.objects.filter(pk=found.pk).update(text=TEXT)
    found.refresh_from_db()
    return found


def test_a_program_reads_the_findings(
    client: Client, bob: Person, charlie: Person, api_headers: Make, section: Section
):
    address = f"/api/v1/postmortems/{section.postmortem.number}/record-check"
    first, second = client.get(address, headers=api_headers(bob)).json()
    assert (first["kind"], first["text"], first["suggestion"]) == ("time", "14:25", "14:05")
    assert (first["start"], first["section"]) == (TEXT.index("14:25"), str(section.unique_id))
    assert first["url"].endswith(f"/incidents/{section.postmortem.links.get().incident.number}")
    assert (second["kind"], second["suggestion"]) == ("count", "0")
    assert client.get(address, headers=api_headers(charlie)).status_code == 404


@pytest.mark.once
def test_the_findings_stand_below_the_box_and_follow_what_is_typed(
    sign_in: SignIn, bob: Person, vera: Person, charlie: Person, section: Section
):
    number, key = section.postmortem.number, section.unique_id
    client, address = sign_in(bob), f"/postmortems/{number}/record-check/sections/{key}"
    page = client.get(f"/postmortems/{number}/write").content.decode()
    assert f'hx-post="{address}"' in page
    assert "The record has the start of the impact at 14:05 UTC." in page
    typed = client.post(address, {f"text-{key}": "The incident started at 14:05 UTC."}).content.decode()
    assert "finding__message" not in typed
    assert "14:05" in client.post(address, {f"text-{key}": TEXT}).content.decode()
    assert Section.objects.get(pk=section.pk).text == TEXT
    assert client.post(address, {f"text-{key}": "x" * 70_000}).status_code == 400
    assert sign_in(vera).post(address).status_code == 403
    assert sign_in(charlie).post(address).status_code == 404


def test_a_page_lists_them_for_every_reader(sign_in: SignIn, vera: Person, charlie: Person, section: Section):
    address = f"/postmortems/{section.postmortem.number}/record-check"
    page = sign_in(vera).get(address).content.decode()
    assert "The record has 0 alerts." in page
    assert "Write</a>" not in page
    assert sign_in(charlie).get(address).status_code == 404
    Section.objects.filter(pk=section.pk).update(text="")
    assert "Nothing says otherwise" in sign_in(vera).get(address).content.decode()


def test_severities_versions_and_alerts_come_from_the_incident(
    client: Client, bob: Person, api_headers: Make, section: Section, resolved_incident: Incident
):
    for rank, name in enumerate(("SEV-1", "SEV-2"), start=90):
        severity, _ = Severity.objects.get_or_create(name=name, defaults={"rank": rank})
    Incident.objects.filter(pk=resolved_incident.pk).update(severity=severity)
    integration = resolved_incident.service.integrations.create(name="Bridge")
    for _ in range(3):
        Alert.objects.create(
            trace_id=ids.new_uuid(),
            integration=integration,
            incident=resolved_incident,
            alert_type=AlertType.CRITICAL,
            entity_id="x",
            message="Slow",
            received_at=STARTED,
        )
    Change.objects.create(
        trace_id=ids.new_uuid(),
        service=resolved_incident.service,
        title="Deploy",
        version="v2.14.0",
        at=STARTED - timedelta(minutes=9),
        received_at=STARTED,
    )
    Section.objects.filter(pk=section.pk).update(
        text="The incident was a SEV-1. We deployed v2.15.0. 12 alerts fired. It lasted 52 minutes."
    )
    address = f"/api/v1/postmortems/{section.postmortem.number}/record-check"
    found = client.get(address, headers=api_headers(bob)).json()
    assert [one["suggestion"] for one in found] == ["SEV-2", "v2.14.0", "3", "42 minutes"]


@pytest.mark.once
def test_a_version_of_what_the_service_depends_on_is_as_true_as_one_of_its_own(
    client: Client, bob: Person, api_headers: Make, section: Section, resolved_incident: Incident
):
    service = resolved_incident.service
    basket = Service.objects.create(team=service.team, name="Basket")
    for one, version in ((service, "v7.31.5"), (basket, "v7.31.4")):
        Change.objects.create(
            trace_id=ids.new_uuid(),
            service=one,
            title="Deploy",
            version=version,
            at=STARTED - timedelta(minutes=9),
            received_at=STARTED,
        )
    Section.objects.filter(pk=section.pk).update(text="We deployed v7.31.4 of the basket.")
    address = f"/api/v1/postmortems/{section.postmortem.number}/record-check"
    assert len(client.get(address, headers=api_headers(bob)).json()) == 1
    ServiceDependency.objects.create(service=service, depends_on=basket)
    assert client.get(address, headers=api_headers(bob)).json() == []


def test_versions_of_a_service_that_the_reader_does_not_see_are_not_told(
    client: Client,
    alice: Person,
    bob: Person,
    other_team: Team,
    api_headers: Make,
    section: Section,
    resolved_incident: Incident,
):
    search = Service.objects.create(team=other_team, name="Search")
    change_affected_services(actor=alice, incident=resolved_incident, services=[search])
    Change.objects.create(
        trace_id=ids.new_uuid(),
        service=search,
        title="Deploy",
        version="v7.31.4",
        at=STARTED - timedelta(minutes=9),
        received_at=STARTED,
    )
    Section.objects.filter(pk=section.pk).update(text="We deployed v7.31.5 of the index.")
    address = f"/api/v1/postmortems/{section.postmortem.number}/record-check"
    (finding,) = client.get(address, headers=api_headers(alice)).json()
    assert finding["suggestion"] == "v7.31.4"
    assert client.get(address, headers=api_headers(bob)).json() == []


def test_the_record_is_read_in_as_many_queries_for_several_incidents(
    alice: Person, section: Section, make_incident: Make
):
    postmortem = section.postmortem

    def ask() -> int:
        with CaptureQueriesContext(connection) as queries:
            record_of(alice, postmortem)
        return len(queries)

    one = ask()
    for position in range(1, 4):
        other = make_incident(resolved_after=timedelta(minutes=5))
        PostmortemIncident.objects.create(postmortem=postmortem, incident=other, position=position)
    assert ask() == one
    assert one <= 10
