"""When a maintenance window is active: time zones, changes of clocks, months without the day."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from afterword.catalog import maintenance
from afterword.catalog.maintenance import Occurrence, is_active, next_occurrence, occurrence_at

pytestmark = pytest.mark.pure

ZONES = (
    "UTC",
    "Europe/Berlin",
    "America/New_York",
    "America/St_Johns",
    "America/Sao_Paulo",
    "America/Havana",
    "Australia/Lord_Howe",
    "Asia/Kathmandu",
    "Pacific/Apia",
    "Africa/Casablanca",
)


@dataclass(frozen=True)
class Window:
    starts_at: datetime
    ends_at: datetime
    time_zone: str = "UTC"
    repeats: str = maintenance.ONCE
    repeat_until: datetime | None = None


def window(
    zone: str, start: str, end: str, repeats: str = maintenance.ONCE, until: str | None = None
) -> Window:
    return Window(at(zone, start), at(zone, end), zone, repeats, until and at(zone, until) or None)


def at(zone: str, text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=ZoneInfo(zone)).astimezone(UTC)


def starts(of: Window, count: int, *, after: datetime | None = None) -> list[str]:
    """The local starts that follow, as a person would read them."""
    found, moment = [], after or of.starts_at - timedelta(seconds=1)
    for _ in range(count):
        occurrence = next_occurrence(of, moment)
        if occurrence is None:
            break
        moment = occurrence.starts_at
        found.append(f"{moment.astimezone(ZoneInfo(of.time_zone)):%Y-%m-%d %H:%M}")
    return found


def test_a_window_takes_in_its_start_and_no_longer_its_end() -> None:
    once = window("UTC", "2026-03-03T02:00", "2026-03-03T04:00")
    assert not is_active(once, once.starts_at - timedelta(microseconds=1))
    assert is_active(once, once.starts_at)
    assert is_active(once, once.ends_at - timedelta(microseconds=1))
    assert not is_active(once, once.ends_at)
    assert not is_active(once, once.starts_at + timedelta(days=7))


def test_a_window_of_once_has_one_occurrence() -> None:
    once = window("UTC", "2026-03-03T02:00", "2026-03-03T04:00")
    assert next_occurrence(once, once.starts_at - timedelta(days=9)) == Occurrence(
        once.starts_at, once.ends_at
    )
    assert next_occurrence(once, once.starts_at) is None


def test_a_weekly_window_keeps_its_time_of_day_when_the_clocks_change() -> None:
    weekly = window("Europe/Berlin", "2026-03-24T02:00", "2026-03-24T04:00", maintenance.WEEKLY)
    assert is_active(weekly, datetime(2026, 3, 24, 1, 30, tzinfo=UTC))
    assert is_active(weekly, datetime(2026, 3, 31, 0, 30, tzinfo=UTC))
    assert not is_active(weekly, datetime(2026, 3, 31, 2, 30, tzinfo=UTC))
    assert starts(weekly, 3) == ["2026-03-24 02:00", "2026-03-31 02:00", "2026-04-07 02:00"]


def test_a_start_that_the_clocks_leave_out_comes_as_much_later() -> None:
    daily = window("Europe/Berlin", "2026-03-27T02:30", "2026-03-27T02:45", maintenance.DAILY)
    assert starts(daily, 4) == [
        "2026-03-27 02:30",
        "2026-03-28 02:30",
        "2026-03-29 03:30",
        "2026-03-30 02:30",
    ]


def test_a_window_that_ends_behind_a_gap_in_the_clocks_still_lasts() -> None:
    daily = window("Europe/Berlin", "2026-03-28T02:30", "2026-03-28T03:15", maintenance.DAILY)
    shifted = occurrence_at(daily, at("Europe/Berlin", "2026-03-29T03:40"))
    assert shifted is not None
    assert shifted.ends_at - shifted.starts_at == timedelta(minutes=45)


def test_of_an_hour_that_is_there_twice_the_first_is_meant() -> None:
    daily = window("Europe/Berlin", "2026-10-24T02:10", "2026-10-24T02:50", maintenance.DAILY)
    assert is_active(daily, datetime(2026, 10, 25, 0, 30, tzinfo=UTC))
    assert not is_active(daily, datetime(2026, 10, 25, 1, 30, tzinfo=UTC))


def test_the_thirty_first_is_left_out_of_months_that_have_none() -> None:
    monthly = window("Europe/Berlin", "2026-01-31T22:00", "2026-02-01T01:00", maintenance.MONTHLY)
    assert starts(monthly, 5) == [
        "2026-01-31 22:00",
        "2026-03-31 22:00",
        "2026-05-31 22:00",
        "2026-07-31 22:00",
        "2026-08-31 22:00",
    ]
    assert is_active(monthly, at("Europe/Berlin", "2026-04-01T00:30"))
    assert not is_active(monthly, at("Europe/Berlin", "2026-03-01T00:30"))


def test_the_twenty_ninth_comes_in_february_of_leap_years() -> None:
    monthly = window("UTC", "2027-12-29T00:00", "2027-12-29T01:00", maintenance.MONTHLY)
    assert starts(monthly, 4)[1:] == ["2028-01-29 00:00", "2028-02-29 00:00", "2028-03-29 00:00"]
    assert is_active(monthly, datetime(2028, 2, 29, 0, 30, tzinfo=UTC))
    assert "2029-02-29 00:00" not in starts(monthly, 20)


def test_a_window_longer_than_its_period_is_active_without_a_break_until_the_last_one_ends() -> None:
    daily = window("UTC", "2026-03-01T00:00", "2026-03-03T12:00", maintenance.DAILY, "2026-03-05T00:00")
    for hours in range(24 * 6 + 12):
        assert is_active(daily, daily.starts_at + timedelta(hours=hours)), hours
    assert not is_active(daily, datetime(2026, 3, 7, 12, tzinfo=UTC))
    assert occurrence_at(daily, datetime(2026, 3, 4, 6, tzinfo=UTC)) == Occurrence(
        datetime(2026, 3, 4, tzinfo=UTC), datetime(2026, 3, 6, 12, tzinfo=UTC)
    )


def test_no_repetition_begins_after_the_limit_but_one_that_begins_on_it_does() -> None:
    weekly = window("UTC", "2026-03-03T02:00", "2026-03-03T04:00", maintenance.WEEKLY, "2026-03-17T02:00")
    assert starts(weekly, 9) == ["2026-03-03 02:00", "2026-03-10 02:00", "2026-03-17 02:00"]
    assert is_active(weekly, datetime(2026, 3, 17, 3, tzinfo=UTC))
    assert not is_active(weekly, datetime(2026, 3, 24, 3, tzinfo=UTC))


def test_a_limit_before_the_first_start_leaves_the_first_occurrence() -> None:
    weekly = window("UTC", "2026-03-03T02:00", "2026-03-03T04:00", maintenance.WEEKLY, "2026-01-01T00:00")
    assert is_active(weekly, weekly.starts_at)
    assert starts(weekly, 9) == ["2026-03-03 02:00"]


def test_a_day_that_a_zone_left_out_breaks_nothing() -> None:
    daily = window("Pacific/Apia", "2011-12-28T10:00", "2011-12-28T11:00", maintenance.DAILY)
    assert starts(daily, 4) == [
        "2011-12-28 10:00",
        "2011-12-29 10:00",
        "2011-12-31 10:00",
        "2012-01-01 10:00",
    ]


def test_windows_near_the_end_of_the_calendar_do_not_fail() -> None:
    monthly = window("UTC", "9999-11-15T00:00", "9999-11-15T01:00", maintenance.MONTHLY)
    assert starts(monthly, 5) == ["9999-11-15 00:00", "9999-12-15 00:00"]


def windows() -> st.SearchStrategy[Window]:
    return st.builds(
        _window,
        zone=st.sampled_from(ZONES),
        start=st.datetimes(min_value=datetime(2009, 1, 1), max_value=datetime(2013, 1, 1)),
        minutes=st.one_of(st.integers(1, 300), st.integers(300, 60 * 24 * 40)),
        repeats=st.sampled_from(
            [maintenance.ONCE, maintenance.DAILY, maintenance.WEEKLY, maintenance.MONTHLY]
        ),
        until_days=st.one_of(st.none(), st.integers(-5, 400)),
    )


def _window(zone: str, start: datetime, minutes: int, repeats: str, until_days: int | None) -> Window:
    starts_at = start.replace(second=0, microsecond=0, tzinfo=UTC)
    until = None if until_days is None else starts_at + timedelta(days=until_days)
    return Window(starts_at, starts_at + timedelta(minutes=minutes), zone, repeats, until)


moments = st.timedeltas(min_value=timedelta(days=-40), max_value=timedelta(days=500))


def all_occurrences(of: Window, until: datetime) -> list[Occurrence]:
    """The same by the plainest way there is: one local day after the other, from the first."""
    zone = ZoneInfo(of.time_zone)
    first, last = of.starts_at.astimezone(zone), of.ends_at.astimezone(zone)
    found = [Occurrence(of.starts_at, of.ends_at)]
    day = first.date()
    while of.repeats != maintenance.ONCE:
        day += timedelta(days=1)
        starts_at = datetime.combine(day, first.time(), zone).astimezone(UTC)
        if starts_at > until or (of.repeat_until is not None and starts_at > of.repeat_until):
            return found
        if not _is_day_of(of.repeats, day, first.date()):
            continue
        ends_at = datetime.combine(day + (last.date() - first.date()), last.time(), zone).astimezone(UTC)
        if ends_at <= starts_at:
            ends_at = starts_at + (of.ends_at - of.starts_at)
        found.append(Occurrence(starts_at, ends_at))
    return found


def _is_day_of(repeats: str, day: date, first: date) -> bool:
    if repeats == maintenance.MONTHLY:
        return day.day == first.day
    return repeats == maintenance.DAILY or (day - first).days % 7 == 0


@given(windows(), moments)
def test_it_is_active_exactly_within_one_of_its_occurrences(of: Window, later: timedelta) -> None:
    moment = of.starts_at + later
    within = [one for one in all_occurrences(of, moment) if one.starts_at <= moment < one.ends_at]
    assert is_active(of, moment) == bool(within)
    assert occurrence_at(of, moment) == (within[-1] if within else None)


@given(windows(), moments)
def test_the_next_occurrence_is_the_first_that_begins_later(of: Window, later: timedelta) -> None:
    moment = of.starts_at + later
    following = [one for one in all_occurrences(of, moment + timedelta(days=70)) if one.starts_at > moment]
    assert next_occurrence(of, moment) == (following[0] if following else None)


@given(windows(), moments)
def test_a_repetition_stands_at_the_local_time_of_the_first(of: Window, later: timedelta) -> None:
    found = next_occurrence(of, of.starts_at + later)
    assume(found is not None)
    assert found is not None
    zone = ZoneInfo(of.time_zone)
    meant = of.starts_at.astimezone(zone).time()
    local = found.starts_at.astimezone(zone)
    is_left_out = datetime.combine(local.date(), meant, zone).astimezone(UTC).astimezone(zone).time() != meant
    assert local.time() == meant or is_left_out


@given(windows(), moments, st.timedeltas(min_value=timedelta(0), max_value=timedelta(days=40)))
def test_without_a_limit_more_is_active_than_with_it(
    of: Window, later: timedelta, shorter: timedelta
) -> None:
    moment = of.starts_at + later
    limited = replace(of, repeat_until=moment - shorter)
    if is_active(limited, moment):
        assert is_active(replace(of, repeat_until=None), moment)
