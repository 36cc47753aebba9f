from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from afterword.accounts.models import Person
from afterword.incidents.models import Incident
from afterword.postmortems.models import Postmortem, Section
from afterword.postmortems.writes import create_postmortem, save_section

BLAME = "Bob should have checked the dashboard first."
BLAMED = "counterfactual_person"
"""A sentence with one finding of this category, and no other."""


@pytest.fixture
def postmortem(alice: Person, resolved_incident: Incident) -> Postmortem:
    """Of Alice, with nothing in it that the check finds."""
    return create_postmortem(
        actor=alice, incidents=[resolved_incident], title="Checkout answered slowly", template="standard"
    )


@pytest.fixture
def contributors(postmortem: Postmortem) -> Section:
    """A section that people write."""
    return Section.objects.get(postmortem=postmortem, title="Contributors")


@pytest.fixture
def write(alice: Person, contributors: Section) -> Callable[..., Section]:
    """Save this text in the section, as Alice."""

    def save(text: str, **given: Any) -> Section:
        contributors.refresh_from_db()
        wanted = {"actor": alice, "section": contributors, "text": text, "version": contributors.version}
        return save_section(**{**wanted, **given})

    return save
