from __future__ import annotations

from collections.abc import Sequence

from afterword.ingest.formats.alertmanager.groups import content_of, entity_id_of, split_group
from afterword.ingest.formats.answers import ZendutyAnswers
from afterword.ingest.formats.bodies import read_object, read_row
from afterword.ingest.formats.fields import write_json
from afterword.ingest.formats.signal import CheckedSignal, SignalContent, SignalRequest

KIND = "alertmanager"


class AlertmanagerFormat(ZendutyAnswers):
    """`POST /integration/{org}/alertmanager/{key}/`: a row for each alert of the group.

    Alertmanager reads only the status of an answer: it sends again after 5xx, and gives up after 4xx.
    """

    def check(self, request: SignalRequest) -> Sequence[CheckedSignal]:
        alerts = split_group(read_object(request.body))
        return [CheckedSignal(write_json(alert), entity_id_of(alert)) for alert in alerts]

    def read(self, text: str) -> SignalContent:
        return content_of(read_row(text))


FORMAT = AlertmanagerFormat()
