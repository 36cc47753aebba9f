"""Mails from whatever can send nothing else."""

from afterword.ingest.formats.email.format import FORMAT, KIND

__all__ = ["FORMAT", "KIND"]
