"""What people write beside the sections is checked too: title, fields, summaries, what is to be done."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from afterword.accounts.models import Person, Team
from afterword.followups.writes import create_follow_up
from afterword.incidents.models import Incident
from afterword.incidents.writes import change_summary
from afterword.postmortems.fields.writes import change_values, create_field
from afterword.postmortems.models import Postmortem
from afterword.postmortems.prose import get_prose, prose_of
from afterword.postmortems.review.checks import Step, find_obstacles
from afterword.postmortems.writes import change_title
from afterword.wording.reads import DocumentFindings, findings_of
from afterword.wording.writes import change_settings, mute_finding
from tests.wording.conftest import BLAME, BLAMED

SignIn = Callable[[Person], Client]
VAGUE = "Improve monitoring"
REASON = "The customer's own words."


@pytest.fixture
def written(alice: Person, team: Team, postmortem: Postmortem, resolved_incident: Incident) -> Postmortem:
    """Blame in the title, in a field and in the summary; of two follow-ups one blames and one is vague."""
    change_summary(actor=alice, incident=resolved_incident, summary=f"It was slow. {BLAME}")
    create_field(actor=alice, name="In short", kind="text", slug="in-short", teams=[team])
    create_field(actor=alice, name="At length", kind="long_text", slug="at-length", teams=[team])
    create_field(actor=alice, name="Chosen", kind="choice", slug="chosen", options=[BLAME], teams=[team])
    values = {"in-short": "Human error.", "at-length": "The KMX filled up.", "chosen": BLAME}
    change_values(actor=alice, postmortem=postmortem, values=values)
    create_follow_up(actor=alice, incident=resolved_incident, title=VAGUE)
    create_follow_up(actor=alice, incident=resolved_incident, title="Remind Bob to be more careful")
    create_follow_up(actor=alice, incident=resolved_incident, title="Alert at 80% of the pool by 1 June")
    return change_title(actor=alice, postmortem=postmortem, title="Outage of KMX due to human error")


def told(found: DocumentFindings) -> dict[str, set[str]]:
    parts = [part for part in found.sections if part.remarks]
    return {part.section.title: {remark.finding.category for remark in part.remarks} for part in parts}


def test_everything_that_people_write_is_checked(written: Postmortem, resolved_incident: Incident) -> None:
    found = told(findings_of(written))
    assert found == {
        # A line by itself has no room to explain an abbreviation; a long text has.
        "Title": {"human_error"},
        f"Summary of incident #{resolved_incident.number}": {BLAMED},
        "In short": {"human_error"},
        "At length": {"jargon"},
        f"Follow-up: {VAGUE}": {"vague_action"},
        "Follow-up: Remind Bob to be more careful": {"careful_fix"},
    }


def test_the_words_of_a_finding_are_those_of_the_title(written: Postmortem) -> None:
    for part in findings_of(written).sections:
        for remark in part.remarks:
            place = remark.finding
            assert part.section.text[place.start : place.end] == place.text


def test_each_stands_by_its_box_where_a_post_mortem_is_written(
    sign_in: SignIn, bob: Person, written: Postmortem
) -> None:
    page = sign_in(bob).get(f"/postmortems/{written.number}/write").content.decode()
    lists = page.split('<div class="findings" id="wording-')[1:]
    found = {}
    for part in lists:
        if categories := re.findall(r'data-category="(\w+)"', part):
            box = re.findall(r'data-box="([^"]*)"', part)[0]
            found.setdefault(re.sub(r"field-.*-value", "field", box), []).extend(categories)
    number = written.incidents.get().number
    assert found == {
        "title": ["human_error"],
        f"summary-{number}": [BLAMED],
        "id_field": ["human_error", "jargon"],
        "": ["vague_action", "careful_fix", "careful_fix"],
    }
    boxes = {box for box in re.findall(r'data-box="([^"]+)"', page) if box}
    assert all(f'id="{box}"' in page for box in boxes)


def test_a_box_is_checked_as_somebody_types(sign_in: SignIn, bob: Person, written: Postmortem) -> None:
    client, base = sign_in(bob), f"/postmortems/{written.number}/wording/sections"
    typed = client.post(f"{base}/{written.unique_id}", {"text": f"Slow. {BLAME}"}).content.decode()
    assert re.findall(r'data-category="(\w+)"', typed) == [BLAMED]
    action = next(one for one in prose_of(written) if one.text == VAGUE)
    typed = client.post(f"{base}/{action.unique_id}", {"text": "Look into it"}).content.decode()
    assert re.findall(r'data-category="(\w+)" data-quote="([^"]+)"', typed) == [("vague_action", "Look into")]


def test_a_save_of_a_section_shows_what_is_in_its_fields(
    sign_in: SignIn, bob: Person, written: Postmortem
) -> None:
    field = next(one for one in prose_of(written) if one.title == "In short")
    name = field.input_id.removeprefix("id_")
    given = {name: "She forgot it.", name.replace("-value", "-was"): "x"}
    page = sign_in(bob).post(f"/postmortems/{written.number}/fields", given, headers={"HX-Request": "true"})
    assert "omission" in page.content.decode()


def test_the_first_words_of_a_field_are_checked_as_they_are_typed(
    sign_in: SignIn, alice: Person, bob: Person, team: Team, postmortem: Postmortem
) -> None:
    field = create_field(actor=alice, name="Cause", kind="text", slug="cause", teams=[team])
    address = f"/postmortems/{postmortem.number}/wording/sections/{field.unique_id}"
    assert "human_error" in sign_in(bob).post(address, {"text": "Human error."}).text


def test_a_reason_is_given_there_and_stays_there(
    bob: Person, alice: Person, written: Postmortem, write: Callable[..., object]
) -> None:
    title = get_prose(written, written.unique_id)
    mute = mute_finding(
        actor=bob,
        postmortem=written,
        section=title.unique_id,
        category="human_error",
        quote="human error",
        reason=REASON,
    )
    assert (mute.place, mute.section_title) == ("title", "Title")
    assert "Title" not in {part.section.title for part in findings_of(written).sections if part.open}
    written = change_title(actor=alice, postmortem=written, title="Outage")
    write("It was a human error.")
    left = findings_of(written)
    assert "Contributors" in told(left), "the same words elsewhere ask for their own reason"
    assert [one.reason for one in left.idle] == [REASON]


def test_blame_in_what_belongs_to_the_document_is_gone_before_approval(
    alice: Person, written: Postmortem
) -> None:
    change_settings(actor=alice, requires_reasons=True)
    asked = [one.message for one in find_obstacles(written, Step.APPROVAL)]
    number = written.incidents.get().number
    starts = ("Title", "In short", f"Summary of incident #{number}", "Follow-up: Remind Bob")
    assert len(asked) == len(starts)
    assert all(message.startswith(f"“{start}") for message, start in zip(asked, starts, strict=True))


def test_what_a_document_does_not_show_is_not_its_own(
    alice: Person, written: Postmortem, resolved_incident: Incident
) -> None:
    written.sections.filter(live_name__in=["summary", "follow-ups"]).delete()
    assert set(told(findings_of(written))) == {"Title", "In short", "At length"}


@pytest.mark.once
def test_more_follow_ups_and_fields_ask_the_database_no_more(
    sign_in: SignIn, alice: Person, bob: Person, team: Team, written: Postmortem, resolved_incident: Incident
) -> None:
    client = sign_in(bob)
    pages = [f"/postmortems/{written.number}/{part}" for part in ("write", "wording", "review")]

    def count(page: str) -> int:
        with CaptureQueriesContext(connection) as asked:
            assert client.get(page).status_code == 200
        return len(asked)

    client.get(pages[0])
    few = [count(page) for page in pages]
    for number in range(8):
        create_follow_up(actor=alice, incident=resolved_incident, title=f"{VAGUE} {number}")
        create_field(actor=alice, name=f"F{number}", kind="text", slug=f"f{number}", teams=[team])
    values = {f"f{number}": BLAME for number in range(8)}
    change_values(actor=alice, postmortem=written, values=values)
    assert [count(page) for page in pages] == few


def test_outsiders_learn_nothing(sign_in: SignIn, charlie: Person, written: Postmortem) -> None:
    client = sign_in(charlie)
    for one in prose_of(written):
        address = f"/postmortems/{written.number}/wording/sections/{one.unique_id}"
        assert client.post(address, {"text": "x"}).status_code == 404
