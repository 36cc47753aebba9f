"""What the actions of a rule may name: priorities, SLAs, tags, people, services, by their unique ids."""

from __future__ import annotations

import uuid
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from django.db.models import Model, QuerySet

from afterword.accounts import reads as accounts
from afterword.accounts.models import Person, Team
from afterword.catalog import reads as catalog
from afterword.catalog.models import Integration, Service
from afterword.lib.errors import InvalidInput

CHOICES_MAX = 1_000
"""Of each kind; a page with more could not be used."""
NOUNS = {
    "priority": "priority",
    "sla": "SLA",
    "escalation_policy": "escalation policy",
    "tags": "tag",
    "role": "incident role",
    "person": "active member",
    "service": "service that you may route alerts to",
}


@dataclass
class RuleTargets:
    """What someone may choose for the rules of an integration: each kind as names by unique id.

    Where `actions` route alerts to the service of another team, that team's things can be chosen too: they
    are what its incidents take.
    """

    actor: Person
    integration: Integration
    actions: Any = ()

    @cached_property
    def priority(self) -> dict[str, str]:
        return self._of_teams(catalog.visible_priorities)

    @cached_property
    def sla(self) -> dict[str, str]:
        return self._of_teams(catalog.visible_slas)

    @cached_property
    def escalation_policy(self) -> dict[str, str]:
        return self._of_teams(catalog.visible_escalation_policies)

    @cached_property
    def tags(self) -> dict[str, str]:
        return self._of_teams(catalog.visible_tags)

    @cached_property
    def role(self) -> dict[str, str]:
        return _names(catalog.visible_incident_roles(self.actor, archived=False))

    @cached_property
    def person(self) -> dict[str, str]:
        people: dict[str, str] = {}
        for team in self._teams:
            people |= _names(catalog.people_to_call(self.actor, team))
        return people

    @cached_property
    def service(self) -> dict[str, str]:
        return {str(service.unique_id): f"{service} ({service.team})" for service in self._services}

    def of(self, kind: str) -> dict[str, str]:
        found: dict[str, str] = getattr(self, kind)
        return found

    @cached_property
    def _services(self) -> list[Service]:
        """Those of the teams that the actor manages: nobody sends alerts into the house of others."""
        services = catalog.visible_services(self.actor).filter(team__in=accounts.managed_teams(self.actor))
        return list(services.exclude(pk=self.integration.service_id).select_related("team")[:CHOICES_MAX])

    @cached_property
    def _teams(self) -> list[Team]:
        """The integration's own, and those of the services that the actions route to."""
        own = self.integration.service.team
        routed = {canonical(unique_id) for _, kind, unique_id in named_in(self.actions) if kind == "service"}
        others = {s.team.pk: s.team for s in self._services if str(s.unique_id) in routed} if routed else {}
        others.pop(own.pk, None)
        return [own, *others.values()]

    def _of_teams(self, visible: Callable[..., QuerySet[Any]]) -> dict[str, str]:
        named: dict[str, str] = {}
        for place, team in enumerate(self._teams):
            rows = visible(self.actor, team=team, archived=False).prefetch_related(None)[:CHOICES_MAX]
            named |= {str(row.unique_id): f"{row} ({team})" if place else str(row) for row in rows}
        return named


def require_known(actor: Person, integration: Integration, actions: Any, known_before: Any = ()) -> None:
    """Raises InvalidInput where parsed actions name what is not there, or not the actor's to name.

    What `known_before` named may stay: someone else, who may, has put it there.
    """
    targets = RuleTargets(actor, integration, actions)
    before = {(kind, canonical(unique_id)) for _, kind, unique_id in named_in(known_before)}
    faults = {
        path: f"There is no {NOUNS[kind]} with the id {unique_id}."
        for path, kind, unique_id in named_in(actions)
        if (kind, canonical(unique_id)) not in before and canonical(unique_id) not in targets.of(kind)
    }
    if faults:
        raise InvalidInput(fields=faults)


def canonical(unique_id: str) -> str:
    """A unique id as it is written by us, whatever the letter case and the hyphens."""
    try:
        return str(uuid.UUID(unique_id))
    except ValueError:
        return unique_id


def named_in(actions: Any) -> Iterator[tuple[str, str, str]]:
    """Each id in the actions: its path, its kind and itself."""
    for place, action in enumerate(actions if isinstance(actions, list) else []):
        for kind in NOUNS:
            given = action.get(kind) if isinstance(action, dict) else None
            if isinstance(given, str):
                yield f"actions.{place}.{kind}", kind, given
            elif isinstance(given, list):
                yield from (
                    (f"actions.{place}.{kind}.{at}", kind, each)
                    for at, each in enumerate(given)
                    if isinstance(each, str)
                )


def _names(rows: QuerySet[Any]) -> dict[str, str]:
    found: list[Model] = list(rows[:CHOICES_MAX])
    return {str(getattr(row, "unique_id", "")): str(row) for row in found}
