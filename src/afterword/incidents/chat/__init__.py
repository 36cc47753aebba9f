"""Conversations from a chat, brought into the timeline of an incident."""
