"""Which room answers which address."""

from __future__ import annotations

from django.urls import include, path

from afterword.calls.edge import with_conditions
from afterword.config.api import api

urlpatterns = [
    path("", include("afterword.web.urls")),
    path("", include("afterword.accounts.urls")),
    path("", include("afterword.catalog.urls")),
    path("", include("afterword.ingest.urls")),
    path("", include("afterword.incidents.urls")),
    path("", include("afterword.notify.urls")),
    path("", include("afterword.postmortems.urls")),
    path("", include("afterword.followups.urls")),
    path("", include("afterword.wording.urls")),
    path("", include("afterword.drafting.urls")),
    path("", include("afterword.webhooks.urls")),
    path("", include("afterword.audit.urls")),
    path("api/", with_conditions(api.urls, asking_others=["v1/contact-methods"])),
]

handler400 = "afterword.web.views.bad_request"
handler403 = "afterword.web.views.permission_denied"
handler404 = "afterword.web.views.page_not_found"
handler500 = "afterword.web.views.server_error"
