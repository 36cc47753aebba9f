from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from afterword.accounts.models import Person
from afterword.catalog.models import Service
from afterword.drafting.similar.writes import index_all_waiting, queue_for_index
from afterword.incidents.models import Alert, AlertType, Incident
from afterword.lib import clock, ids
from afterword.postmortems.models import Postmortem, PostmortemIncident, Section
from tests.cast import STARTED, take_numbers_now


@pytest.fixture
def seen(make_incident: Callable[..., Incident]) -> Callable[..., Incident]:
    """An incident in the index, with an alert where `alert` names its rule."""

    def make(title: str, *, alert: str = "", **fields: Any) -> Incident:
        incident = make_incident(title=title, **fields)
        if alert:
            service = incident.service
            integration = service.integrations.first() or service.integrations.create(name="Bridge")
            Alert.objects.create(
                trace_id=ids.new_uuid(),
                integration=integration,
                incident=incident,
                alert_type=AlertType.CRITICAL,
                entity_id=incident.entity_id,
                message=title,
                payload={"labels": {"alertname": alert}},
                received_at=clock.now(),
            )
        queue_for_index(incidents=[incident.pk])
        index_all_waiting()
        return incident

    return make


@pytest.fixture
def told(service: Service, alice: Person) -> Callable[..., Postmortem]:
    """A post-mortem in the index, about incidents or about none."""

    def make(title: str, text: str = "", *about: Incident, on: Service | None = None) -> Postmortem:
        postmortem = Postmortem.objects.create(
            number=take_numbers_now("postmortem"),
            team=(on or service).team,
            title=title,
            author=alice,
            owner=alice,
            created_at=STARTED,
        )
        Section.objects.create(postmortem=postmortem, position=0, title="Summary", kind="prose", text=text)
        for position, one in enumerate(about):
            PostmortemIncident.objects.create(postmortem=postmortem, incident=one, position=position)
        queue_for_index(postmortems=[postmortem.pk])
        index_all_waiting()
        return postmortem

    return make
