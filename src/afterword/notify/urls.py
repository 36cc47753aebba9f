from __future__ import annotations

from django.urls import URLPattern, path

from afterword.notify import views

app_name = "notify"

urlpatterns: list[URLPattern] = [
    path("incidents/<int:number>/messages", views.show_messages, name="messages"),
    path("incidents/<int:number>/deliveries/<int:delivery>/retry", views.retry, name="retry"),
]
