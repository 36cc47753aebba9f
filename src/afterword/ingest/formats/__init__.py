"""Whose formats we read: one module or folder for each kind of integration, registered here by its kind."""

from __future__ import annotations

from afterword.ingest.formats import (
    alertmanager,
    changes,
    email,
    generic,
    github,
    grafana,
    incident_io,
    mapped,
    opsgenie,
    pagerduty,
)
from afterword.ingest.formats.signal import (
    Answer,
    BadSignal,
    ChangeContent,
    CheckedSignal,
    Format,
    SignalContent,
    SignalRequest,
)

FORMATS: dict[str, Format] = {
    generic.KIND: generic.FORMAT,
    alertmanager.KIND: alertmanager.FORMAT,
    grafana.KIND: grafana.FORMAT,
    pagerduty.KIND: pagerduty.FORMAT,
    opsgenie.KIND: opsgenie.FORMAT,
    incident_io.KIND: incident_io.FORMAT,
    email.KIND: email.FORMAT,
    changes.KIND: changes.FORMAT,
    github.KIND: github.FORMAT,
}


def format_of(kind: str, *, is_mapped: bool) -> Format | None:
    """The format of an integration; None for a kind that is not known. Only generic ones can be mapped."""
    return mapped.FORMAT if is_mapped and kind == generic.KIND else FORMATS.get(kind)


__all__ = [
    "FORMATS",
    "Answer",
    "BadSignal",
    "ChangeContent",
    "CheckedSignal",
    "Format",
    "SignalContent",
    "SignalRequest",
    "format_of",
]
