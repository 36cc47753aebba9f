"""What words ask before a post-mortem is approved or published, where the organisation wants that."""

from __future__ import annotations

from collections.abc import Iterator

from afterword.language import Kind
from afterword.postmortems.models import Postmortem
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
