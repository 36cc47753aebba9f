"""A worker that is killed while it sends mails and calls people: nobody is told twice, and nobody missed."""

from __future__ import annotations

import os
import signal
from collections.abc import Iterator
from contextlib import suppress

import pytest

from afterword.notify.rules import MAY_HAVE_ARRIVED
from tests.ingest.installs import Install, running_install
from tests.notify.mail_server import Gate, MailServer, running_mail_server
from tests.servers import wait_until

pytestmark = pytest.mark.server

WHOLE_STORY_SECONDS_MAX = 180.0
"""New workers and up to 40 mails: on a machine that does much else each of these takes its time."""

WRITE = """
from django.utils import timezone
from afterword.catalog.models import Service
from afterword.incidents.models import Incident, StakeholderDelivery, StakeholderMessage
now = timezone.now()
# Far from the numbers that incidents get.
incident = Incident.objects.create(number=1_000, service=Service.objects.get(), entity_id="x", title="Slow")
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


@pytest.fixture(scope="module")
def running(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Install, MailServer]]:
    with running_mail_server() as server:
        mail = {"smtp_host": "127.0.0.1", "smtp_port": str(server.port), "smtp_security": "none"}
        with running_install(tmp_path_factory.mktemp("killed"), **mail) as install:
            yield install, server


@pytest.fixture
def install(running: tuple[Install, MailServer]) -> Install:
    return running[0]


@pytest.fixture
def server(running: tuple[Install, MailServer]) -> MailServer:
    """It has forgotten what the test before has sent."""
    server = running[1]
    server.mails, server.recipients, server.texts, server.before_answer = [], [], 0, None
    return server


def test_a_mail_that_was_handed_over_is_not_handed_over_again(install: Install, server: MailServer):
    gate = Gate()
    server.before_answer = gate
    install.run(WRITE)
    wait_until(gate.reached.is_set, "no mail has come", WHOLE_STORY_SECONDS_MAX)
    (before,) = install.running.pids("worker")
    os.kill(before, signal.SIGKILL)
    server.before_answer = None
    gate.opened.set()
    # The next worker sends the other mail, and leaves this one alone.
    wait_until(lambda: len(server.mails) == 2, "the other mail has not come", WHOLE_STORY_SECONDS_MAX)
    install.run(LET_TIME_PASS)
    wait_until(
        lambda: sorted(install.run(STATES).values()) == [["failed", MAY_HAVE_ARRIVED], ["sent", ""]],
        f"the deliveries are {install.run(STATES)}",
    )
    assert sorted(server.recipients) == ["jane@example.com", "mary@example.com"]
    assert server.texts == 2


PAGED_INCIDENTS = 6
KILLED_AT_MAILS = (1, 12)
WITH_A_POLICY = """
from afterword.accounts.models import Membership, OrganisationRole, Person, Team
from afterword.catalog.models import Service
from afterword.catalog.writes import Level, create_escalation_policy
team = Team.objects.get()
people = []
for name in ("Alice", "Bob", "Carol"):
    person = Person(name=name, email=f"{name.lower()}@example.com", role=OrganisationRole.ADMIN)
    person.set_unusable_password()
    person.save()
    Membership.objects.create(team=team, person=person)
    people.append(person)
levels = [
    Level(0, people=tuple(people)), Level(0, people=(people[0],)), Level(30, people=(people[1],))
]
policy = create_escalation_policy(actor=people[0], team=team, name="On call", levels=levels)
Service.objects.update(escalation_policy=policy)
result = None
"""
PAGED = """
from afterword.notify.models import Escalation, Page, PageDelivery
pages = Page.objects.order_by("incident__entity_id", "level", "person__name")
result = {
    "pages": [list(row) for row in pages.values_list("incident__entity_id", "level", "person__name")],
    "waiting": PageDelivery.objects.filter(state="waiting", handed_over_at__isnull=True).count(),
    "minutes": [(one.next_at - one.started_at).total_seconds() / 60 for one in Escalation.objects.all()],
}
"""


def test_a_worker_that_is_killed_while_it_escalates_calls_everybody_once(
    install: Install, server: MailServer
):
    install.run(WITH_A_POLICY)
    killed: list[int] = []

    def kill() -> None:
        # While it hands over a mail, and in another thread calls the people of the next incidents.
        if server.texts in KILLED_AT_MAILS:
            killed.extend(install.running.pids("worker"))
            with suppress(ProcessLookupError):
                os.kill(killed[-1], signal.SIGKILL)

    server.before_answer = kill
    for number in range(PAGED_INCIDENTS):
        install.send(message="Slow", alert_type="critical", entity_id=f"web-{number}")
    calls = [(1, "Alice"), (1, "Bob"), (1, "Carol"), (2, "Alice")]
    expected = [[f"web-{number}", *call] for number in range(PAGED_INCIDENTS) for call in calls]
    # A mail counts among them a moment after it was counted as a text.
    wait_until(
        lambda: len(server.mails) >= len(expected),
        "not everybody was called",
        WHOLE_STORY_SECONDS_MAX,
    )
    found = install.run(PAGED)
    assert found == {
        "pages": expected,
        "waiting": 0,
        # When the next level is called stands in its row, and is counted from when it began.
        "minutes": [30.0] * PAGED_INCIDENTS,
    }
    assert len(set(killed)) == len(KILLED_AT_MAILS)
    mails = [(str(one["To"]), str(one["Message-ID"])) for one in server.mails]
    assert len(set(mails)) == len(mails) == len(expected)
