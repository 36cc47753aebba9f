"""The addresses of the flow; they belong to the names of `incidents`."""

from __future__ import annotations

from django.urls import URLPattern, path

from afterword.incidents.flow.views import debriefs, settings, tab

_TASK = "incidents/<int:number>/tasks/<uuid:unique_id>"
_FLOW = "settings/post-incident-flows/<uuid:unique_id>"

urlpatterns: list[URLPattern] = [
    path("incidents/<int:number>/post-incident", tab.show, name="post_incident"),
    path("incidents/<int:number>/flow", tab.start, name="start_flow"),
    path("incidents/<int:number>/closing", tab.close, name="close"),
    path("incidents/<int:number>/closing/withdrawal", tab.withdraw, name="withdraw_closing"),
    path("incidents/<int:number>/tasks/new", tab.add, name="new_task"),
    path(_TASK, tab.change, name="task"),
    path(f"{_TASK}/completion", tab.tick, name="tick_task"),
    path(f"{_TASK}/omission", tab.skip, name="skip_task"),
    path(f"{_TASK}/reopening", tab.undo, name="reopen_task"),
    path(f"{_TASK}/debrief", debriefs.plan, name="debrief"),
    path(f"{_TASK}/debrief.ics", debriefs.download, name="debrief_file"),
    path(f"{_TASK}/debrief/cancellation", debriefs.cancel, name="cancel_debrief"),
    path("settings/post-incident-flows", settings.flows, name="flows"),
    path("settings/post-incident-flows/new", settings.new_flow, name="new_flow"),
    path(_FLOW, settings.flow, name="flow"),
    path(f"{_FLOW}/place", settings.place_flow, name="place_flow"),
    path(f"{_FLOW}/deletion", settings.delete_flow, name="delete_flow"),
    path(f"{_FLOW}/tasks/new", settings.new_step, name="new_step"),
    path(f"{_FLOW}/tasks/<uuid:step_id>", settings.step, name="step"),
    path(f"{_FLOW}/tasks/<uuid:step_id>/place", settings.place_step, name="place_step"),
    path(f"{_FLOW}/tasks/<uuid:step_id>/deletion", settings.delete_step, name="delete_step"),
]
