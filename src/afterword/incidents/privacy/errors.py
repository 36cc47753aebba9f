"""What can be asked of a private incident and not be done."""

from __future__ import annotations

from afterword.lib.errors import Conflict


class LastMember(Conflict):
    """Nobody would see this incident any more. Please add somebody else first."""


class PrivacyTied(Conflict):
    """It is merged with an incident that this would show to others. Take them apart first."""
