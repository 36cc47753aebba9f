"""A model that does everything wrong: the draft is right each time, and nobody's name ever reaches it."""

from __future__ import annotations

import json
import time
from typing import Any

import pytest

from afterword.drafting.citations.check import check_draft
from afterword.drafting.deterministic.drafter import write_draft
from afterword.drafting.evidence.book import EvidenceBook
from afterword.drafting.model import writing
from afterword.drafting.model.outcomes import MODEL_KEYS, RECORD, CallOutcome
from afterword.drafting.model.placeholders import Veil
from tests.drafting.books import about, book, entry, note
from tests.drafting.model.conftest import PRIVATE, Write, told_of
from tests.drafting.model.server import CHANGED, Model

pytestmark = pytest.mark.pure

FAILING = {
    "slow": ("The model took too long.", CallOutcome.SLOW),
    "drips": ("The model took too long.", CallOutcome.SLOW),
    "cut": ("The model's answer was cut off.", CallOutcome.CUT),
    "hangs up": ("The model's answer was cut off.", CallOutcome.CUT),
    "huge": ("The model's answer was cut off.", CallOutcome.CUT),
    "length": ("The model's answer was cut off.", CallOutcome.CUT),
    "words": (writing.NOT_READABLE, CallOutcome.UNREADABLE),
    "half": (writing.NOT_READABLE, CallOutcome.UNREADABLE),
    "other json": (writing.NOT_READABLE, CallOutcome.UNREADABLE),
    "extra keys": (writing.NOT_READABLE, CallOutcome.UNREADABLE),
    "deep": (writing.NOT_READABLE, CallOutcome.UNREADABLE),
    "html": (writing.NOT_READABLE, CallOutcome.UNREADABLE),
    "not its format": (writing.NOT_READABLE, CallOutcome.UNREADABLE),
    "empty": ("The model's answer was empty.", CallOutcome.UNREADABLE),
    "calls a tool": ("The model's answer was empty.", CallOutcome.UNREADABLE),
    "declines": ("The model declined to write it.", CallOutcome.DECLINED),
    "refuses": ("The model declined to write it.", CallOutcome.DECLINED),
    "429": ("The model has too much to do (429).", CallOutcome.BUSY),
    "500": ("The model's endpoint failed (500).", CallOutcome.BROKEN),
    "401": ("The model's endpoint refused the request (401).", CallOutcome.REFUSED),
    "302": ("The model's endpoint refused the request (302).", CallOutcome.REFUSED),
    "nothing": (writing.NOTHING_WRITTEN, CallOutcome.WRITTEN),
    **dict.fromkeys(CHANGED, (writing.NOT_BORNE_OUT, CallOutcome.UNSUPPORTED)),
}


def test_what_a_good_model_writes_is_in_the_draft_and_bears_the_check(write: Write, told: EvidenceBook):
    draft = write()
    for key in MODEL_KEYS:
        [outcome] = [one for one in draft.outcomes if one.section.key == key]
        assert (outcome.written_by, outcome.why_not, outcome.dropped) == ("fake", "", 0)
        assert outcome.by_model
        assert outcome.usage.tokens == 1_020
    assert [verdict for verdict in check_draft(draft.draft, told) if verdict.outcome == "refused"] == []
    texts = [claim.text for claim in draft.draft.claims()]
    assert (
        "At 14:35 UTC the record says “The pool of db-1 was full: 200 of 200, says Dieter Krause.”" in texts
    )
    # Times and sums are the record's, and so are the gaps that it has.
    base = write_draft(told)
    assert draft.draft.section("timeline") == base.section("timeline")
    assert draft.draft.section("durations") == base.section("durations")
    gaps = {claim for claim in base.claims() if claim.kind == "gap"}
    assert gaps <= set(draft.draft.claims())


def test_neither_a_name_nor_a_secret_ever_reaches_the_model(write: Write, model: Model):
    for mood in ("", "changes a number", "guesses a name"):
        model.mood = mood
        write()
    received = model.received.casefold()
    assert len(model.asked) > 30
    assert [word for word in PRIVATE if word.casefold() in received] == []
    assert "person_1" in received
    assert all(one.path == "/v1/chat/completions" for one in model.asked)
    first = json.loads(model.asked[0].body)
    assert "tools" not in first
    assert first["response_format"]["type"] == "json_schema"


@pytest.mark.parametrize("mood", FAILING)
def test_whatever_a_model_does_wrong_the_text_of_the_record_stands(
    write: Any, model: Model, told: EvidenceBook, mood: str
):
    why_not, noted = FAILING[mood]
    model.mood = mood
    draft = write(keys=("summary",), seconds_max=1.5 if mood in ("slow", "drips") else 20)
    assert draft.draft == write_draft(told)
    [summary] = [one for one in draft.outcomes if one.section.key == "summary"]
    assert (summary.written_by, summary.why_not) == (RECORD, why_not)
    assert {call.outcome for call in write.calls} == {noted}
    assert not any(word.casefold() in model.received.casefold() for word in PRIVATE)
    assert all("elsewhere" not in one.path for one in model.asked)


def test_a_slow_model_takes_no_longer_than_it_may(write: Write, model: Model):
    model.mood, model.seconds = "slow", 6.0
    began = time.monotonic()
    write(seconds_max=1.2)
    assert time.monotonic() - began < 4.0


def test_an_endpoint_that_is_not_there_is_said_to_be_unreachable(write: Any, told: EvidenceBook):
    draft = write(endpoint="http://127.0.0.1:1/v1")
    assert draft.draft == write_draft(told)
    assert {call.outcome for call in write.calls} == {CallOutcome.UNREACHABLE}
    [summary] = [one for one in draft.outcomes if one.section.key == "summary"]
    assert summary.why_not == "The model could not be reached (ConnectError)."


def test_an_endpoint_that_is_too_busy_is_not_asked_on_and_on(write: Any, model: Model):
    model.mood = "429"
    write(calls_at_once_max=1)
    assert len(model.asked) == 1


def test_what_the_evidence_does_not_bear_out_is_asked_for_once_more(write: Any, model: Model):
    model.mood = "changes a number once"
    draft = write(keys=("summary",))
    [summary] = [one for one in draft.outcomes if one.section.key == "summary"]
    assert (summary.written_by, summary.dropped, len(model.asked)) == ("fake", 0, 2)
    assert "'4711': The evidence has no such number." in model.asked[1].body.encode().decode("unicode_escape")
    assert [(call.attempt, call.claims_kept > 0) for call in write.calls] == [(1, False), (2, True)]


def test_each_section_fails_by_itself(write: Write, model: Model):
    model.moods = {"summary": "500", "impact": "words", "actions": "changes a number"}
    draft = write()
    by_key = {one.section.key: one.written_by for one in draft.outcomes if one.section.key in MODEL_KEYS}
    assert {key for key, by in by_key.items() if by == RECORD} == {"summary", "impact", "actions"}


def test_each_section_is_told_of_as_soon_as_it_is_known(write: Write, told: EvidenceBook):
    seen: list[str] = []
    draft = write(on_section=lambda outcome: seen.append(outcome.section.key))
    assert sorted(seen) == sorted(one.section.key for one in draft.outcomes)
    assert seen[0] == "timeline"


def test_of_a_private_incident_nothing_is_sent_unless_that_is_allowed(write: Write, model: Model):
    private = book(about(private=True), note(1, 5, "The pool was full."))
    draft = write(private)
    assert model.asked == []
    [summary] = [one for one in draft.outcomes if one.section.key == "summary"]
    assert (summary.written_by, summary.why_not) == (RECORD, writing.IS_PRIVATE)
    assert write(private, allow_private=True, keys=("summary",)).usage.calls == 1


def test_what_could_not_be_hidden_is_not_sent(write: Write, model: Model, monkeypatch: pytest.MonkeyPatch):
    """A second look at what is about to go out, for the day on which the first one misses something."""
    monkeypatch.setattr(Veil, "hide", lambda self, text: text)
    draft = write(keys=("summary",))
    assert model.asked == []
    [summary] = [one for one in draft.outcomes if one.section.key == "summary"]
    assert summary.why_not == writing.WOULD_LEAK


def test_nobody_keeps_the_model_from_writing_by_what_they_are_called(write: Write, model: Model):
    """A chat is open to programs and to guests, and names are what people say they are."""
    authors = ["Incident Bot", "deploy", "person", "note", "summary", "mark", "jo", "PERSON_1", "Checkout"]
    chat = [
        entry(50 + place, 31, "The pool of db-1 was full.", kind="chat", source=author,
              data={"person": author, "mark": "diagnosis"})
        for place, author in enumerate(authors)
    ]  # fmt: skip
    evidence = told_of()
    draft = write(EvidenceBook((*evidence.pieces, *chat), names=evidence.names), keys=("summary",))
    [summary] = [one for one in draft.outcomes if one.section.key == "summary"]
    assert (summary.written_by, summary.why_not) == ("fake", "")
    sent = [one for one in model.asked[0].evidence if one["known"].get("kind") == "chat"]
    assert len(sent) == len(authors)
    assert not {one["source"] for one in sent} & set(authors) - {"PERSON_1"}
    assert {one["text"] for one in sent} == {"The pool of db-1 was full."}


def test_a_placeholder_that_the_model_mixes_up_costs_it_the_claim(
    write: Write, model: Model, monkeypatch: pytest.MonkeyPatch
):
    """Another person's placeholder is a true one, and the wrong name: the check of citations finds that."""
    claim = {"evidence": ["E1"], "kind": "fact", "ask": [], "action": None}
    model.mood = "mixes up"
    for number in (1, 2, 3, 4):
        text = f"PERSON_{number} found the pool of db-1 full: 200 of 200."
        monkeypatch.setitem(CHANGED, "mixes up", lambda *_, text=text: claim | {"text": text})
        section = write(keys=("summary",)).draft.section("summary")
        assert section is not None
        said = " ".join(one.text for one in section.claims)
        assert "Brandt found" not in said
        assert "Weiß found" not in said


def test_the_format_of_anthropic_is_spoken_too(write: Any, model: Model, told: EvidenceBook):
    draft = write(
        provider="anthropic", model="claude-sonnet-5", key="sk-ant-test", keys=("summary", "impact")
    )
    assert {one.written_by for one in draft.outcomes if one.section.key in ("summary", "impact")} == {
        "claude-sonnet-5"
    }
    assert {one.path for one in model.asked} == {"/v1/messages"}
    assert {one.headers["authorization"] for one in model.asked} == {"Bearer sk-ant-test"}
    assert not any(word.casefold() in model.received.casefold() for word in PRIVATE)
    wrong = {"429": "busy", "cut": "cut", "length": "cut", "declines": "declined", "html": "unreadable"}
    for mood, outcome in {**wrong, "changes a time": "unsupported"}.items():
        model.mood = mood
        assert write(provider="anthropic", keys=("summary",)).draft == write_draft(told)
        assert {call.outcome for call in write.calls} == {outcome}


@pytest.mark.parametrize("provider", ["ollama", "vllm"])
def test_ollama_and_vllm_are_asked_for_the_form_as_well(write: Any, model: Model, provider: str):
    assert write(provider=provider, model="qwen3:14b", keys=("summary",)).usage.calls == 1
    asked = json.loads(model.asked[0].body)
    assert asked["response_format"]["json_schema"]["schema"]["required"] == ["claims"]
    assert asked["model"] == "qwen3:14b"
