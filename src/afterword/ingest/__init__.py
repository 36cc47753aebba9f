"""Signals in: accepted durably at the edge, then folded into alerts, incidents and timelines."""
