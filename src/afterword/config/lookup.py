"""`afterword similar`: what was seen before, for a terminal."""

from __future__ import annotations

from typing import Any

from django.conf import settings

from afterword.accounts import reads as accounts
from afterword.accounts.models import Person
from afterword.config.database import check_database
from afterword.config.refusals import CANNOT_AS_CONFIGURED, Refusal
from afterword.drafting.similar.reads import similar_to_text
from afterword.lib import clock
from afterword.postmortems.importing.reads import first_owner


def look_for(text: str, *, by: str, limit: int) -> list[dict[str, Any]]:
    """What is like a text and seen by the person with the address `by`, or by the first owner.

    Raises Refusal for somebody who is not there; InvalidInput.
    """
    check_database()
    return [
        {
            "title": one.title,
            "url": f"{settings.PUBLIC_URL}{one.url}",
            "at": one.at.isoformat(),
            "incident": one.incident.number if one.incident else None,
            "postmortem": one.postmortem.number if one.postmortem else None,
            "reasons": one.reasons,
            "follow_ups": [item.title for item in one.follow_ups],
        }
        for one in similar_to_text(_reader(by), text, now=clock.now(), limit=limit)
    ]


def _reader(address: str) -> Person:
    found = accounts.find_person(address) if address else first_owner()
    if found is None or not found.is_active:
        missing = f"Nobody here has the address {address}." if address else "There is no owner yet."
        raise Refusal(missing, CANNOT_AS_CONFIGURED)
    return found
