from __future__ import annotations

from django.urls import URLPattern, path

from afterword.drafting.suggestions import views

urlpatterns: list[URLPattern] = [
    path("postmortems/<int:number>/suggestions", views.show, name="suggestions"),
    path("postmortems/<int:number>/suggestions/decisions", views.decide, name="decide"),
    path("postmortems/<int:number>/suggestions/progress", views.show_progress, name="draft_progress"),
    path("postmortems/<int:number>/support", views.show_support, name="support"),
    path("settings/drafting", views.edit_settings, name="settings"),
    path("settings/drafting/teams/<uuid:unique_id>", views.edit_team, name="team_settings"),
    path("incidents/<int:number>/drafting", views.edit_incident, name="incident_settings"),
]
