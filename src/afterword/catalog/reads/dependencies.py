"""Which services need which, as far as the actor sees both ends. Nothing else is told, nor counted.

Services may need one another in a circle: whoever walks along it meets each of them once.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from django.db.models import F, QuerySet, Window
from django.db.models.functions import RowNumber

from afterword.accounts.models import Person
from afterword.catalog.models import DEPENDENCIES_MAX, Service, ServiceDependency
from afterword.catalog.reads.services import visible_services

UPSTREAM_STEPS_MAX = 3
"""How far a walk goes: from a service to what it depends on is one step."""
UPSTREAM_SERVICES_MAX = 200
"""How many services a walk finds, the nearest first."""
NEIGHBOURS_TOLD_MAX = 100
"""Of the services that need one, and of those that it needs, the first by name."""


@dataclass(frozen=True)
class Neighbours:
    """What a service depends on and what needs it, each by name, at most `NEIGHBOURS_TOLD_MAX`."""

    depends_on: list[Service] = field(default_factory=list)
    needed_by: list[Service] = field(default_factory=list)


@dataclass(frozen=True)
class Upstream:
    """A service that others depend on, and how one comes to it from them."""

    name: str
    path: tuple[str, ...]
    """The services on the shortest way to it: the one that it began with, and what stands between."""

    @property
    def steps(self) -> int:
        """1: the first of the path depends on it itself."""
        return len(self.path)

    @property
    def described(self) -> str:
        """`Checkout depends on it`, `Checkout depends on it through Basket`."""
        first, *between = self.path
        return f"{first} depends on it" + (f" through {' and '.join(between)}" if between else "")


def dependencies_of(actor: Person, service: Service) -> QuerySet[Service]:
    """What the service depends on, by name, each with its team."""
    rows = ServiceDependency.objects.filter(service=service).order_by().values("depends_on")
    return visible_services(actor).filter(pk__in=rows)


def services_to_depend_on(actor: Person, service: Service) -> QuerySet[Service]:
    """What the actor may name as a dependency: every other service that they see, by name, with its team."""
    return visible_services(actor).exclude(pk=service.pk)


def neighbours_of(actor: Person, services: Sequence[Service]) -> dict[int, Neighbours]:
    """For each of these services, which the actor sees, by its key. Two queries, however many there are."""
    found = {service.pk: Neighbours() for service in services}
    for service, needed in _edges(actor, found, "service", "depends_on"):
        found[service].depends_on.append(needed)
    for service, needing in _edges(actor, found, "depends_on", "service"):
        found[service].needed_by.append(needing)
    return found


def upstream_of(seen: QuerySet[Service], services: Iterable[int]) -> dict[int, Upstream]:
    """What services with these keys depend on, directly or through others, by key, the nearest first.

    Of several ways of the same length it tells that from the first of `services`. Only along services of
    `seen`: what somebody does not see leads them nowhere. At most `UPSTREAM_STEPS_MAX` steps far, with a
    query for each, and `UPSTREAM_SERVICES_MAX` services.
    """
    paths: dict[int, tuple[str, ...]] = dict.fromkeys(services, ())
    begun = frozenset(paths)
    found: dict[int, Upstream] = {}
    for _ in range(UPSTREAM_STEPS_MAX):
        reached: dict[int, tuple[str, ...]] = {}
        for service, name, needed, needed_name in _edges_from(seen, list(paths)):
            if needed in begun or needed in found or len(found) >= UPSTREAM_SERVICES_MAX:
                continue
            reached[needed] = (*paths[service], name)
            found[needed] = Upstream(needed_name, reached[needed])
        if not reached:
            break
        paths = reached
    return found


def directly_upstream_of(
    seen: QuerySet[Service], services: Iterable[int]
) -> QuerySet[ServiceDependency, int]:
    """The keys of what these services depend on themselves, of both ends that are `seen`: for a subquery."""
    keys = seen.order_by().values("pk")
    edges = ServiceDependency.objects.filter(service__in=list(services)).filter(
        service__in=keys, depends_on__in=keys
    )
    return edges.order_by().values_list("depends_on", flat=True)


EDGES_READ_MAX = UPSTREAM_SERVICES_MAX * DEPENDENCIES_MAX


def _edges_from(seen: QuerySet[Service], services: list[int]) -> list[tuple[int, str, int, str]]:
    """Keys and names of both ends, in the order of `services`, of one by what it needs."""
    keys = seen.order_by().values("pk")
    rows = (
        # Twice: the ones are those that the walk has come to, the others what may be seen.
        ServiceDependency.objects.filter(service__in=services)
        .filter(service__in=keys, depends_on__in=keys)
        .order_by("depends_on__name", "depends_on_id", "service_id")
        .values_list("service_id", "service__name", "depends_on_id", "depends_on__name")
    )
    place = {service: number for number, service in enumerate(services)}
    return sorted(rows[:EDGES_READ_MAX], key=lambda row: place[row[0]])


def _edges(actor: Person, services: Iterable[int], mine: str, other: str) -> Iterable[tuple[int, Service]]:
    """Pairs of a key and a service at the other end, for each key the first by name."""
    place = Window(RowNumber(), partition_by=F(mine), order_by=[F(f"{other}__name").asc(), F(other).asc()])
    rows = (
        ServiceDependency.objects.filter(
            **{f"{mine}__in": list(services), f"{other}__in": visible_services(actor).order_by().values("pk")}
        )
        .annotate(place=place)
        .filter(place__lte=NEIGHBOURS_TOLD_MAX)
        .select_related(f"{other}__team")
        .order_by(f"{other}__name", f"{other}_id")
    )
    return [(getattr(row, f"{mine}_id"), getattr(row, other)) for row in rows]
