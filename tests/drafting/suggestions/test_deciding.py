"""Accepting, editing, rejecting, undoing: through the pages, without script and with it."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from afterword.accounts.models import Person
from afterword.drafting.suggestions import writes
from afterword.drafting.suggestions.models import Citation, Decision, SuggestedClaim
from afterword.drafting.suggestions.rules import is_drawn
from afterword.followups.models import FollowUp
from afterword.followups.writes import change_status
from afterword.incidents.models import Incident
from afterword.postmortems.models import Postmortem, Revision, Section
from afterword.postmortems.rules import text_digest
from afterword.postmortems.writes import save_section

# What it asks the database, `test_api` and `test_drafting` ask on both.
pytestmark = pytest.mark.once

Make = Callable[..., Any]
SignIn = Callable[[Person], Client]


@pytest.fixture
def client(sign_in: SignIn, bob: Person) -> Client:
    return sign_in(bob)


@pytest.fixture
def decide(client: Client, postmortem: Postmortem) -> Make:
    """Press a button on the page of all suggestions, without script."""

    def press(deed: str, claim: SuggestedClaim | None = None, **data: str) -> Any:
        value = f"{deed}:{claim.unique_id}" if claim is not None else deed
        return client.post(
            f"/postmortems/{postmortem.number}/suggestions/decisions", {"suggestion": value, **data}
        )

    return press


def test_accepting_appends_and_leaves_what_people_wrote(
    decide: Make, bob: Person, section: Section, suggested: Make
):
    save_section(actor=bob, section=section, text="People *wrote* this.", version=section.version)
    assert decide("accept", suggested("What helped")).status_code == 302
    section.refresh_from_db()
    assert section.text.startswith("People *wrote* this.\n\nWhat helped, at 14:40 UTC: “")
    assert decide("accept", suggested("began on")).status_code == 302
    section.refresh_from_db()
    # What came from the same part of the draft goes on as one paragraph.
    assert section.text.count("\n\n") == 1
    newest = Revision.objects.filter(postmortem=section.postmortem).latest("number")
    assert (newest.note, newest.person) == ("From the record: 1 suggestion accepted", bob)
    assert Citation.objects.count() == 2
    assert decide("accept", suggested("began on")).status_code == 409


def test_what_a_section_draws_from_the_record_is_not_accepted_with_its_facts(
    decide: Make, client: Client, postmortem: Postmortem, section: Section
):
    timeline = Section.objects.get(postmortem=postmortem, title="Timeline")
    page = client.get(f"/postmortems/{postmortem.number}/write").text
    assert "suggestions from the record, all of which this section shows by itself" in page
    assert decide(f"accept-all:{timeline.unique_id}").status_code == 400
    assert decide(f"accept-all:{section.unique_id}").status_code == 302
    left = SuggestedClaim.objects.filter(section=timeline.unique_id, state="waiting")
    assert decide("accept", left[0]).status_code == 302, "whoever wants it twice gets it"
    # Without the part that is drawn they are what the section says.
    timeline.live_name, timeline.kind = "", "prose"
    timeline.save()
    assert decide(f"accept-all:{timeline.unique_id}").status_code == 302


@pytest.mark.pure
@pytest.mark.parametrize(
    ("live_name", "kind", "evidence", "told"),
    [
        ("timeline", "fact", ["E1", "T2.detected"], True),
        ("timeline", "fact", ["E1", "C2"], False),
        ("timeline", "gap", ["E1"], False),
        ("timeline", "fact", [], False),
        ("impact", "fact", ["E1"], False),
        ("", "fact", ["E1"], False),
    ],
)
def test_a_fact_repeats_a_live_section_that_draws_all_of_its_evidence(
    live_name: str, kind: Any, evidence: list[str], told: bool
):
    assert is_drawn(live_name, kind, evidence) is told


def test_what_was_machine_made_stands_in_the_history_and_in_a_comparison(
    decide: Make, client: Client, postmortem: Postmortem, suggested: Make
):
    decide("accept", suggested("What helped"))
    note = "From the record: 1 suggestion accepted"
    assert note in client.get(f"/postmortems/{postmortem.number}/history").content.decode()
    assert note in client.get(f"/postmortems/{postmortem.number}/history/comparison").content.decode()


def test_other_words_are_kept_as_they_were_typed(decide: Make, section: Section, suggested: Make):
    claim = suggested("What helped")
    decide("edit", claim, **{f"suggested-{claim.unique_id}": "It was **fixed** after 42 min."})
    section.refresh_from_db()
    assert section.text.endswith("It was **fixed** after 42 min.")
    claim.refresh_from_db()
    assert claim.state == "edited"
    assert Citation.objects.get().quote == "It was fixed after 42 min."
    assert "with other words" in Revision.objects.latest("number").note
    other = suggested("began on")
    answer = decide("edit", other, **{f"suggested-{other.unique_id}": " "})
    assert answer.status_code == 400
    assert "Please fill this in." in answer.content.decode()


def test_all_facts_of_a_section_come_as_one_list_and_questions_stay(
    decide: Make, client: Client, postmortem: Postmortem
):
    section = Section.objects.get(postmortem=postmortem, title="Contributors")
    waiting = SuggestedClaim.objects.filter(section=section.unique_id, state="waiting")
    facts = waiting.filter(kind="fact").count()
    assert decide(f"accept-all:{section.unique_id}").status_code == 302
    section.refresh_from_db()
    # The template has headings of its own, under which none of these belongs.
    before, own = section.text.split("\n\n**From the draft**\n\n")
    assert before.endswith("**From outside**\n\n-")
    assert own.count("\n- ") + own.startswith("- ") == facts
    assert "question" in set(waiting.values_list("kind", flat=True)) <= {"gap", "question"}
    assert Decision.objects.count() == 1
    page = client.get(f"/postmortems/{postmortem.number}/suggestions").content.decode()
    assert f"reject-all:{section.unique_id}" in page
    assert f"accept-all:{section.unique_id}" not in page
    assert decide(f"accept-all:{section.unique_id}").status_code == 400
    assert decide("accept", waiting.exclude(key="contributors")[0]).status_code == 302
    section.refresh_from_db()
    assert section.text.count("**From the draft**") == 1, "what comes from another part stands below it too"


def test_rejecting_changes_no_text_and_is_undone(decide: Make, section: Section, suggested: Make):
    claim = suggested("What helped")
    decide("reject", claim)
    claim.refresh_from_db()
    assert claim.state == "rejected"
    decide("undo")
    claim.refresh_from_db()
    assert claim.state == "waiting"
    assert not Section.objects.filter(pk=section.pk).exclude(version=section.version)
    assert decide("undo").status_code == 409


def test_undoing_takes_out_the_words_and_only_them(
    decide: Make, bob: Person, section: Section, suggested: Make
):
    claim = suggested("What helped")
    decide("accept", claim)
    section.refresh_from_db()
    save_section(
        actor=bob, section=section, text=f"{section.text}\n\nAnd we wrote on.", version=section.version
    )
    assert decide("undo").status_code == 302
    section.refresh_from_db()
    assert section.text.endswith("And we wrote on.")
    assert "What helped" not in section.text
    claim.refresh_from_db()
    assert claim.state == "waiting"
    assert not Citation.objects.filter(dropped_at__isnull=True)


def test_words_that_were_changed_since_are_left_alone(
    decide: Make, bob: Person, section: Section, suggested: Make
):
    decide("accept", suggested("What helped"))
    section.refresh_from_db()
    text = section.text.replace("helped", "mended it")
    save_section(actor=bob, section=section, text=text, version=section.version)
    answer = decide("undo")
    assert answer.status_code == 409
    assert "have been changed since" in answer.content.decode()
    section.refresh_from_db()
    assert section.text == text


def test_undoing_takes_nothing_out_from_under_the_words_of_somebody(
    decide: Make, bob: Person, postmortem: Postmortem, suggested: Make
):
    section = Section.objects.get(postmortem=postmortem, title="Mitigators")
    decide("accept", suggested("Rolled back", key="mitigators"))
    section.refresh_from_db()
    text = f"{section.text} That took two of us."
    save_section(actor=bob, section=section, text=text, version=section.version)
    assert decide("undo").status_code == 409
    assert Section.objects.get(pk=section.pk).text == text
    below = text.replace(" That took", "\n  That took")
    section.refresh_from_db()
    save_section(actor=bob, section=section, text=below, version=section.version)
    assert decide("undo").status_code == 409
    apart = text.replace(" That took", "\n\nThat took")
    section.refresh_from_db()
    save_section(actor=bob, section=section, text=apart, version=section.version)
    assert decide("undo").status_code == 302
    assert Section.objects.get(pk=section.pk).text.endswith("That took two of us.")
    assert "Rolled back" not in Section.objects.get(pk=section.pk).text


def test_a_follow_up_that_somebody_has_worked_on_is_not_undone(decide: Make, bob: Person, suggested: Make):
    decide("follow-up", suggested("", kind="proposal"))
    made = FollowUp.objects.get()
    change_status(actor=bob, follow_up=made, status="in_progress")
    answer = decide("undo")
    assert answer.status_code == 409
    assert "Somebody has worked on the follow-up since" in answer.content.decode()
    assert FollowUp.objects.get() == made
    assert Decision.objects.get().undone_at is None


def test_a_proposal_becomes_a_follow_up_and_is_undone(decide: Make, told_incident: Incident, suggested: Make):
    claim = suggested("", kind="proposal")
    decide("follow-up", claim)
    made = FollowUp.objects.get()
    assert (made.title, made.incident) == (claim.text, told_incident)
    claim.refresh_from_db()
    assert (claim.state, claim.follow_up) == ("accepted", made)
    decide("undo")
    assert not FollowUp.objects.exists()
    assert decide("follow-up", suggested("began on")).status_code == 400


def test_what_has_no_section_goes_where_somebody_says(
    decide: Make, client: Client, postmortem: Postmortem, section: Section, suggested: Make
):
    claim = suggested("began on")
    SuggestedClaim.objects.filter(pk=claim.pk).update(section=None)
    page = client.get(f"/postmortems/{postmortem.number}/write").content.decode()
    assert "1 suggestion for which no section is here" in page
    assert decide("accept", claim).status_code == 400
    decide("accept", claim, **{f"into-{claim.unique_id}": str(section.unique_id)})
    assert claim.text[:20] in Section.objects.get(pk=section.pk).text


def test_deciding_while_writing_loses_nothing_that_was_typed(
    client: Client, postmortem: Postmortem, section: Section, suggested: Make
):
    other = Section.objects.get(postmortem=postmortem, title="Mitigators")
    form = {
        f"text-{section.unique_id}": "Typed and not saved.",
        f"version-{section.unique_id}": str(section.version),
        f"base-{section.unique_id}": text_digest(section.text),
        f"text-{other.unique_id}": "Elsewhere.",
        f"version-{other.unique_id}": str(other.version),
        f"base-{other.unique_id}": text_digest(other.text),
        "suggestion": f"accept:{suggested('What helped').unique_id}",
        f"suggested-{suggested('began on').unique_id}": "In my own words.",
    }
    address = f"/postmortems/{postmortem.number}/suggestions/decisions?on=write&section={section.unique_id}"
    page = client.post(address, form).content.decode()
    assert "Elsewhere." in page
    # What was typed in place of another suggestion stays too.
    assert "In my own words.</textarea>" in page
    assert "Typed and not saved.\n\nWhat helped, at 14:40 UTC" in page
    section.refresh_from_db()
    assert section.text == "What helped, at 14:40 UTC: “Rolled back to v41.”"
    assert f'name="version-{section.unique_id}" value="{section.version}"' in page
    card = client.post(
        address,
        {**form, "suggestion": f"reject:{suggested('began on').unique_id}"},
        headers={"HX-Request": "true"},
    )
    text = card.content.decode()
    assert card.status_code == 200
    assert text.lstrip().startswith("<section")
    assert "Undo" in text
    again = client.post(address, form, headers={"HX-Request": "true"})
    assert again.status_code == 422
    assert "Somebody has decided" in again.content.decode()


def test_the_keys_are_not_thrown_to_the_head_of_the_page_when_their_button_is_gone(
    client: Client, postmortem: Postmortem
):
    section = Section.objects.get(postmortem=postmortem, title="Mitigators")
    address = f"/postmortems/{postmortem.number}/suggestions/decisions?on=write&section={section.unique_id}"

    def press(deed: str) -> str:
        card = client.post(address, {"suggestion": deed}, headers={"HX-Request": "true"})
        return card.content.decode()

    # Not the button itself: a key that is pressed twice would take back what it did.
    gone = press(f"reject-all:{section.unique_id}")
    assert re.search(r'<p class="suggestions__last[^>]* tabindex="-1" autofocus>', gone)
    back = press(f"undo:{Decision.objects.get().unique_id}")
    assert re.search(r"<summary autofocus>\d+ suggestion", back)
    claims = SuggestedClaim.objects.filter(section=section.unique_id, state="waiting")
    for claim in claims.order_by("-position", "-id"):
        assert "autofocus" in press(f"reject:{claim.unique_id}")


def test_many_suggestions_and_decisions_come_in_pages(
    client: Client, bob: Person, postmortem: Postmortem, suggested: Make
):
    claim = suggested("Rolled back", key="timeline")
    copies = [
        SuggestedClaim(
            **{
                name: getattr(claim, name)
                for name in ("draft", "key", "kind", "evidence", "support", "section")
            },
            postmortem=postmortem,
            position=claim.position + place,
            text=f"Line {place:03}.",
        )
        for place in range(150)
    ]
    SuggestedClaim.objects.bulk_create(copies)
    address = f"/postmortems/{postmortem.number}/suggestions"

    def look(query: str) -> tuple[str, int]:
        with CaptureQueriesContext(connection) as asked:
            page = client.get(address + query).content.decode()
        return page, len(asked)

    first, _ = look("")
    count = SuggestedClaim.objects.filter(state="waiting").count()
    assert first.count('name="suggestion" value="accept:') == 60
    assert f"1 to 60 of {count} suggestions" in first
    assert "of them on other pages" in first
    pages = [first, *(look(f"?page={page}")[0] for page in (2, 3))]
    found = [re.findall(r'value="accept:([\w-]+)"', page) for page in pages]
    assert len({key for keys in found for key in keys}) == sum(map(len, found)) == count
    rows = list(SuggestedClaim.objects.filter(text__startswith="Line").order_by("position"))
    writes.reject_claims(actor=bob, postmortem=postmortem, claims=rows[:40])
    _, asked = look("")
    for row in rows[40:62]:
        writes.reject_claims(actor=bob, postmortem=postmortem, claims=[row])
    pressed = client.post(f"{address}/decisions?page=2", {"suggestion": f"reject:{rows[100].unique_id}"})
    assert pressed["Location"] == f"{address}?page=2"
    refused = client.post(f"{address}/decisions?page=2", {"suggestion": f"reject:{rows[100].unique_id}"})
    assert refused.status_code == 409
    assert f'href="{address}?page=1' in refused.content.decode()
    page, asked_then = look("")
    assert page.split("What was decided")[1].count("Rejected by") == 20
    assert "1 to 20 of 24 decisions" in page
    page, _ = look("?decided=2")
    assert page.split("What was decided")[1].count("Line 0") == 3 + 10
    assert "And 30 more." in page
    assert asked_then == asked


def test_nobody_else_decides(
    sign_in: SignIn, vera: Person, charlie: Person, postmortem: Postmortem, suggested: Make
):
    claim = suggested("What helped")
    pages = [
        f"/postmortems/{postmortem.number}/suggestions",
        f"/postmortems/{postmortem.number}/suggestions/progress",
    ]
    address = f"/postmortems/{postmortem.number}/suggestions/decisions"
    for person, status in ((vera, 403), (charlie, 404)):
        client = sign_in(person)
        for on in ("", "?on=write"):
            answer = client.post(address + on, {"suggestion": f"accept:{claim.unique_id}"})
            assert answer.status_code == status
            assert "What helped" not in answer.content.decode()
        assert [client.get(page).status_code for page in pages] == [status, status]
    assert sign_in(charlie).get(f"/postmortems/{postmortem.number}/support").status_code == 404
    assert sign_in(vera).get(f"/postmortems/{postmortem.number}/support").status_code == 200
    claim.refresh_from_db()
    assert claim.state == "waiting"


@pytest.mark.parametrize("deed", ["", "accept", "accept:7", "fly:1", "drop:x", "accept-all:"])
def test_a_strange_deed_does_nothing(decide: Make, deed: str):
    assert decide(deed).status_code in (400, 404)
    assert not Decision.objects.exists()


def test_a_question_leads_to_whom_it_can_be_asked(client: Client, postmortem: Postmortem, suggested: Make):
    claim = suggested("What else had to be true")
    page = client.get(f"/postmortems/{postmortem.number}/suggestions").content.decode()
    [address] = {
        found
        for found in re.findall(r'href="(/postmortems/\d+/questions/new\?claim=\w+)"[^>]*>', page)
        if claim.text in client.get(found).content.decode()
    }
    assert address.startswith(f"/postmortems/{postmortem.number}/")
