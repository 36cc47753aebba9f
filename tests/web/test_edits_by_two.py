"""Two people edit the same thing: the second is told, keeps what they typed, and may replace it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from html import unescape

import pytest
from django.test import Client

from afterword.accounts.models import Person, Team
from afterword.catalog import writes
from afterword.catalog.models import Integration, Service
from afterword.lib import clock
from afterword.lib.forms import CHANGED_MEANWHILE
from tests.ingest.form_reader import read_fields


@pytest.mark.parametrize(
    "noun", ["service", "team", "organisation", "integration", "priority", "maintenance"]
)
def test_whoever_saves_second_is_told_first(
    noun: str,
    alice: Person,
    team: Team,
    service: Service,
    integration: Integration,
    sign_in: Callable[[Person], Client],
) -> None:
    priority = writes.create_priority(actor=alice, team=team, name="P1", colour="red")
    now = clock.now()
    window = writes.create_maintenance_window(
        actor=alice,
        team=team,
        name="Upgrade",
        services=[service],
        schedule=writes.Schedule(now, now + timedelta(hours=1), "Europe/Berlin"),
    )
    page, action = {
        "service": (f"/settings/services/{service.unique_id}/edit",) * 2,
        "team": (f"/settings/teams/{team.unique_id}", f"/settings/teams/{team.unique_id}/name"),
        "organisation": ("/settings/organisation",) * 2,
        "integration": (f"/settings/integrations/{integration.unique_id}",) * 2,
        "priority": (f"/settings/priorities/{priority.unique_id}",) * 2,
        "maintenance": (f"/settings/maintenance/{window.unique_id}",) * 2,
    }[noun]
    client = sign_in(alice)
    opened = read_fields(client.get(page).text, action)
    assert client.post(action, {**opened, "name": "First"}).status_code == 302
    assert client.post(action, {**opened, "name": "First"}).status_code == 302, (
        "the same again is no conflict"
    )
    told = client.post(action, {**opened, "name": "Second"})
    assert told.status_code == 400
    assert CHANGED_MEANWHILE in unescape(told.text)
    again = read_fields(told.text, action)
    assert again["name"] == "Second"
    assert client.post(action, again).status_code == 302
    assert read_fields(client.get(page).text, action)["name"] == "Second"
