from __future__ import annotations

from django.urls import URLPattern, path

from afterword.catalog import views

app_name = "catalog"
urlpatterns: list[URLPattern] = [
    path("settings/services", views.services, name="services"),
    path("settings/services/new", views.new_service, name="new_service"),
    path("settings/services/<uuid:unique_id>", views.service, name="service"),
    path("settings/services/<uuid:unique_id>/edit", views.edit_service, name="edit_service"),
    path("settings/integrations/<uuid:unique_id>", views.integration, name="integration"),
    path("settings/integrations/<uuid:unique_id>/state", views.switch_integration, name="switch_integration"),
    path("settings/integrations/<uuid:unique_id>/key", views.rotate_key, name="rotate_key"),
]
