"""Severities, services and versions that a sentence names. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache

from afterword.drafting.record.facts import NAMES_MAX, Deployed, Record, RecordFinding
from afterword.drafting.record.sentences import Sentence

BEFORE_CHARACTERS = 60

_SEVERITY_SAID = (
    r"(?:(?:severity|(?P<priority>priority))(?: level)?(?: was| of| is|:)?(?: set to)?\s+(?:\w+"
    r" \()?(?P<after>{names})"
    r"|(?:declared|opened|(?:treated|handled|rated|classified|raised|logged|filed|recorded"
    r"|categori[sz]ed)(?: \w+)? as) (?:an? |this"
    r" )?(?P<declared>{names})|(?:incident|outage), an? (?P<beside>{names})"
    r"|(?:this|the incident|it|which|outage)(?: \w+)? was (?:declared |classified as |rated )?(?:an? )?"
    r"(?P<was>{names})"
    r"|(?:this|the) (?P<this>{names}) (?:incident|outage)"
    r"|^[\s>|*_+-]*(?P<bare>{names})(?=[\s*_]*(?:[,;(.]|$)))(?![\w-])"
)
_CHANGED = re.compile(
    r"\b(?:upgraded|downgraded|raised(?! as\b)|lowered|escalated|initially|first|from(?! (?:the "
    r")?(?:beginning|start|outset|first)\b))\b",
    re.I,
)
_VERSION = re.compile(r"(?<![\w./-])v?(\d+\.\d+(?:\.\d+)?(?:[-+][\w.]+)?)(?![\w/]|\.\d|-\d|%)", re.I)
_RUNNING = re.compile(r"\b(?:running|ran|runs|was on|were on)[^.;:,]{0,20}$", re.I)
_VERSION_WORDS = (
    "running",
    "ran",
    "was on",
    "were on",
    "deploy",
    "rollout",
    "releas",
    "rolled out",
    "shipped",
    "upgraded to",
    "updated to",
    "version",
)
_VERSION_SAID = re.compile(
    r"\b(?:roll-?out of|deploy(?:ed|ment of|ing|s)?|releas(?:ed|e of|ing|e)|rolled out|shipped"
    r"|upgraded to|updated to"
    r"|version)[^.;:,]{0,40}$",
    re.I,
)
_ROLLED_BACK = re.compile(r"\b(?:roll(?:ed|ing)?[ -]?back|revert(?:ed|ing)?|downgrad(?:ed|ing))\b", re.I)
_PARTS = re.compile(r"[.+-]")
_AFFECTED_WORDS = frozenset(
    {
        "affected",
        "impacted",
        "degraded",
        "outage",
        "took",
        "brought",
        "down",
        "unavailable",
        "slow",
        "offline",
    }
)
"""Without any of these a sentence says of no service that it was affected."""
_AFFECTED_BEFORE = re.compile(
    r"\b(?:affected|impacted|degraded|outage of|took down|brought down)(?: services?)?:?(?: the)?\s$", re.I
)
_AFFECTED_AFTER = re.compile(
    r"(?:(?:, and|,| and) [A-Z][\w-]*(?: [A-Z][\w-]*)?)*(?: service| API)? (?:was|were|became|went)"
    r" (?:down|unavailable|affected|impacted|degraded|slow|offline)\b",
    re.I,
)


def names_something(sentence: Sentence, record: Record) -> bool:
    """Whether a severity or the name of another service is in it."""
    names = _known_names(tuple(record.known_severities[:NAMES_MAX]), other_services(record))
    return names is not None and names.search(sentence.shown) is not None


def check_severities(sentence: Sentence, record: Record) -> Iterator[RecordFinding]:
    """A severity or a priority that is said to be the incident's."""
    if not record.severities:
        return
    said = _said_severity(tuple(record.known_severities[:NAMES_MAX]))
    if said is None or not sentence.may_have(said.beginnings):
        return
    ours = {_plain(name) for name in record.severities}
    for match in said.pattern.finditer(sentence.shown):
        group = next(name for name in ("after", "was", "this", "declared", "beside", "bare") if match[name])
        if _plain(match[group]) in ours or (group == "bare" and not sentence.begins_line):
            continue
        if _CHANGED.search(sentence.shown):
            return
        expected = _meant(match, group, record)
        if expected is None:
            continue
        yield sentence.finding(
            "severity",
            match.start(group),
            match.end(group),
            expected=expected,
            message=f"The record has {expected}.",
            suggestion=expected,
            url=record.url,
        )


def _meant(match: re.Match[str], group: str, record: Record) -> str | None:
    """What the record has in the place of a severity or a priority; None where it has no such thing."""
    if match["priority"]:
        return record.priorities[0] if record.priorities else None
    said = _beginning(match[group])
    return next((one for one in record.severities if _beginning(one) == said), record.severities[0])


def check_services(sentence: Sentence, record: Record) -> Iterator[RecordFinding]:
    """Another service that is said to have been affected."""
    others = other_services(record)
    if not others or not record.services or not sentence.may_have_word(_AFFECTED_WORDS):
        return
    shown = sentence.shown
    for match in _any_name(others).finditer(shown):
        before = shown[max(0, match.start() - BEFORE_CHARACTERS) : match.start()]
        if not (_AFFECTED_BEFORE.search(before) or _AFFECTED_AFTER.match(shown, match.end())):
            continue
        expected = ", ".join(record.services)
        yield sentence.finding(
            "service",
            match.start(),
            match.end(),
            expected=expected,
            message=f"By the record this affected {expected}.",
            suggestion=record.services[0] if len(record.services) == 1 else "",
            url=record.url,
        )


def check_versions(sentence: Sentence, record: Record) -> Iterator[RecordFinding]:
    """A version that was deployed, and differs in one part from one that the record has."""
    if not record.versions or not sentence.may_have(_VERSION_WORDS):
        return
    found = list(_VERSION.finditer(sentence.shown))
    if not found or _ROLLED_BACK.search(sentence.shown):
        return
    known = _bare_versions(tuple(record.versions))
    for match in found:
        said = match[1].casefold()
        before = sentence.shown[max(0, match.start() - BEFORE_CHARACTERS) : match.start()]
        is_deployed = _VERSION_SAID.search(before) is not None
        if said in known or not (is_deployed or _RUNNING.search(before)):
            continue
        # Only what was surely meant: the same in all but one of its parts, or in another order.
        near = [
            one
            for version, one in known.items()
            if (_is_near(said, version) if is_deployed else _is_turned(said, version))
        ]
        if len(near) != 1:
            continue
        one = near[0]
        letter = "" if match[0][:1].isdigit() else match[0][:1]
        yield sentence.finding(
            "version",
            match.start(),
            match.end(),
            expected=one.version,
            message=f"The record has {one.version} of {one.what}.",
            suggestion=letter + _bare(one.version),
            url=one.url,
        )


def other_services(record: Record) -> tuple[str, ...]:
    """The names of services that the incident has nothing to do with."""
    return _without(tuple(record.known_services[:NAMES_MAX]), tuple(record.services))


class _Said:
    """How a severity is said, and with what letters one of its names begins."""

    def __init__(self, names: tuple[str, ...]) -> None:
        # Longer names first: SEV-10 before SEV-1.
        any_of = "|".join(sorted((_spelled(name) for name in names), key=len, reverse=True))
        self.pattern = re.compile(_SEVERITY_SAID.replace("{names}", f"(?:{any_of})"), re.I)
        self.beginnings = tuple({_beginning(name) for name in names})


@lru_cache(maxsize=64)
def _said_severity(names: tuple[str, ...]) -> _Said | None:
    named = tuple(name for name in names if name.strip())
    return _Said(named) if named else None


def _spelled(name: str) -> str:
    """A name with or without its hyphen, and written out: SEV-1, SEV 1, sev1, severity 1."""
    sev = re.fullmatch(r"sev(?:erity)?[- ]?(\d+)", name.strip(), re.I)
    if sev is not None:
        return rf"sev(?:erity)?[- ]?{sev[1]}"
    return "[- ]?".join(re.escape(part) for part in re.findall(r"[^\W\d_]+|\d+", name)) or re.escape(name)


def _beginning(name: str) -> str:
    """The small letters that are in every spelling of a name."""
    parts = re.findall(r"[^\W\d_]+|\d+", name)
    return (parts[0] if parts else name).lower().replace("severity", "sev")


@lru_cache(maxsize=4_096)
def _plain(name: str) -> str:
    return "".join(letter for letter in name.casefold() if letter.isalnum()).replace("severity", "sev")


@lru_cache(maxsize=64)
def _known_names(severities: tuple[str, ...], services: tuple[str, ...]) -> re.Pattern[str] | None:
    return _any_name((*services, *severities)) if services or severities else None


@lru_cache(maxsize=64)
def _without(known: tuple[str, ...], ours: tuple[str, ...]) -> tuple[str, ...]:
    plain = {_plain(name) for name in ours}
    return tuple(name for name in known if _plain(name) not in plain and len(name) > 2)


@lru_cache(maxsize=64)
def _any_name(names: tuple[str, ...]) -> re.Pattern[str]:
    any_of = "|".join(re.escape(name) for name in sorted(names, key=len, reverse=True))
    return re.compile(rf"(?<![\w-])(?:{any_of})(?![\w-])")


@lru_cache(maxsize=64)
def _bare_versions(versions: tuple[Deployed, ...]) -> dict[str, Deployed]:
    return {_bare(one.version): one for one in versions}


def _bare(version: str) -> str:
    return version.casefold().removeprefix("v")


def _is_turned(first: str, second: str) -> bool:
    """Whether it has the same parts in another order: an older version seldom has."""
    parts, others = _PARTS.split(first), _PARTS.split(second)
    return sorted(parts) == sorted(others) and parts != others


def _is_near(first: str, second: str) -> bool:
    if _is_turned(first, second):
        return True
    parts, others = _PARTS.split(first), _PARTS.split(second)
    return len(parts) == len(others) and sum(a != b for a, b in zip(parts, others, strict=True)) == 1
