"""The cast of every test: Alice owns, Bob is a teammate, Charlie is outside, Vera only reads."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.test import Client

from afterword.accounts.models import (
    KeyScope,
    Membership,
    Organisation,
    OrganisationRole,
    Person,
    Team,
    TeamRole,
)
from afterword.accounts.numbers import take_numbers
from afterword.accounts.writes import create_api_key
from afterword.catalog.models import Integration, Service
from afterword.incidents.models import Entry, EntryKind, Incident, IncidentStatus

PASSWORD = "correct horse battery"
STARTED = datetime(2026, 3, 2, 14, 5, tzinfo=UTC)
"""When the incidents of the tests begin: a Monday."""


@pytest.fixture(autouse=True)
def _quick_passwords(settings: Any) -> None:
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]


@pytest.fixture
def organisation(db: None) -> Organisation:
    return Organisation.objects.create(id=1, name="Acme", slug="acme-0a1b2c")


def _make_person(name: str, role: OrganisationRole) -> Person:
    person = Person(name=name, email=f"{name.lower()}@example.com", role=role)
    person.set_password(PASSWORD)
    person.save()
    return person


@pytest.fixture
def team(organisation: Organisation) -> Team:
    return Team.objects.create(name="Payments")


@pytest.fixture
def other_team(organisation: Organisation) -> Team:
    return Team.objects.create(name="Search")


@pytest.fixture
def alice(team: Team) -> Person:
    """Owns the organisation and manages the team Payments."""
    person = _make_person("Alice", OrganisationRole.OWNER)
    Membership.objects.create(team=team, person=person, role=TeamRole.MANAGER)
    return person


@pytest.fixture
def bob(team: Team) -> Person:
    """A responder, member of the team Payments."""
    person = _make_person("Bob", OrganisationRole.RESPONDER)
    Membership.objects.create(team=team, person=person)
    return person


@pytest.fixture
def charlie(other_team: Team) -> Person:
    """An outsider to Payments: a responder who manages the team Search."""
    person = _make_person("Charlie", OrganisationRole.RESPONDER)
    Membership.objects.create(team=other_team, person=person, role=TeamRole.MANAGER)
    return person


@pytest.fixture
def vera(team: Team) -> Person:
    """A viewer in the team Payments: reads, changes nothing."""
    person = _make_person("Vera", OrganisationRole.VIEWER)
    Membership.objects.create(team=team, person=person)
    return person


@pytest.fixture
def service(team: Team) -> Service:
    return Service.objects.create(team=team, name="Checkout")


@pytest.fixture
def integration(service: Service) -> Integration:
    return Integration.objects.create(service=service, name="Prometheus bridge")


@pytest.fixture
def make_incident(db: None, service: Service) -> Callable[..., Incident]:
    """Make an incident with its first timeline entry, as the fold would leave it."""

    def make(
        *,
        title: str = "Checkout answers slowly",
        on: Service | None = None,
        integration: Integration | None = None,
        started: datetime = STARTED,
        resolved_after: timedelta | None = None,
        **fields: Any,
    ) -> Incident:
        number = take_numbers_now("incident")
        incident = Incident.objects.create(
            number=number,
            service=on or service,
            integration=integration,
            entity_id=fields.pop("entity_id", f"entity-{number}"),
            title=title,
            status=IncidentStatus.RESOLVED if resolved_after else IncidentStatus.TRIGGERED,
            created_at=started,
            impact_started_at=started,
            detected_at=started,
            resolved_at=started + resolved_after if resolved_after else None,
            fixed_at=started + resolved_after if resolved_after else None,
            **fields,
        )
        Entry.objects.create(
            incident=incident, at=started, kind=EntryKind.ALERT, text=title, source="Prometheus bridge"
        )
        return incident

    return make


def take_numbers_now(name: str) -> int:
    from django.db import transaction

    with transaction.atomic():
        return take_numbers(name)[0]


@pytest.fixture
def incident(make_incident: Callable[..., Incident]) -> Incident:
    return make_incident()


@pytest.fixture
def resolved_incident(make_incident: Callable[..., Incident]) -> Incident:
    return make_incident(resolved_after=timedelta(minutes=42))


@pytest.fixture
def sign_in() -> Callable[[Person], Client]:
    """A browser without script, signed in as someone."""

    def make(person: Person) -> Client:
        client = Client()
        client.force_login(person)
        return client

    return make


@pytest.fixture
def api_headers() -> Callable[..., dict[str, str]]:
    """The header that a program of this person sends: `client.get(url, headers=api_headers(bob))`."""

    def make(person: Person, scope: KeyScope = KeyScope.WRITE) -> dict[str, str]:
        return {"Authorization": f"Token {create_api_key(actor=person, name='tests', scope=scope).token}"}

    return make
