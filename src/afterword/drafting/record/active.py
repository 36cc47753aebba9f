"""Times that a sentence tells by what somebody did, or by “when”: “we noticed the problem at 14:09”. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterator

from afterword.drafting.citations.reading import Clock
from afterword.drafting.citations.zones import ZONE
from afterword.drafting.record.sentences import Sentence
from afterword.drafting.record.wording import SUBJECT, is_of_others

_DEEDS = {
    "detected": ("detected|noticed|discovered|spotted|picked up|caught", rf"{SUBJECT}|it"),
    "acknowledged": (
        "acknowledged|acked|took|answered|accepted|picked up",
        rf"page|alert|(?<!took )(?<!took the )(?<!up the )(?<!took our ){SUBJECT}",
    ),
    "identified": (
        "identified|found|pinpointed|understood|knew|located",
        "cause|culprit|what (?:was|had gone|went) wrong|what was going on",
    ),
    "fixed": ("fixed|mitigated", rf"{SUBJECT}|it"),
    "resolved": ("resolved|ended", SUBJECT),
    "closed": ("closed", SUBJECT),
}
_DEED = {
    key: (
        re.compile(
            rf"\b(?:{verbs}) (?:(?:the|this|that|an?|our) )?(?:(?:root|first|whole) )?(?P<what>{objects})\b"
            r"(?= (?:at|by|on|around|about|approximately|shortly|just)\b|, (?:at|on)\b)",
            re.I,
        ),
        frozenset(verb.split()[0] for verb in verbs.split("|")),
    )
    for key, (verbs, objects) in _DEEDS.items()
}
RESTORED_WORDS = frozenset({"restored", "recovered", "back"})
"""Without any of these nothing is said to have been restored."""
_STATES = {
    "fixed": (
        re.compile(
            r"\b(?:fix|hotfix|mitigation|workaround) (?:was|is|went|had gone|had been|took) (?:\w+ly "
            r")?(?:live|in place|effective|effect)\b"
            r"(?= (?:at|on|around|about|by)\b)",
            re.I,
        ),
        frozenset({"fix", "hotfix", "mitigation", "workaround"}),
    ),
    "resolved": (
        re.compile(
            r"\b(?:all[- ]clear (?:was given|came|went out|followed)|(?:gave|sounded|called|sent)(?: "
            r"out)? (?:the|an) all[- ]clear)\b"
            r"(?= (?:at|on|around|about)\b)",
            re.I,
        ),
        frozenset({"clear"}),
    ),
    "identified": (
        re.compile(
            r"\b(?:root )?cause (?:was|became|is) (?:\w+ly )?(?:clear|known|understood"
            r"|established)\b(?= (?:at|on|around|about|by)\b)",
            re.I,
        ),
        frozenset({"cause"}),
    ),
    "acknowledged": (
        re.compile(
            r"^[\s>|*_+-]*+ack(?:ed|nowledged|nowledgement)? by (?:the )?[\w -]{1,40}?(?= (?:at"
            r"|around|about)\b)",
            re.I,
        ),
        frozenset({"ack", "acked", "acknowledged", "acknowledgement"}),
    ),
    "detected": (
        re.compile(
            r"^[\s>|*_+-]*+(?:detected|noticed|discovered|spotted) by (?:the |our )?[\w -]{1,40}?(?= "
            r"(?:at|around|about)\b)|"
            r"\b(?:(?:the|our) )?(?:very )?first alert (?:fired|came(?: in)?|arrived|was raised|went "
            r"off|reached us)\b(?= (?:at|on|around|about)\b)"
            r"|\bpicked (?:it|this|that|the problem|the issue) up\b(?= (?:at|around|about)\b)",
            re.I,
        ),
        frozenset({"first", "picked", "detected", "noticed", "discovered", "spotted"}),
    ),
}
"""What came to be, and is not said of the incident itself."""
DEED_WORDS = frozenset(
    {
        *(word for _, verbs in _DEED.values() for word in verbs),
        *(word for _, words in _STATES.values() for word in words),
        *RESTORED_WORDS,
    }
)
_RESTORED = re.compile(
    r"\b(?:service|everything|all services|normal (?:service|operation)) (?:was|were|had been|is) (?:\w+ly )?"
    r"(?:restored|recovered|back(?: (?:to normal|up|online|in full))?)\b(?= (?:at|on|around|about|by)\b)",
    re.I,
)
_VERBS_BY_WHEN = {
    "started": "started|began",
    "detected": "detected|noticed|discovered",
    "acknowledged": "acknowledged",
    "fixed": "fixed|mitigated",
    "resolved": "resolved|ended|over",
    "closed": "closed",
}
_WHEN = re.compile(
    rf",? when (?:the |this )?(?:{SUBJECT}|it) (?:(?:was|had|has|been|is|finally|first|fully) )*(?P<verb>"
    + "|".join(f"(?P<{key}>{verbs})" for key, verbs in _VERBS_BY_WHEN.items())
    + r")\b",
    re.I,
)
_WHEN_WORD = frozenset({"when", "which"})
_BY_WHICH = re.compile(
    rf",? which (?:finally )?(?:(?P<fixed>fixed|mitigated)|(?P<resolved>resolved|ended)) (?:the "
    rf"|this )?(?:{SUBJECT}|it)\b",
    re.I,
)


def cues_of_deeds(sentence: Sentence) -> list[tuple[int, str]]:
    """Where the words end that say who did what, just before a time; and of which moment that is the time."""
    cues: list[tuple[int, str]] = []
    words = sentence.words_among(DEED_WORDS)
    for key, (pattern, verbs) in _DEED.items() if words else ():
        if not words.isdisjoint(verbs):
            for match in pattern.finditer(sentence.shown):
                if not is_of_others(sentence.shown, match.start("what")):
                    cues.append((match.end(), key))
    for key, (pattern, needed) in _STATES.items() if words else ():
        if not words.isdisjoint(needed):
            cues += [(match.end(), key) for match in pattern.finditer(sentence.shown)]
    if not words.isdisjoint(RESTORED_WORDS):
        cues += [(match.end(), "resolved") for match in _RESTORED.finditer(sentence.shown)]
    return cues


def told_by_when(sentence: Sentence) -> Iterator[tuple[Clock, str]]:
    """“… until 15:17 UTC, when the incident was resolved.”"""
    if not sentence.may_have_word(_WHEN_WORD):
        return
    for clock in sentence.reading.clocks:
        zone = ZONE.match(sentence.shown, clock.end)
        match = _WHEN.match(sentence.shown, zone.end() if zone else clock.end)
        if match is not None:
            yield clock, next(key for key in _VERBS_BY_WHEN if match[key])
        elif (match := _BY_WHICH.match(sentence.shown, zone.end() if zone else clock.end)) is not None:
            yield clock, "fixed" if match["fixed"] else "resolved"
