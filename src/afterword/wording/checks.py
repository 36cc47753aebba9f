"""What words ask before a post-mortem is approved or published, where the organisation wants that."""

from __future__ import annotations

import hashlib
from collections.abc import Hashable, Iterator

from django.db.models import Count, Max

from afterword.language import Kind
from afterword.postmortems.models import Postmortem
from afterword.postmortems.prose import prose_of
from afterword.postmortems.review.checks import Obstacle
from afterword.wording import reads


def find_unexplained(postmortem: Postmortem) -> Iterator[Obstacle]:
    """The sections with findings of blame for which nobody gave a reason."""
    settings = reads.wording_settings()
    if not settings.requires_reasons:
        return
    for part in reads.findings_of(postmortem, settings).sections:
        count = sum(remark.finding.kind == Kind.BLAME for remark in part.open)
        if count:
            what = "a finding of blame" if count == 1 else f"{count} findings of blame"
            each = "it" if count == 1 else "each of them"
            yield Obstacle(
                f"“{part.section.title}” has {what}: change the words, or mute {each} with a reason.",
                f"wording-{part.section.unique_id}",
            )


def state_of_words(postmortem: Postmortem) -> Hashable | None:
    """What `find_unexplained` depends on: the words, the reasons and the settings. None: on nothing.

    Who is known by name is left aside: somebody may join the team while another one approves.
    """
    settings = reads.wording_settings()
    if not settings.requires_reasons:
        return None
    words = hashlib.sha256()
    for one in prose_of(postmortem):
        words.update(repr((one.unique_id, one.text, one.is_short, one.is_action)).encode(errors="replace"))
    reasons = reads.mutes_of(postmortem).order_by().aggregate(count=Count("pk"), newest=Max("pk"))
    return words.digest(), reasons["count"], reasons["newest"], settings.updated_at.isoformat()
