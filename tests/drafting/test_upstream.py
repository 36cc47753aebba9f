"""What changed in the services that an incident's services depend on: collected, ranked, never a cause."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from afterword.accounts.models import Membership
from afterword.catalog.models import Integration, MaintenanceWindow, Service, ServiceDependency
from afterword.config.evidence import lines_of, tell_evidence
from afterword.drafting.citations.check import check_claim, check_draft
from afterword.drafting.claims import Claim, Draft
from afterword.drafting.deterministic.drafter import write_draft
from afterword.drafting.evidence.book import EvidenceBook, Piece
from afterword.drafting.evidence.limits import Limits
from afterword.drafting.evidence.parts import Part
from afterword.drafting.evidence.reads import collect_evidence, collect_for_document
from afterword.drafting.model.telling import told_as_ours
from afterword.drafting.suggestions.writes import work
from afterword.incidents.facts.writes.services import change_affected_services
from afterword.incidents.models import Change, IncidentEntity
from afterword.incidents.writes.incidents import resolve_incident
from afterword.lib import ids
from afterword.postmortems.writes import create_postmortem
from tests.cast import STARTED
from tests.drafting.books import about, book, change, times

NOW = STARTED + timedelta(hours=2)
NAMES = frozenset({"Checkout", "Basket", "Disk", "Search", "Bob"})


def _upstream(key: int, minutes: float, title: str, *path: str, service: str) -> Piece:
    first, *between = path
    relation = f"{first} depends on it" + (f" through {between[0]}" if between else "")
    told = {"upstream": len(path), "needed_through": list(path), "relation": relation, "own_service": False}
    return change(key, minutes, title, service=service, **told)


def _texts(draft: Draft, key: str) -> list[str]:
    section = draft.section(key)
    return [claim.text for claim in section.claims] if section else []


TOLD = book(
    about(alerts=1, depends_on=["Basket"]),
    *times(impact_started=0, resolved=42),
    change(1, -600, "Deploy of a new footer"),
    _upstream(2, -2, "Disk firmware 7", "Checkout", "Basket", service="Disk"),
    _upstream(3, -5, "Basket 4.2", "Checkout", service="Basket"),
    _upstream(4, 20, "Basket 4.1 again", "Checkout", service="Basket"),
    names=NAMES,
)


@pytest.mark.pure
def test_its_own_changes_come_first_then_those_upstream_the_nearest_first():
    changes = _texts(write_draft(TOLD), "changes")
    assert [text.partition(" preceded")[0] for text in changes[:3]] == [
        "The deploy “Deploy of a new footer” to Checkout",
        "The deploy “Basket 4.2” to Basket, which Checkout depends on,",
        "The deploy “Disk firmware 7” to Disk, which Checkout depends on through Basket,",
    ]
    assert changes[3].startswith(
        "The deploy “Basket 4.1 again” to Basket, which Checkout depends on, was made"
    )
    draft = write_draft(TOLD)
    assert "Deploy to Basket, which Checkout depends on: “Basket 4.2”." in _texts(draft, "timeline")
    summary = " ".join(_texts(draft, "summary"))
    assert "1 recorded change, “Deploy of a new footer” to Checkout, preceded the start by 10 h." in summary
    assert (
        "2 recorded changes upstream, to Basket and Disk, preceded the start, the nearest, "
        "“Disk firmware 7”, by 2 min." in summary
    )
    for verdict in check_draft(draft, TOLD):
        assert verdict.outcome == "accepted", (verdict.claim.text, verdict.findings)


def test_maintenance_upstream_and_services_whose_alerts_joined_are_told(
    bob, resolved_incident, service, other_team
):
    basket = Service.objects.create(team=service.team, name="Basket")
    ServiceDependency.objects.create(service=service, depends_on=basket)
    pages = Service.objects.create(team=service.team, name="Pages")
    hidden = Service.objects.create(team=other_team, name="Hidden")
    ServiceDependency.objects.create(service=basket, depends_on=hidden)
    for key, joined in (("pages", pages), ("hidden", hidden)):
        IncidentEntity.objects.create(
            incident=resolved_incident,
            integration=Integration.objects.create(service=joined, name="Checks"),
            entity_id=key,
            joined_at=STARTED,
        )
    for name, maintained in (("Upgrade of Basket", basket), ("Secret work", hidden)):
        MaintenanceWindow.objects.create(
            team=maintained.team,
            name=name,
            starts_at=STARTED - timedelta(minutes=40),
            ends_at=STARTED + timedelta(minutes=20),
        ).services.add(maintained)
    found = collect_evidence(bob, [resolved_incident], now=NOW)
    draft = write_draft(found)
    assert "It began during the maintenance window “Upgrade of Basket” of Basket, which" in " ".join(
        _texts(draft, "summary")
    )
    assert any(
        text.startswith("Did the maintenance “Upgrade of Basket” of Basket, which")
        for text in _texts(draft, "contributors")
    )
    assert any(text.startswith("Maintenance began: “Upgrade") for text in _texts(draft, "timeline"))
    assert f"Services: {service.name} and Pages." in _texts(draft, "impact")
    assert "Hidden" not in str(found.as_json())
    assert "Secret" not in str(found.as_json())
    for verdict in check_draft(draft, found):
        assert verdict.outcome != "refused", (verdict.claim.text, verdict.findings)


@pytest.mark.pure
def test_a_service_that_is_changed_all_day_hides_nothing_upstream():
    busy = [change(10 + number, -number, f"Deploy {number}") for number in range(1, 30)]
    near = _upstream(2, -2, "Basket 4.2", "Checkout", service="Basket")
    draft = write_draft(book(about(), *times(impact_started=0), *busy, near, names=NAMES))
    for key in ("changes", "contributors", "timeline"):
        assert any("Basket 4.2" in text for text in _texts(draft, key)), key


@pytest.mark.pure
@pytest.mark.parametrize(
    ("needs", "pieces", "gap"),
    [
        ([], [], "No change to Checkout is recorded for the day before the start."),
        (
            ["Basket", "Disk"],
            [],
            "No change to Checkout, nor to Basket and Disk, which it depends on, is recorded for the day "
            "before the start.",
        ),
        (
            ["Basket"],
            [_upstream(2, -2, "Basket 4.2", "Checkout", service="Basket")],
            "For the day before the start changes are recorded upstream, and none to Checkout itself.",
        ),
    ],
    ids=["nothing", "nothing-upstream-either", "only-upstream"],
)
def test_the_gap_says_what_is_known_of_what_is_upstream(needs: list[str], pieces: list[Piece], gap: str):
    known = {"depends_on": needs} if needs else {}
    told = book(about(**known), *times(impact_started=0), *pieces, names=NAMES)
    draft = write_draft(told)
    assert gap in _texts(draft, "changes")
    assert {one.outcome for one in check_draft(draft, told)} == {"accepted"}


@pytest.mark.pure
def test_the_check_knows_what_depends_on_what_and_takes_no_distance_for_a_number():
    def outcome(text: str) -> str:
        return check_claim(Claim(text, ("C2",)), TOLD).outcome

    assert outcome("Basket 4.2 was deployed at 14:03 UTC.") == "refused", "that was to Disk"
    assert outcome(
        "The deploy “Disk firmware 7” went to Disk, which Checkout depends on through Basket."
    ) == ("accepted")
    assert outcome("The deploy “Disk firmware 7” went to Search, which Checkout depends on.") == "refused"
    assert outcome("Incident 2 had the deploy “Disk firmware 7” to Disk.") == "refused"
    pieces = [piece for piece in TOLD.pieces if piece.id == "C2"]
    claim = Claim("Disk, which Checkout depends on, was changed: “Disk firmware 7”.", ("C2",))
    assert not told_as_ours(claim, pieces, NAMES), "the catalogue says so, and no other program"


# Collected ---------------------------------------------------------------------------------------------


@pytest.fixture
def basket(team: Any) -> Service:
    return Service.objects.create(team=team, name="Basket")


@pytest.fixture
def disk(other_team: Any) -> Service:
    return Service.objects.create(team=other_team, name="Disk")


def _change(service: Service, minutes: int, title: str) -> Change:
    at = STARTED + timedelta(minutes=minutes)
    return Change.objects.create(
        trace_id=ids.new_uuid(), service=service, title=title, at=at, received_at=at, author="Bob"
    )


def _depend(*services: Service) -> None:
    for one, other in zip(services, services[1:], strict=False):
        ServiceDependency.objects.create(service=one, depends_on=other)


def _collect(actor: Any, *incidents: Any, **limits: Any) -> EvidenceBook:
    return collect_evidence(actor, list(incidents), now=NOW, limits=Limits(**limits))


def test_changes_upstream_are_evidence_with_their_distance_and_way(
    alice, bob, incident, service, basket, disk
):
    own, near, far = _change(service, -9, "Own"), _change(basket, -8, "Near"), _change(disk, -7, "Far")
    _change(basket, -25 * 60, "Long before")
    _depend(service, basket, disk, service)
    found = {one.id: one.data for one in _collect(alice, incident).of_kind("change")}
    assert set(found) == {f"C{one.pk}" for one in (own, near, far)}
    assert "upstream" not in found[f"C{own.pk}"]
    told = found[f"C{far.pk}"]
    assert (told["upstream"], told["needed_through"]) == (2, ["Checkout", "Basket"])
    assert told["relation"] == "Checkout depends on it through Basket"
    seen_by_bob = _collect(bob, incident)
    assert {one.id for one in seen_by_bob.of_kind("change")} == {f"C{own.pk}", f"C{near.pk}"}
    assert "Disk" not in str(seen_by_bob.as_json())
    assert "Disk" not in seen_by_bob.names
    assert seen_by_bob.pieces[0].data["depends_on"] == ["Basket"]
    printed = "\n".join(lines_of(tell_evidence(f"#{incident.number}", by=bob.email)))
    assert "Near" in printed
    assert "Far" not in printed


@pytest.mark.once
def test_what_an_affected_service_depends_on_is_upstream_too(alice, incident, team, basket):
    search = Service.objects.create(team=team, name="Search")
    change_affected_services(actor=alice, incident=incident, services=[search])
    near = _change(basket, -8, "Near")
    _depend(search, basket)
    (found,) = _collect(alice, incident).of_kind("change")
    assert (found.id, found.data["needed_through"]) == (f"C{near.pk}", ["Search"])


def test_the_evidence_of_a_document_has_of_what_is_upstream_what_all_its_readers_see(
    alice, incident, service, basket, disk
):
    """Nor does it pass through what they do not see."""
    ours = Service.objects.create(team=service.team, name="Queue")
    near, _, _ = _change(basket, -8, "Near"), _change(disk, -7, "Far"), _change(ours, -6, "Behind")
    _depend(service, basket, disk, ours)
    postmortem = create_postmortem(actor=alice, incidents=[incident], title="Slow")
    told = collect_for_document(postmortem, now=NOW)
    assert [one.id for one in told.of_kind("change")] == [f"C{near.pk}"]
    assert "Disk" not in told.names


@pytest.mark.once
def test_a_part_of_a_book_that_cites_the_incident_knows_what_it_depends_on(alice, incident, service, basket):
    _depend(service, basket)
    postmortem = create_postmortem(actor=alice, incidents=[incident], title="Slow")
    part = Part.of([f"I{incident.pk}"], with_others=False)
    told = collect_for_document(postmortem, now=NOW, part=part)
    gap = (
        "No change to Checkout, nor to Basket, which it depends on, is recorded for the day before the start."
    )
    assert gap in _texts(write_draft(collect_for_document(postmortem, now=NOW)), "changes")
    assert check_claim(Claim(gap, (f"I{incident.pk}",), "gap"), told).outcome == "accepted"


def test_what_is_upstream_takes_no_room_from_the_incidents_own_and_few_queries(
    bob, incident, service, basket, team
):
    own = _change(service, -60, "Own")
    with CaptureQueriesContext(connection) as without:
        _collect(bob, incident)
    _depend(service, basket)
    for number in range(12):
        _depend(basket, Service.objects.create(team=team, name=f"Service {number}"))
        _change(basket, -number - 1, f"Change {number}")
    with CaptureQueriesContext(connection) as queries:
        told = _collect(bob, incident, upstream_changes_max=5)
    assert f"C{own.pk}" in {one.id for one in told.of_kind("change")}
    assert len(told.of_kind("change")) == 6
    assert told.left_out["changes"] == 7
    assert len(queries) <= len(without) + 4, "a query for each step, one for the changes, one to count them"


@pytest.mark.parametrize("is_upstream", [False, True])
def test_changes_made_during_the_incident_hide_none_from_before(bob, incident, service, basket, is_upstream):
    _depend(service, basket)
    changed = basket if is_upstream else service
    before = [_change(changed, -minutes, f"Before {minutes}") for minutes in (9, 8, 7)]
    for minutes in range(1, 9):
        _change(changed, minutes, f"During {minutes}")
    told = _collect(bob, incident, changes_max=4, upstream_changes_max=4)
    titles = [one.text for one in told.of_kind("change")]
    assert titles == ["Before 8", "Before 7", "During 7", "During 8"]
    assert told.left_out["changes"] == len(before) + 8 - 4
    draft = write_draft(told)
    assert not [text for text in _texts(draft, "changes") if text.startswith("No change")]
    assert "At least 2 recorded changes" in " ".join(_texts(draft, "summary"))
    assert {one.outcome for one in check_draft(draft, told)} == {"accepted"}
    whole = _collect(bob, incident, changes_max=10, upstream_changes_max=10).of_kind("change")
    assert len([one for one in whole if one.data["before_start"]]) == len(before), (
        "unused room is the others'"
    )


@pytest.mark.once
def test_a_change_that_is_upstream_of_one_incident_is_told_as_the_other_ones_own(
    alice, make_incident, service, basket
):
    first, second = make_incident(), make_incident(on=basket)
    near = _change(basket, -8, "Near")
    _depend(service, basket)
    for incidents in ((first, second), (second, first)):
        (found,) = _collect(alice, *incidents).of_kind("change")
        assert (found.id, found.data["own_service"]) == (f"C{near.pk}", True)


@pytest.mark.once
def test_who_left_the_team_of_what_is_upstream_sees_its_changes_no_longer(
    bob, incident, service, disk, other_team
):
    membership = Membership.objects.create(person=bob, team=other_team)
    _change(disk, -8, "Near")
    _depend(service, disk)
    assert _collect(bob, incident).of_kind("change")
    membership.delete()
    assert not _collect(bob, incident).of_kind("change")


def test_of_another_teams_incident_readers_learn_its_service_and_not_what_that_depends_on(
    alice, bob, sign_in, api_headers, make_incident, other_team
):
    billing = Service.objects.create(team=other_team, name="Billing")
    ledger = Service.objects.create(team=other_team, name="Ledgerz")
    _depend(billing, ledger)
    ours, theirs = make_incident(), make_incident(on=billing)
    _change(ledger, -5, "Ledger 4")
    way_in = Integration.objects.create(service=ledger, name="Probe")
    IncidentEntity.objects.create(incident=theirs, integration=way_in, entity_id="x", joined_at=STARTED)
    for incident in (ours, theirs):
        resolve_incident(actor=alice, incident=incident)
    postmortem = create_postmortem(actor=alice, incidents=[ours, theirs], title="Both")
    assert work.write_all_waiting() == 1
    address, client = f"postmortems/{postmortem.number}", sign_in(bob)
    told = client.get(f"/api/v1/{address}/suggestions", headers=api_headers(bob)).text
    gap = f"Incident #{theirs.number}: no change to Billing is recorded for the day before the start."
    assert gap in told
    for page in (f"/{address}", f"/{address}/write", f"/{address}/questions"):
        told += client.get(page).text
    assert "Ledger" not in told
    assert "Ledgerz" not in collect_for_document(postmortem, now=NOW).names
