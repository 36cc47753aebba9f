"""The pages of a post-mortem ask the database as often, however much it is about."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from uuid import UUID

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from afterword.accounts.models import Person
from afterword.catalog.models import Integration, Service
from afterword.followups.writes import create_follow_up
from afterword.incidents.facts.models import AffectedService, UsefulLink
from afterword.incidents.models import Alert, Incident
from afterword.incidents.writes import add_note
from afterword.postmortems import reads
from afterword.postmortems.models import Postmortem, Section
from afterword.postmortems.reads import incidents_of
from afterword.postmortems.writes import save_section

WRITE_QUERIES_MAX = 41
READ_QUERIES_MAX = 26


@pytest.mark.once
@pytest.mark.parametrize(("page", "most"), [("/write", WRITE_QUERIES_MAX), ("", READ_QUERIES_MAX)])
def test_a_page_asks_as_often_about_three_incidents_as_about_one(
    sign_in: Callable[[Person], Client],
    bob: Person,
    service: Service,
    make_incident: Callable[..., Incident],
    make_postmortem: Callable[..., Postmortem],
    page: str,
    most: int,
) -> None:
    def fill(incident: Incident, name: str) -> None:
        other = Service.objects.create(team=service.team, name=f"{name} index")
        AffectedService.objects.create(incident=incident, service=other)
        UsefulLink.objects.create(
            incident=incident, kind="other", title=f"{name} runbook", url=f"https://wiki.example.com/{name}"
        )
        add_note(actor=bob, incident=incident, text=f"{name} answers again.", at=incident.started_at)
        create_follow_up(actor=bob, incident=incident, title=f"Bound the pool of {name} at 40 connections")

    made = [make_incident(title=f"{name} is slow", resolved_after=timedelta(minutes=9)) for name in "ABC"]
    for incident, name in zip(made, "ABC", strict=True):
        fill(incident, name)
    client = sign_in(bob)

    def ask(incidents: list[Incident]) -> tuple[int, str]:
        postmortem = make_postmortem(incidents=incidents, another=True)
        section = Section.objects.get(postmortem=postmortem, title="Contributors")
        save_section(actor=bob, section=section, text="Bob should have looked at A.", version=1)
        client.get(f"/postmortems/{postmortem.number}{page}")
        with CaptureQueriesContext(connection) as asked:
            answer = client.get(f"/postmortems/{postmortem.number}{page}")
        return len(asked), answer.text

    (one, _), (three, text) = ask(made[:1]), ask(made)
    assert one == three <= most, (one, three)
    for name in "ABC":
        assert f"{name} index" in text
        assert f"https://wiki.example.com/{name}" in text
    assert text.count("Took part") == 3


def test_of_several_incidents_each_has_its_own_facts(
    bob: Person,
    make_incident: Callable[..., Incident],
    make_postmortem: Callable[..., Postmortem],
    integration: Integration,
) -> None:
    mine, theirs = (make_incident(title=title, resolved_after=timedelta(minutes=9)) for title in "AB")
    add_note(actor=bob, incident=mine, text="Looking.", at=mine.started_at)
    for number in range(3):
        Alert.objects.create(
            incident=theirs,
            integration=integration,
            trace_id=UUID(int=number),
            alert_type="critical",
            entity_id=theirs.entity_id,
            message=f"{number}",
            received_at=theirs.started_at + timedelta(minutes=number),
            urls=[number],
        )
    incidents = incidents_of(make_postmortem(incidents=[mine, theirs]))
    assert reads.participants_of(incidents) == {mine.pk: ["Bob"], theirs.pk: []}
    assert reads.alert_urls_of(incidents) == {mine.pk: [], theirs.pk: [[0], [1], [2]]}
    assert reads.alert_counts_of(tuple(incidents)) == {mine.pk: 0, theirs.pk: 3}
    first = reads.first_entries_of(incidents)
    assert (first[mine.pk].text, first[theirs.pk].text) == ("A", "B")
