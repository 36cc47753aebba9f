"""Opsgenie's Alert API: create, acknowledge, close, and notes."""

from afterword.ingest.formats.opsgenie.format import FORMAT, KIND

__all__ = ["FORMAT", "KIND"]
