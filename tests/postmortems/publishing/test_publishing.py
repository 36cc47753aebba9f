"""Publishing for a team, the organisation and everybody; what the public page shows and never does."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from xml.etree import ElementTree

import pytest
from django.test import Client

from afterword.accounts.models import Organisation, Person, Team
from afterword.audit.models import AuditEvent
from afterword.catalog.models import Integration
from afterword.documents import OrderedList, Paragraph, PdfTookTooLong
from afterword.incidents.models import Alert, Entry, Incident
from afterword.lib import clock
from afterword.postmortems import reads, rules
from afterword.postmortems.live import render_live
from afterword.postmortems.models import Postmortem, PostmortemStatus, Section
from afterword.postmortems.publishing import derivation, writes
from afterword.postmortems.publishing.models import Audience, Edition, PublicAddress, Publication
from afterword.postmortems.publishing.reads import edition_of
from afterword.postmortems.publishing.writes import (
    approve_edition,
    change_site,
    derive_edition,
    publish,
    save_edition,
)
from afterword.postmortems.review.writes import set_policy
from afterword.postmortems.templates import LIVE_NAMES
from afterword.postmortems.writes import save_section
from tests.together import at_once

SignIn = Callable[[Person], Client]
SECRET_TEXT = (
    "Bob restarted db-1.prod.internal and legolas-2 with password=hunter22x, then rang +44 20 7946 0958. "
    "The pool ran dry."
)


@pytest.fixture
def approved(alice: Person, team: Team, contributors: Section) -> Postmortem:
    """A post-mortem whose team asks for no approvals."""
    set_policy(actor=alice, subject=team, approvals_min=0)
    save_section(actor=alice, section=contributors, text=SECRET_TEXT, version=1)
    return contributors.postmortem


@pytest.fixture
def site(alice: Person, organisation: Organisation) -> None:
    alice.role = "owner"
    alice.save()
    change_site(actor=alice, is_on=True)


@pytest.fixture
def alert(approved: Postmortem, integration: Integration) -> Alert:
    """Names a machine in its labels."""
    now = clock.now()
    payload = {"alerts": [{"labels": {"instance": "legolas-2:9100", "job": "node"}}]}
    return Alert.objects.create(
        trace_id=uuid.uuid4(),
        integration=integration,
        incident=approved.incidents.get(),
        alert_type="critical",
        entity_id="x",
        message="Down",
        payload=payload,
        received_at=now,
    )


@pytest.fixture
def public(alice: Person, bob: Person, approved: Postmortem, site: None) -> Publication:
    edition = derive_edition(actor=alice, postmortem=approved)
    approve_edition(actor=bob, edition=edition, version=edition.version)
    return publish(actor=alice, postmortem=approved, audience=Audience.PUBLIC)


def page(postmortem: Postmortem, part: str) -> str:
    return f"/postmortems/{postmortem.number}/{part}"


def given(postmortem: Postmortem, **more: str) -> dict[str, str]:
    """What the page of the public edition sends."""
    edition = edition_of(postmortem)
    assert edition is not None
    fields = {"version": str(edition.version), "title": edition.title}
    for section in edition.sections:
        fields[f"text-{section['unique_id']}"] = section["text"]
        if section["is_left_out"]:
            fields[f"left-out-{section['unique_id']}"] = "on"
    return {**fields, **more}


def test_what_is_published_is_frozen(
    sign_in: SignIn, alice: Person, charlie: Person, approved: Postmortem, contributors: Section
) -> None:
    assert sign_in(alice).post(page(approved, "publish"), {"audience": "organisation"}).status_code == 302
    approved.refresh_from_db()
    assert approved.status == PostmortemStatus.PUBLISHED
    assert AuditEvent.objects.filter(action="postmortem.published").count() == 1

    contributors.refresh_from_db()
    save_section(actor=alice, section=contributors, text="Something else.", version=contributors.version)
    publication = Publication.objects.get()
    shown = sign_in(charlie).get(f"/publications/{publication.unique_id}").content.decode()
    assert "The pool ran dry." in shown
    assert "Something else." not in shown
    assert approved.title in sign_in(charlie).get("/publications").content.decode()
    assert sign_in(charlie).get(f"/publications/{publication.unique_id}/pdf").content.startswith(b"%PDF")
    assert sign_in(charlie).get(page(approved, "publish")).status_code == 404


def test_it_is_not_published_without_the_approvals(
    sign_in: SignIn, alice: Person, team: Team, approved: Postmortem
) -> None:
    set_policy(actor=alice, subject=team, approvals_min=1)

    answer = sign_in(alice).post(page(approved, "publish"), {"audience": "team"})

    assert answer.status_code == 400
    assert "does not have the approvals" in answer.content.decode()
    assert not Publication.objects.exists()


def test_a_publication_for_the_team_is_for_the_team(
    sign_in: SignIn, alice: Person, bob: Person, charlie: Person, approved: Postmortem
) -> None:
    publication = publish(actor=alice, postmortem=approved, audience=Audience.TEAM)
    address = f"/publications/{publication.unique_id}"

    assert sign_in(bob).get(address).status_code == 200
    for part in ("", "/pdf"):
        assert sign_in(charlie).get(address + part).status_code == 404
    assert approved.title not in sign_in(charlie).get("/publications").content.decode()


def test_a_correction_replaces_and_shows_as_such(
    sign_in: SignIn, alice: Person, charlie: Person, approved: Postmortem
) -> None:
    first = publish(actor=alice, postmortem=approved, audience=Audience.ORGANISATION)
    given = {"audience": "organisation", "correction": "The duration was 42 minutes."}
    sign_in(alice).post(page(approved, "publish"), given)
    second = Publication.objects.get(number=2)

    shown = sign_in(charlie).get(f"/publications/{second.unique_id}").content.decode()
    assert "The duration was 42 minutes." in shown
    assert sign_in(charlie).get(f"/publications/{first.unique_id}").status_code == 404
    assert (
        "There is a newer version" in sign_in(alice).get(f"/publications/{first.unique_id}").content.decode()
    )


def test_the_same_is_published_once_until_it_is_withdrawn(
    sign_in: SignIn,
    alice: Person,
    approved: Postmortem,
    public: Publication,
    api_headers: Callable[[Person], dict[str, str]],
) -> None:
    client = sign_in(alice)
    refused = client.post(page(approved, "publish"), {"audience": "public"})
    assert refused.status_code == 409
    assert "already, as version 1. Nothing has changed since." in refused.content.decode()
    writes.withdraw(actor=alice, publication=public)
    assert client.post(page(approved, "publish"), {"audience": "public"}).status_code == 302

    publish(actor=alice, postmortem=approved, audience=Audience.TEAM)
    said = {"audience": "team", "correction": "It was 42 min."}
    address = f"/api/v1/postmortems/{approved.number}/publications"
    corrected, again = (
        Client().post(address, said, content_type="application/json", headers=api_headers(alice))
        for _ in range(2)
    )
    assert (corrected.status_code, again.status_code) == (201, 409)
    assert "as version 2" in again.json()["detail"]


@pytest.mark.django_db(transaction=True)
def test_of_two_who_publish_the_same_at_once_one_does(
    alice: Person, approved: Postmortem, several: ThreadPoolExecutor
) -> None:
    made = at_once(several, lambda: publish(actor=alice, postmortem=approved, audience=Audience.TEAM))

    assert made == ["AlreadyPublished"] * 3 + ["done"]


def test_what_is_withdrawn_is_found_by_nobody_outside(
    sign_in: SignIn, alice: Person, client: Client, public: Publication
) -> None:
    slug = public.postmortem.public_address.slug
    assert client.get(f"/public/{slug}").status_code == 200

    address = page(public.postmortem, f"publications/{public.unique_id}/withdrawal")
    assert sign_in(alice).post(address).status_code == 302

    for part in ("", "/pdf"):
        assert client.get(f"/public/{slug}{part}").status_code == 404
    for listing in ("/public", "/public/feed.atom", "/public/feed.json"):
        assert "Checkout" not in client.get(listing).content.decode()
    public.postmortem.refresh_from_db()
    assert public.postmortem.status == PostmortemStatus.APPROVED


def test_nothing_internal_is_on_the_public_page_its_feeds_or_its_pdf(
    client: Client, bob: Person, alice: Person, alert: Alert, public: Publication
) -> None:
    slug = public.postmortem.public_address.slug
    places = [f"/public/{slug}", "/public", "/public/feed.atom", "/public/feed.json"]
    shown = "".join(client.get(place).content.decode() for place in places)

    assert "The pool ran dry." in shown
    for private in (
        "hunter22x",
        "db-1.prod",
        "legolas",
        "7946",
        "Bob",
        "Alice",
        "@example.com",
        "/postmortems/",
        "csrf",
    ):
        assert private not in shown, private
    answer = client.get(f"/public/{slug}")
    assert "Set-Cookie" not in answer.headers
    assert answer.headers["Cache-Control"] == "public, max-age=60"
    pdf = client.get(f"/public/{slug}/pdf").content
    assert pdf.startswith(b"%PDF")
    assert pdf == client.get(f"/public/{slug}/pdf").content


@pytest.mark.once
def test_a_line_of_time_is_drawn_from_the_edition_and_tells_no_more_than_its_text(
    alice: Person, bob: Person, approved: Postmortem, site: None
) -> None:
    def published(change: dict[str, str]) -> Publication:
        edition = derive_edition(actor=alice, postmortem=approved)
        save_edition(
            actor=alice,
            edition=edition,
            version=edition.version,
            title=edition.title,
            sections={derivation.GLANCE_KEY: change},
            allowed=[],
        )
        approve_edition(actor=bob, edition=edition, version=edition.version + 1)
        return publish(actor=alice, postmortem=approved, audience=Audience.PUBLIC)

    whole = derivation.document_of(published({}), draws=True)
    assert whole.sections[0].title == "At a glance"
    assert len(whole.images) == 1
    assert isinstance(whole.sections[0].blocks[-1], OrderedList), "numbers that say something by themselves"
    # What somebody takes out of the text shall not be read off the drawing.
    assert derivation.document_of(published({"text": "It took a while."}), draws=True).images == {}


def test_a_preview_tells_what_somebody_wrote_and_not_what_was_drawn(
    client: Client, public: Publication, resolved_incident: Incident
) -> None:
    page = client.get(f"/public/{public.postmortem.public_address.slug}").content.decode()

    assert public.summary.startswith(resolved_incident.summary[:20] or "A colleague restarted")
    assert f'property="og:description" content="{public.summary}"' in page
    assert "Times are in" not in public.summary


def test_a_second_person_approves_the_public_edition(
    sign_in: SignIn, alice: Person, bob: Person, approved: Postmortem, site: None
) -> None:
    sign_in(alice).post(page(approved, "edition/derivation"))
    own = sign_in(alice).post(page(approved, "edition"), given(approved, approve="1"))
    assert own.status_code == 403
    refused = sign_in(alice).post(page(approved, "publish"), {"audience": "public"})
    assert "A second person has to approve" in refused.content.decode()

    assert sign_in(bob).post(page(approved, "edition"), given(approved, approve="1")).status_code == 302
    assert sign_in(alice).post(page(approved, "publish"), {"audience": "public"}).status_code == 302


def test_an_adjustment_is_shown_as_a_difference_and_takes_the_approval_back(
    sign_in: SignIn, alice: Person, bob: Person, approved: Postmortem, site: None
) -> None:
    edition = derive_edition(actor=alice, postmortem=approved)
    approve_edition(actor=bob, edition=edition, version=1)
    key = next(one["unique_id"] for one in edition.sections if one["title"] == "Contributors")
    text = {f"text-{key}": "A connection pool had too few places."}

    assert sign_in(bob).post(page(approved, "edition"), given(approved, **text)).status_code == 302
    shown = sign_in(alice).get(page(approved, "edition")).content.decode()
    assert "<ins>A connection pool had too few places.</ins>" in shown
    saved = edition_of(approved)
    assert saved is not None
    assert not saved.is_approved
    late = sign_in(alice).post(
        page(approved, "edition"), {**given(approved), "version": "1", "title": "Mine"}
    )
    assert late.status_code == 409
    assert "Mine" in late.content.decode()


def test_what_still_looks_private_stops_the_approval_until_it_is_explained(
    sign_in: SignIn, alice: Person, bob: Person, approved: Postmortem, site: None
) -> None:
    edition = derive_edition(actor=alice, postmortem=approved)
    key = next(one["unique_id"] for one in edition.sections if one["title"] == "Contributors")
    sign_in(alice).post(page(approved, "edition"), given(approved, **{f"text-{key}": "Bob was quick."}))

    refused = sign_in(bob).post(page(approved, "edition"), given(approved, approve="1"))
    assert refused.status_code == 409
    assert "“Bob” (a person&#x27;s name)" in refused.content.decode()

    explained = given(approved, allowed="Bob", reason="Bob is our build robot.")
    assert sign_in(alice).post(page(approved, "edition"), explained).status_code == 302
    assert sign_in(bob).post(page(approved, "edition"), given(approved, approve="1")).status_code == 302


@pytest.mark.once
def test_one_click_takes_out_puts_back_and_begins_a_section_again(
    sign_in: SignIn, alice: Person, bob: Person, approved: Postmortem, alert: Alert, site: None
) -> None:
    derive_edition(actor=alice, postmortem=approved)
    key = next(one["unique_id"] for one in _edition(approved).sections if one["title"] == "Contributors")
    client = sign_in(alice)

    def press(button: str, **more: str) -> tuple[int, str, str]:
        answer = client.post(page(approved, "edition"), given(approved, adjust=button, **more))
        return answer.status_code, _text_of(approved, key), answer.content.decode()

    typed = {f"text-{key}": "Bob was quick on db-1."}
    assert press("rules", **typed)[:2] == (302, r"A colleague was quick on \[internal host\].")

    assert press(f"again:{key}")[0] == 302
    assert "The pool ran dry." in _text_of(approved, key)

    status, saved, shown = press("stand:legolas-2")
    assert (status, "legolas" in saved) == (200, False), "it is saved with its reason, and not before"
    assert "and legolas-2 with" in shown
    assert 'name="allowed" value="legolas-2"' in shown
    assert press("again:nonsense")[0] == 302
    late = client.post(page(approved, "edition"), {**given(approved), "version": "1", "adjust": "rules"})
    assert late.status_code == 409


def _edition(postmortem: Postmortem) -> Edition:
    edition = edition_of(postmortem)
    assert edition is not None
    return edition


def _text_of(postmortem: Postmortem, key: str) -> str:
    return next(one["text"] for one in _edition(postmortem).sections if one["unique_id"] == key)


def test_what_a_template_offers_and_nobody_filled_in_is_not_public(
    alice: Person, postmortem: Postmortem
) -> None:
    edition = derive_edition(actor=alice, postmortem=postmortem)

    said = {one["title"]: one["text"] for one in edition.sections if not one["is_left_out"]}
    assert "Contributors" not in said, "only labels over empty lists"
    assert "# Key timestamps" in said["Key information"]
    assert "Team" not in said["Key information"]
    assert "Useful links" not in said["Key information"]


def test_a_teammate_who_was_not_there_is_taken_out_by_one_name_too(
    alice: Person, bob: Person, approved: Postmortem
) -> None:
    bob.name = "Bob Sample"
    bob.save()

    sections = derive_edition(actor=alice, postmortem=approved).sections

    assert "A colleague restarted" in "".join(one["text"] for one in sections)
    assert "Bob" not in "".join(one["text"] for one in sections)


def test_an_edition_of_an_older_revision_is_not_published(
    sign_in: SignIn, alice: Person, bob: Person, approved: Postmortem, contributors: Section, site: None
) -> None:
    edition = derive_edition(actor=alice, postmortem=approved)
    approve_edition(actor=bob, edition=edition, version=1)
    contributors.refresh_from_db()
    save_section(actor=alice, section=contributors, text="More is known.", version=contributors.version)

    refused = sign_in(alice).post(page(approved, "publish"), {"audience": "public"})

    assert refused.status_code == 400
    assert "derive it again" in refused.content.decode()


def test_what_is_empty_or_only_tells_its_writer_what_is_missing_is_left_out(
    alice: Person, approved: Postmortem
) -> None:
    Incident.objects.filter(links__postmortem=approved).update(summary="")

    edition = derive_edition(actor=alice, postmortem=approved)

    left_out = {one["title"] for one in edition.sections if one["is_left_out"]}
    assert {"Summary", "Mitigators", "Meeting notes"} <= left_out
    assert "Contributors" not in left_out


def test_what_is_said_where_the_record_has_nothing_is_in_no_publication(
    client: Client, sign_in: SignIn, alice: Person, bob: Person, site: None, approved: Postmortem
) -> None:
    incident = approved.incidents.get()
    Incident.objects.filter(pk=incident.pk).update(summary="")
    Entry.objects.filter(incident=incident).delete()
    drawn = {
        name: render_live(name, reader=alice, postmortem=approved, zone=UTC) for name in sorted(LIVE_NAMES)
    }
    # A section that has its own way of saying so, such as the next one, has to say it with `missing`.
    said = {name: rules.without_blanks(blocks) for name, blocks in drawn.items()}
    assert [name for name, blocks in said.items() if any(isinstance(one, Paragraph) for one in blocks)] == []
    assert not any(said[name] for name in ("summary", "timeline", "follow-ups"))

    for title, text in (("Summary", "Card payments failed."), ("Follow-up actions", "- Size the pool.\n- ")):
        section = approved.sections.get(title=title)
        save_section(actor=alice, section=section, text=text, version=section.version)
    inside = publish(actor=alice, postmortem=approved, audience=Audience.ORGANISATION)
    edition = derive_edition(actor=alice, postmortem=approved)
    approve_edition(actor=bob, edition=edition, version=edition.version)
    outside = publish(actor=alice, postmortem=approved, audience=Audience.PUBLIC)

    assert {inside.summary, outside.summary} == {"Card payments failed."}
    for page in (
        sign_in(bob).get(f"/publications/{inside.unique_id}").content.decode(),
        client.get(f"/public/{approved.public_address.slug}").content.decode(),
    ):
        assert "Size the pool." in page
        for nothing in ("has been written", "have been agreed", "<li></li>"):
            assert nothing not in page


def test_what_the_template_marks_internal_is_left_out(
    alice: Person, approved: Postmortem, contributors: Section
) -> None:
    Section.objects.filter(pk=contributors.pk).update(is_internal=True)

    edition = derive_edition(actor=alice, postmortem=approved)

    left_out = [one["title"] for one in edition.sections if one["is_left_out"]]
    assert "Contributors" in left_out


def test_a_private_incident_is_public_only_by_decision(
    sign_in: SignIn, alice: Person, bob: Person, client: Client, approved: Postmortem, site: None
) -> None:
    def make_private() -> None:
        Incident.objects.filter(links__postmortem=approved).update(is_private=True)

    edition = derive_edition(actor=alice, postmortem=approved)
    approve_edition(actor=bob, edition=edition, version=1)
    publish(actor=alice, postmortem=approved, audience=Audience.PUBLIC)
    organisation = publish(actor=alice, postmortem=approved, audience=Audience.ORGANISATION)
    slug = approved.public_address.slug
    assert client.get(f"/public/{slug}").status_code == 200

    make_private()
    assert client.get(f"/public/{slug}").status_code == 404
    assert "Checkout" not in client.get("/public/feed.json").content.decode()
    assert sign_in(bob).get(f"/publications/{organisation.unique_id}").status_code == 404


@pytest.mark.once
def test_nothing_is_public_while_the_pages_are_off(
    client: Client, alice: Person, public: Publication
) -> None:
    change_site(actor=alice, is_on=False)
    slug = public.postmortem.public_address.slug

    for place in (
        f"/public/{slug}",
        f"/public/{slug}/pdf",
        "/public",
        "/public/feed.atom",
        "/public/feed.json",
    ):
        assert client.get(place).status_code == 404


def test_an_address_says_nothing_that_is_not_public_and_never_collides(
    alice: Person, bob: Person, approved: Postmortem, site: None, make_postmortem: Callable[..., Postmortem]
) -> None:
    def published(postmortem: Postmortem) -> str:
        edition = derive_edition(actor=alice, postmortem=postmortem)
        approve_edition(actor=bob, edition=edition, version=1)
        publish(actor=alice, postmortem=postmortem, audience=Audience.PUBLIC)
        return postmortem.public_address.slug

    assert published(approved) == "checkout-answered-slowly"
    assert published(make_postmortem()).startswith("checkout-answered-slowly-")
    assert published(make_postmortem(title="🔥🔥")) == "incident"
    assert "bob" not in published(make_postmortem(title="Bob broke db.prod.internal"))


def test_the_address_stays_until_what_is_withdrawn_comes_back_under_another_title(
    client: Client, alice: Person, bob: Person, public: Publication
) -> None:
    """What had to go may have been in the title: in the address it could never be corrected."""

    def publish_as(title: str) -> str:
        edition = derive_edition(actor=alice, postmortem=public.postmortem)
        edition = save_edition(
            actor=alice, edition=edition, version=edition.version, title=title, sections={}, allowed=[]
        )
        approve_edition(actor=bob, edition=edition, version=edition.version)
        publish(actor=alice, postmortem=public.postmortem, audience=Audience.PUBLIC)
        return PublicAddress.objects.get(postmortem=public.postmortem).slug

    assert publish_as("Checkout of Big Customer failed") == "checkout-answered-slowly"
    writes.withdraw(actor=alice, publication=Publication.objects.latest("pk"))
    assert publish_as("Checkout answered slowly!") == "checkout-answered-slowly"
    writes.withdraw(actor=alice, publication=Publication.objects.latest("pk"))
    assert publish_as("Checkout failed") == "checkout-failed"
    assert client.get("/public/checkout-failed").status_code == 200
    assert client.get("/public/checkout-answered-slowly").status_code == 404


@pytest.mark.once
@pytest.mark.parametrize("part", ["publish", "edition", "edition/derivation"])
def test_an_outsider_finds_nothing_and_a_viewer_changes_nothing(
    sign_in: SignIn, charlie: Person, vera: Person, alice: Person, approved: Postmortem, part: str
) -> None:
    derive_edition(actor=alice, postmortem=approved)

    outside = sign_in(charlie).post(page(approved, part), {"audience": "team"})
    assert outside.status_code == 404
    assert approved.title not in outside.content.decode()
    assert sign_in(vera).post(page(approved, part), {"audience": "team"}).status_code == 403
    assert not Publication.objects.exists()
    assert sign_in(vera).get("/settings/public-pages").status_code == 403


@pytest.mark.once
def test_a_visitor_asks_for_a_pdf_and_for_heads_and_hostile_addresses(
    client: Client, sign_in: SignIn, bob: Person, public: Publication, monkeypatch: pytest.MonkeyPatch
) -> None:
    slug = public.postmortem.public_address.slug
    for place in (
        "/public",
        f"/public/{slug}",
        f"/public/{slug}/pdf",
        "/public/feed.atom",
        "/public/feed.json",
    ):
        answer = client.head(place)
        assert (answer.status_code, answer.content) == (200, b""), place
        assert "Set-Cookie" not in sign_in(bob).get(place).headers
    for hostile in (
        "x" * 5_000,
        slug.upper(),
        "-",
        "feed_atom",
        "..%2f..%2fetc",
        "%00",
        "ü",
        slug + "%20",
    ):
        answer = client.get(f"/public/{hostile}")
        assert answer.status_code == 404, hostile
        assert public.title not in answer.content.decode()

    Publication.objects.update(pdf=None)
    tries = []

    def never(*_: object, **__: object) -> bytes:
        tries.append(1)
        raise PdfTookTooLong

    monkeypatch.setattr(writes, "render_pdf", never)
    for _ in range(3):
        answer = client.get(f"/public/{slug}/pdf")
        assert answer.status_code == 503
        assert answer.headers["Retry-After"] == "60"
    assert len(tries) == 1, "visitors do not keep the processes busy that make PDFs"


def test_a_review_ticks_the_draft_and_a_publication_the_share(
    alice: Person, approved: Postmortem, resolved_incident: Incident
) -> None:
    assert not reads.is_published(resolved_incident)
    publication = publish(actor=alice, postmortem=approved, audience=Audience.TEAM)
    assert reads.is_in_review_or_beyond(resolved_incident)
    assert reads.is_published(resolved_incident)
    writes.withdraw(actor=alice, publication=publication)
    assert not reads.is_published(resolved_incident)


def test_a_second_person_approves_what_the_public_is_told_to_be_corrected(
    sign_in: SignIn, client: Client, alice: Person, bob: Person, public: Publication
) -> None:
    postmortem = public.postmortem
    slug = postmortem.public_address.slug
    before = feeds(client)
    assert before == ({str(public.unique_id)}, public.published_at, public.published_at, public.summary)
    edition = derive_edition(actor=alice, postmortem=postmortem)
    approve_edition(actor=bob, edition=edition, version=edition.version)
    refused = sign_in(alice).post(
        page(postmortem, "publish"), {"audience": "public", "correction": "42 min."}
    )
    assert "where a second person approves it" in refused.content.decode()

    said = given(postmortem, **{"text-correction": "It lasted 42 minutes, as Bob found."})
    sign_in(alice).post(page(postmortem, "edition"), said)
    assert sign_in(bob).post(page(postmortem, "edition"), given(postmortem, approve="1")).status_code == 409
    said = given(postmortem, **{"text-correction": "It lasted 42 minutes."})
    sign_in(alice).post(page(postmortem, "edition"), said)
    sign_in(bob).post(page(postmortem, "edition"), given(postmortem, approve="1"))
    assert sign_in(alice).post(page(postmortem, "publish"), {"audience": "public"}).status_code == 302

    shown = client.get(f"/public/{slug}").content.decode()
    assert shown.count("It lasted 42 minutes.") == 2, "above the text, and in the list of versions"
    assert "Version 2" in shown
    newest = Publication.objects.get(number=2)
    summary = f"Corrected: It lasted 42 minutes. {public.summary}"
    assert feeds(client) == (before[0], before[1], newest.published_at, summary)


def feeds(client: Client) -> tuple[set[str], datetime, datetime, str]:
    """The id, when it was first published and last, and the summary of the one entry, in both feeds."""
    atom = ElementTree.fromstring(client.get("/public/feed.atom").content)  # noqa: S314 - of our own
    told = client.get("/public/feed.json").json()
    of = {"": "http://www.w3.org/2005/Atom"}
    assert told["authors"] == [{"name": atom.findtext("author/name", namespaces=of)}] == [{"name": "Acme"}]
    [entry], [item] = atom.findall("entry", of), told["items"]
    summary = entry.find("summary", of)
    assert summary is not None
    assert summary.attrib == {"type": "text"}
    texts = [entry.findtext(name, namespaces=of) or "" for name in ("published", "updated", "id")]
    assert texts[:2] == [item["date_published"], item["date_modified"]]
    assert summary.text == item["content_text"]
    ids = {texts[2].removeprefix("urn:uuid:"), item["id"]}
    first, last = (datetime.fromisoformat(item[name]) for name in ("date_published", "date_modified"))
    return ids, first, last, item["content_text"]
