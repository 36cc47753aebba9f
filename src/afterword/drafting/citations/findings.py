"""What the check of citations finds. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

FindingKind = Literal[
    "uncited",
    "unknown-id",
    "quotation",
    "time",
    "date",
    "length",
    "number",
    "thing",
    "name",
    "role",
    "order",
    "unfinished",
    "causal",
    "negation",
    "opposite",
    "unsupported",
    "weak",
]


@dataclass(frozen=True)
class Finding:
    """Something in a claim that its evidence does not bear out."""

    kind: FindingKind
    text: str
    """The words of the claim, or the id."""
    message: str
