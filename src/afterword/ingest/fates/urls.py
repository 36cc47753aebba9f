"""The addresses of signals; `ingest.urls` takes them in."""

from __future__ import annotations

from django.urls import URLPattern, path

from afterword.ingest.fates import views

_SIGNALS = "settings/integrations/<uuid:unique_id>/signals"
urlpatterns: list[URLPattern] = [
    path("settings/signals", views.show_overview, name="overview"),
    path(_SIGNALS, views.show_signals, name="signals"),
    path(f"{_SIGNALS}/rerun", views.rerun_failed, name="rerun_failed_signals"),
    path(f"{_SIGNALS}/<uuid:trace_id>", views.show_signal, name="signal"),
    path(f"{_SIGNALS}/<uuid:trace_id>/rerun", views.rerun_signal, name="rerun_signal"),
]
