"""Words are found in any letter case, and in every alphabet."""

from __future__ import annotations

import pytest

from afterword.accounts.models import Person, Team
from afterword.accounts.reads import search_people
from afterword.catalog.models import Service
from afterword.catalog.reads import search_services
from afterword.incidents.models import Incident
from afterword.incidents.reads import IncidentFilter, find_incidents
from afterword.lib.search import mentions


@pytest.mark.parametrize("title", ["Écran noir", "ÉCRAN NOIR", "écran noir", "L’écran est noir"])
@pytest.mark.parametrize("word", ["écran", "Écran", "ÉCRAN", "NOIR"])
def test_a_word_is_found_in_any_case(alice: Person, incident: Incident, title: str, word: str) -> None:
    Incident.objects.filter(pk=incident.pk).update(title=title)
    assert list(find_incidents(alice, IncidentFilter(text=word))) == [incident]


@pytest.mark.parametrize(
    ("name", "word"), [("Оплата", "оплата"), ("ΠΛΗΡΩΜΕΣ", "πληρωμες"), ("Zahlungsübersicht", "ÜBERSICHT")]
)
def test_services_and_people_are_found_in_every_alphabet(
    alice: Person, team: Team, name: str, word: str
) -> None:
    service = Service.objects.create(team=team, name=name)
    assert list(search_services(alice, text=word)) == [service]
    Person.objects.filter(pk=alice.pk).update(name=name)
    assert list(search_people(alice, text=word)) == [alice]


def test_a_word_of_a_to_z_costs_one_comparison_for_each_column() -> None:
    assert len(mentions("Checkout", "title", "summary").children) == 2
