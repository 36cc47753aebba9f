from __future__ import annotations

from django.urls import URLPattern, path

from afterword.webhooks import views

app_name = "webhooks"
urlpatterns: list[URLPattern] = [
    path("settings/webhooks", views.endpoints, name="endpoints"),
    path("settings/webhooks/new", views.new_endpoint, name="new_endpoint"),
    path("settings/webhooks/<uuid:unique_id>", views.endpoint, name="endpoint"),
    path("settings/webhooks/<uuid:unique_id>/settings", views.change_endpoint, name="change_endpoint"),
    path("settings/webhooks/<uuid:unique_id>/ping", views.send_ping, name="ping"),
    path("settings/webhooks/<uuid:unique_id>/secret", views.rotate_secret, name="rotate_secret"),
    path("settings/webhooks/<uuid:unique_id>/deletion", views.delete_endpoint, name="delete_endpoint"),
    path("settings/webhooks/<uuid:unique_id>/deliveries/<uuid:delivery_id>", views.delivery, name="delivery"),
    path(
        "settings/webhooks/<uuid:unique_id>/deliveries/<uuid:delivery_id>/again",
        views.send_again,
        name="send_again",
    ),
]
