"""Our own format for what was changed: deploys, configuration and the like."""

from afterword.ingest.formats.changes.format import FORMAT, KIND

__all__ = ["FORMAT", "KIND"]
