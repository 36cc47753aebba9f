"""Time, tokens and money of a draft end where the administrator has said."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest

from afterword.drafting.deterministic.drafter import write_draft
from afterword.drafting.evidence.book import EvidenceBook
from afterword.drafting.model.ledger import MONEY_IS_SPENT, TOKENS_ARE_SPENT, Grant, Ledger, Spent
from afterword.drafting.model.outcomes import ModelSettings
from tests.drafting.model.server import Model

pytestmark = pytest.mark.pure


def _ledger(**given: Any) -> Ledger:
    return Ledger(ModelSettings("openai", "http://x", "m", **given))


def test_a_call_is_not_begun_that_could_take_more_tokens_than_are_left(write: Any, told: EvidenceBook):
    draft = write(tokens_max=500)
    assert draft.draft == write_draft(told)
    assert write.calls == []
    assert {one.why_not for one in draft.outcomes if one.section.key == "summary"} == {TOKENS_ARE_SPENT}


def test_sections_are_written_until_the_tokens_are_used_up(write: Any, model: Model):
    model.usage = {"sent": 2_000, "answered": 4_000}
    draft = write(tokens_max=30_000, calls_at_once_max=1)
    spent = [one for one in draft.outcomes if one.why_not == TOKENS_ARE_SPENT]
    assert spent
    assert len(model.asked) < 7
    assert draft.usage.tokens <= 30_000


def test_money_is_counted_by_the_prices_and_ends_too(write: Any, model: Model):
    prices = {"price_sent": Decimal(10), "price_answered": Decimal(30)}
    draft = write(keys=("summary",), **prices)
    assert draft.usage.money == Decimal("0.0126")
    model.asked.clear()
    draft = write(money_max=Decimal("0.0001"), **prices)
    assert model.asked == []
    assert {one.why_not for one in draft.outcomes if one.section.key == "impact"} == {MONEY_IS_SPENT}


def test_what_an_endpoint_says_of_its_tokens_is_believed_as_far_as_it_is_possible(write: Any, model: Model):
    model.usage = {"sent": 10**15, "answered": 5}
    draft = write(tokens_max=100_000_000, calls_at_once_max=1)
    assert len(model.asked) == 1
    assert draft.usage.tokens_sent == 2**31 - 1
    model.usage = None
    draft = write(keys=("summary",))
    assert draft.usage.tokens_sent > 1_000
    assert [call.is_estimated for call in write.calls] == [True]


def test_calls_at_once_share_what_is_left():
    ledger = _ledger(tokens_max=10_000)
    first = ledger.grant(3_000)
    assert (first.tokens_sent, first.answer_tokens_max) == (1_001, 6_000)
    assert ledger.grant(3_000).answer_tokens_max == 10_000 - 7_001 - 1_001
    with pytest.raises(Spent, match="tokens"):
        ledger.grant(3_000)
    assert ledger.settle(first, sent=100, answered=50, ms=7).tokens == 150
    assert ledger.grant(3_000).answer_tokens_max > 5_000


def test_with_no_time_left_no_call_is_begun():
    moments = iter([0.0, 59.5, 59.5])
    ledger = Ledger(ModelSettings("openai", "http://x", "m", seconds_max=60), lambda: next(moments))
    with pytest.raises(Spent, match="time"):
        ledger.grant(10)


def test_an_answer_is_cut_to_the_money_that_is_left():
    ledger = _ledger(money_max=Decimal("0.05"), price_answered=Decimal(10))
    assert ledger.grant(0) == Grant(pytest.approx(60, abs=1), 5_000, 1)
