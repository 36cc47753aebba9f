"""What can break, how its alerts come in, and what a team means to do about it."""

from afterword.catalog.models.classification import IncidentType, Severity
from afterword.catalog.models.limits import COLOUR_LENGTH_MAX, NAME_LENGTH_MAX, SUMMARY_LENGTH_MAX
from afterword.catalog.models.maintenance import MaintenanceWindow, Repeat
from afterword.catalog.models.on_call import OnCallOverride, OnCallSchedule, OnCallTurn
from afterword.catalog.models.response import (
    DEFAULT_COLOUR,
    EscalationLevel,
    EscalationPolicy,
    EscalationTarget,
    IncidentRole,
    Meaning,
    Priority,
    Sla,
    Tag,
)
from afterword.catalog.models.services import (
    DEPENDENCIES_MAX,
    GROUPING_MINUTES_MAX,
    SECRET_LENGTH_MAX,
    Integration,
    IntegrationKind,
    Service,
    ServiceDependency,
)

__all__ = [
    "COLOUR_LENGTH_MAX",
    "DEFAULT_COLOUR",
    "DEPENDENCIES_MAX",
    "GROUPING_MINUTES_MAX",
    "NAME_LENGTH_MAX",
    "SECRET_LENGTH_MAX",
    "SUMMARY_LENGTH_MAX",
    "EscalationLevel",
    "EscalationPolicy",
    "EscalationTarget",
    "IncidentRole",
    "IncidentType",
    "Integration",
    "IntegrationKind",
    "MaintenanceWindow",
    "Meaning",
    "OnCallOverride",
    "OnCallSchedule",
    "OnCallTurn",
    "Priority",
    "Repeat",
    "Service",
    "ServiceDependency",
    "Severity",
    "Sla",
    "Tag",
]
