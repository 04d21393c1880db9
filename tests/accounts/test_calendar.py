"""Working days: announced years, the county's own rows, and years whose notice is not out."""

from datetime import date

import pytest

from accounts.models import CalendarDay
from accounts.queries.calendar import work_calendar
from accounts.rules.calendar import WorkCalendar, add_working_days, is_working_day, working_days_between


@pytest.mark.parametrize(
    ("day", "works"),
    (
        pytest.param(date(2026, 10, 1), False, id="national-day"),
        pytest.param(date(2026, 2, 14), True, id="make-up-saturday-before-spring-festival"),
        pytest.param(date(2026, 11, 24), True, id="plain-tuesday"),
        pytest.param(date(2026, 11, 28), False, id="plain-saturday"),
        pytest.param(date(2031, 10, 1), False, id="fixed-holiday-of-a-year-not-announced"),
        pytest.param(date(2031, 10, 8), True, id="plain-wednesday-of-a-year-not-announced"),
    ),
)
def test_offices_work_as_the_notice_says(db: None, day: date, works: bool) -> None:
    assert is_working_day(day, work_calendar()) is works


def test_the_county_s_own_row_wins(db: None) -> None:
    CalendarDay.objects.create(day=date(2026, 11, 24), is_working=False, note="停电")
    assert not is_working_day(date(2026, 11, 24), work_calendar())


def test_a_deadline_jumps_over_weekend_and_holiday() -> None:
    plain = WorkCalendar(overrides={date(2026, 11, 30): False})
    assert add_working_days(date(2026, 11, 27), 1, plain) == date(2026, 12, 1)
    assert add_working_days(date(2026, 11, 27), 0, plain) == date(2026, 11, 27)
    assert working_days_between(date(2026, 11, 27), date(2026, 12, 1), plain) == 1
