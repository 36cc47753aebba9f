from __future__ import annotations

from django.urls import URLPattern, path

from afterword.web import home, views

urlpatterns: list[URLPattern] = [
    path("", home.show_home, name="home"),
    path("design", views.design, name="design"),
    path("favicon.ico", views.show_icon, name="icon"),
    path("theme", views.choose_theme, name="theme"),
]
