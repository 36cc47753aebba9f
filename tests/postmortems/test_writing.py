from __future__ import annotations

import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import connection
from django.test import Client

from afterword.accounts.models import Person
from afterword.audit.models import AuditEvent
from afterword.lib.errors import InvalidInput
from afterword.postmortems.errors import SectionChanged
from afterword.postmortems.models import SECTION_TEXT_BYTES_MAX, Postmortem, Revision, Section
from afterword.postmortems.rules import text_digest
from afterword.postmortems.writes import change_title, save_section
from tests.conftest import ON_POSTGRESQL

SignIn = Callable[[Person], Client]


def typed(section: Section, text: str, **more: str) -> dict[str, str]:
    """What the page sends for one section."""
    key = section.unique_id
    return {
        f"text-{key}": text,
        f"version-{key}": str(section.version),
        f"base-{key}": text_digest(section.text),
        **more,
    }


def address(section: Section) -> str:
    return f"/postmortems/{section.postmortem.number}/sections/{section.unique_id}"


def test_a_section_is_saved(sign_in: SignIn, bob: Person, contributors: Section) -> None:
    answer = sign_in(bob).post(address(contributors), typed(contributors, "The pool\r\nran dry.\r\n"))
    assert answer.status_code == 302
    assert answer.headers["Location"].endswith(f"/write#section-{contributors.unique_id}")
    contributors.refresh_from_db()
    assert (contributors.text, contributors.version) == ("The pool\nran dry.", 2)


def test_every_save_keeps_a_revision_and_is_recorded(bob: Person, contributors: Section) -> None:
    save_section(actor=bob, section=contributors, text="One.", version=1)
    save_section(actor=bob, section=contributors, text="Two.", version=2)
    texts = {
        revision.number: [part["text"] for part in revision.sections if part["title"] == "Contributors"]
        for revision in Revision.objects.all()
    }
    assert texts[2] == ["One."]
    assert texts[3] == ["Two."]
    event = AuditEvent.objects.filter(action="section.saved").latest("id")
    assert (event.actor_name, event.data["version"], event.data["revision"]) == ("Bob", 3, 3)


def test_the_same_text_saves_nothing(bob: Person, contributors: Section) -> None:
    save_section(actor=bob, section=contributors, text="One.", version=1)
    again = save_section(actor=bob, section=contributors, text="One.\n", version=1)
    assert again.version == 2
    assert Revision.objects.count() == 2


def test_a_save_from_an_older_version_is_refused_with_the_present_text(
    bob: Person, contributors: Section
) -> None:
    save_section(actor=bob, section=contributors, text="One.", version=1)
    with pytest.raises(SectionChanged) as refusal:
        save_section(actor=bob, section=contributors, text="Two.", version=1)
    assert (refusal.value.section.text, refusal.value.section.version) == ("One.", 2)
    assert refusal.value.status == 409


def test_two_people_who_save_the_same_section_lose_no_word(
    sign_in: SignIn, alice: Person, bob: Person, contributors: Section
) -> None:
    given = typed(contributors, "Bob's words")
    save_section(actor=alice, section=contributors, text="Alice's words", version=1)
    client = sign_in(bob)
    answer = client.post(address(contributors), given)
    page = answer.content.decode()
    assert answer.status_code == 409
    assert (
        "&lt;&lt;&lt;&lt;&lt;&lt;&lt; Your words\nBob&#x27;s words\n=======\nAlice&#x27;s words\n"
        "&gt;&gt;&gt;&gt;&gt;&gt;&gt; Saved meanwhile</textarea>"
    ) in page
    assert "Alice saved this section" in page
    assert Section.objects.get(pk=contributors.pk).text == "Alice's words"
    assert f'name="version-{contributors.unique_id}" value="2"' in page
    # Saving again, after having seen the other text, is a decision and goes through.
    contributors.refresh_from_db()
    assert client.post(address(contributors), typed(contributors, "Both our words")).status_code == 302
    assert Section.objects.get(pk=contributors.pk).text == "Both our words"


@pytest.mark.once
def test_with_script_only_the_card_comes_back(
    sign_in: SignIn, alice: Person, bob: Person, contributors: Section
) -> None:
    client = sign_in(bob)
    given = typed(contributors, "Saved")
    answer = client.post(address(contributors), given, headers={"HX-Request": "true"})
    assert answer.status_code == 200
    assert "<html" not in answer.content.decode()
    assert "Saved, version 2" in answer.content.decode()
    stale = client.post(address(contributors), typed(contributors, "Mine"), headers={"HX-Request": "true"})
    assert stale.status_code == 422
    assert "\nMine\n=======\nSaved\n" in stale.content.decode()
    assert "What is saved now" in stale.content.decode()


def test_saving_the_page_saves_every_section_that_was_changed(
    sign_in: SignIn, alice: Person, bob: Person, postmortem: Postmortem
) -> None:
    sections = {section.title: section for section in Section.objects.filter(postmortem=postmortem)}
    given = typed(sections["Contributors"], "C") | typed(sections["Mitigators"], "M")
    untouched = sections["Learnings and risks"]
    given |= typed(untouched, untouched.text)
    # Someone else changes what Bob has not touched: that is no conflict, and it is not undone.
    save_section(actor=alice, section=untouched, text="Alice learned", version=1)
    page = f"/postmortems/{postmortem.number}/write"
    answer = sign_in(bob).post(page, {**given, "title": "New title", "title_before": postmortem.title})
    assert answer.status_code == 302
    texts = dict(Section.objects.values_list("title", "text"))
    assert (texts["Contributors"], texts["Mitigators"], texts[untouched.title]) == ("C", "M", "Alice learned")
    postmortem.refresh_from_db()
    assert postmortem.title == "New title"


def test_a_conflict_in_one_section_does_not_hold_up_the_others(
    sign_in: SignIn, alice: Person, bob: Person, postmortem: Postmortem
) -> None:
    sections = {section.title: section for section in Section.objects.filter(postmortem=postmortem)}
    given = typed(sections["Contributors"], "C") | typed(sections["Mitigators"], "M")
    save_section(actor=alice, section=sections["Mitigators"], text="Alice was first", version=1)
    answer = sign_in(bob).post(f"/postmortems/{postmortem.number}/write", given)
    assert answer.status_code == 409
    assert "\nM\n=======\nAlice was first\n" in answer.content.decode()
    assert dict(Section.objects.values_list("title", "text"))["Contributors"] == "C"


def test_a_text_that_is_too_long_is_refused_and_kept(
    sign_in: SignIn, bob: Person, contributors: Section
) -> None:
    text = "é" * (SECTION_TEXT_BYTES_MAX // 2 + 1)
    answer = sign_in(bob).post(address(contributors), typed(contributors, text))
    page = answer.content.decode()
    assert answer.status_code == 400
    assert "This text has 64.1 KB; a section holds 64 KB." in page
    assert text in page
    contributors.refresh_from_db()
    assert contributors.version == 1


def test_a_text_of_exactly_the_limit_is_saved(bob: Person, contributors: Section) -> None:
    saved = save_section(actor=bob, section=contributors, text="x" * SECTION_TEXT_BYTES_MAX, version=1)
    assert saved.version == 2


@pytest.mark.once
def test_a_preview_shows_the_text_and_saves_nothing(
    sign_in: SignIn, bob: Person, contributors: Section
) -> None:
    page = f"/postmortems/{contributors.postmortem.number}/preview?section={contributors.unique_id}"
    client = sign_in(bob)
    for headers in ({}, {"HX-Request": "true"}):
        answer = client.post(page, typed(contributors, "It was **slow**."), headers=headers)
        assert answer.status_code == 200
        assert "It was <strong>slow</strong>." in answer.content.decode()
        assert "It was **slow**.</textarea>" in answer.content.decode()
    contributors.refresh_from_db()
    assert contributors.version == 1


def test_a_preview_without_script_keeps_what_was_typed_elsewhere(
    sign_in: SignIn, bob: Person, postmortem: Postmortem
) -> None:
    sections = {section.title: section for section in Section.objects.filter(postmortem=postmortem)}
    given = typed(sections["Contributors"], "C") | typed(sections["Mitigators"], "Not saved yet")
    page = f"/postmortems/{postmortem.number}/preview?section={sections['Contributors'].unique_id}"
    assert "Not saved yet</textarea>" in sign_in(bob).post(page, given).content.decode()


def test_a_live_section_takes_words_below_what_is_drawn(
    sign_in: SignIn, bob: Person, postmortem: Postmortem
) -> None:
    timeline = Section.objects.get(postmortem=postmortem, title="Timeline")
    save_section(actor=bob, section=timeline, text="The first minutes are missing.", version=1)
    page = sign_in(bob).get(f"/postmortems/{postmortem.number}").content.decode()
    assert page.index("Prometheus bridge") < page.index("The first minutes are missing.")


def test_the_page_shows_the_guidance_and_never_prints_it(
    sign_in: SignIn, bob: Person, postmortem: Postmortem
) -> None:
    client = sign_in(bob)
    assert (
        "Everything that had to be true"
        in client.get(f"/postmortems/{postmortem.number}/write").content.decode()
    )
    assert (
        "Everything that had to be true"
        not in client.get(f"/postmortems/{postmortem.number}").content.decode()
    )


def test_a_title_keeps_to_one_line(bob: Person, postmortem: Postmortem) -> None:
    assert change_title(actor=bob, postmortem=postmortem, title=" a\n\u202eb ").title == "a b"
    for title in ("", "\u202e", "x" * 301):
        with pytest.raises(InvalidInput):
            change_title(actor=bob, postmortem=postmortem, title=title)


def test_a_title_that_is_refused_is_kept_in_its_box(
    sign_in: SignIn, bob: Person, postmortem: Postmortem
) -> None:
    given = {"title": "x" * 400, "title_before": postmortem.title}
    answer = sign_in(bob).post(f"/postmortems/{postmortem.number}/write", given)
    assert answer.status_code == 400
    assert "x" * 400 in answer.content.decode()
    assert "at most 300 characters" in answer.content.decode()


def test_control_characters_never_reach_the_database(bob: Person, contributors: Section) -> None:
    saved = save_section(actor=bob, section=contributors, text="a\x00b\ud800c", version=1)
    assert saved.text == "abc"


@pytest.mark.skipif(not ON_POSTGRESQL, reason="SQLite has one writer at a time by itself")
@pytest.mark.django_db(transaction=True)
def test_of_two_saves_at_the_same_moment_one_wins_and_one_is_told(
    alice: Person, bob: Person, contributors: Section
) -> None:
    together = threading.Barrier(2)

    def save(person: Person) -> str:
        try:
            together.wait(timeout=60)
            save_section(actor=person, section=contributors, text=f"{person} was here", version=1)
            return "saved"
        except SectionChanged:
            return "told"
        finally:
            connection.close()

    with ThreadPoolExecutor(2) as threads:
        outcomes = sorted(threads.map(save, [alice, bob]))
    assert outcomes == ["saved", "told"]
    assert sorted(Revision.objects.values_list("number", flat=True)) == [1, 2]
