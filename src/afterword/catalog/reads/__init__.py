"""What is in the catalogue, as far as the actor may see it."""

from afterword.catalog.reads.classification import (
    get_incident_type,
    get_severity,
    visible_incident_types,
    visible_severities,
)
from afterword.catalog.reads.dependencies import (
    NEIGHBOURS_TOLD_MAX,
    Neighbours,
    Upstream,
    dependencies_of,
    directly_upstream_of,
    neighbours_of,
    services_to_depend_on,
    upstream_of,
)
from afterword.catalog.reads.escalation import (
    get_escalation_policy,
    people_to_call,
    schedules_to_call,
    teams_to_call,
    visible_escalation_policies,
)
from afterword.catalog.reads.integrations import (
    describe_curl,
    describe_way_in,
    find_webhook_url,
    find_webhook_urls,
    get_integration,
    visible_integrations,
)
from afterword.catalog.reads.maintenance import (
    ActiveWindow,
    active_windows,
    get_maintenance_window,
    visible_maintenance_windows,
)
from afterword.catalog.reads.on_call import (
    get_on_call_schedule,
    get_override,
    on_call_now,
    overrides_of,
    shifts_of,
    visible_on_call_schedules,
)
from afterword.catalog.reads.owned import Use, is_used, uses_of
from afterword.catalog.reads.priorities import get_priority, visible_priorities
from afterword.catalog.reads.roles import (
    get_incident_role,
    offered_incident_roles,
    role_meaning,
    visible_incident_roles,
)
from afterword.catalog.reads.services import (
    get_service,
    search_services,
    visible_services,
    with_defaults,
)
from afterword.catalog.reads.slas import get_sla, sla_in_force, visible_slas
from afterword.catalog.reads.tags import get_tag, visible_tags

__all__ = [
    "NEIGHBOURS_TOLD_MAX",
    "ActiveWindow",
    "Neighbours",
    "Upstream",
    "Use",
    "active_windows",
    "dependencies_of",
    "describe_curl",
    "describe_way_in",
    "directly_upstream_of",
    "find_webhook_url",
    "find_webhook_urls",
    "get_escalation_policy",
    "get_incident_role",
    "get_incident_type",
    "get_integration",
    "get_maintenance_window",
    "get_on_call_schedule",
    "get_override",
    "get_priority",
    "get_service",
    "get_severity",
    "get_sla",
    "get_tag",
    "is_used",
    "neighbours_of",
    "offered_incident_roles",
    "on_call_now",
    "overrides_of",
    "people_to_call",
    "role_meaning",
    "schedules_to_call",
    "search_services",
    "services_to_depend_on",
    "shifts_of",
    "sla_in_force",
    "teams_to_call",
    "upstream_of",
    "uses_of",
    "visible_escalation_policies",
    "visible_incident_roles",
    "visible_incident_types",
    "visible_integrations",
    "visible_maintenance_windows",
    "visible_on_call_schedules",
    "visible_priorities",
    "visible_services",
    "visible_severities",
    "visible_slas",
    "visible_tags",
    "with_defaults",
]
