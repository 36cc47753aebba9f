"""The addresses of the facts; they belong to the names of `incidents`."""

from __future__ import annotations

from django.urls import URLPattern, path

from afterword.incidents.facts.views import incident, settings

_INCIDENT = "incidents/<int:number>"
_LINK = f"{_INCIDENT}/links/<uuid:unique_id>"
_FIELD = "settings/incident-fields/<uuid:unique_id>"

urlpatterns: list[URLPattern] = [
    path(f"{_INCIDENT}/services", incident.services, name="services"),
    path(f"{_INCIDENT}/links", incident.links, name="links"),
    path(_LINK, incident.link, name="link"),
    path(f"{_LINK}/place", incident.place_link, name="place_link"),
    path(f"{_LINK}/removal", incident.remove_link, name="remove_link"),
    path(f"{_INCIDENT}/fields", incident.values, name="values"),
    path(f"{_INCIDENT}/participants", incident.accept_participants, name="participants"),
    path(f"{_INCIDENT}/summary/history", incident.summary_history, name="summary_history"),
    path(
        f"{_INCIDENT}/summary/history/<int:version>/restoration",
        incident.restore_summary,
        name="restore_summary",
    ),
    path("settings/incident-fields", settings.fields, name="fields"),
    path("settings/incident-fields/new", settings.new_field, name="new_field"),
    path(_FIELD, settings.field, name="field"),
    path(f"{_FIELD}/place", settings.place, name="place_field"),
    path(f"{_FIELD}/archival", settings.archival, name="archive_field"),
    path(f"{_FIELD}/deletion", settings.deletion, name="delete_field"),
]
