"""What a service depends on. `change_service` asks for it, and records it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from afterword.accounts.models import Person
from afterword.catalog.models import DEPENDENCIES_MAX, Service, ServiceDependency
from afterword.catalog.reads.dependencies import dependencies_of, services_to_depend_on
from afterword.lib import clock
from afterword.lib.errors import InvalidInput, NotFound

FIELD = "depends_on"
NOT_ITSELF = "A service does not depend on itself."
NOT_SEEN = "Please choose among the services that you see."
TOO_MANY = f"Please name at most {DEPENDENCIES_MAX} services."


@dataclass(frozen=True)
class Replaced:
    """The names before and after, of what the actor sees."""

    before: list[str]
    after: list[str]


def replace_dependencies(*, actor: Person, service: Service, wanted: Sequence[Service]) -> Replaced | None:
    """Have the service depend on these, of those that the actor sees; what they do not see stays.

    None where it did before. Within a transaction of the caller, who has asked for the right. Raises
    InvalidInput, and NotFound for a service that went meanwhile.
    """
    chosen = {one.pk: one for one in wanted}
    if service.pk in chosen:
        raise InvalidInput(fields={FIELD: NOT_ITSELF})
    if len(chosen) > DEPENDENCIES_MAX:
        raise InvalidInput(fields={FIELD: TOO_MANY})
    _hold(service, chosen)
    before = {one.pk: one for one in dependencies_of(actor, service)}
    added, removed = chosen.keys() - before.keys(), before.keys() - chosen.keys()
    if not added and not removed:
        return None
    if services_to_depend_on(actor, service).filter(pk__in=added).count() < len(added):
        raise InvalidInput(fields={FIELD: NOT_SEEN})
    ServiceDependency.objects.filter(service=service, depends_on__in=removed).delete()
    now = clock.now()
    ServiceDependency.objects.bulk_create(
        ServiceDependency(service=service, depends_on_id=key, added_at=now) for key in sorted(added)
    )
    return Replaced(_names(before.values()), _names(chosen.values()))


def _hold(service: Service, chosen: Iterable[int]) -> None:
    """Neither is deleted, nor is this changed by somebody else, until it is done.

    In the order of their keys, so that two who name one another do not wait for each other for ever.
    """
    held = Service.objects.select_for_update(no_key=True).filter(pk__in=[service.pk, *chosen])
    if service.pk not in held.order_by("pk").values_list("pk", flat=True):
        raise NotFound


def _names(services: Iterable[Service]) -> list[str]:
    return sorted(one.name for one in services)
