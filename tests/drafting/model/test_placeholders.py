"""People and secrets as placeholders: what goes out has none of them, and what comes back is as it was."""

from __future__ import annotations

import json

import pytest

from afterword.drafting.blame import roster_of
from afterword.drafting.evidence.book import EvidenceBook, Piece
from afterword.drafting.model import asking, placeholders
from afterword.drafting.model.placeholders import Known, TooMuchToHide, Veil
from afterword.drafting.model.strangers import strangers_in
from tests.drafting.books import about, book, entry, note

pytestmark = pytest.mark.pure

PEOPLE = [
    ("Maria Rossi", "maria.rossi@corp.example"),
    ("Will Young", "will@corp.example"),
    ("Jörg Müller", "jm@x.example"),
]


@pytest.fixture
def veil() -> Veil:
    return Veil(Known(PEOPLE, book(note(1, 5, "x", "Zoltan Quux"))))


@pytest.mark.parametrize(
    ("text", "hidden"),
    [
        ("Maria Rossi restarted db-1, maria agreed", "PERSON_1 restarted db-1, PERSON_1c agreed"),
        ("ROSSI, Maria and @maria.rossi", "PERSON_1b and PERSON_1c"),
        ("will it work? Will said yes", "will it work? PERSON_1b said yes"),
        ("Joerg Mueller and JÖRG", "PERSON_1b and PERSON_1c"),
        ("Zoltan of the vendor", "PERSON_1b of the vendor"),
        ("Guillermo Ortega called", "PERSON_1 called"),
        ("ask @somebody.else", "ask PERSON_1"),
        ("maria.rossi@corp.example", "EMAIL_1"),
        ("password=hunter2secret and password=hunter2secret", "SECRET_1 and SECRET_1"),
        ("postgres://u:p4ss@db/x at 14:02", "SECRET_1 at 14:02"),
        ("+49 170 1234567 and 10.0.0.12", "PHONE_1 and ADDRESS_1"),
        ("see https://wiki.corp.example/maria?k=1", "see LINK_1"),
        ("PERSON_1 is SECRET_2", "TEXT_1 is TEXT_2"),
        ("500 errors in 30 minutes at 2026-01-05 14:02:11 on db-1", None),
    ],
)
def test_what_is_private_is_hidden_and_comes_back(veil: Veil, text: str, hidden: str | None):
    assert veil.hide(text) == (hidden or text)
    assert veil.reveal(veil.hide(text)) == text
    assert not veil.private_in(veil.hide(text))


def test_who_writes_a_placeholder_gets_no_name_for_it(veil: Veil):
    assert veil.hide("Maria Rossi") == "PERSON_1"
    assert veil.reveal(veil.hide("PERSON_1 is to be praised")) == "PERSON_1 is to be praised"


def test_a_link_with_a_secret_in_it_comes_back_whole(veil: Veil):
    link = "https://ci.corp.example/run?token=abcdef123456"
    assert veil.reveal(veil.hide(f"{link} failed")) == f"{link} failed"


def test_what_only_looks_like_a_placeholder_is_noticed(veil: Veil):
    veil.hide("Maria Rossi, password=hunter2secret")
    assert veil.strange_in("PERSON_1 used SECRET_1") == []
    assert veil.strange_in("Person 1 and [PERSON-7], SECRET_4, PERSON_1z") == [
        "Person 1",
        "PERSON-7",
        "SECRET_4",
        "PERSON_1z",
    ]
    assert veil.strange_in("Link 2 of 3 people, text 5") == []


@pytest.mark.parametrize(
    ("person", "text"),
    [
        (("Jane Link", "jl@x.example"), "see https://example.com/a and Jane Link or LINK_4, with PERSON_1"),
        (("Ulf Person", "up@x.example"), "Ana Silva and Ulf Person met; ask @somebody"),
        (("Text", "t@x.example"), "PERSON_1 and Text"),
        (("Amy Secret", "as@x.example"), "password=hunter22222 of Amy"),
        (("Phone Email", "pe@x.example"), "call +44 20 7946 0958 or mail a@x.example, Phone"),
        (("Ana Silva", "a@x.example"), "_Ana Silva_ restarted ana_db_1"),
        (("田中太郎", "tanaka@x.example"), "田中太郎さんが再起動した、X田中太郎deploy"),
        (("Ulf Person", "up@x.example"), "anaPERSON_1 and ana silvaLINK_2"),
        (("Ulf Person", "up@x.example"), "a@b.examplea@b.example"),
    ],
)
def test_a_placeholder_is_nobodys_name(person: tuple[str, str], text: str):
    veil = Veil(Known([person, ("Ana Silva", "ana@x.example")], EvidenceBook(())))
    hidden = veil.hide(text)
    assert not veil.private_in(hidden)
    assert veil.strange_in(hidden) == []
    assert veil.reveal(hidden) == text
    assert person[0].split()[0] not in hidden


def _chat(key: int, author: str, text: str) -> Piece:
    return entry(key, 5, text, kind="chat", source=author, data={"person": author, "channel": "inc"})


def test_who_said_it_is_hidden_whatever_word_the_name_is():
    authors = ["mark", "Jo", "ed", "will", "J", "x9", "wren okafor", "Incident Bot", "deploy", "checkout",
               "person", "note", "PERSON_1", "it", "🚀"]  # fmt: skip
    evidence = book(
        about(affected=["Checkout"]),
        *(_chat(place, author, "The incident began.") for place, author in enumerate(authors)),
    )
    veil = Veil(Known(PEOPLE, evidence))
    lines, _ = asking.lines_of(evidence.pieces, veil=veil)
    told = [json.loads(line) for line in lines]
    assert told[0]["known"]["service"].startswith("PERSON_")
    for author, one in zip(authors, told[1:], strict=True):
        assert one["source"] == one["known"]["person"] != author
        assert veil.strange_in(one["source"]) == []
        assert veil.reveal(one["source"]) == author
        assert one["text"] == "The incident began."
        assert one["known"]["kind"] == "chat"
    assert [one for one in asking.texts_of(lines) if veil.private_in(one)] == []


def test_who_has_a_role_or_was_paged_is_hidden_whatever_word_the_name_is():
    role = Piece("R1", "role", "Lead: mark", data={"person": "mark", "role": "Lead"})
    page = Piece(
        "P1", "page", "will was paged (email: sent)", source="ed", data={"person": "will", "by": "ed"}
    )
    evidence = book(role, page)
    veil = Veil(Known([("mark", "m@x.example"), ("will", "w@x.example"), ("ed", "e@x.example")], evidence))
    lines, _ = asking.lines_of(evidence.pieces, veil=veil)
    told = {one["id"]: one for one in map(json.loads, lines)}
    assert told["R1"]["text"] == "Lead: PERSON_1"
    assert told["P1"]["text"] == "PERSON_2 was paged (email: sent)"
    assert (told["P1"]["source"], told["P1"]["known"]) == (
        "PERSON_3",
        {"person": "PERSON_2", "by": "PERSON_3"},
    )


def test_who_writes_as_a_thing_takes_the_word_from_nobody():
    said = "The incident began when the bot spoke: deploy 42 of Checkout finished, one person saw it."
    authors = ["Incident Bot", "deploy", "checkout", "person", "Provider support"]
    evidence = book(about(), *(_chat(place, author, said) for place, author in enumerate(authors)))
    veil = Veil(Known(PEOPLE, evidence))
    assert veil.hide(said) == said
    assert veil.hide("Incident Bot said so, @deploy too") == "PERSON_1 said so, PERSON_2 too"
    assert roster_of(evidence) == set()


def test_a_text_of_which_something_is_left_is_not_shown_and_the_rest_is(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(placeholders, "PASSES_MAX", 1)
    veil = Veil(Known([], EvidenceBook(())))
    assert veil.hide_all(["a@b.examplea@b.example", "and a@b.example"]) == ["…", "and EMAIL_2"]


def test_who_writes_as_a_number_leaves_the_times_as_they_are():
    assert Veil(Known([], book(_chat(1, "14", "x")))).hide("At 14:05 it began") == "At 14:05 it began"


def test_who_writes_in_small_letters_is_hidden_by_each_of_the_names():
    evidence = book(_chat(1, "wren okafor", "x"), _chat(2, "grace hopper", "x"))
    veil = Veil(Known(PEOPLE, evidence))
    hidden = veil.hide("Wren and hopper saw it, okafor told Grace")
    assert not [name for name in ("wren", "hopper", "okafor", "grace") if name in hidden.lower()]


def test_keys_are_hidden_as_values_are(veil: Veil):
    assert veil.hide_all({"Maria Rossi": ["@bert", 5, None]}) == {"PERSON_1": ["PERSON_2", 5, None]}


def test_more_than_can_be_hidden_is_not_sent(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(placeholders, "PLACEHOLDERS_MAX", 3)
    veil = Veil(Known([], EvidenceBook(())))
    with pytest.raises(TooMuchToHide):
        veil.hide(" ".join(f"user{n}@corp.example" for n in range(5)))


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("Kwabenaxu Osei said that the line was down.", ["Kwabenaxu Osei"]),
        ("Then Kwabenaxu Osei-Tutu of the carrier confirmed it.", ["Kwabenaxu Osei-Tutu"]),
        ("We told Thandiweko van Wyk; she agreed.", ["Thandiweko van Wyk"]),
        ("Kwabenaxu Osei Mensah Boateng said so.", ["Kwabenaxu Osei Mensah Boateng"]),
        ("On Monday **Kwabenaxu  Osei**\nsaid so.", ["Kwabenaxu Osei"]),
        ("Maria dos Santos e Silva, our rep at Fastly, said so.", ["Maria dos Santos e Silva"]),
        ("_Kwabenaxu Osei_ of Fastly said so.", ["Kwabenaxu Osei"]),
        ("Kwabenaxu Osei didn't reply; she called Adjoaxu Mensah.", ["Kwabenaxu Osei", "Adjoaxu Mensah"]),
        ("Ask @Tamsinxu Vale to look, @Here Please.", ["Tamsinxu Vale"]),
        ("According to Thandiweko Mbeki the cable was cut, and Wojtuś Żak joined the call.",
         ["Wojtuś Żak", "Thandiweko Mbeki"]),
        ("A mail from Thandiweko Mbeki came.", ["Thandiweko Mbeki"]),
        ("The Status Page said that all was well, and Grafana Dashboard told otherwise.", []),
        ("Checkout Primary said no.", []),
        ("Google Cloud confirmed it, Amazon Web Services told us, and Customer Support asked.", []),
        ("Circle Ci deployed it, Argo Rollouts rolled back, and PagerDuty Events told nobody.", []),
        ("Users said. Nobody Noticed asked. HTTP GET said 500.", []),
    ],
)  # fmt: skip
def test_who_is_told_of_as_a_person_is_one(text: str, names: list[str]):
    assert strangers_in(book(note(1, 5, text, ""))) == names


def test_a_stranger_is_hidden_wherever_the_evidence_names_them():
    evidence = book(
        note(1, 5, "Kwabenaxu Osei said that the line was down.", ""),
        note(2, 6, "Kwabenaxu restarted it with Osei's key.", ""),
    )
    veil = Veil(Known(PEOPLE, evidence))
    told = [veil.hide(one.text) for one in evidence.pieces]
    assert told[0] == "PERSON_1 said that the line was down."
    assert "Kwabenaxu" not in told[1]
    assert [veil.reveal(one) for one in told] == [one.text for one in evidence.pieces]
