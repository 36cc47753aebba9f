"""Every change to integrations.

The way in keeps a table of keys and subscribes to what is recorded here: an integration that is switched
off, or a key or a secret that is replaced, stops at once.
"""

from __future__ import annotations

import secrets

from django.db import transaction

from afterword.accounts import reads as accounts
from afterword.accounts.models import Person
from afterword.audit.writes import record
from afterword.catalog.models import Integration, IntegrationKind, Service
from afterword.catalog.reads.owned import is_used
from afterword.catalog.senders import SIGNED_KINDS
from afterword.catalog.writes.texts import clean_name
from afterword.lib import ids
from afterword.lib.errors import Conflict, InvalidInput, NotFound
from afterword.lib.names import name_given_once

INTEGRATIONS_PER_SERVICE_MAX = 100
SECRET_BYTES = 32
SIGNALS_PER_MINUTE_MAX = 1_000_000
INTEGRATION_NAME_TAKEN = "The service has an integration with this name already."


class IntegrationInUse(Conflict):
    """Alerts have come in by this integration, so it cannot be deleted. Switch it off instead."""


@transaction.atomic
def create_integration(
    *, actor: Person, service: Service, name: str, kind: IntegrationKind = IntegrationKind.GENERIC
) -> Integration:
    """Make a way in for alerts on a service, with a key, and a secret where its sender signs.

    Raises InvalidInput, NotAllowed, NotFound.
    """
    accounts.require_manager(actor, service.team)
    if kind not in IntegrationKind.values:
        raise InvalidInput(fields={"kind": f"Please choose one of: {', '.join(IntegrationKind.values)}."})
    if Integration.objects.filter(service=service).count() >= INTEGRATIONS_PER_SERVICE_MAX:
        raise InvalidInput(
            fields={"name": f"A service has at most {INTEGRATIONS_PER_SERVICE_MAX} integrations."}
        )
    integration = Integration(service=service, name=clean_name(name), kind=kind)
    if kind in SIGNED_KINDS:
        integration.secret = secrets.token_urlsafe(SECRET_BYTES)
    others = Integration.objects.filter(service=integration.service_id)
    with name_given_once(integration, others, INTEGRATION_NAME_TAKEN):
        integration.save(force_insert=True)
    record(actor=actor, action="integration.created", subject=integration, team_id=service.team_id)
    return integration


@transaction.atomic
def change_integration(
    *, actor: Person, integration: Integration, name: str | None = None, is_enabled: bool | None = None
) -> Integration:
    """Rename an integration, or switch it on or off; None leaves it.

    Alerts to one that is off are answered with 404. Raises InvalidInput, NotAllowed, NotFound.
    """
    accounts.require_manager(actor, integration.service.team)
    wanted = {
        "name": integration.name if name is None else clean_name(name),
        "is_enabled": integration.is_enabled if is_enabled is None else is_enabled,
    }
    changed = [field for field, value in wanted.items() if getattr(integration, field) != value]
    if not changed:
        return integration
    for field in changed:
        setattr(integration, field, wanted[field])
    others = Integration.objects.filter(service=integration.service_id)
    with name_given_once(integration, others, INTEGRATION_NAME_TAKEN):
        integration.save(update_fields=changed)
    record(
        actor=actor,
        action="integration.changed",
        subject=integration,
        team_id=integration.service.team_id,
        data={"changed": changed, "is_enabled": integration.is_enabled},
    )
    return integration


@transaction.atomic
def limit_integration(
    *, actor: Person, integration: Integration, signals_per_minute_max: int | None
) -> Integration:
    """Say how many alerts a minute it takes; what is more is answered with 429.

    0: any number; None: as many as the settings say for each. Raises InvalidInput, NotAllowed, NotFound.
    """
    accounts.require_manager(actor, integration.service.team)
    if signals_per_minute_max is not None and not 0 <= signals_per_minute_max <= SIGNALS_PER_MINUTE_MAX:
        reason = f"Please give a number from 0 to {SIGNALS_PER_MINUTE_MAX:,}."
        raise InvalidInput(fields={"signals_per_minute_max": reason})
    if integration.signals_per_minute_max == signals_per_minute_max:
        return integration
    integration.signals_per_minute_max = signals_per_minute_max
    integration.save(update_fields=["signals_per_minute_max"])
    record(
        actor=actor,
        action="integration.changed",
        subject=integration,
        team_id=integration.service.team_id,
        data={"changed": ["signals_per_minute_max"], "is_enabled": integration.is_enabled},
    )
    return integration


@transaction.atomic
def rotate_key(*, actor: Person, integration: Integration) -> Integration:
    """Give an integration a new key. The old address stops at once. Raises NotAllowed, NotFound."""
    accounts.require_manager(actor, integration.service.team)
    integration.key = ids.new_uuid()
    integration.save(update_fields=["key"])
    record(
        actor=actor,
        action="integration.key_rotated",
        subject=integration,
        team_id=integration.service.team_id,
    )
    return integration


@transaction.atomic
def rotate_secret(*, actor: Person, integration: Integration) -> Integration:
    """Give an integration whose sender signs a new secret; what is signed with the old one is refused.

    Raises InvalidInput for a kind whose sender does not sign, NotAllowed, NotFound.
    """
    accounts.require_manager(actor, integration.service.team)
    if integration.kind not in SIGNED_KINDS:
        raise InvalidInput("Senders of this kind do not sign: there is no secret.")
    integration.secret = secrets.token_urlsafe(SECRET_BYTES)
    integration.save(update_fields=["secret"])
    record(
        actor=actor,
        action="integration.secret_rotated",
        subject=integration,
        team_id=integration.service.team_id,
    )
    return integration


@transaction.atomic
def delete_integration(*, actor: Person, integration: Integration) -> None:
    """Remove an integration that nothing has come in by. Raises IntegrationInUse, NotAllowed, NotFound."""
    accounts.require_manager(actor, integration.service.team)
    # The fold holds those whose alerts it writes: what it is about to write counts as well.
    if not Integration.objects.select_for_update().filter(pk=integration.pk).exists():
        raise NotFound
    if is_used(integration):
        raise IntegrationInUse
    record(
        actor=actor,
        action="integration.deleted",
        subject=integration,
        team_id=integration.service.team_id,
    )
    integration.delete()
