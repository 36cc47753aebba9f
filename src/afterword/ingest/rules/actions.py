"""What a rule does to an alert. Pure; compiled once, done for each alert.

As JSON an action is an object with its name and what it takes::

    {"action": "set_message", "value": "{{payload.title}} on {{payload.host}}"}
    {"action": "set_alert_type", "value": "critical"}
    {"action": "set_priority", "priority": "<unique id>"}
    {"action": "add_tags", "tags": ["<unique id>", ...]}
    {"action": "assign_role", "role": "<unique id>", "person": "<unique id>"}
    {"action": "group", "key": "{{payload.cluster}}", "window_minutes": 30}
    {"action": "suppress"}

`docs/reference/alert-rules.md` says what each action does.
"""

from __future__ import annotations

import uuid
from collections.abc import Callable
from typing import Any, NamedTuple

from afterword.incidents.alert_rules import ALERT_TYPES
from afterword.ingest.rules.facts import FIELDS, RuleOutcome
from afterword.ingest.rules.faults import Faults, join, read_object
from afterword.ingest.texts import BadText, Text, as_key, without_nulls
from afterword.lib.liquid import TemplateError

ACTIONS_PER_RULE_MAX = 20
TAGS_PER_ACTION_MAX = 20
NOTES_PER_ALERT_MAX = 20
GROUP_MINUTES_MAX = 7 * 24 * 60
REMARK_VALUE_CHARACTERS_MAX = 60

Variables = dict[str, Any]
Do = Callable[[RuleOutcome, Variables], None]
"""Do it: to the outcome, and to the fields that later actions and rules see."""


class Kind(NamedTuple):
    """One action: how it is named for people, and the names of what it takes."""

    words: str
    takes: tuple[str, ...]
    help: str


ACTIONS = {
    "set_message": Kind("Set the message", ("value",), "The incident's title."),
    "set_summary": Kind("Set the summary", ("value",), "The incident's summary."),
    "set_entity_id": Kind(
        "Set the entity id", ("value",), "Alerts with the same one belong to the same incident."
    ),
    "set_alert_type": Kind(
        "Set the alert type",
        ("value",),
        "critical, error, warning, acknowledged, resolved or info; or a placeholder that gives one.",
    ),
    "set_priority": Kind("Set the priority", ("priority",), "One of the team's."),
    "set_sla": Kind("Set the SLA", ("sla",), "One of the team's."),
    "set_escalation_policy": Kind("Set the escalation policy", ("escalation_policy",), "One of the team's."),
    "add_tags": Kind("Add tags", ("tags",), "To those that the alert brings. At most 20 at once."),
    "assign_role": Kind(
        "Assign a role", ("role", "person"), "In the incident that the alert opens. One person for each role."
    ),
    "suppress": Kind(
        "Suppress the alert", (), "It is recorded, opens no incident and changes the status of none."
    ),
    "add_note": Kind("Add a note", ("value",), "On the timeline of its incident."),
    "route": Kind(
        "Route to another service", ("service",), "Of a team that you manage. The incident opens there."
    ),
    "group": Kind(
        "Group with others",
        ("key", "window_minutes"),
        "Alerts of the service with the same key join one incident while it is open and so young.",
    ),
}
MOVING = frozenset({"set_entity_id", "route", "group"})
"""Those after which an alert may belong to another incident than its own entity says."""


def parse_actions(definition: Any, *, rule: str, faults: Faults, at: str = "actions") -> tuple[Do, ...]:
    """The actions, compiled. What is wrong goes into `faults`; then the result is worth nothing.

    `rule` is the name that remarks are made in. Never raises.
    """
    if not isinstance(definition, list):
        faults.add(at, "A list of actions is expected.")
        return ()
    if len(definition) > ACTIONS_PER_RULE_MAX:
        faults.add(at, f"A rule has at most {ACTIONS_PER_RULE_MAX} actions.")
        return ()
    return tuple(_parse(item, rule, faults, join(at, place)) for place, item in enumerate(definition))


def _parse(definition: Any, rule: str, faults: Faults, at: str) -> Do:
    name = definition.get("action") if isinstance(definition, dict) else None
    if not isinstance(name, str) or name not in ACTIONS:
        faults.add(join(at, "action"), f"One of these is expected: {', '.join(ACTIONS)}.")
        return _nothing
    given = read_object(definition, at, ("action", *ACTIONS[name].takes), faults)
    match name:
        case "set_message" | "set_summary" | "set_entity_id":
            text = _text(given, "value", faults, at)
            return _sets_text(name.removeprefix("set_"), text, rule)
        case "set_alert_type":
            return _sets_alert_type(_alert_type(given, faults, at), rule)
        case "set_priority":
            return _sets_priority(_id(given.get("priority"), faults, join(at, "priority")))
        case "set_sla" | "set_escalation_policy":
            field = name.removeprefix("set_")
            return _sets_id(field, _id(given.get(field), faults, join(at, field)))
        case "add_tags":
            return _adds_tags(_tags(given.get("tags"), faults, join(at, "tags")))
        case "assign_role":
            role = _id(given.get("role"), faults, join(at, "role"))
            return _assigns(role, _id(given.get("person"), faults, join(at, "person")))
        case "suppress":
            return _suppresses
        case "add_note":
            return _adds_note(_text(given, "value", faults, at), rule)
        case "route":
            return _routes(_id(given.get("service"), faults, join(at, "service")))
    key = _text(given, "key", faults, at)
    return _groups(key, _minutes(given.get("window_minutes"), faults, join(at, "window_minutes")), rule)


def _text(given: dict[str, Any], key: str, faults: Faults, at: str) -> Text:
    source, where = given.get(key), join(at, key)
    if isinstance(source, int | float) and not isinstance(source, bool):
        source = str(source)
    if not isinstance(source, str) or not source.strip():
        faults.add(where, "A text is expected." if source else "Please fill this in.")
        source = ""
    try:
        return Text(source, roots=FIELDS)
    except BadText as error:
        faults.add(where, str(error))
        return Text("", roots=FIELDS)


def _alert_type(given: dict[str, Any], faults: Faults, at: str) -> Text:
    text = _text(given, "value", faults, at)
    # A text with a placeholder has to show what it becomes; one without never changes.
    if text.source and "{" not in text.source and text.source.strip().lower() not in ALERT_TYPES:
        faults.add(join(at, "value"), f"One of these is expected: {', '.join(ALERT_TYPES)}.")
    return text


def _id(given: Any, faults: Faults, at: str) -> str:
    try:
        return str(uuid.UUID(given))
    except (ValueError, TypeError, AttributeError):
        faults.add(at, "A unique id is expected." if given else "Please choose one.")
        return ""


def _tags(given: Any, faults: Faults, at: str) -> list[str]:
    if not isinstance(given, list) or not given:
        faults.add(at, "Please choose at least one." if not given else "A list of unique ids is expected.")
        return []
    if len(given) > TAGS_PER_ACTION_MAX:
        faults.add(at, f"Please choose at most {TAGS_PER_ACTION_MAX}.")
        return []
    return [_id(tag, faults, join(at, place)) for place, tag in enumerate(given)]


def _minutes(given: Any, faults: Faults, at: str) -> int:
    if isinstance(given, bool) or not isinstance(given, int) or not 1 <= given <= GROUP_MINUTES_MAX:
        faults.add(at, f"A whole number of minutes is expected, from 1 to {GROUP_MINUTES_MAX:,}.")
        return 1
    return given


# The compiled forms ------------------------------------------------------------------------------------


def _nothing(outcome: RuleOutcome, fields: Variables) -> None:
    return None


def _sets_text(field: str, text: Text, rule: str) -> Do:
    words = field.replace("_", " ")
    make = as_key if field == "entity_id" else _as_it_is

    def do(outcome: RuleOutcome, fields: Variables) -> None:
        filled = _fill(text, f"set the {words}", rule, outcome, fields)
        if filled:
            fields[field] = made = make(filled)
            setattr(outcome, field, made)

    return do


def _sets_alert_type(text: Text, rule: str) -> Do:
    def do(outcome: RuleOutcome, fields: Variables) -> None:
        filled = _fill(text, "set the alert type", rule, outcome, fields)
        wanted = filled.lower()
        if wanted in ALERT_TYPES:
            outcome.alert_type = fields["alert_type"] = wanted
        elif filled:
            shown = filled[:REMARK_VALUE_CHARACTERS_MAX]
            outcome.remarks.append(f"The rule “{rule}” gave no alert type that is known: “{shown}”. Ignored.")

    return do


def _sets_priority(unique_id: str) -> Do:
    def do(outcome: RuleOutcome, fields: Variables) -> None:
        outcome.priority = fields["priority"] = unique_id

    return do


def _sets_id(field: str, unique_id: str) -> Do:
    def do(outcome: RuleOutcome, fields: Variables) -> None:
        setattr(outcome, field, unique_id)

    return do


def _adds_tags(tags: list[str]) -> Do:
    def do(outcome: RuleOutcome, fields: Variables) -> None:
        outcome.tags += [tag for tag in tags if tag not in outcome.tags]

    return do


def _assigns(role: str, person: str) -> Do:
    def do(outcome: RuleOutcome, fields: Variables) -> None:
        outcome.roles = [pair for pair in outcome.roles if pair[0] != role] + [(role, person)]

    return do


def _suppresses(outcome: RuleOutcome, fields: Variables) -> None:
    outcome.suppressed = fields["suppressed"] = True


def _adds_note(text: Text, rule: str) -> Do:
    def do(outcome: RuleOutcome, fields: Variables) -> None:
        filled = _fill(text, "add a note", rule, outcome, fields)
        if filled and len(outcome.notes) < NOTES_PER_ALERT_MAX:
            outcome.notes.append(filled)

    return do


def _routes(service: str) -> Do:
    def do(outcome: RuleOutcome, fields: Variables) -> None:
        outcome.service = service

    return do


def _groups(text: Text, minutes: int, rule: str) -> Do:
    def do(outcome: RuleOutcome, fields: Variables) -> None:
        filled = _fill(text, "group the alert", rule, outcome, fields)
        if filled:
            outcome.group = (as_key(filled), minutes)

    return do


def _fill(text: Text, deed: str, rule: str, outcome: RuleOutcome, fields: Variables) -> str:
    """The text filled in, without blanks around it; empty, and a remark, when there is nothing."""
    try:
        filled = without_nulls(text.fill(fields)).strip()
    except TemplateError as error:
        outcome.remarks.append(f"The rule “{rule}” could not {deed}: {error.message}")
        return ""
    if not filled:
        outcome.remarks.append(f"The rule “{rule}” could not {deed}: its text was empty for this alert.")
    return filled


def _as_it_is(text: str) -> str:
    return text
