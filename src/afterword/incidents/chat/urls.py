from __future__ import annotations

from django.urls import URLPattern, path

from afterword.incidents.chat import views

urlpatterns: list[URLPattern] = [
    path("incidents/<int:number>/chat", views.add, name="chat"),
    path(
        "incidents/<int:number>/chat/<uuid:addition>/visibility",
        views.change_visibility,
        name="chat_visibility",
    ),
]
