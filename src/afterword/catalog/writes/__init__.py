"""Every change to the catalogue."""

from afterword.catalog.writes.classification import (
    change_incident_type,
    change_severity,
    create_incident_type,
    create_severity,
    move_incident_type,
    move_severity,
)
from afterword.catalog.writes.escalation import (
    Level,
    change_escalation_policy,
    create_escalation_policy,
    levels_of,
)
from afterword.catalog.writes.integrations import (
    INTEGRATIONS_PER_SERVICE_MAX,
    change_integration,
    create_integration,
    delete_integration,
    limit_integration,
    rotate_key,
    rotate_secret,
)
from afterword.catalog.writes.maintenance import (
    NotUnderWay,
    Schedule,
    change_maintenance_window,
    create_maintenance_window,
    delete_maintenance_window,
    end_maintenance,
)
from afterword.catalog.writes.on_call import (
    add_override,
    change_on_call_schedule,
    create_on_call_schedule,
    remove_override,
)
from afterword.catalog.writes.owned import InUse, archive, delete, restore
from afterword.catalog.writes.priorities import change_priority, create_priority, move_priority
from afterword.catalog.writes.roles import change_incident_role, create_incident_role, move_incident_role
from afterword.catalog.writes.services import (
    Behaviour,
    behaviour_of,
    change_service,
    create_service,
    delete_service,
)
from afterword.catalog.writes.slas import change_sla, create_sla
from afterword.catalog.writes.tags import change_tag, create_tag

__all__ = [
    "INTEGRATIONS_PER_SERVICE_MAX",
    "Behaviour",
    "InUse",
    "Level",
    "NotUnderWay",
    "Schedule",
    "add_override",
    "archive",
    "behaviour_of",
    "change_escalation_policy",
    "change_incident_role",
    "change_incident_type",
    "change_integration",
    "change_maintenance_window",
    "change_on_call_schedule",
    "change_priority",
    "change_service",
    "change_severity",
    "change_sla",
    "change_tag",
    "create_escalation_policy",
    "create_incident_role",
    "create_incident_type",
    "create_integration",
    "create_maintenance_window",
    "create_on_call_schedule",
    "create_priority",
    "create_service",
    "create_severity",
    "create_sla",
    "create_tag",
    "delete",
    "delete_integration",
    "delete_maintenance_window",
    "delete_service",
    "end_maintenance",
    "levels_of",
    "limit_integration",
    "move_incident_role",
    "move_incident_type",
    "move_priority",
    "move_severity",
    "remove_override",
    "restore",
    "rotate_key",
    "rotate_secret",
]
