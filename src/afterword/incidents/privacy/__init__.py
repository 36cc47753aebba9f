"""Incidents that only their members see."""
