"""Bodies of any shape, for integrations that map them: any JSON is let in, and the fold maps it."""

from __future__ import annotations

from collections.abc import Sequence

from afterword.ingest.formats.answers import ZendutyAnswers
from afterword.ingest.formats.bodies import read_body, read_json, without_nulls
from afterword.ingest.formats.signal import CheckedSignal, SignalContent, SignalRequest

UNMAPPED_ALERT_TYPE = "info"


class MappedFormat(ZendutyAnswers):
    """`POST /integration/{org}/generic/{key}/` with the mapping switched on."""

    def check(self, request: SignalRequest) -> Sequence[CheckedSignal]:
        text, _ = read_body(request.body)
        return (CheckedSignal(text, ""),)

    def read(self, text: str) -> SignalContent:
        """The whole body as `payload`; the rest is for the mapping to find in it."""
        value = read_json(text)
        payload = without_nulls(value) if "\\u0000" in text else value
        return SignalContent(alert_type=UNMAPPED_ALERT_TYPE, message="", payload=payload)


FORMAT = MappedFormat()
