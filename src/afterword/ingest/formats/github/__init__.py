"""GitHub's webhooks about deployments, pushes and releases."""

from afterword.ingest.formats.github.format import FORMAT, KIND

__all__ = ["FORMAT", "KIND"]
