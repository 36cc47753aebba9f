"""What can be asked of the fields of a post-mortem and not be done."""

from __future__ import annotations

from collections.abc import Mapping

from afterword.fields.reads import Value
from afterword.lib.errors import Conflict
from afterword.postmortems.fields.models import PostmortemField


class ValuesChanged(Conflict):
    """Someone else filled in the same field while you were writing. Nothing is lost: both are here."""

    def __init__(self, values: Mapping[str, Value[PostmortemField]]) -> None:
        """`values` are what stands there now, by the slugs of the fields."""
        super().__init__(
            fields={
                slug: f"It says “{value.words}” now." if value.words else "It is empty now."
                for slug, value in values.items()
            }
        )
        self.values = dict(values)


class ChoiceChanged(Conflict):
    """Someone else chose fields for this team while you did. Look at theirs and save again."""
