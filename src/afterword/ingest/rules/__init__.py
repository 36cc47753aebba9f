"""Alert rules: conditions on alerts, and what is done to those that meet them. Pure: no Django."""

from afterword.ingest.rules.facts import FIELDS, AlertFacts, RuleOutcome
from afterword.ingest.rules.running import RULES_PER_INTEGRATION_MAX, Rule, moves_alerts, parse_rule, run

__all__ = [
    "FIELDS",
    "RULES_PER_INTEGRATION_MAX",
    "AlertFacts",
    "Rule",
    "RuleOutcome",
    "moves_alerts",
    "parse_rule",
    "run",
]
