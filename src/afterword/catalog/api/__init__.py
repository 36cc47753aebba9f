"""The API of the catalogue, one file per noun."""

from ninja import Router

from afterword.catalog.api import integrations, services

router = Router()
for noun in (services, integrations):
    router.add_router("", noun.router)

__all__ = ["router"]
