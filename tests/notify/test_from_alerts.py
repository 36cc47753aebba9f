"""What an alert asks to be told to stakeholders is told, and stands in the timeline."""

from __future__ import annotations

import pytest

from afterword.accounts.models import Person
from afterword.catalog.models import Integration
from afterword.incidents.models import Entry, EntryKind, StakeholderDelivery
from afterword.ingest.worker import fold_once
from afterword.notify.sending import deliver_due
from tests.ingest.signals import receive
from tests.notify.mail_server import MailServer

pytestmark = pytest.mark.django_db


def test_an_alert_writes_to_its_stakeholders(mail_server: MailServer, integration: Integration, bob: Person):
    receive(
        integration,
        stakeholders={"users": [str(bob.unique_id)], "emails": ["maryjane@example.com"]},
        stakeholders_comms={
            "subject": "Billing is hit",
            "body": "We are **working** on it.",
            "timezone": "Asia/Tokyo",
        },
    )
    fold_once()
    entry = Entry.objects.get(kind=EntryKind.MESSAGE)
    assert entry.text == "Wrote “Billing is hit” to bob@example.com and maryjane@example.com."
    assert (entry.source, entry.person) == ("Prometheus bridge", None)
    assert entry.alert is not None
    assert deliver_due() == 2
    assert sorted(mail_server.recipients) == ["bob@example.com", "maryjane@example.com"]
    assert "Started: 2 March 2026, 23:05 JST" in mail_server.mails[0].get_body(("plain",)).get_content()
    assert set(StakeholderDelivery.objects.values_list("state", flat=True)) == {"sent"}
