from __future__ import annotations

from django.urls import URLPattern, path

from afterword.catalog.views import integrations, services

app_name = "catalog"
urlpatterns: list[URLPattern] = [
    path("settings/services", services.services, name="services"),
    path("settings/services/new", services.new_service, name="new_service"),
    path("settings/services/<uuid:unique_id>", services.service, name="service"),
    path("settings/services/<uuid:unique_id>/edit", services.edit_service, name="edit_service"),
    path("settings/integrations/<uuid:unique_id>", integrations.integration, name="integration"),
    path(
        "settings/integrations/<uuid:unique_id>/state",
        integrations.switch_integration,
        name="switch_integration",
    ),
    path("settings/integrations/<uuid:unique_id>/key", integrations.rotate_key, name="rotate_key"),
]
