"""How people are reached, and whom an incident has called."""

from afterword.notify.contact.models import ContactKind, ContactMethod
from afterword.notify.paging.models import (
    Ending,
    Escalation,
    Page,
    PageAttempt,
    PageDelivery,
    PageState,
)

__all__ = [
    "ContactKind",
    "ContactMethod",
    "Ending",
    "Escalation",
    "Page",
    "PageAttempt",
    "PageDelivery",
    "PageState",
]
