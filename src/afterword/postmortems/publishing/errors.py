"""What can be asked of a publication and not be done."""

from __future__ import annotations

from collections.abc import Sequence

from afterword.lib.errors import Conflict
from afterword.postmortems.publishing.redaction import Leak


class NotApproved(Conflict):
    """The newest revision does not have the approvals that it needs. Ask for a review first."""


class EditionChanged(Conflict):
    """Someone else saved the public edition in the meantime. Compare theirs with yours and save again."""


class EditionBehind(Conflict):
    """The post-mortem was saved after the public edition was derived: derive it again."""


class EditionNotApproved(Conflict):
    """A second person has to approve the public edition before it can be published."""


class PublicSiteOff(Conflict):
    """Public pages are switched off here. An administrator can switch them on in the settings."""


class AlreadyPublished(Conflict):
    """The very same is published for them already. Nothing has changed since."""

    def __init__(self, number: int) -> None:
        super().__init__(
            f"The very same is published for them already, as version {number}. Nothing has changed since."
        )


class TooManyNames(Conflict):
    """Too many people are named in its chats to keep them out. Please star and mark fewer messages."""


class StillPrivate(Conflict):
    """Something in the public edition still looks private."""

    def __init__(self, leaks: Sequence[Leak]) -> None:
        self.leaks = list(leaks)
        first = leaks[0]
        super().__init__(
            f"There is still {first.words} in it: “{first.text[:80]}”. Take it out, or say why it may stand."
        )
