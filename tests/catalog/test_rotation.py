"""Who is on call at a moment, whatever the clocks do."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from afterword.catalog.rotation import Override, Rotation, next_in_turn, shift_at

pytestmark = pytest.mark.pure

BERLIN = ZoneInfo("Europe/Berlin")
MONDAY = date(2026, 3, 2)
ZONES = ("UTC", "Europe/Berlin", "America/New_York", "Australia/Lord_Howe", "America/Nuuk", "Asia/Kathmandu")


def rotation(*people: int, **changed: object) -> Rotation:
    given = {"zone": BERLIN, "starts_on": MONDAY, "weekday": 0, "at": time(9), **changed}
    return Rotation(people or (1, 2, 3), **given)  # type: ignore[arg-type]


def local(year: int, month: int, day: int, hour: int = 0, minute: int = 0) -> datetime:
    return datetime(year, month, day, hour, minute, tzinfo=BERLIN)


def test_nobody_is_on_call_before_the_first_turn():
    assert rotation().on_call_at(local(2026, 3, 2, 8, 59)) is None
    assert rotation().on_call_at(local(2026, 3, 2, 9)) == 1


def test_the_next_one_takes_over_at_the_handover():
    assert rotation().on_call_at(local(2026, 3, 9, 8, 59)) == 1
    assert rotation().on_call_at(local(2026, 3, 9, 9)) == 2
    assert rotation().on_call_at(local(2026, 3, 23, 9)) == 1


def test_a_start_in_the_middle_of_a_week_makes_a_short_first_turn():
    short = rotation(starts_on=date(2026, 3, 5))
    assert short.on_call_at(local(2026, 3, 5, 9)) == 1
    assert short.on_call_at(local(2026, 3, 9, 9)) == 2


def test_the_handover_stays_at_its_hour_when_the_clocks_change():
    # Summer time begins on 29 March 2026 and ends on 25 October.
    spring = rotation(starts_on=date(2026, 3, 23))
    assert spring.handover(1) - spring.handover(0) == timedelta(hours=167)
    assert spring.handover(1) == datetime(2026, 3, 30, 7, tzinfo=UTC)
    autumn = rotation(starts_on=date(2026, 10, 19))
    assert autumn.handover(1) - autumn.handover(0) == timedelta(hours=169)


def test_a_handover_that_the_clocks_skip_happens_later():
    skipped = rotation(starts_on=date(2026, 3, 29), weekday=6, at=time(2, 30))
    assert skipped.handover(0) == datetime(2026, 3, 29, 1, 30, tzinfo=UTC)


def test_a_handover_that_comes_twice_happens_the_first_time():
    twice = rotation(starts_on=date(2026, 10, 25), weekday=6, at=time(2, 30))
    assert twice.handover(0) == datetime(2026, 10, 25, 0, 30, tzinfo=UTC)


def test_an_override_counts_from_its_start_until_before_its_end():
    other = Override(9, local(2026, 3, 3, 12), local(2026, 3, 3, 18))
    turns = rotation(overrides=(other,))
    assert [turns.on_call_at(local(2026, 3, 3, hour)) for hour in (11, 12, 17, 18)] == [1, 9, 9, 1]


def test_of_two_overrides_the_later_made_counts():
    whole = Override(8, local(2026, 3, 3), local(2026, 3, 4))
    part = Override(9, local(2026, 3, 3, 12), local(2026, 3, 3, 18))
    assert rotation(overrides=(whole, part)).on_call_at(local(2026, 3, 3, 12)) == 9
    assert rotation(overrides=(part, whole)).on_call_at(local(2026, 3, 3, 12)) == 8


def test_an_override_works_where_nobody_takes_turns():
    other = Override(9, local(2026, 3, 3), local(2026, 3, 4))
    alone = Rotation((), BERLIN, MONDAY, 0, time(9), (other,))
    assert alone.on_call_at(local(2026, 3, 3)) == 9
    assert alone.on_call_at(local(2026, 3, 4)) is None


def test_round_robin_goes_on_after_the_last_one_and_begins_again():
    assert [next_in_turn([4, 5, 6], last) for last in (None, 4, 6, 99)] == [4, 5, 4, 4]
    assert next_in_turn([], 4) is None


rotations = st.builds(
    lambda people, zone, starts_on, weekday, at, overrides: Rotation(
        tuple(range(people)), ZoneInfo(zone), starts_on, weekday, at, tuple(overrides)
    ),
    st.integers(1, 5),
    st.sampled_from(ZONES),
    st.dates(date(2020, 1, 1), date(2030, 1, 1)),
    st.integers(0, 6),
    st.times().map(lambda at: at.replace(second=0, microsecond=0)),
    st.lists(
        st.builds(
            lambda start, hours: Override(7, start, start + timedelta(hours=hours)),
            st.datetimes(datetime(2020, 1, 1), datetime(2030, 6, 1), timezones=st.just(UTC)),
            st.integers(1, 400),
        ),
        max_size=3,
    ),
)
moments = st.datetimes(datetime(2019, 6, 1), datetime(2031, 1, 1), timezones=st.just(UTC))


@given(rotations, st.integers(0, 600))
def test_turns_follow_one_another_a_week_apart_give_or_take_the_clocks(turns: Rotation, number: int):
    length = turns.handover(number + 1) - turns.handover(number)
    assert timedelta(0) < length
    if number:
        assert abs(length - timedelta(days=7)) <= timedelta(hours=1)


@given(rotations, moments)
def test_every_moment_belongs_to_the_turn_that_holds_it(turns: Rotation, moment: datetime):
    number = turns.turn_at(moment)
    if number is None:
        assert moment < turns.handover(0)
    else:
        assert turns.handover(number) <= moment < turns.handover(number + 1)


@given(rotations, moments, st.integers(1, 24 * 60))
def test_shifts_leave_no_gap_and_agree_with_who_is_on_call(turns: Rotation, since: datetime, hours: int):
    until = since + timedelta(hours=hours)
    shifts = turns.shifts_between(since, until)
    assert (shifts[0].starts_at, shifts[-1].ends_at) == (since, until)
    assert all(one.ends_at == two.starts_at for one, two in zip(shifts, shifts[1:], strict=False))
    for part in range(10):
        moment = since + (until - since) * part / 10
        shift = shift_at(shifts, moment)
        assert shift is not None
        assert shift.person == turns.on_call_at(moment)
