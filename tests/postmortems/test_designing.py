from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client

from afterword.accounts.models import Person
from afterword.lib.forms import DAMAGED
from afterword.postmortems.designing.rules import SectionRefused, write_template
from afterword.postmortems.models import Template
from afterword.postmortems.reads import shipped_templates
from afterword.postmortems.templates import SECTIONS_MAX, ParsedTemplate, TemplateSection, parse_template
from afterword.postmortems.writes import change_template, create_template

pytestmark = pytest.mark.once

SignIn = Callable[[Person], Client]
NEW = "/settings/templates/new/sections"
SOURCE = "---\nname: Ours\n---\n## Summary\n> help: Keep it short.\n\nOn {{ incident.started_at | date }}\n"


def form(*sections: dict[str, Any], **head: Any) -> dict[str, Any]:
    given: dict[str, Any] = {"name": "Ours", "writes": "here", "count": str(len(sections)), **head}
    for place, section in enumerate(sections):
        given |= {f"s{place}-{name}": value for name, value in section.items()}
    return given


@pytest.mark.pure
def test_every_shipped_template_comes_through_the_form_unchanged() -> None:
    for choice in shipped_templates():
        assert parse_template(write_template(choice.parsed)) == choice.parsed


@pytest.mark.pure
@pytest.mark.parametrize(
    ("section", "reason"),
    [
        (TemplateSection("B", text="## C\n\nwords"), "may begin with"),
        (TemplateSection("B", text="words\n::: timeline"), "stand directly below"),
        (TemplateSection("B", help="one\nfields: x"), "may begin with"),
        (TemplateSection("a"), "already"),
        (TemplateSection("B", text="{{ nonsense | shout }}"), "no filter"),
        (TemplateSection("B", text="{% for x in"), ""),
    ],
    ids=["heading", "live", "fields", "twice", "filter", "tag"],
)
def test_what_the_file_would_read_otherwise_is_refused_at_its_section(
    section: TemplateSection, reason: str
) -> None:
    with pytest.raises(SectionRefused) as refusal:
        write_template(ParsedTemplate("Ours", (TemplateSection("A"), section, TemplateSection("Z"))))
    assert reason in refusal.value.reason
    assert refusal.value.place in (1, 2)


def test_a_template_is_written_section_by_section(sign_in: SignIn, alice: Person) -> None:
    client = sign_in(alice)
    page = client.get(NEW).content.decode()
    assert "{{ incident.title }}" in page
    assert "Checkout answers slowly" in page
    first = {"title": "Impact 🔥", "live": "impact", "fields_shown": ["support-cases"], "internal": "on"}
    second = {"title": "Why", "help": "Not who.\r\nWhat.", "text": "- {{ incident.title }}\r\n"}
    looked = client.post(NEW, form(first, second, requires=["support-cases"], do="look"))
    assert "- Checkout" not in looked.content.decode()
    assert "Nothing is saved yet" in looked.content.decode()
    assert not Template.objects.exists()
    answer = client.post(NEW, form(first, second, requires=["support-cases"]))
    template = Template.objects.get()
    assert answer.headers["Location"] == f"/settings/templates/{template.unique_id}"
    parsed = parse_template(template.source)
    assert (parsed.requires, parsed.sections[0].fields, parsed.sections[0].internal) == (
        *(("support-cases",), ("support-cases",)),
        True,
    )
    assert (parsed.sections[1].help, parsed.sections[1].text) == ("Not who.\nWhat.", "- {{ incident.title }}")


def test_sections_are_added_moved_and_taken_out_before_anything_is_saved(
    sign_in: SignIn, alice: Person
) -> None:
    client = sign_in(alice)
    two = ({"title": "One", "text": "first"}, {"title": "Two", "text": "second"})
    moved = client.post(NEW, form(*two, do="down:0")).content.decode()
    assert moved.index('value="Two"') < moved.index('value="One"')
    assert 'name="count" value="3"' in client.post(NEW, form(*two, do="add")).content.decode()
    left = client.post(NEW, form(*two, do="out:0")).content.decode()
    assert ("second" in left, 'value="One"' in left) == (True, False)
    many = form(*two, do="add") | {"count": "9999"}
    assert f'name="count" value="{SECTIONS_MAX}"' in client.post(NEW, many).content.decode()
    for deed in ("out:9", "up:x", "burn"):
        assert 'name="count" value="2"' in client.post(NEW, form(*two, do=deed)).content.decode()
    assert not Template.objects.exists()


def test_what_cannot_be_saved_stays_and_says_why(sign_in: SignIn, alice: Person) -> None:
    client = sign_in(alice)
    for given, reason in (
        (form({"title": "A", "text": "## B"}), "may begin with"),
        (form({"title": "", "text": "kept words"}), "This field is required"),
        (form({"title": "A"}, name="STANDARD"), "a template called “STANDARD” already"),
        (form(), "at least one section"),
        (form({"title": "A", "live": "weather"}), "not one of"),
    ):
        answer = client.post(NEW, given)
        assert (answer.status_code, reason in answer.content.decode()) == (400, True), reason
    assert "kept words" in client.post(NEW, form({"title": "", "text": "kept words"})).content.decode()
    assert not Template.objects.exists()


def test_two_who_edit_the_same_one_lose_nothing(sign_in: SignIn, alice: Person) -> None:
    template = create_template(actor=alice, source=SOURCE)
    client, page = sign_in(alice), f"/settings/templates/{template.unique_id}/sections"
    assert "Keep it short." in client.get(page).content.decode()
    started = template.updated_at.isoformat()
    change_template(actor=alice, template=template, source=SOURCE.replace("short", "brief"))
    missed = client.post(page, form({"title": "Mine"}, started_from=started))
    html = missed.content.decode()
    assert (missed.status_code, "Keep it brief." in html, 'value="Mine"' in html) == (409, True, True)
    template.refresh_from_db()
    again = form({"title": "Mine"}, started_from=template.updated_at.isoformat())
    assert client.post(page, again).status_code == 302
    assert [one.title for one in parse_template(Template.objects.get().source).sections] == ["Mine"]


def test_only_administrators_design_and_nothing_that_ships(
    sign_in: SignIn, alice: Person, bob: Person
) -> None:
    for client, page in (
        (sign_in(bob), NEW),
        (sign_in(alice), "/settings/templates/standard/sections"),
    ):
        assert client.get(page).status_code == 403
        assert client.post(page, form({"title": "A"})).status_code == 403


@pytest.mark.once
@pytest.mark.parametrize("moment", ["2026-13-45T10:00:00Z", "yesterday", "2026-11-21T10:00:00"])
def test_a_moment_that_is_none_is_refused_and_what_was_typed_stays(
    sign_in: SignIn, alice: Person, moment: str
) -> None:
    template = create_template(actor=alice, source=SOURCE)
    client, page = sign_in(alice), f"/settings/templates/{template.unique_id}"
    designed = client.post(f"{page}/sections", form({"title": "Mine"}, started_from=moment))
    pasted = client.post(f"{page}/edit", {"source": f"{SOURCE}Mine\n", "started_from": moment})
    for answer in (designed, pasted):
        assert answer.status_code == 400
        assert DAMAGED in answer.content.decode()
        assert "Mine" in answer.content.decode()
    assert Template.objects.get().source == SOURCE
