from __future__ import annotations

from django.urls import URLPattern, path

from afterword.notify import views
from afterword.notify.paging import answer_views

app_name = "notify"

urlpatterns: list[URLPattern] = [
    path("ack/<str:token>", answer_views.answer, name="answer"),
    path("incidents/<int:number>/messages", views.show_messages, name="messages"),
    path("incidents/<int:number>/deliveries/<int:delivery>/retry", views.retry, name="retry"),
]
