"""Every change to how bodies are mapped.

The way in lets any body in where a mapping is switched on, and the fold keeps what it has compiled: both
learn of a change by `integration.mapping_changed` and by the integration's revision.
"""

from __future__ import annotations

from typing import Any

from django.db import transaction
from django.db.models import F

from afterword.accounts import reads as accounts
from afterword.accounts.models import Person
from afterword.audit.writes import record
from afterword.catalog.models import Integration, IntegrationKind
from afterword.ingest import mapping
from afterword.ingest.models import AlertRule, Mapping
from afterword.ingest.rules.rewriting import for_mapping
from afterword.ingest.versions import version_of
from afterword.lib import clock
from afterword.lib.errors import Conflict, InvalidInput

ONLY_GENERIC = "Only a generic integration can be mapped: bodies of other kinds have a shape that is known."
NOT_SAVED_YET = "Please save a mapping first."


class ChangedMeanwhile(Conflict):
    """Somebody has changed this since you opened it. Save again to replace it, or open it anew to see it."""


@transaction.atomic
def save_mapping(
    *,
    actor: Person,
    integration: Integration,
    definition: Any,
    rewrite_rules: bool = False,
    seen: str | None = None,
) -> Mapping:
    """Keep how an integration's bodies are mapped; on or off it stays as it is.

    With `rewrite_rules`, rules that would look in the wrong place are rewritten, as in `switch_mapping`.
    `seen` is the version that the actor has edited; None replaces whatever is there. Raises
    ChangedMeanwhile, InvalidInput with the path of each fault, NotAllowed, NotFound.
    """
    accounts.require_manager(actor, integration.service.team)
    _require_generic(integration)
    mapping.parse(definition)
    lock_integration(integration)
    kept = Mapping.objects.filter(integration=integration).first()
    if seen is not None and seen != version_of(kept):
        raise ChangedMeanwhile
    kept = kept or Mapping(integration=integration)
    is_new = kept.pk is None
    if is_new or kept.definition != definition:
        kept.definition = definition
        kept.changed_at = clock.now()
        kept.save()
        _note_change(actor, integration, {"changed": ["definition"], "is_enabled": kept.is_enabled})
    if rewrite_rules:
        _rewrite_rules(actor, integration, is_mapped=kept.is_enabled)
    return kept


@transaction.atomic
def switch_mapping(
    *, actor: Person, integration: Integration, on: bool, rewrite_rules: bool = False
) -> Mapping:
    """Have an integration's bodies mapped from now on, or no more.

    With `rewrite_rules`, rules that say `payload.x` say `payload.payload.x` from then on, or the other
    way. Raises InvalidInput without a saved mapping, NotAllowed, NotFound.
    """
    accounts.require_manager(actor, integration.service.team)
    _require_generic(integration)
    lock_integration(integration)
    kept = Mapping.objects.filter(integration=integration).first()
    if kept is None:
        raise InvalidInput(NOT_SAVED_YET)
    if kept.is_enabled != on:
        kept.is_enabled = on
        kept.changed_at = clock.now()
        kept.save(update_fields=["is_enabled", "changed_at"])
        _note_change(actor, integration, {"changed": ["is_enabled"], "is_enabled": on})
    if rewrite_rules:
        _rewrite_rules(actor, integration, is_mapped=on)
    return kept


def lock_integration(integration: Integration) -> None:
    """Keep others from changing the mapping and the rules of an integration until this change is done."""
    Integration.objects.select_for_update().filter(pk=integration.pk).first()


def bump_revision(integration: Integration) -> None:
    """What was compiled from the mapping and the rules is stale now."""
    Integration.objects.filter(pk=integration.pk).update(revision=F("revision") + 1)
    integration.refresh_from_db(fields=["revision"])


def _require_generic(integration: Integration) -> None:
    if integration.kind != IntegrationKind.GENERIC:
        raise InvalidInput(ONLY_GENERIC)


def _note_change(actor: Person, integration: Integration, data: dict[str, Any]) -> None:
    bump_revision(integration)
    record(
        actor=actor,
        action="integration.mapping_changed",
        subject=integration,
        team_id=integration.service.team_id,
        data=data,
    )


def _rewrite_rules(actor: Person, integration: Integration, *, is_mapped: bool) -> None:
    names = []
    for rule in AlertRule.objects.filter(integration=integration):
        said = for_mapping(rule.conditions, rule.actions, is_mapped=is_mapped)
        if said.changes:
            rule.conditions, rule.actions = said.conditions, said.actions
            rule.save(update_fields=["conditions", "actions"])
            names.append(rule.name)
    if names:
        bump_revision(integration)
        record(
            actor=actor,
            action="integration.rules_changed",
            subject=integration,
            team_id=integration.service.team_id,
            data={"change": "rewritten", "rules": names},
        )
