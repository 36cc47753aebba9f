"""What is in the catalogue, as far as the actor may see it."""

from afterword.catalog.reads.integrations import (
    describe_curl,
    find_webhook_url,
    find_webhook_urls,
    get_integration,
    visible_integrations,
)
from afterword.catalog.reads.services import get_service, search_services, visible_services

__all__ = [
    "describe_curl",
    "find_webhook_url",
    "find_webhook_urls",
    "get_integration",
    "get_service",
    "search_services",
    "visible_integrations",
    "visible_services",
]
