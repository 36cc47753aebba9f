"""Calling people about incidents: escalations, pages, and how they are delivered."""
