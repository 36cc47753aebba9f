from __future__ import annotations

from django.urls import URLPattern, path

from afterword.drafting.interviews import answer_views, views

urlpatterns: list[URLPattern] = [
    path("postmortems/<int:number>/questions", views.show, name="questions"),
    path("postmortems/<int:number>/questions/new", views.ask, name="ask"),
    path("postmortems/<int:number>/questions/<uuid:unique_id>/people", views.ask_others, name="ask_others"),
    path(
        "postmortems/<int:number>/questions/<uuid:unique_id>/withdrawal",
        views.withdraw,
        name="withdraw_question",
    ),
    path("questions", answer_views.show_own, name="own_questions"),
    path("questions/<uuid:unique_id>", answer_views.answer, name="answer_question"),
    path("answer/<str:token>", answer_views.answer_by_link, name="answer_by_link"),
]
