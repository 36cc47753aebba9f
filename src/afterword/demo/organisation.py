"""The demo organisation itself: its owner, teams, services and ways in, found or made."""

from __future__ import annotations

import secrets
from dataclasses import dataclass

from afterword.accounts import reads as accounts_reads
from afterword.accounts import writes as accounts
from afterword.accounts.models import KeyScope, Organisation, Person, Team
from afterword.catalog import reads as catalog_reads
from afterword.catalog import writes as catalog
from afterword.catalog.models import Integration, IntegrationKind, Service
from afterword.demo import story
from afterword.demo.errors import DemoFailed, NotTheDemo
from afterword.lib import ids


@dataclass(frozen=True)
class SignIn:
    """How to get in: as a person and as a program. Empty where somebody has changed it since."""

    password: str
    api_key: str


def find_organisation() -> Organisation | None:
    """The demo organisation; None when there is no organisation. Raises NotTheDemo."""
    organisation = accounts_reads.organisation()
    if organisation is not None and organisation.name != story.ORGANISATION:
        raise NotTheDemo(
            f"This install belongs to {organisation.name}: the demo needs an empty one. "
            "Choose another folder with AFTERWORD_DATA."
        )
    return organisation


def make_organisation() -> SignIn:
    """Make the organisation and its owner, with a new password and a key."""
    password = _new_password()
    owner = accounts.set_up_organisation(
        name=story.ORGANISATION,
        owner_name=story.OWNER_NAME,
        email=story.OWNER_EMAIL,
        password=password,
    )
    return SignIn(password, _new_key(owner))


def find_owner() -> Person:
    """The demo's owner. Raises DemoFailed when somebody has taken them away."""
    organisation = accounts_reads.organisation()
    assert organisation is not None
    owner = accounts_reads.find_person(story.OWNER_EMAIL)
    if owner is None or not owner.is_active or not owner.is_admin:
        raise DemoFailed(f"{story.OWNER_EMAIL} does not own this organisation any more: nothing was loaded.")
    return owner


def still_valid(owner: Person, known: SignIn) -> SignIn:
    """What of a sign-in still works."""
    keys = accounts_reads.own_api_keys(owner).filter(revoked_at__isnull=True)
    works = known.api_key and keys.filter(secret_hash=ids.hash_token(known.api_key)).exists()
    return SignIn(
        known.password if known.password and owner.check_password(known.password) else "",
        known.api_key if works else "",
    )


def renew_sign_in(owner: Person, known: SignIn) -> SignIn:
    """Replace what does not work any more with something new."""
    password = known.password
    if not password:
        password = _new_password()
        accounts.change_password(actor=owner, password=password)
    return SignIn(password, known.api_key or _new_key(owner))


def find_or_make_integration(
    owner: Person,
    service_name: str,
    *,
    name: str = story.INTEGRATION,
    kind: IntegrationKind = IntegrationKind.GENERIC,
) -> Integration:
    """A way in of one of the story's services, with its team and the service where they are missing."""
    service = find_or_make_told_service(owner, service_name)
    # Older demos have the word “Demo” before it, and shall not hear the story twice.
    integration = (
        catalog_reads.visible_integrations(owner)
        .filter(service=service, name__iendswith=name, is_enabled=True)
        .first()
    )
    return integration or catalog.create_integration(actor=owner, service=service, name=name, kind=kind)


def find_or_make_team(owner: Person, name: str) -> Team:
    """One of the story's teams."""
    team = accounts_reads.visible_teams(owner).filter(name__iexact=name).first()
    return team or accounts.create_team(actor=owner, name=name)


def find_or_make_told_service(owner: Person, name: str) -> Service:
    """One of the story's services, with its team where that is missing."""
    team_name = next(team for team, services in story.TEAMS.items() if name in services)
    return find_or_make_service(owner, find_or_make_team(owner, team_name), name)


def find_or_make_service(owner: Person, team: Team, name: str) -> Service:
    """One of the story's services."""
    service = catalog_reads.visible_services(owner).filter(team=team, name__iexact=name).first()
    summary = story.TEAMS[team.name][name]
    return service or catalog.create_service(actor=owner, team=team, name=name, summary=summary)


def webhook_url(owner: Person, integration: Integration) -> str:
    """The public address that alerts are sent to."""
    address = catalog_reads.find_webhook_url(owner, integration)
    assert address is not None, "an owner may see every key"
    return address


def _new_password() -> str:
    return "-".join(secrets.token_hex(2) for _ in range(4))


def _new_key(owner: Person) -> str:
    for key in accounts_reads.own_api_keys(owner).filter(name=story.API_KEY_NAME):
        accounts.revoke_api_key(actor=owner, key=key)
    return accounts.create_api_key(actor=owner, name=story.API_KEY_NAME, scope=KeyScope.WRITE).token
