"""What the demo organisation responds with."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from afterword.accounts.models import Person
from afterword.audit.models import AuditEvent
from afterword.catalog.maintenance import next_occurrence
from afterword.catalog.models import EscalationPolicy, MaintenanceWindow, Priority, Service, Sla, Tag
from afterword.demo import story
from afterword.demo.response import prepare_response

NOW = datetime(2026, 11, 18, 9, 0, tzinfo=UTC)


@pytest.mark.django_db
def test_the_demo_has_priorities_an_sla_tags_a_policy_and_a_window(alice: Person) -> None:
    prepare_response(alice, NOW)
    assert [priority.name for priority in Priority.objects.all()] == ["P1", "P2", "P3", "P4", "P5"]
    assert (Sla.objects.count(), Tag.objects.count()) == (1, 3)
    assert EscalationPolicy.objects.get().levels.count() == 2
    needed = Service.objects.filter(dependents__service__name="Checkout")
    assert {service.name for service in needed} == {"Notifications", "Orders database"}
    assert Service.objects.get(name="Checkout").priority == Priority.objects.get(name="P2")
    window = MaintenanceWindow.objects.get()
    following = next_occurrence(window, NOW)
    assert following is not None
    assert following.starts_at == datetime(2026, 11, 22, 22, 0, tzinfo=UTC)


@pytest.mark.django_db
def test_doing_it_again_changes_nothing(alice: Person) -> None:
    prepare_response(alice, NOW)
    recorded = AuditEvent.objects.count()
    prepare_response(alice, NOW)
    assert AuditEvent.objects.count() == recorded


@pytest.mark.pure
def test_nothing_of_the_story_happens_to_what_is_under_maintenance() -> None:
    told = {incident.service for incident in story.INCIDENTS} | {story.REPORTED_SERVICE}
    assert story.MAINTAINED_SERVICE in story.TEAMS[story.MAINTAINED_TEAM]
    assert story.MAINTAINED_SERVICE not in told
