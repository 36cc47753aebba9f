"""Every change to what comes in, and to how it is understood."""

from afterword.ingest.writes.signals import delete_signals, finish_rows, write_heartbeat

__all__ = ["delete_signals", "finish_rows", "write_heartbeat"]
