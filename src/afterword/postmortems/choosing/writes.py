"""Every change to the rules about which template a post-mortem begins with."""

from __future__ import annotations

from typing import Any

from django.db import transaction

from afterword.accounts.models import Person, Team
from afterword.accounts.reads import require_admin, require_manager
from afterword.audit.writes import record
from afterword.catalog.models import IncidentType, Severity
from afterword.lib.errors import InvalidInput, NotFound
from afterword.postmortems import reads
from afterword.postmortems.choosing.models import TemplateRule

RULES_MAX = 500
"""Of the whole organisation."""


@transaction.atomic
def set_rule(
    *,
    actor: Person,
    template: str,
    team: Team | None = None,
    severity: Severity | None = None,
    incident_type: IncidentType | None = None,
) -> TemplateRule:
    """Have post-mortems begin with the template of this key; in the place of an earlier rule for the same.

    Without a team it is for everybody, and an administrator says so; without severity and type it is the
    default. Raises InvalidInput, NotAllowed.
    """
    _require_right(actor, team)
    try:
        choice = reads.get_template(actor, template)
    except NotFound as error:
        raise InvalidInput(fields={"template": "There is no such template."}) from error
    same: dict[str, Any] = {"team": team, "severity": severity, "incident_type": incident_type}
    if not TemplateRule.objects.filter(**same).exists() and TemplateRule.objects.count() >= RULES_MAX:
        raise InvalidInput(fields={"template": f"There can be {RULES_MAX} rules. Take one away first."})
    rule, _ = TemplateRule.objects.update_or_create(**same, defaults={"template_key": choice.key})
    _record(actor, "template_rule.set", rule, template=choice.name)
    return rule


@transaction.atomic
def drop_rule(*, actor: Person, rule: TemplateRule) -> None:
    """Take a rule away. Documents stay as they are. Raises NotAllowed."""
    _require_right(actor, rule.team)
    _record(actor, "template_rule.removed", rule)
    rule.delete()


def _require_right(actor: Person, team: Team | None) -> None:
    if team is None:
        require_admin(actor)
    else:
        require_manager(actor, team)


def _record(actor: Person, action: str, rule: TemplateRule, **data: str) -> None:
    about = {"severity": rule.severity, "incident_type": rule.incident_type}
    named = {name: str(thing) for name, thing in about.items() if thing is not None}
    record(actor=actor, action=action, subject=rule, team_id=rule.team_id, data=named | data)
