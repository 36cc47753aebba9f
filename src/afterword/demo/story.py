"""What happened in the demo organisation. Nothing but data; all of it is made up and says so."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

ORGANISATION = "Demo organisation"
OWNER_NAME = "Demo Owner"
OWNER_EMAIL = "demo@example.com"
API_KEY_NAME = "Demo key"
INTEGRATION = "Monitoring"
CHANGE_INTEGRATION = "Pipeline"
"""No word of the owner's name: it would be taken out of the public edition as theirs."""

TEAMS: dict[str, dict[str, str]] = {
    "Storefront": {
        "Checkout": "Takes a basket and turns it into an order: addresses, payment, confirmation.",
        "Search": "Finds products, suggests words, and keeps its index close to the catalogue.",
    },
    "Messaging": {
        "Notifications": "Sends mails and text messages: confirmations, deliveries, password resets.",
    },
    "Platform": {
        "Orders database": "Keeps every order. One primary, two replicas that the reports read from.",
        "Data warehouse": "Collects a copy of everything at night, for the reports of the next day.",
    },
}
"""The teams, their services, and a line about each service."""

DEPENDS_ON: dict[str, tuple[str, ...]] = {
    "Checkout": ("Orders database", "Notifications"),
    "Data warehouse": ("Orders database",),
}
"""Which services call or need which."""

RESPONDING_TEAM = "Storefront"
PRIORITIES: tuple[tuple[str, str, str], ...] = (
    ("P1", "Nobody can buy, or something is lost for good.", "red"),
    ("P2", "Many customers are held up, and there is no way around it.", "orange"),
    ("P3", "Some customers notice, and there is a way around it.", "amber"),
    ("P4", "Nobody outside notices yet.", "blue"),
    ("P5", "It can wait for the next working day.", "grey"),
)
"""A name, when it is meant, and a colour; the most urgent first."""
SLA = "Shop hours"
SLA_DESCRIPTION = "What the shop promises while people buy."
SLA_ACKNOWLEDGE_MINUTES = 15
SLA_RESOLVE_MINUTES = 4 * 60
TAGS: tuple[tuple[str, str], ...] = (
    ("customer-facing", "violet"),
    ("third party", "teal"),
    ("capacity", "green"),
)
POLICY = "Storefront on call"
POLICY_SUMMARY = "One person first, then everyone in the team."
POLICY_WAIT_MINUTES = 15
DEFAULT_PRIORITIES = {"Checkout": 2, "Search": 3}
"""What incidents of these services get, as places among `PRIORITIES`."""
MAINTAINED_TEAM = "Platform"
MAINTAINED_SERVICE = "Data warehouse"
MAINTENANCE = "Weekly load of the warehouse"
MAINTENANCE_HOUR = 22
MAINTENANCE_HOURS = 3


@dataclass(frozen=True)
class DemoAlert:
    """One post to the way in."""

    alert_type: str
    message: str
    summary: str = ""
    payload: dict[str, Any] = field(default_factory=dict)
    urls: tuple[tuple[str, str], ...] = ()
    """Pairs of a text and an address."""

    def body(self, entity_id: str) -> dict[str, Any]:
        """What is sent, in the format of the generic integration."""
        return {
            "alert_type": self.alert_type,
            "message": self.message,
            "summary": self.summary,
            "entity_id": entity_id,
            "payload": self.payload,
            "urls": [{"link_text": text, "link_url": address} for text, address in self.urls],
        }


@dataclass(frozen=True)
class DemoIncident:
    """What came in about one thing, and what was done about it."""

    service: str
    entity_id: str
    alerts: tuple[DemoAlert, ...]
    acknowledged: bool = False
    notes: tuple[str, ...] = ()
    closing_alerts: tuple[DemoAlert, ...] = ()
    """Sent after the notes; the last may resolve it."""
    began_minutes_ago: int = 0
    minutes: tuple[int, ...] = ()
    """When each moment of the timeline happened, in minutes after the first alert."""
    unnoticed_minutes: int = 0
    """How long it had been going on when the first alert came."""


@dataclass(frozen=True)
class DemoChange:
    """A deploy or a change of configuration, as a pipeline reports it."""

    service: str
    title: str
    after_minutes: int
    """After the first alert of the incident that the post-mortem is about; negative before it."""
    summary: str
    version: str = ""
    kind: str = "deploy"
    run: int = 0
    """The number of the pipeline's run; 0 without one."""

    def body(self, at: datetime) -> dict[str, Any]:
        """What is sent, in the format of the integration for changes."""
        run = f"https://pipelines.example.com/{self.service.lower()}/{self.run}"
        return {
            "id": f"demo-{self.service.lower()}-{self.after_minutes}",
            "title": self.title,
            "kind": self.kind,
            "at": at.isoformat(),
            "summary": self.summary,
            "version": self.version,
            "author": OWNER_NAME,
            "environment": "production",
            "state": "success",
            "links": [{"link_url": run, "link_text": f"Run {self.run}"}] if self.run else [],
        }


@dataclass(frozen=True)
class DemoFollowUp:
    """Something that was agreed, due so many days after today."""

    title: str
    description: str
    priority: str
    due_in_days: int


@dataclass(frozen=True)
class DemoMessage:
    """Something that was said in the channel of the incident that the post-mortem is about."""

    minutes: int
    """After the impact began."""
    author: str
    """Empty: the demo's owner."""
    text: str
    is_starred: bool = False


def _monitor(name: str) -> tuple[str, str]:
    return ("Monitor", f"https://monitoring.example.com/monitors/{name}")


def _dashboard(name: str) -> tuple[str, str]:
    return ("Dashboard", f"https://monitoring.example.com/dashboards/{name}")


def _runbook(name: str) -> tuple[str, str]:
    return ("Runbook", f"https://handbook.example.com/runbooks/{name}")


INCIDENTS: tuple[DemoIncident, ...] = (
    DemoIncident(
        "Orders database",
        "orders-db/replica-lag",
        began_minutes_ago=6 * 24 * 60 + 310,
        minutes=(0, 26),
        alerts=(
            DemoAlert(
                "warning",
                "Replica orders-db-2 is 90 seconds behind",
                "Reports show orders late. Nothing that customers see reads from this replica.",
                {"host": "orders-db-2", "lag_seconds": 94, "threshold_seconds": 60, "region": "eu-central"},
                (_monitor("orders-db-replica-lag"),),
            ),
        ),
        closing_alerts=(
            DemoAlert(
                "resolved",
                "Replica orders-db-2 has caught up",
                payload={"host": "orders-db-2", "lag_seconds": 1},
            ),
        ),
    ),
    DemoIncident(
        "Notifications",
        "notifications/sms-gateway",
        began_minutes_ago=4 * 24 * 60 + 95,
        minutes=(0, 4, 19, 71),
        unnoticed_minutes=6,
        alerts=(
            DemoAlert(
                "critical",
                "The SMS gateway refuses our messages",
                "Every message of the last minutes was answered with 429. Mails are not concerned.",
                {"gateway": "sms.example.net", "status": 429, "refused": 1_318, "window_minutes": 10},
                (_dashboard("notifications"), _runbook("sms-gateway")),
            ),
        ),
        acknowledged=True,
        notes=(
            "The gateway counts us against a limit of 100 a second since today. Asked for the old one back.",
        ),
        closing_alerts=(DemoAlert("resolved", "The SMS gateway accepts our messages again"),),
    ),
    DemoIncident(
        "Search",
        "search/latency",
        began_minutes_ago=3 * 24 * 60 + 40,
        minutes=(0, 6, 9, 38),
        unnoticed_minutes=2,
        alerts=(
            DemoAlert(
                "error",
                "Search is slow: the 95th percentile is above 2 seconds",
                payload={"p95_seconds": 2.4, "requests_per_second": 310, "nodes": ["search-1", "search-2"]},
                urls=(_dashboard("search"), _monitor("search-latency")),
            ),
            DemoAlert(
                "error",
                "Search is slow: the 95th percentile is above 3 seconds",
                payload={"p95_seconds": 3.1, "requests_per_second": 295, "nodes": ["search-1", "search-2"]},
            ),
        ),
        acknowledged=True,
        closing_alerts=(
            DemoAlert("resolved", "Search answers within its target again", payload={"p95_seconds": 0.4}),
        ),
    ),
    DemoIncident(
        "Checkout",
        "checkout/card-payments",
        began_minutes_ago=27 * 60,
        minutes=(0, 3, 5, 9, 16, 21, 24, 29, 31),
        unnoticed_minutes=4,
        alerts=(
            DemoAlert(
                "warning",
                "Card payments take longer than usual",
                payload={"p95_seconds": 4.2, "usual_seconds": 0.8, "provider": "cards.example.net"},
                urls=(_dashboard("checkout"),),
            ),
            DemoAlert(
                "critical",
                "Card payments fail: 38 % of attempts time out",
                "Customers see “Please try again”. Other ways to pay work.",
                {
                    "failed_percent": 38,
                    "threshold_percent": 2,
                    "provider": "cards.example.net",
                    "region": "eu-central",
                    "pool": {"name": "card-provider", "size": 20, "in_use": 20, "waiting": 214},
                    "release": "checkout 2026.11.3",
                },
                (_monitor("checkout-card-failures"), _dashboard("checkout"), _runbook("card-payments")),
            ),
        ),
        acknowledged=True,
        notes=(
            "All 20 connections to the card provider are in use and 214 requests wait for one. "
            "The provider’s own status page is green.",
            "The release `checkout 2026.11.3` of this morning raised the provider’s timeout from **3 s to "
            "30 s**. Slow calls now hold their connection ten times as long.",
            "Put the timeout back to 3 s with the switch `card_timeout_seconds`; no release was needed.",
        ),
        closing_alerts=(
            DemoAlert("info", "Card payments: 4 % of attempts time out", payload={"failed_percent": 4}),
        ),
    ),
    DemoIncident(
        "Search",
        "search/index-lag",
        began_minutes_ago=4 * 60 + 12,
        minutes=(0, 11, 48),
        unnoticed_minutes=40,
        alerts=(
            DemoAlert(
                "warning",
                "The search index is 40 minutes behind the catalogue",
                "New products cannot be found yet; what was there before can.",
                {"lag_minutes": 40, "queue": "catalogue-changes", "waiting": 18_240},
                (_dashboard("search"), _runbook("index-lag")),
            ),
        ),
        acknowledged=True,
        notes=("A supplier sent its whole catalogue again. The indexer works through it and gains slowly.",),
    ),
    DemoIncident(
        "Checkout",
        "checkout/certificate",
        began_minutes_ago=3 * 60 + 5,
        minutes=(0, 22),
        alerts=(
            DemoAlert(
                "warning",
                "The certificate of checkout.example.com expires in 7 days",
                payload={"host": "checkout.example.com", "days_left": 7, "issuer": "Example CA"},
                urls=(_runbook("certificates"),),
            ),
        ),
        acknowledged=True,
    ),
    DemoIncident(
        "Notifications",
        "notifications/mail-queue",
        began_minutes_ago=75,
        unnoticed_minutes=15,
        alerts=(
            DemoAlert(
                "error",
                "The mail queue grows faster than it is emptied",
                "Confirmations arrive about 15 minutes late.",
                {"waiting": 52_900, "in_per_minute": 2_100, "out_per_minute": 1_150, "workers": 4},
                (_dashboard("notifications"),),
            ),
        ),
    ),
    DemoIncident(
        "Checkout",
        "checkout/basket-restarts",
        began_minutes_ago=33,
        unnoticed_minutes=3,
        alerts=(
            DemoAlert(
                "critical",
                "The basket service restarts every two minutes",
                "Baskets survive; adding to one sometimes takes two attempts.",
                {"deployment": "basket", "restarts": 11, "reason": "OOMKilled", "memory_mb": 512},
                (_monitor("basket-restarts"), _dashboard("checkout")),
            ),
        ),
    ),
)
"""In the order in which they came in."""

WRITTEN_ABOUT = "checkout/card-payments"
"""The incident that is resolved by hand and gets the post-mortem."""

CHANGES: tuple[DemoChange, ...] = (
    DemoChange(
        "Checkout",
        "checkout 2026.11.2",
        after_minutes=-9 * 60 - 12,
        version="2026.11.2",
        summary="New order of the delivery addresses.",
        run=480,
    ),
    DemoChange(
        "Checkout",
        "checkout 2026.11.3",
        after_minutes=-47,
        version="2026.11.3",
        summary="Raises the timeout of the card provider from 3 s to 30 s.",
        run=481,
    ),
    DemoChange(
        "Checkout",
        "card_timeout_seconds: 30 to 3",
        after_minutes=24,
        kind="configuration",
        summary="Back to the old timeout, with the switch.",
    ),
    DemoChange(
        "Search",
        "search 2026.11.1",
        after_minutes=-30,
        version="2026.11.1",
        summary="Suggests words in three more languages.",
        run=77,
    ),
    DemoChange(
        "Orders database",
        "reports_replica: first to second",
        after_minutes=-19,
        kind="configuration",
        summary="The reports read from the second replica.",
    ),
)
"""Service by service, around the incident that the post-mortem is written about."""

SUMMARY = """\
Card payments in the checkout failed for about a third of customers. Other ways to pay worked throughout, \
and no order was lost or charged twice.

A release had raised the time that we wait for the card provider from 3 to 30 seconds. When the provider \
answered slowly for a few minutes, waiting requests held every connection, and new payments found none. \
Putting the old limit back ended it at once.
"""

POSTMORTEM_TITLE = "Card payments timed out when the provider was slow"

SECTIONS: dict[str, str] = {
    "Contributors": """\
**Technical**

- The pool of 20 connections is shared by all card payments, so slow calls crowd out quick ones.
- A timeout of 30 seconds let one slow call hold its connection ten times as long as before.
- Nothing sheds load: requests queue for a connection for as long as the customer waits.

**In how we work**

- The new timeout was tested with a provider that answers quickly. Our test environment has no slow one.
- Timeouts are configuration, and reviews of configuration look at the value, not at what depends on it.

**From outside**

- The card provider answered slowly for a few minutes during the busiest hour of the day.
""",
    "Mitigators": """\
- The timeout sits behind a switch, so the old value was back within a minute and without a release.
- The alert carried the state of the connection pool, which pointed at the cause right away.
- The page offers other ways to pay when a card fails, and about half of the customers took one.
""",
    "Learnings and risks": """\
**What we learned**

- A longer timeout is not the safer one: it turns a slow neighbour into an outage of our own.
- The provider’s status page reports outages, not slowness. Our own figures are the earlier signal.

**What could happen again**

| where | what is shared | what protects it today |
|---|---|---|
| Checkout | connections to the card provider | the timeout of 3 seconds |
| Notifications | connections to the SMS gateway | nothing |
| Search | threads of the indexer | a queue with a limit |
""",
    "Meeting notes": """\
1. *Which figure would have told us before customers did?* The number of requests that wait for a connection.
2. *Would a bigger pool have helped?* For some minutes. It would also have sent more load to a provider that \
was struggling already.
""",
}
"""The prose of the post-mortem, by the title of the section in the template *Standard*."""

CHAT_CHANNEL = "card-provider"
CHAT: tuple[DemoMessage, ...] = (
    DemoMessage(10, "", "Card payments time out on our side. Do you see anything on yours?"),
    DemoMessage(
        12,
        "Provider support",
        "Yes: one of our regions answers slowly. It goes on for an hour at least.",
        is_starred=True,
    ),
    DemoMessage(13, "", "Thank you. Then our own calls must not wait that long."),
    DemoMessage(26, "", "They wait 3 s again, and connections come back."),
    DemoMessage(29, "Provider support", "We see that too: your calls are short again."),
)

FOLLOW_UPS: tuple[DemoFollowUp, ...] = (
    DemoFollowUp(
        "Give each kind of payment its own connections",
        "So that slow card calls cannot crowd out the others. Agree on the sizes with Platform.",
        "P1",
        5,
    ),
    DemoFollowUp(
        "Refuse a payment early when too many wait",
        "Answer at once with the other ways to pay, instead of letting people wait for 30 seconds.",
        "P2",
        21,
    ),
    DemoFollowUp(
        "Add a slow card provider to the test environment",
        "One that answers after 1, 5 and 30 seconds, for the release checks.",
        "P3",
        45,
    ),
)

REPORTED_STARTED_HOURS_AGO = 2
REPORTED_SERVICE = "Checkout"
REPORTED_TITLE = "Two customers report a wrong total on their invoice"
REPORTED_SUMMARY = "Both used a voucher and changed the number of items afterwards. Reported by hand."
