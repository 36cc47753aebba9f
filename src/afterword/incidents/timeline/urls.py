from __future__ import annotations

from django.urls import URLPattern, path

from afterword.incidents.timeline import views

urlpatterns: list[URLPattern] = [
    path("incidents/<int:number>/events", views.refuse_to_watch, name="events"),
    path("incidents/<int:number>/timestamps", views.edit_timestamps, name="timestamps"),
    path("incidents/<int:number>/entries/visibility", views.change_visibility, name="visibility"),
    path("incidents/<int:number>/entries/<uuid:entry>", views.show_entry, name="entry"),
    path("incidents/<int:number>/entries/<uuid:entry>/star", views.star, name="star"),
    path("incidents/<int:number>/entries/<uuid:entry>/mark", views.mark, name="mark"),
    path("incidents/<int:number>/entries/<uuid:entry>/evidence", views.attach, name="attach"),
    path("incidents/<int:number>/evidence/<uuid:evidence>", views.show_evidence, name="evidence"),
    path(
        "incidents/<int:number>/evidence/<uuid:evidence>/removal",
        views.remove_evidence,
        name="remove_evidence",
    ),
]
