"""The answers of our own formats: those of Zenduty's generic integration."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import Any

from afterword.ingest.formats.signal import Answer, CheckedSignal

OK = 200


class ZendutyAnswers:
    """`{"message": "success", "trace_id": ...}`, and `{"message": ..., "errors": {...}}`.

    A request that carried several alerts reads `trace_ids` as well, in their order; one that carried none
    reads no trace id.
    """

    def accepted(self, signals: Sequence[CheckedSignal], trace_ids: Sequence[str]) -> Answer:
        if len(trace_ids) == 1:
            return Answer(OK, b'{"message":"success","trace_id":"%b"}' % trace_ids[0].encode())
        body: dict[str, Any] = {"message": "success"}
        if trace_ids:
            body |= {"trace_id": trace_ids[0], "trace_ids": list(trace_ids)}
        return Answer(OK, json.dumps(body, separators=(",", ":")).encode())

    def refused(self, status: int, message: str, errors: Mapping[str, str]) -> bytes:
        body: dict[str, Any] = {"message": message}
        if errors:
            body["errors"] = dict(errors)
        return json.dumps(body, ensure_ascii=False).encode()
