"""What can be asked of a review and not be done."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from afterword.lib.errors import Conflict, InvalidInput

if TYPE_CHECKING:
    from afterword.postmortems.review.checks import Obstacle


class RevisionPassed(Conflict):
    """Someone saved the document since you read it. Look at what changed, then say what you think of that."""


class NotInReview(Conflict):
    """This post-mortem is not in review. Somebody may have taken it back; ask for a review first."""


class StillChanging(Conflict):
    """Somebody is changing this post-mortem just now. Please try again in a moment."""


class NotReady(InvalidInput):
    """Something has to be done first."""

    def __init__(self, obstacles: Sequence[Obstacle]) -> None:
        self.obstacles = list(obstacles)
        super().__init__(" ".join(obstacle.message for obstacle in obstacles))
