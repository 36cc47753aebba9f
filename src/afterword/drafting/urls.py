from __future__ import annotations

from django.urls import URLPattern

from afterword.drafting.similar import urls as similar

app_name = "drafting"

urlpatterns: list[URLPattern] = [
    *similar.urlpatterns,
]
