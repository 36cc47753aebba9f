"""Finding post-mortems by their words and narrowing the list, on both databases."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable
from typing import Any

import pytest
from asgiref.sync import async_to_sync
from django.db import connection
from django.test import Client

from afterword.accounts.models import Membership, Person, Team
from afterword.incidents.models import Incident
from afterword.postmortems.fields.models import SLUG_LENGTH_MAX, PostmortemField
from afterword.postmortems.fields.writes import archive_field, change_values, create_field
from afterword.postmortems.models import Postmortem, Section
from afterword.postmortems.searching import exporting, reads
from afterword.postmortems.searching.forms import FIELDS_OFFERED_MAX
from afterword.postmortems.searching.models import SavedView
from afterword.postmortems.searching.reads import Found, PostmortemFilter
from afterword.postmortems.searching.writes import reindex
from afterword.postmortems.writes import change_title, save_section
from tests.conftest import ON_POSTGRESQL

MakePostmortem = Callable[..., Postmortem]
SignIn = Callable[[Person], Client]
Headers = Callable[..., dict[str, str]]


def write(actor: Person, postmortem: Postmortem, text: str) -> None:
    section = Section.objects.get(postmortem=postmortem, title="Contributors")
    save_section(actor=actor, section=section, text=text, version=section.version)


def found(actor: Person, text: str, sort: str = "") -> list[str]:
    return [one.title for one in Found(actor, PostmortemFilter(text=text), sort)[:20]]


@pytest.fixture
def three(alice: Person, make_postmortem: MakePostmortem) -> list[Postmortem]:
    made = [make_postmortem(title=title) for title in ("Große Störung", "Search was down", "Café closed")]
    write(alice, made[0], "The pool ran dry. Search slowed, and search stopped; search again.")
    write(alice, made[1], "The pool of connections was full, and ran hot.")
    write(alice, made[2], "東京 was not reached.")
    return made


def test_words_phrases_exclusions_and_beginnings_find_alike_on_both_databases(
    alice: Person, three: list[Postmortem]
) -> None:
    big, search, cafe = (one.title for one in three)
    for text, titles in {
        "pool": {big, search},
        "pool ran": {big, search},
        '"pool ran"': {big},
        "pool -dry": {search},
        "-pool": {cafe},
        "conn": {search},
        "conn full": set(),
        "GROSSE storung": {big},
        "cafe": {cafe},
        "東京": {cafe},
        "京東": set(),
        '"dry" -"search stopped"': set(),
        "contributors": {big, search, cafe},
        "!!!": set(),
    }.items():
        assert set(found(alice, text)) == titles, text


@pytest.mark.parametrize("remembered", [0, 1, 1_000])
def test_a_phrase_is_counted_and_read_page_by_page_in_every_order(
    alice: Person, three: list[Postmortem], monkeypatch: pytest.MonkeyPatch, remembered: int
) -> None:
    monkeypatch.setattr(reads, "PHRASE_KEYS_MAX", remembered)
    big, search, _ = (one.title for one in three)
    write(alice, three[2], "The pool of connections was far away.")
    cafe = three[2].title
    for sort, titles in {"newest": [cafe, search], "title": [cafe, search], "relevance": None}.items():
        pages = Found(alice, PostmortemFilter(text='"pool of connections"'), sort)
        assert len(pages) == 2
        read = [one.title for start in (0, 1, 2) for one in pages[start : start + 1]]
        assert sorted(read) == [cafe, search]
        assert titles is None or read == titles
    nothing = Found(alice, PostmortemFilter(text='"connections of pool"'))
    assert (len(nothing), nothing[:20]) == (0, [])
    assert found(alice, '"pool ran"') == [big]


def test_a_title_comes_before_sections_and_the_order_can_be_chosen(
    alice: Person, three: list[Postmortem]
) -> None:
    big, search, cafe = (one.title for one in three)
    assert found(alice, "search") == [search, big]
    assert found(alice, "was", "newest") == [cafe, search]
    assert found(alice, "", "title") == [cafe, big, search]


def test_the_best_fit_is_offered_only_where_words_are_looked_for(
    sign_in: SignIn, alice: Person, three: list[Postmortem]
) -> None:
    client = sign_in(alice)
    for query, offered in (("", False), ("?sort=newest", False), ("?text=pool", True)):
        page = client.get(f"/postmortems{query}").content.decode()
        assert ("What fits best" in page) is offered, query
        assert ">Newest</option>" in page


def test_a_number_finds_its_own_first_and_each_of_the_others_once(
    sign_in: SignIn, alice: Person, three: list[Postmortem]
) -> None:
    wanted = three[0].number
    for one in three[1:]:
        change_title(actor=alice, postmortem=one, title=f"{wanted} pools: {wanted}, {wanted}")
    for text in (f"{wanted}", f"#{wanted}"):
        pages = Found(alice, PostmortemFilter(text=text))
        read = [one.number for start in range(len(pages)) for one in pages[start : start + 1]]
        assert read[0] == wanted, text
        assert sorted(read) == sorted(one.number for one in three)
        assert [one.number for one in pages[:2]] == read[:2]
        for address in ("/search", "/postmortems"):
            page = sign_in(alice).get(address, {"text": text}).context["page"]
            assert [one.number for one in page] == read


def test_what_has_no_word_is_looked_for_in_titles_as_it_stands(
    alice: Person, three: list[Postmortem]
) -> None:
    change_title(actor=alice, postmortem=three[0], title="🦊 100% at_once")
    for text in ("🦊", " % ", "🦊 "):
        assert found(alice, text) == ["🦊 100% at_once"], text
    assert found(alice, "🦊🦊") == found(alice, "\\") == found(alice, "\0") == found(alice, "%_") == []


def test_the_index_is_part_of_the_change_and_can_be_made_anew(alice: Person, three: list[Postmortem]) -> None:
    change_title(actor=alice, postmortem=three[0], title="Renamed")
    write(alice, three[0], "Nothing of it.")
    assert found(alice, "storung") == found(alice, "dry") == []
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM postmortems_searchtext")
        if connection.vendor == "sqlite":
            cursor.execute("DELETE FROM postmortems_words")
    assert found(alice, "renamed") == []
    steps: list[tuple[int, int]] = []
    assert reindex(lambda done, every: steps.append((done, every))) == 3
    assert found(alice, "renamed") == ["Renamed"]
    assert steps == [(3, 3)]


def test_hostile_queries_are_answered(sign_in: SignIn, alice: Person, three: list[Postmortem]) -> None:
    client = sign_in(alice)
    for text in (
        "'", '"', "pool\"' OR 1=1 --", "a\0b", "title:pool", "{title} : pool", "NEAR(pool dry, 2)", "^pool",
        "pool:*A", "(((",
        "%", "_", "a & | !", "\\", "-", "\ud83d\ude00", " ".join("abcdefghij" * 10), "x" * 200,
    ):  # fmt: skip
        text = text.encode("utf-16", "surrogatepass").decode("utf-16")
        for address in ("/postmortems", "/search"):
            assert client.get(address, {"text": text}).status_code == 200, text
    many = " ".join(f"word{number}" for number in range(200))
    assert client.get("/postmortems", {"text": many}).status_code == 200
    assert found(alice, "%") == found(alice, "title:storung") == []


def test_the_list_narrows_by_status_days_severity_and_service(
    sign_in: SignIn, alice: Person, resolved_incident: Incident, three: list[Postmortem]
) -> None:
    client = sign_in(alice)
    Postmortem.objects.filter(pk=three[0].pk).update(status="approved", owner=None)

    def count(**given: str) -> int:
        return int(client.get("/postmortems", given).context["page"].paginator.count)

    assert count(status="approved") == 1
    assert count(owner=str(alice.unique_id)) == 2
    assert count(service=str(resolved_incident.service.unique_id)) == 3
    assert count(incident_from="2026-03-02", incident_to="2026-03-02") == 3
    assert count(incident_from="2026-03-03") == 0
    assert count(published_from="2020-01-01") == 0
    assert count(severity="Nothing like it") == 0
    wrong = client.get("/postmortems", {"created_from": "tomorrow"})
    assert "Please give a day" in wrong.content.decode()


def test_the_api_narrows_by_the_same_and_refuses_what_it_does_not_know(
    client: Client, api_headers: Headers, alice: Person, three: list[Postmortem]
) -> None:
    headers = api_headers(alice)

    def numbers(query: str) -> list[int]:
        answer = client.get(f"/api/v1/postmortems?{query}", headers=headers).json()
        return [one["number"] for one in answer["items"]]

    assert numbers("text=pool&status=draft&incident_to=2026-03-02") == [three[1].number, three[0].number]
    assert numbers("created_to=2000-01-01") == numbers("field.nothing=x") == []
    assert client.get("/api/v1/postmortems?status=lost", headers=headers).status_code == 400
    assert client.get(f"/api/v1/postmortems?text={'x' * 201}", headers=headers).status_code == 400


def test_an_outsider_finds_counts_and_exports_nothing(
    sign_in: SignIn, client: Client, api_headers: Headers, charlie: Person, three: list[Postmortem]
) -> None:
    browser = sign_in(charlie)
    for address in (
        "/search?text=pool",
        "/postmortems?text=pool",
        "/postmortems?sort=title",
        "/search?text=1",
    ):
        answer = browser.get(address)
        assert answer.context["page"].paginator.count == 0
        assert "Störung" not in answer.content.decode()
    exported = browser.post("/postmortems/export", {"which": "chosen", "number": [three[0].number]})
    assert exported.status_code == 302
    headers = api_headers(charlie)
    assert client.get("/api/v1/postmortems?text=pool", headers=headers).json()["items"] == []
    assert client.get("/api/v1/postmortems/export?format=markdown", headers=headers).status_code == 400


def test_what_is_about_a_private_incident_is_found_by_its_members_alone(
    sign_in: SignIn, bob: Person, resolved_incident: Incident, three: list[Postmortem]
) -> None:
    assert len(found(bob, "pool")) == 2
    Incident.objects.filter(pk=resolved_incident.pk).update(is_private=True)
    assert found(bob, "pool") == found(bob, "", "title") == []
    page = sign_in(bob).get("/search?text=checkout")
    assert page.context["incidents"] == []


def test_marks_stand_in_the_title_and_in_a_passage(
    sign_in: SignIn, alice: Person, three: list[Postmortem]
) -> None:
    write(alice, three[0], "<script>alert(1)</script> the pool")
    for address in ("/search?text=pool", "/postmortems?text=pool"):
        page = sign_in(alice).get(address).content.decode()
        assert "<mark>pool</mark>" in page
        assert "Contributors" in page
        assert "<script>alert" not in page
    assert "<mark>Störung</mark>" in sign_in(alice).get("/search?text=storu").content.decode()


def test_a_list_takes_as_many_queries_for_many_as_for_one(
    sign_in: SignIn, alice: Person, make_postmortem: MakePostmortem, django_assert_max_num_queries: Any
) -> None:
    for number in range(6):
        make_postmortem(title=f"The pool {number}")
    client = sign_in(alice)
    # PostgreSQL is told to use the index, and told back, inside a savepoint.
    telling = 6 if ON_POSTGRESQL else 0
    with django_assert_max_num_queries(16 + telling):
        client.get("/postmortems?text=pool")
    with django_assert_max_num_queries(11 + telling):
        client.get("/search?text=pool")


def test_a_view_is_kept_shared_with_a_team_and_deleted(
    sign_in: SignIn, alice: Person, bob: Person, charlie: Person, vera: Person, team: Team,
    other_team: Team, three: list[Postmortem],
) -> None:  # fmt: skip
    browser = sign_in(bob)
    kept = browser.post("/postmortems/views/new?text=pool&status=draft", {"name": "Pools", "team": ""})
    view = SavedView.objects.get()
    assert kept["Location"].startswith("/postmortems?text=pool&status=draft&view=")
    address = f"/postmortems/views/{view.unique_id}"
    for person in (alice, charlie):
        assert "Pools" not in sign_in(person).get("/postmortems").content.decode()
        assert sign_in(person).get(address).status_code == 404
        assert sign_in(person).post(f"{address}/deletion").status_code == 404

    browser.post(f"{address}?text=dry", {"name": "Dry", "team": str(team.unique_id)})
    page = sign_in(vera).get(f"/postmortems?text=dry&view={view.unique_id}").content.decode()
    assert "Dry" in page
    assert sign_in(vera).post(address, {"name": "Mine"}).status_code == 403
    assert sign_in(charlie).get(address).status_code == 404
    Membership.objects.create(team=team, person=charlie)
    Incident.objects.update(is_private=True)
    assert sign_in(charlie).get("/postmortems?text=dry").context["page"].paginator.count == 0
    refused = sign_in(bob).post("/postmortems/views/new", {"name": "x", "team": str(other_team.unique_id)})
    assert refused.status_code == 400

    assert sign_in(alice).post(f"{address}/deletion").status_code == 302
    assert not SavedView.objects.exists()


def test_a_custom_field_that_is_not_offered_narrows_the_list_a_view_and_the_export_as_in_the_api(
    sign_in: SignIn, client: Client, api_headers: Headers, alice: Person, team: Team, three: list[Postmortem]
) -> None:
    PostmortemField.objects.bulk_create(
        PostmortemField(name=f"Asked {rank}", slug=f"asked-{rank}", kind="text")
        for rank in range(FIELDS_OFFERED_MAX)
    )
    last = create_field(
        actor=alice, name="Last of all", kind="text", slug="x" * SLUG_LENGTH_MAX, teams=[team]
    )
    change_values(actor=alice, postmortem=three[0], values={last.slug: "needle"})
    query = f"field.{last.slug}=needle"
    browser = sign_in(alice)
    asked = client.get(f"/api/v1/postmortems?{query}", headers=api_headers(alice)).json()["items"]
    assert [one["number"] for one in asked] == [three[0].number]
    assert last.slug not in browser.get("/postmortems?more=1").content.decode()
    view = browser.post(f"/postmortems/views/new?{query}", {"name": "Needles", "team": ""})["Location"]
    archive_field(actor=alice, field=last)
    for address in (f"/postmortems?{query}", view):
        answer = browser.get(address)
        assert [row[0] for row in answer.context["rows"]] == [three[0]]
        assert "Last of all (archived)" in answer.content.decode()
    every = browser.post(f"/postmortems/export?{query}", {"which": "all", "format": "markdown"})
    assert len(content_of(every).namelist()) == 2

    # What the address asks for and is not there is said, and finds nothing, whichever way it is asked.
    too_many = "&".join(f"field.asked-{rank}=x" for rank in range(20)) + f"&{query}"
    for wrong, said in (
        ("field.gone%3Cb%3E=x", "gone&lt;b&gt; (no such field)"),
        (too_many, "at most 20 custom fields"),
    ):
        answer = browser.get(f"/postmortems?{wrong}")
        assert (answer.status_code, answer.context["rows"]) == (200, [])
        assert said in answer.content.decode()
        kept = browser.post(f"/postmortems/views/new?{wrong}", {"name": said, "team": ""})["Location"]
        assert browser.get(kept).context["rows"] == []
        assert browser.post(f"/postmortems/export?{wrong}", {"which": "all"}).status_code == 302
    assert "field.gone" in browser.get("/postmortems?field.gone=x%00&field.%00=y").content.decode()


def content_of(response: Any) -> zipfile.ZipFile:
    async def read() -> bytes:
        return b"".join([piece async for piece in response.streaming_content])

    return zipfile.ZipFile(io.BytesIO(async_to_sync(read)()))


def test_the_chosen_or_all_that_fit_come_as_a_zip_with_an_index(
    sign_in: SignIn, client: Client, api_headers: Headers, alice: Person, three: list[Postmortem],
    monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    browser = sign_in(alice)
    one = browser.post(
        "/postmortems/export", {"which": "chosen", "number": [three[1].number], "format": "markdown"}
    )
    archive = content_of(one)
    name = f"postmortem-{three[1].number}-search-was-down.md"
    assert archive.namelist() == [name, "index.md"]
    assert "connections was full" in archive.read(name).decode()
    assert "Search was down" in archive.read("index.md").decode()

    every = browser.post("/postmortems/export?text=pool", {"which": "all", "format": "pdf"})
    names = content_of(every).namelist()
    assert len([one for one in names if one.endswith(".pdf")]) == 2

    def fail(**_: Any) -> bytes:
        raise ValueError("a mistake of ours")

    with monkeypatch.context() as broken:
        broken.setattr(exporting, "write_report", fail)
        failed = content_of(browser.post("/postmortems/export", {"which": "all", "format": "pdf"}))
        broken.setattr(exporting, "EXPORT_SECONDS_MAX", 0.0)
        late = content_of(browser.post("/postmortems/export", {"which": "all", "format": "pdf"}))
    assert failed.namelist() == late.namelist() == ["index.md"]
    assert "3 of them could not be exported" in failed.read("index.md").decode()
    assert "seconds already" in late.read("index.md").decode()

    headers = api_headers(alice)
    asked = client.get("/api/v1/postmortems/export?text=cafe&format=markdown", headers=headers)
    assert len(content_of(asked).namelist()) == 2
    monkeypatch.setattr(exporting, "EXPORTED_MAX", 2)
    refused = client.get("/api/v1/postmortems/export?format=pdf", headers=headers)
    assert refused.status_code == 400
    assert browser.post("/postmortems/export", {"which": "all"}).status_code == 302
