from __future__ import annotations

from django.urls import URLPattern, path

from afterword.incidents import views
from afterword.incidents.chat import urls as chat
from afterword.incidents.facts import urls as facts
from afterword.incidents.flow import urls as flow
from afterword.incidents.privacy import urls as privacy
from afterword.incidents.related import urls as related
from afterword.incidents.timeline import urls as timeline

app_name = "incidents"

urlpatterns: list[URLPattern] = [
    path("incidents", views.show_list, name="list"),
    path("incidents/new", views.report, name="new"),
    path("incidents/<int:number>", views.show, name="page"),
    path("incidents/<int:number>/alerts", views.show_alerts, name="alerts"),
    path("incidents/<int:number>/changes", views.show_changes, name="changes"),
    path("incidents/<int:number>/response", views.edit_response, name="response"),
    path("incidents/<int:number>/roles", views.assign_role, name="assign_role"),
    path("incidents/<int:number>/roles/<int:assignment>/removal", views.take_role, name="take_role"),
    path("incidents/<int:number>/acknowledgement", views.acknowledge, name="acknowledge"),
    path("incidents/<int:number>/resolution", views.resolve, name="resolve"),
    path("incidents/<int:number>/notes", views.note, name="note"),
    path("incidents/<int:number>/summary", views.edit, name="summary"),
    *facts.urlpatterns,
    *privacy.urlpatterns,
    *related.urlpatterns,
    *timeline.urlpatterns,
    *chat.urlpatterns,
    *flow.urlpatterns,
]
