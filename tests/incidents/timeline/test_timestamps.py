"""Key timestamps are set by hand, in an order that makes sense."""

from __future__ import annotations

from datetime import timedelta

import pytest

from afterword.accounts.models import Person
from afterword.audit.models import AuditEvent
from afterword.incidents.models import EntryKind, Incident
from afterword.incidents.timeline.errors import TimestampsChanged
from afterword.incidents.timeline.rules import digest_times, known_times
from afterword.incidents.writes import acknowledge_incident, change_timestamps
from afterword.lib import clock
from afterword.lib.errors import InvalidInput, NotAllowed, NotFound
from tests.cast import STARTED

MINUTE = timedelta(minutes=1)


def test_each_change_is_an_entry_and_all_of_them_an_audit_event(bob: Person, incident: Incident) -> None:
    times = {"impact_started": STARTED - 5 * MINUTE, "identified": STARTED + 9 * MINUTE, "detected": STARTED}
    changed = change_timestamps(actor=bob, incident=incident, times=times)
    assert changed.identified_at == STARTED + 9 * MINUTE
    told = list(incident.entries.filter(kind=EntryKind.EDIT).order_by("id").values_list("text", flat=True))
    assert told == [
        "Changed “Impact started” from 2 Mar 2026, 14:05:00 UTC to 2 Mar 2026, 14:00:00 UTC.",
        "Set “Identified” to 2 Mar 2026, 14:14:00 UTC.",
    ]
    event = AuditEvent.objects.get(action="incident.timestamps_changed")
    assert event.data["identified"] == {"before": None, "after": "2026-03-02T14:14:00+00:00"}


@pytest.mark.parametrize(
    ("times", "fields"),
    [
        ({"detected": -1}, {"detected": "“Detected” cannot be before “Impact started”."}),
        ({"impact_started": 99}, {"impact_started": "“Detected” cannot be before “Impact started”."}),
        (
            {"identified": 9, "fixed": 8},
            {"fixed": "“Fixed” cannot be before “Identified”."},
        ),
        ({"fixed": 50}, {"fixed": "“Resolved” cannot be before “Fixed”."}),
        ({"resolved": 41}, {"resolved": "“Resolved” cannot be before “Fixed”."}),
        ({"resolved": None}, {"resolved": "“Resolved” has happened, so it needs its time."}),
        (
            {"acknowledged": 3},
            {"acknowledged": "“Acknowledged” is set when it happens: nobody has done it yet."},
        ),
        ({"closed": 60}, {"closed": "“Closed” is set when it happens: nobody has done it yet."}),
    ],
)
def test_times_that_contradict_are_refused_and_the_two_are_named(
    bob: Person, resolved_incident: Incident, times: dict[str, int | None], fields: dict[str, str]
) -> None:
    given = {name: None if after is None else STARTED + after * MINUTE for name, after in times.items()}
    with pytest.raises(InvalidInput) as refusal:
        change_timestamps(actor=bob, incident=resolved_incident, times=given)
    assert refusal.value.fields == fields
    assert not AuditEvent.objects.filter(action="incident.timestamps_changed").exists()


def test_a_time_in_the_future_is_refused(bob: Person, incident: Incident) -> None:
    with pytest.raises(InvalidInput) as refusal:
        change_timestamps(actor=bob, incident=incident, times={"fixed": clock.now() + timedelta(hours=1)})
    assert refusal.value.fields == {"fixed": "This time is in the future."}


def test_an_unknown_name_is_refused(bob: Person, incident: Incident) -> None:
    with pytest.raises(InvalidInput):
        change_timestamps(actor=bob, incident=incident, times={"blamed": STARTED})


def test_what_people_set_is_cleared_again(bob: Person, incident: Incident) -> None:
    changed = change_timestamps(actor=bob, incident=incident, times={"detected": None})
    assert changed.detected_at is None
    assert incident.entries.get(kind="edit").text == "Cleared “Detected”, which was 2 Mar 2026, 14:05:00 UTC."


def test_the_time_of_what_has_happened_is_put_right(bob: Person, incident: Incident) -> None:
    acknowledge_incident(actor=bob, incident=incident)
    at = STARTED + 2 * MINUTE
    assert change_timestamps(actor=bob, incident=incident, times={"acknowledged": at}).acknowledged_at == at


def test_clearing_the_start_does_not_put_the_end_before_it(bob: Person, resolved_incident: Incident) -> None:
    resolved_incident.created_at = STARTED + timedelta(hours=1)
    resolved_incident.save(update_fields=["created_at"])
    with pytest.raises(InvalidInput) as refusal:
        change_timestamps(actor=bob, incident=resolved_incident, times={"impact_started": None})
    assert "impact_started" in refusal.value.fields


def test_what_contradicts_already_holds_up_nobody(bob: Person, incident: Incident) -> None:
    Incident.objects.filter(pk=incident.pk).update(reported_at=STARTED - 9 * MINUTE)
    at = STARTED + MINUTE
    assert change_timestamps(actor=bob, incident=incident, times={"fixed": at}).fixed_at == at


def test_of_two_who_set_times_at_once_the_second_is_told(
    alice: Person, bob: Person, incident: Incident
) -> None:
    seen = digest_times(known_times(incident))
    change_timestamps(
        actor=alice, incident=incident, times={"identified": STARTED + MINUTE}, started_from=seen
    )
    with pytest.raises(TimestampsChanged):
        change_timestamps(actor=bob, incident=incident, times={"identified": STARTED}, started_from=seen)
    same = {"identified": STARTED + MINUTE}
    change_timestamps(actor=bob, incident=incident, times=same, started_from=seen)


def test_an_outsider_and_a_viewer_set_nothing(charlie: Person, vera: Person, incident: Incident) -> None:
    for who, refusal in ((charlie, NotFound), (vera, NotAllowed)):
        with pytest.raises(refusal):
            change_timestamps(actor=who, incident=incident, times={"detected": None})
    incident.refresh_from_db()
    assert incident.detected_at == STARTED
