"""Every change to what comes in, and to how it is understood."""

from afterword.ingest.writes.mappings import ChangedMeanwhile, save_mapping, switch_mapping
from afterword.ingest.writes.reruns import rerun_failed, rerun_signal
from afterword.ingest.writes.rules import change_rule, create_rule, delete_rule, move_rule
from afterword.ingest.writes.signals import write_heartbeat

__all__ = [
    "ChangedMeanwhile",
    "change_rule",
    "create_rule",
    "delete_rule",
    "move_rule",
    "rerun_failed",
    "rerun_signal",
    "save_mapping",
    "switch_mapping",
    "write_heartbeat",
]
