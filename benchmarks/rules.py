"""How many alerts a second a mapping and three rules let through, in one thread, without a database.

    python -m benchmarks rules [--rounds N] [--alerts N]

The alerts are bodies of about 400 bytes. The mapping fills in four fields and asks one block; the three
rules compare, match a pattern, ask for the time of day in a zone, and all of them hold and act. The
seconds are those of the processor, so that a busy machine counts like an idle one. The second figure has
a filter in one of the texts, which is then Liquid's to fill in and no longer a look-up.
"""

import argparse
import json
import platform
import statistics
import sys
import time
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).parent.parent / "src"))

from afterword.ingest import mapping, rules

AT = datetime(2026, 3, 2, 14, 5, tzinfo=UTC)
ID = "b535c8c0-7c75-4911-a9c6-27a3be2f2da9"
MAPPING: dict[str, Any] = {
    "message": "{{payload.title}} on {{payload.host}}",
    "summary": "{{payload.description}}",
    "entity_id": "{{payload.alerts.0.labels.instance}}",
    "alert_type": {"path": "payload.status", "values": {"firing": "critical", "ok": "resolved"}},
    "blocks": [
        {
            "when": {"path": "payload.env", "operator": "equals", "value": "test"},
            "set": {"message": "Test: {{payload.title}}"},
        }
    ],
}
BODY = "payload.payload"
SEVERE = {"path": f"{BODY}.alerts.0.labels.severity", "operator": "equals", "value": "high"}
OF_WEB = {"path": f"{BODY}.host", "operator": "starts_with", "value": "web"}
OF_DATABASE = {"path": f"{BODY}.host", "operator": "matches", "value": "^db-[0-9]+$"}
BY_DAY = {"operator": "time_of_day", "from": "08:00", "to": "18:00", "time_zone": "Europe/Berlin"}
RULES: list[tuple[Any, list[dict[str, Any]]]] = [
    (
        {"all": [SEVERE, {"any": [OF_WEB, OF_DATABASE]}]},
        [
            {"action": "set_priority", "priority": ID},
            {"action": "set_message", "value": "{{message}} ({{payload.payload.value}})"},
        ],
    ),
    (
        {"all": [{"path": f"{BODY}.value", "operator": "greater", "value": 1}, BY_DAY]},
        [
            {"action": "add_tags", "tags": [ID]},
            {"action": "add_note", "value": "At {{payload.payload.value}}"},
        ],
    ),
    (
        {"path": f"{BODY}.host", "operator": "matches", "value": r"^web-\d+$"},
        [{"action": "group", "key": "{{payload.payload.env}}", "window_minutes": 30}],
    ),
]


def main() -> None:
    parser = argparse.ArgumentParser(description="Alerts a second through a mapping and three rules.")
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--alerts", type=int, default=20_000)
    options = parser.parse_args()
    bodies = [_body(number) for number in range(1_000)]
    plain = _engine(MAPPING)
    liquid = _engine({**MAPPING, "summary": "{{payload.description | truncate: 40}}"})
    print(f"Python {platform.python_version()}, bodies of {len(json.dumps(bodies[0]))} bytes")
    for name, engine in (("paths only", plain), ("one filter", liquid)):
        rates = [_measure(engine, bodies, options.alerts) for _ in range(options.rounds)]
        print(f"{name}: {statistics.median(rates):,.0f} alerts a second (median of {options.rounds} rounds)")


def _body(number: int) -> dict[str, Any]:
    return {
        "title": f"Memory is short ({number})",
        "host": f"web-{number % 40}",
        "description": "The machine has less memory left than it needs to serve the next request. " * 2,
        "status": "firing",
        "env": "prod",
        "value": 90 + number / 1_000,
        "alerts": [{"labels": {"instance": f"web-{number % 40}:9100", "severity": "high"}}],
    }


def _engine(definition: dict[str, Any]) -> Callable[[Any], rules.RuleOutcome]:
    mapped = mapping.parse(definition)
    compiled = [rules.parse_rule(when, then, name=f"Rule {n}") for n, (when, then) in enumerate(RULES)]

    def make(body: Any) -> rules.RuleOutcome:
        fields = mapped.apply(body)
        facts = rules.AlertFacts(
            message=fields.message,
            summary=fields.summary,
            entity_id=fields.entity_id,
            alert_type=fields.alert_type,
            payload=mapping.payload_of(body, fields),
        )
        return rules.run(compiled, facts, AT)

    assert len(make(_body(1)).matched) == len(RULES), "every rule is meant to hold"
    return make


def _measure(engine: Callable[[Any], rules.RuleOutcome], bodies: list[Any], alerts: int) -> float:
    began = time.process_time()
    for number in range(alerts):
        engine(bodies[number % len(bodies)])
    return alerts / (time.process_time() - began)


if __name__ == "__main__":
    main()
