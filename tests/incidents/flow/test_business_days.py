"""Working days, and the days on which somebody is reminded."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from afterword.incidents.flow import rules
from afterword.lib.errors import InvalidInput

pytestmark = pytest.mark.pure

FRIDAY = date(2026, 3, 6)
SATURDAY = date(2026, 3, 7)
MONDAY = date(2026, 3, 9)

days = st.dates(date(1971, 1, 1), date(2200, 1, 1))
counts = st.integers(0, rules.DAYS_MAX)
weekdays = st.sets(st.sampled_from("1234567"), min_size=1).map(lambda found: "".join(sorted(found)))


def test_what_ends_on_a_friday_is_due_on_monday():
    assert rules.working_day_after(FRIDAY, 1) == MONDAY
    assert rules.working_day_after(SATURDAY, 1) == MONDAY
    assert rules.working_day_after(FRIDAY, 5) == date(2026, 3, 13)


def test_at_once_is_the_day_itself_or_the_next_on_which_people_work():
    assert rules.working_day_after(FRIDAY, 0) == FRIDAY
    assert rules.working_day_after(SATURDAY, 0) == MONDAY


def test_other_weeks_have_other_working_days():
    sunday_to_thursday = "71234"
    assert rules.working_day_after(date(2026, 3, 5), 1, sunday_to_thursday) == date(2026, 3, 8)
    assert rules.working_day_after(MONDAY, 2, "1") == date(2026, 3, 23)


@given(days, counts, weekdays)
def test_as_many_working_days_lie_between_as_were_asked_for(start: date, count: int, week: str):
    end = rules.working_day_after(start, count, week)
    assert rules.is_working_day(end, week)
    between = (start + timedelta(days=one) for one in range(1, (end - start).days + 1))
    passed = sum(rules.is_working_day(day, week) for day in between)
    assert passed == count if count else passed in (0, 1)


@given(days, counts, counts, weekdays)
def test_later_is_never_earlier(start: date, some: int, more: int, week: str):
    first, second = sorted((some, more))
    assert rules.working_day_after(start, first, week) <= rules.working_day_after(start, second, week)
    assert rules.working_day_after(start, some, week) <= rules.working_day_after(
        start + timedelta(days=1), some, week
    )


@given(days, counts, weekdays)
def test_there_and_back_is_where_it_began(start: date, count: int, week: str):
    begin = rules.working_day_after(start, 0, week)
    assert rules.working_day_before(rules.working_day_after(begin, count, week), count, week) == begin


@given(days, counts, st.none() | counts, st.none() | st.integers(1, 30), weekdays, st.integers(0, 400))
def test_a_reminder_is_always_ahead_and_on_a_working_day(
    begun: date, due_days: int, before: int | None, every: int | None, week: str, passed: int
):
    due = rules.working_day_after(begun, due_days, week)
    today = begun + timedelta(days=passed)
    day = rules.reminder_after(
        today, begun_on=begun, due_on=due, before_days=before, every_days=every, weekdays=week
    )
    if before is None:
        assert day is None
    elif every is not None:
        assert day is not None
    if day is not None:
        assert day > today
        assert rules.is_working_day(day, week)


def test_it_begins_before_the_day_and_goes_on_until_it_is_done():
    def after(day: date) -> date | None:
        return rules.reminder_after(
            day, begun_on=FRIDAY, due_on=date(2026, 3, 12), before_days=1, every_days=2
        )

    assert after(FRIDAY) == date(2026, 3, 11)
    assert after(date(2026, 3, 11)) == date(2026, 3, 13)
    assert after(date(2026, 3, 13)) == date(2026, 3, 17)
    assert after(date(2026, 5, 1)) == date(2026, 5, 4)


def test_nobody_is_reminded_on_the_day_of_the_resolution():
    day = rules.reminder_after(FRIDAY, begun_on=FRIDAY, due_on=FRIDAY, before_days=3, every_days=None)
    assert day == MONDAY


def test_a_task_that_is_never_due_reminds_only_where_that_was_asked_for():
    asked = {"begun_on": FRIDAY, "due_on": None, "before_days": 1}
    assert rules.reminder_after(FRIDAY, **asked, every_days=None) is None
    assert rules.reminder_after(FRIDAY, **asked, every_days=5) == date(2026, 3, 13)


def test_reminders_go_out_in_the_morning_where_the_organisation_is():
    berlin = ZoneInfo("Europe/Berlin")
    assert rules.moment_of_reminder(FRIDAY, berlin) == datetime(2026, 3, 6, 8, tzinfo=UTC)
    assert rules.moment_of_reminder(date(2026, 7, 6), berlin) == datetime(2026, 7, 6, 7, tzinfo=UTC)


def test_a_day_is_over_when_the_next_one_begins():
    assert not rules.is_overdue(FRIDAY, FRIDAY)
    assert rules.is_overdue(FRIDAY, SATURDAY)
    assert not rules.is_overdue(None, SATURDAY)


@pytest.mark.parametrize("given", ["", "0", "8", "12x"])
def test_a_week_without_working_days_is_refused(given: str):
    with pytest.raises(InvalidInput):
        rules.check_weekdays(given)


def test_working_days_are_kept_in_order_and_once():
    assert rules.check_weekdays("53113") == "135"


@pytest.mark.parametrize("today", [date(2024, 2, 29), date(2026, 12, 31), date(2026, 1, 31)])
def test_a_day_that_must_be_a_slip_is_refused(today: date):
    rules.check_due(None, today=today)
    rules.check_due(today, today=today)
    for years in (-6, 6):
        with pytest.raises(InvalidInput):
            rules.check_due(date(today.year + years, 3, 1), today=today)


def test_all_conditions_must_hold():
    values = {"team": frozenset({"a"}), "minutes": 30}
    assert rules.first_mismatch({}, values) is None
    assert rules.first_mismatch({"team": ["b", "a"], "minutes": 30}, values) is None
    assert rules.first_mismatch({"team": []}, values) is None
    mismatch = rules.first_mismatch({"team": ["a"], "minutes": 31}, values)
    assert mismatch == rules.Mismatch("minutes", 31, 30)
    assert rules.first_mismatch({"team": ["b"]}, values) == rules.Mismatch("team", ["b"], frozenset({"a"}))


def test_a_condition_on_what_nobody_knows_does_not_hold():
    assert rules.first_mismatch({"weather": ["rain"]}, {}) is not None
    assert rules.first_mismatch({"weather": 3}, {}) is not None
