"""Two incidents that are one: merged, answered together, and taken apart again."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from itertools import cycle
from typing import Any

import pytest
from django.test import Client

from afterword.accounts.models import Person, Team
from afterword.audit.models import AuditEvent
from afterword.catalog.models import Integration, Service
from afterword.incidents import writes
from afterword.incidents.errors import AlreadyMerged, IncidentMerged, IncidentsClosed, NotMerged
from afterword.incidents.flow.writes import close_incident
from afterword.incidents.merging.writes import merge_incident, unmerge_incident
from afterword.incidents.models import Alert, Incident, IncidentEntity
from afterword.incidents.privacy.writes import make_private
from afterword.incidents.reads import (
    IncidentFilter,
    alerts_of,
    entries_of,
    find_incidents,
    open_incidents,
    roles_in,
)
from afterword.incidents.timeline.errors import EntryChanged
from afterword.incidents.timeline.reads import get_entry
from afterword.ingest.worker import fold_once
from afterword.lib.errors import InvalidInput, NotAllowed, NotFound
from tests.cast import STARTED
from tests.ingest.signals import receive
from tests.together import PEOPLE, ask, at_once

MakeIncident = Callable[..., Incident]
SignIn = Callable[[Person], Client]


def opened_by(integration: Integration, entity: str, minutes: int = 0) -> Incident:
    """An incident that an alert about this entity opened."""
    receive(
        integration, entity_id=entity, message=f"{entity} is down", at=STARTED + timedelta(minutes=minutes)
    )
    fold_once()
    return Incident.objects.get(entity_id=entity, merged_into=None, resolved_at=None)


def say(integration: Integration, entity: str, alert_type: str = "critical", minutes: int = 30) -> Alert:
    trace_id = receive(
        integration, entity_id=entity, alert_type=alert_type, at=STARTED + timedelta(minutes=minutes)
    )
    fold_once()
    return Alert.objects.get(trace_id=trace_id)


def state_of(incident: Incident) -> tuple[Any, ...]:
    """All of it that merging touches, and all that belongs to it."""
    incident.refresh_from_db()
    return (
        incident.status,
        incident.resolved_at,
        incident.fixed_at,
        incident.merged_into_id,
        list(incident.entities.order_by("pk").values_list("pk", "entity_id", "resolved_at", "origin")),
        list(incident.alerts.order_by("pk").values_list("pk", flat=True)),
        list(incident.role_assignments.order_by("pk").values_list("pk", flat=True)),
    )


def test_the_target_shows_all_of_it_in_true_order_and_the_source_stays_readable(
    sign_in: SignIn, bob: Person, make_incident: MakeIncident
) -> None:
    target, source = make_incident(title="Checkout fails"), make_incident(title="Carts stay empty")
    writes.add_note(actor=bob, incident=target, text="First", at=STARTED + timedelta(minutes=1))
    writes.add_note(actor=bob, incident=source, text="Second", at=STARTED + timedelta(minutes=2))
    writes.add_note(actor=bob, incident=target, text="Third", at=STARTED + timedelta(minutes=3))
    merge_incident(actor=bob, source=source, target=target, reason="The same database.")
    target.refresh_from_db()
    texts = list(entries_of(bob, target).values_list("text", flat=True))
    assert [text for text in texts if text in ("First", "Second", "Third")] == ["First", "Second", "Third"]
    page = sign_in(bob).get(f"/incidents/{target.number}").content.decode()
    assert f'from <a href="/incidents/{source.number}">#{source.number}</a>' in page
    page = sign_in(bob).get(f"/incidents/{source.number}").content.decode()
    assert f"#{target.number} Checkout fails</a>, which is the one to answer. The same database." in page
    assert "Second" in page
    assert "Third" not in page
    source.refresh_from_db()
    assert (source.status, source.merged_into) == ("merged", target)
    assert list(open_incidents(bob)) == [target]
    assert list(find_incidents(bob, IncidentFilter(status="merged"))) == [source]


def test_later_alerts_of_its_entities_go_to_the_target_and_the_last_one_resolves_it(
    bob: Person, integration: Integration
) -> None:
    target, source = opened_by(integration, "db-1"), opened_by(integration, "db-2", 1)
    merge_incident(actor=bob, source=source, target=target)
    assert say(integration, "db-2").incident == target
    assert say(integration, "db-1", "resolved").incident == target
    target.refresh_from_db()
    assert target.status == "triggered"
    say(integration, "db-2", "resolved")
    target.refresh_from_db()
    assert target.status == "resolved"
    source.refresh_from_db()
    assert source.alerts.count() == 1
    target.__dict__.pop("_known_family", None)
    assert alerts_of(bob, target).count() == 5


def test_taken_apart_both_are_what_they_were(bob: Person, integration: Integration, make_role: Any) -> None:
    target, source = opened_by(integration, "db-1"), opened_by(integration, "db-2", 1)
    writes.assign_role(actor=bob, incident=source, role=make_role(), person=bob)
    before = state_of(source), state_of(target)
    merge_incident(actor=bob, source=source, target=target)
    target.refresh_from_db()
    assert [one.person for one in roles_in(bob, target)] == [bob]
    unmerge_incident(actor=bob, source=source)
    assert (state_of(source), state_of(target)) == before
    assert say(integration, "db-2").incident == source


def test_an_entity_that_both_had_goes_back_to_its_own(bob: Person, integration: Integration) -> None:
    target = opened_by(integration, "db-1")
    opened_by(integration, "db-2")
    IncidentEntity.objects.create(
        incident=target, integration=integration, entity_id="db-3", joined_at=STARTED, resolved_at=STARTED
    )
    source = opened_by(integration, "db-3", 2)
    before = state_of(source), state_of(target)
    merge_incident(actor=bob, source=source, target=target)
    unmerge_incident(actor=bob, source=source)
    assert (state_of(source), state_of(target)) == before


def test_what_came_meanwhile_stays_and_is_told(bob: Person, integration: Integration) -> None:
    target, source = opened_by(integration, "db-1"), opened_by(integration, "db-2", 1)
    merge = merge_incident(actor=bob, source=source, target=target)
    minutes = int((merge.merged_at - STARTED).total_seconds() // 60) + 1
    came = say(integration, "db-2", minutes=minutes)
    unmerge_incident(actor=bob, source=source)
    came.refresh_from_db()
    assert came.incident == target
    text = source.entries.order_by("-pk").values_list("text", flat=True).first()
    assert text == (
        f"Taken out of #{target.number}. An alert about its entities came and stays in #{target.number}."
    )


def test_what_was_resolved_meanwhile_comes_back_resolved(bob: Person, integration: Integration) -> None:
    target, source = opened_by(integration, "db-1"), opened_by(integration, "db-2", 1)
    merge_incident(actor=bob, source=source, target=target)
    say(integration, "db-2", "resolved")
    source = unmerge_incident(actor=bob, source=Incident.objects.get(pk=source.pk))
    assert source.status == "resolved"
    assert AuditEvent.objects.filter(action="incident.resolved", subject_id=str(source.pk)).count() == 1


def test_a_chain_is_shown_with_the_last_and_comes_apart_in_any_order(
    bob: Person, integration: Integration
) -> None:
    first, second, third = (opened_by(integration, name) for name in ("db-1", "db-2", "db-3"))
    before = [state_of(one) for one in (first, second, third)]
    merge_incident(actor=bob, source=first, target=second)
    merge_incident(actor=bob, source=Incident.objects.get(pk=second.pk), target=third)
    third = Incident.objects.get(pk=third.pk)
    assert alerts_of(bob, third).count() == 3
    assert say(integration, "db-1").incident == third
    unmerge_incident(actor=bob, source=Incident.objects.get(pk=first.pk))
    assert say(integration, "db-1").incident == first
    unmerge_incident(actor=bob, source=Incident.objects.get(pk=second.pk))
    after = [state_of(one) for one in (first, second, third)]
    assert [one[:5] for one in after] == [one[:5] for one in before]


@pytest.mark.parametrize("case", ["itself", "merged", "resolved", "public", "circle"])
def test_what_cannot_be_a_target_is_refused_with_the_reason(
    bob: Person, make_incident: MakeIncident, case: str
) -> None:
    source, target, other = (make_incident() for _ in range(3))
    if case == "itself":
        target = source
    elif case == "merged":
        merge_incident(actor=bob, source=target, target=other)
    elif case == "resolved":
        writes.resolve_incident(actor=bob, incident=target)
    elif case == "public":
        make_private(actor=bob, incident=source)
    elif case == "circle":
        merge_incident(actor=bob, source=target, target=source)
    before = state_of(source)
    with pytest.raises(InvalidInput) as refusal:
        merge_incident(actor=bob, source=source, target=target)
    assert set(refusal.value.fields) == {"into"}
    assert state_of(source) == before


def test_what_is_merged_or_closed_is_not_merged(bob: Person, make_incident: MakeIncident) -> None:
    source, target, closed = (
        make_incident(),
        make_incident(),
        make_incident(resolved_after=timedelta(hours=1)),
    )
    close_incident(actor=bob, incident=closed)
    with pytest.raises(IncidentsClosed):
        merge_incident(actor=bob, source=closed, target=target)
    merge_incident(actor=bob, source=source, target=target)
    with pytest.raises(AlreadyMerged):
        merge_incident(actor=bob, source=source, target=target)
    with pytest.raises(NotMerged):
        unmerge_incident(actor=bob, source=target)


def test_a_merged_incident_is_not_acknowledged_resolved_or_closed(
    sign_in: SignIn, bob: Person, make_incident: MakeIncident
) -> None:
    source, target = make_incident(), make_incident()
    merge_incident(actor=bob, source=source, target=target)
    for act in (writes.acknowledge_incident, writes.resolve_incident, close_incident):
        with pytest.raises(IncidentMerged):
            act(actor=bob, incident=source)
    client = sign_in(bob)
    for verb in ("acknowledgement", "resolution"):
        page = client.post(f"/incidents/{source.number}/{verb}", follow=True).content.decode()
        assert "merged into another one, which is the one to answer" in page


def test_a_correction_begun_before_the_merge_is_saved_and_one_that_is_old_is_told(
    bob: Person, make_incident: MakeIncident
) -> None:
    source, target = make_incident(), make_incident()
    note = writes.add_note(actor=bob, incident=source, text="It is the disk")
    merge_incident(actor=bob, source=source, target=target)
    target.refresh_from_db()
    version = target.version
    seen = get_entry(bob, target, note.unique_id)
    writes.correct_entry(actor=bob, entry=seen, text="It is the network", started_from=1)
    with pytest.raises(EntryChanged):
        writes.correct_entry(actor=bob, entry=note, text="It is the moon", started_from=1)
    writes.hide_entries(actor=bob, incident=target, entries=[note.unique_id])
    note.refresh_from_db()
    assert (note.text, note.incident_id, note.hidden_at is None) == ("It is the network", source.pk, False)
    unmerge_incident(actor=bob, source=source)
    assert Incident.objects.get(pk=target.pk).version > version


def test_nobody_merges_what_they_may_not_change(
    client: Client,
    bob: Person,
    charlie: Person,
    vera: Person,
    other_team: Team,
    make_incident: MakeIncident,
    api_headers: Any,
) -> None:
    source = make_incident()
    hidden = make_incident(on=Service.objects.create(team=other_team, name="Index"), title="Search is slow")
    with pytest.raises(NotFound):
        merge_incident(actor=bob, source=source, target=hidden)
    for person, status in ((charlie, 404), (vera, 403), (bob, 400)):
        answer = client.post(
            f"/api/v1/incidents/{source.number}/merge",
            {"into": str(hidden.number)} if person is bob else {"into": str(source.number)},
            content_type="application/json",
            headers=api_headers(person),
        )
        assert answer.status_code == status, answer.content
        assert hidden.title not in answer.content.decode()
    source.refresh_from_db()
    assert not source.is_merged


def test_who_does_not_see_the_target_does_not_take_it_apart(
    sign_in: SignIn, alice: Person, bob: Person, make_incident: MakeIncident
) -> None:
    source, target = make_incident(title="Known to all"), make_incident(title="Break-in")
    make_private(actor=alice, incident=target)
    merge_incident(actor=alice, source=source, target=target, reason="The break-in did it.")
    page = sign_in(bob).get(f"/incidents/{source.number}").content.decode()
    assert "a part of another one that you do not see" in page
    assert "reak-in" not in page
    assert f"#{target.number}" not in page
    with pytest.raises(NotAllowed):
        unmerge_incident(actor=bob, source=source)


def test_the_api_merges_tells_and_takes_apart(
    client: Client, bob: Person, make_incident: MakeIncident, api_headers: Any
) -> None:
    source, target = make_incident(), make_incident()
    headers = api_headers(bob)
    address = f"/api/v1/incidents/{source.number}/merge"
    body = {"into": target.unique_id, "reason": "The same."}
    made = client.post(address, body, content_type="application/json", headers=headers)
    assert made.status_code == 201
    assert made.json()["into"]["number"] == target.number
    assert client.get(address, headers=headers).json() == made.json()
    assert client.get(f"/api/v1/incidents/{source.number}", headers=headers).json()["status"] == "merged"
    found = client.get(f"/api/v1/incidents/{target.number}/merged", headers=headers).json()
    assert [one["number"] for one in found] == [source.number]
    again = client.post(address, body, content_type="application/json", headers=headers)
    assert again.status_code == 409
    assert client.delete(address, headers=headers).status_code == 204
    assert client.get(address, headers=headers).status_code == 404
    assert client.delete(address, headers=headers).status_code == 409


def test_pages_keep_what_was_typed(sign_in: SignIn, bob: Person, make_incident: MakeIncident) -> None:
    source, target = make_incident(), make_incident(resolved_after=timedelta(hours=1))
    client = sign_in(bob)
    page = client.post(f"/incidents/{source.number}/merge", {"into": f"#{target.number}", "reason": "Twins"})
    assert page.status_code == 400
    assert f"#{target.number} is resolved, and this one goes on." in page.content.decode()
    assert 'value="Twins"' in page.content.decode()
    page = client.post(f"/incidents/{source.number}/merge", {"into": "#999"})
    assert "no such incident that you can see" in page.content.decode()


@pytest.fixture
def make_role(db: None) -> Callable[..., Any]:
    from afterword.catalog.models import IncidentRole

    def make(name: str = "Scribe") -> IncidentRole:
        return IncidentRole.objects.create(name=name, rank=90)

    return make


@pytest.mark.django_db(transaction=True)
def test_two_who_merge_at_once_merge_once_and_never_in_a_circle(
    several: ThreadPoolExecutor, bob: Person, incident: Incident
) -> None:
    def others() -> list[Incident]:
        made = writes.create_incident(actor=bob, service=incident.service, title="Carts stay empty")
        return [incident, made]

    first, second = ask(several, others)
    turns = cycle([(first, second), (second, first)])
    pairs = [next(turns) for _ in range(PEOPLE)]

    def merge() -> None:
        source, target = pairs.pop()
        merge_incident(actor=bob, source=source, target=target)

    results = at_once(several, merge)
    assert results.count("done") == 1
    assert set(results) <= {"done", "AlreadyMerged", "InvalidInput"}
    assert ask(several, Incident.objects.filter(merged_into__isnull=False).count) == 1
    assert ask(several, AuditEvent.objects.filter(action="incident.merged").count) == 1
