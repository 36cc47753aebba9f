from __future__ import annotations

from django.urls import URLPattern

from afterword.drafting.interviews import urls as interviews
from afterword.drafting.model import urls as model
from afterword.drafting.record import urls as record
from afterword.drafting.similar import urls as similar
from afterword.drafting.suggestions import urls as suggestions

app_name = "drafting"

urlpatterns: list[URLPattern] = [
    *similar.urlpatterns,
    *record.urlpatterns,
    *interviews.urlpatterns,
    *suggestions.urlpatterns,
    *model.urlpatterns,
]
