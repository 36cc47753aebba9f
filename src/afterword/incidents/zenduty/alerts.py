"""`{incident}/alerts/`, and the alerts that came in by an integration."""

from __future__ import annotations

import uuid
from typing import Any

from django.http import HttpRequest
from ninja import Router

from afterword.accounts.keys import caller_of
from afterword.catalog.reads import visible_integrations
from afterword.catalog.zenduty.pages import describe_page, read_page
from afterword.catalog.zenduty.wire import answers, caller_and_team, one_of
from afterword.incidents.reads import get_incident
from afterword.incidents.zenduty import reads
from afterword.incidents.zenduty.shapes import describe_alert
from afterword.lib.errors import NotFound

router = Router()
of_integrations = Router()
LIST, ONE = "/{reference}/alerts/", "/{reference}/alerts/{unique_id}/"
OF_INTEGRATION = "/{uuid:team}/services/{uuid:service}/integrations/{uuid:unique_id}/alerts/"
ALERTS_AT_ONCE = 500
"""Unless a smaller page is asked for: their Python client reads one page and takes it for all."""


@answers(router, ["GET"], LIST, summary="List the alerts", name="list_alerts", area="incident")
def list_alerts(
    request: HttpRequest, reference: str, page: int = 1, page_size: int = ALERTS_AT_ONCE
) -> dict[str, Any]:
    """The earliest first."""
    actor = caller_of(request).person
    found = reads.alerts_of(actor, get_incident(actor, reference))
    one = read_page(found, page=page, page_size=page_size)
    return describe_page(one, [describe_alert(alert) for alert in one.rows], request.path)


@answers(router, ["GET"], ONE, summary="Get an alert", name="get_alert", area="incident")
def get_alert(request: HttpRequest, reference: str, unique_id: str) -> dict[str, Any]:
    actor = caller_of(request).person
    found = reads.alerts_of(actor, get_incident(actor, reference))
    if not (unique_id.isascii() and unique_id.isalnum()):
        raise NotFound
    alert = found.filter(unique_id=unique_id).first()
    if alert is None:
        raise NotFound
    return describe_alert(alert)


@answers(
    of_integrations,
    ["GET"],
    OF_INTEGRATION,
    summary="List the alerts of an integration",
    name="list_integration_alerts",
)
def list_integration_alerts(
    request: HttpRequest,
    team: uuid.UUID,
    service: uuid.UUID,
    unique_id: uuid.UUID,
    page: int = 1,
    page_size: int | None = None,
) -> dict[str, Any]:
    """The newest first."""
    actor, owner = caller_and_team(request, team)
    integrations = visible_integrations(actor).filter(service__team=owner, service__unique_id=service)
    found = reads.alerts_of_integration(actor, one_of(integrations, unique_id))
    one = read_page(found, page=page, page_size=page_size)
    return describe_page(one, [describe_alert(alert) for alert in one.rows], request.path)
