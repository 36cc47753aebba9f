"""Which services an incident affects beside its own."""

from __future__ import annotations

from collections.abc import Sequence

from django.db import transaction

from afterword.accounts.models import Person
from afterword.catalog.models import Service
from afterword.incidents.facts.models import AffectedService
from afterword.incidents.facts.reads import affected_services, services_to_affect
from afterword.incidents.facts.rules import describe_services
from afterword.incidents.facts.writes.telling import tell
from afterword.incidents.models import Incident
from afterword.incidents.reads import lock_incident
from afterword.lib import clock
from afterword.lib.errors import InvalidInput

AFFECTED_SERVICES_MAX = 100


@transaction.atomic
def change_affected_services(*, actor: Person, incident: Incident, services: Sequence[Service]) -> Incident:
    """Have it affect these beside its own, of all teams that the actor may see.

    What others have named and the actor does not see stays. The incident's own service is one anyway.
    Raises InvalidInput for a service that the actor does not see, NotAllowed, NotFound.
    """
    incident = lock_incident(actor, incident)
    before = {service.pk: service for service in affected_services(actor, incident)}
    wanted = {service.pk: service for service in services if service.pk != incident.service_id}
    added = [service for key, service in wanted.items() if key not in before]
    removed = [service for key, service in before.items() if key not in wanted]
    if not added and not removed:
        return incident
    known = services_to_affect(actor, incident).filter(pk__in=[service.pk for service in added])
    if len(set(known.values_list("pk", flat=True))) < len(added):
        raise InvalidInput(fields={"services": "Please choose among the services that you see."})
    rows = AffectedService.objects.filter(incident=incident)
    if rows.count() + len(added) - len(removed) > AFFECTED_SERVICES_MAX:
        raise InvalidInput(fields={"services": f"Please name at most {AFFECTED_SERVICES_MAX} services."})
    rows.filter(service__in=removed).delete()
    now = clock.now()
    AffectedService.objects.bulk_create(
        AffectedService(incident=incident, service=service, added_at=now) for service in added
    )
    names, gone = [str(service) for service in added], [str(service) for service in removed]
    text = describe_services(names, gone)
    tell(actor, incident, text, "incident.services_changed", added=names, removed=gone)
    return incident
