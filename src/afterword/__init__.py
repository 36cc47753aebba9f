"""Afterword: alerts in, post-mortems out, and what was learned found again."""

__version__ = "0.1.0"
