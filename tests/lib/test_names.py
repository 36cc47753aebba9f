"""A name is given once, and both databases agree on what is the same name."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from afterword.accounts.models import Person, Team
from afterword.accounts.writes import create_team, rename_team
from afterword.catalog import writes
from afterword.catalog.models import Service
from afterword.lib.errors import InvalidInput

Make = Callable[[str], object]


@pytest.fixture(params=["team", "service", "integration", "tag", "incident role"])
def make(request: pytest.FixtureRequest, alice: Person, team: Team, service: Service) -> Make:
    """Makes one more of a noun with a name."""
    makers: dict[str, Make] = {
        "team": lambda name: create_team(actor=alice, name=name),
        "service": lambda name: writes.create_service(actor=alice, team=team, name=name),
        "integration": lambda name: writes.create_integration(actor=alice, service=service, name=name),
        "tag": lambda name: writes.create_tag(actor=alice, team=team, name=name, colour="teal"),
        "incident role": lambda name: writes.create_incident_role(actor=alice, name=name),
    }
    return makers[request.param]


def test_letters_of_any_alphabet_are_folded(make: Make) -> None:
    make("Zahlung für Straße")
    for twin in ("ZAHLUNG FÜR STRASSE", "zahlung fu\u0308r straße"):
        with pytest.raises(InvalidInput) as refused:
            make(twin)
        assert set(refused.value.fields) == {"name"}
    make("Zahlung fur Strasse")


def test_a_thing_may_be_given_its_own_name_in_other_letters(alice: Person, team: Team) -> None:
    made = create_team(actor=alice, name="Ärger")
    assert rename_team(actor=alice, team=made, name="ÄRGER").name == "ÄRGER"
    with pytest.raises(InvalidInput):
        rename_team(actor=alice, team=team, name="ärger")


def test_the_name_of_what_is_archived_is_free(alice: Person, team: Team) -> None:
    old = writes.create_tag(actor=alice, team=team, name="Größe", colour="teal")
    writes.archive(actor=alice, thing=old)
    writes.create_tag(actor=alice, team=team, name="GRÖSSE", colour="teal")
    with pytest.raises(InvalidInput):
        writes.restore(actor=alice, thing=old)
