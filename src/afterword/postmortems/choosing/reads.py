"""Which template a post-mortem begins with, and the rules that say so."""

from __future__ import annotations

import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from django.db.models import Q, QuerySet

from afterword.accounts.models import Person, Team
from afterword.accounts.reads import managed_teams, visible_teams
from afterword.incidents.models import Incident
from afterword.lib.errors import NotFound
from afterword.postmortems import reads
from afterword.postmortems.choosing.models import TemplateRule
from afterword.postmortems.reads import TemplateChoice

STANDARD = "standard"
"""What a post-mortem begins with where nobody has said anything else."""


@dataclass(frozen=True)
class Suggestion:
    """A template, and why it is the one."""

    key: str
    reason: str
    """As in "suggested for SEV1"; empty where nobody has said anything."""


@dataclass(frozen=True)
class RuleRow:
    """A rule as the settings list it."""

    rule: TemplateRule
    choice: TemplateChoice | None
    """None where the template is gone: then the rule is passed over."""
    may_change: bool


def visible_rules(actor: Person) -> QuerySet[TemplateRule]:
    """The rules for everybody and for the teams that the actor sees: general ones first."""
    mine = Q(team__isnull=True) | Q(team__in=visible_teams(actor).order_by().values("pk"))
    found = TemplateRule.objects.filter(mine).select_related("team", "severity", "incident_type")
    return found.order_by("team__name", "severity__rank", "incident_type__rank", "id")


def get_rule(actor: Person, unique_id: uuid.UUID) -> TemplateRule:
    """Raises NotFound, also to outsiders."""
    rule = visible_rules(actor).filter(unique_id=unique_id).first()
    if rule is None:
        raise NotFound
    return rule


def rule_rows(actor: Person) -> list[RuleRow]:
    """Every visible rule with its template, those for everybody first."""
    choices = {choice.key: choice for choice in reads.template_choices(actor)}
    managed = set(managed_teams(actor).values_list("pk", flat=True))
    rules = sorted(visible_rules(actor), key=lambda rule: rule.team_id is not None)
    return [
        RuleRow(
            rule,
            choices.get(rule.template_key),
            actor.is_admin if rule.team_id is None else rule.team_id in managed,
        )
        for rule in rules
    ]


def default_names(actor: Person) -> Mapping[str, list[str]]:
    """For whom a template is the default, by its key: "everybody", or the names of teams."""
    found: dict[str, list[str]] = {}
    for rule in visible_rules(actor).filter(severity__isnull=True, incident_type__isnull=True):
        found.setdefault(rule.template_key, []).append(rule.team.name if rule.team else "everybody")
    return found


def suggest_template(incidents: Sequence[Incident], known: Sequence[str]) -> Suggestion:
    """The template for a post-mortem about these incidents, among the templates with the keys `known`.

    What is said about a severity and a type goes before what is said about one of them, and that before a
    default; what the team of the first incident says goes before what is said for everybody. Of several
    severities the worst counts. For the program itself: it asks for no rights.
    """
    team = incidents[0].service.team if incidents else None
    candidates = TemplateRule.objects.filter(Q(team__isnull=True) | Q(team=team), template_key__in=known)
    severities = {one.severity_id for one in incidents if one.severity_id}
    types = {one.incident_type_id for one in incidents if one.incident_type_id}
    fitting = [
        rule
        for rule in candidates.select_related("team", "severity", "incident_type").order_by("id")
        if (rule.severity_id is None or rule.severity_id in severities)
        and (rule.incident_type_id is None or rule.incident_type_id in types)
    ]
    if not fitting:
        return Suggestion(STANDARD, "")
    best = min(fitting, key=_order)
    return Suggestion(best.template_key, _reason(best, team))


def _order(rule: TemplateRule) -> tuple[int, bool, int]:
    """The least goes before the others: what is most exact, then what the team says, then what is worst."""
    exact = 2 * (rule.severity_id is not None) + (rule.incident_type_id is not None)
    return -exact, rule.team_id is None, rule.severity.rank if rule.severity else 0


def _reason(rule: TemplateRule, team: Team | None) -> str:
    named = [str(thing) for thing in (rule.severity, rule.incident_type) if thing is not None]
    if named:
        return f"suggested for {' and '.join(named)}"
    return f"default of {team}" if rule.team_id else "default"
