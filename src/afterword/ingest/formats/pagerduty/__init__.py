"""PagerDuty's Events API v2: alert events and change events."""

from afterword.ingest.formats.pagerduty.format import FORMAT, KIND

__all__ = ["FORMAT", "KIND"]
