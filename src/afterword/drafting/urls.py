from __future__ import annotations

from django.urls import URLPattern

from afterword.drafting.record import urls as record
from afterword.drafting.similar import urls as similar

app_name = "drafting"

urlpatterns: list[URLPattern] = [
    *similar.urlpatterns,
    *record.urlpatterns,
]
