"""`/api/incidents/` in Zenduty's shape, for the clients that people have already.

The keys are those that the strict models of `zenduty-api` 1.0.0 (PyPI) take: one too many or one too few
makes that client fail. What this install does not know is null, or the value of a thing switched off.
Services, SLAs and colours are told as `catalog.zenduty` tells them. A PUT changes what it says, as a PATCH
does, for these clients leave out what is null.
"""

from ninja import Router

from afterword.incidents.zenduty import alerts, incidents, notes, tags

router = Router(tags=["Zenduty-compatible"])
for part in (incidents, alerts, notes, tags):
    router.add_router("", part.router)

integration_alerts = Router(tags=["Zenduty-compatible"])
integration_alerts.add_router("/teams", alerts.of_integrations)

__all__ = ["integration_alerts", "router"]
