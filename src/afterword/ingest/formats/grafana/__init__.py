"""Grafana's webhook contact point, and the webhook of its older dashboard alerts."""

from afterword.ingest.formats.grafana.format import FORMAT, KIND

__all__ = ["FORMAT", "KIND"]
