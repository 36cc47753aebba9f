"""Where to tell of what happens. Owners and administrators decide it; the record names the host alone."""

from __future__ import annotations

import secrets
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import timedelta
from urllib.parse import urlsplit

from django.db import transaction

from afterword.accounts.models import Person, Team
from afterword.accounts.reads import require_admin
from afterword.audit.writes import record
from afterword.documents import plain_text
from afterword.lib import clock
from afterword.lib.errors import InvalidInput, NotFound
from afterword.lib.outgoing import BadAddress, check_web_address
from afterword.lib.sealing import SealBroken, open_sealed, seal
from afterword.webhooks import events, rules
from afterword.webhooks.errors import SecretIsBeingReplaced
from afterword.webhooks.models import DESCRIPTION_LENGTH_MAX, HOST_LENGTH_MAX, Endpoint
from afterword.webhooks.writes.deliveries import fail_waiting

ENDPOINTS_MAX = 50
CHOICES = ("all_events", "event_types", "all_teams", "includes_private", "is_active", "description")


@dataclass(frozen=True, kw_only=True)
class Wishes:
    """What an endpoint is told. `event_types` and `teams` count where not all are wanted."""

    url: str
    description: str = ""
    all_events: bool = True
    event_types: Sequence[str] = ()
    all_teams: bool = True
    teams: Sequence[Team] = ()
    includes_private: bool = False
    is_active: bool = True


@dataclass(frozen=True)
class WithSecret:
    """An endpoint and its secret, which is shown this once."""

    endpoint: Endpoint
    secret: str


@transaction.atomic
def create_endpoint(*, actor: Person, wishes: Wishes) -> WithSecret:
    """Have an address told. Raises InvalidInput, NotAllowed."""
    require_admin(actor)
    if Endpoint.objects.count() >= ENDPOINTS_MAX:
        raise InvalidInput(fields={"url": f"There can be {ENDPOINTS_MAX} endpoints. Delete one first."})
    secret = _new_secret()
    endpoint = Endpoint(sealed_secret=seal(secret))
    _apply(endpoint, wishes)
    endpoint.save()
    endpoint.teams.set(_usable_teams(wishes))
    record(actor=actor, action="webhook.created", subject=endpoint, data={"host": endpoint.host})
    return WithSecret(endpoint, secret)


@transaction.atomic
def change_endpoint(*, actor: Person, endpoint: Endpoint, wishes: Wishes) -> Endpoint:
    """Change what it is told, and whether; switched on, it begins anew. Raises InvalidInput, NotAllowed."""
    require_admin(actor)
    endpoint = _lock(endpoint)
    before = {name: getattr(endpoint, name) for name in CHOICES}
    teams_before = set(endpoint.teams.values_list("pk", flat=True))
    url_before = _url(endpoint)
    _apply(endpoint, wishes)
    teams = _usable_teams(wishes)
    changed = [name for name in CHOICES if getattr(endpoint, name) != before[name]]
    if teams_before != {team.pk for team in teams}:
        changed.append("teams")
        endpoint.teams.set(teams)
    if _url(endpoint) != url_before:
        changed.append("url")
    if not changed:
        return endpoint
    if endpoint.is_active and ("is_active" in changed or "url" in changed):
        endpoint.switched_off_at = endpoint.failing_since = endpoint.paused_until = None
        endpoint.failures = 0
    endpoint.save()
    if "is_active" in changed and not endpoint.is_active:
        fail_waiting(endpoint)
    record(
        actor=actor,
        action="webhook.changed",
        subject=endpoint,
        data={"fields": sorted(changed), "host": endpoint.host},
    )
    return endpoint


@transaction.atomic
def rotate_secret(*, actor: Person, endpoint: Endpoint, at_once: bool = False) -> WithSecret:
    """Give it a new secret; for `OVERLAP_HOURS` requests are signed with both, unless `at_once`.

    Raises SecretIsBeingReplaced while two are in use already, and NotAllowed.
    """
    require_admin(actor)
    endpoint = _lock(endpoint)
    now = clock.now()
    if endpoint.old_secret_until is not None and endpoint.old_secret_until > now and not at_once:
        raise SecretIsBeingReplaced
    secret = _new_secret()
    endpoint.sealed_old_secret = "" if at_once else endpoint.sealed_secret
    endpoint.old_secret_until = None if at_once else now + timedelta(hours=rules.OVERLAP_HOURS)
    endpoint.sealed_secret = seal(secret)
    endpoint.save(update_fields=["sealed_secret", "sealed_old_secret", "old_secret_until"])
    record(actor=actor, action="webhook.secret_rotated", subject=endpoint, data={"at_once": at_once})
    return WithSecret(endpoint, secret)


@transaction.atomic
def delete_endpoint(*, actor: Person, endpoint: Endpoint) -> None:
    """Tell it nothing more, and forget what it was told. Raises NotAllowed, NotFound."""
    require_admin(actor)
    endpoint = _lock(endpoint)
    record(actor=actor, action="webhook.deleted", subject=endpoint, data={"host": endpoint.host})
    endpoint.delete()


def _apply(endpoint: Endpoint, wishes: Wishes) -> None:
    url = _usable_url(wishes.url)
    if url != _url(endpoint):
        endpoint.sealed_url = seal(url)
    endpoint.host = (urlsplit(url).hostname or "")[:HOST_LENGTH_MAX]
    endpoint.description = _usable_description(wishes.description)
    endpoint.all_events = wishes.all_events
    endpoint.event_types = _usable_types(wishes)
    endpoint.all_teams = wishes.all_teams
    endpoint.includes_private = wishes.includes_private
    endpoint.is_active = wishes.is_active


def _usable_url(value: str) -> str:
    try:
        return check_web_address(value, allow_plain=True)
    except BadAddress as error:
        reason = "Please enter the whole address, beginning with https:// or http://."
        raise InvalidInput(fields={"url": reason}) from error


def _usable_description(value: str) -> str:
    description = plain_text(value)
    if len(description) > DESCRIPTION_LENGTH_MAX:
        raise InvalidInput(fields={"description": f"Please use at most {DESCRIPTION_LENGTH_MAX} characters."})
    return description


def _usable_types(wishes: Wishes) -> list[str]:
    if wishes.all_events:
        return []
    unknown = [name for name in wishes.event_types if name not in events.NAMES]
    if unknown:
        raise InvalidInput(fields={"event_types": f"There is no event “{plain_text(unknown[0])[:80]}”."})
    if not wishes.event_types:
        raise InvalidInput(fields={"event_types": "Please choose at least one event, or all."})
    return _in_order(wishes.event_types)


def _in_order(names: Collection[str]) -> list[str]:
    return [name for name in events.NAMES if name in names]


def _usable_teams(wishes: Wishes) -> list[Team]:
    if wishes.all_teams:
        return []
    if not wishes.teams:
        raise InvalidInput(fields={"teams": "Please choose at least one team, or all."})
    return list(wishes.teams)


def _url(endpoint: Endpoint) -> str:
    try:
        return open_sealed(endpoint.sealed_url)
    except SealBroken:
        return ""


def _new_secret() -> str:
    return rules.write_secret(secrets.token_bytes(rules.SECRET_BYTES))


def _lock(endpoint: Endpoint) -> Endpoint:
    found = Endpoint.objects.select_for_update(no_key=True).filter(pk=endpoint.pk).first()
    if found is None:
        raise NotFound
    return found
