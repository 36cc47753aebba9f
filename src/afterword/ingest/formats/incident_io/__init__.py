"""incident.io's HTTP alert source."""

from afterword.ingest.formats.incident_io.format import FORMAT, KIND

__all__ = ["FORMAT", "KIND"]
