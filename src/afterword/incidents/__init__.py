"""Incidents, the alerts that make them, and the timeline that tells what happened."""
