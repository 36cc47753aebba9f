from __future__ import annotations

from django.urls import URLPattern, path

from afterword.incidents.related import views

urlpatterns: list[URLPattern] = [
    path("incidents/<int:number>/related", views.show_related, name="related"),
    path("incidents/<int:number>/related/<int:other>/removal", views.unlink, name="unlink"),
    path("incidents/<int:number>/merge", views.merge, name="merge"),
    path("incidents/<int:number>/merge/removal", views.unmerge, name="unmerge"),
]
