"""What the pages of mappings and rules have in common."""

from __future__ import annotations

import uuid
from typing import Any, cast

from django.http import HttpRequest

from afterword.accounts import reads as accounts
from afterword.accounts.models import Person
from afterword.catalog import reads as catalog
from afterword.catalog.models import Integration
from afterword.ingest.forms.posted import Posted, read_posted

CHANGE = "change"
"""The name of the buttons that change a form without saving it."""


def reader_of(request: HttpRequest) -> Person:
    return cast(Person, request.user)


def integration_of(request: HttpRequest, unique_id: uuid.UUID) -> Integration:
    """Raises NotFound to an outsider."""
    return catalog.get_integration(reader_of(request), unique_id)


def frame_of(actor: Person, integration: Integration) -> dict[str, Any]:
    """What the head of each page shows."""
    team = integration.service.team
    return {
        "integration": integration,
        "may_manage": accounts.managed_teams(actor).filter(pk=team.pk).exists(),
    }


def posted_of(request: HttpRequest) -> Posted:
    return read_posted(request.POST.lists())
