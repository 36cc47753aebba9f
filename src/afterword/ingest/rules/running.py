"""Rules, compiled, and run over an alert. Pure: the time is an argument, nothing is looked up or written."""

from __future__ import annotations

import time
from collections.abc import Sequence
from datetime import datetime
from typing import Any, NamedTuple

from afterword.ingest.rules.actions import MOVING, Do, parse_actions
from afterword.ingest.rules.conditions import Holds, parse_condition
from afterword.ingest.rules.facts import FIELDS, AlertFacts, RuleOutcome
from afterword.ingest.rules.faults import Faults, require_storable

RULES_PER_INTEGRATION_MAX = 50
RUN_SECONDS_MAX = 0.25
"""Of processor time for one alert. Reached only by patterns and templates that were made to be slow."""


class Rule(NamedTuple):
    """A rule, ready to be run."""

    name: str
    unique_id: str
    holds: Holds
    actions: tuple[Do, ...]
    stops: bool
    moves: bool
    """Whether it can make an alert belong to another incident than its own entity says."""


def parse_rule(
    conditions: Any,
    actions: Any,
    *,
    stops: bool = False,
    name: str = "",
    unique_id: str = "",
    may_do_nothing: bool = False,
) -> Rule:
    """Compile a rule. Raises InvalidInput: each fault with its path, as in `conditions.all.0.value`.

    `may_do_nothing`: on trial it may only be asked which alerts it holds for.
    """
    faults = Faults()
    require_storable(conditions, "conditions", faults)
    require_storable(actions, "actions", faults)
    faults.raise_any()
    holds = parse_condition(conditions, roots=FIELDS, faults=faults, at="conditions")
    done = parse_actions(actions, rule=name, faults=faults)
    if not (done or stops or may_do_nothing or len(faults)):
        faults.add("actions", "Please give at least one action, or let the rule stop those after it.")
    faults.raise_any()
    return Rule(name, unique_id, holds, done, stops, moves_alerts(actions))


def moves_alerts(actions: Any) -> bool:
    """Whether one of these actions, as they are stored, changes the entity, the service or the group."""
    return isinstance(actions, list) and any(
        isinstance(action, dict) and action.get("action") in MOVING for action in actions
    )


def run(rules: Sequence[Rule], alert: AlertFacts, at: datetime) -> RuleOutcome:
    """What the rules make of an alert that came at `at` (aware). Never raises.

    They run in their order; a later one sees what those before it have set. One that holds and stops is
    the last.
    """
    outcome = RuleOutcome(
        message=alert.message,
        summary=alert.summary,
        entity_id=alert.entity_id,
        alert_type=alert.alert_type,
        payload=alert.payload,
        urls=alert.urls,
        suppressed=alert.suppressed,
        priority=alert.priority,
    )
    if not rules:
        return outcome
    fields: dict[str, Any] = {
        "message": alert.message,
        "summary": alert.summary,
        "entity_id": alert.entity_id,
        "alert_type": alert.alert_type,
        "payload": alert.payload,
        "urls": alert.urls,
        "suppressed": alert.suppressed,
        "priority": alert.priority,
        "integration": alert.integration,
    }
    began_at = time.perf_counter()
    deadline = time.thread_time() + RUN_SECONDS_MAX
    for rule in rules:
        if rule.holds(fields, at):
            outcome.matched.append(rule.name)
            for do in rule.actions:
                do(outcome, fields)
            if rule.stops:
                break
        # The time on the wall is asked first, for it costs no system call.
        if time.perf_counter() - began_at > RUN_SECONDS_MAX and time.thread_time() > deadline:
            outcome.remarks.append(f"The rules took too long: those after “{rule.name}” were not run.")
            break
    return outcome
