from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.test import Client

from afterword.accounts.models import Person, Team
from afterword.audit.models import AuditEvent
from afterword.catalog.models import Service
from afterword.incidents.models import Incident
from afterword.lib.errors import InvalidInput
from afterword.postmortems.models import Postmortem, Revision, Section, SectionKind, Template
from afterword.postmortems.reads import PICKER_ROWS_MAX
from afterword.postmortems.variables import example_variables, variables_of
from afterword.postmortems.writes import INCIDENTS_MAX, create_postmortem, create_template

SignIn = Callable[[Person], Client]
MakeIncident = Callable[..., Incident]


def sent(incident: Incident, **more: object) -> dict[str, object]:
    return {"title": "Checkout was slow", "template": "standard", "incident": [incident.number], **more}


def test_a_post_mortem_begins_with_the_sections_of_its_template(
    sign_in: SignIn, bob: Person, resolved_incident: Incident
) -> None:
    answer = sign_in(bob).post("/postmortems/new", sent(resolved_incident, author=str(bob.unique_id)))
    postmortem = Postmortem.objects.get()
    assert answer.headers["Location"] == f"/postmortems/{postmortem.number}/write"
    assert (postmortem.title, postmortem.author, postmortem.template_name) == (
        "Checkout was slow",
        bob,
        "Standard",
    )
    assert postmortem.team == resolved_incident.service.team
    kinds = dict(Section.objects.values_list("title", "kind"))
    assert (kinds["Timeline"], kinds["Contributors"]) == (SectionKind.LIVE, SectionKind.PROSE)
    assert len(kinds) == 9


def test_the_starting_text_knows_the_incident(make_postmortem: Callable[..., Postmortem]) -> None:
    make_postmortem(template="default")
    text = Section.objects.get(title="Summary").text
    assert text.startswith("On 2 March 2026 at 14:05 UTC, Checkout")


def test_who_wants_it_blank_gets_the_record_and_no_words(
    sign_in: SignIn, bob: Person, resolved_incident: Incident
) -> None:
    client = sign_in(bob)
    given = sent(resolved_incident, author=str(bob.unique_id), template="default", blank="yes")
    assert client.post("/postmortems/new", given).status_code == 302
    assert set(Section.objects.values_list("text", flat=True)) == {""}
    assert Section.objects.filter(kind=SectionKind.LIVE).exists()
    # What was chosen stays while somebody looks for another incident.
    again = client.post("/postmortems/new", {**given, "find": "1"}).content.decode()
    assert 'name="blank" value="yes" id="id_blank_1" checked' in again
    wrong = client.post("/postmortems/new", {**given, "blank": "nonsense", "another": "on"})
    assert wrong.status_code == 400


def test_a_title_goes_into_the_text_as_itself_and_not_as_markdown(
    alice: Person, make_incident: MakeIncident
) -> None:
    create_template(actor=alice, source="---\nname: Ours\n---\n## A\n{{ incident.title }}\n")
    incident = make_incident(title="# [Click](http://evil) *now*", resolved_after=timedelta(minutes=1))
    template = Template.objects.get()
    create_postmortem(actor=alice, incidents=[incident], title="x", template=str(template.unique_id))
    assert Section.objects.get().text == r"\# \[Click\](http://evil) \*now\*"


def test_the_page_suggests_a_title_and_has_the_incident_picked(
    sign_in: SignIn, bob: Person, resolved_incident: Incident, make_incident: MakeIncident
) -> None:
    other = make_incident(title="Something else")
    page = sign_in(bob).get(f"/postmortems/new?incident={resolved_incident.number}").content.decode()
    assert 'value="Checkout answers slowly"' in page
    assert f'value="{resolved_incident.number}" checked' in page
    assert f'value="{other.number}">' in page
    assert "Key information · Summary · Timeline" in page


def test_who_is_in_no_team_is_told_what_to_do(sign_in: SignIn, bob: Person, incident: Incident) -> None:
    assert "Begin the post-mortem" in sign_in(bob).get("/postmortems/new").content.decode()
    bob.memberships.all().delete()
    for path in ("/postmortems/new", "/incidents/new"):
        page = sign_in(bob).get(path).content.decode()
        assert "You are in no team yet" in page
        assert "Ask an administrator, or the manager of a team" in page
        assert '<form class="form' not in page


def test_who_administers_an_organisation_without_teams_is_led_to_make_one(
    sign_in: SignIn, alice: Person, team: Team
) -> None:
    team.delete()
    assert "Make the first team" in sign_in(alice).get("/postmortems/new").content.decode()


def test_looking_for_an_incident_without_script_keeps_what_was_typed_and_picked(
    sign_in: SignIn, bob: Person, resolved_incident: Incident, make_incident: MakeIncident
) -> None:
    found = make_incident(title="Gateway times out")
    hidden = make_incident(title="Something else")
    typed = sent(resolved_incident, title="My own words", template="default", search="gateway", find="1")
    page = sign_in(bob).post("/postmortems/new", typed)
    text = page.content.decode()
    assert page.status_code == 200
    assert 'value="My own words"' in text
    assert f'value="{resolved_incident.number}" checked' in text
    assert f'value="{found.number}">' in text
    assert f'value="{hidden.number}"' not in text
    assert 'value="default" checked' in text
    assert not Postmortem.objects.exists()


def test_several_incidents_keep_the_order_in_which_they_were_sent(
    alice: Person, make_incident: MakeIncident, make_postmortem: Callable[..., Postmortem]
) -> None:
    first, second = make_incident(), make_incident()
    postmortem = make_postmortem(incidents=[second, first])
    assert [link.incident for link in postmortem.links.all()] == [second, first]


def test_an_incident_that_is_still_open_is_allowed_and_warned_of(
    sign_in: SignIn, bob: Person, incident: Incident
) -> None:
    client = sign_in(bob)
    answer = client.post("/postmortems/new", sent(incident, author=str(bob.unique_id)), follow=True)
    assert answer.status_code == 200
    assert f"Incident #{incident.number} is not resolved yet" in answer.content.decode()


def test_a_title_that_nobody_typed_is_made_from_what_is_picked_at_last(
    sign_in: SignIn, bob: Person, resolved_incident: Incident, make_incident: Callable[..., Incident]
) -> None:
    client, title = sign_in(bob), resolved_incident.title
    both = [resolved_incident.number, make_incident(title="The gateway too").number]
    given = sent(resolved_incident, author=str(bob.unique_id), another="on")
    for typed, before, numbers, expected in (
        (" ", "", both[:1], title),
        (title, title, both, f"{title} and 1 more incident"),
        ("My own", title, both, "My own"),
    ):
        change = {"title": typed, "title_before": before, "incident": numbers}
        assert client.post("/postmortems/new", given | change).status_code == 302
        assert Postmortem.objects.latest("number").title == expected


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"incident": []}, "Please pick at least one incident."),
        ({"title": "x" * 301}, "at most 300 characters"),
        ({"template": "nonsense"}, "nonsense is not one of the available choices"),
        ({"author": "nobody"}, "nobody is not one of the available choices"),
    ],
)
def test_what_is_missing_is_said_and_what_was_typed_is_kept(
    sign_in: SignIn, bob: Person, resolved_incident: Incident, change: dict[str, object], message: str
) -> None:
    given = sent(resolved_incident, author=str(bob.unique_id)) | change
    answer = sign_in(bob).post("/postmortems/new", given)
    assert answer.status_code == 400
    assert message in answer.content.decode()
    assert not Postmortem.objects.exists()


def test_one_post_mortem_is_not_about_everything(
    alice: Person, make_incident: MakeIncident, make_postmortem: Callable[..., Postmortem]
) -> None:
    incidents = [make_incident() for _ in range(INCIDENTS_MAX + 1)]
    with pytest.raises(InvalidInput) as refusal:
        make_postmortem(incidents=incidents)
    assert "incidents" in refusal.value.fields


def test_the_author_must_be_able_to_write_there(
    vera: Person, charlie: Person, make_postmortem: Callable[..., Postmortem]
) -> None:
    for person in (vera, charlie):
        with pytest.raises(InvalidInput) as refusal:
            make_postmortem(author=person)
        assert "author" in refusal.value.fields


def test_a_text_that_cannot_be_filled_in_does_not_stop_anybody(
    alice: Person, make_postmortem: Callable[..., Postmortem]
) -> None:
    template = create_template(
        actor=alice, source="---\nname: Ours\n---\n## A\n{{ incident.title | plus: 1 }}\n## B\nFine.\n"
    )
    make_postmortem(template=str(template.unique_id))
    texts = dict(Section.objects.values_list("title", "text"))
    assert "could not be filled in" in texts["A"]
    assert "{{ incident.title | plus: 1 }}" in texts["A"]
    assert texts["B"] == "Fine."


def test_the_beginning_is_recorded(
    alice: Person, postmortem: Postmortem, resolved_incident: Incident
) -> None:
    event = AuditEvent.objects.get(action="postmortem.created")
    assert (event.actor_name, event.team_id) == ("Alice", resolved_incident.service.team_id)
    assert event.data == {"incidents": [resolved_incident.number], "template": "Standard"}
    revision = Revision.objects.get()
    assert (revision.number, len(revision.sections)) == (1, 9)


def test_numbers_follow_one_another(make_postmortem: Callable[..., Postmortem]) -> None:
    assert [make_postmortem().number for _ in range(3)] == [1, 2, 3]


def test_nobody_writes_about_the_incident_of_a_team_that_is_not_theirs(
    sign_in: SignIn, charlie: Person, other_team: Team, resolved_incident: Incident
) -> None:
    Service.objects.create(team=other_team, name="Search")
    client = sign_in(charlie)
    page = client.get(f"/postmortems/new?incident={resolved_incident.number}").content.decode()
    assert resolved_incident.title not in page
    answer = client.post("/postmortems/new", sent(resolved_incident, author=str(charlie.unique_id)))
    assert answer.status_code == 400
    assert not Postmortem.objects.exists()


def test_the_example_of_a_template_has_what_a_real_incident_has(
    alice: Person, resolved_incident: Incident
) -> None:
    real = variables_of(incidents=[resolved_incident], title="x", author=alice)
    example = example_variables()
    assert real.keys() == example.keys()
    for name in real:
        if isinstance(real[name], dict):
            assert real[name].keys() == example[name].keys()  # type: ignore[attr-defined]


def test_a_second_post_mortem_about_an_incident_is_asked_about_first(
    sign_in: SignIn, bob: Person, resolved_incident: Incident, postmortem: Postmortem
) -> None:
    client = sign_in(bob)
    page = client.get(f"/postmortems/new?incident={resolved_incident.number}").content.decode()
    assert "There is a post-mortem about this already" in page
    assert f'href="/postmortems/{postmortem.number}"' in page
    given = sent(resolved_incident, author=str(bob.unique_id))
    answer = client.post("/postmortems/new", given)
    assert answer.status_code == 400
    assert "Tick this to begin another one" in answer.content.decode()
    assert Postmortem.objects.count() == 1
    assert client.post("/postmortems/new", given | {"another": "on"}).status_code == 302
    assert Postmortem.objects.count() == 2


def test_the_picker_marks_what_was_written_about_and_says_that_it_does_not_show_all(
    sign_in: SignIn, bob: Person, make_incident: MakeIncident, make_postmortem: Callable[..., Postmortem]
) -> None:
    make_postmortem()
    client = sign_in(bob)
    html = client.get("/postmortems/new").content.decode()
    assert html.count("has a post-mortem") == 1
    assert "Older ones are found" not in html
    for _ in range(PICKER_ROWS_MAX):
        make_incident()
    html = client.get("/postmortems/new").content.decode()
    assert "has a post-mortem" not in html
    assert "Older ones are found by their title, their service or their number." in html
    found = client.post("/postmortems/new", {"find": "1", "search": "#1"}).content.decode()
    assert found.count("has a post-mortem") == 1
    assert "Older ones are found" not in found


def test_a_post_mortem_that_is_not_visible_is_not_told_of(
    sign_in: SignIn,
    charlie: Person,
    other_team: Team,
    make_incident: MakeIncident,
    resolved_incident: Incident,
    make_postmortem: Callable[..., Postmortem],
) -> None:
    theirs = make_incident(on=Service.objects.create(team=other_team, name="Search"))
    make_postmortem(title="Between us", incidents=[resolved_incident, theirs])
    page = sign_in(charlie).get(f"/postmortems/new?incident={theirs.number}").content.decode()
    assert theirs.title in page
    assert "Between us" not in page
