"""What another template makes of a document that is written already. Pure: no Django."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from afterword.postmortems.templates import TemplateSection


class Fate(StrEnum):
    """What becomes of a section when another template is applied."""

    STAYS = "stays"
    """It has its place in the new template, and its text stays."""
    COMES = "comes"
    """The new template brings it."""
    KEPT = "kept"
    """The new template does not know it, and its text stays, at the end."""
    GOES = "goes"
    """The new template does not know it, and nobody has written anything into it."""


@dataclass(frozen=True)
class PresentSection:
    """A section of the document as it stands."""

    key: str
    title: str
    live_name: str
    text: str


@dataclass(frozen=True)
class Step:
    """One section of the document as it will be, or one that goes."""

    fate: Fate
    title: str
    present: PresentSection | None
    """What is there already; None for one that comes."""
    wanted: TemplateSection | None
    """What the template says; None for one that it does not know."""

    @property
    def takes_starting_text(self) -> bool:
        """Only where nobody has written anything."""
        return self.wanted is not None and not (self.present and self.present.text.strip())

    @property
    def is_renamed(self) -> bool:
        return self.present is not None and self.present.title != self.title


def plan_template(present: Sequence[PresentSection], wanted: Sequence[TemplateSection]) -> list[Step]:
    """Which sections stay, come, are kept at the end, and go, in the order of the new document.

    A section is the same where it has the same title, in any letter case, or else draws the same part of the
    record. Each is matched once. No text is lost: what is not matched stays if there is any text in it.
    """
    free = dict(enumerate(present))
    matched: dict[int, int] = {}
    for is_same in (_has_title, _has_live_part):
        for place, section in enumerate(wanted):
            if place in matched:
                continue
            found = next((index for index, one in free.items() if is_same(one, section)), None)
            if found is not None:
                matched[place] = found
                del free[found]
    steps = [
        Step(Fate.STAYS, section.title, present[matched[place]], section)
        if place in matched
        else Step(Fate.COMES, section.title, None, section)
        for place, section in enumerate(wanted)
    ]
    left = [one for one in present if any(one is other for other in free.values())]
    steps += [Step(Fate.KEPT, one.title, one, None) for one in left if one.text.strip()]
    steps += [Step(Fate.GOES, one.title, one, None) for one in left if not one.text.strip()]
    return steps


def _has_title(present: PresentSection, wanted: TemplateSection) -> bool:
    return present.title.casefold() == wanted.title.casefold()


def _has_live_part(present: PresentSection, wanted: TemplateSection) -> bool:
    return bool(wanted.live) and present.live_name == wanted.live
