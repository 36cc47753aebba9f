"""`applications/`: the kinds of integrations, as the applications that Zenduty knows them by."""

from __future__ import annotations

import uuid
from typing import Any

from django.http import HttpRequest
from ninja import Router

from afterword.catalog.models import IntegrationKind
from afterword.catalog.zenduty.wire import answers

router = Router()
NAMESPACE = uuid.UUID("6f0d4bb2-6c0e-4b52-9a37-0f6f5e4f6f3d")
"""For ever: clients keep the ids that follow from it."""


@answers(router, ["GET"], "/", summary="List applications", name="list_applications")
def list_applications(request: HttpRequest) -> list[dict[str, Any]]:
    """An integration is made of one of these, by its `unique_id`."""
    return [describe_application(kind) for kind in IntegrationKind]


def application_id(kind: str) -> uuid.UUID:
    """The id of a kind of integration, the same in every install."""
    return uuid.uuid5(NAMESPACE, kind)


def kind_of(application: uuid.UUID | None) -> IntegrationKind:
    """The kind that an application stands for; generic for those of Zenduty's own catalogue."""
    known = {application_id(kind): kind for kind in IntegrationKind}
    return known.get(application, IntegrationKind.GENERIC) if application else IntegrationKind.GENERIC


def describe_application(kind: IntegrationKind) -> dict[str, Any]:
    return {
        "name": kind.label,
        "icon_url": "",
        "summary": "",
        "description": "",
        "unique_id": str(application_id(kind)),
        "availability_plan_id": 0,
        "setup_instructions": "",
        "extension": kind.value,
        "application_type": 0,
        "categories": "",
        "documentation_link": "",
    }
