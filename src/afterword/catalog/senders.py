"""What can send alerts and changes to an integration, and how each is set up. Pure text, to be copied.

The guides in `docs/howto/connect-*.md` say the same at more length.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from urllib.parse import quote, urlsplit

from afterword.catalog.models import IntegrationKind

SIGNED_KINDS = frozenset({IntegrationKind.GITHUB})
"""Their senders sign with a secret."""

LINES: dict[IntegrationKind, str] = {
    IntegrationKind.GENERIC: "Whatever can send JSON. With a mapping, JSON of any shape.",
    IntegrationKind.ALERTMANAGER: "Alerts of Prometheus, by Alertmanager's webhook receiver.",
    IntegrationKind.GRAFANA: "Alerts of Grafana, by a webhook contact point.",
    IntegrationKind.PAGERDUTY: "What sends to PagerDuty today: alerts and changes. Only the host changes.",
    IntegrationKind.OPSGENIE: "What sends to Opsgenie today: create, acknowledge and close.",
    IntegrationKind.INCIDENT_IO: "What sends to an HTTP alert source of incident.io today.",
    IntegrationKind.EMAIL: "Mails, from whatever can send nothing else.",
    IntegrationKind.CHANGES: "Deploys and changes of configuration, from a pipeline.",
    IntegrationKind.GITHUB: "Deployments, releases and pushes to the default branch, from GitHub.",
}
"""What each kind is for, in one line."""


@dataclass(frozen=True, kw_only=True)
class Copyable:
    """A text to copy, as it is."""

    label: str
    text: str


@dataclass(frozen=True, kw_only=True)
class WayIn:
    """How to send to one integration. Holds its key: only for those who may write."""

    warning: str
    texts: list[Copyable]
    hint: str


@dataclass(frozen=True, kw_only=True)
class Address:
    """What there is to know of an integration in order to send to it."""

    public_url: str
    """Without a slash at its end."""
    webhook_url: str
    unique_id: str
    key: str
    secret: str
    service: str
    takes_mails: bool
    """Whether this install takes mails by SMTP."""


def describe_way_in(kind: IntegrationKind, address: Address) -> WayIn:
    """What to copy, and where to put it."""
    return _DESCRIPTIONS[kind](address)


def describe_curl(webhook_url: str, service: str) -> str:
    """A line for a shell that sends a first alert. The service's name is in JSON, in single quotes."""
    alert = {
        "alert_type": "critical",
        "message": f"A first alert for {service}",
        "summary": "Sent by hand to try the integration.",
        "entity_id": "first-alert",
    }
    return _curl(webhook_url, alert)


GUARD_THE_ADDRESS = "Whoever knows this address can raise incidents. Treat it as a password."
MAIL_HINT = (
    "RESOLVED, OK or Recovered in the subject resolves the incident that a mail with the same subject has "
    "opened. [#something] in the subject names what it is about."
)
NO_SMTP = "This install takes no mails by SMTP: AFTERWORD_SMTP_BIND is not set."
GUARD_THE_KEY = "Whoever knows this key can raise incidents. Treat it as a password."


def _generic(address: Address) -> WayIn:
    return WayIn(
        warning=GUARD_THE_ADDRESS,
        texts=[
            Copyable(label="Address", text=address.webhook_url),
            Copyable(label="Try it in a shell", text=describe_curl(address.webhook_url, address.service)),
        ],
        hint="The same entity_id again adds to the open incident; the alert type “resolved” resolves it.",
    )


def _alertmanager(address: Address) -> WayIn:
    receiver = (
        "route:\n"
        "  receiver: afterword\n"
        "receivers:\n"
        "  - name: afterword\n"
        "    webhook_configs:\n"
        f"      - url: {address.webhook_url}\n"
        "        send_resolved: true"
    )
    return WayIn(
        warning=GUARD_THE_ADDRESS,
        texts=[
            Copyable(label="Address", text=address.webhook_url),
            Copyable(label="In alertmanager.yml", text=receiver),
        ],
        hint="Each alert of a group stands for itself. The label “severity” decides how urgent it is.",
    )


def _grafana(address: Address) -> WayIn:
    contact_point = (
        "apiVersion: 1\n"
        "contactPoints:\n"
        "  - orgId: 1\n"
        "    name: Afterword\n"
        "    receivers:\n"
        "      - uid: afterword\n"
        "        type: webhook\n"
        "        settings:\n"
        f"          url: {address.webhook_url}\n"
        "          httpMethod: POST"
    )
    return WayIn(
        warning=GUARD_THE_ADDRESS,
        texts=[
            Copyable(label="URL", text=address.webhook_url),
            Copyable(label="Or as a file", text=contact_point),
        ],
        hint="The URL is that of a contact point with the integration “Webhook”. The label “severity” "
        "decides how urgent an alert is. Alerts of old dashboards are read too.",
    )


def _pagerduty(address: Address) -> WayIn:
    routing_key = address.key.replace("-", "")
    event = {
        "routing_key": routing_key,
        "event_action": "trigger",
        "dedup_key": "first-alert",
        "payload": {
            "summary": f"A first alert for {address.service}",
            "source": "shell",
            "severity": "critical",
        },
    }
    return WayIn(
        warning=GUARD_THE_KEY,
        texts=[
            Copyable(label="Host", text=address.public_url),
            Copyable(label="Integration key", text=routing_key),
            Copyable(label="Try it in a shell", text=_curl(f"{address.public_url}/v2/enqueue", event)),
        ],
        hint="The host takes the place of https://events.pagerduty.com, the integration key that of the "
        "routing key. Alerts go to /v2/enqueue and changes to /v2/change/enqueue, as before.",
    )


def _opsgenie(address: Address) -> WayIn:
    alert = {"message": f"A first alert for {address.service}", "alias": "first-alert", "priority": "P1"}
    return WayIn(
        warning=GUARD_THE_KEY,
        texts=[
            Copyable(label="Host", text=address.public_url),
            Copyable(label="API key", text=address.key),
            Copyable(
                label="Try it in a shell",
                text=_curl(
                    f"{address.public_url}/v2/alerts", alert, header=f"Authorization: GenieKey {address.key}"
                ),
            ),
        ],
        hint="The host takes the place of https://api.opsgenie.com. P1 to P5 become your team's priorities "
        "of these names.",
    )


def _incident_io(address: Address) -> WayIn:
    url = f"{address.public_url}/v2/alert_events/http/{address.unique_id}"
    event = {
        "title": f"A first alert for {address.service}",
        "status": "firing",
        "deduplication_key": "first-alert",
    }
    return WayIn(
        warning=GUARD_THE_KEY,
        texts=[
            Copyable(label="Address", text=url),
            Copyable(label="Token", text=address.key),
            Copyable(
                label="Try it in a shell",
                text=_curl(url, event, header=f"Authorization: Bearer {address.key}"),
            ),
        ],
        hint="The token stands in the header, or in the address as ?token=. The same deduplication_key with "
        "the status “resolved” resolves the incident.",
    )


def _email(address: Address) -> WayIn:
    host = urlsplit(address.public_url).hostname or "localhost"
    texts = []
    if address.takes_mails:
        texts.append(Copyable(label="Address", text=f"{address.key.replace('-', '')}@{host}"))
    command = f'alerts: "|afterword receive-email --key {address.key}"'
    texts.append(Copyable(label="In an alias file", text=command))
    return WayIn(
        warning=GUARD_THE_ADDRESS,
        texts=texts,
        hint=MAIL_HINT if address.takes_mails else f"{MAIL_HINT} {NO_SMTP}",
    )


def _changes(address: Address) -> WayIn:
    change = {
        "title": f"Deploy {address.service} 1.2.3",
        "version": "1.2.3",
        "author": "pipeline",
        "environment": "production",
        "links": [{"link_url": "https://ci.example.com/runs/1", "link_text": "Run 1"}],
        "id": "run-1",
    }
    return WayIn(
        warning="Whoever knows this address can report changes. Treat it as a password.",
        texts=[
            Copyable(label="Address", text=address.webhook_url),
            Copyable(label="Try it in a shell", text=_curl(address.webhook_url, change)),
        ],
        hint="Changes open no incident: they stand beside the timeline of incidents. The same id again "
        "updates the change.",
    )


def _github(address: Address) -> WayIn:
    return WayIn(
        warning="GitHub signs with the secret; without it nothing is taken.",
        texts=[
            Copyable(label="Payload URL", text=address.webhook_url),
            Copyable(label="Content type", text="application/json"),
            Copyable(label="Secret", text=address.secret or "There is none yet: make one below."),
            Copyable(label="Events", text="Deployments, Deployment statuses, Pushes, Releases"),
        ],
        hint="Changes open no incident: they stand beside the timeline of incidents.",
    )


_DESCRIPTIONS: dict[IntegrationKind, Callable[[Address], WayIn]] = {
    IntegrationKind.GENERIC: _generic,
    IntegrationKind.ALERTMANAGER: _alertmanager,
    IntegrationKind.GRAFANA: _grafana,
    IntegrationKind.PAGERDUTY: _pagerduty,
    IntegrationKind.OPSGENIE: _opsgenie,
    IntegrationKind.INCIDENT_IO: _incident_io,
    IntegrationKind.EMAIL: _email,
    IntegrationKind.CHANGES: _changes,
    IntegrationKind.GITHUB: _github,
}


def _curl(url: str, body: Mapping[str, object], *, header: str = "") -> str:
    quoted = json.dumps(body, ensure_ascii=False).replace("'", "\\u0027")
    more = f" \\\n  -H '{header}'" if header else ""
    kind = "Content-Type: application/json"
    return f"curl -X POST '{quote(url, safe=':/?=[]')}'{more} \\\n  -H '{kind}' \\\n  -d '{quoted}'"
