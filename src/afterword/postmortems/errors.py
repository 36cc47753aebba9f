"""What can be asked of a post-mortem and not be done."""

from __future__ import annotations

from collections.abc import Collection

from afterword.lib.errors import Conflict
from afterword.postmortems.models import Postmortem, Section, Template


class SectionChanged(Conflict):
    """Someone else saved this section while you were writing. Nothing is lost: both texts are here."""

    def __init__(self, section: Section, *, base: str | None, merged: str) -> None:
        """`section` is the section as it stands now, `base` the text that the writer started from if it is
        still known, `merged` both texts in one, with marks around what both changed."""
        super().__init__()
        self.section, self.base, self.merged = section, base, merged
        # Who may save a section may read it.
        self.details = {"current": {"text": section.text, "version": section.version}}


class CoverChanged(Conflict):
    """Someone else changed this while you were writing. Nothing was overwritten."""

    def __init__(self, postmortem: Postmortem, names: Collection[str]) -> None:
        """`postmortem` as it stands now; `names` says in what it is another one than the writer saw: `title`,
        `owner`, `status_text`."""
        super().__init__(fields=dict.fromkeys(names, "Somebody else changed it meanwhile."))
        self.postmortem, self.names = postmortem, frozenset(names)


class JustBegun(Conflict):
    """This post-mortem was begun by itself a moment ago. Write in that one."""

    def __init__(self, postmortem: Postmortem) -> None:
        """`postmortem` is the one that is there, about an incident that the writer has picked."""
        reason = (
            f"Post-mortem {postmortem.number}, “{postmortem.title}”, was begun by itself a moment ago about "
            "this incident. Write in that one; should you want another, begin it in a minute."
        )
        super().__init__(reason, fields={"incidents": reason})
        self.postmortem = postmortem


class TemplateChanged(Conflict):
    """Someone else saved this template while you were editing. Compare theirs with yours and save again."""

    def __init__(self, template: Template) -> None:
        """`template` is the template as it stands now."""
        super().__init__()
        self.template = template
