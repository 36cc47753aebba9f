from __future__ import annotations

from django.urls import URLPattern, path

from afterword.audit import views

app_name = "audit"
urlpatterns: list[URLPattern] = [path("settings/audit", views.events, name="events")]
