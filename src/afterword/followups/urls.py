from __future__ import annotations

from django.urls import URLPattern, path

from afterword.followups import document_views, views

app_name = "followups"

urlpatterns: list[URLPattern] = [
    path("follow-ups", views.show_list, name="list"),
    path("follow-ups/<uuid:unique_id>", views.edit, name="page"),
    path("follow-ups/<uuid:unique_id>/status", views.change_status, name="status"),
    path("incidents/<int:number>/follow-ups", views.show_of_incident, name="of_incident"),
    path("postmortems/<int:number>/follow-ups", document_views.show, name="of_document"),
]
