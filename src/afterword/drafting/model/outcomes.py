"""What a model may spend on a draft, and what came of asking it. Pure: no Django.

Money is in whatever currency the administrator gave the prices in.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from enum import StrEnum
from typing import Any, Literal

from afterword.drafting.claims import Draft, DraftSection

Provider = Literal["openai", "ollama", "vllm", "anthropic"]
"""Whose way of talking an endpoint has. `openai` stands for every endpoint that speaks OpenAI's format."""

RECORD = "record"
"""Stands in `written_by` where the record's own text stands."""

MODEL_KEYS = ("summary", "impact", "changes", "contributors", "mitigators", "actions", "questions")
"""The sections that a model is asked for. The others are lists, times and sums, exact in the record."""


@dataclass(frozen=True)
class ModelSettings:
    """Which model writes, where it is, and what one draft may cost."""

    provider: Provider
    endpoint: str
    """A web address without a path of the format's own, as `http://127.0.0.1:11434/v1`."""
    model: str
    key: str = field(default="", repr=False)
    seconds_max: float = 60.0
    """For a whole draft; a call gets what is left of it."""
    tokens_max: int = 100_000
    """For a whole draft, those sent and those answered together."""
    money_max: Decimal = Decimal(0)
    """For a whole draft. 0: as much as the tokens cost."""
    price_sent: Decimal = Decimal(0)
    """Of a million tokens that are sent."""
    price_answered: Decimal = Decimal(0)
    """Of a million tokens that are answered."""
    calls_at_once_max: int = 3


@dataclass(frozen=True)
class Usage:
    """What calls took."""

    calls: int = 0
    tokens_sent: int = 0
    tokens_answered: int = 0
    ms: int = 0
    money: Decimal = Decimal(0)

    @property
    def tokens(self) -> int:
        return self.tokens_sent + self.tokens_answered

    def __add__(self, other: Usage) -> Usage:
        return Usage(
            self.calls + other.calls,
            self.tokens_sent + other.tokens_sent,
            self.tokens_answered + other.tokens_answered,
            self.ms + other.ms,
            self.money + other.money,
        )

    def as_json(self) -> dict[str, Any]:
        """As JSON; money as text, so that it stays exact."""
        return {
            "calls": self.calls,
            "tokens_sent": self.tokens_sent,
            "tokens_answered": self.tokens_answered,
            "ms": self.ms,
            "money": f"{self.money:f}",
        }


class CallOutcome(StrEnum):
    """What came of one call."""

    WRITTEN = "written"
    UNSUPPORTED = "unsupported"
    UNREADABLE = "unreadable"
    CUT = "cut"
    DECLINED = "declined"
    BUSY = "busy"
    REFUSED = "refused"
    BROKEN = "broken"
    SLOW = "slow"
    UNREACHABLE = "unreachable"


OUTCOME_WORDS: dict[CallOutcome, str] = {
    CallOutcome.WRITTEN: "Written",
    CallOutcome.UNSUPPORTED: "Not borne out by the evidence",
    CallOutcome.UNREADABLE: "Not in the form that was asked for",
    CallOutcome.CUT: "Cut off",
    CallOutcome.DECLINED: "The model declined",
    CallOutcome.BUSY: "Too many requests",
    CallOutcome.REFUSED: "The endpoint refused the request",
    CallOutcome.BROKEN: "The endpoint failed",
    CallOutcome.SLOW: "Too slow",
    CallOutcome.UNREACHABLE: "Not reached",
}


@dataclass(frozen=True)
class CallNote:
    """What is kept of one call: nothing of what was sent or answered."""

    section: str
    attempt: int
    at: datetime
    outcome: CallOutcome
    usage: Usage
    status: int | None = None
    is_estimated: bool = False
    claims_kept: int = 0
    claims_refused: int = 0


@dataclass(frozen=True)
class SectionOutcome:
    """One section of a draft, who wrote it, and why not the model."""

    section: DraftSection
    written_by: str = RECORD
    """`RECORD`, or the model's name: then the claims in `by_model` are its own, the others the record's."""
    why_not: str = ""
    """A sentence, where the model was to write it and the record's text stands."""
    by_model: frozenset[int] = frozenset()
    """The places of the section's claims that the model wrote, counted from 0."""
    dropped: int = 0
    """Claims of the model that the evidence did not bear out, after it was asked again."""
    withheld: tuple[str, ...] = ()
    """Ids of evidence that was not shown to the model, because it gives orders to whoever reads it."""
    usage: Usage = Usage()

    def as_json(self) -> dict[str, Any]:
        """As JSON, with the section; what is empty is left out."""
        told: dict[str, Any] = {
            **self.section.as_json(),
            "written_by": self.written_by,
            "why_not": self.why_not,
            "by_model": sorted(self.by_model),
            "dropped": self.dropped,
            "withheld": list(self.withheld),
            "usage": self.usage.as_json() if self.usage.calls else None,
        }
        return {
            name: value for name, value in told.items() if name == "claims" or value not in (None, "", [], 0)
        }


@dataclass(frozen=True)
class ModelDraft:
    """A draft of which a model wrote what it could."""

    draft: Draft
    outcomes: tuple[SectionOutcome, ...]
    """One for each section of the draft, in its order."""
    usage: Usage = Usage()

    def as_json(self) -> dict[str, Any]:
        """The draft as JSON, as `Draft.as_json` gives it, with who wrote each section."""
        return {
            "sections": [outcome.as_json() for outcome in self.outcomes],
            "usage": self.usage.as_json(),
        }
