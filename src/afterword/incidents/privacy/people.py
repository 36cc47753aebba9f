"""People as programs name them."""

from __future__ import annotations

import uuid
from collections.abc import Sequence

from afterword.accounts.models import Person
from afterword.accounts.reads import get_person
from afterword.lib.errors import InvalidInput, NotFound


def people_of(actor: Person, unique_ids: Sequence[uuid.UUID], *, field: str) -> list[Person]:
    """The people with these ids whom the actor knows. Raises InvalidInput, naming `field`."""
    try:
        return [get_person(actor, unique_id) for unique_id in dict.fromkeys(unique_ids)]
    except NotFound:
        raise InvalidInput(fields={field: "There is no such person."}) from None
