"""Who takes part, whom the timeline suggests, and what the summary said before."""

from __future__ import annotations

from datetime import timedelta

import pytest

from afterword.accounts.models import Person
from afterword.catalog.models import IncidentRole, Meaning, Service
from afterword.incidents import writes as incidents
from afterword.incidents.errors import SummaryChanged
from afterword.incidents.facts import reads, writes
from afterword.incidents.models import Incident, RoleAssignment
from afterword.incidents.reads import IncidentFilter, find_incidents
from afterword.incidents.rules import summary_digest
from afterword.lib.errors import InvalidInput
from tests.cast import STARTED


def _role(meaning: Meaning) -> IncidentRole:
    return IncidentRole.objects.get(meaning=meaning)


def test_the_shipped_roles_know_what_they_mean(db: None) -> None:
    found = {role.meaning: (role.name, role.is_single) for role in IncidentRole.objects.all()}
    assert found == {
        "lead": ("Incident lead", True),
        "reporter": ("Reporter", False),
        "participant": ("Active participant", False),
        "observer": ("Observer", False),
    }


def test_who_reports_an_incident_is_its_reporter(bob: Person, service: Service) -> None:
    made = incidents.create_incident(actor=bob, service=service, title="Slow", summary="Very")
    assert [(one.role.meaning, one.person) for one in made.role_assignments.all()] == [("reporter", bob)]
    assert reads.summary_versions(made).get().written_by == bob


def test_the_lead_is_taken_over(alice: Person, bob: Person, incident: Incident) -> None:
    lead, observer = _role(Meaning.LEAD), _role(Meaning.OBSERVER)
    for person in (alice, bob, bob):
        incidents.assign_role(actor=bob, incident=incident, role=lead, person=person)
        incidents.assign_role(actor=bob, incident=incident, role=observer, person=person)
    holders = RoleAssignment.objects.filter(incident=incident)
    assert [one.person for one in holders.filter(role=lead)] == [bob]
    assert holders.filter(role=observer).count() == 2
    texts = list(incident.entries.filter(kind="assignment").order_by("id").values_list("text", flat=True))
    assert texts[2] == "Bob has the role “Incident lead”. It was Alice before."


def test_somebody_without_access_gets_no_role(alice: Person, charlie: Person, incident: Incident) -> None:
    with pytest.raises(InvalidInput) as refusal:
        incidents.assign_role(actor=alice, incident=incident, role=_role(Meaning.OBSERVER), person=charlie)
    assert "does not see the incidents of Payments" in refusal.value.fields["person"]


def test_who_wrote_or_acknowledged_is_suggested(alice: Person, bob: Person, incident: Incident) -> None:
    incidents.acknowledge_incident(actor=bob, incident=incident)
    incidents.add_note(actor=bob, incident=incident, text="Restarted it", at=STARTED + timedelta(minutes=5))
    incidents.add_note(actor=alice, incident=incident, text="Looks better", at=STARTED)
    assert [(one.name, one.entries) for one in reads.suggest_participants(incident)] == [
        ("Bob", 2),
        ("Alice", 1),
    ]
    incidents.assign_role(actor=bob, incident=incident, role=_role(Meaning.LEAD), person=bob)
    assert [one.name for one in reads.suggest_participants(incident)] == ["Alice"]
    wanted = IncidentFilter(role="incident lead", person=bob.unique_id)
    assert list(find_incidents(alice, wanted)) == [incident]
    assert list(find_incidents(alice, IncidentFilter(role="observer"))) == []


def test_each_summary_is_kept_and_can_be_brought_back(alice: Person, bob: Person, incident: Incident) -> None:
    Incident.objects.update(summary="From the alert")
    incident.refresh_from_db()
    incidents.change_summary(actor=bob, incident=incident, summary="One pool was full")
    incident = incidents.change_summary(actor=alice, incident=incident, summary="Two pools were full")
    versions = list(reads.summary_versions(incident))
    assert [(one.number, one.text, one.written_by_name) for one in versions] == [
        (3, "Two pools were full", "Alice"),
        (2, "One pool was full", "Bob"),
        (1, "From the alert", ""),
    ]
    seen = summary_digest(incident.summary)
    incident = writes.restore_summary(actor=bob, incident=incident, version=versions[1], started_from=seen)
    assert incident.summary == "One pool was full"
    newest = reads.summary_versions(incident)[0]
    assert (newest.number, newest.restored_from) == (4, 2)
    with pytest.raises(SummaryChanged):
        writes.restore_summary(actor=alice, incident=incident, version=versions[2], started_from=seen)
