from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.test import Client

from afterword.accounts.models import Person, Team
from afterword.catalog.models import IncidentRole, Priority, Service, Severity, Sla, Tag
from afterword.documents import render_markdown_blocks
from afterword.incidents.facts import writes as facts
from afterword.incidents.models import Entry, EntryKind, Incident
from afterword.incidents.writes import add_note, assign_role, change_summary, resolve_incident
from afterword.postmortems import live
from afterword.postmortems.fields.models import PostmortemField
from afterword.postmortems.fields.writes import change_values, delete_field
from afterword.postmortems.models import Postmortem
from afterword.postmortems.reads import sections_of
from afterword.postmortems.writes import create_template
from tests.cast import STARTED

MakeIncident = Callable[..., Incident]
MakePostmortem = Callable[..., Postmortem]


def drawn(name: str, reader: Person, postmortem: Postmortem, zone: str = "UTC") -> str:
    blocks = live.render_live(name, reader=reader, postmortem=postmortem, zone=ZoneInfo(zone))
    return render_markdown_blocks(blocks).replace("\N{NO-BREAK SPACE}", " ")


def test_the_summary_is_the_one_of_the_incident_and_follows_it(
    bob: Person, resolved_incident: Incident, postmortem: Postmortem
) -> None:
    assert "No summary has been written yet" in drawn("summary", bob, postmortem)
    assert f"/incidents/{resolved_incident.number}" in drawn("summary", bob, postmortem)
    change_summary(actor=bob, incident=resolved_incident, summary="The pool **ran dry**.")
    assert drawn("summary", bob, postmortem) == "The pool **ran dry**.\n"


def test_the_timeline_follows_the_incident_in_order(
    bob: Person, resolved_incident: Incident, postmortem: Postmortem
) -> None:
    add_note(
        actor=bob, incident=resolved_incident, text="Rolled **back**.", at=STARTED + timedelta(minutes=7)
    )
    text = drawn("timeline", bob, postmortem)
    assert "2 Mar 2026. Times are in UTC." in text
    assert "| 14:05:00 | +0 s | Checkout answers slowly | Prometheus bridge |" in text
    assert "| 14:12:00 | +7 min | Rolled **back**. | Bob |" in text
    assert text.index("14:05:00") < text.index("14:12:00")


def test_the_timeline_of_several_incidents_is_one_and_names_them(
    alice: Person, make_incident: MakeIncident, make_postmortem: MakePostmortem
) -> None:
    first = make_incident(title="Slow", resolved_after=timedelta(minutes=30))
    second = make_incident(
        title="Down", started=STARTED + timedelta(minutes=5), resolved_after=timedelta(minutes=9)
    )
    Entry.objects.create(
        incident=first, at=STARTED + timedelta(minutes=10), kind=EntryKind.STATUS, text="Later", source="Bot"
    )
    text = drawn("timeline", alice, make_postmortem(incidents=[first, second]))
    rows = [line.split(" | ") for line in text.splitlines() if line.startswith("| 14:")]
    assert [(row[1], row[2], row[3]) for row in rows] == [
        ("+0 s", f"#{first.number}", "Slow"),
        ("+5 min", f"#{second.number}", "Down"),
        ("+10 min", f"#{first.number}", "Later"),
    ]


def test_edits_of_the_record_are_no_part_of_what_happened(
    bob: Person, resolved_incident: Incident, postmortem: Postmortem
) -> None:
    change_summary(actor=bob, incident=resolved_incident, summary="Now it has one.")
    assert "Changed the summary" not in drawn("timeline", bob, postmortem)


def test_hidden_entries_are_left_out_and_what_matters_stands_out(
    bob: Person, postmortem: Postmortem, resolved_incident: Incident
) -> None:
    for number, text in enumerate(("Noise", "Rolled back")):
        at = STARTED + timedelta(minutes=number)
        Entry.objects.create(incident=resolved_incident, at=at, kind=EntryKind.NOTE, text=text)
    resolved_incident.entries.filter(text="Noise").update(hidden_at=STARTED)
    resolved_incident.entries.filter(text="Rolled back").update(mark="mitigation", starred_at=STARTED)
    timeline = drawn("timeline", bob, postmortem)
    assert "Noise" not in timeline
    assert "**Rolled back**" in timeline
    assert "Mitigation" in timeline


def test_a_timeline_over_midnight_carries_the_day_of_each_entry(
    bob: Person, resolved_incident: Incident, postmortem: Postmortem
) -> None:
    add_note(actor=bob, incident=resolved_incident, text="Still slow.", at=STARTED + timedelta(hours=11))
    assert "| 3 Mar 01:05:00 | +11 h |" in drawn("timeline", bob, postmortem)


def test_what_a_machine_said_is_not_read_as_markdown(
    bob: Person, resolved_incident: Incident, postmortem: Postmortem
) -> None:
    Entry.objects.create(
        incident=resolved_incident,
        at=STARTED,
        kind=EntryKind.ALERT,
        text="[x](http://evil) **b**",
        source="Bot",
    )
    blocks = live.render_live("timeline", reader=bob, postmortem=postmortem, zone=UTC)
    assert r"\[x\](http://evil) \*\*b\*\*" in render_markdown_blocks(blocks)


def test_a_very_long_timeline_is_cut_and_says_so(
    bob: Person, resolved_incident: Incident, postmortem: Postmortem, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(live, "TIMELINE_ROWS_MAX", 3)
    for minute in range(4):
        add_note(
            actor=bob, incident=resolved_incident, text="More", at=STARTED + timedelta(minutes=minute + 1)
        )
    text = drawn("timeline", bob, postmortem)
    assert text.count("More") == 2
    assert "These are the first 3 entries" in text


def test_key_information_says_what_when_and_who(
    bob: Person, resolved_incident: Incident, postmortem: Postmortem
) -> None:
    add_note(actor=bob, incident=resolved_incident, text="Looking.", at=STARTED + timedelta(minutes=2))
    text = drawn("key-information", bob, postmortem, zone="Europe/Paris")
    assert "**Affected services**: Checkout" in text
    assert "**Author**: Alice" in text
    assert "**Took part**: Bob" in text
    assert "| Impact started | 2 Mar 2026, 15:05 CET (14:05 UTC) | +0 s |" in text
    assert "**Time to resolve**: 42 min" in text


@pytest.fixture
def told_incident(alice: Person, bob: Person, team: Team, resolved_incident: Incident) -> Incident:
    """With every fact that people tell about one."""
    cart = Service.objects.create(team=team, name="Cart")
    severity = Severity.objects.get(name="SEV2")
    region = facts.create_field(actor=alice, team=None, name="Region", kind="text")
    lead = IncidentRole.objects.get(meaning="lead")
    facts.change_severity(actor=bob, incident=resolved_incident, severity=severity)
    facts.change_affected_services(actor=bob, incident=resolved_incident, services=[cart])
    facts.add_link(
        actor=bob, incident=resolved_incident, url="https://x.example/1", title="OPS-1", kind="ticket"
    )
    facts.change_values(actor=bob, incident=resolved_incident, values={str(region.unique_id): "Dublin"})
    assign_role(actor=bob, incident=resolved_incident, role=lead, person=bob)
    resolved_incident.tags.add(Tag.objects.create(team=team, name="card-payments"))
    resolved_incident.priority = Priority.objects.create(team=team, name="P2")
    resolved_incident.save(update_fields=["priority"])
    resolved_incident.refresh_from_db()
    return resolved_incident


def test_key_information_has_all_facts_of_the_incident(
    bob: Person, told_incident: Incident, postmortem: Postmortem
) -> None:
    text = drawn("key-information", bob, postmortem)
    for line in (
        "**Severity**: SEV2",
        "**Priority**: P2",
        "**Affected services**: Checkout, Cart",
        "**Tags**: card-payments",
        "**Region**: Dublin",
        "**Incident lead**: Bob",
        "**Ticket**: [OPS-1](https://x.example/1)",
    ):
        assert line in text, text


def test_a_starting_text_can_say_who_led_and_every_other_fact(
    alice: Person, told_incident: Incident, make_postmortem: MakePostmortem
) -> None:
    facts.create_field(actor=alice, team=None, name="Cause", kind="text")
    source = """---
name: Ours
---
## Facts
{{ incident.lead }} led it, {{ incident.severity }}, {{ incident.priority }},
{{ incident.services | join: " and " }}, tagged {{ incident.tags | join: ", " }},
in {{ incident.fields["Region"] }}, {{ incident.roles["Incident lead"] }} again;
{% unless incident.fields.Cause %}no cause yet{% endunless %};
watched by {{ incident.roles.Observer | default: "nobody" }}; {{ incident.type | default: "no type" }}.
"""
    template = create_template(actor=alice, source=source)
    made = make_postmortem(template=str(template.unique_id), incidents=[told_incident], another=True)
    (section,) = sections_of(made)
    assert section.text == (
        "Bob led it, SEV2, P2,\nCheckout and Cart, tagged card-payments,\n"
        "in Dublin, Bob again;\nno cause yet;\nwatched by nobody; no type."
    )


def test_impact_is_counted_from_the_record(
    bob: Person, incident: Incident, make_postmortem: MakePostmortem
) -> None:
    postmortem = make_postmortem(incidents=[incident], template="default")
    assert "It is not over yet" in drawn("impact", bob, postmortem)
    resolve_incident(actor=bob, incident=incident, at=STARTED + timedelta(hours=2))
    assert "**Duration**: **2 h**" in drawn("impact", bob, postmortem)


def test_impact_tells_whether_the_sla_was_kept(
    bob: Person, make_incident: MakeIncident, make_postmortem: MakePostmortem, team: Team
) -> None:
    sla = Sla.objects.create(team=team, name="Gold", acknowledge_minutes=15, resolve_minutes=60)
    due = {
        "acknowledge_due_at": STARTED + timedelta(minutes=15),
        "resolve_due_at": STARTED + timedelta(hours=1),
    }
    incident = make_incident(sla=sla, acknowledged_at=STARTED + timedelta(minutes=5), **due)
    postmortem = make_postmortem(incidents=[incident])
    assert "not resolved by 2 Mar 2026, 15:05 UTC" in drawn("impact", bob, postmortem)
    Incident.objects.filter(pk=incident.pk).update(
        status="resolved", resolved_at=STARTED + timedelta(hours=2)
    )
    assert "**SLA**: Gold: acknowledged in time; resolved 1 h late" in drawn("impact", bob, postmortem)


@pytest.mark.once
def test_the_fields_of_an_impact_are_there_from_the_start_and_can_be_deleted(
    sign_in: Callable[[Person], Client], bob: Person, alice: Person, postmortem: Postmortem
) -> None:
    client, page = sign_in(bob), f"/postmortems/{postmortem.number}"
    html = client.get(f"{page}/write").content.decode()
    assert all(name in html for name in ("Customers affected", "Support cases", "Revenue affected"))
    field = PostmortemField.objects.get(slug="customers-affected")
    values = {"customers-affected": "4 %", "support-cases": 12}
    change_values(actor=bob, postmortem=postmortem, values=values)
    assert "**Customers affected**: 4 %" in client.get(f"{page}/export/markdown").content.decode()
    delete_field(actor=alice, field=field)
    for unfilled in PostmortemField.objects.exclude(pk=field.pk):
        delete_field(actor=alice, field=unfilled)
    assert client.get(f"{page}/write").status_code == 200
    assert "4 %" in client.get(page).content.decode()


def test_a_part_that_nobody_draws_says_so(bob: Person, postmortem: Postmortem) -> None:
    assert "does not know how" in drawn("weather", bob, postmortem)


def test_an_incident_of_another_team_is_drawn_for_the_readers_of_the_post_mortem(
    alice: Person, bob: Person, other_team: Team, make_incident: MakeIncident, make_postmortem: MakePostmortem
) -> None:
    mine = make_incident(resolved_after=timedelta(minutes=3))
    theirs = make_incident(
        title="Search is behind",
        on=Service.objects.create(team=other_team, name="Search"),
        resolved_after=timedelta(minutes=3),
    )
    assert "Search is behind" in drawn("timeline", bob, make_postmortem(incidents=[mine, theirs]))
