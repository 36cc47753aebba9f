from __future__ import annotations

from django.urls import URLPattern, path

from afterword.drafting.record import views

urlpatterns: list[URLPattern] = [
    path("postmortems/<int:number>/record-check", views.show, name="record_check"),
    path(
        "postmortems/<int:number>/record-check/sections/<uuid:unique_id>",
        views.check_section,
        name="record_check_section",
    ),
]
