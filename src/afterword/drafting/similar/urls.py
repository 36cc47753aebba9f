from __future__ import annotations

from django.urls import URLPattern, path

from afterword.drafting.similar import views

urlpatterns: list[URLPattern] = [
    path("similar", views.look_for, name="look_for_similar"),
    path("incidents/<int:number>/similar", views.show, name="similar"),
    path("incidents/<int:number>/repeats", views.confirm, name="confirm_repeat"),
    path("incidents/<int:number>/repeats/<uuid:unique_id>/removal", views.take_back, name="take_back_repeat"),
]
