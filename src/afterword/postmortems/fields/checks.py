"""What custom fields ask before a post-mortem is reviewed or published."""

from __future__ import annotations

from collections.abc import Iterator

from afterword.postmortems.fields.reads import fields_of
from afterword.postmortems.models import Postmortem
from afterword.postmortems.review.checks import Obstacle, register_check


def find_missing(postmortem: Postmortem) -> Iterator[Obstacle]:
    """The fields that the team or the template wants filled in, and that are empty."""
    for one in fields_of(postmortem).every:
        if one.is_missing:
            yield Obstacle(f"Please fill in the field “{one.value.definition.name}”.", one.input_id)


def ask_for_fields() -> None:
    register_check(find_missing)
