from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import Any

import pytest

from afterword.accounts.models import Person
from afterword.drafting.model.endpoint import load
from afterword.drafting.suggestions.models import SuggestedClaim
from afterword.drafting.suggestions.writes import work
from afterword.incidents.models import Entry, EntryKind, Incident
from afterword.postmortems.models import Postmortem, Section
from afterword.postmortems.writes import create_postmortem
from tests.cast import STARTED
from tests.drafting.model.server import Model, running


@pytest.fixture
def told_incident(resolved_incident: Incident, bob: Person) -> Incident:
    """Resolved, with two lines that people wrote."""
    for minutes, text, mark in (
        (30, "The pool of db-1 was full: 200 of 200.", "diagnosis"),
        (35, "Rolled back to v41.", "mitigation"),
    ):
        Entry.objects.create(
            incident=resolved_incident,
            at=STARTED + timedelta(minutes=minutes),
            kind=EntryKind.NOTE,
            text=text,
            person=bob,
            mark=mark,
        )
    return resolved_incident


@pytest.fixture
def postmortem(alice: Person, told_incident: Incident) -> Postmortem:
    """Begun by Alice about a resolved incident, and drafted."""
    made = create_postmortem(actor=alice, incidents=[told_incident], title="Checkout was slow")
    assert work.write_all_waiting() == 1
    return made


@pytest.fixture
def model(settings: Any) -> Iterator[Model]:
    """One that writes what is true, set up for the organisation."""
    load("openai")
    with running() as model:
        settings.AI_PROVIDER, settings.AI_ENDPOINT = "openai", f"{model.url}/v1"
        settings.AI_MODEL, settings.AI_KEY, settings.AI_SECONDS_MAX = "tiny", "sk-secret", 20.0
        yield model


@pytest.fixture
def section(postmortem: Postmortem) -> Section:
    """The one called Summary."""
    return Section.objects.get(postmortem=postmortem, title="Summary")


@pytest.fixture
def suggested(postmortem: Postmortem) -> Callable[..., SuggestedClaim]:
    """The waiting suggestion with these words."""

    def find(words: str, **more: Any) -> SuggestedClaim:
        found = SuggestedClaim.objects.filter(postmortem=postmortem, text__contains=words, **more)
        return found.order_by("id")[0]

    return find
