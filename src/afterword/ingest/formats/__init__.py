"""Whose formats we read: one module for each kind of integration, registered here by its kind."""

from __future__ import annotations

from afterword.ingest.formats import generic
from afterword.ingest.formats.signal import BadSignal, Format, SignalContent

FORMATS: dict[str, Format] = {generic.KIND: generic.FORMAT}

__all__ = ["FORMATS", "BadSignal", "Format", "SignalContent"]
