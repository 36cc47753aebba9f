"""How much a book of evidence holds, and where its pieces lead to."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.urls import reverse

from afterword.incidents.models import Incident

NAMES_MAX = 2_000
"""Of services or people, that a text could mention."""


@dataclass(frozen=True)
class Limits:
    """How much a book holds at most, of all incidents together where nothing else is said."""

    entries_max: int = 1_000
    """Distinct lines of timelines. A line that is said again counts once."""
    chat_max: int = 300
    """Chat messages that nobody starred or marked, beside the other lines."""
    alerts_max: int = 200
    """Distinct alerts."""
    labelled_alerts_max: int = 50
    """Of these the first, whose values and labels are read."""
    changes_max: int = 50
    upstream_changes_max: int = 50
    """Beside these, to what its services depend on."""
    changes_before_hours: int = 24
    rows_read_max: int = 100_000
    """Lines, and as many alerts, that are looked at."""
    others_max: int = 50
    """Of each further kind."""
    similar_max: int = 5
    text_characters_max: int = 1_000
    """Of one piece."""

    def cut(self, text: str) -> str:
        """The text as long as that of a piece may be."""
        return cut_text(text, self.text_characters_max)


LIMITS = Limits()


def cut_text(text: str, characters_max: int) -> str:
    """A longer text ends with “…”."""
    return text if len(text) <= characters_max else text[: characters_max - 1].rstrip() + "…"


def address_of(name: str, incident: Incident, *more: Any, number: int | None = None) -> str:
    """A page of an incident, from anywhere; of another one, where its `number` is given."""
    path: str = reverse(name, args=[number or incident.number, *more])
    return f"{settings.PUBLIC_URL}{path}"
