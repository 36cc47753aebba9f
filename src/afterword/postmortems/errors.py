"""What can be asked of a post-mortem and not be done."""

from __future__ import annotations

from afterword.lib.errors import Conflict
from afterword.postmortems.models import Section, Template


class SectionChanged(Conflict):
    """Someone else saved this section while you were writing. Nothing is lost: both texts are here."""

    def __init__(self, section: Section, *, base: str | None, merged: str) -> None:
        """`section` is the section as it stands now, `base` the text that the writer started from if it is
        still known, `merged` both texts in one, with marks around what both changed."""
        super().__init__()
        self.section, self.base, self.merged = section, base, merged


class TemplateChanged(Conflict):
    """Someone else saved this template while you were editing. Compare theirs with yours and save again."""

    def __init__(self, template: Template) -> None:
        """`template` is the template as it stands now."""
        super().__init__()
        self.template = template
