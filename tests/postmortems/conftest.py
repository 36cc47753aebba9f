from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from afterword.accounts.models import Person
from afterword.incidents.models import Incident
from afterword.postmortems.models import Postmortem, Section
from afterword.postmortems.writes import create_postmortem


@pytest.fixture
def make_postmortem(alice: Person, resolved_incident: Incident) -> Callable[..., Postmortem]:
    """Begin a post-mortem as Alice, about the resolved incident unless others are given."""

    def make(**given: Any) -> Postmortem:
        return create_postmortem(
            **{
                "actor": alice,
                "incidents": [resolved_incident],
                "title": "Checkout answered slowly",
                "template": "standard",
                **given,
            }
        )

    return make


@pytest.fixture
def postmortem(make_postmortem: Callable[..., Postmortem]) -> Postmortem:
    return make_postmortem()


@pytest.fixture
def contributors(postmortem: Postmortem) -> Section:
    """A section that people write."""
    return Section.objects.get(postmortem=postmortem, title="Contributors")
