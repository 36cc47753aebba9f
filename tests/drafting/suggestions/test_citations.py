"""Marks behind what was accepted: where they stand, who sees what, what is not borne out any more."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import timedelta
from io import BytesIO
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from pypdf import PdfReader

from afterword.accounts.models import Person, Team
from afterword.catalog.models import Service
from afterword.drafting.evidence.book import PREFIXES
from afterword.drafting.suggestions import reads, writes
from afterword.drafting.suggestions.errors import AlreadyDecided
from afterword.drafting.suggestions.models import Citation, SuggestedClaim
from afterword.incidents.models import Entry, EntryKind, Incident
from afterword.lib import clock
from afterword.postmortems.models import Postmortem, Section
from afterword.postmortems.publishing.models import Audience
from afterword.postmortems.publishing.writes import approve_edition, change_site, derive_edition, publish
from afterword.postmortems.review.writes import set_policy
from afterword.postmortems.writes import save_section
from tests.cast import STARTED

# What it asks the database, `test_api` and `test_drafting` ask on both.
pytestmark = pytest.mark.once

Make = Callable[..., Any]
SignIn = Callable[[Person], Client]
HELPED = "What helped, at 14:40 UTC: “Rolled back to v41.”"


@pytest.fixture
def accepted(bob: Person, postmortem: Postmortem, section: Section, suggested: Make) -> Section:
    """Bob has accepted one claim into the summary."""
    writes.accept_claims(actor=bob, postmortem=postmortem, claims=[suggested("What helped")])
    section.refresh_from_db()
    return section


def edit(bob: Person, section: Section, old: str, new: str) -> None:
    assert old in section.text
    save_section(actor=bob, section=section, text=section.text.replace(old, new), version=section.version)
    section.refresh_from_db()


def test_a_mark_stands_behind_the_words_where_the_document_is_read(
    sign_in: SignIn, bob: Person, vera: Person, accepted: Section
):
    page = sign_in(vera).get(f"/postmortems/{accepted.postmortem.number}").content.decode()
    before, after = page.split(f'{HELPED}<span class="cited"')
    card = after[: after.index("cited__card") + 600]
    entry = Entry.objects.get(text="Rolled back to v41.")
    assert f"/entries/{entry.unique_id}" in card or str(entry.unique_id) in card
    assert "Bob" in card
    assert "Rolled back to v41." in card
    writing = sign_in(bob).get(f"/postmortems/{accepted.postmortem.number}/write").content.decode()
    assert "1 statement here with evidence" in writing


def test_it_is_in_no_file_and_no_export(
    sign_in: SignIn, client: Client, bob: Person, api_headers: Make, accepted: Section
):
    number = accepted.postmortem.number
    entry = Entry.objects.get(text="Rolled back to v41.")
    for text in (
        sign_in(bob).get(f"/postmortems/{number}/export/markdown").content.decode(),
        client.get(f"/api/v1/postmortems/{number}", headers=api_headers(bob)).content.decode(),
    ):
        assert "helped" in text
        assert "cited" not in text
        assert f"E{entry.pk}" not in text


def test_it_is_not_public(client: Client, alice: Person, bob: Person, team: Team, accepted: Section):
    postmortem, entry = accepted.postmortem, Entry.objects.get(text="Rolled back to v41.")
    edit(bob, accepted, HELPED, f"What we did: rolled back. {HELPED}")
    [cited] = reads.citations_for(bob, postmortem)
    assert cited.number == 1
    alice.role = "owner"
    alice.save()
    set_policy(actor=alice, subject=team, approvals_min=0)
    change_site(actor=alice, is_on=True)
    edition = derive_edition(actor=alice, postmortem=postmortem)
    approve_edition(actor=bob, edition=edition, version=edition.version)
    publication = publish(actor=alice, postmortem=postmortem, audience=Audience.PUBLIC)
    address = f"/public/{postmortem.public_address.slug}"
    texts = [client.get(one).content.decode() for one in (address, "/public/feed.atom", "/public/feed.json")]
    pages = PdfReader(BytesIO(client.get(f"{address}/pdf").content)).pages
    printed = " ".join(" ".join(page.extract_text() for page in pages).split())
    links = [str(one.get_object()) for page in pages for one in page.get("/Annots", ())]
    assert "What helped" in texts[0]
    assert "What helped" in printed
    suggested = SuggestedClaim.objects.filter(postmortem=postmortem, state="waiting")
    for text in (*texts, printed, *links, json.dumps(publication.content)):
        for kept in ("cited", f"E{entry.pk}", str(entry.unique_id), "Evidence", "Take the mark away"):
            assert kept not in text, kept
        assert not [one.text for one in suggested if one.text in text]


def test_it_survives_edits_around_the_words(bob: Person, accepted: Section):
    edit(bob, accepted, HELPED, f"# Head\n\nBefore it, *all of this*. {HELPED} And behind it.\n\n- more")
    [one] = reads.citations_for(bob, accepted.postmortem)
    assert (one.found.fate, one.number) == ("same", 1)


def test_with_the_words_the_mark_goes(sign_in: SignIn, bob: Person, accepted: Section):
    edit(bob, accepted, HELPED, "Something else entirely was written here by us.")
    [one] = reads.citations_for(bob, accepted.postmortem)
    assert (one.found.fate, one.number) == ("gone", 0)
    page = sign_in(bob).get(f"/postmortems/{accepted.postmortem.number}").content.decode()
    assert 'class="cited"' not in page
    assert not reads.support_of(bob, accepted.postmortem).unsupported


@pytest.mark.parametrize(
    ("old", "new", "is_borne_out"),
    [("14:40", "14:50", False), ("v41", "v42", False), ("What helped", "What did help", True)],
)
def test_changed_words_are_held_against_the_evidence_again(
    bob: Person, accepted: Section, old: str, new: str, is_borne_out: bool
):
    edit(bob, accepted, old, new)
    support = reads.support_of(bob, accepted.postmortem)
    [one] = reads.citations_for(bob, accepted.postmortem)
    assert one.found.fate == "changed"
    assert new in one.found.text
    assert [bad.is_certain for bad in support.unsupported] == ([] if is_borne_out else [True])
    assert support.cited == int(is_borne_out)


def test_a_line_that_was_folded_away_is_told_to_nobody(
    sign_in: SignIn, bob: Person, vera: Person, accepted: Section, suggested: Make
):
    number = accepted.postmortem.number
    entry = Entry.objects.get(text="Rolled back to v41.")
    Entry.objects.filter(pk=entry.pk).update(hidden_at=clock.now())
    page = sign_in(vera).get(f"/postmortems/{number}").content.decode()
    card = page[page.index("cited__card") :][:400]
    assert "You do not see its evidence." in card
    assert "Rolled back" not in card
    writing = sign_in(bob).get(f"/postmortems/{number}/suggestions").content.decode()
    assert "1 suggestion whose evidence is not there any more" in writing.split("What was decided")[1]
    assert "Rolled back to v41" not in writing
    [bad] = reads.support_of(bob, accepted.postmortem).unsupported
    assert "not in the record any more" in bad.reasons[0]
    with pytest.raises(AlreadyDecided, match="not in the record"):
        writes.accept_claims(
            actor=bob, postmortem=accepted.postmortem, claims=[suggested("Rolled back", key="timeline")]
        )


def test_evidence_of_an_incident_that_a_reader_does_not_see_is_not_told(
    sign_in: SignIn, vera: Person, accepted: Section, told_incident: Incident, other_team: Any
):
    elsewhere = Service.objects.create(team=other_team, name="Elsewhere")
    Incident.objects.filter(pk=told_incident.pk).update(service=elsewhere)
    page = sign_in(vera).get(f"/postmortems/{accepted.postmortem.number}").content.decode()
    card = page[page.index("cited__card") :][:400]
    assert "You do not see its evidence." in card
    entry = Entry.objects.get(text="Rolled back to v41.")
    assert str(entry.unique_id) not in card


def test_key_lines_that_nothing_cites_are_listed_and_lead_there(
    sign_in: SignIn, bob: Person, vera: Person, accepted: Section
):
    support = reads.support_of(bob, accepted.postmortem)
    assert [piece.text for piece in support.unused] == ["The pool of db-1 was full: 200 of 200."]
    page = sign_in(vera).get(f"/postmortems/{accepted.postmortem.number}/support").content.decode()
    assert "1 key line of the timeline cited nowhere" in page
    assert f'href="{support.unused[0].url}"' in page


def test_a_mark_can_be_taken_away_and_the_words_stay(sign_in: SignIn, bob: Person, accepted: Section):
    citation = Citation.objects.get()
    address = f"/postmortems/{accepted.postmortem.number}/suggestions/decisions"
    sign_in(bob).post(address, {"suggestion": f"drop:{citation.unique_id}"})
    assert not reads.citations_for(bob, accepted.postmortem)
    assert HELPED in Section.objects.get(pk=accepted.pk).text


def test_the_same_words_in_two_places_keep_their_own_marks(
    sign_in: SignIn, bob: Person, postmortem: Postmortem, accepted: Section, suggested: Make
):
    other = Section.objects.get(postmortem=postmortem, title="Mitigators")
    claim = suggested("Rolled back", key="mitigators")
    writes.accept_claims(actor=bob, postmortem=postmortem, claims=[claim])
    page = sign_in(bob).get(f"/postmortems/{postmortem.number}").content.decode()
    assert page.count('class="cited"') == 2
    assert [one.citation.section for one in reads.citations_for(bob, postmortem)] == [
        accepted.unique_id,
        other.unique_id,
    ]
    assert SuggestedClaim.objects.filter(state="accepted").count() == 2


def test_of_no_kind_of_evidence_a_piece_is_told_that_is_not_there(vera: Person, postmortem: Postmortem):
    asked = [f"{prefix}987654{end}" for prefix in PREFIXES.values() for end in ("", ".987654", ".incident")]
    assert reads.sight_of(vera, postmortem, asked) == reads.Sight()


def test_what_is_borne_out_is_looked_up_in_the_lines_that_are_cited(
    sign_in: SignIn, vera: Person, accepted: Section, told_incident: Incident, other_team: Team
):
    def look() -> tuple[int, int, str]:
        with CaptureQueriesContext(connection) as asked:
            page = sign_in(vera).get(f"/postmortems/{accepted.postmortem.number}/support")
        support = reads.support_of(vera, accepted.postmortem)
        assert page.status_code == 200
        return len(asked), support.cited, " ".join(piece.text for piece in support.unused)

    look()
    queries, cited, unused = look()
    assert (cited, unused) == (1, "The pool of db-1 was full: 200 of 200.")
    Entry.objects.bulk_create(
        Entry(incident=told_incident, at=at, kind=EntryKind.NOTE, text=f"Line {place}")
        for place in range(600)
        for at in (STARTED, STARTED + timedelta(hours=1))
    )
    # As many lines as no book has room for take nothing from what is cited.
    assert look() == (queries, cited, unused)
    Entry.objects.create(
        incident=told_incident, at=STARTED, kind=EntryKind.NOTE, text="New and starred.", starred_at=STARTED
    )
    assert look()[2].split(". ") == ["New and starred", "The pool of db-1 was full: 200 of 200."]
    Entry.objects.filter(text__contains="Rolled back").update(hidden_at=clock.now())
    assert look()[1] == 0
    Entry.objects.update(hidden_at=None)
    assert look()[1] == 1
    elsewhere = Service.objects.create(team=other_team, name="Elsewhere")
    Incident.objects.filter(pk=told_incident.pk).update(service=elsewhere)
    assert look()[2] == ""
