"""Every change to the catalogue."""

from afterword.catalog.writes.integrations import (
    INTEGRATIONS_PER_SERVICE_MAX,
    change_integration,
    create_integration,
    rotate_key,
)
from afterword.catalog.writes.services import change_service, create_service

__all__ = [
    "INTEGRATIONS_PER_SERVICE_MAX",
    "change_integration",
    "change_service",
    "create_integration",
    "create_service",
    "rotate_key",
]
