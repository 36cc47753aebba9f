"""A group of alerts as Alertmanager sends it, taken apart into alerts that each stand for themselves.

The shape is that of `notify/webhook/webhook.go` and `template/template.go` in Alertmanager, where the
version is "4". Grafana sends the same with more fields. Pure.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from afterword.ingest.formats.fields import (
    digest,
    entity_of,
    image,
    joined,
    link,
    object_in,
    text_in,
    text_of,
)
from afterword.ingest.formats.severities import UNKNOWN, alert_type_of
from afterword.ingest.formats.signal import BadSignal, SignalContent

ALERTS_MAX = 1_000
GROUP_CHARACTERS_MAX = 4_096
"""Of a text that each alert of a group gets a copy of."""
GROUP_LABELS_MAX = 20
MESSAGE_LABELS_MAX = 6
MESSAGE_VALUE_CHARACTERS_MAX = 100
VALUES_MAX = 20
NO_TIME = "0001-01-01T00:00:00Z"
"""As the end of an alert: it has none yet."""

FIRING, RESOLVED = "firing", "resolved"
SEVERITY_LABELS = ("severity", "priority", "level")
MESSAGE_ANNOTATIONS = ("summary", "title", "message")
SUMMARY_ANNOTATIONS = ("description", "message")
LINKED_ANNOTATIONS = (
    ("runbook_url", "Runbook"),
    ("runbook", "Runbook"),
    ("dashboard_url", "Dashboard"),
    ("dashboard", "Dashboard"),
)
LINKED_FIELDS = (
    ("dashboardURL", "Dashboard"),
    ("panelURL", "Panel"),
    ("generatorURL", "Source"),
    ("silenceURL", "Silence"),
)
GROUP_FIELDS = ("version", "groupKey", "receiver", "externalURL", "truncatedAlerts", "orgId", "status")
_HIDDEN_LABELS = frozenset({"alertname", *SEVERITY_LABELS})


def split_group(body: Mapping[str, Any]) -> list[dict[str, Any]]:
    """Each alert as it was sent, with `group`: what it has to know of the others. Raises BadSignal."""
    alerts = body.get("alerts")
    if not isinstance(alerts, list):
        raise BadSignal({"alerts": "A list of alerts is expected."})
    if len(alerts) > ALERTS_MAX:
        raise BadSignal({"alerts": f"At most {ALERTS_MAX} alerts are taken at once: set max_alerts."})
    group = _group(body)
    errors: dict[str, str] = {}
    for place, alert in enumerate(alerts):
        if not isinstance(alert, dict):
            errors[f"alerts.{place}"] = "An object is expected."
        elif not isinstance(alert.get("labels", {}), dict):
            errors[f"alerts.{place}.labels"] = "An object is expected."
        elif _status(alert, group) is None:
            errors[f"alerts.{place}.status"] = "One of these is expected: firing, resolved."
    if errors:
        raise BadSignal(dict(list(errors.items())[:GROUP_LABELS_MAX]))
    return [{**alert, "group": group} for alert in alerts]


def entity_id_of(alert: Mapping[str, Any]) -> str:
    """The fingerprint, which Alertmanager makes of the labels; without one, the same made here."""
    fingerprint = text_in(alert, "fingerprint")
    if fingerprint:
        return entity_of(fingerprint)
    labels = sorted((name, text_of(value)) for name, value in object_in(alert, "labels").items())
    return f"labels:{digest(*(part for pair in labels for part in pair))}"


def content_of(alert: Mapping[str, Any]) -> SignalContent:
    """What one alert of a group says. Raises BadSignal."""
    labels, annotations = object_in(alert, "labels"), object_in(alert, "annotations")
    group = object_in(alert, "group")
    status = _status(alert, group)
    if status is None:
        raise BadSignal({"status": "One of these is expected: firing, resolved."})
    severity = text_in(labels, *SEVERITY_LABELS)
    message = text_in(annotations, *MESSAGE_ANNOTATIONS) or _message(labels)
    details = [text_in(annotations, name) for name in SUMMARY_ANNOTATIONS]
    return SignalContent(
        alert_type=RESOLVED if status == RESOLVED else alert_type_of(severity) or UNKNOWN,
        message=message,
        summary=joined([text for text in details if text != message] + [_values(alert)]),
        payload=dict(alert),
        urls=_links(alert, annotations, group),
        images=image(alert.get("imageURL"), href=alert.get("panelURL"), alt=message),
        remarks=_remarks(status, severity, group),
    )


def _group(body: Mapping[str, Any]) -> dict[str, Any]:
    group: dict[str, Any] = {}
    for name in GROUP_FIELDS:
        value = body.get(name)
        if isinstance(value, str):
            group[name] = value[:GROUP_CHARACTERS_MAX]
        elif isinstance(value, int | float):
            group[name] = value
    labels = list(object_in(body, "groupLabels").items())[:GROUP_LABELS_MAX]
    group["groupLabels"] = {
        name[:MESSAGE_VALUE_CHARACTERS_MAX]: text_of(value)[:MESSAGE_VALUE_CHARACTERS_MAX]
        for name, value in labels
    }
    return group


def _status(alert: Mapping[str, Any], group: Mapping[str, Any]) -> str | None:
    given = text_in(alert, "status").lower() or text_in(group, "status").lower()
    if given in (FIRING, RESOLVED):
        return given
    return FIRING if not given and alert.get("endsAt") == NO_TIME else None


def _message(labels: Mapping[str, Any]) -> str:
    shown = [
        f"{name}={text_of(value)[:MESSAGE_VALUE_CHARACTERS_MAX]}"
        for name, value in sorted(labels.items())
        if name not in _HIDDEN_LABELS and not name.startswith("__") and text_of(value)
    ]
    return joined([text_in(labels, "alertname"), ", ".join(shown[:MESSAGE_LABELS_MAX])], ": ")


def _values(alert: Mapping[str, Any]) -> str:
    values = [f"{name} = {text_of(value)}" for name, value in object_in(alert, "values").items()]
    return f"Values: {', '.join(values[:VALUES_MAX])}" if values else text_in(alert, "valueString")


def _links(
    alert: Mapping[str, Any], annotations: Mapping[str, Any], group: Mapping[str, Any]
) -> list[dict[str, str]]:
    links = [found for name, text in LINKED_ANNOTATIONS for found in link(annotations.get(name), text)]
    links += [found for name, text in LINKED_FIELDS for found in link(alert.get(name), text)]
    links += link(group.get("externalURL"), "Grafana" if "orgId" in group else "Alertmanager")
    return list({found["link_url"]: found for found in reversed(links)}.values())[::-1]


def _remarks(status: str, severity: str, group: Mapping[str, Any]) -> list[str]:
    remarks = []
    if status == FIRING and severity and alert_type_of(severity) is None:
        shown = severity[:MESSAGE_VALUE_CHARACTERS_MAX]
        remarks.append(f"The severity “{shown}” is not known: taken as {UNKNOWN}.")
    truncated = group.get("truncatedAlerts")
    if isinstance(truncated, int) and truncated > 0:
        remarks.append(f"The sender left out {truncated} further alerts of this group.")
    return remarks
