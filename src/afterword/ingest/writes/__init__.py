"""Every change to what comes in, and to how it is understood."""

from afterword.ingest.writes.mappings import save_mapping, switch_mapping
from afterword.ingest.writes.rules import change_rule, create_rule, delete_rule, move_rule
from afterword.ingest.writes.signals import delete_signals, write_heartbeat

__all__ = [
    "change_rule",
    "create_rule",
    "delete_rule",
    "delete_signals",
    "move_rule",
    "save_mapping",
    "switch_mapping",
    "write_heartbeat",
]
