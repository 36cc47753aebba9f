"""What is recorded stands or falls with its change, and tests notice where it does not."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.db import transaction

from afterword.accounts.models import Team
from afterword.audit.models import AuditEvent
from afterword.audit.writes import SYSTEM, NewEvent, record, record_many
from afterword.lib import clock

pytestmark = pytest.mark.once


def _record_one(team: Team) -> None:
    record(actor=SYSTEM, action="team.looked_at", subject=team)


def _record_many(team: Team) -> None:
    one = NewEvent(
        actor=SYSTEM,
        action="team.looked_at",
        subject_kind="team",
        subject_id=team.pk,
        subject_name=team.name,
        at=clock.now(),
    )
    record_many([one], find_subjects=lambda _: {team.pk: team})


@pytest.mark.parametrize("write", [_record_one, _record_many])
def test_an_event_outside_of_its_changes_transaction_is_noticed(
    team: Team, write: Callable[[Team], None]
) -> None:
    with pytest.raises(AssertionError, match="outside of its change's transaction"):
        write(team)
    with transaction.atomic():
        write(team)
    assert AuditEvent.objects.filter(action="team.looked_at").count() == 1
