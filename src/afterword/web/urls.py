from __future__ import annotations

from django.urls import URLPattern, path

from afterword.web import views

urlpatterns: list[URLPattern] = [
    path("design", views.design, name="design"),
    path("theme", views.choose_theme, name="theme"),
]
