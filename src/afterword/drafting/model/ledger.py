"""What a draft may still spend: time, tokens and money, shared by the calls that are made at once. Pure."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal

from afterword.drafting.model.outcomes import ModelSettings, Usage

CHARACTERS_PER_TOKEN = 3
"""Fewer than any tokeniser needs for English, so that what is set aside is enough."""
ANSWER_TOKENS_MAX = 6_000
"""Asked for in one call; of a model that thinks first, its thoughts too."""
ANSWER_TOKENS_MIN = 500
"""With less than this nothing useful can be answered."""
SECONDS_MIN = 1.0
"""With less than this no call is begun."""
TOKENS_COUNTED_MAX = 2**31 - 1
MILLION = 1_000_000

TIME_IS_UP = "The time for the draft was used up."
TOKENS_ARE_SPENT = "The tokens for the draft were used up."
MONEY_IS_SPENT = "The money for the draft was used up."


class Spent(Exception):
    """A call would go beyond what a draft may take. The message says of what."""


@dataclass(frozen=True)
class Grant:
    """What one call may take."""

    seconds_max: float
    answer_tokens_max: int
    tokens_sent: int
    """As estimated."""


class Ledger:
    """Sets aside before a call what it can take at most, and settles after it what it took."""

    def __init__(self, settings: ModelSettings, now: Callable[[], float] = time.monotonic) -> None:
        self._settings = settings
        self._now = now
        self._deadline = now() + settings.seconds_max
        self._tokens = 0
        self._money = Decimal(0)
        self._lock = threading.Lock()

    @property
    def seconds_left(self) -> float:
        return max(0.0, self._deadline - self._now())

    def grant(self, characters: int) -> Grant:
        """What a call with so many characters may take. Raises Spent."""
        seconds = self.seconds_left
        if seconds < SECONDS_MIN:
            raise Spent(TIME_IS_UP)
        sent = characters // CHARACTERS_PER_TOKEN + 1
        with self._lock:
            answer = min(ANSWER_TOKENS_MAX, self._settings.tokens_max - self._tokens - sent)
            if answer < ANSWER_TOKENS_MIN:
                raise Spent(TOKENS_ARE_SPENT)
            if self._settings.money_max:
                left = self._settings.money_max - self._money - self._price(sent, 0)
                if self._settings.price_answered:
                    answer = min(answer, int(left * MILLION / self._settings.price_answered))
                if left < 0 or answer < ANSWER_TOKENS_MIN:
                    raise Spent(MONEY_IS_SPENT)
            self._tokens += sent + answer
            self._money += self._price(sent, answer)
        return Grant(seconds, answer, sent)

    def settle(self, grant: Grant, *, sent: int, answered: int, ms: int) -> Usage:
        """Note what the call took in the place of what was set aside for it.

        What an endpoint says of itself is believed as far as it is possible: no less than nothing.
        """
        sent = min(max(sent, 0), TOKENS_COUNTED_MAX)
        answered = min(max(answered, 0), TOKENS_COUNTED_MAX)
        money = self._price(sent, answered)
        with self._lock:
            self._tokens += sent + answered - grant.tokens_sent - grant.answer_tokens_max
            self._money += money - self._price(grant.tokens_sent, grant.answer_tokens_max)
        return Usage(1, sent, answered, max(ms, 0), money)

    def _price(self, sent: int, answered: int) -> Decimal:
        price = sent * self._settings.price_sent + answered * self._settings.price_answered
        return (price / MILLION).quantize(SMALLEST)


SMALLEST = Decimal("0.000001")
