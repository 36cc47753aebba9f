from __future__ import annotations

from django.urls import URLPattern, path

from afterword.ingest.fates.urls import urlpatterns as signals
from afterword.ingest.views import mapping, rules

app_name = "ingest"
_INTEGRATION = "settings/integrations/<uuid:unique_id>"
urlpatterns: list[URLPattern] = [
    path("settings/alert-rules", rules.help_page, name="help"),
    path(f"{_INTEGRATION}/mapping", mapping.mapping, name="mapping"),
    path(f"{_INTEGRATION}/mapping/preview", mapping.preview, name="preview_mapping"),
    path(f"{_INTEGRATION}/mapping/state", mapping.switch, name="switch_mapping"),
    path(f"{_INTEGRATION}/rules", rules.rules, name="rules"),
    path(f"{_INTEGRATION}/rules/new", rules.new_rule, name="new_rule"),
    path(f"{_INTEGRATION}/rules/order", rules.order, name="order_rules"),
    path(f"{_INTEGRATION}/rules/<uuid:rule_id>", rules.rule, name="rule"),
    path(f"{_INTEGRATION}/rules/<uuid:rule_id>/state", rules.switch_rule, name="switch_rule"),
    path(f"{_INTEGRATION}/rules/<uuid:rule_id>/deletion", rules.delete_rule, name="delete_rule"),
    *signals,
]
