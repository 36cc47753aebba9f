"""Every change to messages and their deliveries."""

from afterword.notify.writes.deliveries import (
    Claim,
    claim_delivery,
    postpone_all_due,
    record_failure,
    record_sent,
    retry_delivery,
)
from afterword.notify.writes.messages import find_recipients, write_message

__all__ = [
    "Claim",
    "claim_delivery",
    "find_recipients",
    "postpone_all_due",
    "record_failure",
    "record_sent",
    "retry_delivery",
    "write_message",
]
