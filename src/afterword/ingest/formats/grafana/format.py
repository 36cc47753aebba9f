from __future__ import annotations

from collections.abc import Sequence

from afterword.ingest.formats.alertmanager.groups import content_of, entity_id_of, split_group
from afterword.ingest.formats.answers import ZendutyAnswers
from afterword.ingest.formats.bodies import read_object, read_row
from afterword.ingest.formats.fields import object_in, write_json
from afterword.ingest.formats.grafana.legacy import (
    check_legacy,
    is_legacy,
    legacy_content,
    legacy_entity_id,
)
from afterword.ingest.formats.signal import CheckedSignal, SignalContent, SignalRequest

KIND = "grafana"
ALERT, LEGACY = "alert", "legacy"
"""Under which a row has the alert: so it says itself which of the two it is."""


class GrafanaFormat(ZendutyAnswers):
    """`POST /integration/{org}/grafana/{key}/`: Alertmanager's group with more links, or the older alert."""

    def check(self, request: SignalRequest) -> Sequence[CheckedSignal]:
        body = read_object(request.body)
        if is_legacy(body):
            check_legacy(body)
            return (CheckedSignal(write_json({LEGACY: body}), legacy_entity_id(body)),)
        return [CheckedSignal(write_json({ALERT: alert}), entity_id_of(alert)) for alert in split_group(body)]

    def read(self, text: str) -> SignalContent:
        row = read_row(text)
        return legacy_content(object_in(row, LEGACY)) if LEGACY in row else content_of(object_in(row, ALERT))


FORMAT = GrafanaFormat()
