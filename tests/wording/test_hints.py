"""Comments and notes: what is found in them is a hint for who types, and for nobody else."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from django.test import Client

from afterword.accounts.models import Person
from afterword.incidents.models import Incident
from afterword.postmortems.models import Postmortem
from afterword.wording.reads import findings_of
from tests.wording.conftest import BLAME, BLAMED

SignIn = Callable[[Person], Client]
HINTS = "/wording/hints"


def test_who_types_sees_blame_and_heat_and_nothing_that_is_only_unclear(sign_in: SignIn, bob: Person) -> None:
    text = f"🔥 {BLAME}\r\nSome users saw errors, and the KMX filled up. What a night!!!"
    hints = sign_in(bob).post(HINTS, {"text": text}).content.decode()
    assert re.findall(r'data-category="(\w+)"', hints) == [BLAMED, "heat"]
    start, end = (int(number) for number in re.findall(r'data-(?:start|end)="(\d+)"', hints)[:2])
    # Scripts count the flame as two, and the end of a line in a box as one.
    units = text.replace("\r\n", "\n").encode("utf-16-le")
    assert "should have checked" in units[start * 2 : end * 2].decode("utf-16-le")
    assert "Only you see them." in hints
    assert "data-mute" not in hints
    action = sign_in(bob).post(f"{HINTS}?action=1", {"text": "Improve monitoring"}).content.decode()
    assert re.findall(r'data-start="(\d+)".* data-category="(\w+)"', action) == [("0", "vague_action")]
    fine = sign_in(bob).post(HINTS, {"text": "All was well."}).content.decode()
    assert "<li" not in fine


def test_names_that_somebody_may_not_know_are_not_told(sign_in: SignIn, bob: Person, charlie: Person) -> None:
    charlie.name, charlie.email = "zqorvex", "zqorvex@example.com"
    charlie.save(update_fields=["name", "email"])
    text = {"text": "Then zqorvex forgot to drain the node."}
    assert "data-category" not in sign_in(bob).post(HINTS, text).content.decode()
    assert "data-category" in sign_in(charlie).post(HINTS, text).content.decode()


@pytest.mark.once
def test_the_boxes_of_comments_and_notes_ask_for_them(
    sign_in: SignIn, bob: Person, alice: Person, postmortem: Postmortem, resolved_incident: Incident
) -> None:
    client = sign_in(bob)
    for page in (f"/postmortems/{postmortem.number}/comments", f"/incidents/{resolved_incident.number}"):
        shown = client.get(page).content.decode()
        [box] = re.findall(rf'data-quiet data-box="([^"]+)" data-check="{HINTS}"', shown)
        assert '<textarea name="text"' in shown
        assert f'id="{box}"' in shown
    section = postmortem.sections.get(title="Contributors")
    given = {"section": str(section.unique_id), "text": BLAME, "quote": "", "hint": ""}
    assert client.post(f"/postmortems/{postmortem.number}/comments", given).status_code == 302
    assert findings_of(postmortem).every == [], "a comment is no part of the document"
    for person in (alice, bob):
        shown = sign_in(person).get(f"/postmortems/{postmortem.number}/review").content.decode()
        assert "should have checked" not in shown


def test_the_title_of_a_follow_up_asks_for_hints_of_an_action_and_its_description_for_others(
    sign_in: SignIn, bob: Person, postmortem: Postmortem, resolved_incident: Incident
) -> None:
    client = sign_in(bob)
    for page in (
        f"/postmortems/{postmortem.number}/write",
        f"/postmortems/{postmortem.number}/follow-ups",
        f"/incidents/{resolved_incident.number}/follow-ups",
    ):
        shown = client.get(page).content.decode()
        boxes = re.findall(rf'data-quiet data-box="([^"]+)" data-check="{HINTS}\?action=1"', shown)
        assert boxes, page
        described = re.findall(rf'data-quiet data-box="([^"]+description)" data-check="{HINTS}"', shown)
        assert len(described) == len(boxes), page
        assert all(f'id="{box}"' in shown for box in boxes + described)


def test_what_is_too_long_and_who_is_nobody_is_refused(sign_in: SignIn, bob: Person) -> None:
    assert sign_in(bob).post(HINTS, {"text": "a" * 70_000}).status_code == 400
    assert Client().post(HINTS, {"text": BLAME}).status_code == 401
