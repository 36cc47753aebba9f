"""A worker that is killed while the mail server thinks: nobody gets the mail twice."""

from __future__ import annotations

import os
import signal
from pathlib import Path
from typing import Any

import pytest

from afterword.notify.rules import MAY_HAVE_ARRIVED
from tests.ingest.installs import running_install
from tests.notify.mail_server import Gate, running_mail_server
from tests.servers import wait_until

pytestmark = pytest.mark.server

WRITE = """
from django.utils import timezone
from afterword.catalog.models import Service
from afterword.incidents.models import Incident, StakeholderDelivery, StakeholderMessage
now = timezone.now()
incident = Incident.objects.create(number=1, service=Service.objects.get(), entity_id="x", title="Slow")
message = StakeholderMessage.objects.create(incident=incident, subject="Slow", body="We look into it.")
for name in ("mary", "jane"):
    StakeholderDelivery.objects.create(message=message, email=f"{name}@example.com")
result = None
"""
STATES = """
from afterword.incidents.models import StakeholderDelivery
result = {one.email: [one.state, one.error] for one in StakeholderDelivery.objects.all()}
"""
LET_TIME_PASS = """
from datetime import timedelta
from django.db.models import F
from afterword.incidents.models import StakeholderDelivery
waiting = StakeholderDelivery.objects.filter(state="waiting")
waiting.update(next_attempt_at=F("next_attempt_at") - timedelta(hours=1))
result = None
"""


def test_a_mail_that_was_handed_over_is_not_handed_over_again(tmp_path: Path):
    gate = Gate()
    with running_mail_server() as server:
        server.before_answer = gate
        mail: dict[str, Any] = {
            "smtp_host": "127.0.0.1",
            "smtp_port": str(server.port),
            "smtp_security": "none",
        }
        with running_install(tmp_path, **mail) as install:
            install.run(WRITE)
            wait_until(gate.reached.is_set, "no mail has come")
            (before,) = install.running.pids("worker")
            os.kill(before, signal.SIGKILL)
            server.before_answer = None
            gate.opened.set()
            # The next worker sends the other mail, and leaves this one alone.
            wait_until(lambda: len(server.mails) == 2, "the other mail has not come")
            install.run(LET_TIME_PASS)
            wait_until(
                lambda: sorted(install.run(STATES).values()) == [["failed", MAY_HAVE_ARRIVED], ["sent", ""]],
                f"the deliveries are {install.run(STATES)}",
            )
            assert sorted(server.recipients) == ["jane@example.com", "mary@example.com"]
            assert server.texts == 2
