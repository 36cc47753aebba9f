"""Prometheus Alertmanager's webhook, version 4."""

from afterword.ingest.formats.alertmanager.format import FORMAT, KIND

__all__ = ["FORMAT", "KIND"]
