"""Changes: deploys and configuration, as their senders tell of them, beside the incidents."""

from __future__ import annotations

import uuid
from datetime import timedelta
from typing import Any

from afterword.accounts.models import Team
from afterword.audit.models import AuditEvent
from afterword.catalog.models import Integration, Service
from afterword.incidents.models import Change
from afterword.incidents.writes.changes import NewChange, record_changes
from tests.cast import STARTED


def told(integration: Integration, **fields: Any) -> NewChange:
    given = {"kind": "deploy", "title": "Checkout 1.4.2", "received_at": STARTED, **fields}
    return NewChange(trace_id=uuid.uuid4().hex, integration=integration, **given)


def test_a_change_is_recorded(integration: Integration, service: Service) -> None:
    new = told(integration, version="1.4.2", author="Dana", links=[{"link_url": "https://example.com/"}])
    (recorded,) = record_changes(changes=[new])
    change = Change.objects.get()
    assert change.unique_id == recorded.change_unique_id
    assert change.service == service
    assert (change.title, change.version, change.author) == ("Checkout 1.4.2", "1.4.2", "Dana")
    assert change.at == change.received_at == STARTED
    assert AuditEvent.objects.get().action == "change.recorded"


def test_a_later_word_is_about_the_same_change(integration: Integration) -> None:
    first = told(integration, source_id="77", state="in_progress", summary="What is new")
    later = told(integration, source_id="77", state="success", at=STARTED + timedelta(minutes=3))
    outcomes = record_changes(changes=[first, later])
    change = Change.objects.get()
    assert {outcome.change_unique_id for outcome in outcomes} == {change.unique_id}
    assert (change.state, change.summary) == ("success", "What is new")
    assert change.at == STARTED + timedelta(minutes=3)
    assert [event.action for event in AuditEvent.objects.order_by("id")] == [
        "change.recorded",
        "change.updated",
    ]


def test_the_same_word_twice_changes_nothing(integration: Integration) -> None:
    record_changes(changes=[told(integration, source_id="77"), told(integration, source_id="77")])
    assert Change.objects.count() == AuditEvent.objects.count() == 1


def test_without_an_id_each_is_its_own(integration: Integration) -> None:
    record_changes(changes=[told(integration), told(integration)])
    assert Change.objects.count() == 2


def test_the_same_id_of_another_integration_is_another_change(
    integration: Integration, service: Service
) -> None:
    other = Integration.objects.create(service=service, name="Another")
    record_changes(changes=[told(integration, source_id="77"), told(other, source_id="77")])
    assert Change.objects.count() == 2


def test_a_service_is_found_by_name_and_by_id(integration: Integration, team: Team) -> None:
    search = Service.objects.create(team=team, name="Search")
    record_changes(
        changes=[told(integration, service=" search "), told(integration, service=str(search.unique_id))]
    )
    assert {change.service for change in Change.objects.all()} == {search}
    assert {change.details for change in Change.objects.all()} == {None}


def test_a_service_of_nobody_or_of_others_is_told(
    integration: Integration, service: Service, other_team: Team
) -> None:
    theirs = Service.objects.create(team=other_team, name="Search")
    record_changes(
        changes=[
            told(integration, service="Search", details={"commit": "abc"}),
            told(integration, service=str(theirs.unique_id), details=[1]),
        ]
    )
    first, second = Change.objects.order_by("id")
    assert first.service == second.service == service
    assert first.details == {"commit": "abc", "remark": "The team has no service “Search”: ignored."}
    assert second.details["details"] == [1]


def test_long_words_are_cut(integration: Integration) -> None:
    long = "x" * 30_000
    record_changes(
        changes=[told(integration, title=long, summary=long, version=long, state=long, source_id=long)]
    )
    change = Change.objects.get()
    assert (len(change.title), len(change.summary), len(change.version)) == (300, 20_000, 200)
    assert len(change.source_id) == 255
