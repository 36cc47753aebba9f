"""A draft is sections of claims, and each claim names the evidence for it. Pure: no Django."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Literal, get_args

ClaimKind = Literal["fact", "gap", "question", "proposal"]
"""Something that happened; something that the record does not tell; something to ask; something to do."""
Support = Literal["cited", "verify"]
"""The evidence says so; or the evidence says something near it, and somebody should look."""
ActionType = Literal["investigate", "mitigate", "repair", "detect", "prevent"]
"""What an action item is for, as the workbook on site reliability sorts them."""

CLAIM_CHARACTERS_MAX = 2_000
CLAIMS_PER_SECTION_MAX = 200
SECTIONS_MAX = 30


@dataclass(frozen=True)
class Claim:
    """One thing that a draft says."""

    text: str
    """A sentence or two, without marks of any kind."""
    evidence: tuple[str, ...] = ()
    """The ids of the evidence for it. Every fact has some."""
    kind: ClaimKind = "fact"
    support: Support = "cited"
    confidence: str = ""
    """How sure it is, in words, where that is less than the record itself."""
    at: datetime | None = None
    """Of a line of a timeline, when that was: the time of one of its pieces."""
    asked: tuple[str, ...] = ()
    """Of a question: the names of those who can answer it."""
    action: ActionType | None = None
    """Of a proposal."""
    drawn_in: str = ""
    """The live section that draws just this from the record: said below it, it would stand there twice."""

    def as_json(self) -> dict[str, Any]:
        """The claim as JSON; what is empty is left out."""
        told: dict[str, Any] = {
            "text": self.text,
            "evidence": list(self.evidence),
            "kind": self.kind,
            "support": self.support,
            "confidence": self.confidence,
            "at": self.at.astimezone(UTC).isoformat() if self.at else None,
            "asked": list(self.asked),
            "action": self.action,
            "drawn_in": self.drawn_in,
        }
        return {name: value for name, value in told.items() if value not in (None, "", [])}


@dataclass(frozen=True)
class DraftSection:
    """What a draft says about one thing."""

    key: str
    """What it is about, by which it finds its place in a document: one of `SECTION_KEYS`."""
    title: str
    claims: tuple[Claim, ...]

    def as_json(self) -> dict[str, Any]:
        """The section as JSON."""
        return {"key": self.key, "title": self.title, "claims": [claim.as_json() for claim in self.claims]}


SECTION_KEYS: dict[str, str] = {
    "summary": "Summary",
    "timeline": "Timeline",
    "durations": "Durations",
    "impact": "Impact",
    "changes": "What changed before",
    "contributors": "Contributing factors",
    "mitigators": "Mitigators",
    "similar": "Seen before",
    "actions": "Action items",
    "questions": "Open questions",
}
"""The keys of a draft's sections and their titles, in their order."""


@dataclass(frozen=True)
class Draft:
    """A whole draft. The same evidence gives the same draft."""

    sections: tuple[DraftSection, ...]

    def section(self, key: str) -> DraftSection | None:
        """The section with this key, or None where the draft has nothing to say there."""
        return next((section for section in self.sections if section.key == key), None)

    def claims(self) -> Iterator[Claim]:
        """Every claim, in order."""
        for section in self.sections:
            yield from section.claims

    def as_json(self) -> dict[str, Any]:
        """The draft as JSON; `read_draft` reads it."""
        return {"sections": [section.as_json() for section in self.sections]}


class DraftUnreadable(ValueError):
    """What should be a draft is none; the argument says where and why."""


def read_draft(told: object) -> Draft:
    """The draft that JSON tells of. Raises DraftUnreadable for anything else, whoever wrote it."""
    sections = _list(_mapping(told, "draft").get("sections"), "sections", SECTIONS_MAX)
    return Draft(tuple(_read_section(one, f"sections.{place}") for place, one in enumerate(sections)))


def _read_section(told: object, where: str) -> DraftSection:
    section = _mapping(told, where)
    key = section.get("key")
    if not isinstance(key, str) or key not in SECTION_KEYS:
        raise DraftUnreadable(f"{where}.key is none of {', '.join(SECTION_KEYS)}")
    claims = _list(section.get("claims"), f"{where}.claims", CLAIMS_PER_SECTION_MAX)
    title = section.get("title") or SECTION_KEYS[key]
    return DraftSection(
        key,
        _text(title, f"{where}.title"),
        tuple(_read_claim(one, f"{where}.claims.{place}") for place, one in enumerate(claims)),
    )


def _read_claim(told: object, where: str) -> Claim:
    claim = _mapping(told, where)
    kind, support, action = claim.get("kind", "fact"), claim.get("support", "cited"), claim.get("action")
    for name, value, known in (
        ("kind", kind, get_args(ClaimKind)),
        ("support", support, get_args(Support)),
        ("action", action, (None, *get_args(ActionType))),
    ):
        if value not in known:
            raise DraftUnreadable(f"{where}.{name} is none of {', '.join(filter(None, known))}")
    return Claim(
        text=_text(claim.get("text"), f"{where}.text"),
        evidence=_texts(claim.get("evidence", []), f"{where}.evidence"),
        kind=kind,
        support=support,
        confidence=_text(told, f"{where}.confidence") if (told := claim.get("confidence")) else "",
        at=_read_moment(claim.get("at"), f"{where}.at"),
        asked=_texts(claim.get("asked", []), f"{where}.asked"),
        action=action,
        drawn_in=_text(drawn, f"{where}.drawn_in") if (drawn := claim.get("drawn_in")) else "",
    )


def _mapping(told: object, where: str) -> Mapping[str, Any]:
    if not isinstance(told, Mapping):
        raise DraftUnreadable(f"{where} is no object")
    return told


def _list(told: object, where: str, most: int) -> list[Any]:
    if not isinstance(told, list) or len(told) > most:
        raise DraftUnreadable(f"{where} is no list of at most {most}")
    return told


def _texts(told: object, where: str) -> tuple[str, ...]:
    return tuple(_text(one, where) for one in _list(told, where, CLAIMS_PER_SECTION_MAX))


def _text(told: object, where: str) -> str:
    if not isinstance(told, str) or not told.strip() or len(told) > CLAIM_CHARACTERS_MAX:
        raise DraftUnreadable(f"{where} is no text of 1 to {CLAIM_CHARACTERS_MAX:,} characters")
    return told


def _read_moment(told: object, where: str) -> datetime | None:
    if told is None:
        return None
    try:
        at = datetime.fromisoformat(str(told))
    except ValueError as error:
        raise DraftUnreadable(f"{where} is no moment") from error
    if at.tzinfo is None:
        raise DraftUnreadable(f"{where} names no time zone")
    return at.astimezone(UTC)
