from __future__ import annotations

from django.urls import URLPattern, path

from afterword.incidents.privacy import views

urlpatterns: list[URLPattern] = [
    path("incidents/<int:number>/privacy", views.show_privacy, name="privacy"),
    path("incidents/<int:number>/members/<uuid:person>/removal", views.remove_member, name="remove_member"),
]
