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
from afterword.ingest.models import AlertRule, Mapping
from afterword.ingest.versions import version_of

CHANGE = "change"
"""The name of the buttons that change a form without saving it."""
SEEN = "seen"
"""The name of the field with the version that was there when the page was opened."""


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


def seen_by(request: HttpRequest, kept: Mapping | AlertRule | None) -> str:
    """The version that the person edits: the one of the form, or what is there when they begin."""
    posted = request.POST.get(SEEN)
    return version_of(kept) if posted is None else posted


def posted_of(request: HttpRequest) -> Posted:
    return read_posted(request.POST.lists())
