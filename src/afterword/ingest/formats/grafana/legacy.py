"""What Grafana's dashboard alerts sent until version 11: one alert a request, with a state of its own.

The shape is that of `pkg/services/alerting/notifiers/webhook.go` in Grafana 4 to 10. Pure.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from afterword.ingest.formats.fields import (
    digest,
    image,
    joined,
    link,
    object_in,
    objects_in,
    text_in,
    text_of,
)
from afterword.ingest.formats.severities import first_known
from afterword.ingest.formats.signal import BadSignal, SignalContent

MATCHES_MAX = 20
SEVERITY_TAGS = ("severity", "priority", "level")
ALERT_TYPES: dict[str, str | None] = {
    "alerting": None,
    "no_data": "warning",
    "ok": "resolved",
    "paused": "info",
    "pending": "info",
    "unknown": "info",
}
"""By the state; None: that of the tag for the severity."""


def is_legacy(body: Mapping[str, Any]) -> bool:
    """Whether a body has this shape: the later one always has a list of alerts."""
    return "alerts" not in body and ("ruleId" in body or "ruleName" in body)


def check_legacy(body: Mapping[str, Any]) -> None:
    """Raises BadSignal for a state that Grafana does not have."""
    if text_in(body, "state").lower() not in ALERT_TYPES:
        raise BadSignal({"state": f"One of these is expected: {', '.join(ALERT_TYPES)}."})


def legacy_entity_id(body: Mapping[str, Any]) -> str:
    """The rule. Its number is 0 in the messages that Grafana sends to try a channel: then it is its name."""
    number = text_in(body, "ruleId")
    rule = number if number not in ("", "0") else digest(text_in(body, "ruleName", "title"))
    return f"rule:{text_in(body, 'orgId')[:20]}:{rule[:100]}"


def legacy_content(body: Mapping[str, Any]) -> SignalContent:
    """What the alert says. Raises BadSignal."""
    check_legacy(body)
    tags = object_in(body, "tags")
    found = ALERT_TYPES[text_in(body, "state").lower()]
    return SignalContent(
        alert_type=found or first_known(*(tags.get(name) for name in SEVERITY_TAGS)),
        message=text_in(body, "title", "ruleName", "message"),
        summary=joined([text_in(body, "message"), _matches(body)]),
        payload=dict(body),
        urls=link(body.get("ruleUrl"), "Grafana"),
        images=image(body.get("imageUrl"), href=body.get("ruleUrl"), alt=body.get("ruleName")),
    )


def _matches(body: Mapping[str, Any]) -> str:
    matches = objects_in(body, "evalMatches", count_max=MATCHES_MAX)
    return "\n".join(f"{text_in(match, 'metric')}: {text_of(match.get('value'))}" for match in matches)
