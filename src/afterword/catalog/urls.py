from __future__ import annotations

from typing import Any

from django.urls import URLPattern, path

from afterword.catalog.views import (
    classification,
    escalation,
    integrations,
    maintenance,
    nouns,
    on_call,
    priorities,
    roles,
    services,
    slas,
    tags,
)


def _pages(address: str, noun: nouns.Noun, views: Any) -> list[URLPattern]:
    """The list of a noun, the form for a new one, the page of one, and what can be done to it."""
    one, many = noun.url_one, noun.url_many
    page = f"settings/{address}/<uuid:unique_id>"
    return [
        path(f"settings/{address}", getattr(views, many), name=many),
        path(f"settings/{address}/new", getattr(views, f"new_{one}"), name=f"new_{one}"),
        path(page, getattr(views, one), name=one),
        path(f"{page}/archival", nouns.archival, {"noun": noun}, name=f"archive_{one}"),
        path(f"{page}/deletion", nouns.deletion, {"noun": noun}, name=f"delete_{one}"),
    ]


app_name = "catalog"
urlpatterns: list[URLPattern] = [
    path("settings/services", services.services, name="services"),
    path("settings/services/new", services.new_service, name="new_service"),
    path("settings/services/<uuid:unique_id>", services.service, name="service"),
    path("settings/services/<uuid:unique_id>/edit", services.edit_service, name="edit_service"),
    path("settings/services/<uuid:unique_id>/deletion", services.delete_service, name="delete_service"),
    path("settings/integrations/<uuid:unique_id>", integrations.integration, name="integration"),
    path(
        "settings/integrations/<uuid:unique_id>/state",
        integrations.switch_integration,
        name="switch_integration",
    ),
    path(
        "settings/integrations/<uuid:unique_id>/deletion",
        integrations.delete_integration,
        name="delete_integration",
    ),
    path("settings/integrations/<uuid:unique_id>/key", integrations.rotate_key, name="rotate_key"),
    path("settings/integrations/<uuid:unique_id>/secret", integrations.rotate_secret, name="rotate_secret"),
    *_pages("priorities", nouns.PRIORITY, priorities),
    path(
        "settings/priorities/<uuid:unique_id>/place",
        nouns.place,
        {"noun": nouns.PRIORITY, "move": priorities.move},
        name="place_priority",
    ),
    *_pages("slas", nouns.SLA, slas),
    *_pages("tags", nouns.TAG, tags),
    *_pages("escalation-policies", nouns.ESCALATION_POLICY, escalation),
    path("on-call", on_call.who_is_on_call, name="who_is_on_call"),
    *_pages("on-call-schedules", nouns.ON_CALL_SCHEDULE, on_call),
    path("settings/on-call-schedules/<uuid:unique_id>/overrides", on_call.add_override, name="add_override"),
    path(
        "settings/on-call-schedules/<uuid:unique_id>/overrides/<uuid:override>/removal",
        on_call.remove_override,
        name="remove_override",
    ),
    *_pages("incident-roles", nouns.INCIDENT_ROLE, roles),
    path(
        "settings/incident-roles/<uuid:unique_id>/place",
        nouns.place,
        {"noun": nouns.INCIDENT_ROLE, "move": roles.move},
        name="place_incident_role",
    ),
    *_pages("severities", nouns.SEVERITY, classification),
    path(
        "settings/severities/<uuid:unique_id>/place",
        nouns.place,
        {"noun": nouns.SEVERITY, "move": classification.move_severity},
        name="place_severity",
    ),
    *_pages("incident-types", nouns.INCIDENT_TYPE, classification),
    path(
        "settings/incident-types/<uuid:unique_id>/place",
        nouns.place,
        {"noun": nouns.INCIDENT_TYPE, "move": classification.move_incident_type},
        name="place_incident_type",
    ),
    path("settings/maintenance", maintenance.maintenance_windows, name="maintenance_windows"),
    path("settings/maintenance/new", maintenance.new_maintenance_window, name="new_maintenance_window"),
    path("settings/maintenance/<uuid:unique_id>", maintenance.maintenance_window, name="maintenance_window"),
    path("settings/maintenance/<uuid:unique_id>/ending", maintenance.end_maintenance, name="end_maintenance"),
    path(
        "settings/maintenance/<uuid:unique_id>/deletion",
        maintenance.delete_maintenance_window,
        name="delete_maintenance_window",
    ),
]
