"""Custom fields of post-mortems: made, chosen by teams, filled in by two at once, drawn, found, kept."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from afterword.accounts.models import KeyScope, Person, Team
from afterword.audit.models import AuditEvent
from afterword.fields.kinds import FieldKind
from afterword.fields.reads import digest_items
from afterword.lib.errors import InvalidInput
from afterword.postmortems import composition
from afterword.postmortems.fields import reads, rules, writes
from afterword.postmortems.fields.errors import ChoiceChanged, ValuesChanged
from afterword.postmortems.fields.models import PostmortemField, PostmortemFieldItem
from afterword.postmortems.history.reads import compare_revisions
from afterword.postmortems.history.writes import restore_revision
from afterword.postmortems.models import Postmortem, Revision, Section
from afterword.postmortems.publishing.derivation import derive
from afterword.postmortems.reads import latest_revision, visible_postmortems
from afterword.postmortems.review.checks import find_obstacles
from afterword.postmortems.review.errors import NotReady
from afterword.postmortems.review.writes import ask_for_review
from afterword.postmortems.writes import create_template

SignIn = Callable[[Person], Client]
Headers = Callable[..., dict[str, str]]

TEMPLATE = """---
name: With fields
requires: [root-cause]
---
## Summary
## Contributors
> fields: root-cause, region, no-such-field

Why.
"""
GIVEN: dict[str, Any] = {
    "text": "A worn **cable**",
    "long_text": "One line.\nAnother <b>line</b>.\n\nA paragraph.",
    "number": 1200.5,
    "choice": "Dublin",
    "multi_choice": ["Oregon", "Dublin"],
    "date": "2026-03-02",
    "link": "https://example.com/a?b=1",
    "yes_no": True,
}
SHOWN = ("1200.5", "Dublin, Oregon", "2 Mar 2026", "https://example.com/a?b=1", "Yes", "Another <b>line</b>.")


@pytest.fixture(autouse=True)
def _none_ship(db: None) -> None:
    """These tests make all of theirs."""
    PostmortemField.objects.all().delete()


@pytest.fixture
def cause(alice: Person, team: Team) -> PostmortemField:
    """A text that the team of the post-mortem asks."""
    return writes.create_field(actor=alice, name="Root cause", kind="text", teams=[team])


@pytest.fixture
def region(alice: Person) -> PostmortemField:
    """A choice that no team asks."""
    return writes.create_field(
        actor=alice, name="Region", kind="choice", options=["Dublin", "Oregon"], help="Where it broke."
    )


@pytest.fixture
def every(alice: Person, team: Team) -> dict[str, PostmortemField]:
    """One field of each kind, all asked by the team."""
    return {
        kind: writes.create_field(
            actor=alice,
            name=f"A {kind}",
            kind=kind,
            slug=kind.replace("_", "-"),
            options=["Dublin", "Oregon"] if "choice" in kind else [],
            teams=[team],
        )
        for kind in FieldKind
    }


@pytest.fixture
def document(
    alice: Person, cause: PostmortemField, region: PostmortemField, make_postmortem: Callable[..., Postmortem]
) -> Postmortem:
    """Made from a template that shows both fields in one section and requires the first."""
    template = create_template(actor=alice, source=TEMPLATE)
    return make_postmortem(template=str(template.unique_id))


def values(postmortem: Postmortem) -> dict[str, str]:
    return {one.slug: one.value.words for one in reads.fields_of(postmortem).every}


def markdown(reader: Person, postmortem: Postmortem) -> str:
    return composition.write_markdown(reader=reader, postmortem=postmortem)


def sent(postmortem: Postmortem, **wanted: Any) -> dict[str, Any]:
    """What the page sends of some fields, by slugs with _ for -, when they are filled in so."""
    data: dict[str, Any] = {}
    for one in reads.fields_of(postmortem).every:
        if (key := one.slug.replace("-", "_")) in wanted:
            prefix = reads.input_prefix(one.value.definition)
            data |= {f"{prefix}-value": wanted[key], f"{prefix}-was": digest_items(one.value.items)}
    return data


# The fields and the teams ------------------------------------------------------------------------------


def test_an_administrator_makes_orders_and_archives_fields_in_the_settings(
    sign_in: SignIn, alice: Person, team: Team, postmortem: Postmortem
) -> None:
    browser, base = sign_in(alice), "/settings/postmortem-fields"
    given = {"name": "Root cause", "kind": "choice", "options": "Cable\nCode", "slug": "", "help": "Why?"}
    assert browser.post(f"{base}/new", {**given, "teams": str(team.unique_id)}).status_code == 302
    refused = browser.post(f"{base}/new", {**given, "name": "Other", "slug": "Root cause"})
    assert refused.status_code == 400
    assert "small letters" in refused.content.decode()
    assert 'value="Other"' in refused.content.decode()
    browser.post(f"{base}/new", {"name": "Data centre", "kind": "text"})
    cause, centre = PostmortemField.objects.order_by("rank")
    assert (cause.slug, centre.slug) == ("root-cause", "data-centre")
    browser.post(f"{base}/{centre.unique_id}/place", {"place": "up"})
    page = browser.get(base).content.decode()
    assert page.index("Data centre") < page.index("Root cause")
    one = f"{base}/{cause.unique_id}"
    changed = {"name": "Causes", "options": "Cable\nPeople", "help": ""}
    assert browser.post(one, changed).status_code == 302
    assert "&gt; fields: root-cause" in browser.get(one).content.decode()
    writes.change_values(actor=alice, postmortem=postmortem, values={"root-cause": "Cable"})
    # One that has values is archived, and the document keeps them.
    assert "archived instead" in browser.post(f"{one}/deletion", follow=True).content.decode()
    assert "Causes" not in browser.get(base).content.decode().split("</nav>")[-1].split("What each")[0]
    assert "Causes" in browser.get(f"{base}?state=archived").content.decode()
    assert "**Causes**: Cable" in markdown(alice, postmortem)
    browser.post(f"{one}/archival", {"archived": "no"})
    assert "Causes" in browser.get(base).content.decode()
    browser.post(f"{base}/{centre.unique_id}/deletion")
    assert not PostmortemField.objects.filter(slug="data-centre").exists()
    assert AuditEvent.objects.filter(action="postmortem_field.archived").count() == 1


def test_a_slug_is_made_from_the_name_and_given_once(alice: Person) -> None:
    made = [writes.create_field(actor=alice, name=name, kind="text").slug for name in ("Größe!", "Grosse")]
    assert made == ["groe", "grosse"]
    writes.archive_field(actor=alice, field=PostmortemField.objects.get(slug="grosse"))
    assert writes.create_field(actor=alice, name="Grosse", kind="text").slug == "grosse-2"
    for name, slug in (("原因", ""), ("Cause", "grosse"), ("Cause", "a--b")):
        with pytest.raises(InvalidInput) as refusal:
            writes.create_field(actor=alice, name=name, kind="text", slug=slug)
        assert "slug" in refusal.value.fields


def test_a_manager_chooses_what_the_team_asks(
    sign_in: SignIn,
    alice: Person,
    bob: Person,
    charlie: Person,
    team: Team,
    postmortem: Postmortem,
    cause: PostmortemField,
    region: PostmortemField,
) -> None:
    address = f"/settings/postmortem-fields/teams/{team.unique_id}"
    browser = sign_in(alice)
    started = reads.digest_choice(reads.chosen_by(team))
    given = {
        f"use-{cause.unique_id}": "",
        f"use-{region.unique_id}": "required",
        "started_from": started,
    }
    assert browser.get(address).status_code == 200
    assert browser.post(address, given).status_code == 302
    assert values(postmortem) == {"region": ""}
    # Who started from what was chosen before is told, and what they chose stays on the page.
    late = browser.post(address, {**given, f"use-{cause.unique_id}": "optional"})
    assert late.status_code == 409
    assert re.search(r'<option value="optional"\s+selected', late.content.decode())
    with pytest.raises(ChoiceChanged):
        writes.choose_fields(actor=alice, team=team, chosen={}, started_from=started)
    assert sign_in(bob).get(address).status_code == 403
    assert sign_in(charlie).get(address).status_code == 404
    assert sign_in(charlie).post(address, given).status_code == 404
    assert "Payments" not in sign_in(charlie).get("/settings/postmortem-fields").content.decode()


def test_only_administrators_make_and_change_fields(
    sign_in: SignIn, client: Client, api_headers: Headers, bob: Person, cause: PostmortemField
) -> None:
    base = "/settings/postmortem-fields"
    browser = sign_in(bob)
    assert "Root cause" in browser.get(base).content.decode()
    assert browser.get(f"{base}/{cause.unique_id}").status_code == 200
    assert browser.get(f"{base}/new").status_code == 403
    for part in ("", "/place", "/archival", "/deletion"):
        answer = browser.post(f"{base}/{cause.unique_id}{part}", {"name": "Bob's"})
        assert answer.status_code == 403, part
    answer = client.post(
        "/api/v1/postmortem-fields",
        {"name": "Bob's", "kind": "text"},
        "application/json",
        headers=api_headers(bob),
    )
    assert answer.status_code == 403
    cause.refresh_from_db()
    assert cause.name == "Root cause"


# Documents ---------------------------------------------------------------------------------------------


def test_each_kind_is_filled_in_on_the_page_and_read_everywhere(
    sign_in: SignIn, bob: Person, every: dict[str, PostmortemField], postmortem: Postmortem
) -> None:
    browser, address = sign_in(bob), f"/postmortems/{postmortem.number}"
    wanted = {**GIVEN, "yes_no": "yes", "person": str(bob.unique_id)}
    answer = browser.post(f"{address}/write", {"title": postmortem.title, **sent(postmortem, **wanted)})
    assert answer.status_code == 302
    assert Revision.objects.count() == 2
    page = browser.get(address).content.decode()
    text = markdown(bob, postmortem)
    for shown in SHOWN:
        assert shown.replace("<b>", "&lt;b&gt;").replace("</b>", "&lt;/b&gt;") in page
    assert "<strong>cable</strong>" not in page
    assert 'href="https://example.com/a?b=1"' in page
    assert "**A person**: Bob" in text
    # Once more, without a change: nothing is saved.
    browser.post(f"{address}/write", {"title": postmortem.title, **sent(postmortem, **wanted)})
    assert Revision.objects.count() == 2
    kept = latest_revision(postmortem).fields
    assert (kept["person"]["words"], kept["number"]["items"]) == ("Bob", ["1200.5"])


def test_fields_stand_in_the_section_that_names_them_first(
    sign_in: SignIn, bob: Person, document: Postmortem
) -> None:
    placed = reads.fields_of(document)
    contributors = Section.objects.get(postmortem=document, title="Contributors")
    assert [one.slug for one in placed.of_section(contributors)] == ["root-cause", "region"]
    assert placed.unplaced == []
    writes.change_values(actor=bob, postmortem=document, values={"region": "oregon", "root-cause": "Cable"})
    text = markdown(bob, document)
    assert text.index("## Contributors") < text.index("**Root cause**: Cable") < text.index("Why.")
    page = sign_in(bob).get(f"/postmortems/{document.number}/write").content.decode()
    assert page.index('id="heading-') < page.index("Where it broke.")
    assert "section-fields" not in page


@pytest.mark.once
def test_a_sections_own_save_saves_its_fields_and_shows_what_is_wrong_in_place(
    sign_in: SignIn, bob: Person, document: Postmortem
) -> None:
    contributors = Section.objects.get(postmortem=document, title="Contributors")
    address = f"/postmortems/{document.number}/sections/{contributors.unique_id}"
    fragment = {"HX-Request": "true"}
    given = sent(document, root_cause="A worn cable", region="Mars")
    refused = sign_in(bob).post(address, {f"text-{contributors.unique_id}": "Why."} | given, headers=fragment)
    assert refused.status_code == 422
    assert "“Mars” is not among the choices." in refused.content.decode()
    assert 'value="A worn cable"' in refused.content.decode()
    assert values(document) == {"root-cause": "A worn cable", "region": ""}
    given = sent(document, region="Oregon")
    assert sign_in(bob).post(address, given, headers=fragment).status_code == 200
    assert values(document)["region"] == "Oregon"


@pytest.mark.once
def test_fields_that_no_section_shows_have_a_card_of_their_own(
    sign_in: SignIn, bob: Person, cause: PostmortemField, postmortem: Postmortem
) -> None:
    browser, address = sign_in(bob), f"/postmortems/{postmortem.number}"
    assert 'id="section-fields"' in browser.get(f"{address}/write").content.decode()
    given = sent(postmortem, root_cause="x" * 501)
    refused = browser.post(f"{address}/write", {"title": postmortem.title, **given})
    assert refused.status_code == 400
    assert "x" * 501 in refused.content.decode()
    given = sent(postmortem, root_cause="A worn cable")
    assert browser.post(f"{address}/fields", given).status_code == 302
    page = browser.get(address).content.decode()
    assert page.index("A worn cable") < page.index("Key information</h2>")


def test_two_people_who_fill_in_fields_lose_no_value(
    sign_in: SignIn, alice: Person, bob: Person, document: Postmortem
) -> None:
    address = f"/postmortems/{document.number}/write"
    given = {"title": document.title, **sent(document, root_cause="Bob's cause", region="Oregon")}
    writes.change_values(actor=alice, postmortem=document, values={"root-cause": "Alice's cause"})
    answer = sign_in(bob).post(address, given)
    page = answer.content.decode()
    assert answer.status_code == 409
    assert "Alice&#x27;s cause" in page
    assert 'value="Bob&#x27;s cause"' in page
    # The field that nobody else touched is saved all the same.
    assert values(document) == {"root-cause": "Alice's cause", "region": "Oregon"}
    # What Bob did not touch is not written over what Alice wrote, and the second save takes its place.
    again = {"title": document.title, **sent(document, root_cause="Bob's cause")}
    assert sign_in(bob).post(address, again).status_code == 302
    assert values(document)["root-cause"] == "Bob's cause"
    with pytest.raises(ValuesChanged):
        writes.change_values(
            actor=bob, postmortem=document, values={"region": "Dublin"}, started_from={"region": "stale"}
        )
    kept = [revision.fields.get("root-cause", {}).get("words") for revision in Revision.objects.all()]
    assert {"Alice's cause", "Bob's cause"} <= set(kept)


def test_an_empty_mandatory_field_stops_review_and_publication(
    sign_in: SignIn, alice: Person, team: Team, document: Postmortem, region: PostmortemField
) -> None:
    writes.choose_fields(actor=alice, team=team, chosen={region.unique_id: True})
    browser = sign_in(alice)
    with pytest.raises(NotReady) as refusal:
        ask_for_review(actor=alice, postmortem=document)
    anchors = [obstacle.anchor for obstacle in refusal.value.obstacles]
    assert "“Root cause”" in refusal.value.message
    assert "“Region”" in refusal.value.message
    page = browser.get(f"/postmortems/{document.number}/write").content.decode()
    for anchor in anchors:
        assert f'id="{anchor}"' in page
        assert f"write#{anchor}" in browser.get(f"/postmortems/{document.number}/review").content.decode()
    assert browser.post(f"/postmortems/{document.number}/publish", {"audience": "team"}).status_code == 400
    writes.change_values(actor=alice, postmortem=document, values={"root-cause": "x", "region": "Dublin"})
    assert find_obstacles(document) == []
    writes.archive_field(actor=alice, field=region)
    writes.change_values(actor=alice, postmortem=document, values={"region": None})
    assert find_obstacles(document) == []


def test_a_revision_keeps_values_and_brings_them_back(
    sign_in: SignIn, alice: Person, bob: Person, every: dict[str, PostmortemField], postmortem: Postmortem
) -> None:
    first = {"text": "Cable", "person": str(bob.unique_id), "multi-choice": ["Oregon"], "number": 1}
    writes.change_values(actor=alice, postmortem=postmortem, values=first)
    writes.change_values(actor=alice, postmortem=postmortem, values={"text": "Code", "multi-choice": None})
    with_fields, newest = Revision.objects.order_by("number")[1:3]
    compared = compare_revisions(alice, with_fields, newest)
    assert ("A text", "Cable", "Code") in compared.fields
    assert ("A multi_choice", "Oregon", "") in compared.fields
    address = f"/postmortems/{postmortem.number}/history/comparison?from=2&to=3"
    assert "<del>Cable</del>" in sign_in(bob).get(address).content.decode()
    # What is deleted since is not brought back, and everything else is.
    writes.change_values(actor=alice, postmortem=postmortem, values={"number": None})
    assert writes.delete_field(actor=alice, field=every["number"])
    restore_revision(actor=alice, postmortem=postmortem, number=2, newest=4)
    held = {slug: words for slug, words in values(postmortem).items() if words}
    assert held == {"text": "Cable", "person": "Bob", "multi-choice": "Oregon"}
    assert PostmortemFieldItem.objects.get(field=every["person"]).person == bob
    restore_revision(actor=alice, postmortem=postmortem, number=1, newest=5)
    assert not any(values(postmortem).values())


def test_a_person_who_left_still_reads_and_stays(
    sign_in: SignIn, alice: Person, bob: Person, every: dict[str, PostmortemField], postmortem: Postmortem
) -> None:
    writes.change_values(actor=alice, postmortem=postmortem, values={"person": str(bob.unique_id)})
    bob.is_active = False
    bob.save()
    assert "**A person**: Bob" in markdown(alice, postmortem)
    given = {"title": postmortem.title, **sent(postmortem, person=str(bob.unique_id), text="More")}
    assert sign_in(alice).post(f"/postmortems/{postmortem.number}/write", given).status_code == 302
    assert (values(postmortem)["person"], values(postmortem)["text"]) == ("Bob", "More")
    with pytest.raises(InvalidInput):
        writes.change_values(actor=alice, postmortem=postmortem, values={"person": None, "text": 7})


def test_the_public_edition_redacts_values(
    alice: Person, bob: Person, every: dict[str, PostmortemField], postmortem: Postmortem
) -> None:
    given = {
        "text": "Bob restarted db-1.prod.internal",
        "person": str(bob.unique_id),
        "link": "https://wiki.corp.internal/page",
        "long-text": "Alice said:\nthe pool ran dry.",
    }
    writes.change_values(actor=alice, postmortem=postmortem, values=given)
    derived = derive(reader=alice, postmortem=postmortem)
    first = next(one for one in derived.sections if one["unique_id"] == "fields")
    assert first["title"] == "Fields"
    for private in ("Bob", "Alice", "db-1", "corp"):
        assert private in first["source"], private
        assert private not in first["text"], private
    assert "the pool ran dry." in first["text"]


def test_an_outsider_and_a_viewer_change_nothing(
    sign_in: SignIn, client: Client, api_headers: Headers, charlie: Person, vera: Person, document: Postmortem
) -> None:
    base = f"/postmortems/{document.number}/fields"
    given = sent(document, root_cause="Mine")
    body = {"values": {"root-cause": "Mine"}}
    for person, status in ((charlie, 404), (vera, 403)):
        assert sign_in(person).post(base, given).status_code == status
        headers = api_headers(person)
        answer = client.patch(f"/api/v1{base}", body, "application/json", headers=headers)
        assert answer.status_code == status
    assert client.get(f"/api/v1{base}", headers=api_headers(charlie)).status_code == 404
    assert client.get(f"/api/v1{base}", headers=api_headers(vera, KeyScope.READ)).status_code == 200
    assert values(document) == {"root-cause": "", "region": ""}


def test_a_list_is_narrowed_by_values(
    sign_in: SignIn,
    alice: Person,
    bob: Person,
    charlie: Person,
    every: dict[str, PostmortemField],
    postmortem: Postmortem,
    make_postmortem: Callable[..., Postmortem],
) -> None:
    other = make_postmortem(title="Another one")
    given = {kind.replace("_", "-"): value for kind, value in GIVEN.items()} | {"person": str(bob.unique_id)}
    writes.change_values(actor=alice, postmortem=postmortem, values=given)

    def found(**wanted: str) -> list[Postmortem]:
        by_slug = {slug.replace("_", "-"): text for slug, text in wanted.items()}
        return list(reads.narrow(visible_postmortems(alice), by_slug))

    matching = {
        "text": "cable worn",
        "long_text": "PARAGRAPH",
        "number": "1200.50",
        "choice": "dublin",
        "multi_choice": "Oregon",
        "date": "2026-03-02",
        "person": "bob",
        "link": "example.com",
        "yes_no": "yes",
    }
    for slug, text in matching.items():
        assert found(**{slug: text}) == [postmortem], slug
    assert found(**matching) == [postmortem]
    assert found(text="") == [postmortem]
    assert found() == [other, postmortem]
    for slug, text in {
        "text": "code",
        "number": "soon",
        "yes_no": "no",
        "nothing": "x",
        "person": "nobody",
    }.items():
        assert found(**{slug: text}) == [], slug
    assert not reads.narrow(visible_postmortems(charlie), {"text": "cable"}).exists()
    page = sign_in(alice).get("/postmortems?field.choice=Dublin").content.decode()
    assert postmortem.title in page
    assert other.title not in page
    assert re.search(r'<option value="Dublin"\s+selected', page)
    for wanted in ({"text": "x" * 201}, {f"f{number}": "x" for number in range(21)}):
        with pytest.raises(InvalidInput):
            reads.narrow(visible_postmortems(alice), wanted)


def test_programs_read_and_fill_in_fields(
    client: Client, api_headers: Headers, alice: Person, team: Team, postmortem: Postmortem
) -> None:
    headers = api_headers(alice)

    def ask(method: str, path: str, body: Any = None, **more: str) -> Any:
        answer = getattr(client, method)(
            f"/api/v1/{path}", body, "application/json", headers={**headers, **more}
        )
        return answer.status_code, answer.json() if answer.content else None

    made = {"name": "Customers", "kind": "number", "teams": [str(team.unique_id)]}
    status, field = ask("post", "postmortem-fields", made)
    assert (status, field["slug"], field["archived_at"]) == (201, "customers", None)
    one = f"postmortem-fields/{field['unique_id']}"
    assert ask("patch", one, {"help": "How many noticed."})[1]["help"] == "How many noticed."
    of_team = f"postmortem-fields/teams/{team.unique_id}"
    chosen = [{"slug": "customers", "name": "Customers", "is_required": True}]
    assert ask("put", of_team, {"fields": [{"slug": "customers", "is_required": True}]}) == (200, chosen)
    assert ask("put", of_team, {"fields": [{"slug": "nothing"}]})[0] == 400
    assert client.get(f"/api/v1/{of_team}", headers=headers).json() == chosen

    path = f"postmortems/{postmortem.number}/fields"
    etag = client.get(f"/api/v1/{path}", headers=headers)["ETag"]
    status, told = ask("patch", path, {"values": {"customers": 1200}}, **{"If-Match": etag})
    assert (status, told[0]["value"], told[0]["words"]) == (200, 1200, "1200")
    assert ask("patch", path, {"values": {"customers": 7}}, **{"If-Match": etag})[0] == 412
    status, refused = ask("patch", path, {"values": {"customers": "many", "nothing": 1}})
    assert (status, set(refused["fields"])) == (400, {"customers", "nothing"})
    document = client.get(f"/api/v1/postmortems/{postmortem.number}", headers=headers).json()
    assert document["fields"] == told
    assert ask("delete", one) == (204, None)
    archived = client.get("/api/v1/postmortem-fields?archived=true", headers=headers).json()
    assert [item["slug"] for item in archived["items"]] == ["customers"]


@pytest.mark.once
def test_pages_ask_the_database_as_often_for_many_fields_as_for_few(
    sign_in: SignIn,
    alice: Person,
    bob: Person,
    every: dict[str, PostmortemField],
    document: Postmortem,
    team: Team,
) -> None:
    browser, base = sign_in(alice), f"/postmortems/{document.number}"
    pages = [
        base,
        f"{base}/write",
        f"{base}/review",
        "/settings/postmortem-fields",
        f"/settings/postmortem-fields/teams/{team.unique_id}",
    ]

    def count(page: str) -> int:
        with CaptureQueriesContext(connection) as asked:
            assert browser.get(page).status_code == 200
        return len(asked)

    writes.change_values(actor=alice, postmortem=document, values={"person": str(bob.unique_id)})
    browser.get(base)  # What is asked once in a process.
    few = {page: count(page) for page in pages}
    for number in range(10):
        kind = ("person", "multi_choice", "text")[number % 3]
        field = writes.create_field(
            actor=alice, name=f"More {number}", kind=kind, options=["Dublin"], teams=[team]
        )
        given = {"person": str(alice.unique_id), "multi_choice": ["Dublin"], "text": "Some"}[kind]
        writes.change_values(actor=alice, postmortem=document, values={field.slug: given})
    assert {page: count(page) for page in pages} == few


@pytest.mark.pure
def test_long_values_stand_below_their_name_and_short_ones_in_a_list() -> None:
    blocks = rules.draw_values([("A", "1", ""), ("B", "two\nlines\n\nmore", ""), ("C", "x", "https://x.org")])
    assert [type(block).__name__ for block in blocks] == [
        "DefinitionList",
        "Paragraph",
        "Paragraph",
        "Paragraph",
        "DefinitionList",
    ]
    assert rules.draw_values([]) == []
