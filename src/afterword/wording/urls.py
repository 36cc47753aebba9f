from __future__ import annotations

from django.urls import URLPattern, path

from afterword.wording import views

app_name = "wording"

urlpatterns: list[URLPattern] = [
    path("postmortems/<int:number>/wording", views.show_document, name="document"),
    path(
        "postmortems/<int:number>/wording/sections/<uuid:unique_id>",
        views.check_section,
        name="check_section",
    ),
    path("postmortems/<int:number>/wording/mutes", views.mute, name="mute"),
    path(
        "postmortems/<int:number>/wording/mutes/<uuid:unique_id>/removal",
        views.take_back,
        name="take_back",
    ),
    path("wording/hints", views.hint, name="hints"),
    path("help/wording/", views.show_help, name="help"),
    path("help/wording/<slug:name>", views.show_category, name="category"),
    path("settings/wording", views.edit_settings, name="settings"),
]
