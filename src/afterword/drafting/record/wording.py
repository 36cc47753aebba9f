"""Words that several kinds of findings ask for. Pure."""

from __future__ import annotations

import re

SUBJECT = (
    r"(?:incident|outage|impact|disruption|degradation|issue|problem|trouble|downtime|failure)s?"
    r"(?! (?:review|report|call|channel|bridge|meeting|debrief|process|response|retrospective)\b)"
)
LISTED = re.compile(r"[;,]| but | and | while | when | whereas ")
"""Behind it a sentence may speak of something else."""
ROUGH = re.compile(
    r"(?:about|around|approximately|approx\.?|roughly|nearly|almost|some|circa|ca\.|~|≈|just (?:over|under)"
    r"|shortly (?:before|after)|before|after|until|by|since|over|under|more than|less than|at least|at most"
    r"|up to)$",
    re.I,
)
"""At the end of what stands before a value that is not meant exactly."""
_POSSESSOR = re.compile(r"(?:^|\s)(?P<who>[\w-]+)(?:['’]s|s['’]) (?:\w+ )?$")
_OURS = frozenset({"our", "today", "yesterday", "day", "morning", "night", "week", "weekend", "year"})


def is_of_others(shown: str, start: int) -> bool:
    """Whether what stands there is somebody else's: “our supplier's outage”.

    A name with a capital may be a service of ours.
    """
    if "'" not in shown and "’" not in shown:
        return False
    match = _POSSESSOR.search(shown[max(0, start - 60) : start])
    return match is not None and match["who"][0].islower() and match["who"].casefold() not in _OURS
