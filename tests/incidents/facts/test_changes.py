"""Severity, type, services, links and custom fields of an incident: who changes them, and what is told."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from afterword.accounts.models import Membership, Person, Team
from afterword.audit.models import AuditEvent
from afterword.catalog.models import IncidentType, Service, Severity
from afterword.catalog.writes import archive
from afterword.fields.writes import FieldInUse
from afterword.incidents import writes as incidents
from afterword.incidents.facts import reads, writes
from afterword.incidents.facts.errors import FieldsChanged, FieldsMissing
from afterword.incidents.facts.models import IncidentField, IncidentFieldItem
from afterword.incidents.models import Entry, Incident
from afterword.incidents.reads import IncidentFilter, find_incidents
from afterword.lib.errors import InvalidInput, NotAllowed, NotFound


def _last(incident: Incident) -> str:
    return incident.entries.order_by("-id")[0].text


@pytest.fixture
def region(alice: Person) -> IncidentField:
    return writes.create_field(
        actor=alice, team=None, name="Region", kind="multi_choice", options=["Dublin", "Oregon"]
    )


@pytest.fixture
def search_service(other_team: Team) -> Service:
    return Service.objects.create(team=other_team, name="Index")


def test_an_organisation_begins_with_severities_types_and_roles(db: None) -> None:
    assert [one.name for one in Severity.objects.all()] == ["SEV1", "SEV2", "SEV3", "SEV4"]
    assert IncidentType.objects.filter(name="Third party").exists()


def test_a_severity_and_a_type_are_set_changed_and_removed(bob: Person, incident: Incident) -> None:
    first, second = Severity.objects.all()[:2]
    told = []
    for severity in (first, first, second, None):
        incident = writes.change_severity(actor=bob, incident=incident, severity=severity)
        told.append(_last(incident))
    assert told == [
        "Set the severity to “SEV1”.",
        "Set the severity to “SEV1”.",
        "Changed the severity from “SEV1” to “SEV2”.",
        "Removed the severity “SEV2”.",
    ]
    assert AuditEvent.objects.filter(action="incident.severity_changed").count() == 3
    platform = IncidentType.objects.get(name="Platform")
    writes.change_incident_type(actor=bob, incident=incident, incident_type=platform)
    assert _last(incident) == "Set the type to “Platform”."


def test_an_archived_severity_is_kept_but_not_given(alice: Person, bob: Person, incident: Incident) -> None:
    severity = Severity.objects.get(name="SEV1")
    writes.change_severity(actor=bob, incident=incident, severity=severity)
    archive(actor=alice, thing=severity)
    incident = writes.change_severity(actor=bob, incident=incident, severity=severity)
    assert incident.severity == severity
    writes.change_severity(actor=bob, incident=incident, severity=None)
    with pytest.raises(InvalidInput):
        writes.change_severity(actor=bob, incident=incident, severity=severity)


def test_services_of_other_teams_are_affected_as_far_as_one_sees_them(
    alice: Person, bob: Person, incident: Incident, team: Team, search_service: Service
) -> None:
    cart = Service.objects.create(team=team, name="Cart")
    with pytest.raises(InvalidInput):
        writes.change_affected_services(actor=bob, incident=incident, services=[search_service])
    writes.change_affected_services(
        actor=alice, incident=incident, services=[cart, search_service, incident.service]
    )
    assert _last(incident) == "Said that “Cart” and “Index” are affected."
    assert [str(one) for one in reads.affected_services(bob, incident)] == ["Cart"]
    # What Bob does not see stays, whatever he chooses among the rest.
    writes.change_affected_services(actor=bob, incident=incident, services=[])
    assert _last(incident) == "Said that “Cart” is not affected."
    assert reads.all_affected_services((incident,)) == {incident.pk: ["Index"]}


def test_the_list_of_a_service_has_what_affects_it(
    alice: Person, bob: Person, charlie: Person, incident: Incident, search_service: Service
) -> None:
    writes.change_affected_services(actor=alice, incident=incident, services=[search_service])
    wanted = IncidentFilter(service=search_service.unique_id)
    assert list(find_incidents(alice, wanted)) == [incident]
    assert list(find_incidents(charlie, wanted)) == []
    assert list(find_incidents(bob, wanted)) == []


def test_links_are_added_changed_moved_and_removed(bob: Person, incident: Incident) -> None:
    ticket = writes.add_link(
        actor=bob, incident=incident, url="https://tickets.example.com/7", title="OPS-7", kind="ticket"
    )
    again = writes.add_link(
        actor=bob, incident=incident, url="https://tickets.example.com/7", title="OPS-7", kind="ticket"
    )
    assert again == ticket
    assert _last(incident) == "Added the ticket “OPS-7”."
    chat = writes.add_link(actor=bob, incident=incident, url="https://chat.example.com/c", kind="chat")
    assert chat.title == "https://chat.example.com/c"
    writes.move_link(actor=bob, link=chat, steps=-1)
    assert list(reads.links_of(incident)) == [chat, ticket]
    writes.change_link(actor=bob, link=ticket, url=ticket.url, title="OPS-8", kind="ticket")
    writes.remove_link(actor=bob, link=chat)
    assert [link.title for link in reads.links_of(incident)] == ["OPS-8"]
    with pytest.raises(NotFound):
        writes.remove_link(actor=bob, link=chat)
    for url in ("javascript:alert(1)", "https://bob:pw@example.com", "/settings"):
        with pytest.raises(InvalidInput):
            writes.add_link(actor=bob, incident=incident, url=url)


def test_fields_are_filled_in_together(
    alice: Person, bob: Person, incident: Incident, region: IncidentField
) -> None:
    who = writes.create_field(actor=alice, team=incident.service.team, name="Vendor contact", kind="person")
    region_id, who_id = str(region.unique_id), str(who.unique_id)
    given = {region_id: ["oregon", "Dublin"], who_id: str(bob.unique_id)}
    writes.change_values(actor=bob, incident=incident, values=given)
    assert [value.words for value in reads.values_in(bob, incident)] == ["Dublin, Oregon", "Bob"]
    assert _last(incident) == "Set “Region” to “Dublin, Oregon”. Set “Vendor contact” to “Bob”."
    entries = Entry.objects.count()
    writes.change_values(actor=bob, incident=incident, values={region_id: ["Dublin", "Oregon"]})
    assert Entry.objects.count() == entries
    writes.change_values(actor=bob, incident=incident, values={region_id: None})
    assert IncidentFieldItem.objects.count() == 1
    event = AuditEvent.objects.filter(action="incident.fields_changed").order_by("pk")[0]
    assert event.data["fields"]["Region"] == {"before": "", "after": "Dublin, Oregon"}


def test_each_value_that_does_not_fit_is_named_and_none_is_saved(
    alice: Person, bob: Person, charlie: Person, incident: Incident, region: IncidentField, other_team: Team
) -> None:
    foreign = writes.create_field(actor=charlie, team=other_team, name="Shard", kind="number")
    who = writes.create_field(actor=alice, team=None, name="Vendor contact", kind="person")
    note = writes.create_field(actor=alice, team=None, name="Note", kind="text")
    given = {
        str(region.unique_id): ["Paris"],
        str(foreign.unique_id): 5,
        str(who.unique_id): str(charlie.unique_id),
        str(note.unique_id): "Fine",
    }
    with pytest.raises(InvalidInput) as refusal:
        writes.change_values(actor=bob, incident=incident, values=given)
    assert set(refusal.value.fields) == set(given) - {str(note.unique_id)}
    assert not IncidentFieldItem.objects.exists()


def test_nobody_overwrites_what_another_wrote_meanwhile(
    bob: Person, alice: Person, incident: Incident, region: IncidentField
) -> None:
    seen = reads.digest_values(reads.values_in(bob, incident))
    key = str(region.unique_id)
    writes.change_values(actor=alice, incident=incident, values={key: ["Dublin"]}, started_from=seen)
    with pytest.raises(FieldsChanged):
        writes.change_values(actor=bob, incident=incident, values={key: ["Oregon"]}, started_from=seen)


def test_a_needed_field_is_filled_in_before_a_person_resolves(
    alice: Person, bob: Person, incident: Incident, other_team: Team
) -> None:
    cause = writes.create_field(actor=alice, team=None, name="Cause", kind="text", is_required=True)
    writes.create_field(actor=alice, team=other_team, name="Shard", kind="text", is_required=True)
    with pytest.raises(FieldsMissing, match="Please fill in “Cause” before"):
        incidents.resolve_incident(actor=bob, incident=incident)
    writes.change_values(actor=bob, incident=incident, values={str(cause.unique_id): "A full disk"})
    assert incidents.resolve_incident(actor=bob, incident=incident).is_resolved


def test_a_field_with_values_is_archived_rather_than_deleted(
    alice: Person, bob: Person, incident: Incident, region: IncidentField
) -> None:
    writes.change_values(actor=bob, incident=incident, values={str(region.unique_id): ["Dublin"]})
    with pytest.raises(FieldInUse):
        writes.delete_field(actor=alice, field=region)
    writes.archive_field(actor=alice, field=region)
    assert [value.words for value in reads.values_in(bob, incident)] == ["Dublin"]
    writes.create_field(actor=alice, team=None, name="region", kind="text")
    with pytest.raises(InvalidInput):
        writes.restore_field(actor=alice, field=region)


def test_fields_are_the_administrators_or_a_teams_managers(
    alice: Person, bob: Person, charlie: Person, other_team: Team, team: Team
) -> None:
    for actor, owner in ((bob, None), (charlie, None), (bob, team)):
        with pytest.raises(NotAllowed):
            writes.create_field(actor=actor, team=owner, name="Region", kind="text")
    with pytest.raises(NotFound):
        writes.create_field(actor=charlie, team=team, name="Region", kind="text")
    shard = writes.create_field(actor=charlie, team=other_team, name="Shard", kind="text")
    writes.create_field(actor=alice, team=None, name="Region", kind="text")
    assert [one.name for one in reads.visible_fields(bob)] == ["Region"]
    with pytest.raises(InvalidInput, match="cannot be used"):
        writes.create_field(actor=charlie, team=other_team, name="REGION", kind="text")
    with pytest.raises(NotFound):
        reads.get_field(bob, shard.unique_id)


@pytest.mark.parametrize(
    ("kind", "value", "found", "missed"),
    [
        ("text", "The primary database", "DATABASE primary", "replica"),
        ("number", 2.5, "2.50", "2"),
        ("choice", "Dublin", "dublin", "Oregon"),
        ("yes_no", True, "yes", "no"),
        ("date", "2026-03-02", "2026-03-02", "soon"),
        ("person", "bob", "Bo", "Alice"),
    ],
)
def test_the_list_is_narrowed_by_a_field(
    alice: Person,
    bob: Person,
    make_incident: Callable[..., Incident],
    kind: str,
    value: object,
    found: str,
    missed: str,
) -> None:
    make_incident(title="Other")
    incident = make_incident()
    field = writes.create_field(actor=alice, team=None, name="Fact", kind=kind, options=["Dublin", "Oregon"])
    given = str(bob.unique_id) if kind == "person" else value
    writes.change_values(actor=bob, incident=incident, values={str(field.unique_id): given})
    for text, expected in ((found, [incident]), (missed, []), ("", [incident])):
        for name in ("fact", str(field.unique_id)):
            wanted = IncidentFilter(field=name, value=text)
            assert list(find_incidents(bob, wanted)) == expected, (name, text)


@pytest.mark.parametrize(("who", "refusal"), [("vera", NotAllowed), ("charlie", NotFound)])
def test_others_change_nothing(
    request: pytest.FixtureRequest, alice: Person, incident: Incident, who: str, refusal: type[Exception]
) -> None:
    actor = request.getfixturevalue(who)
    link = writes.add_link(actor=alice, incident=incident, url="https://example.com")
    version = reads.summary_versions(
        changed := incidents.change_summary(actor=alice, incident=incident, summary="Known")
    ).get()
    calls: list[Callable[[], object]] = [
        lambda: writes.change_severity(actor=actor, incident=incident, severity=None),
        lambda: writes.change_incident_type(actor=actor, incident=incident, incident_type=None),
        lambda: writes.change_affected_services(actor=actor, incident=incident, services=[]),
        lambda: writes.add_link(actor=actor, incident=incident, url="https://example.com/2"),
        lambda: writes.change_link(actor=actor, link=link, url=link.url, title="x", kind="other"),
        lambda: writes.move_link(actor=actor, link=link, steps=1),
        lambda: writes.remove_link(actor=actor, link=link),
        lambda: writes.change_values(actor=actor, incident=incident, values={}),
        lambda: writes.restore_summary(actor=actor, incident=changed, version=version),
    ]
    for call in calls:
        with pytest.raises(refusal):
            call()


def test_a_member_of_both_teams_names_both_services(
    bob: Person, incident: Incident, search_service: Service
) -> None:
    Membership.objects.create(team=search_service.team, person=bob)
    writes.change_affected_services(actor=bob, incident=incident, services=[search_service])
    assert reads.all_affected_services((incident,)) == {incident.pk: ["Index"]}
