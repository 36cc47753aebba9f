"""The API of the catalogue, one file per noun."""

from ninja import Router

from afterword.catalog.api import (
    classification,
    escalation,
    integrations,
    maintenance,
    on_call,
    priorities,
    roles,
    services,
    slas,
    tags,
)

router = Router()
for noun in (
    services,
    integrations,
    priorities,
    slas,
    tags,
    escalation,
    on_call,
    maintenance,
    roles,
    classification,
):
    router.add_router("", noun.router)

__all__ = ["router"]
