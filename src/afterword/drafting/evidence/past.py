"""What was like this before: the shape in which evidence takes it from whoever finds it.

The room that finds similar documents registers its finder in `DraftingConfig.ready()`:

    register_finder(find_for_draft)
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from afterword.accounts.models import Person, Team
    from afterword.incidents.models import Incident


@dataclass(frozen=True)
class OpenFollowUp:
    """What was agreed on after something similar, and is not done."""

    key: int
    title: str
    url: str


@dataclass(frozen=True)
class SimilarPast:
    """A post-mortem that is similar, and why."""

    key: int
    """Of its row."""
    number: int
    title: str
    url: str
    at: datetime
    """When its first incident began, or when it was written where it is about none."""
    reasons: tuple[str, ...]
    """Why it is similar, in words that go on after “because of”: `the same service`, `the alert …`."""
    open_follow_ups: tuple[OpenFollowUp, ...] = ()


class FindsSimilar(Protocol):
    """Finds post-mortems that are similar to an incident, the likest first.

    `reader` is who will read the draft; None means everybody who may read the documents of `team`, so
    only what all of them may see, and nothing private.
    """

    def __call__(
        self, *, reader: Person | None, team: Team, incident: Incident, limit: int
    ) -> Sequence[SimilarPast]: ...


_finder: FindsSimilar | None = None


def register_finder(finder: FindsSimilar) -> None:
    """Have `finder` asked for what is similar. The last one registered is."""
    global _finder
    _finder = finder


def find_similar(*, reader: Person | None, team: Team, incident: Incident, limit: int) -> list[SimilarPast]:
    """What is similar; nothing where nobody looks."""
    if _finder is None:
        return []
    return list(_finder(reader=reader, team=team, incident=incident, limit=limit))[:limit]
