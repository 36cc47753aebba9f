"""What programs are told of the calls of a model."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal

from ninja import Schema
from pydantic import Field


class ModelCallOut(Schema):
    """One call of a model: what it was for and what it took. What was sent and answered is kept nowhere."""

    at: datetime
    postmortem: int | None = Field(description="Its number; null for none, and for one that you cannot see.")
    incident: int | None = Field(description="The same of the first incident that the draft is about.")
    section: str = Field(description="Its key, as summary or impact.")
    attempt: int = Field(
        description="2 where the model was asked again for what the evidence did not bear out."
    )
    provider: str
    model: str
    outcome: str = Field(
        description="written, unsupported, unreadable, cut, declined, busy, refused, broken, slow or "
        "unreachable"
    )
    status: int | None = Field(description="With which the endpoint answered, where it was no success.")
    tokens_sent: int
    tokens_answered: int
    is_estimated: bool = Field(description="Whether the endpoint did not say how many tokens there were.")
    ms: int
    money: Decimal = Field(description="In the currency of the prices that the administrator has set.")
    claims_kept: int
    claims_refused: int
