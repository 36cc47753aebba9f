"""Decisions about questions. Pure: no Django, and the time is an argument."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta, tzinfo

from afterword.drafting.claims import Claim
from afterword.lib.zones import after_weekend

REMIND_EVERY_DAYS = 2
REMINDERS_MAX = 3
SUGGESTED_MAX = 5
KEY_CHARACTERS = 12

HINT = (
    "Tell what you could see at that moment, and how it looked to you then. What became clear only later is "
    "welcome too, if you say so. Nobody is judged by an answer."
)
"""Stands beside every question: it asks for what was known then, not for a justification."""


ASKS_INSTEAD = "What could be seen then, and what was it expected to do?"
_JUSTIFY = re.compile(
    r"\b(?:why\s+(?:did|were|had|have|was)(?:n['’]t|\s+not)?\s+you\b|why\s+you\s+(?:did|were|had|have)\b|"
    r"how\s+could\s+you\s+(?:not\b|miss|forget|overlook|ignore|let\b|allow)|"
    r"(?:did|have|had)(?:n['’]t|\s+not)?\s+you\s+(?:forg[eo]t|miss|overlook|ignor|fail|neglect)|"
    r"(?:warum|wieso|weshalb)\s+(?:hast|habt|haben|hattest|hatten|bist|seid|sind|warst|waren)\s+"
    r"(?:du|ihr|Sie)\b)[^.?!\n]{0,60}",
    re.IGNORECASE,
)


def asks_to_justify(text: str) -> list[tuple[int, int]]:
    """Where a question turns to somebody and asks why they did or did not do something: start and end.

    Who is asked so defends what was done, and tells less of what could be seen.
    """
    return [found.span() for found in _JUSTIFY.finditer(text)]


def next_reminder(after: datetime, reminders: int, zone: tzinfo) -> datetime | None:
    """When somebody who was asked or reminded at `after` is reminded (again): never on a weekend of theirs.

    `reminders` is how many they had. None: they had enough.
    """
    if reminders >= REMINDERS_MAX:
        return None
    return after_weekend(after + timedelta(days=REMIND_EVERY_DAYS), zone)


def key_of(claim: Claim) -> str:
    """What stands for a question of a draft in an address: the same while its words and evidence are."""
    told = "\0".join([claim.text, *claim.evidence])
    return hashlib.blake2b(told.encode(errors="replace"), digest_size=KEY_CHARACTERS // 2).hexdigest()


def choose_people(
    names: Iterable[str], reasons: Mapping[int, str], people: Mapping[int, str]
) -> dict[int, str]:
    """Who could answer, the likeliest first, by key with the reason; at most `SUGGESTED_MAX`.

    `names` are those that a draft names, `reasons` what people had to do with the incident, in order, and
    `people` the names of all who may be asked, by key. Somebody who may not be asked is not suggested. Of
    two people of one name it is not known who was meant, unless one of them had to do with it.
    """
    chosen: dict[int, str] = {}
    for name in names:
        bearing = [key for key, known in people.items() if known == name]
        near = [key for key in bearing if key in reasons] or bearing
        if len(near) == 1:
            chosen.setdefault(near[0], reasons.get(near[0], "named by the draft"))
    for key, reason in reasons.items():
        if key in people:
            chosen.setdefault(key, reason)
    return dict(list(chosen.items())[:SUGGESTED_MAX])
