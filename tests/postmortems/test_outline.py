from __future__ import annotations

from collections.abc import Callable

import pytest
from django.test import Client
from hypothesis import given
from hypothesis import strategies as st

from afterword.accounts.models import Person
from afterword.audit.models import AuditEvent
from afterword.lib.errors import Conflict, InvalidInput
from afterword.postmortems import rules
from afterword.postmortems.models import SECTION_TEXT_BYTES_MAX, Postmortem, Revision, Section
from afterword.postmortems.outline.rules import Fate, PresentSection, plan_template
from afterword.postmortems.outline.writes import (
    SECTIONS_MAX,
    add_section,
    apply_template,
    mark_section,
    move_section,
    rename_section,
    take_out_section,
)
from afterword.postmortems.templates import TemplateSection
from afterword.postmortems.writes import create_template, save_section
from tests.examples import examples

SignIn = Callable[[Person], Client]
TITLES = st.lists(st.sampled_from("aAbBcdé🔥"), max_size=6)
LIVE = st.sampled_from(["", "timeline", "impact"])


def titles(postmortem: Postmortem) -> list[str]:
    return [section.title for section in Section.objects.filter(postmortem=postmortem)]


def text_of(postmortem: Postmortem, title: str) -> str:
    return Section.objects.get(postmortem=postmortem, title=title).text


@pytest.mark.pure
@examples(300)
@given(
    present=st.lists(
        st.tuples(st.sampled_from("aAbBcé🔥"), LIVE, st.sampled_from(["", "words"])), max_size=8
    ),
    wanted=st.lists(st.tuples(st.sampled_from("abcd🔥"), LIVE), max_size=6, unique_by=lambda one: one[0]),
)
def test_every_text_has_a_place_in_the_new_document(
    present: list[tuple[str, str, str]], wanted: list[tuple[str, str]]
) -> None:
    sections = [PresentSection(str(key), *one) for key, one in enumerate(present)]
    steps = plan_template(sections, [TemplateSection(title, live) for title, live in wanted])
    met = [step.present.key for step in steps if step.present]
    assert sorted(met) == sorted(one.key for one in sections)
    assert all(not (step.present and step.present.text) for step in steps if step.fate is Fate.GOES)
    assert [step.wanted.title for step in steps if step.wanted] == [title for title, _ in wanted]
    assert all(not step.takes_starting_text for step in steps if step.present and step.present.text)


def test_another_template_keeps_every_text_and_can_be_undone(
    sign_in: SignIn, alice: Person, bob: Person, postmortem: Postmortem
) -> None:
    written = {"Contributors": "The pool ran dry.", "Timeline": "The clock was wrong.", "Mitigators": "Luck."}
    for title, text in written.items():
        save_section(
            actor=bob, section=Section.objects.get(postmortem=postmortem, title=title), text=text, version=1
        )
    mark_section(
        actor=bob, section=Section.objects.get(postmortem=postmortem, title="Timeline"), internal=True
    )
    source = (
        "---\nname: Ours\nrequires: [root-cause]\n---\n"
        "## contributors\n> help: What had to be true.\n\nNot into what is written.\n"
        "## What happened\n::: timeline\n"
        "## New\n> fields: root-cause\n\nIncident {{ incident.number }}\n"
    )
    template = create_template(actor=alice, source=source)
    before = titles(postmortem)
    client = sign_in(bob)
    address = f"/postmortems/{postmortem.number}/template"
    newest = Revision.objects.latest("number").number
    preview = client.get(f"{address}?template={template.unique_id}").content.decode()
    assert "Kept at the end" in preview
    assert "it was called <bdi>Timeline</bdi>" in preview
    assert titles(postmortem) == before
    sent = {"template": str(template.unique_id), "newest": str(newest)}
    page = client.post(f"{address}/application", sent, follow=True).content.decode()
    assert titles(postmortem) == ["contributors", "What happened", "New", "Mitigators"]
    assert text_of(postmortem, "contributors") == written["Contributors"]
    assert text_of(postmortem, "What happened") == written["Timeline"]
    assert text_of(postmortem, "Mitigators") == written["Mitigators"]
    assert text_of(postmortem, "New").startswith("Incident ")
    timeline = Section.objects.get(postmortem=postmortem, title="What happened")
    assert (timeline.live_name, timeline.is_internal) == ("timeline", True)
    postmortem.refresh_from_db()
    assert (postmortem.template_name, postmortem.required_fields) == ("Ours", ["root-cause"])
    assert "Undo it" in page
    undo = {"revision": str(newest), "newest": str(newest + 1)}
    client.post(f"/postmortems/{postmortem.number}/history/restoration", undo)
    postmortem.refresh_from_db()
    assert titles(postmortem) == before
    assert text_of(postmortem, "Contributors") == written["Contributors"]
    assert (postmortem.template_name, postmortem.required_fields) == ("Standard", [])


def test_labels_and_points_that_nobody_filled_in_go_with_their_template(
    bob: Person, make_postmortem: Callable[..., Postmortem]
) -> None:
    postmortem = make_postmortem(template="google-sre")
    typed = Section.objects.get(postmortem=postmortem, title="Resolution")
    save_section(actor=bob, section=typed, text="**By hand**\n\n-", version=1)

    def apply(template: str) -> None:
        newest = Revision.objects.filter(postmortem=postmortem).count()
        apply_template(actor=bob, postmortem=postmortem, template=template, newest=newest)

    apply("default")
    shipped = ["Summary", "Timeline", "Root cause", "Contributing factors", "Impact", "Action items"]
    # A starting text with words in it may have been left as it is on purpose, and what was typed was typed.
    assert titles(postmortem) == [*shipped, "Lessons learned", "Detection", "Resolution"]
    assert "### What went well" not in text_of(postmortem, "Lessons learned")
    apply("standard")
    assert titles(postmortem)[-2:] == ["Detection", "Resolution"]
    assert "Technical" in text_of(postmortem, "Contributors")


@pytest.mark.pure
@pytest.mark.parametrize("text", ["", "**A**\n\n-\n\n### B\n\n-\n- \n"])
def test_labels_and_empty_points_are_not_filled_in(text: str) -> None:
    assert rules.is_unfilled(text)


@pytest.mark.pure
@pytest.mark.parametrize("text", ["**A**", "- a", "[a]: https://x.example", "- ![](/a.png)", "<!-- a -->"])
def test_everything_else_is(text: str) -> None:
    assert not rules.is_unfilled(text)


def test_a_save_in_between_and_a_template_that_is_gone_apply_nothing(
    sign_in: SignIn, bob: Person, postmortem: Postmortem, contributors: Section
) -> None:
    save_section(actor=bob, section=contributors, text="Words", version=1)
    with pytest.raises(Conflict):
        apply_template(actor=bob, postmortem=postmortem, template="default", newest=1)
    client, before = sign_in(bob), titles(postmortem)
    address = f"/postmortems/{postmortem.number}/template/application"
    for sent in ({"template": "default", "newest": "1"}, {"template": "gone", "newest": "2"}):
        assert client.post(address, sent).status_code == 302
    assert client.post(address, {"template": "default", "newest": "x"}).status_code == 400
    assert titles(postmortem) == before


def test_sections_are_added_renamed_moved_marked_and_taken_out(
    sign_in: SignIn, bob: Person, postmortem: Postmortem
) -> None:
    client, page = sign_in(bob), f"/postmortems/{postmortem.number}/outline"
    assert client.post(page, {"title": "🔥 What burned"}).status_code == 302
    section = Section.objects.get(title="🔥 What burned")
    one = f"{page}/sections/{section.unique_id}"
    assert client.post(one, {"do": "up"}).status_code == 302
    assert titles(postmortem)[-2] == "🔥 What burned"
    client.post(one, {"do": "rename", "title": "Burned"})
    client.post(one, {"do": "internal"})
    section.refresh_from_db()
    assert (section.title, section.is_internal) == ("Burned", True)
    save_section(actor=bob, section=section, text="The shed.", version=1)
    assert client.post(one, {"do": "take-out"}).status_code == 302
    assert "Burned" not in titles(postmortem)
    assert any(part["text"] == "The shed." for part in Revision.objects.all()[1].sections)
    notes = [note for note in Revision.objects.values_list("note", flat=True) if note]
    assert notes[0] == "Section “Burned” taken out"
    actions = set(AuditEvent.objects.filter(action__startswith="section.").values_list("action", flat=True))
    assert actions == {
        *("section.added", "section.moved", "section.renamed", "section.marked"),
        *("section.saved", "section.taken_out"),
    }
    assert client.post(one, {"do": "up"}).status_code == 404


def test_what_is_wrong_with_a_title_is_said_and_what_was_typed_is_kept(
    sign_in: SignIn, bob: Person, postmortem: Postmortem, contributors: Section
) -> None:
    client, page = sign_in(bob), f"/postmortems/{postmortem.number}/outline"
    for answer in (
        client.post(page, {"title": "TIMELINE"}),
        client.post(f"{page}/sections/{contributors.unique_id}", {"do": "rename", "title": "TIMELINE"}),
    ):
        html = answer.content.decode()
        assert answer.status_code == 400
        assert "There is a section “TIMELINE” already." in html
        assert 'value="TIMELINE"' in html
    assert client.post(page, {"title": " "}).status_code == 400
    assert client.post(f"{page}/sections/{contributors.unique_id}", {"do": "burn"}).status_code == 400


def test_a_document_has_so_many_sections_and_no_more_and_never_none(
    bob: Person, alice: Person, make_postmortem: Callable[..., Postmortem]
) -> None:
    template = create_template(actor=alice, source="---\nname: One\n---\n## A\n")
    postmortem = make_postmortem(template=str(template.unique_id))
    only = Section.objects.get(postmortem=postmortem)
    with pytest.raises(InvalidInput):
        take_out_section(actor=bob, section=only)
    Section.objects.bulk_create(
        Section(postmortem=postmortem, position=place, title=f"S{place}", kind="prose", text="words")
        for place in range(1, SECTIONS_MAX)
    )
    with pytest.raises(InvalidInput):
        add_section(actor=bob, postmortem=postmortem, title="One more")
    with pytest.raises(InvalidInput, match=f"at most {SECTIONS_MAX} sections"):
        apply_template(actor=bob, postmortem=postmortem, template="standard", newest=1)
    move_section(actor=bob, section=only, steps=500)
    assert titles(postmortem)[-1] == "A"
    assert rename_section(actor=bob, section=only, title="A").title == "A"


def test_a_starting_text_that_explodes_leaves_its_reason_and_all_else(
    alice: Person, postmortem: Postmortem, contributors: Section
) -> None:
    big = "x" * SECTION_TEXT_BYTES_MAX
    save_section(actor=alice, section=contributors, text=big, version=1)
    bomb = "{% for a in (1..1000) %}{% for b in (1..1000) %}{% for c in (1..1000) %}x{% endfor %}{% endfor %}"
    template = create_template(
        actor=alice, source=f"---\nname: Bomb\n---\n## Contributors\n## B\n{bomb}{{% endfor %}}\n"
    )
    apply_template(actor=alice, postmortem=postmortem, template=str(template.unique_id), newest=2)
    assert "could not be filled in" in text_of(postmortem, "B")
    assert text_of(postmortem, "Contributors") == big


def test_outsiders_and_readers_change_no_outline(
    sign_in: SignIn, charlie: Person, vera: Person, postmortem: Postmortem, contributors: Section
) -> None:
    page = f"/postmortems/{postmortem.number}"
    for person, status in ((charlie, 404), (vera, 403)):
        client = sign_in(person)
        for answer in (
            client.get(f"{page}/outline"),
            client.post(f"{page}/outline", {"title": "x"}),
            client.post(f"{page}/outline/sections/{contributors.unique_id}", {"do": "take-out"}),
            client.get(f"{page}/template?template=default"),
            client.post(f"{page}/template/application", {"template": "default", "newest": "1"}),
        ):
            assert answer.status_code == status
            assert postmortem.title not in answer.content.decode()
    assert Revision.objects.count() == 1


def test_the_outline_asks_as_much_of_the_database_with_many_sections(
    sign_in: SignIn, bob: Person, postmortem: Postmortem, django_assert_max_num_queries: Callable[..., object]
) -> None:
    Section.objects.bulk_create(
        Section(postmortem=postmortem, position=place, title=f"S{place}", kind="prose")
        for place in range(10, 60)
    )
    client = sign_in(bob)
    with django_assert_max_num_queries(20):  # type: ignore[attr-defined]
        assert client.get(f"/postmortems/{postmortem.number}/outline").status_code == 200
