from __future__ import annotations

from django.urls import URLPattern, path

from afterword.drafting.model import views

urlpatterns: list[URLPattern] = [path("settings/model-calls", views.model_calls, name="model_calls")]
