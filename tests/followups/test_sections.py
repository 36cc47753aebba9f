"""The live section of a post-mortem that lists what is to be done."""

from __future__ import annotations

from datetime import UTC, date

from afterword.accounts.models import Person
from afterword.documents import render_markdown_blocks
from afterword.followups.writes import create_follow_up
from afterword.incidents.models import Incident
from afterword.postmortems.live import render_live
from afterword.postmortems.models import Postmortem, PostmortemIncident


def draw(reader: Person, incident: Incident) -> str:
    postmortem = Postmortem.objects.create(
        number=1, team=incident.service.team, title="Slow", author=reader, template_name="Standard"
    )
    PostmortemIncident.objects.create(postmortem=postmortem, incident=incident)
    return render_markdown_blocks(render_live("follow-ups", reader=reader, postmortem=postmortem, zone=UTC))


def test_it_lists_action_owner_due_priority_and_status(bob: Person, incident: Incident) -> None:
    create_follow_up(actor=bob, incident=incident, title="Later")
    create_follow_up(
        actor=bob, incident=incident, title="Add a limit", owner=bob, due_on=date(2026, 3, 9), priority="P1"
    )
    lines = [line for line in draw(bob, incident).splitlines() if line.startswith("|")]
    cells = [[cell.strip(" *") for cell in line.strip("|").split("|")] for line in lines]
    assert cells[0] == ["Action", "Owner", "Due", "Priority", "Status"]
    assert cells[2] == ["Add a limit", "Bob", "9 Mar 2026", "P1", "Open"]
    assert cells[3] == ["Later", "Nobody yet", "Not set", "P3", "Open"]


def test_without_any_it_says_so(bob: Person, incident: Incident) -> None:
    assert "No follow-ups" in draw(bob, incident)
