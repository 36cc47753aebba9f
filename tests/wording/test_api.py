"""What programs ask of words, and what those who may not learn."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from typing import Any
from urllib.parse import quote

import pytest
from django.test import Client

from afterword.accounts.models import KeyScope, Person
from afterword.incidents.models import Incident
from afterword.incidents.privacy.writes import make_private
from afterword.postmortems.models import Postmortem, Section
from afterword.wording.models import Mute
from afterword.wording.reads import options_for, options_of
from tests.wording.conftest import BLAME, BLAMED

SignIn = Callable[[Person], Client]
Write = Callable[..., Section]
Headers = Callable[..., dict[str, str]]
Call = Callable[..., Any]


@pytest.fixture
def call(client: Client) -> Call:
    def make(method: str, path: str, headers: dict[str, str], body: Any = None) -> Any:
        address = f"/api/v1/{path}"
        if body is None:
            return getattr(client, method)(address, headers=headers)
        return getattr(client, method)(address, body, content_type="application/json", headers=headers)

    return make


def test_a_text_is_checked_with_its_lines_and_nothing_is_kept(
    call: Call, bob: Person, api_headers: Headers
) -> None:
    text = f"Plain.\n\n🔥 {BLAME}"
    answer = call("post", "wording/checks", api_headers(bob, KeyScope.READ), {"text": text})
    assert answer.status_code == 200
    [finding] = answer.json()["findings"]
    assert (finding["kind"], finding["category"]) == ("blame", BLAMED)
    assert text[finding["start"] : finding["end"]] == finding["text"]
    assert finding["line"] == finding["end_line"] == 3
    assert finding["column"] == finding["start"] - text.rindex("\n")
    assert set(finding) >= {"severity", "target", "message", "suggestions", "question", "end_column"}
    for odd in (f"\0{BLAME}\0", f"\ud800 {BLAME}"):
        assert call("post", "wording/checks", api_headers(bob), {"text": odd}).status_code in (200, 400)
    large = call("post", "wording/checks", api_headers(bob), {"text": "a" * 70_000})
    assert large.status_code == 400
    assert "text" in next(iter(large.json()["fields"]))


def test_findings_are_muted_listed_and_taken_back(
    call: Call, bob: Person, write: Write, postmortem: Postmortem, api_headers: Headers
) -> None:
    section, headers, base = write(BLAME), api_headers(bob), f"postmortems/{postmortem.number}"
    found = call("get", f"{base}/findings", headers).json()
    assert found["counts"] == {"blame": {"open": 1, "muted": 0}, "clarity": {"open": 0, "muted": 0}}
    [finding] = found["findings"]
    assert (finding["section"], finding["mute"]) == (str(section.unique_id), None)
    given = {"section": finding["section"], "category": BLAMED, "quote": finding["text"], "reason": "So."}
    made = call("post", f"{base}/mutes", headers, given)
    assert made.status_code == 201
    assert call("post", f"{base}/mutes", headers, given).status_code == 409
    [listed] = call("get", f"{base}/mutes", headers).json()["items"]
    assert listed == made.json()
    assert listed["made_by"]["name"] == "Bob"
    found = call("get", f"{base}/findings", headers).json()
    assert found["counts"]["blame"] == {"open": 0, "muted": 1}
    assert found["findings"][0]["mute"]["reason"] == "So."
    assert call("delete", f"{base}/mutes/{listed['unique_id']}", headers).status_code == 204
    assert call("get", f"{base}/mutes", headers).json() == {"items": [], "next": None}
    for wrong, name in (
        ({**given, "quote": "dashboard"}, "quote"),
        ({**given, "reason": ""}, "reason"),
        ({**given, "section": str(uuid.uuid4())}, "section"),
    ):
        answer = call("post", f"{base}/mutes", headers, wrong)
        assert (answer.status_code, list(answer.json()["fields"])) == (400, [name])


def test_settings_are_read_by_everybody_and_changed_by_administrators(
    call: Call, alice: Person, bob: Person, api_headers: Headers
) -> None:
    change = {"kinds": ["blame"], "flagged": [{"term": "whitelist", "why": "We say allowlist."}]}
    assert call("patch", "wording/settings", api_headers(bob), change).status_code == 403
    changed = call("patch", "wording/settings", api_headers(alice), change)
    assert changed.status_code == 200
    read = call("get", "wording/settings", api_headers(bob)).json()
    assert read == changed.json()
    assert (read["kinds"], read["flagged"]) == (change["kinds"], change["flagged"])
    assert read["requires_reasons"] is False
    wrong = call("patch", "wording/settings", api_headers(alice), {"kinds": ["noise"]})
    assert (wrong.status_code, list(wrong.json()["fields"])) == (400, ["kinds"])


def addresses(postmortem: Postmortem, section: Section) -> list[tuple[str, str]]:
    base, other = f"/postmortems/{postmortem.number}/wording", postmortem.unique_id
    return [
        ("get", base),
        ("post", f"{base}/sections/{section.unique_id}"),
        ("post", f"{base}/mutes"),
        ("post", f"{base}/mutes/{other}/removal"),
    ]


@pytest.mark.once
def test_outsiders_learn_nothing_and_readers_change_nothing(
    call: Call,
    sign_in: SignIn,
    bob: Person,
    charlie: Person,
    vera: Person,
    write: Write,
    postmortem: Postmortem,
    api_headers: Headers,
) -> None:
    section, base = write(BLAME), f"postmortems/{postmortem.number}"
    given = {"section": str(section.unique_id), "category": BLAMED, "quote": BLAME, "reason": "So."}
    typed = {**given, "text": BLAME}
    for method, address in addresses(postmortem, section):
        answer = getattr(sign_in(charlie), method)(address, typed if method == "post" else None)
        assert answer.status_code == 404
        assert "dashboard" not in answer.content.decode()
        wanted = 200 if method == "get" else 403
        answer = getattr(sign_in(vera), method)(address, typed if method == "post" else None)
        assert answer.status_code == wanted
        assert getattr(Client(), method)(address).status_code == 302
    for method, path, body in (
        ("get", f"{base}/findings", None),
        ("get", f"{base}/mutes", None),
        ("post", f"{base}/mutes", given),
        ("delete", f"{base}/mutes/{postmortem.unique_id}", None),
    ):
        assert call(method, path, {}, body).status_code == 401
        answer = call(method, path, api_headers(charlie), body)
        assert (answer.status_code, answer.json()) == (404, {"detail": "Not found."})
    assert call("get", f"{base}/findings", api_headers(vera)).status_code == 200
    assert call("post", f"{base}/mutes", api_headers(vera), given).status_code == 403
    assert call("post", f"{base}/mutes", api_headers(bob, KeyScope.READ), given).status_code == 403
    assert call("post", "wording/checks", {}, {"text": BLAME}).status_code == 401
    assert call("patch", "wording/settings", {}, {}).status_code == 401
    assert not Mute.objects.exists()


def test_the_words_about_a_private_incident_are_for_its_members(
    call: Call,
    sign_in: SignIn,
    alice: Person,
    bob: Person,
    write: Write,
    postmortem: Postmortem,
    resolved_incident: Incident,
    api_headers: Headers,
) -> None:
    section = write(BLAME)
    make_private(actor=alice, incident=resolved_incident)
    for method, address in addresses(postmortem, section):
        assert getattr(sign_in(bob), method)(address, {"text": BLAME}).status_code == 404
    for path in ("findings", "mutes"):
        answer = call("get", f"postmortems/{postmortem.number}/{path}", api_headers(bob))
        assert answer.status_code == 404
    assert sign_in(alice).get(addresses(postmortem, section)[0][1]).status_code == 200


def test_the_roster_holds_only_people_whom_each_reader_may_know(
    bob: Person, charlie: Person, postmortem: Postmortem
) -> None:
    charlie.name = "Charlie Outside"
    charlie.save()
    assert {"Alice", "Bob", "bob"} <= options_for(postmortem).roster
    for roster in (options_for(postmortem).roster, options_of(bob).roster):
        assert not {"Charlie Outside", "Charlie", "charlie"} & roster
    assert "Charlie Outside" in options_of(charlie).roster


def test_findings_are_read_in_pieces(
    call: Call, bob: Person, write: Write, postmortem: Postmortem, api_headers: Headers
) -> None:
    write("\n\n".join(f"Number {number}: {BLAME}" for number in range(5)))
    address, headers, read = f"postmortems/{postmortem.number}/findings", api_headers(bob), []
    answer = call("get", f"{address}?limit=2", headers).json()
    while answer["next"]:
        read += answer["findings"]
        assert answer["counts"]["blame"] == {"open": 5, "muted": 0}
        behind = answer["next"]
        answer = call("get", f"{address}?limit=2&cursor={quote(behind)}", headers).json()
    read += answer["findings"]
    assert [one["line"] for one in read] == [1, 3, 5, 7, 9]
    other = call("get", f"postmortems/{postmortem.number}/mutes?cursor={quote(behind)}", headers)
    assert other.status_code == 400
    for wrong in ("cursor=x", "limit=0", "limit=101", f"cursor={quote(behind[:-1])}"):
        assert call("get", f"{address}?{wrong}", headers).status_code == 400
